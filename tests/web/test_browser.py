"""The laboratory in a real browser: access, keys, narrow screens, large text, no error and nothing asked of elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from counterscore.web.rendering import sections
from tests.web.conftest import Served, chromium

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="the browser tests need axe-playwright-python"
)

pytestmark = pytest.mark.timeout(1200)  # the first makes a run and works out every page of it
PAGES = (
    "/",
    "/regimes",
    "/regimes/suining-2010",
    "/regimes/diff?a=rongcheng-2013&b=rongcheng-2021",
    "/regimes/suining-2010/law?under=eu&as_of=2026-11-28",
    "/cities",
    "/cities/demo",
    "/run/new?also=expiry-24mo",
    "/runs",
    "/runs/none-such",
    "/compare?runs=two-worlds,half",
    "/claims",
    "/claims/green-channel",
    "/evidence",
    "/help",
    "/help/glossary",
    "/help/keyboard",
    "/help/topics/marks",
    "/about/limits",
    "/runs/half",
    "/runs/half/delete",
    "/runs/two-worlds/people/R-00042",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pages() -> list[str]:
    return [*PAGES, *(f"/runs/two-worlds/{one.name}".rstrip("/") for one in sections())]


#: A page that is there to its end and waits for nothing that is being worked out. A function: the pages' own rule
#: against evaluated text would refuse an expression as soon as it has to be asked twice.
WHOLE = "() => document.readyState === 'complete' && document.querySelector('.foot') && !document.querySelector('[data-again]')"


@dataclass
class Visit:
    """A page in a browser, with what it asked for and complained about."""

    page: Any
    served: Served
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        self.complaints.clear()
        self.page.goto(self.served.address + path)
        self.page.wait_for_function(WHOLE, timeout=120_000)
        return self.page


@pytest.fixture(scope="module")
def window(served: Served) -> Iterator[Any]:
    for path in pages():  # worked out before a clock runs
        served.get(path)
    program = chromium()
    with sync_api.sync_playwright() as started:
        found = started.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()


def visit(window: Any, served: Served, **settings: Any) -> Visit:
    context = window.new_context(**({"viewport": {"width": 1280, "height": 800}} | settings))
    context.set_default_timeout(60_000)
    found = Visit(context.new_page(), served)

    def watch(route: Any) -> None:
        if route.request.url.startswith((served.address, "data:")):
            route.continue_()
        else:
            found.outside.append(route.request.url)
            route.abort()

    context.route("**/*", watch)
    found.page.on(
        "console", lambda one: found.complaints.append(one.text) if one.type in {"error", "warning"} else None
    )
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    return found


def test_every_page_is_accessible_fits_and_asks_nothing_of_elsewhere(window: Any, served: Served) -> None:
    """Light and dark, 320 pixels, text of twice the size; no complaint on the console, no request to another host."""
    found, scanner = visit(window, served), axe.Axe()
    wrong: list[tuple[str, str, Any]] = []
    for path in pages():
        page = found.open(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for one in scanner.run(page).response["violations"]:
                wrong.append((path, scheme, (one["id"], one["nodes"][0]["html"][:120])))
        for width, size in ((320, 100), (1280, 200), (640, 200)):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(f"document.documentElement.style.fontSize = '{size}%'")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wrong.append((path, f"{width} pixels, text of {size} %", f"{over} too wide"))
            if size == 100 and (small := page.evaluate(SMALL_TARGETS)):
                wrong.append((path, "small", small))
        page.set_viewport_size({"width": 1280, "height": 800})
        wrong += [(path, "console", one) for one in found.complaints if "404" not in one or "none-such" not in path]
        if page.locator("h1").count() != 1:
            wrong.append((path, "h1", page.locator("h1").count()))
    assert not wrong
    assert not found.outside


def test_tabs_of_charts_are_accessible_too(window: Any, served: Served) -> None:
    found, scanner = visit(window, served), axe.Axe()
    for tab in ("table", "how", "download"):
        page = found.open(f"/runs/two-worlds/doors?view={tab}")
        assert page.locator(f"#doors-{tab}").is_visible()
        assert not scanner.run(page).response["violations"]


def test_a_scan_that_finds_a_planted_fault(window: Any, served: Served) -> None:
    page = visit(window, served).open("/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/icon.svg\">')")
    assert [one["id"] for one in axe.Axe().run(page).response["violations"]] == ["image-alt"]


#: Controls of fewer than 24 by 24 pixels that are no links within a sentence.
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .button, input, select, summary, [role=tab], nav a")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || one.closest("[hidden]") || one.closest("label") || one.type === "hidden") return false;
  return box.height < 24 || box.width < 20;
}).map((one) => one.outerHTML.slice(0, 90))
"""


def test_back_undoes_one_step_and_an_address_opens_the_same_view(window: Any, served: Served) -> None:
    page = visit(window, served).open("/runs/two-worlds/doors")
    page.click("#doors-tab-table")
    page.click("#spillover-tab-how")
    assert "view=doors%3Atable%2Cspillover%3Ahow" in page.url
    fresh = visit(window, served).page
    fresh.goto(page.url)
    assert fresh.locator("#doors-table").is_visible()
    assert fresh.locator("#spillover-how").is_visible()
    assert fresh.locator("#doors-at-once-chart").is_visible()
    page.go_back()
    assert page.locator("#doors-table").is_visible()
    assert page.locator("#spillover-chart").is_visible()
    page.go_back()
    assert page.locator("#doors-chart").is_visible()


