// While somebody types a skill, offer what the marketplace knows. Without this file the words are matched when sent.
(() => {
  "use strict";
  document.querySelectorAll("input[list][name$='_new']").forEach((field) => {
    const list = document.getElementById(field.getAttribute("list"));
    let timer = 0;
    let asked = "";
    const last = () => field.value.split(/[,;]/).pop().trim();
    const ask = async () => {
      const word = last();
      if (word.length < 2 || word === asked) return;
      asked = word;
      const answer = await fetch(`/skills/suggest?q=${encodeURIComponent(word)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || word !== last()) return;
      const before = field.value.slice(0, field.value.length - last().length);
      list.replaceChildren(...(await answer.json()).map((skill) => {
        const option = document.createElement("option");
        option.value = before + skill.label;
        if (skill.matched) option.label = `${skill.label} (${skill.matched})`;
        return option;
      }));
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 160);
    });
    // Enter adds the skill instead of sending the whole form
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      field.form.requestSubmit(field.parentElement.querySelector("button"));
    });
  });
})();
