// The preview follows what is typed; without this file its button does. Nothing is saved here.
(() => {
  "use strict";
  const form = document.getElementById("look-form");
  const frame = document.getElementById("look-frame");
  if (!form || !frame) return;
  const text = form.querySelector("[data-colour]");
  const picker = document.createElement("input");
  picker.type = "color";
  picker.className = "colour-picker";
  picker.setAttribute("aria-label", text.labels[0].textContent.trim());
  picker.value = /^#[0-9a-f]{6}$/i.test(text.value) ? text.value : text.dataset.colour;
  const row = document.createElement("div");
  row.className = "colour-row";
  text.before(row);
  row.append(picker, text);
  const names = ["brand", "tint", "round", "air", "density", "font", "scheme"];
  let waiting = 0;
  const show = () => {
    const draft = new URLSearchParams();
    const typed = new FormData(form);
    names.forEach((name) => { const value = String(typed.get(name) || ""); if (value && value !== "auto") draft.set(name, value); });
    if (draft.has("brand") && !/^#[0-9a-f]{6}$/i.test(draft.get("brand"))) return;
    const url = new URL(frame.src);
    url.searchParams.set("draft", draft.toString() || "scheme=auto");
    if (url.href !== frame.src) frame.src = url.href;
  };
  form.addEventListener("input", (event) => {
    if (event.target === picker) text.value = picker.value;
    else if (event.target === text && /^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  });
})();
