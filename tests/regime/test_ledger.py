"""What a rule means, month by month: each sentence of the ledger's first page, and a few of its borders."""

from __future__ import annotations

from typing import Any

import pytest

from counterscore.regime.cases import points_text
from counterscore.regime.ledger import Ledger, PaperExit, curve_points
from tests.regime.books import ARREARS, BLOOD, DRUNK, TICKET, VOLUNTEER, WEIHAI, a_list, grade, points, rec, regime, row


class TestPoints:
    def test_fixed(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5)))
        steps = ledger.month(0, [rec(TICKET), rec(TICKET)])
        assert points(ledger) == "990"
        assert [step.score for step in steps] == ["995", "990"]

    def test_an_official_chooses(self) -> None:
        ledger = Ledger(regime(row(TICKET, discretion={"least": -5, "most": -50})))
        (step,) = ledger.month(0, [rec(TICKET, points60=-40 * 60)])
        assert points(ledger) == "960"
        assert step.value == "-5 to -50"
        assert "chosen from" in step.what

    def test_without_a_choice_the_middle_rounded_towards_zero(self) -> None:
        ledger = Ledger(regime(row(TICKET, discretion={"least": -5, "most": -50})))
        (step,) = ledger.month(0, [rec(TICKET)])
        assert points(ledger) == "973"  # -27.5 becomes -27
        assert "as no choice is given" in step.what

    def test_the_middle_of_a_reward_rounds_towards_zero_too(self) -> None:
        ledger = Ledger(regime(row(TICKET, discretion={"least": 5, "most": 10})))
        ledger.month(0, [rec(TICKET)])
        assert points(ledger) == "1007"

    def test_a_choice_outside_the_range_becomes_the_nearest_and_is_told(self) -> None:
        ledger = Ledger(regime(row(TICKET, discretion={"least": -5, "most": -50})))
        (step,) = ledger.month(0, [rec(TICKET, points60=-80 * 60)])
        assert points(ledger) == "950"
        assert "the nearest to -80 that -5 to -50 allows" in step.what

    def test_a_choice_where_the_rule_leaves_none_is_told(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5)))
        (step,) = ledger.month(0, [rec(TICKET, points60=-80 * 60)])
        assert points(ledger) == "995"
        assert "fixed by the rule (not -80)" in step.what

    @pytest.mark.parametrize(
        "more",
        [{"points": "unknown"}, {"discretion": {"least": -5, "most": "unknown"}}],
        ids=["points", "range"],
    )
    def test_unknown_is_not_applied_and_not_zero(self, more: dict[str, Any]) -> None:
        rules = regime(row(TICKET, **more), lists={"seen": a_list(f"record({TICKET})")})
        ledger = Ledger(rules)
        steps = ledger.month(0, [rec(TICKET)])
        assert points(ledger) == "1000"
        assert steps[0].what.endswith("points unknown: not applied.")
        assert steps[0].value == "unknown"
        assert ledger.lists() == ("seen",)  # the record itself is there

    def test_a_row_without_points_is_not_unknown(self) -> None:
        (step,) = Ledger(regime(row(TICKET))).month(0, [rec(TICKET)])
        assert step.what.endswith("recorded, without points.")

    def test_an_act_no_rule_covers_is_told(self) -> None:
        (step,) = Ledger(regime(row(TICKET, points=-5))).month(0, [rec(BLOOD)])
        assert step.what == "No rule covers: donated blood."
        assert (step.rule, step.score) == ("", "1000")

    def test_every_row_that_covers_the_act_applies(self) -> None:
        rules = regime(row(TICKET, "one", points=-5), row(TICKET, "two", points=-7))
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        assert points(ledger) == "988"

    def test_a_unit_without_a_curve_counts_per_record(self) -> None:
        ledger = Ledger(regime(row(VOLUNTEER, points=3)))
        ledger.month(0, [rec(VOLUNTEER, amount=40)])
        assert points(ledger) == "1003"


