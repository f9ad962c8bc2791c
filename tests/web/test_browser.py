"""The laboratory in a real browser: access, keys, narrow screens, large text, no error and nothing asked of elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from counterscore.web.rendering import sections
from tests.web.browsing import WHOLE, axe, browser, keys_to, scan, type_over, visit
from tests.web.conftest import Served

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
    "/about",
    "/claims/new",
    "/runs/half",
    "/runs/half/delete",
    "/runs/two-worlds/people/R-00042",
)


def pages() -> list[str]:
    return [*PAGES, *(f"/runs/two-worlds/{one.name}".rstrip("/") for one in sections())]


@pytest.fixture(scope="module")
def window() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.mark.timeout(900)  # some forty pages, on a machine that may have other things to do
def test_every_page_is_accessible_fits_and_asks_nothing_of_elsewhere(window: Any, served: Served) -> None:
    """Light and dark, 320 pixels, text of twice the size; no complaint on the console, no request to another host."""
    assert not scan(window, served, pages())


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
    first = figure.locator("[data-said]").inner_text()
    assert first.startswith("1 of ")
    page.keyboard.press("ArrowRight")
    second = figure.locator("[data-said]").inner_text()
    assert second.startswith("2 of ")
    assert figure.locator(".here").count() == 1
    page.keyboard.press("ArrowLeft")
    assert figure.locator("[data-said]").inner_text() == first
    page.keyboard.press("Escape")
    assert figure.locator("[data-said]").inner_text() == ""
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


def test_from_the_start_to_an_annex_by_keys_alone(window: Any, served: Served) -> None:
    """The journey of a data-protection officer: assess a scheme, run it, look, take evidence along, hand over the annex."""
    found = visit(window, served)
    page = found.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to content"
    keys_to(page, "^Assess")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess")
    keys_to(page, "nearest to your scheme")
    page.keyboard.type("List of")
    assert page.locator("#base").input_value() == "court-defaulters"
    keys_to(page, "Name of your file")
    type_over(page, "by-keys.yaml")
    keys_to(page, "^Begin")
    page.keyboard.press("Enter")
    for at in range(1, 8):
        page.wait_for_url(f"**/assess/by-keys.yaml/{at}")
        page.wait_for_load_state()
        if at == 1:
            keys_to(page, "Your words")
            for _ in range(3):  # on a busy machine a key may come before the page listens
                type_over(page, "So that judgments are performed.")
                if page.locator(":focus").input_value() == "So that judgments are performed.":
                    break
        keys_to(page, "Save and go on", back=True)
        page.keyboard.press("Enter")
    page.wait_for_url("**/assess/by-keys.yaml/8")
    keys_to(page, "expiry-24mo")
    page.keyboard.press("Space")
    for label, text in (("Residents", "400"), ("Months", "8"), ("Replicates", "3")):
        keys_to(page, label)
        type_over(page, text)
    keys_to(page, "^Run it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run/2*")
    _a_page_that_is_told_of_the_end_says_so(window, served, page.url)
    page.wait_for_selector("[data-then]:not([hidden]), h1:has-text('Make a report')")
    if page.locator("[data-then]").count():
        keys_to(page, "Go to results")
        page.keyboard.press("Enter")
    page.wait_for_url("**/report")
    keys_to(page, "^Errors")
    page.keyboard.press("Enter")
    page.wait_for_url("**/errors")
    page.wait_for_function(WHOLE, timeout=60_000)
    keys_to(page, "add to evidence", 200)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tray]:has-text('1')")
    keys_to(page, "^Evidence")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence")
    keys_to(page, "brief")
    page.keyboard.press("ArrowUp")
    assert page.locator("input[value=assessment]").is_checked()
    keys_to(page, "Make the report")
    page.keyboard.press("Enter")
    page.wait_for_selector("a:has-text('Open it')", timeout=90_000)
    keys_to(page, "Open it")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    text = page.inner_text("body")
    assert "Annex to an impact assessment" in text
    assert "So that judgments are performed." in text
    assert "Collected for this report" in text
    assert not found.outside
    (served.folder / "by-keys.yaml").unlink()


def _a_page_that_is_told_of_the_end_says_so(window: Any, served: Served, address: str) -> None:
    """Another window on a run that goes on, to which the program says that somebody stopped it."""
    said = {
        "state": "stopped",
        "word": "stopped",
        "status": "it: stopped",
        "then": "/runs",
        "then_label": "See how it ended",
    }
    other = visit(window, served).page
    body = f"data: {json.dumps(said)}\n\n"
    other.route("**/events*", lambda route: route.fulfill(body=body, content_type="text/event-stream"))
    other.goto(address)
    other.wait_for_selector("a:has-text('See how it ended')")
    text = other.inner_text("main")
    assert "stopped" in text.lower()
    assert "goes on" not in text
    assert "will change" not in text
    assert "Stop and keep" not in text


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
