"""Command line, Python, pages and report print the same figures of a run, to the last digit, for every measure of it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from counterscore import headlines, wording
from counterscore.charts import all_charts
from counterscore.errors import UsageError
from counterscore.measures import all_measures, measure
from counterscore.paired import against, differences
from counterscore.report import build
from counterscore.results import Run
from tests.web.conftest import MARKER, Served, told

WORLDS = ("beijing-points", "beijing-points+expiry-24mo")


def text_of(html: str) -> str:
    """What is read of a page: without markup, every run of blanks one blank."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def rows_of(html: str) -> dict[str, str]:
    """Each measure's row of a page of measures, as it is read."""
    found = re.findall(r'<tr id="m-([a-z0-9_]+)">(.*?)</tr>', html, re.DOTALL)
    return {name: text_of(row) for name, row in found}


@pytest.fixture(scope="module")
def run(served: Served) -> Run:
    return Run(served.runs / "two-worlds")


@pytest.fixture(scope="module")
def printed(served: Served) -> dict[str, Any]:
    """What the command line says of the run, once for all tests."""
    found: dict[str, Any] = json.loads(told(served.folder, "numbers", "runs/two-worlds", "--json"))
    return found


@pytest.fixture(scope="module")
def shown(served: Served) -> str:
    return told(served.folder, "numbers", "runs/two-worlds", "--all")


@pytest.fixture(scope="module")
def written(run: Run) -> str:
    """A report with the controller's words and what somebody collected: two charts in their view, a file picked by a rule."""
    collected = ("doors-at-once", "life?pick=median&among=listed&replay=0", "group-gaps?by=registration")
    return build([run], "assessment", notes={"purpose": f"For order. {MARKER}"}, collected=collected)


@pytest.fixture(scope="module")
def report(written: str) -> str:
    return text_of(written)


def test_the_controller_s_words_and_what_was_collected_are_in_the_report(written: str) -> None:
    assert "In the controller" in written
    assert "For order." in written
    assert "<b onmouseover" not in written
    assert written.index("Collected for this report") < written.index("Steps of the assessment")
    assert 'id="collected-3"' in written
    assert "the middle of" in written
    assert "✎ to be written by the controller" in written


@pytest.mark.parametrize("text", ["nowhere", "doors?colour=red", "life?replay=x", "other:doors"])
def test_what_cannot_be_collected_is_refused(run: Run, text: str) -> None:
    with pytest.raises(UsageError):
        build([run], "brief", collected=(text,))


@pytest.mark.parametrize("world", WORLDS)
def test_every_measure_is_the_same_everywhere(
    served: Served, run: Run, report: str, printed: dict[str, Any], shown: str, world: str
) -> None:
    assert world in run.worlds
    cli = {row["id"]: row for row in printed["measures"] if row["world"] == world}
    page = rows_of(served.get(f"/runs/two-worlds/measures?world={world.replace('+', '%2B')}").text)
    seen = 0
    for one in all_measures():
        found = measure(run, one.id, world=world)[0]
        if found.value is None:
            assert one.id not in page
            continue
        seen += 1
        assert (cli[one.id]["value"], cli[one.id]["low"], cli[one.id]["high"]) == (found.value, found.low, found.high)
        value, spread = wording.amount(found.value), wording.spread(found.value, found.low, found.high)
        assert f" {value} {spread}".rstrip() in page[one.id], one.id
        assert re.search(rf"{re.escape(value)} +{re.escape(spread)}", shown), one.id
        assert found.text in report, one.id
        for gap in differences(run, world, [one]):
            assert (gap.text or gap.note) in page[one.id], (one.id, gap.baseline)
    assert seen > 40


