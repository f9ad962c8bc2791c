"""The report: one file, limits first, no network, no scripts, the same figures as everywhere else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from counterscore import headlines, paired, wording
from counterscore.catalog import load_regime
from counterscore.charts import all_charts, draw
from counterscore.claims import check_claim
from counterscore.errors import UsageError
from counterscore.measures import measure
from counterscore.report import TEMPLATES, all_sections, build, check_place, write
from counterscore.report.sections.rules import review
from counterscore.results import Run
from counterscore.simulation import simulate
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
    ("replays", "outcomes", "what-moves-it"),
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


_VOID = frozenset(["meta", "br", "hr", "img", "link", "input"])


class _Nesting(HTMLParser):
    """Elements are closed where they must be, tabulated parts are named; levels of headings, ids and links are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids.append(str(given["id"]))
        if str(given.get("href", "")).startswith("#"):
            self.links.append(str(given["href"])[1:])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "figure" in self.open and tag in {"details", "figure", "section"}:
            self.wrong.append(f"{tag} in figure")
        if "tabindex" in given and not given.get("aria-label"):
            self.wrong.append(f"{tag} without a name")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(f"</{tag}>")


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
    told = paired.numbers(run)
    for row in told["measures"]:
        if row["value"] is not None:
            assert row["text"] in text, row["id"]
    for gap in told["differences"]:
        short = wording.difference(gap["value"], gap["low"], gap["high"], n=gap["n"], same=gap["same"])
        assert short in text, gap["id"]


def test_every_chart_of_the_outline_is_under_its_heading(pages: dict[str, str], run: Run) -> None:
    page = pages["research"]
    places = [page.index(f">{heading}</h") for heading in HEADINGS]
    assert places == sorted(places)
    for heading, end, charts in zip(HEADINGS, [*places[1:], len(page)], OUTLINE, strict=True):
        for chart in charts:
            found = re.search(rf'<figure id="(claim1-)?chart-{chart}-', page)
            assert found is not None, chart
            at = found.start()
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
    assert review(load_regime("sesame-credit")).startswith("second reading: ")
    assert review(load_regime("court-defaulters", with_=["notice"])) == "unreviewed"
    assert review(worlds.town()) == "unreviewed"


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_page_is_well_formed(pages: dict[str, str], name: str) -> None:
    found = _Nesting()
    found.feed(pages[name])
    assert found.wrong == []
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.links) <= set(found.ids)
    assert found.levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(found.levels)), found.levels
    assert "role=" not in "".join(re.findall(r"<svg.*?</svg>", pages[name], flags=re.DOTALL))


@pytest.mark.parametrize("name", TEMPLATES)
def test_contents_name_every_section(pages: dict[str, str], name: str) -> None:
    sections = re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', pages[name])
    contents = pages[name].split("<nav", 1)[1].split("</nav>", 1)[0]
    assert sections[0] == ("limits", "Limits, first")
    for anchor, title in sections:
        assert f'<a href="#{anchor}">{title}</a>' in contents


def test_rules_and_tables_of_charts_are_on_paper(pages: dict[str, str]) -> None:
    printed = re.sub(r"<details>.*?</details>", "", pages["assessment"], flags=re.DOTALL)
    assert "Drunk driving" in printed
    assert printed.count('<div class="sheet') >= 8


def test_a_class_guesses_on_one_page_and_finds_the_answers_of_the_first_world_on_another(tmp_path: Path) -> None:
    two = simulate(
        worlds.town(),
        worlds.city(600, seed=5),
        months=10,
        replays=3,
        seed=5,
        also=[load_regime("none")],
        assumptions=worlds.busy(),
        out=tmp_path / "two",
    )
    page = build([two], "classroom")
    guess, rest = page.split('<section class="overleaf"', 1)
    value = measure(two, "listed_ever", world=two.worlds[0])[0].text
    assert "How many of 100 adults are on a list at some time?" in guess
    assert f"<strong>{value}</strong>" in rest
    assert "<strong>" not in guess
    assert "break-before: page" in page


def test_headlines_of_all_worlds_are_told(tmp_path: Path) -> None:
    run = simulate(
        worlds.town(),
        worlds.city(500, seed=6),
        months=8,
        replays=10,
        seed=6,
        also=[load_regime("suining-2010")],
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path / "several",
    )
    text = words(build([run], "brief"))
    for world in headlines.told_worlds(run):
        assert f"({world}):" in text
        for row in headlines.rows(run, world):
            assert row.value in text
        for sentence in headlines.findings(run, world):
            assert sentence in text


def test_a_place_that_cannot_be_written_is_told_before_any_work(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        check_place(tmp_path / "none" / "report.html")
    with pytest.raises(UsageError, match="is a folder"):
        check_place(tmp_path)
    asked: list[str] = []
    with pytest.raises(UsageError, match="there is no folder"):
        write([run], "brief", tmp_path / "none" / "r.html", progress=lambda name, *_: asked.append(name))
    assert asked == []


def test_sections_are_found_and_say_when_they_are_written(run: Run) -> None:
    told: list[tuple[str, int, int]] = []
    build([run], "brief", progress=lambda *one: told.append(one))
    assert told[0][0] == "Limits, first"
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert len({section.id for section in all_sections()}) == len(all_sections())
