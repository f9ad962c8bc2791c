"""The page of a rule book read against legal sources says what the command line says."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from counterscore.catalog import load_regime
from counterscore.laws import findings
from counterscore.laws.check import DISCLAIMER
from tests.web.conftest import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A laboratory without any run: the page asks for none."""
    with serving(tmp_path_factory.mktemp("law")) as found:
        yield found


def shown(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_every_limb_and_the_closing_lines_are_on_the_page(served: Served):
    text = shown(served.get("/regimes/suining-2010/law?under=eu&as_of=2026-11-28").text)
    annex = findings(load_regime("suining-2010"), under="eu", as_of="2026-11-28")
    for one in annex:
        assert f"{one.check} {one.source}, {one.article} {one.limb}" in text
    for line in annex.closing():
        assert " ".join(line.split()) in text
    assert "counterscore law suining-2010 --under eu --as-of 2026-11-28" in text


def test_the_home_law_is_read_unasked_and_the_page_is_linked(served: Served):
    assert "/regimes/suining-2010/law" in served.get("/regimes/suining-2010").text
    assert "CN-03" in served.get("/regimes/suining-2010/law").text
    nowhere = shown(served.get("/regimes/behaviour-lending/law").text)
    assert "lies in no territory that is known here" in nowhere
    assert DISCLAIMER in shown(served.get("/regimes/behaviour-lending/law?under=us").text)


@pytest.mark.parametrize("query", ["under=mars", "under=eu&as_of=soon", "under=eu&as_of=1890"])
def test_mistakes_are_a_page_and_not_a_fault(served: Served, query: str):
    found = served.get(f"/regimes/suining-2010/law?{query}")
    assert found.status_code in {400, 404, 422}
    assert "Traceback" not in found.text
