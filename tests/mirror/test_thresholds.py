"""On which side of each threshold a number falls: one below, one above, and the very place."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from counterscore.mirror import Facts
from counterscore.mirror.compare import _of_measure, standings
from counterscore.mirror.dates import read_instant, whole_years
from counterscore.mirror.evaluate import Evaluation
from counterscore.mirror.measures import find_measure
from tests.mirror.published import Raw, cell, day, facts_of, process, published, stamp

TWO = "bodies: {W1: {name: Ministry of Works}, H1: {name: Health Service}}\n"


def _beside(facts: Facts, measure: str) -> dict[str, float | None]:
    return {what: value for what, value, _, _ in cell(facts, measure).beside}


def _awards(suppliers_and_days: list[tuple[str, int]]) -> list[Raw]:
    """One process for each award: its supplier, and its day after the first of 2015."""
    out = []
    for number, (supplier, at) in enumerate(suppliers_and_days):
        one = process(number)[0]
        one["awards"][0] |= {
            "date": stamp("2015-01-01", at),
            "suppliers": [{"id": supplier, "name": f"{supplier} Ltd"}],
        }
        one["date"], one["contracts"], one["tender"]["tenderPeriod"] = stamp("2015-01-01", at + 20), [], {}
        out.append(one)
    return out


def test_a_number_is_printed_from_ten_and_not_from_nine(tmp_path: Path) -> None:
    assert cell(facts_of(tmp_path / "a", published(10)), "M1").state == "printed"
    nine = cell(facts_of(tmp_path / "b", published(9)), "M1")
    assert (nine.state, nine.value, nine.why) == ("too few", None, "not computable (n = 9 of 9)")


@pytest.mark.parametrize(
    ("usable", "of", "compared"), [(30, 60, True), (29, 58, False), (30, 61, False), (29, 29, False)]
)
def test_bodies_are_compared_from_thirty_rows_and_half_of_them(
    tmp_path: Path, usable: int, of: int, compared: bool
) -> None:
    releases = [process(number)[0] for number in range(of + 30)]
    for number, one in enumerate(releases):
        one["tender"]["procurementMethod"] = "open"
        one["buyer"] = {"id": "W1" if number < of else "H1"}
        if usable <= number < of:
            del one["tender"]["numberOfTenderers"]
    evaluation = Evaluation(facts_of(tmp_path, releases, TWO), [find_measure("M6")])
    assert bool(standings(evaluation)) is compared


def test_values_are_not_thrown_together(tmp_path: Path) -> None:
    releases = published(80)
    for number, one in enumerate(releases):
        one["tender"]["procurementMethod"] = "open"
        one["buyer"] = {"id": "W1" if number < 80 else "H1"}
        one["contracts"][0]["value"]["amount"] = 2_000 if number < 80 else 200_000
    stood = {one.measure for one in standings(Evaluation(facts_of(tmp_path, releases, TWO)))}
    assert "M6" in stood
    assert not stood & {"M1", "M2", "M3", "M4", "M5", "M11"}


def test_p_values_are_those_of_holm(tmp_path: Path) -> None:
    releases = published(70, late_ends=5)
    for number, one in enumerate(releases):
        one["tender"]["procurementMethod"] = "open"
        one["buyer"] = {"id": "W1" if number < 70 else "H1"}
    evaluation = Evaluation(facts_of(tmp_path, releases, TWO), [find_measure(one) for one in ("M1", "M6", "M7")])
    raw = sorted(one.p for measure in evaluation.measures for one in _of_measure(evaluation, measure))
    expected, most = [], 0.0
    for place, p in enumerate(raw):
        most = max(most, min(1.0, p * (len(raw) - place)))
        expected.append(most)
    found = sorted(one.p for one in standings(evaluation))
    assert found == pytest.approx(expected)
    assert found != pytest.approx(raw)


@pytest.mark.parametrize(("days", "years"), [(363, 0), (364, 1), (365, 1), (366, 1), (367, 0), (730, 2), (20, 0)])
def test_moves_by_whole_years_give_or_take_a_day(days: int, years: int) -> None:
    first, last = read_instant("2017-03-01"), read_instant(day("2017-03-01", days))
    assert first is not None
    assert last is not None
    assert whole_years(first, last) == years


def test_slips_are_cut_off_at_five_years(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [one for number in range(12) for one in process(number, slip=3_000)])
    assert cell(facts, "M2").value == 1_826
    assert cell(facts, "M1").value == 1.0


def test_a_first_word_that_is_told_twice_is_still_the_first(tmp_path: Path) -> None:
    """Two releases of one instant that say the same are one first word."""
    releases = process(0, slip=30)
    again = {**deepcopy(releases[0]), "id": "0-again"}
    (row,) = facts_of(tmp_path, [*releases, again]).table("facts").to_pylist()
    assert (row["end_slip"], row["end_n"]) == (30, 2)


def _paid(delays: list[int]) -> list[Raw]:
    """Contracts with one payment each, so many days after it was due."""
    releases = []
    for number, delay in enumerate(delays):
        for one in process(number):
            done = one["contracts"][0]["implementation"]
            done["transactions"][0]["date"] = stamp(done["milestones"][0]["dueDate"][:10], delay)
            releases.append(one)
    return releases


def test_a_day_late_is_late_and_the_very_day_is_not(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, _paid([1] * 10 + [0] * 10 + [-3] * 20))
    assert cell(facts, "M3").value == 0.25
    evaluation = Evaluation(facts)
    assert evaluation.rows(find_measure("M3")).value.sum() == 10  # those that the list of processes calls late


@pytest.mark.parametrize(
    ("equal", "of", "state"), [(19, 20, "refused"), (18, 20, "printed"), (10, 10, "refused"), (9, 9, "too few")]
)
def test_nineteen_of_twenty_and_ten_of_ten_are_copied_and_fewer_are_not(
    tmp_path: Path, equal: int, of: int, state: str
) -> None:
    assert cell(facts_of(tmp_path, _paid([0] * equal + [-5] * (of - equal))), "M3").state == state


@pytest.mark.parametrize(("many", "state"), [(30, "refused"), (29, "printed")])
def test_thirty_counts_that_are_one_are_filled_by_rule(tmp_path: Path, many: int, state: str) -> None:
    releases = [process(number, bidders=2)[0] for number in range(many)]
    assert cell(facts_of(tmp_path, releases), "M6").state == state


def test_thirty_days_are_not_later_than_thirty(tmp_path: Path) -> None:
    found = _beside(facts_of(tmp_path, _paid([30] * 10 + [31] * 10 + [60] * 10 + [61] * 10)), "M3")
    assert (found["later than 30 days"], found["later than 60 days"]) == (0.75, 0.25)


def test_a_milestone_that_says_nothing_is_not_unpaid(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        one["contracts"][0]["implementation"]["transactions"] = []
    found = cell(facts_of(tmp_path, releases), "M3")
    assert (found.state, found.eligible) == ("refused", 0)


def test_a_milestone_may_say_in_local_words_that_it_is_not_met(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        done = one["contracts"][0]["implementation"]
        done["transactions"], done["milestones"][0]["status"] = [], "Incumplido"
    facts = facts_of(tmp_path / "a", releases)
    assert {"kind": "milestone", "word": "Incumplido", "times": 12} in facts.record["unmapped"]
    assert cell(facts, "M3").eligible == 0
    mapped = facts_of(tmp_path / "b", releases, "codes: {milestone: {incumplido: notMet}}\n")
    assert (cell(mapped, "M3").value, cell(mapped, "M3").n) == (1.0, 12)


def test_payments_after_the_cut_off_and_before_the_signature_are_not_counted(tmp_path: Path) -> None:
    releases = published(20)
    for number, one in enumerate(releases):
        contract = one["contracts"][0]
        if number < 20:
            when = stamp("2021-01-01") if number < 10 else stamp(contract["dateSigned"][:10], -1)
            contract["implementation"]["transactions"][0]["date"] = when
    found = cell(facts_of(tmp_path, releases), "M3")
    assert (found.n, found.by_state()) == (10, {"impossible": 5, "contradictory": 5})


def test_one_amendment_is_an_amendment(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases[:20]:
        one["contracts"][0]["amendments"] = [{"id": "1", "date": stamp("2016-09-01")}]
    assert cell(facts_of(tmp_path, releases), "M4").value == 0.25


def test_a_release_that_is_tagged_as_an_amendment_is_one(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases[1:20:2]:
        one["tag"] = ["contractAmendment"]
    assert cell(facts_of(tmp_path, releases), "M4").value == 0.25


def _priced(first: float, last: float) -> list[Raw]:
    releases = published(12)
    for number, one in enumerate(releases):
        one["contracts"][0]["value"]["amount"] = last if number % 2 else first
    return releases


def test_a_fifth_more_is_not_more_than_a_fifth(tmp_path: Path) -> None:
    assert _beside(facts_of(tmp_path / "a", _priced(1_000, 1_200)), "M5")["grew by more than 20 %"] == 0
    assert _beside(facts_of(tmp_path / "b", _priced(1_000, 1_201)), "M5")["grew by more than 20 %"] == 1


def test_a_value_of_a_cent_is_a_value(tmp_path: Path) -> None:
    assert cell(facts_of(tmp_path / "a", _priced(0.01, 0.02)), "M5").value == 1
    assert cell(facts_of(tmp_path / "b", _priced(0.009, 0.02)), "M5").reasons == {
        "impossible: the first value is nothing": 12
    }


def test_a_price_told_once_did_not_grow(tmp_path: Path) -> None:
    assert cell(facts_of(tmp_path, published(12)[::2]), "M5").reasons == {
        "missing: the value is stated in one dated release only": 12
    }


def test_an_award_with_several_contracts_is_not_compared_with_one(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        one["contracts"].append({**deepcopy(one["contracts"][0]), "id": "c2"})
    assert cell(facts_of(tmp_path, releases), "M5a").reasons == {"missing: the award has several contracts": 24}


def test_a_hundred_and_twenty_days_are_slow(tmp_path: Path) -> None:
    releases = [process(number)[0] for number in range(20)]
    for number, one in enumerate(releases):
        closed = one["tender"]["tenderPeriod"]["endDate"][:10]
        one["awards"][0]["date"] = stamp(closed, 119 + number % 2)
    assert _beside(facts_of(tmp_path, releases), "M7")["120 days or more"] == 0.5


def test_published_before_it_was_awarded_is_contradictory(tmp_path: Path) -> None:
    releases = [process(number)[0] for number in range(12)]
    for one in releases:
        one["date"] = stamp(one["awards"][0]["date"][:10], -3)
    assert cell(facts_of(tmp_path, releases), "M8").reasons == {"contradictory: published before it was awarded": 12}


def test_a_compiled_release_has_no_day_of_publication(tmp_path: Path) -> None:
    releases = [{**process(number)[1], "tag": ["compiled"]} for number in range(12)]
    assert cell(facts_of(tmp_path, releases), "M8").reasons == {
        "missing: compiled only: the day of the first release is lost": 12
    }


def test_withdrawn_counts_as_cancelled(tmp_path: Path) -> None:
    releases = published(40)
    for number, one in enumerate(releases[:20]):
        one["tender"]["status"] = "withdrawn" if number % 4 < 2 else "cancelled"
        one["awards"], one["contracts"] = [], []
    assert cell(facts_of(tmp_path, releases), "M9").value == 0.25


def test_two_years_without_an_award_make_a_supplier_new_again(tmp_path: Path) -> None:
    """730 days after is known, 731 days after is new; the first of the latter is the first day that counts at all."""
    again = [(f"S{k}", k + gap) for k in range(10) for gap in (0, 730)]
    late = [(f"T{k}", k + gap) for k in range(10) for gap in (0, 731)]
    found = cell(facts_of(tmp_path, _awards([*again, *late, ("Last", 1_500)])), "M10")
    assert (found.n, found.value) == (21, 11 / 21)


@pytest.mark.parametrize(("days", "state"), [(1_461, "printed"), (1_460, "refused")])
def test_new_suppliers_need_four_years_of_awards(tmp_path: Path, days: int, state: str) -> None:
    found = cell(facts_of(tmp_path, _awards([("A", 0), *((f"S{k}", 800 + k) for k in range(12)), ("A", days)])), "M10")
    assert found.state == state


def _cancelled(days: int, slip: int = 0) -> list[Raw]:
    """Contracts that a release calls cancelled, so many days after their first promised end."""
    releases = []
    for number in range(20):
        first, second = process(number, slip=slip)
        first["contracts"][0]["status"] = "active"
        second["contracts"][0]["status"] = "cancelled" if number < 15 else "active"
        second["date"] = stamp(first["contracts"][0]["period"]["endDate"][:10], days)
        releases += [first, second]
    return releases


@pytest.mark.parametrize(
    ("days", "slip", "early", "missing"), [(-1, 0, 15, 0), (0, 0, 0, 15), (1, 0, 0, 15), (20, 60, 0, 15)]
)
def test_ended_on_the_last_day_or_after_it_is_not_early(
    tmp_path: Path, days: int, slip: int, early: int, missing: int
) -> None:
    """Nor is a contract that was ended after the first promise and before a later one."""
    found = cell(facts_of(tmp_path, _cancelled(days, slip)), "M11")
    if missing:
        assert (found.state, found.n, found.by_state()) == ("too few", 5, {"missing": missing})
    else:
        assert (found.value, found.n) == (early / 20, 20)


def test_contracts_that_still_run_are_open_and_not_kept(tmp_path: Path) -> None:
    releases: list[dict[str, Any]] = _cancelled(-1)
    for one in releases:
        one["contracts"][0]["period"]["endDate"] = stamp("2021-02-01")
    found = cell(facts_of(tmp_path, releases), "M11")
    assert (found.value, found.n, found.by_state()) == (1.0, 15, {"open": 5})
