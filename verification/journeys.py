"""Five people, each from the start page to a piece of evidence, in the browser alone.

A researcher (a claim of one's own, a sourced result, a bundle that is verified), a data-protection officer (an annex), a
rights group (a claim card, two life files, a brief), a journalist (a chart, its table, a paragraph, a method box) and a
teacher (predictions, handout and key). Prints what each took away and ends with 1 where anything was missing, a page
complained on its console, or anything was asked of elsewhere. ``--keep DIR`` keeps what they took.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from counterscore.bundle import is_bundle

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_WHOLE = "() => document.readyState === 'complete' && document.querySelector('.foot') && !document.querySelector('[data-again]')"
_LONG = 240_000  #: milliseconds that a run, a check or a report may take


@dataclass
class Visitor:
    """Somebody with a browser, and what went wrong for them."""

    browser: Browser
    address: str
    folder: Path
    page: Any = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        context = self.browser.new_context(accept_downloads=True)
        context.set_default_timeout(120_000)
        context.route("**/*", self._watch)
        self.page = context.new_page()
        self.page.on(
            "console", lambda one: self.complaints.append(one.text) if one.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(self.address)

    def _watch(self, route: Any) -> None:
        if route.request.url.startswith((self.address, "data:")):
            route.continue_()
        else:
            self.complaints.append(f"asked of elsewhere: {route.request.url}")
            route.abort()

    def whole(self) -> None:
        """Wait until the page is there to its end."""
        self.page.wait_for_function(_WHOLE, timeout=_LONG)

    def click(self, role: str, name: str, exact: bool = False) -> None:
        """Press what is called so."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.whole()

    def run(self, **fields: str) -> None:
        """Fill in the set-up and run it to its results."""
        for name, text in fields.items():
            if name in {"city", "regime", "base"}:
                self.page.select_option(f"#{name}", text)
            else:
                self.page.fill(f"#{name}", text)
        self.click("button", "Run", exact=True)
        self.results()

    def results(self) -> None:
        """From the page that follows a run to what it found."""
        self.page.wait_for_selector("[data-then]:not([hidden]), .side", timeout=_LONG)
        if self.page.locator("[data-then]").count():
            self.page.click("[data-then]")
        self.page.wait_for_selector(".side", timeout=_LONG)
        self.whole()

    def take(self, name: str, role: str = "link") -> Path:
        """Download what is called so."""
        with self.page.expect_download(timeout=_LONG) as found:
            self.page.get_by_role(role, name=name).first.click(no_wait_after=True, timeout=_LONG)
        file = self.folder / found.value.suggested_filename
        found.value.save_as(file)
        return file

    def report(self, template: str) -> Path:
        """Make a report on the page that asks for whom, and save it."""
        self.page.check(f"input[value={template}]")
        self.page.get_by_role("button", name="Make the report").click()
        self.page.wait_for_selector("a:has-text('Open it')", timeout=_LONG)
        return self.take("Save a copy")


def researcher(one: Visitor) -> list[Path]:
    """A claim written before the run, its answer, and a bundle that another machine can check."""
    page = one.page
    one.click("link", "Claims")
    one.click("link", "Write a claim down")
    texts = {
        "text": "Expiry leaves fewer residents listed at the end",
        "speaker": "a study",
        "source": "its protocol",
        "reading": "Adults on a list in the last month, with and without expiry.",
        "would_hold": "Stays that end by the reform alone.",
        "would_not_hold": "Stays that end earlier anyway.",
        "cannot_show": "Whether offices delete what has expired.",
        "residents": "300",
        "months": "26",
    }
    for name, text in texts.items():
        page.fill(f"#{name}", text)
    page.select_option("#measure", "listed_now")
    page.select_option("#reform", "expiry-24mo")
    page.select_option("#against", "beijing-points")
    one.click("button", "Write it down")
    page.fill("#points", "8")
    one.click("button", "Test it")
    claim = page.url
    for _ in range(240):
        page.goto(claim)
        if page.locator("#answer").count():
            break
        time.sleep(1)
    answer = page.inner_text("#answer")
    assert re.search(r"HOLD|DEPENDS|NOISY", answer), answer
    one.click("link", "Start")
    one.click("button", "Set up a run")
    page.locator("summary", has_text="Reforms and further worlds").click()
    page.locator("input[name=also][value=expiry-24mo]").check()
    one.run(city="demo", residents="400", months="12", replicates="10")
    one.click("link", "Method")
    page.get_by_role("button", name="Run it again and compare every cell").click()
    page.wait_for_selector("[data-then]:not([hidden]), h1:has-text('The same again')", timeout=_LONG)
    if page.locator("[data-then]").count():
        page.click("[data-then]")
    page.wait_for_selector("h1:has-text('The same again')", timeout=_LONG)
    one.click("link", "To the run")
    one.click("link", "Data", exact=True)
    file = one.take("Download the bundle")
    assert is_bundle(file)
    return [file]


def officer(one: Visitor) -> list[Path]:
    """The questionnaire, a run with a measure beside it, and the annex with the officer's own words."""
    page = one.page
    one.click("link", "Assess")
    page.select_option("#base", "court-defaulters")
    page.fill("#name", "our-scheme.yaml")
    one.click("button", "Begin")
    page.fill("#note", "So that judgments are performed.")
    for _ in range(7):
        one.click("button", "Save and go on")
    page.locator("input[name=reforms][value=expiry-24mo]").check()
    for name, text in (("residents", "500"), ("months", "10"), ("replicates", "10")):
        page.fill(f"#{name}", text)
    page.get_by_role("button", name="Run it").click()
    one.results()
    for name in ("Errors", "Groups", "Data reach", "Doors", "Reforms"):
        one.click("link", name, exact=True)
        assert page.locator("figure.chart").count(), name
    one.click("link", "Make a report")
    assert page.locator("input[value=assessment]").is_checked()
    file = one.report("assessment")
    text = file.read_text(encoding="utf-8")
    assert "So that judgments are performed." in text
    assert "✎" in text
    assert "not legal advice" in text
    return [file]


