// Everything on a page works without this file but for what comes by itself: progress, copying, and the chart walk.
"use strict";
(() => {
  const token = document.querySelector('meta[name="counterscore-token"]').content;
  const status = document.querySelector("[data-status]");
  const say = (text) => { status.textContent = text; };

  // The menu is closed on a narrow screen, where it would push the page down.
  const menu = document.querySelector(".menu");
  if (menu && window.matchMedia("(max-width: 719px)").matches) menu.removeAttribute("open");
  const side = document.querySelector("[data-side]");
  if (side && window.matchMedia("(max-width: 719px)").matches) side.removeAttribute("open");

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "copied";
    } catch {
      button.textContent = "select and copy it by hand";
    }
    say(button.textContent);
    setTimeout(() => { button.textContent = before; }, 2000);
  });

  // What is wider than the screen says so, where nothing else shows it.
  const wide = () => document.querySelectorAll(".drawing").forEach((one) => {
    const told = one.nextElementSibling?.matches(".sideways") ? one.nextElementSibling : null;
    const more = one.scrollWidth > one.clientWidth + 2;
    if (more && !told) {
      const words = document.createElement("p");
      words.className = "sideways";
      words.textContent = "The drawing is wider than the screen: move it sideways.";
      one.after(words);
    } else if (told) told.hidden = !more;
  });
  wide();
  window.addEventListener("resize", wide);

  // A page whose answer is being worked out comes by itself; what was typed elsewhere on it is not lost, for it has none.
  if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 1000);

  // Whether the program behind the page is still there.
  const gone = document.querySelector("[data-gone]");
  let missed = 0;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      await fetch("/alive", { cache: "no-store" });
      missed = 0;
      gone.hidden = true;
    } catch {
      missed += 1;
      if (missed >= 1) gone.hidden = false;
    }
  }, 5000);

  // Progress of a run.
  const live = document.querySelector("[data-live]");
  if (live) {
    const put = (name, text) => {
      const place = live.querySelector(`[data-part="${name}"]`);
      if (place && place.textContent !== text) place.textContent = text;
    };
    const bar = live.querySelector("progress");
    const stream = new EventSource(live.dataset.live);
    stream.onmessage = (event) => {
      const now = JSON.parse(event.data);
      if (now.state !== live.dataset.state) {
        stream.close();
        if (now.state === "running" || live.dataset.state === "queued") { location.reload(); return; }
        say(now.status);
        put("word", now.word);
        put("left", "");
        live.querySelectorAll("[data-while]").forEach((one) => { one.hidden = true; });
        const link = live.querySelector("[data-then]");
        link.href = now.then;
        link.textContent = now.then_label;
        link.hidden = false;
        live.querySelectorAll("form").forEach((form) => { form.hidden = true; });
        if (now.state === "done") { bar.value = 1; }
        return;
      }
      bar.value = now.share;
      bar.setAttribute("aria-valuetext", now.told);
      put("told", now.told);
      put("left", now.left);
      put("before", now.before);
      if (now.ready) {
        const link = live.querySelector("[data-then]");
        link.href = now.then;
        link.hidden = false;
      }
      const quarter = Math.floor(now.share * 4);
      if (now.state === "running" && String(quarter) !== live.dataset.quarter) {
        live.dataset.quarter = quarter;
        say(now.status);
      }
      const rows = live.querySelector("[data-part='so-far']");
      if (rows) {
        const made = now.so_far.map((cells) => {
          const row = document.createElement("tr");
          cells.forEach((text, at) => {
            const cell = document.createElement(at ? "td" : "th");
            if (at === 1 || at === 2) cell.className = "n"; else if (!at) cell.scope = "row";
            cell.textContent = text;
            row.append(cell);
          });
          return row;
        });
        rows.replaceChildren(...made);
      }
    };
  }
  window.counterscore = { token, say };
})();
