// The quote follows what is typed: the form asks its own page for it, as its button "Calculate" does without a script.
(() => {
  "use strict";
  document.querySelectorAll("[data-quote] form").forEach((form) => {
    let waiting = 0;
    let asked = 0;
    const show = (html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      document.querySelectorAll("[data-live]").forEach((place) => {
        const fresh = page.querySelector(`[data-live="${place.dataset.live}"]`);
        if (fresh) place.replaceChildren(...fresh.childNodes);
      });
    };
    const ask = async () => {
      const number = ++asked;
      const data = new FormData(form);
      data.append("preview", "1");
      try {
        const answer = await fetch(form.action.split("#")[0], { method: "POST", body: data, credentials: "same-origin" });
        const html = await answer.text();
        if (number === asked && (answer.ok || answer.status === 422)) show(html);
      } catch { /* offline: the button still works */ }
    };
    form.addEventListener("input", (event) => {
      if (!/^lines-/.test(event.target.name || "")) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, 500);
    });
  });
})();
