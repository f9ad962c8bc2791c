"""What is read first: six rows a world, the same digits everywhere, each difference with the world it is taken from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from counterscore import headlines, odd, paired, wording
from counterscore.catalog import load_assumptions, load_regime, regime_ids
from counterscore.engine import month_order
from counterscore.measures import TOPICS, all_measures, measure
from counterscore.results import Run
from counterscore.simulation import simulate
from counterscore.stale import changed_files
from tests import folders, worlds

REPLICATES = 11


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The test town, beside it the town without one door, compared with no scheme."""
    return simulate(
        worlds.town(),
        worlds.city(300),
        months=14,
        replays=REPLICATES,
        seed=4,
        also=[
            worlds.regime_of(
                worlds.TOWN.replace("id: test-town", "id: open-town").replace(
                    "effect: closed, when: list low", "effect: slowed, times: 2, when: list low"
                )
            )
        ],
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "one",
    )


def test_six_rows_of_every_world_with_value_range_and_unit(run: Run) -> None:
    for world in headlines.told_worlds(run):
        rows = headlines.rows(run, world)
        assert len(rows) == headlines.MOST
        assert all(row.value and row.unit and row.spread for row in rows)
        assert len({row.label for row in rows}) == len(rows)


def test_a_further_world_is_compared_with_the_baseline_and_the_first_world(run: Run) -> None:
    first, second = headlines.told_worlds(run)
    assert paired.against(run, first) == ("none",)
    assert paired.against(run, second) == ("none", first)
    assert paired.against(run, "none") == ()
    for row in headlines.rows(run, second):
        assert {gap.baseline for gap in row.differences} == {"none", first}, row.label
    told = " ".join(headlines.findings(run, second))
    assert "(none)" in told
    assert first in told


def test_every_finding_names_the_world_it_is_taken_from(run: Run) -> None:
    for world in headlines.told_worlds(run):
        for sentence in headlines.findings(run, world):
            assert any(other in sentence for other in paired.against(run, world)), sentence


def test_wrongly_listed_stands_under_three_definitions_or_not_at_all(run: Run) -> None:
    for world in headlines.told_worlds(run):
        names = [row.of.id for row in headlines.rows(run, world) if row.of.id.startswith("wrongly_listed")]
        assert len(names) in {0, 3}


def test_the_same_digits_in_rows_topics_prose_and_json(run: Run) -> None:
    data = paired.numbers(run)
    values = {(row["world"], row["id"]): row["text"] for row in data["measures"]}
    gaps = {(gap["world"], gap["id"], gap["against"]): gap["text"] for gap in data["differences"]}
    prose = headlines.prose(run)
    for world in headlines.told_worlds(run):
        everything = [row for rows in headlines.by_topic(run, world).values() for row in rows]
        assert len(everything) > 25
        for row in (*headlines.rows(run, world), *everything):
            assert row.found.text == values[world, row.of.id]
            assert row.found.text == (f"{row.value} ({row.spread})" if row.spread else row.value)
            for gap in row.differences:
                assert gap.text == gaps[world, row.of.id, gap.baseline]
        for row in headlines.rows(run, world):
            assert values[world, row.of.id] in prose, row.label


def test_numbers_keep_their_promise_to_machines(run: Run) -> None:
    data = paired.numbers(run)
    for row in data["measures"]:
        assert {"subject", "topic", "covers", "question", "text"} <= set(row)
        assert row["topic"] in TOPICS
    assert {gap["against"] for gap in data["differences"]} == {"none", run.worlds[0]}
    for gap in data["differences"]:
        assert {"against", "value", "low", "high", "covers", "n", "answer", "text"} <= set(gap)
        assert gap["answer"] in wording.Answer.__args__
        assert (gap["text"] == "") == (gap["value"] is None)
    json.dumps(data, allow_nan=False)


def test_all_measures_are_told_under_a_topic_or_with_a_reason(run: Run) -> None:
    told = {row.of.id for rows in headlines.by_topic(run).values() for row in rows}
    for one in all_measures():
        found = measure(run, one.id)[0]
        assert (one.id in told) == (found.value is not None)
        assert found.value is not None or found.note


def test_every_word_of_the_tables_is_a_measure() -> None:
    known = {one.id for one in all_measures()}
    named = {*headlines._LABELS, *headlines._SENTENCES, *headlines._COUNTED, *headlines._RESERVE}
    named |= {name for names in (*headlines._FIRST.values(), *headlines._GAPS.values()) for name in names}
    assert named <= known
    first = {name for names in headlines._FIRST.values() for name in names}
    assert first <= set(headlines._LABELS)
    assert first <= set(headlines._SENTENCES) | {"assortativity_of_ties"}