class TestCurve:
    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            (1, "1"),
            (20, "20"),
            (22, "21"),
            (80, "50"),
            (81, "50 1/3"),
            (200, "90"),
            (201, "90 1/4"),
            (240, "100"),
        ],
    )
    def test_weihai(self, hours: int, expected: str) -> None:
        curve = regime(row(VOLUNTEER, curve=WEIHAI)).catalogue[0].curve
        assert points_text(curve_points(curve, hours)) == expected

    def test_hours_add_up_within_a_calendar_year(self) -> None:
        ledger = Ledger(regime(row(VOLUNTEER, curve=WEIHAI)))
        ledger.month(0, [rec(VOLUNTEER, amount=50)])
        assert points(ledger) == "1035"
        ledger.month(11, [rec(VOLUNTEER, amount=31)])
        assert points(ledger) == "1050 1/3"

    def test_january_starts_the_curve_again(self) -> None:
        ledger = Ledger(regime(row(VOLUNTEER, curve=WEIHAI)))
        ledger.month(11, [rec(VOLUNTEER, amount=20)])
        ledger.month(12, [rec(VOLUNTEER, amount=20)])
        assert points(ledger) == "1040"

    def test_parts_of_a_sixtieth_round_towards_zero(self) -> None:
        for sign in (1, -1):
            ledger = Ledger(regime(row(VOLUNTEER, curve=[{"points": sign, "per": 7}])))
            ledger.month(0, [rec(VOLUNTEER, amount=1)])
            assert ledger.score60("town") == 60_000 + sign * 8  # 60 / 7 = 8.57

    def test_a_record_taken_back_leaves_the_hours_in_the_account(self) -> None:
        ledger = Ledger(regime(row(VOLUNTEER, curve=WEIHAI)))
        ledger.month(0, [rec(VOLUNTEER, amount=20)])
        ledger.month(1, [rec(VOLUNTEER, amount=20)], [PaperExit("corrected", record=0)])
        assert points(ledger) == "1010"

    def test_a_step_with_unknown_points_is_not_applied(self) -> None:
        ledger = Ledger(regime(row(VOLUNTEER, curve=[{"points": "unknown", "per": 1}])))
        ledger.month(0, [rec(VOLUNTEER, amount=10)])
        assert points(ledger) == "1000"


class TestCyclesAndEpisodes:
    @pytest.mark.parametrize(("per", "expected"), [("cycle", "950"), ("record", "950"), ("episode", "990")])
    def test_five_months_of_arrears(self, per: str, expected: str) -> None:
        ledger = Ledger(regime(row(ARREARS, points=-10, per=per)))
        for month in range(5):
            ledger.month(month, [rec(ARREARS, episode_start=month == 0)])
        assert points(ledger) == expected

    def test_a_new_spell_counts_again(self) -> None:
        ledger = Ledger(regime(row(ARREARS, points=-10, per="episode")))
        for month, start in ((0, True), (1, False), (5, True)):
            ledger.month(month, [rec(ARREARS, episode_start=start)])
        assert points(ledger) == "980"


class TestValidity:
    def test_a_record_counts_for_its_validity_the_month_it_was_made_included(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5, validity="24 months")))
        ledger.month(3, [rec(TICKET)])
        ledger.month(26)
        assert points(ledger) == "995"
        (step,) = ledger.month(27)
        assert points(ledger) == "1000"
        assert step.value == "24 months"
        assert "no longer counts; score 995 -> 1000" in step.what

    def test_days_round_up_to_months(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5, validity="31 days")))
        ledger.month(0, [rec(TICKET)])
        ledger.month(1)
        assert points(ledger) == "995"
        ledger.month(2)
        assert points(ledger) == "1000"

    def test_retention_ends_records_that_would_count_for_longer(self) -> None:
        rights = {"retention": {"at_most": "1 year"}}
        for more in ({}, {"validity": "5 years"}):
            ledger = Ledger(regime(row(TICKET, points=-5, **more), rights=rights))
            ledger.month(0, [rec(TICKET)])
            ledger.month(11)
            assert points(ledger) == "995"
            ledger.month(12)
            assert points(ledger) == "1000"

    def test_each_of_several_endings_says_its_own_share(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5, validity="1 month"), row(BLOOD, points=2, validity="1 month")))
        ledger.month(0, [rec(TICKET), rec(BLOOD)])
        assert [step.score for step in ledger.month(1)] == ["1002", "1000"]


class TestFloorAndCeiling:
    def test_they_hold_the_sum_not_the_way_there(self) -> None:
        rules = regime(row(TICKET, points=-900), row(BLOOD, points=700))
        first, second = Ledger(rules), Ledger(rules)
        for act in (TICKET, TICKET, BLOOD):
            first.month(first._now + 1, [rec(act)])
        for act in (BLOOD, TICKET, TICKET):
            second.month(second._now + 1, [rec(act)])
        assert points(first) == points(second) == "0"
        first.month(3, [rec(BLOOD)])
        assert points(first) == "600"  # 1000 - 1800 + 1400, not 0 + 700

    def test_the_ceiling(self) -> None:
        ledger = Ledger(regime(row(BLOOD, points=200)))
        ledger.month(0, [rec(BLOOD), rec(BLOOD)])
        assert points(ledger) == "1300"


