"""A browser as tests use it: pages opened to their end, watched, scanned, walked through by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.web.conftest import Served, chromium

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="the browser tests need axe-playwright-python"
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


#: A page that is there to its end and waits for nothing that is being worked out. A function: the pages' own rule
#: against evaluated text would refuse an expression as soon as it has to be asked twice.
WHOLE = "() => document.readyState === 'complete' && document.querySelector('.foot') && !document.querySelector('[data-again]')"


#: What the scanner looks for; all that it finds in order is not told, which takes most of its time.
VIOLATIONS: dict[str, Any] = {"resultTypes": ["violations"]}


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
        self.page.wait_for_function(WHOLE, timeout=60_000)
        return self.page


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    program = chromium()
    with sync_api.sync_playwright() as started:
        found = started.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()


def visit(window: Any, served: Served, **settings: Any) -> Visit:
    context = window.new_context(**({"viewport": {"width": 1280, "height": 800}} | settings))
    context.set_default_timeout(90_000)
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


def scan(window: Any, served: Served, paths: Sequence[str]) -> list[tuple[str, str, Any]]:
    """What is wrong with pages: for whoever does not see or sees little, on a narrow screen, on the console, outside.

    In the dark only the colours are others, so that only contrast is looked at again.
    """
    with ThreadPoolExecutor(4) as asking:  # all are worked out first: both helpers are at it together
        for path, answer in zip(paths, asking.map(served.get, paths), strict=True):
            assert answer.status_code in {200, 404}, (path, answer.status_code)
    found, scanner = visit(window, served), axe.Axe()
    wrong: list[tuple[str, str, Any]] = []
    for path in paths:
        page = found.open(path)
        for scheme, rules in (("light", VIOLATIONS), ("dark", VIOLATIONS | {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            for one in scanner.run(page, options=rules).response["violations"]:
                wrong.append((path, scheme, (one["id"], one["nodes"][0]["html"][:120])))
        page.emulate_media(color_scheme="light")
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
    return wrong + [("", "asked of elsewhere", one) for one in found.outside]


#: Controls of fewer than 24 by 24 pixels that are no links within a sentence.
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .button, input, select, summary, [role=tab], nav a")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || one.closest("[hidden]") || one.closest("label") || one.type === "hidden") return false;
  return box.height < 24 || box.width < 20;
}).map((one) => one.outerHTML.slice(0, 90))
"""


def keys_to(page: Any, what: str, most: int = 120, back: bool = False) -> None:
    """Press Tab until the control that is called ``what`` has the focus; ``back`` goes from the end of the page."""
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        named = page.evaluate(
            "(() => { const one = document.activeElement; if (one === document.body) return ''; return (one.innerText || one.value || '') + ' ' + (one.labels ? [...one.labels].map((l) => l.innerText).join(' ') : '') + ' ' + (one.getAttribute('aria-label') || ''); })()"
        )
        if re.search(what, named):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"no Tab leads to {what}")


def type_over(page: Any, text: str) -> None:
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
