"""Every regime that comes along: it loads, its numbers say where they are from, its cases come out."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from counterscore import catalog
from counterscore.engine.layout import NO_GRADE
from counterscore.quantity import Mark
from counterscore.regime.cases import read_cases
from counterscore.regime.explain import sentences
from counterscore.regime.ledger import Paper, apply_on_paper
from counterscore.regime.model import Door, Regime
from counterscore.regime.vocabulary import ACTS
from tests import worlds

IDS = catalog.regime_ids()
assert len(IDS) > 0, "no regime came along"
FEWEST_CASES, MOST_CASES = 5, 14


@cache
def papers(regime_id: str) -> tuple[Paper, ...]:
    """The author's cases of a regime, worked out."""
    regime = catalog.load_regime(regime_id)
    cases = read_cases(catalog.regime_folder(regime_id) / "cases.yaml")
    assert cases.regime == regime_id
    return tuple(apply_on_paper(regime, case) for case in cases.cases)


def test_the_regimes_of_the_first_catalogue_are_there() -> None:
    wanted = {"none", "suining-2010", "rongcheng-2013", "weihai-2018", "court-defaulters", "travel-lists-2018"}
    assert wanted | {"beijing-points"} <= set(IDS)


@pytest.mark.parametrize("regime_id", IDS)
def test_loads_and_is_called_like_its_folder(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    assert regime.id == regime_id
    assert not [found for found in regime.warnings if found.severity == "problem"]


@pytest.mark.parametrize("regime_id", IDS)
def test_says_its_level_with_a_source_unless_it_has_no_place(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    if regime.place == "anywhere" or regime.owner == "private":
        assert regime.level is None
    else:
        said = regime.document.data["level"]
        assert said["source"] in regime.sources
        assert said["mark"] in set(Mark)


@pytest.mark.parametrize("regime_id", IDS)
def test_every_number_has_source_and_mark(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    for number in regime.numbers():
        assert number.source in regime.sources, f"{number.at}: no source {number.source}"
        assert number.mark is not None, f"{number.at}: no mark"


@pytest.mark.parametrize("regime_id", IDS)
def test_sources_named_exist_and_are_all_used(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    assert set(_values("source", regime.document.data)) == set(regime.sources)


@pytest.mark.parametrize("regime_id", IDS)
def test_a_number_is_verified_only_in_a_source_that_says_something(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    for number in regime.numbers():
        rests_on_nothing = number.source is not None and regime.sources[number.source].kind == "assumption"
        if number.value is not None and rests_on_nothing:
            assert number.mark is Mark.ASSUMED, f"{number.at}: {number.mark} in an assumption"
        if number.mark is Mark.VERIFIED:
            assert number.borrowed is None, f"{number.at}: borrowed, so not verified for this place"


@pytest.mark.parametrize("regime_id", IDS)
def test_how_many_numbers_are_verified_is_printed(regime_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = catalog.load_regime(regime_id).numbers()
    known = [number for number in numbers if number.value is not None]
    marks = Counter(number.mark for number in known)
    rest = ", ".join(f"{marks[mark]} {mark}" for mark in Mark if mark is not Mark.VERIFIED)
    with capsys.disabled():
        unknown = len(numbers) - len(known)
        print(  # noqa: T201 - the count is what a reader of the test report is to see
            f"\n{regime_id}: {marks[Mark.VERIFIED]} of {len(known)} numbers verified; {rest}; {unknown} unknown"
        )
    assert sum(marks.values()) == len(known)


@pytest.mark.parametrize("regime_id", IDS)
def test_has_cases_and_they_hold(regime_id: str) -> None:
    found = papers(regime_id)
    assert FEWEST_CASES <= len(found) <= MOST_CASES
    for paper in found:
        assert paper.case.expect, f"{paper.case.at}: nothing is expected"
        assert paper.ok, "\n".join(str(mismatch) for mismatch in paper.mismatches)


@pytest.mark.parametrize("regime_id", IDS)
def test_every_list_and_door_is_met_in_some_case(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    lists: set[str] = set()
    doors: set[str] = set()
    for paper in papers(regime_id):
        for step in paper.steps:
            lists |= set(step.state.lists)
            doors |= {*step.state.doors, *step.state.kin_doors, *step.state.tied_doors}
    stack = regime.stacked()
    unsaid = {door.id for one in stack for door in one.doors if _cannot_be_said(one, door)}
    assert set(regime.lists) <= lists
    assert {door.id for door in regime.doors} - unsaid <= doors
    assert not unsaid & doors, "a door in force on a grade whose borders nobody knows"


@pytest.mark.parametrize("regime_id", IDS)
def test_has_notes_on_what_the_sources_do_not_say(regime_id: str) -> None:
    notes = catalog.regime_folder(regime_id) / "notes.md"
    assert notes.read_text(encoding="utf-8").startswith("# ")


def test_every_number_of_the_scenario_says_where_it_was_borrowed() -> None:
    regime = catalog.load_regime("beijing-points")
    assert regime.status == "scenario"
    numbers = regime.numbers()
    assert numbers
    for number in numbers:
        assert number.borrowed, f"{number.at}: borrowed from where?"
        assert number.mark is Mark.ASSUMED, f"{number.at}: nothing of a scenario is {number.mark}"


def test_the_scenario_looks_closer_at_the_six_professions() -> None:
    six = {"teacher", "accountant", "journalist", "doctor", "veterinarian", "tour guide"}
    scrutiny = catalog.load_regime("beijing-points").scrutiny
    assert {one.occupation for one in scrutiny} == six
    assert all(one.times is not None and one.times > 1 for one in scrutiny)


def test_what_a_rule_book_can_say_is_said_somewhere_in_the_catalogue() -> None:
    regimes = [catalog.load_regime(regime_id) for regime_id in IDS]
    rows = [row for regime in regimes for row in regime.catalogue]
    doors = [door for regime in regimes for door in regime.doors]
    lists = [rule for regime in regimes for rule in regime.lists.values()]
    assert any(row.discretion for row in rows)
    assert any(len(row.curve) > 1 for row in rows)
    assert any(row.per == "cycle" for row in rows)
    assert any(row.cap for row in rows)
    assert any(row.validity for row in rows)
    assert any(row.on_list for row in rows)
    assert any("kin-army-service" in row.act for row in rows)
    assert any(rule.extend for rule in lists)
    assert {"performed", "fixed"} <= {rule.term.kind for rule in lists}
    assert {door.when.kind for door in doors} == {"grade", "list", "record"}
    assert {"self", "kin", "official", "firm head"} <= {door.affects for door in doors}
    assert {door.effect for door in doors} == {"closed", "narrowed", "slowed", "priced", "opened"}
    assert len({act for row in rows for act in row.act}) >= len(ACTS) // 2


def _cannot_be_said(regime: Regime, door: Door) -> bool:
    """Whether the door hangs on a grade whose borders were not published."""
    score = regime.score
    if door.when.kind != "grade" or score is None:
        return False
    return not score.known or score.span_of(door.when.name) is None


@pytest.mark.parametrize("regime_id", IDS)
def test_lives_in_a_small_town(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    plan, result = worlds.live(regime, months=14, residents=500)
    known = [one for one in regime.stacked() if one.subjects == "residents" and one.score and one.score.known]
    assert plan.schemes == len(known)
    outcome = worlds.columns(plan, result)
    if not known:
        assert (outcome["score"] == 0).all()
        assert (outcome["grade"] == NO_GRADE).all()
    elif all(band.grade is None for band in known[0].score.spans()):
        assert (outcome["grade"] == NO_GRADE).all()


@pytest.mark.parametrize("regime_id", IDS)
def test_is_told_with_its_marks_and_its_unknowns(regime_id: str) -> None:
    regime = catalog.load_regime(regime_id)
    review = catalog.review_status(regime_id)
    told = "\n".join(sentences(regime, review=review))
    numbers = regime.numbers()
    assert f"of {len(numbers)} numbers verified" in told or not numbers
    assert review[0].upper() + review[1:] in told
    assert told.count("\n  ") >= sum(number.value is None for number in numbers)
    if regime.score and not regime.score.known:
        assert "No score can be worked out" in told


def _values(key: str, node: object) -> list[str]:
    """Every text under ``key`` anywhere in plain data."""
    found: list[str] = []
    if isinstance(node, dict):
        found += [value for name, value in node.items() if name == key and isinstance(value, str)]
        for value in node.values():
            found += _values(key, value)
    elif isinstance(node, list):
        for value in node:
            found += _values(key, value)
    return found
