// Search as you type: asks for the results alone and puts them where they were. Without this, the form is sent.
const PAUSE = 150;

export function enhance(form) {
  const results = document.getElementById(form.dataset.results);
  let waiting;
  let asking;

  async function show() {
    asking?.abort();
    asking = new AbortController();
    const words = new URLSearchParams(new FormData(form));
    const shown = `${form.action}?${words}`;
    words.set("part", "results");
    try {
      const answer = await fetch(`${form.action}?${words}`, { signal: asking.signal });
      if (!answer.ok) return;
      results.innerHTML = await answer.text();
      for (const element of results.querySelectorAll("[data-enhance]")) {
        import(element.dataset.enhance).then((part) => part.enhance(element));
      }
      // The address follows what is shown, so that a link to it and the back button lead here.
      history.replaceState(null, "", shown);
    } catch (problem) {
      if (problem.name !== "AbortError") form.requestSubmit();
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
}
