// Tabs of charts, their walk by keyboard, sorting of tables, shortcuts. Without this file tabs are links and all else is there.
"use strict";
(() => {
  const figures = [...document.querySelectorAll("[data-figure]")];
  const { say } = window.counterscore;

  const open = (figure, name) => {
    for (const tab of figure.querySelectorAll("[role=tab]")) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    for (const panel of figure.querySelectorAll(":scope > [role=tabpanel]")) panel.classList.toggle("open", panel.dataset.panel === name);
  };
  const opened = (figure) => figure.querySelector("[role=tab][aria-selected=true]").dataset.tab;

  // The address holds what is looked at, so that a link or Back shows the same.
  const views = () => Object.fromEntries((new URLSearchParams(location.search).get("view") || "").split(",").filter((part) => part.includes(":")).map((part) => part.split(":")));
  const fromAddress = () => {
    const all = new URLSearchParams(location.search).get("view") || "";
    const named = views();
    for (const figure of figures) open(figure, named[figure.dataset.figure] || (all && !all.includes(":") ? all : "chart"));
  };
  const go = (figure, name) => {
    if (opened(figure) === name) return;
    const named = views();
    named[figure.dataset.figure] = name;
    const address = new URL(location.href);
    address.searchParams.set("view", Object.entries(named).map((pair) => pair.join(":")).join(","));
    history.pushState(null, "", address);
    open(figure, name);
  };
  window.addEventListener("popstate", fromAddress);

  for (const figure of figures) {
    const tabs = [...figure.querySelectorAll("[role=tab]")];
    for (const tab of tabs) {
      tab.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        go(figure, tab.dataset.tab);
      });
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const at = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step ? (tabs.indexOf(tab) + step + tabs.length) % tabs.length : -1;
        if (event.key === " ") { event.preventDefault(); go(figure, tab.dataset.tab); }
        if (at < 0) return;
        event.preventDefault();
        tabs[at].focus();
        go(figure, tabs[at].dataset.tab);
      });
    }

    const walk = figure.querySelector("[data-walk]");
    if (walk) {
      const svg = figure.querySelector("[data-drawing] svg");
      const value = figure.querySelector("[data-said]");
      const marks = svg ? [...svg.querySelectorAll("[data-told]")] : [];
      if (!marks.length) walk.parentElement.hidden = true;
      let at = -1;
      let ring = null;
      const first = (mark) => mark.dataset.told.split(";")[0];
      const show = () => {
        const mark = marks[at];
        value.textContent = `${at + 1} of ${marks.length}: ${mark.dataset.told.replace(/; /g, ", ")}`;
        ring?.remove();
        const box = mark.getBoundingClientRect();
        const point = svg.createSVGPoint();
        const inverse = svg.getScreenCTM().inverse();
        point.x = box.x; point.y = box.y;
        const corner = point.matrixTransform(inverse);
        point.x = box.right; point.y = box.bottom;
        const end = point.matrixTransform(inverse);
        ring = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        ring.setAttribute("class", "here");
        const parts = { x: corner.x - 5, y: corner.y - 5, width: Math.max(6, end.x - corner.x + 10), height: Math.max(6, end.y - corner.y + 10), rx: 4 };
        for (const [name, number] of Object.entries(parts)) ring.setAttribute(name, number);
        svg.append(ring);
      };
      const leave = () => { at = -1; ring?.remove(); value.textContent = ""; };
      walk.addEventListener("click", () => { at = at < 0 ? 0 : (at + 1) % marks.length; show(); });
      walk.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { leave(); return; }
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || at < 0) return;
        event.preventDefault();
        if (event.key === "ArrowRight" || event.key === "ArrowLeft") at = (at + step + marks.length) % marks.length;
        else {
          const here = first(marks[at]);
          for (let n = 1; n < marks.length; n += 1) {
            const other = (at + step * n + marks.length * n) % marks.length;
            if (first(marks[other]) === here) { at = other; break; }
          }
        }
        show();
      });
      walk.addEventListener("blur", leave);
    }
  }

  // Tables are sorted by a button in each heading.
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    table.querySelectorAll("thead th").forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const number = (row) => parseFloat(row.cells[column].textContent.replaceAll(",", ""));
        const rows = [...body.rows].sort((a, b) => {
          const one = number(a), other = number(b);
          const order = Number.isNaN(one) || Number.isNaN(other) ? a.cells[column].textContent.localeCompare(b.cells[column].textContent) : one - other;
          return down ? -order : order;
        });
        body.append(...rows);
        say(`sorted by ${heading.textContent}, ${down ? "largest" : "smallest"} first`);
      });
    });
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-address]");
    if (!button) return;
    const figure = button.closest("[data-figure]");
    const address = new URL(location.href);
    if (figure) address.hash = figure.id;
    try { await navigator.clipboard.writeText(address.href); say("link copied"); button.textContent = "copied"; } catch { location.hash = address.hash; }
  });

  // Shortcuts; they can be switched off on the page about keys.
  const off = () => { try { return localStorage.getItem("shortcuts") === "off"; } catch { return false; } };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || off() || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const nearest = () => figures.find((one) => one.getBoundingClientRect().bottom > 80);
    const act = {
      "?": () => { location.href = "/help/keyboard"; },
      "/": () => document.querySelector("[data-find]")?.focus(),
      t: () => { const one = nearest(); if (one) go(one, opened(one) === "table" ? "chart" : "table"); },
      b: () => document.querySelector("[data-baseline]")?.focus(),
      e: () => (nearest() || document).querySelector("[data-add]")?.click(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const choice = document.querySelector("[data-shortcuts]");
  if (choice) {
    choice.checked = !off();
    choice.addEventListener("change", () => { try { localStorage.setItem("shortcuts", choice.checked ? "on" : "off"); } catch { /* then they stay on */ } });
  }
})();
