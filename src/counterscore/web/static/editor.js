// Problems while one types, each at its place; without this file they are told when one applies.
"use strict";
(() => {
  const box = document.querySelector("[data-file]");
  const place = document.querySelector("[data-problems]");
  if (!box || !place) return;
  const title = place.querySelector("h2");
  const list = place.querySelector(".problems");
  const where = document.querySelector("[data-where]");
  const { token, say } = window.counterscore;

  const go = (line, column) => {
    const lines = box.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    box.focus();
    box.setSelectionRange(start + column - 1, start + (lines[line - 1] || "").length);
    const height = box.scrollHeight / Math.max(1, lines.length);
    box.scrollTop = Math.max(0, (line - 5) * height);
  };
  // What a suggestion names is put where the mistake stands; a draft that is as it was saved is changed by the program itself.
  const use = (one) => {
    go(one.line, one.column);
    const start = box.selectionStart;
    box.setRangeText(one.instead, start, start + one.found.length, "end");
    box.dispatchEvent(new Event("input"));
  };
  const withFix = (item, one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = `Use ${one.instead}`;
    button.addEventListener("click", () => use(one));
    item.append(button);
  };
  const withButton = (item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = `Go to line ${item.dataset.line}`;
    button.addEventListener("click", () => go(Number(item.dataset.line), Number(item.dataset.column)));
    item.append(button);
  };
  list.querySelectorAll("li").forEach(withButton);

  const told = (found) => {
    const wrong = found.problems.filter((one) => one.severity === "problem").length + (found.other ? 1 : 0);
    title.textContent = wrong ? `${wrong} ${wrong === 1 ? "problem" : "problems"}: nothing can be run`
      : found.problems.length ? `It can be used; ${found.problems.length} to look at` : "No problem";
    const rows = found.problems.map((one) => {
      const item = document.createElement("li");
      item.dataset.line = one.line;
      item.dataset.column = one.column;
      const text = document.createElement("pre");
      text.tabIndex = 0;
      text.textContent = one.text;
      item.append(text);
      withButton(item);
      if (one.instead) withFix(item, one);
      return item;
    });
    if (found.other) {
      const item = document.createElement("li");
      item.textContent = found.other;
      rows.push(item);
    }
    list.replaceChildren(...rows);
    if (wrong) place.querySelector("details").open = true;
    say(title.textContent);
  };

  let timer = 0;
  let asked = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked += 1;
      const mine = asked;
      try {
        const answer = await fetch(place.dataset.check, {
          method: "POST", headers: { "X-Counterscore-Token": token }, body: new URLSearchParams({ text: box.value }),
        });
        if (answer.ok && mine === asked) told(await answer.json());
      } catch { /* the notice that the program has stopped says it */ }
    }, 350);
  });
  const tell = () => {
    const before = box.value.slice(0, box.selectionStart).split("\n");
    where.textContent = `Line ${before.length}, column ${before[before.length - 1].length + 1}`;
  };
  ["keyup", "click", "focus"].forEach((name) => box.addEventListener(name, tell));

  // What was typed and not applied is not left behind without a question.
  const first = box.value;
  let sent = false;
  document.addEventListener("submit", (event) => {
    const fix = event.target.closest("[data-fix]");
    if (fix && box.value !== first) { // the draft does not have what was typed yet
      event.preventDefault();
      const { line, column, found, instead } = Object.fromEntries(new FormData(fix));
      use({ line: Number(line), column: Number(column), found, instead });
      return;
    }
    sent = true;
  });
  window.addEventListener("beforeunload", (event) => { if (box.value !== first && !sent) event.preventDefault(); });
})();