def test_a_chart_is_walked_by_keys(window: Any, served: Served) -> None:
    page = visit(window, served).open("/runs/two-worlds/doors")
    figure = page.locator("#doors")
    figure.locator("[data-walk]").focus()
    page.keyboard.press("Enter")
    first = figure.locator("[data-value]").inner_text()
    assert first.startswith("1 of ")
    page.keyboard.press("ArrowRight")
    second = figure.locator("[data-value]").inner_text()
    assert second.startswith("2 of ")
    assert figure.locator(".here").count() == 1
    page.keyboard.press("ArrowLeft")
    assert figure.locator("[data-value]").inner_text() == first
    page.keyboard.press("Escape")
    assert figure.locator("[data-value]").inner_text() == ""
    page.locator("#doors-tab-chart").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "doors-tab-table"
    assert figure.locator("table").is_visible()
    page.keyboard.press("t")
    assert figure.locator(".drawing").is_visible()


def test_a_table_is_sorted_by_its_headings(window: Any, served: Served) -> None:
    page = visit(window, served).open("/runs/two-worlds/doors?view=doors:table")
    heading = page.locator("#doors-table thead th").nth(0)
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    cells = page.locator("#doors-table tbody tr td:first-child").all_inner_texts()
    assert cells == sorted(cells, key=str.casefold)


def keys_to(page: Any, what: str, most: int = 120) -> None:
    """Press Tab until the control that is called ``what`` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "(() => { const one = document.activeElement; if (one === document.body) return ''; return (one.innerText || one.value || '') + ' ' + (one.labels ? [...one.labels].map((l) => l.innerText).join(' ') : '') + ' ' + (one.getAttribute('aria-label') || ''); })()"
        )
        if re.search(what, named):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"no Tab leads to {what}")


def test_from_the_start_to_a_report_by_keys_alone(window: Any, served: Served) -> None:
    """The journey of a data-protection officer: choose, set up, run, look, take the evidence along."""
    found = visit(window, served)
    page = found.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to content"
    page.keyboard.press("Enter")
    keys_to(page, "beijing-points|Points and lists")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    keys_to(page, "Who gets listed")
    page.keyboard.press("ArrowDown")
    keys_to(page, "Set up a run")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run/new**")
    assert page.locator("#regime").input_value() == "court-defaulters"
    keys_to(page, "^Beijing, census|City$| City ")
    page.keyboard.type("Demo")
    for label, text in (("Residents", "2000"), ("Months", "18"), ("Replicates", "3")):
        keys_to(page, label)
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    keys_to(page, "^Run")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run/2*")
    page.wait_for_selector("[data-then]:not([hidden]), h1:has-text('Doors')", timeout=180_000)
    if page.locator("[data-then]").count():
        keys_to(page, "Go to results")
        page.keyboard.press("Enter")
    page.wait_for_url("**/doors")
    page.wait_for_function(WHOLE, timeout=120_000)
    keys_to(page, "add to evidence", 200)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tray]:has-text('1')")
    keys_to(page, "Evidence")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence")
    keys_to(page, "brief")
    page.keyboard.press("ArrowUp")
    assert page.locator("input[value=assessment]").is_checked()
    keys_to(page, "Make the report")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ready", timeout=180_000)
    keys_to(page, "Open it")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "Annex to an impact assessment" in page.inner_text("body")
    assert not found.outside


def test_everything_that_matters_works_without_script(window: Any, served: Served) -> None:
    page = visit(window, served, java_script_enabled=False).page
    page.goto(f"{served.address}/runs/two-worlds/doors")
    page.click("#doors-tab-table")
    assert page.locator("#doors-table").is_visible()
    page.goto(f"{served.address}/run/new")
    page.fill("#months", "many")
    page.locator("button.first").click()
    assert "Months must be a whole number" in page.inner_text("main")


def test_the_page_says_when_the_program_is_gone(window: Any, served: Served) -> None:
    page = visit(window, served).open("/help/keyboard")
    page.route("**/alive", lambda route: route.abort())
    page.wait_for_selector("[data-gone]:not([hidden])", timeout=20_000)
    assert "counterscore app" in page.inner_text("[data-gone]")
    page.unroute("**/alive")
    page.wait_for_selector("[data-gone]", state="hidden", timeout=20_000)


def test_print_shows_all_of_a_chart_and_nothing_of_the_frame(window: Any, served: Served) -> None:
    page = visit(window, served, color_scheme="dark").open("/runs/two-worlds/doors")
    page.emulate_media(media="print")
    for part in ("#doors-chart", "#doors-table", "#doors-how"):
        assert page.locator(part).is_visible()
    for part in (".top", ".tabs >> nth=0", ".side", "[data-walk] >> nth=0"):
        assert not page.locator(part).is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0


def test_pages_weigh_less_than_a_megabyte(served: Served) -> None:
    shared = sum(
        len(httpx.get(f"{served.address}/static/{name}").content)
        for name in ("laboratory.css", "laboratory.js", "charts.js")
    )
    for path in pages():
        assert len(served.get(path).content) + shared < 2**20, path
