"""Each measure on data whose answer is known, each kind of copy, and the excerpts of real publishers."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from counterscore.mirror import Facts, parse, read
from counterscore.mirror.compare import read_weights, standings, weighed, why_none
from counterscore.mirror.evaluate import ALL, Evaluation
from counterscore.mirror.measures import all_measures
from tests.mirror.published import DATA, SOURCE, cell, day, facts_of, process, published, stamp

TWO = "bodies: {W1: {name: Ministry of Works, kind: ministry}, H1: {name: Health Service, kind: hospital}}\n"


def _excerpt(name: str, folder: Path, **changed: str) -> Facts:
    source = (DATA / f"{name}.source.yaml").read_text()
    for key, value in changed.items():
        source += f"{key}: {value}\n"
    return read(sorted(DATA.glob(f"{name}*.json*")), parse(source), folder / name)


def _beside(found: Any) -> dict[str, float | None]:
    return {what: value for what, value, _, _ in found.beside}


def test_late_ends_and_their_days(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, published(50, late_ends=20))
    late, slip = cell(facts, "M1"), cell(facts, "M2")
    assert (late.value, late.n, late.eligible) == (0.4, 50, 50)
    assert (round(late.low or 0, 4), round(late.high or 0, 4)) == (0.2761, 0.5382)  # Wilson, by hand
    assert slip.value == 0
    assert _beside(slip)["mean, slips over five years counted as five"] == pytest.approx(16)
    assert _beside(slip)["median of those that moved later"] == 40


def test_an_extension_declared_with_the_first_end_is_an_option_and_no_slip(tmp_path: Path) -> None:
    """``maxExtentDate`` of the first release covers the move; one that is told with the move, or that is too short, does not."""
    releases = published(40, late_ends=20)
    for number in range(20):
        first, second = (one["contracts"][0]["period"] for one in releases[2 * number : 2 * number + 2])
        extent = stamp(first["endDate"][:10], 60 if number < 10 else 10)
        first["maxExtentDate"] = second["maxExtentDate"] = extent
        if number >= 15:
            second["maxExtentDate"] = stamp(first["endDate"][:10], 60)
            del first["maxExtentDate"]
    facts = facts_of(tmp_path, releases)
    late = cell(facts, "M1")
    assert (late.value, late.n) == (0.25, 40)
    assert _beside(late)["moved within a declared extension"] == 0.25
    lines = {one.what: one.value for one in Evaluation(facts).sensitivity() if one.measure == "M1"}
    assert lines["declared extensions counted as slips"] == 0.5
    assert _beside(cell(facts, "M2"))["mean, slips over five years counted as five"] == pytest.approx(10)


def test_ends_that_are_still_to_come_are_open(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, published(30), "window: {from: 2016-01-01, to: 2016-12-31}\n")
    before = cell(facts, "M1").n
    early = parse(SOURCE.replace("cut_off: 2020-12-31", "cut_off: 2016-09-30"))
    found = cell(read([tmp_path / "data.json"], early, tmp_path / "early"), "M1")
    assert found.n < before
    assert found.by_state()["open"] == found.eligible - found.n


def test_told_once_says_nothing_unless_every_change_is_told(tmp_path: Path) -> None:
    once = published(40)[::2]
    alone = cell(facts_of(tmp_path / "a", once), "M1")
    assert (alone.state, alone.reasons) == ("too few", {"missing: the end is stated in one dated release only": 40})
    assert cell(facts_of(tmp_path / "b", once, "changes_published: true\n"), "M1").n == 40


def test_payments_late_at_thirty_and_sixty_days(tmp_path: Path) -> None:
    found = cell(facts_of(tmp_path, published(40, late_payments=10)), "M3")
    assert found.value == 0.25
    assert _beside(found)["later than 30 days"] == 0.25
    assert _beside(found)["later than 60 days"] == 0.0


def test_what_a_milestone_calls_unmet_counts_as_late_and_the_unpaid_are_censored(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases[:20]:
        done = one["contracts"][0]["implementation"]
        done["transactions"] = []
        done["milestones"][0]["status"] = "notMet"
    found = cell(facts_of(tmp_path, releases), "M3")
    assert (found.n, found.value) == (40, 0.25)
    assert _beside(found)["later than 60 days"] == 0.25


def test_no_payment_and_payments_of_nothing_never_mean_unpaid(tmp_path: Path) -> None:
    releases = published(20)
    for one in releases:
        one["contracts"][0]["implementation"]["transactions"][0]["value"]["amount"] = 0
    facts = facts_of(tmp_path / "a", releases)
    assert cell(facts, "M3").reasons == {"missing: a payment of nothing": 20}
    for one in releases:
        del one["contracts"][0]["implementation"]
    assert cell(facts_of(tmp_path / "b", releases), "M3").state == "refused"


def test_a_due_date_that_is_moved_counts_as_first_told(tmp_path: Path) -> None:
    releases = published(40, late_payments=10)
    for one in releases[1:20:2]:
        milestone = one["contracts"][0]["implementation"]["milestones"][0]
        milestone["dueDate"] = stamp(milestone["dueDate"][:10], 90)
    facts = facts_of(tmp_path, releases)
    assert cell(facts, "M3").value == 0.25
    lines = {one.what: one.value for one in Evaluation(facts).sensitivity() if one.measure == "M3"}
    assert lines == {"due dates as last told": 0.0}


def test_amended_contracts_and_amendments_a_year(tmp_path: Path) -> None:
    releases = published(40)
    for number, one in enumerate(releases[:20]):
        if number % 2:
            one["contracts"][0]["amendments"] = [
                {"id": "1", "date": stamp("2016-09-01")},
                {"id": "2", "date": stamp("2016-10-01")},
            ]
    found = cell(facts_of(tmp_path, releases), "M4")
    assert found.value == 0.25
    # 20 amendments in 40 contracts of 200 days.
    assert _beside(found)["amendments in a contract-year"] == pytest.approx(20 / (40 * 200 / 365.25), rel=0.01)


def test_amendments_that_nobody_publishes_cannot_be_counted(tmp_path: Path) -> None:
    assert cell(facts_of(tmp_path, published(20)), "M4").why.startswith("no amendment is published for any body")


def test_prices_grow_from_version_to_version(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases[1:40:2]:
        one["contracts"][0]["value"]["amount"] *= 1.5
    found = cell(facts_of(tmp_path, releases), "M5")
    assert _beside(found)["grew by more than 20 %"] == 0.5
    assert found.value == pytest.approx(0.25)  # between none and a half


def test_prices_copied_from_the_award_say_nothing(tmp_path: Path) -> None:
    releases = published(30)
    assert cell(facts_of(tmp_path / "a", releases), "M5a").state == "printed"
    for one in releases:
        one["contracts"][0]["value"]["amount"] = one["awards"][0]["value"]["amount"]
    assert (
        cell(facts_of(tmp_path / "b", releases), "M5a").why
        == "contract value equals award value in 30 of 30: nothing can be seen"
    )


def test_single_bids_from_lists_of_tenderers(tmp_path: Path) -> None:
    releases = published(40)
    for number, one in enumerate(releases):
        winner = one["awards"][0]["suppliers"][0]
        losers = [{"id": "L", "name": "Loser Ltd"}] if number // 2 % 4 else []
        one["tender"]["tenderers"] = [winner, *losers]
        del one["tender"]["numberOfTenderers"]
    facts = facts_of(tmp_path / "a", releases)
    assert (cell(facts, "M6").n, cell(facts, "M6t").value) == (0, 0.25)
    for one in releases:
        one["tender"]["tenderers"] = one["awards"][0]["suppliers"]
    assert "losers are not listed" in cell(facts_of(tmp_path / "b", releases), "M6t").why
    for one in releases:
        one["tender"]["tenderers"] = [{"id": "x", "name": "Somebody Else"}]
    assert "a placeholder" in cell(facts_of(tmp_path / "c", releases), "M6t").why
    for one in releases:
        one["tender"]["tenderers"] = [{"id": "x", "name": ""}]
    assert cell(facts_of(tmp_path / "d", releases), "M6t").n == 0


def test_a_list_with_a_tenderer_without_a_name_is_no_list(tmp_path: Path) -> None:
    releases = published(40)
    for number, one in enumerate(releases):
        other = {"id": "L", "name": "" if number < 20 else "Loser Ltd"}
        one["tender"]["tenderers"] = [one["awards"][0]["suppliers"][0], other]
    found = cell(facts_of(tmp_path, releases), "M6t")
    assert (found.n, found.reasons) == (30, {"missing: a tenderer without a name: a placeholder": 10})


def test_limited_and_direct_awards_are_not_competitive(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases[:20]:
        one["tender"]["procurementMethod"] = "direct"
    assert cell(facts_of(tmp_path, releases), "M6").eligible == 30


def test_time_from_the_tender_to_the_award(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases:
        closed = one["tender"]["tenderPeriod"]["endDate"][:10]
        one["awards"][0]["date"] = stamp(closed, 21)
    for one in releases[:8]:
        closed = one["tender"]["tenderPeriod"]["endDate"][:10]
        one["awards"][0]["date"] = stamp(closed, -1)
    found = cell(facts_of(tmp_path, releases), "M7")
    assert (found.value, found.n, found.by_state()) == (21, 36, {"contradictory": 4})


def test_awards_published_late(tmp_path: Path) -> None:
    releases = published(40)
    late = sum(12 + number % 40 > 30 for number in range(40))
    assert cell(facts_of(tmp_path, releases), "M8").value == pytest.approx(late / 40)


@pytest.mark.parametrize(("days", "words"), [(0, "dated as the award"), (3, "follows the award by 3 days")])
def test_release_dates_made_from_award_dates_say_nothing(tmp_path: Path, days: int, words: str) -> None:
    releases = published(40)
    for one in releases:
        one["date"] = stamp(one["awards"][0]["date"][:10], days + (200 if one["tag"] == ["contractUpdate"] else 0))
    assert words in cell(facts_of(tmp_path, releases), "M8").why


def test_release_dates_of_an_export_say_nothing(tmp_path: Path) -> None:
    releases = published(40)[::2]
    for one in releases:
        one["date"] = "2020-06-01T00:00:00Z"
    assert "the day of an export" in cell(facts_of(tmp_path, releases), "M8").why


def test_cancelled_and_unsuccessful_are_told_apart(tmp_path: Path) -> None:
    releases = published(40)
    for number, one in enumerate(releases[:24]):
        one["tender"]["status"] = "cancelled" if number < 16 else "unsuccessful"
        one["awards"], one["contracts"] = [], []
    found = cell(facts_of(tmp_path, releases), "M9")
    assert (found.value, found.n) == (8 / 36, 36)
    assert found.by_state() == {"open": 4}
    assert _beside(found)["unsuccessful, of those and the decided"] == pytest.approx(0.1)


def test_without_awards_no_share_of_failures_is_told(tmp_path: Path) -> None:
    """Where nothing is ever awarded, "unsuccessful" may be a word for closed."""
    releases = published(40)
    for number, one in enumerate(releases):
        one["tender"]["status"] = "cancelled" if number < 24 else "unsuccessful"
        one["awards"], one["contracts"] = [], []
    found = cell(facts_of(tmp_path, releases), "M9")
    assert (found.state, found.n, found.beside) == ("printed", 12, ())


def test_a_status_that_nobody_keeps_up_says_nothing(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases:
        one["tender"]["status"] = "unsuccessful"
        one["contracts"][0]["status"] = "active"
    facts = facts_of(tmp_path, releases)
    assert 'tender.status is "unsuccessful" in 40 of 40' in cell(facts, "M9").why
    assert 'contracts.status is "active" in 40 of 40' in cell(facts, "M11").why


def test_new_suppliers_after_two_years_of_getting_known(tmp_path: Path) -> None:
    releases = []
    for number in range(120):
        one = process(number)[0]
        one["awards"][0]["date"] = stamp("2015-01-01", number * 15)
        one["date"] = stamp("2015-01-01", number * 15 + 20 + number % 3)
        one["tender"]["tenderPeriod"] = {}
        name = "Steady Ltd" if number % 4 else f"Once {number} Ltd"
        one["awards"][0]["suppliers"] = [{"id": "1", "name": name}]  # one id for all, as one publisher does
        one["contracts"] = []
        releases.append(one)
    found = cell(facts_of(tmp_path / "a", releases), "M10")
    usable = [number for number in range(120) if number * 15 >= 730]
    assert found.n == len(usable)
    assert found.value == pytest.approx(sum(number % 4 == 0 for number in usable) / len(usable))
    for number, one in enumerate(releases):  # a new id in every process, as another does
        one["awards"][0]["suppliers"] = [{"id": f"S{number}", "name": f"Steady {number % 12} Ltd"}]
    assert "nobody is ever seen again" in cell(facts_of(tmp_path / "b", releases), "M10").why


def test_contracts_ended_before_their_time(tmp_path: Path) -> None:
    releases = published(40)
    for number, one in enumerate(releases):
        one["contracts"][0]["status"] = "active" if number % 2 == 0 or number > 19 else "cancelled"
    found = cell(facts_of(tmp_path, releases), "M11")
    assert (found.value, found.n) == (0.25, 40)
    for one in releases[1:20:2]:
        one["date"] = stamp(one["contracts"][0]["period"]["endDate"][:10], 30)
    late = cell(facts_of(tmp_path / "b", releases), "M11")
    assert (late.value, late.by_state()) == (0.0, {"missing": 10})


def test_canada(tmp_path: Path) -> None:
    """Rows of amendments: one statement tells that nothing changed, and no currency is guessed."""
    facts = _excerpt("canada", tmp_path)
    assert (facts.record["processes"], facts.record["bodies"][0]["kind"]) == (123, "agency")
    late = cell(facts, "M1")
    assert (late.n, late.eligible, round((late.value or 0) * late.n)) == (93, 125, 2)
    assert round((_beside(late)["moved by whole years, as an option would be"] or 0) * late.n) == 6
    lines = {one.what: one for one in Evaluation(facts).sensitivity() if one.measure == "M1"}
    assert lines["contracts not yet due counted too"].n == 125
    assert lines["only contracts told twice"].n == 46
    assert round((cell(facts, "M4").value or 0) * 125) == 57
    assert cell(facts, "M5").reasons == {"missing: no currency, or several": 125}
    for one in ("M3", "M8", "M9", "M10", "M11"):
        assert cell(facts, one).value is None


def test_colombia(tmp_path: Path) -> None:
    """Zero bidders in every award, values copied, four cancelled of a hundred."""
    facts = _excerpt("colombia", tmp_path)
    assert cell(facts, "M6").why == "numberOfTenderers is 0 in 96 of 96 awarded processes: nothing can be seen"
    assert cell(facts, "M5a").why == "contract value equals award value in 98 of 98: nothing can be seen"
    assert (cell(facts, "M9").value, cell(facts, "M9").n) == (0.04, 100)
    assert cell(facts, "M8").state == "refused"


def test_uk(tmp_path: Path) -> None:
    """No awards at all: "unsuccessful" may mean closed, and no share of failures is told."""
    found = cell(_excerpt("uk", tmp_path), "M9")
    assert (found.state, found.beside) == ("too few", ())


def test_paraguay_and_new_south_wales(tmp_path: Path) -> None:
    facts = _excerpt("paraguay", tmp_path)
    assert facts.record["linked"] == 10
    assert facts.table("facts").num_rows == 25
    assert cell(facts, "M1").n == 0
    assert cell(_excerpt("nsw", tmp_path), "M7").eligible == 0


def test_bodies_are_compared_only_where_enough_is_seen(tmp_path: Path) -> None:
    releases = published(90, late_ends=45)
    for number, one in enumerate(releases):
        one["buyer"] = {"id": "W1" if number // 2 < 45 else "H1", "name": ""}
        one["tender"]["procurementMethod"] = "open"
    facts = facts_of(tmp_path / "a", releases, TWO)
    stood = {(one.measure, one.body): one for one in standings(Evaluation(facts))}
    works, health = stood["M1", "Ministry of Works"], stood["M1", "Health Service"]
    assert (works.value, health.value) == (1.0, 0.0)
    assert ((works.rank_low, works.rank_high), (health.rank_low, health.rank_high)) == ((1, 1), (2, 2))
    assert works.p < 0.001
    assert works.shrunk is not None
    assert works.shrunk < 1.0
    same = stood["M6", "Ministry of Works"]
    assert (same.rank_low, same.rank_high) == (1, 2)
    assert same.p == 1.0
    few = facts_of(tmp_path / "b", releases[:40] + releases[-40:], TWO)
    assert standings(Evaluation(few)) == []
    assert "30 usable rows" in why_none(Evaluation(few))


def test_methods_and_values_are_not_thrown_together(tmp_path: Path) -> None:
    releases = published(80, late_ends=40)
    for number, one in enumerate(releases):
        first = number // 2 < 40
        one["buyer"] = {"id": "W1" if first else "H1"}
        one["tender"]["procurementMethod"] = "open" if first else "selective"
    assert standings(Evaluation(facts_of(tmp_path, releases, TWO))) == []


def test_somebodys_weights_tell_what_rests_on_nothing(tmp_path: Path) -> None:
    evaluation = Evaluation(facts_of(tmp_path, published(40, late_ends=10)))
    file = tmp_path / "weights.yaml"
    file.write_text("measures: {M1: 3, M4: 1}\n")
    weights = read_weights(file, all_measures())
    (found,) = weighed(evaluation, weights, [ALL])
    assert (found.value, found.on_nothing, found.used) == (0.25, 0.25, ("M1",))


def test_weight_on_what_is_seen_in_part_rests_on_nothing_in_part(tmp_path: Path) -> None:
    releases = published(40, late_ends=10)
    for one in releases[60:]:
        del one["contracts"][0]["period"]["endDate"]
    (found,) = weighed(Evaluation(facts_of(tmp_path, releases)), {"M1": 3, "M4": 1}, [ALL])
    assert found.on_nothing == pytest.approx(1 - 3 * 0.75 / 4)


def test_the_window_leaves_out_what_was_decided_elsewhere(tmp_path: Path) -> None:
    releases = published(40)
    facts = facts_of(tmp_path, releases, "window: {from: 2016-06-01, to: 2016-12-31}\n")
    inside = sum("2016-06-01" <= one["awards"][0]["date"][:10] <= "2016-12-31" for one in releases[::2])
    assert cell(facts, "M1").eligible == inside


def test_impossible_ends_dropped_or_censored(tmp_path: Path) -> None:
    releases = published(40, late_ends=10)
    for one in releases[61::2]:
        one["contracts"][0]["period"]["endDate"] = "3014-01-01"
    facts = facts_of(tmp_path, releases)
    assert (cell(facts, "M1").value, cell(facts, "M1").n) == (10 / 30, 30)
    lines = {one.what: one for one in Evaluation(facts).sensitivity() if one.measure == "M1"}
    assert (
        lines["ends beyond thirty years counted as late"].value,
        lines["ends beyond thirty years counted as late"].n,
    ) == (0.5, 40)


def test_a_draft_contract_without_its_first_row_has_no_first_promise(tmp_path: Path) -> None:
    def row(number: str, end: str, awarded: str) -> dict[str, Any]:
        return {
            "ocid": "d1", "releaseTag": "contractAmendment", "releaseID": "", "buyer": {"id": {"name": "Justice Canada"}},
            "awards": [{"awardDate": awarded, "notice": {"id": "n"}}],
            "contracts": [{"id": {"name": "c"}, "isAmendment": number, "contractPeriod": {"endDate": end}, "contractValue": {"amount": "10"}}],
        }  # fmt: skip

    rows = [
        row("0", "2013-03-31", "2012-01-01"),
        row("1", "2013-05-31", "2012-01-01"),
        row("T01", "2012-12-31", "2012-12-01"),
    ]
    whole = facts_of(tmp_path / "a", deepcopy(rows)).table("facts").to_pylist()[0]
    assert (whole["end_n"], whole["end_slip"], whole["status"], whole["amended"]) == (3, -90, "terminated", 1)
    cut = facts_of(tmp_path / "b", deepcopy(rows[1:])).table("facts").to_pylist()[0]
    assert (cut["end_state"], cut["end_why"]) == ("missing", "its first row is not here: the first promise is unknown")
    assert day("2012-01-01") == "2012-01-01"
