// Steps through the months that the table holds; nothing moves by itself before somebody presses Play.
"use strict";
(() => {
  const place = document.querySelector("[data-months]");
  const table = document.querySelector("[data-rows] tbody");
  if (!place || !table) return;
  const rows = [...table.rows];
  const number = place.querySelector("[data-number]");
  const range = place.querySelector("[data-range]");
  const play = place.querySelector("[data-play]");
  const last = Number(place.dataset.last);
  let at = Number(number.value);
  let timer = 0;

  const show = (to) => {
    at = Math.min(last, Math.max(0, to));
    rows.forEach((row, k) => { if (k === at) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current"); });
    const cells = rows[at].cells;
    place.querySelector("[data-month]").textContent = cells[0].textContent;
    place.querySelector("[data-at]").textContent = at;
    place.querySelectorAll("[data-of]").forEach((one) => { one.textContent = cells[Number(one.dataset.of)].textContent; });
    place.querySelectorAll("[data-bar]").forEach((one) => { one.value = Number(cells[Number(one.dataset.bar)].textContent.replaceAll(",", "")); });
    number.value = at;
    range.value = at;
    const address = new URL(location.href);
    address.searchParams.set("m", at);
    history.replaceState(null, "", address);
  };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); };
  place.querySelectorAll("[data-step]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => { stop(); show(at + Number(button.dataset.step)); window.counterscore.say(`Month ${at}`); });
  });
  place.querySelector("[data-slider]").hidden = false;
  range.addEventListener("input", () => { stop(); show(Number(range.value)); });
  number.addEventListener("change", () => { stop(); show(Number(number.value)); });
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    play.hidden = false;
    play.addEventListener("click", () => {
      if (timer) { stop(); return; }
      if (at === last) show(0);
      play.textContent = "Pause";
      play.setAttribute("aria-pressed", "true");
      timer = setInterval(() => { if (at >= last) stop(); else show(at + 1); }, 700);
    });
  }
})();
