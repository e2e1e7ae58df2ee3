// A chart that answers to the pointer, in place of its picture. The library is fetched when first asked for.
let library;

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(address));
    document.head.append(script);
  });
}

async function loadLibrary(addresses) {
  for (const address of addresses) await load(address);
}

function tooltip() {
  const note = document.createElement("div");
  note.className = "redway-tooltip";
  note.hidden = true;
  document.body.append(note);
  return (_handler, event, _item, value) => {
    note.hidden = value === null || value === "" || value === undefined;
    if (note.hidden) return;
    note.replaceChildren(
      ...Object.entries(typeof value === "object" ? value : { "": value }).map(([name, text]) => {
        const line = document.createElement("div");
        line.textContent = name ? `${name}: ${text}` : text;
        return line;
      }),
    );
    note.style.left = `${Math.min(event.clientX + 12, window.innerWidth - note.offsetWidth - 8)}px`;
    note.style.top = `${event.clientY + 12}px`;
  };
}

export function enhance(button) {
  const picture = document.getElementById(button.dataset.picture);
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      library ??= loadLibrary(button.dataset.library.split(" "));
      const [answer] = await Promise.all([fetch(button.dataset.chart), library]);
      const place = document.createElement("div");
      await window.vegaEmbed(place, await answer.json(), {
        // "ast" makes the library interpret expressions instead of compiling them, which the page forbids.
        ast: true, actions: false, defaultStyle: false, renderer: "canvas", tooltip: tooltip(),
      });
      picture.replaceWith(place);
      button.remove();
    } catch {
      button.disabled = false;
      button.textContent = "The interactive chart could not be loaded. Try again";
    }
  });
}