def test_every_rule_book_has_a_kind_that_is_told() -> None:
    for name in regime_ids():
        part = load_regime(name)
        entry = {
            "subjects": part.subjects,
            "owner": part.owner,
            "participation": part.participation,
            "lists": dict.fromkeys(part.lists),
            "honours": [key for key in part.lists if key in part.honours()],
            "grades": [grade.id for grade in part.score.grades] if part.score else None,
        }
        assert headlines.about(entry) in headlines._FIRST, name


@pytest.mark.parametrize(
    ("reforms", "beside", "said"),
    [
        ([], [], "Town"),
        (["notice", "appeals-60d"], [], "Town with notice and appeals-60d"),
        ([], ["courts", "travel"], "Town, beside courts and travel"),
        ([], ["a", "b", "c", "d"], "Town, beside 4 other rule books"),
        (["notice", "from-2019-06"], [], "Town with notice, adopted in 2019-06 (the months before count too)"),
    ],
)
def test_a_summary_says_what_is_in_force(reforms: list[str], beside: list[str], said: str) -> None:
    parts = [{"id": one} for one in ("town", *beside)]
    assert headlines.rules_in_words({"title": "Town", "reforms": reforms, "parts": parts}) == said


def test_next_steps_fit_what_was_run(run: Run) -> None:
    steps = headlines.next_steps(run)
    assert 2 <= len(steps) <= 4
    assert all(str(run.path) in step for step in steps)
    assert any("life" in step for step in steps)
    assert steps[-1].startswith("counterscore report")


def test_a_partial_run_says_so_and_how_to_go_on(run: Run, tmp_path: Path) -> None:
    cut = folders.without(run, tmp_path / "cut off", [("none", REPLICATES - 1)])
    assert any(text.startswith("Partial: 32 of 33") for text in headlines.cautions(cut))
    assert headlines.next_steps(cut)[0] == f"counterscore run --resume '{cut.path}'"
    assert "This run is partial." in headlines.prose(cut)


def test_an_assumption_out_of_range_is_said_beside_the_numbers(tmp_path: Path) -> None:
    """It stands in the record, and every reading of the run says so; a value within the range is no caution."""
    chosen = load_assumptions().with_set("acts.fraud.detection=0.9").with_set("acts.littering.detection=0.02")
    odd = simulate(load_regime("suining-2010"), worlds.city(120), months=2, assumptions=chosen, out=tmp_path / "odd")
    assert odd.record["assumptions"]["acts.fraud.detection"]["outside_range"]
    assert "Set outside the stated range: acts.fraud.detection = 0.9." in headlines.cautions(odd)


def test_an_edited_rule_book_makes_numbers_stale_and_changes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterscore.catalog import read_regime

    monkeypatch.chdir(tmp_path)
    file = Path("mine.yaml")
    file.write_text(worlds.TOWN)
    run = simulate(read_regime(file), worlds.city(120), months=2, replays=1, seed=1, out=tmp_path / "runs" / "one")
    before = paired.numbers(run)
    assert changed_files(run) == ()
    file.write_bytes(worlds.TOWN.replace("\n", "\r\n").encode())
    assert changed_files(Run(run.path)) == ()
    file.write_text(worlds.TOWN.replace("points: -5,", "points: -6,"))
    assert changed_files(Run(run.path)) == ("mine.yaml",)
    assert any(
        re.match("Stale: mine.yaml has changed since this run", text) for text in headlines.cautions(Run(run.path))
    )
    assert paired.numbers(Run(run.path))["measures"] == before["measures"]
    file.unlink()
    assert changed_files(Run(run.path)) == ()


def test_a_paragraph_a_world_and_one_text(run: Run) -> None:
    told = headlines.paragraphs(run)
    assert len(told) == len(headlines.told_worlds(run)) > 1
    assert " ".join(told) == headlines.prose(run)
    for world, text in zip(headlines.told_worlds(run), told, strict=True):
        assert f"({world}):" in text
    assert "followed over" in told[0]
    assert "middle 90 % of replicates" in told[-1]


def test_one_replicate_is_said_to_have_no_range(tmp_path: Path) -> None:
    one = simulate(worlds.town(), worlds.city(100), months=2, replays=1, seed=4, out=tmp_path / "one")
    assert "One replicate has no range" in headlines.prose(one)
    assert "middle 90 %" not in headlines.prose(one)


def test_a_method_in_few_words_names_every_step_of_a_month(run: Run) -> None:
    """A list that is cut short says nothing; what introduces one has its items."""
    text = odd.within(odd.sections(run.record), 250)
    assert all(step.title.lower() in text for step in month_order())
    assert ":." not in text
    assert not re.search(r":\s+[A-Z][a-z]+\. ", text)
