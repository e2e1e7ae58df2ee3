// Rates at the left, their effect at the right: asks for the effect with every change and puts it where it was.
// Without this, a button does the same. One question is asked at a time, and the last change is always asked for.
const PAUSE_WHILE_TYPING = 200;

export function enhance(form) {
  const effect = document.getElementById(form.dataset.effect);
  const said = document.getElementById(form.dataset.said);
  const boxes = [...form.querySelectorAll("[data-saved]")];
  let asking = false;
  let again = false;
  let waiting;
  let saving = false;

  function changed() {
    const words = new URLSearchParams();
    for (const box of boxes) {
      if (box.value.trim() !== box.dataset.saved) words.set(box.name, box.value);
    }
    // The order and the columns of the table stay as they were chosen.
    for (const [name, value] of new URLSearchParams(window.location.search)) {
      if (name.startsWith("schools-")) words.append(name, value);
    }
    return words;
  }

  async function show() {
    clearTimeout(waiting);
    waiting = undefined;
    again = true;
    if (asking) return;
    asking = true;
    while (again) {
      again = false;
      try {
        await ask();
      } catch {
        form.requestSubmit();
        return;
      }
    }
    asking = false;
    if (saving) {
      saving = false;
      if (!form.querySelector("[aria-invalid]")) effect.querySelector("form[method=post]")?.requestSubmit();
    }
  }

  async function ask() {
    const words = changed();
    const looked = `${window.location.pathname}${words.size ? `?${words}` : ""}`;
    words.set("part", "effect");
    const answer = await fetch(`${window.location.pathname}?${words}`);
    if (!answer.ok) throw new Error(answer.statusText);
    const { effect: page, said: sentence, errors } = await answer.json();
    put(page);
    said.textContent = sentence;
    for (const box of boxes) mark(box, errors[box.name]?.[0]);
    history.replaceState(null, "", looked);
  }

  function put(page) {
    const open = new Set([...effect.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
    const drawn = new Map([...effect.querySelectorAll("figure")].map((one) => [one.id, one.querySelector("picture")]));
    const made = document.createElement("template");
    made.innerHTML = page;
    for (const summary of made.content.querySelectorAll("details > summary")) {
      if (open.has(summary.textContent)) summary.parentElement.open = true;
    }
    // A picture stays until the next one is drawn, so that nothing flickers.
    for (const figure of made.content.querySelectorAll("figure")) keep(drawn.get(figure.id), figure);
    effect.replaceChildren(made.content);
    for (const element of effect.querySelectorAll("[data-enhance]")) {
      import(element.dataset.enhance).then((part) => part.enhance(element));
    }
  }

  function keep(before, figure) {
    const next = figure.querySelector("picture");
    const shown = before?.querySelector("img");
    if (!shown?.complete || !shown.naturalWidth) return;
    next.replaceWith(before);
    const coming = next.querySelector("img");
    const narrow = next.querySelector("source");
    const ahead = new Image();
    ahead.src = narrow && window.matchMedia(narrow.media).matches ? narrow.srcset : coming.src;
    coming.loading = "eager";
    // The figure may be gone by then: a later answer has put its own in its place.
    const turn = () => figure.querySelector("picture")?.replaceWith(next);
    ahead.decode().then(turn, turn);
  }

  function mark(box, sentence) {
    const group = box.closest(".govuk-form-group");
    document.getElementById(`${box.id}-error`)?.remove();
    group.classList.toggle("govuk-form-group--error", Boolean(sentence));
    box.classList.toggle("govuk-input--error", Boolean(sentence));
    const described = `${box.id}-hint${sentence ? ` ${box.id}-error` : ""}`;
    if (document.getElementById(`${box.id}-hint`)) box.setAttribute("aria-describedby", described);
    if (!sentence) {
      box.removeAttribute("aria-invalid");
      return;
    }
    box.setAttribute("aria-invalid", "true");
    const line = document.createElement("p");
    line.className = "govuk-error-message";
    line.id = `${box.id}-error`;
    line.textContent = sentence;
    (box.closest(".redway-rate__line") ?? box.closest(".govuk-input__wrapper") ?? box).before(line);
    box.closest("details")?.setAttribute("open", "");
  }

  for (const slider of form.querySelectorAll("[type=range]")) {
    const box = document.getElementById(slider.dataset.for);
    slider.hidden = false;
    slider.value = box.value;
    slider.addEventListener("input", (event) => {
      event.stopPropagation();
      box.value = "money" in slider.dataset ? Number(slider.value).toFixed(2) : slider.value;
      show();
    });
    box.addEventListener("input", () => { slider.value = box.value; });
  }
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE_WHILE_TYPING);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  // What is saved is what was last typed, however quickly the button is pressed.
  effect.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || !(asking || waiting)) return;
    event.preventDefault();
    saving = true;
    if (waiting) show();
  });
}
