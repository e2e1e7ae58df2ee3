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

// An element that wants more names the module that gives it: it is fetched only then.
for (const element of document.querySelectorAll("[data-enhance]")) {
  import(element.dataset.enhance).then((part) => part.enhance(element));
}
