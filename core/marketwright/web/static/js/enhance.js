// Small comforts. Every page works without this file; nothing here sends a request of its own.
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  document.documentElement.dataset.js = "";

  // a sort or a filter is applied when it changes; its own button is then needless
  all("[data-needless]").forEach((button) => { button.hidden = true; });
  document.addEventListener("change", (event) => {
    const control = event.target.closest("[data-autosubmit]");
    if (!control || !control.form) return;
    if (control.closest(".facets") && matchMedia("(max-width: 60rem)").matches) return; // on a phone one picks several first
    control.form.requestSubmit();
  });

  // an error list takes the focus, so that it is read first
  const errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();

  // messages after a click can be closed
  all("[data-close]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("[data-flash]").remove());
  });

  // passwords can be read while typing
  all("[data-reveal]").forEach((button) => {
    const field = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  });

  // how many characters are left, said only near the end
  all("[data-left]").forEach((line) => {
    const field = document.getElementById(line.dataset.left);
    const say = () => {
      const left = field.maxLength - field.value.length;
      line.hidden = left > Math.max(50, field.maxLength / 5);
      line.textContent = line.dataset.text.replace("{n}", String(left));
    };
    field.addEventListener("input", say);
    say();
  });

  // a range shows its value
  all("[data-output]").forEach((field) => {
    const out = document.getElementById(field.dataset.output);
    field.addEventListener("input", () => { out.textContent = field.value; });
  });

  // copy a link or a code
  if (navigator.clipboard) {
    all("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        if (button.dataset.copied) button.lastChild.textContent = button.dataset.copied;
      });
    });
  }

  // print this page
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // a step that cannot be undone is asked once more, in the page's own dialog: <dialog id="x"> and data-confirm="x" on the form
  all("form[data-confirm]").forEach((form) => {
    const dialog = document.getElementById(form.dataset.confirm);
    if (!dialog || !dialog.showModal) return;
    let sure = false;
    form.addEventListener("submit", (event) => {
      if (sure) return;
      event.preventDefault();
      dialog.returnValue = "";
      dialog.showModal();
    });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      sure = true;
      form.requestSubmit();
    });
  });

  // one press is one request
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return; // data-again: the answer is a file
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    all("[aria-busy='true'].btn").forEach((button) => button.removeAttribute("aria-busy"));
  });
})();
