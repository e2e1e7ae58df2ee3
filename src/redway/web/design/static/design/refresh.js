// Work that is still going on: asks how far it is until it has ended, then shows the page that says what it did.
const EVERY = 1000;

export function enhance(element) {
  async function look() {
    const answer = await fetch(element.dataset.address);
    if (!answer.ok) return;
    const part = await answer.text();
    if (answer.headers.get("X-Work") === "ended") {
      window.location.reload();
      return;
    }
    element.innerHTML = part;
    setTimeout(look, EVERY);
  }
  setTimeout(look, EVERY);
}