def test_the_headlines_are_the_same_everywhere(served: Served, run: Run, printed: dict[str, Any]) -> None:
    page = served.get("/runs/two-worlds").text
    cards = re.findall(
        r'data-measure="([^"]+)" data-world="([^"]+)">([^<]+)</span> <span class="range">([^<]*)</span>', page
    )
    rows = [(row["id"], row["world"], row["text"]) for row in printed["headlines"]]
    assert [
        (name, unescape(world), f"{value} ({spread})" if spread else value) for name, world, value, spread in cards
    ] == rows
    told_of = headlines.paragraphs(run)  # one a world, which the page shows with its world
    assert len(told_of) == len(WORLDS)
    assert printed["prose"] == " ".join(told_of)
    assert all(text_of(one) in text_of(page) for one in told_of)
    assert text_of(told(served.folder, "numbers", "runs/two-worlds", "--prose")) == text_of(printed["prose"])


@pytest.mark.parametrize("chart", [one.id for one in all_charts() if one.source == "run" and one.id != "life"])
def test_a_chart_is_its_table_is_its_download(served: Served, chart: str) -> None:
    """The drawing's own data, the table beside it, the file to download and the command line hold the same rows."""
    by = ["--by", "registration"] if chart in {"group-gaps", "definitions"} else []
    found = json.loads(told(served.folder, "chart", chart, "runs/two-worlds", "--json", *by))
    query = "?by=registration" if by else ""
    csv = served.get(f"/runs/two-worlds/charts/{chart}.csv{query}").text
    assert len(csv.splitlines()) == len(found["rows"]) + 1
    section = next(page for page, charts in PAGES.items() if chart in charts)
    html = served.get(f"/runs/two-worlds/{section}{query}").text
    figure = re.search(rf'<figure class="chart" id="{chart}".*?</figure>', html, re.DOTALL)[0]
    assert text_of(found["finding"]) in text_of(figure)
    assert text_of(found["caption"]) in text_of(figure)
    body = re.search(r"<tbody>(.*?)</tbody>", figure, re.DOTALL)[1]
    assert body.count("<tr>") == min(len(found["rows"]), 400)
    numbers = {int(number) for number in re.findall(r'data-row="(\d+)"', figure)}
    assert numbers == set(range(len(found["rows"])))
    for k, estimate in re.findall(r'data-row="(\d+)"[^>]*? data-value="([^"]*)"', figure):
        assert float(estimate) == found["rows"][int(k)]["value"]


PAGES = {
    "lists": ("listed-over-time", "time-to-exit"),
    "scores": ("score-spread", "score-fan", "grade-moves"),
    "doors": ("doors", "doors-at-once", "spillover"),
    "errors": ("error-ledger", "error-sources", "border"),
    "groups": ("group-gaps", "definitions", "thin-files"),
    "reforms": ("reforms",),
    "twins": ("twins",),
    "reach": ("reach",),
    "assumptions": ("replays", "outcomes"),
}


def test_every_difference_names_what_it_is_taken_from(served: Served) -> None:
    """A scan of every element of every page that holds a difference: cell, sentence or card."""
    pages = ("", "/measures", "/groups", "/reforms", "/twins", "/lists")
    seen = 0
    for page in pages:
        html = served.get(f"/runs/two-worlds{page}").text
        for cell in re.findall(r"<(?:td|small|li)[^>]*data-delta[^>]*>(.*?)</(?:td|small|li)>", html, re.DOTALL):
            text = text_of(cell)
            if re.search(r"[+-]\d", text):
                seen += 1
                named = "compared with" in text or "than under" in text or "from" in text
                heading = "compared with" in html or "difference from" in html
                assert named or ("<td" in html and heading), (page, text)
    assert seen > 20
    for world in against(Run(served.runs / "two-worlds"), WORLDS[1]):
        assert f"compared with {world} (90 % interval)" in text_of(
            served.get(f"/runs/two-worlds/measures?world={WORLDS[1].replace('+', '%2B')}").text
        )


@pytest.mark.parametrize("chart", ["listed-over-time", "doors"])
def test_two_runs_side_by_side_are_drawn_on_one_scale(served: Served, chart: str) -> None:
    html = served.get(f"/compare?runs=two-worlds,half&chart={chart}").text
    drawings = re.findall(r"<svg[^>]*aria-hidden.*?</svg>", html, re.DOTALL)
    assert len(drawings) == 2
    ticks = [re.findall(r">([0-9][0-9.,]*)</text>", one) for one in drawings]
    assert ticks[0]
    assert ticks[0] == ticks[1]
