// Enhancements only: every page works without this file.
// The design system's own script switches on menus and moves the focus to an error summary.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
import(document.documentElement.dataset.designSystem).then((designSystem) => designSystem.initAll());

// Leaving a form with something typed in it asks first. A search form (GET) has nothing to lose.
let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.form?.method === "post") unsaved = true;
});
document.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

// Parts of the page that need more fetch it only when they are there.
const parts = { "[data-search]": "search", "[data-explore]": "explore", "[data-refresh]": "refresh" };
for (const [selector, name] of Object.entries(parts)) {
  const found = document.querySelectorAll(selector);
  if (found.length) {
    const address = document.querySelector(`link[data-part="${name}"]`)?.href;
    if (address) import(address).then((part) => found.forEach((element) => part.enhance(element)));
  }
}
