"""The report: one file, limits first, no network, no scripts, the same figures as everywhere else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from counterscore import headlines, paired
from counterscore.catalog import load_regime
from counterscore.charts import all_charts, draw
from counterscore.claims import check_claim
from counterscore.engine import simulate
from counterscore.errors import UsageError
from counterscore.report import TEMPLATES, build, write
from counterscore.report.build import _review
from counterscore.results import Run
from tests import folders, worlds
from tests.claims.test_claims import trial

LARGEST = 5 * 2**20
HEADINGS = (
    "Lists",
    "Scores",
    "Doors",
    "Spillover",
    "Errors",
    "Groups",
    "Data reach",
    "What if",
    "Files of residents",
    "How sure",
)
OUTLINE = (
    ("listed-over-time", "time-to-exit"),
    ("score-spread", "score-fan", "grade-moves"),
    ("doors", "doors-at-once"),
    ("spillover",),
    ("error-ledger", "error-sources"),
    ("group-gaps", "definitions", "thin-files"),
    ("reach",),
    ("twins", "border"),
    ("life",),
    ("replays", "what-moves-it"),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        worlds.town(),
        worlds.city(800, seed=3),
        months=14,
        replays=10,
        seed=3,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "reported",
        command="counterscore run test-town",
    )


@pytest.fixture(scope="module")
def pages(run: Run) -> dict[str, str]:
    checked = [check_claim(trial(), points=24, replays=2)]
    return {name: build([run], name, claims=checked, command="counterscore report reported") for name in TEMPLATES}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skip = 0
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip += tag in {"style", "svg"}
        self.ids += [str(value) for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in {"style", "svg"}

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.words.append(data)


def words(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    return " ".join(" ".join(parser.words).split())


@pytest.mark.parametrize("name", TEMPLATES)
def test_one_file_that_asks_nobody(pages: dict[str, str], name: str) -> None:
    page = pages[name]
    assert len(page.encode()) <= LARGEST
    assert "<script" not in page
    assert "default-src 'none'" in page
    outside = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(https?:[^\"')> ]+)", page)
    assert outside == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_limits_come_before_results_and_cannot_be_left_out(pages: dict[str, str], name: str) -> None:
    text = words(pages[name])
    assert text.index("Limits, first") < text.index("Results")
    assert "All residents are synthetic" in text
    assert "not a" in text or "no verdict" in text


def test_the_figures_are_those_of_numbers_and_charts(pages: dict[str, str], run: Run) -> None:
    text = words(pages["research"])
    assert " ".join(headlines.prose(run).split()) in text
    for chart in ("doors", "listed-over-time"):
        assert draw(run, chart).finding in text
    for row in paired.numbers(run)["measures"][:10]:
        if row["value"] is not None and abs(row["value"]) >= 100:
            assert f"{row['value']:,.0f}" in text


def test_every_chart_of_the_outline_is_under_its_heading(pages: dict[str, str], run: Run) -> None:
    page = pages["research"]
    places = [page.index(f">{heading}</h") for heading in HEADINGS]
    assert places == sorted(places)
    for heading, end, charts in zip(HEADINGS, [*places[1:], len(page)], OUTLINE, strict=True):
        for chart in charts:
            at = page.index(f'<figure id="chart-{chart}-')
            assert page.index(f">{heading}</h") < at < end, chart
    drawn = {chart for charts in OUTLINE for chart in charts}
    assert drawn == {chart.id for chart in all_charts()} - {"reforms"}  # this run has no other world
    assert draw(run, "score-fan").finding in words(page)


def test_a_claim_is_told_with_who_said_it_and_what_it_cannot_show(pages: dict[str, str], run: Run) -> None:
    for name in TEMPLATES:
        text = words(pages[name])
        assert '"More records under points than under none."' in text
        assert "written before the run (2026-11)" in text
        assert text.index("Limits, first") < text.index("Claims tested") < text.index("Results")
    assert "Claims tested" not in words(build([run], "brief"))


def test_a_run_that_cannot_be_lived_again_is_reported_without_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    record = run.record | {"city": run.record["city"] | {"sha256": "another"}}
    other = Run(run.path)
    monkeypatch.setattr(other, "record", record)
    page = build([other], "research")
    assert "chart-doors-" in page
    assert "chart-score-fan-" not in page
    assert "chart-life-" not in page


def test_what_only_the_controller_can_write_is_marked(pages: dict[str, str]) -> None:
    text = words(pages["assessment"])
    assert text.count("✎") >= 5
    assert "not legal advice" in text
    assert "✎" not in words(pages["research"])


def test_objections_are_answered_or_marked(pages: dict[str, str]) -> None:
    text = words(pages["brief"])
    assert "Your error rate is invented." in text
    assert "Not answered" in text


def test_ids_are_unique(pages: dict[str, str]) -> None:
    parser = _Words()
    parser.feed(re.sub(r"<svg.*?</svg>", "", pages["research"], flags=re.DOTALL))
    assert len(parser.ids) == len(set(parser.ids))


def test_a_partial_run_says_so_in_title_page_and_file_name(run: Run, tmp_path: Path) -> None:
    partial = folders.without(run, tmp_path / "partial", [("test-town", 3)])
    file = write([partial], "brief", tmp_path / "brief.html")
    assert file.name == "brief.partial.html"
    page = file.read_text()
    assert "<title>Partial:" in page
    assert "This run is partial" in words(page)


def test_no_verdicts(pages: dict[str, str]) -> None:
    for page in pages.values():
        text = words(page).lower()
        for word in ("compliant", "proves that", "is unfair", "is fair", "blacklist"):
            assert word not in text, word


def test_a_template_that_does_not_exist(run: Run) -> None:
    with pytest.raises(UsageError) as told:
        build([run], "reserch")
    assert "Did you mean research" in told.value.suggestion


def test_only_the_catalogue_s_own_rule_book_is_called_reviewed() -> None:
    assert _review(load_regime("sesame-credit")).startswith("second reading: ")
    assert _review(load_regime("court-defaulters", with_=["notice"])) == "unreviewed"
    assert _review(worlds.town()) == "unreviewed"