class TestGrades:
    def test_borders_are_included_and_compared_with_the_whole_part(self) -> None:
        ledger = Ledger(regime(row(VOLUNTEER, curve=[{"points": -1, "per": 4}])))
        ledger.month(0, [rec(VOLUNTEER, amount=4 * 40)])
        assert (points(ledger), grade(ledger)) == ("960", "A")
        ledger.month(1, [rec(VOLUNTEER, amount=1)])
        assert (points(ledger), grade(ledger)) == ("959 3/4", "B")
        assert ledger.grade("town") == 1

    def test_a_cap_lasts_as_long_as_its_record(self) -> None:
        ledger = Ledger(regime(row(DRUNK, points=-1, validity="6 months", cap={"grade": "C"})))
        ledger.month(0, [rec(DRUNK)])
        assert (points(ledger), grade(ledger)) == ("999", "C")
        ledger.month(5)
        assert grade(ledger) == "C"
        (step,) = ledger.month(6)
        assert (points(ledger), grade(ledger)) == ("1000", "A")
        assert "grade C -> A" in step.what

    def test_a_cap_with_a_length_of_its_own(self) -> None:
        for validity in ("24 months", "3 months"):
            cap = {"grade": "C", "lasts": "12 months"}
            ledger = Ledger(regime(row(DRUNK, points=-1, validity=validity, cap=cap)))
            ledger.month(0, [rec(DRUNK)])
            ledger.month(11)
            assert grade(ledger) == "C"
            step = ledger.month(12)[-1]
            assert grade(ledger) == "A"
            assert "no longer caps the grade; grade C -> A" in step.what

    def test_retention_ends_caps_too(self) -> None:
        cap = {"grade": "C", "lasts": "12 months"}
        ledger = Ledger(regime(row(DRUNK, cap=cap), rights={"retention": {"at_most": "6 months"}}))
        ledger.month(0, [rec(DRUNK)])
        ledger.month(5)
        assert grade(ledger) == "C"
        ledger.month(6)
        assert grade(ledger) == "A"

    def test_a_cap_never_lifts_a_grade_and_the_worst_counts(self) -> None:
        rules = regime(
            row(DRUNK, points=-500, cap={"grade": "B"}),
            row(TICKET, points=0, cap={"grade": "C"}),
            row(BLOOD, points=500, cap={"grade": "B"}),
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(DRUNK)])
        assert grade(ledger) == "D"
        ledger.month(1, [rec(BLOOD), rec(TICKET)])
        assert grade(ledger) == "C"

    def test_a_score_without_grades_has_none(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5), score={"grades": []}))
        ledger.month(0, [rec(TICKET)])
        assert (grade(ledger), ledger.grade("town")) == (None, None)


class TestUpdate:
    def test_the_score_changes_only_every_so_many_months(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-50), score={"update": "6 months"}))
        (step,) = ledger.month(1, [rec(TICKET)])
        assert points(ledger) == "1000"
        assert "the next score is published in 0000-07" in step.what
        ledger.month(5)
        assert (points(ledger), grade(ledger)) == ("1000", "A")
        (step,) = ledger.month(6)
        assert (points(ledger), grade(ledger)) == ("950", "B")
        assert (step.rule, step.value) == ("score", "6 months")

    def test_the_rhythm_counts_from_the_first_month(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-50), score={"update": "6 months"}), start_month=100)
        ledger.month(100, [rec(TICKET)])
        assert points(ledger) == "950"

    def test_lists_read_the_published_score(self) -> None:
        rules = regime(row(TICKET, points=-500), score={"update": "6 months"}, lists={"low": a_list("score < 600")})
        ledger = Ledger(rules)
        ledger.month(1, [rec(TICKET)])
        assert ledger.lists() == ()
        ledger.month(6)
        assert ledger.lists() == ("low",)


def test_a_month_is_lived_once() -> None:
    ledger = Ledger(regime())
    ledger.month(3)
    with pytest.raises(ValueError, match="lived already"):
        ledger.month(3)


@pytest.mark.parametrize(
    ("points60", "text"),
    [(0, "0"), (60_000, "1000"), (60_020, "1000 1/3"), (-27 * 60, "-27"), (-1650, "-27 1/2"), (8, "2/15")],
)
def test_points_are_written_as_people_write_them(points60: int, text: str) -> None:
    assert points_text(points60) == text