def rights_group(one: Visitor) -> list[Path]:
    """Somebody typical of those listed, another from the other end, a claim, and a brief with all three."""
    page = one.page
    one.click("link", "Runs")
    page.locator("tr", has_text="beijing-points.demo").locator("th a").first.click()
    one.whole()
    for place in ("the middle", "90th percentile"):
        one.click("link", "People", exact=True)
        page.select_option("#pick", label=place)
        page.select_option("#of", "recorded")
        one.click("button", "Open the file")
        assert "Hand-picked" not in page.inner_text("main")
        one.click("button", "add to evidence")
    one.click("link", "Claims")
    one.click("link", "Expiry leaves fewer")
    one.click("button", "add to evidence")
    one.click("link", "Evidence")
    assert page.locator(".tray-items > li").count() == 3
    file = one.report("brief")
    text = file.read_text(encoding="utf-8")
    assert text.index('class="limits"') < text.index("Collected for this report")
    assert len(re.findall(r'<figure id="collected-', text)) == 2
    assert "Expiry leaves fewer" in text
    return [file]


def journalist(one: Visitor) -> list[Path]:
    """A chart with its table, alt text and picture, a paragraph, and a method box."""
    page = one.page
    page.check("input[name=regime][value=beijing-points]")
    page.check("input[name=question][value=doors]")
    one.click("button", "Set up a run")
    one.run(city="demo", residents="400", months="8", replicates="10", seed="5")
    assert "/doors" in page.url
    page.click("#doors-tab-download")
    chart = page.locator("#doors-download")
    files = []
    for name in ("Drawing (SVG)", "Drawing (PNG)", "Table (CSV)", "Words for those"):
        with page.expect_download(timeout=_LONG) as found:
            chart.get_by_role("link", name=name).click(no_wait_after=True, timeout=_LONG)
        files.append(one.folder / found.value.suggested_filename)
        found.value.save_as(files[-1])
    one.click("link", "Overview")
    paragraph = page.locator("p.lead").first.inner_text()
    assert re.search(r"\d", paragraph)
    one.click("link", "Method")
    page.fill("#words", "250")
    one.click("button", "Apply")
    box = page.locator("#box > p").inner_text()
    assert len(box.split()) <= 250
    written = one.folder / "paragraph-and-box.txt"
    written.write_text(f"{paragraph}\n\n{box}\n\n{page.locator('.foot code').first.inner_text()}\n", encoding="utf-8")
    return [*files, written]


def teacher(one: Visitor) -> list[Path]:
    """A lesson of six steps with a guess before each result, its sheets, and what the class guessed."""
    page = one.page
    one.click("link", "Learn")
    one.click("link", "Who gets listed?")
    for step in range(1, 7):
        if page.locator("#guess").count():
            page.fill("#guess", str(100 * step))
            page.get_by_role("button", name="Show the result").click()
            page.wait_for_selector("svg.guess", timeout=_LONG)
            assert "Notice:" in page.inner_text("main")
        if step < 6:
            page.locator("a[rel=next]").click()
            one.whole()
    one.click("link", "All lessons")
    one.click("link", "For teachers")
    guesses = one.take("Table (CSV)")
    assert len(guesses.read_text().splitlines()) >= 5
    sheets = []
    for kind in ("handout", "key"):
        page.goto(f"{one.address}/learn/who-gets-listed/{kind}")
        one.whole()
        sheets.append(one.folder / f"{kind}.pdf")
        page.pdf(path=str(sheets[-1]), format="A4")
    return [guesses, *sheets]


JOURNEYS: tuple[Callable[[Visitor], list[Path]], ...] = (researcher, officer, rights_group, journalist, teacher)


def main() -> int:
    """Start the laboratory in an empty folder and let the five come, one after another."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path)
    options.add_argument("--only", nargs="*", default=[], choices=[one.__name__ for one in JOURNEYS])
    chosen = options.parse_args()
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        print("no Chromium here: set CHROMIUM")
        return 1
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        took = (chosen.keep or folder / "took").absolute()
        took.mkdir(parents=True, exist_ok=True)
        server = subprocess.Popen(
            [sys.executable, "-m", "counterscore", "app", "--no-browser", "--port", "0"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stderr
            found = re.search(r"http://\S+?:\d+", server.stderr.readline())
            assert found
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
                for journey in JOURNEYS:
                    if not chosen.only or journey.__name__ in chosen.only:
                        wrong += _travel(journey, browser, found[0], took)
                browser.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    return 1 if wrong else 0


def _travel(journey: Callable[[Visitor], list[Path]], browser: Browser, address: str, took: Path) -> bool:
    began = time.monotonic()
    visitor = Visitor(browser, address, took)
    try:
        files = journey(visitor)
        wrong = "; ".join(visitor.complaints)
    except Exception as error:
        files, wrong = [], f"{type(error).__name__}: {error} at {visitor.page.url}"
        visitor.page.screenshot(path=str(took / f"{journey.__name__}.png"), full_page=True)
    told = ", ".join(f"{file.name} ({file.stat().st_size:,} bytes)" for file in files)
    print(
        f"{journey.__name__:14} {time.monotonic() - began:6.1f} s   {wrong or 'nothing missing'}   {told}", flush=True
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
