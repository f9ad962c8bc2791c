"""What a rule means, month by month: each sentence of the ledger's first page, and a few of its borders."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.regime.cases import parse_cases, points_text
from counterscore.regime.ledger import (
    Ledger,
    PaperExit,
    PaperRecord,
    Step,
    apply_on_paper,
    curve_points,
    paper_json,
    paper_text,
)
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document

TICKET, DRUNK, ARREARS, VOLUNTEER, BLOOD = (
    "traffic-violation",
    "drunk-driving",
    "loan-arrears",
    "volunteering",
    "blood-donation",
)
GRADES = [
    {"id": "A", "from": 960, "to": 1300},
    {"id": "B", "from": 850, "to": 959},
    {"id": "C", "from": 600, "to": 849},
    {"id": "D", "from": 0, "to": 599},
]
WEIHAI = [
    {"up_to": 20, "points": 1, "per": 1},
    {"up_to": 80, "points": 1, "per": 2},
    {"up_to": 200, "points": 1, "per": 3},
    {"points": 1, "per": 4},
]


def row(act: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {"id": name or act, "label": name or act, "act": [act], "authority": "office", **more}


def a_list(enter: str, term: str = "24 months", leave: tuple[str, ...] = ("expired",), **more: Any) -> dict[str, Any]:
    return {"label": "A list", "enter": enter, "term": term, "leave": leave, **more}


def door(name: str, when: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "service": "flight", "effect": "closed", "when": when, **more}


def regime(*rows: dict[str, Any], stacked: tuple[Regime, ...] = (), name: str = "town", **parts: Any) -> Regime:
    scored = {"start": 1000, "floor": 0, "ceiling": 1300, "grades": GRADES}
    given_score = parts.pop("score", {})
    score = None if given_score is None else {**scored, **given_score}
    made = Regime.model_validate(
        {
            "format": 1,
            "id": name,
            "title": name,
            "place": "Town",
            "status": "scenario",
            "catalogue": rows,
            "score": score,
            **parts,
        }
    )
    made._stacked = stacked
    return made


def rec(act: str, **more: Any) -> PaperRecord:
    return PaperRecord(act, **more)


def points(ledger: Ledger, name: str = "town") -> str:
    return points_text(ledger.score60(name))


def grade(ledger: Ledger) -> str | None:
    return ledger.state().grade


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


class TestEntering:
    def test_by_score(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-400), row(BLOOD, points=-1), lists={"low": a_list("score < 600")}))
        ledger.month(0, [rec(TICKET)])
        assert (points(ledger), ledger.lists()) == ("600", ())
        steps = ledger.month(1, [rec(BLOOD)])
        assert ledger.lists() == ("low",)
        assert steps[-1].what == "Listed: A list until 0002-01; because score 599 < 600."

    def test_by_grade_means_or_worse(self) -> None:
        rules = regime(row(TICKET, points=-500), lists={"low": a_list("grade C")})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        assert (grade(ledger), ledger.lists()) == ("D", ("low",))

    def test_by_a_record_of_this_month_only(self) -> None:
        rules = regime(row(TICKET), score=None, lists={"seen": a_list(f"record({TICKET})", "2 months")})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        assert ledger.lists() == ("seen",)
        ledger.month(2)
        assert ledger.lists() == ()  # the record still counts, but was not made this month

    def test_by_several_records_within_months(self) -> None:
        rules = regime(row(TICKET, points=-5), lists={"often": a_list(f"records({TICKET}, 3 in 12 months)")})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(1, [rec(TICKET)])
        ledger.month(12, [rec(TICKET)])  # months 1 to 12 are the last twelve: two records
        assert ledger.lists() == ()
        steps = ledger.month(12 + 1, [rec(TICKET), rec(TICKET)])
        assert ledger.lists() == ("often",)
        assert "because of 3 times" in steps[-1].what

    def test_records_past_their_validity_were_still_made(self) -> None:
        rules = regime(
            row(TICKET, points=-5, validity="1 month"),
            lists={"often": a_list(f"records({TICKET}, 2 in 6 months)")},
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(5, [rec(TICKET)])
        assert ledger.lists() == ("often",)

    def test_the_first_ground_met_is_named(self) -> None:
        rules = regime(row(TICKET, points=-500), lists={"low": a_list(f"score < 600 or record({TICKET})")})
        assert "score 500 < 600" in Ledger(rules).month(0, [rec(TICKET)])[-1].what

    def test_a_fresh_resident_may_start_below_the_border(self) -> None:
        ledger = Ledger(regime(score={"start": 500}, lists={"low": a_list("score < 600")}))
        ledger.month(0)
        assert ledger.lists() == ("low",)


class TestLeaving:
    def test_a_fixed_term(self) -> None:
        rules = regime(row(TICKET), score=None, lists={"seen": a_list(f"record({TICKET})", "24 months")})
        ledger = Ledger(rules)
        ledger.month(4, [rec(TICKET)])
        ledger.month(27)
        assert ledger.lists() == ("seen",)
        (step,) = ledger.month(28)
        assert ledger.lists() == ()
        assert (step.what, step.value) == ("Left: A list; expired: its term is over.", "24 months")

    def test_a_term_without_expiry_does_not_end(self) -> None:
        rules = regime(row(TICKET), score=None, lists={"seen": a_list(f"record({TICKET})", leave=("never",))})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(200)
        assert ledger.lists() == ("seen",)

    def test_the_term_is_over_and_the_ground_still_holds(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-500), lists={"low": a_list("score < 600", "3 months")}))
        ledger.month(0, [rec(TICKET)])
        steps = ledger.month(3)
        assert [step.what.split(":")[0] for step in steps] == ["Left", "Listed"]
        assert ledger.lists() == ("low",)

    def test_until_performed(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={"owes": a_list(f"record({TICKET})", "until performed", ("performed",))},
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(200)
        assert ledger.lists() == ("owes",)
        (step,) = ledger.month(201, exits=[PaperExit("performed")])
        assert ledger.lists() == ()
        assert step.value == "until performed"

    def test_performing_ends_a_fixed_term_where_the_list_says_so(self) -> None:
        for leave, expected in ((("performed", "expired"), ()), (("expired",), ("owes",))):
            rules = regime(row(TICKET), score=None, lists={"owes": a_list(f"record({TICKET})", leave=leave)})
            ledger = Ledger(rules)
            ledger.month(0, [rec(TICKET)])
            (step,) = ledger.month(1, exits=[PaperExit("performed", "owes")])
            assert ledger.lists() == expected
        assert "is not left by performing" in step.what

    def test_performance_before_the_entry_or_of_another_list_changes_nothing(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={
                "one": a_list(f"record({TICKET})", "until performed", ("performed",)),
                "two": a_list("record(other)", "until performed", ("performed",)),
            },
        )
        ledger = Ledger(rules)
        steps = ledger.month(0, [rec(TICKET)], [PaperExit("performed")])
        assert ledger.lists() == ("one",)
        assert any("is on no list" in step.what for step in steps)
        (step,) = ledger.month(1, exits=[PaperExit("performed", "two")])
        assert ledger.lists() == ("one",)
        assert "is not on two" in step.what

    def test_while_the_ground_holds(self) -> None:
        rules = regime(
            row(TICKET, points=-500, validity="6 months"),
            lists={"low": a_list("grade D", "while the ground holds")},
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(5)
        assert ledger.lists() == ("low",)
        steps = ledger.month(6)
        assert ledger.lists() == ()
        assert steps[-1].what == "Left: A list; expired: its ground no longer holds."

    def test_never_ends(self) -> None:
        rules = regime(
            row(TICKET), score=None, lists={"for-ever": a_list(f"record({TICKET})", "never ends", ("never",))}
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(600)
        assert ledger.lists() == ("for-ever",)

    def test_retention_bounds_a_stay_unless_it_waits_for_performance(self) -> None:
        for term, leave, expected in (
            ("never ends", ("never",), ()),
            ("10 years", ("expired",), ()),
            ("until performed", ("performed",), ("seen",)),
        ):
            rules = regime(
                row(TICKET),
                score=None,
                lists={"seen": a_list(f"record({TICKET})", term, leave)},
                rights={"retention": {"at_most": "5 years"}},
            )
            ledger = Ledger(rules)
            ledger.month(0, [rec(TICKET)])
            ledger.month(59)
            assert ledger.lists() == ("seen",)
            ledger.month(60)
            assert ledger.lists() == expected

    @pytest.mark.parametrize(("validity", "kept"), [(None, True), ("4 months", False)])
    def test_a_record_is_kept_as_long_as_the_stay_that_rests_on_it(self, validity: str | None, kept: bool) -> None:
        rules = regime(
            row(TICKET, points=-5, **({"validity": validity} if validity else {})),
            row(DRUNK, points=-50),
            lists={"seen": a_list(f"record({TICKET})", "10 months")},
            rights={"retention": {"at_most": "6 months", "while_listed": True}},
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET), rec(DRUNK)])
        ledger.month(5)
        steps = ledger.month(6)
        assert points(ledger) == ("995" if kept else "1000")  # no stay rests on drunk driving
        assert any("goes on counting while a listing rests on it" in step.what for step in steps) == kept
        assert ledger.lists() == ("seen",)  # longer than six months
        ledger.month(10)
        assert (ledger.lists(), points(ledger)) == ((), "995" if kept else "1000")
        ledger.month(11)
        assert points(ledger) == "1000"

    def test_while_listed_is_nothing_without_a_limit(self) -> None:
        rules = regime(
            row(TICKET, points=-5, validity="4 months"),
            lists={"seen": a_list(f"record({TICKET})", "10 months")},
            rights={"retention": {"while_listed": True}},
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(4)
        assert points(ledger) == "1000"


_LEVELS = {
    "trusted": a_list(f"record({BLOOD})", "3 years"),
    "bad": a_list(f"record({TICKET})", "2 years", replaces=["trusted"]),
}


class TestReplacing:
    def test_who_enters_the_one_leaves_the_other(self) -> None:
        ledger = Ledger(regime(row(BLOOD), row(TICKET), score=None, lists=_LEVELS))
        ledger.month(0, [rec(BLOOD)])
        assert ledger.lists() == ("trusted",)
        steps = ledger.month(3, [rec(TICKET)])
        assert ledger.lists() == ("bad",)
        assert [step.what for step in steps][1:] == [
            f'Listed: A list until 0002-03; because of "{TICKET}".',
            "Left: A list; replaced by A list.",
        ]
        assert (steps[-1].rule, steps[-1].value) == ("trusted", "bad")

    def test_nobody_enters_the_other_while_on_the_one(self) -> None:
        ledger = Ledger(regime(row(BLOOD), row(TICKET), score=None, lists=_LEVELS))
        ledger.month(0, [rec(TICKET)])
        ledger.month(23, [rec(BLOOD)])
        assert ledger.lists() == ("bad",)
        ledger.month(24)
        assert ledger.lists() == ()  # what was recorded meanwhile is no ground afterwards
        ledger.month(25, [rec(BLOOD)])
        assert ledger.lists() == ("trusted",)

    @pytest.mark.parametrize("order", [("trusted", "bad"), ("bad", "trusted")])
    def test_in_the_same_month_whatever_the_order_of_the_lists(self, order: tuple[str, str]) -> None:
        lists = {name: _LEVELS[name] for name in order}
        ledger = Ledger(regime(row(BLOOD), row(TICKET), score=None, lists=lists))
        ledger.month(0, [rec(BLOOD), rec(TICKET)])
        assert ledger.lists() == ("bad",)


class TestExtension:
    def rules(self, at_most: str = "60 months") -> Regime:
        extend = {"on": [DRUNK], "by": "12 months", "at_most": at_most}
        rule = a_list(f"record({TICKET})", "24 months", extend=extend)
        return regime(row(TICKET), row(DRUNK), score=None, lists={"seen": rule})

    def last_month(self, ledger: Ledger) -> int:
        month = ledger._now
        while ledger.lists():
            month += 1
            ledger.month(month)
        return month - 1

    def test_each_record_lengthens_the_stay(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET)])
        steps = ledger.month(10, [rec(DRUNK)])
        assert "stay of 24 months lengthened to 36 months, by 12 months, at most 60 months" in steps[-1].what
        assert self.last_month(ledger) == 35

    def test_a_record_of_the_entry_month_does_not(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET), rec(DRUNK)])
        assert self.last_month(ledger) == 23

    def test_never_beyond_at_most(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET)])
        for month in range(1, 8):
            steps = ledger.month(month, [rec(DRUNK)])
        assert "not lengthened beyond 60 months" in steps[-1].what
        assert self.last_month(ledger) == 59

    def test_a_record_in_the_month_the_term_is_over_comes_too_late(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET)])
        ledger.month(24, [rec(DRUNK)])
        assert ledger.lists() == ()

    def test_a_record_taken_back_no_longer_lengthens(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET)])
        ledger.month(1, [rec(DRUNK)])
        ledger.month(2, exits=[PaperExit("corrected", record=1)])
        assert self.last_month(ledger) == 23

    def test_an_unknown_limit_bounds_nothing(self) -> None:
        ledger = Ledger(self.rules(at_most="unknown"))
        ledger.month(0, [rec(TICKET)])
        for month in range(1, 5):
            ledger.month(month, [rec(DRUNK)])
        assert self.last_month(ledger) == 24 + 4 * 12 - 1


class TestRepair:
    def rules(self, severity: str = "serious", leave: tuple[str, ...] = ("repaired",)) -> Regime:
        repair = {"rules": [{"severity": severity, "after": "6 months", "at_most": "36 months"}]}
        rule = a_list(f"record({TICKET})", "never ends", leave, severity="serious")
        return regime(row(TICKET), score=None, lists={"seen": rule}, rights={"repair": repair})

    def test_after_the_shortest_time_on_request(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET)])
        (step,) = ledger.month(5, exits=[PaperExit("repaired", "seen")])
        assert ledger.lists() == ("seen",)
        assert "possible from 0000-07" in step.what
        (step,) = ledger.month(6, exits=[PaperExit("repaired", "seen")])
        assert ledger.lists() == ()
        assert (step.what, step.value) == ("Left: A list; repaired.", "6 months")

    def test_only_where_the_list_and_a_rule_of_its_severity_allow_it(self) -> None:
        for rules, reason in (
            (self.rules(severity="minor"), "no repair rule is for a list called serious"),
            (self.rules(leave=("never",)), "is not left by repair"),
        ):
            ledger = Ledger(rules)
            ledger.month(0, [rec(TICKET)])
            (step,) = ledger.month(20, exits=[PaperExit("repaired")])
            assert ledger.lists() == ("seen",)
            assert reason in step.what

    def test_at_most_bounds_any_stay(self) -> None:
        ledger = Ledger(self.rules())
        ledger.month(0, [rec(TICKET)])
        ledger.month(35)
        assert ledger.lists() == ("seen",)
        (step,) = ledger.month(36)
        assert ledger.lists() == ()
        assert "repair rules bound a listing to 36 months" in step.what


class TestCorrected:
    def test_a_record_taken_back_stops_counting_at_once(self) -> None:
        ledger = Ledger(regime(row(TICKET, points=-5), row(DRUNK, points=-50)))
        ledger.month(0, [rec(TICKET), rec(DRUNK)])
        (step,) = ledger.month(1, exits=[PaperExit("corrected", record=1)])
        assert points(ledger) == "995"
        assert "is taken back; score 945 -> 995" in step.what

    def test_all_rows_it_fell_under_in_all_rule_books(self) -> None:
        other = regime(row(TICKET, points=-7), name="county")
        ledger = Ledger(regime(row(TICKET, "one", points=-5), row(TICKET, "two", points=-6), stacked=(other,)))
        ledger.month(0, [rec(TICKET)])
        ledger.month(1, exits=[PaperExit("corrected", record=0)])
        assert points(ledger) == points(ledger, "county") == "1000"

    @pytest.mark.parametrize("ground", [f"record({TICKET})", "score < 600", "grade D"])
    def test_a_list_entered_only_through_it_is_left(self, ground: str) -> None:
        rules = regime(row(TICKET, points=-500), lists={"low": a_list(ground, leave=("expired", "corrected"))})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        assert ledger.lists() == ("low",)
        steps = ledger.month(3, exits=[PaperExit("corrected", record=0)])
        assert ledger.lists() == ()
        assert steps[-1].what == "Left: A list; corrected: no other ground was met on entry."

    def test_not_where_the_list_does_not_say_so(self) -> None:
        rules = regime(row(TICKET, points=-5), lists={"low": a_list(f"record({TICKET})")})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        steps = ledger.month(3, exits=[PaperExit("corrected", record=0)])
        assert ledger.lists() == ("low",)
        assert "it is not left by correction" in steps[-1].what

    def test_not_where_another_ground_was_met(self) -> None:
        enter = f"record({DRUNK}) or record({TICKET})"
        rules = regime(row(TICKET), row(DRUNK), score=None, lists={"low": a_list(enter, leave=("corrected",))})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET), rec(DRUNK)])
        ledger.month(1, exits=[PaperExit("corrected", record=1)])
        assert ledger.lists() == ("low",)
        ledger.month(2, exits=[PaperExit("corrected", record=0)])
        assert ledger.lists() == ()

    def test_one_of_several_records_that_were_all_needed(self) -> None:
        enter = f"records({TICKET}, 3 in 12 months)"
        for handed, expected in ((3, ()), (4, ("often",))):
            rules = regime(row(TICKET), score=None, lists={"often": a_list(enter, leave=("corrected",))})
            ledger = Ledger(rules)
            ledger.month(0, [rec(TICKET)] * handed)
            ledger.month(1, exits=[PaperExit("corrected", record=0)])
            assert ledger.lists() == expected

    def test_a_later_record_does_not_keep_a_resident_on_the_list(self) -> None:
        rules = regime(row(TICKET), score=None, lists={"low": a_list(f"record({TICKET})", leave=("corrected",))})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(1, [rec(TICKET)])
        ledger.month(2, exits=[PaperExit("corrected", record=0)])
        assert ledger.lists() == ()

    def test_in_the_month_it_was_made(self) -> None:
        rules = regime(
            row(TICKET, points=-500),
            lists={"low": a_list(f"record({TICKET})")},
            doors=[door("d", f"record {TICKET}")],
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)], [PaperExit("corrected", record=0)])
        assert (points(ledger), ledger.lists(), ledger.doors()) == ("1000", (), ())

    def test_what_the_entry_itself_cost_does_not_keep_a_resident_on_the_list(self) -> None:
        entry = {"id": "entry", "label": "Listed", "authority": "office", "on_list": "low", "points": -500}
        rules = regime(row(TICKET, points=-500), entry, lists={"low": a_list("score < 600", leave=("corrected",))})
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        assert (points(ledger), ledger.lists()) == ("0", ("low",))
        steps = ledger.month(1, exits=[PaperExit("corrected", record=0)])
        assert steps[1].what == "Left: A list; corrected: no other ground was met on entry."

    def test_a_correction_without_a_record_touches_nothing(self) -> None:
        listed = regime(row(TICKET), score=None, name="courts", lists={"seen": a_list(f"record({TICKET})")})
        rules = regime({**row("x", "on-list"), "act": [], "on_list": "seen", "points": -50}, stacked=(listed,))
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        (step,) = ledger.month(1, exits=[PaperExit("corrected")])
        assert step.what == "There is no record to take back."
        assert points(ledger) == "950"


class TestDoors:
    def test_by_grade(self) -> None:
        rules = regime(
            row(TICKET, points=-100),
            doors=[
                door("exactly", "grade B"),
                door("worse", "grade B or worse"),
                door("better", "grade B or better", effect="opened", times=0.5),
            ],
        )
        ledger = Ledger(rules)
        seen = [(grade(ledger), ledger.doors())]
        for month in range(5):
            ledger.month(month, [rec(TICKET)])
            seen.append((grade(ledger), ledger.doors()))
        assert seen == [
            ("A", ("better",)),
            ("B", ("exactly", "worse", "better")),
            ("C", ("worse",)),
            ("C", ("worse",)),
            ("C", ("worse",)),
            ("D", ("worse",)),
        ]

    def test_by_list(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={"seen": a_list(f"record({TICKET})", "2 months")},
            doors=[door("no-flights", "list seen")],
        )
        ledger = Ledger(rules)
        steps = ledger.month(0, [rec(TICKET)])
        assert ledger.doors() == ("no-flights",)
        assert (steps[-1].rule, steps[-1].what) == ("no-flights", "A flight is closed (list seen).")
        steps = ledger.month(2)
        assert ledger.doors() == ()
        assert steps[-1].what == "A flight is no longer closed (list seen)."

    @pytest.mark.parametrize(("lasts", "closed"), [("2 months", 2), ("9 months", 9)])
    def test_a_time_of_its_own_begins_with_the_entry(self, lasts: str, closed: int) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={"seen": a_list(f"record({TICKET})", "5 months")},
            doors=[door("bar", "list seen", lasts=lasts), door("usual", "list seen")],
        )
        ledger = Ledger(rules)
        steps = ledger.month(0, [rec(TICKET)])
        assert steps[-2].what == f"A flight is closed (list seen, for {lasts} from the entry on)."
        held = []
        for month in range(1, 12):
            held.append(ledger.doors())
            ledger.month(month)
        assert [("bar" in doors, "usual" in doors) for doors in held] == [(m < closed, m < 5) for m in range(11)]

    def test_a_second_entry_starts_the_time_again(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={"seen": a_list(f"record({TICKET})", "2 months")},
            doors=[door("bar", "list seen", lasts="4 months")],
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(3, [rec(TICKET)])
        ledger.month(6)
        assert ledger.doors() == ("bar",)
        ledger.month(7)
        assert ledger.doors() == ()

    def test_a_time_of_its_own_ends_with_the_correction_also_after_the_stay(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={"seen": a_list(f"record({TICKET})", "2 months", ("expired", "corrected"))},
            doors=[door("bar", "list seen", lasts="12 months")],
        )
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(5)
        assert (ledger.lists(), ledger.doors()) == ((), ("bar",))
        ledger.month(6, exits=[PaperExit("corrected", record=0)])
        assert ledger.doors() == ()

    def test_by_the_record_itself(self) -> None:
        rules = regime(row(TICKET, validity="3 months"), score=None, doors=[door("d", f"record {TICKET}")])
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET)])
        ledger.month(2)
        assert ledger.doors() == ("d",)
        ledger.month(3)
        assert ledger.doors() == ()

    def test_a_door_that_affects_kin_is_on_them_alone(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            lists={"seen": a_list(f"record({TICKET})")},
            doors=[door("no-school", "list seen", service="school-place", affects="kin")],
        )
        ledger = Ledger(rules)
        steps = ledger.month(0, [rec(TICKET)])
        assert (ledger.doors(), ledger.kin_doors()) == ((), ("no-school",))
        assert steps[-1].what.startswith("For the next of kin, a chosen or private school")

    def test_effects_are_told_with_their_size(self) -> None:
        rules = regime(
            row(TICKET),
            score=None,
            doors=[
                door("a", f"record {TICKET}", effect="narrowed", share=0.25),
                door("b", f"record {TICKET}", effect="priced", times=1.5),
            ],
        )
        said = [step.what for step in Ledger(rules).month(0, [rec(TICKET)])]
        assert said[1:] == [
            f"A flight is narrowed, 25% of attempts refused (record {TICKET}).",
            f"A flight is priced, 1.5 times the price (record {TICKET}).",
        ]


class TestKin:
    def test_acts_of_kin_meet_rows_about_kin_only(self) -> None:
        rules = regime(row(TICKET, "own", points=-5), row(TICKET, "kin", points=-1, actor="kin"))
        ledger = Ledger(rules)
        ledger.month(0, [rec(TICKET, actor="kin")])
        assert points(ledger) == "999"
        ledger.month(1, [rec(TICKET)])
        assert points(ledger) == "994"

    def test_an_act_of_kin_no_rule_covers(self) -> None:
        (step,) = Ledger(regime(row(TICKET, points=-5))).month(0, [rec(TICKET, actor="kin")])
        assert step.what == "No rule covers: traffic violation of the next of kin."


class TestStacks:
    def stack(self, validity: str | None = None) -> Regime:
        courts = regime(
            row(ARREARS),
            name="courts",
            score=None,
            lists={"defaulters": a_list(f"record({ARREARS})", "until performed", ("performed",))},
            doors=[door("no-flights", "list defaulters")],
        )
        entry = {
            "id": "entry",
            "label": "Entered on the list",
            "authority": "courts",
            "on_list": "defaulters",
        }
        more = {"validity": validity} if validity else {}
        return regime(
            {**entry, "points": -150, **more},
            stacked=(courts,),
            lists={"low": a_list("score < 900", "while the ground holds")},
            doors=[door("no-hotel", "grade C or worse"), door("no-trains", "list defaulters")],
        )

    def test_entering_a_list_makes_a_record_in_the_same_month(self) -> None:
        ledger = Ledger(self.stack())
        steps = ledger.month(0, [rec(ARREARS)])
        assert ledger.lists() == ("defaulters",)  # the town's list is looked at next month
        assert (points(ledger), grade(ledger)) == ("850", "B")
        assert ledger.doors() == ("no-trains", "no-flights")
        assert [step.rule for step in steps] == [ARREARS, "defaulters", "entry", "no-trains", "no-flights"]
        ledger.month(1)
        assert ledger.lists() == ("low", "defaulters")

    def test_the_record_outlasts_the_stay_by_its_own_validity(self) -> None:
        ledger = Ledger(self.stack("12 months"))
        ledger.month(0, [rec(ARREARS)])
        ledger.month(5, exits=[PaperExit("performed")])
        assert (points(ledger), ledger.lists()) == ("850", ("low",))
        ledger.month(12)
        assert (points(ledger), ledger.lists()) == ("1000", ())

    def test_the_first_rule_book_with_a_score_is_shown(self) -> None:
        second = regime(row(TICKET, points=-100), name="private")
        first = regime(score=None, name="courts", stacked=(second,))
        ledger = Ledger(first)
        (step,) = ledger.month(0, [rec(TICKET)])
        assert (step.score, step.grade) == ("900", "B")
        with pytest.raises(KeyError):
            ledger.score60("courts")

    def test_scores_of_other_rule_books_are_told_by_name(self) -> None:
        second = regime(row(TICKET, points=-100), name="private")
        ledger = Ledger(regime(stacked=(second,)))
        (step,) = ledger.month(0, [rec(TICKET)])
        assert "score of private 1000 -> 900; grade of private A -> B" in step.what
        assert (step.score, points(ledger, "private")) == ("1000", "900")

    def test_no_score_at_all(self) -> None:
        ledger = Ledger(regime(score=None))
        ledger.month(0, [rec(TICKET)])
        state = ledger.state()
        assert (state.score60, state.score, state.grade) == (None, None, None)


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


# -- from files, with places ------------------------------------------------------------------------------

TOWN = """\
format: 1
id: example-town
title: Example Town pilot
place: Example Town
status: piloted
sources:
  notice-7: {title: Notice 7, kind: rule text}
authorities:
  banks: {label: Banks, contexts: [finance]}
catalogue:
  - id: missed
    label: Missed instalment
    act: [loan-arrears]
    authority: banks
    points: -30
    per: cycle
    validity: 60 months
    source: notice-7
    mark: verified
score:
  start: 1000
  floor: 0
  ceiling: 1300
  grades:
    - {id: A, from: 600, to: 1300}
    - {id: D, from: 0, to: 599}
  source: notice-7
  mark: verified
lists:
  untrustworthy:
    label: Untrustworthy residents
    enter: score < 600
    term: 24 months
    leave: [expired, corrected]
    source: notice-7
    mark: verified
doors:
  - {id: no-flights, service: flight, effect: closed, when: list untrustworthy,
     source: notice-7, mark: verified}
"""

CASES = """\
format: 1
regime: example-town
reader: author
cases:
  - name: Fourteen missed instalments
    why: 14 x 30 = 420
    records:
      - {on: 2010-02-10, act: loan-arrears, cycles: 14}
    expect: {score: 580, grade: D, lists: [untrustworthy], doors: [no-flights]}
  - name: The whole line is taken back
    records:
      - {on: 2010-02-10, act: loan-arrears, cycles: 14}
      - {on: 2010-04-10, exit: corrected, of_record: 1}
    expect:
      - {on: 2010-03, score: 940}
      - {on: 2010-04, score: 1000}
      - {on: 2011-04, score: 1000}
    until: 2011-04
  - name: Wrong in every way
    records:
      - {on: 2010-02-10, act: loan-arrears}
      - {on: 2010-03-10, exit: performed, list: untrustworhty}
    expect: {score: 971, grade: B, lists: [untrustworhty], doors: [no-trains], kin_doors: [no-flights]}
"""


def papers() -> dict[str, Any]:
    rules = parse_regime(read_document(TOWN, name="regime.yaml"))
    cases = parse_cases(read_document(CASES, kind="cases", name="cases.yaml"))
    return {case.name: apply_on_paper(rules, case) for case in cases.cases}


def test_a_case_that_comes_out() -> None:
    paper = papers()["Fourteen missed instalments"]
    assert paper.ok
    assert paper.final.score == "580"
    first = paper.steps[0]
    assert (first.month, first.on, first.rule, first.value) == ("2010-02", "2010-02-10", "missed", "-30")
    assert (first.file, first.line, first.record) == ("regime.yaml", 15, "cases.yaml:8")
    assert first.what == "Missed instalment: -30 points; score 1000 -> 970."
    listed = paper.steps[-2]
    assert (listed.on, listed.rule, listed.line, listed.record) == (
        "2011-03",
        "untrustworthy",
        32,
        "cases.yaml:8",
    )
    assert (paper.steps[-1].rule, paper.steps[-1].line, paper.steps[-1].doors) == (
        "no-flights",
        38,
        ("no-flights",),
    )


def test_a_line_taken_back_makes_no_further_cycles() -> None:
    assert papers()["The whole line is taken back"].ok


def test_what_differs_is_told_with_its_place() -> None:
    paper = papers()["Wrong in every way"]
    assert not paper.ok
    assert [str(found).splitlines()[0] for found in paper.mismatches] == [
        "cases.yaml:22:9: list at the end of 2010-03: expected untrustworhty, found no such list",
        "cases.yaml:23:21: score at the end of 2010-03: expected 971, found 970",
        "cases.yaml:23:33: grade at the end of 2010-03: expected B, found A",
        "cases.yaml:23:43: lists at the end of 2010-03: expected untrustworhty, found none",
        "cases.yaml:23:67: doors at the end of 2010-03: expected no-trains, found none",
        "cases.yaml:23:91: kin_doors at the end of 2010-03: expected no-flights, found none",
    ]
    assert paper.mismatches[5].hint == 'There is no kin door "no-flights".'
    assert paper.mismatches[3].hint == 'There is no list "untrustworhty".  Did you mean untrustworthy?'


def test_as_text_and_as_plain_data() -> None:
    paper = papers()["Fourteen missed instalments"]
    text = paper_text(paper)
    assert "  2010-02-10  Missed instalment: -30 points; score 1000 -> 970." in text
    assert "missed  regime.yaml:15  from cases.yaml:8" in text
    assert text.endswith("score 580; grade D; lists untrustworthy; doors no-flights.\n  As expected.")
    data = paper_json(paper)
    assert data["ok"] is True
    assert data["final"] == {
        "score": 580,
        "grade": "D",
        "lists": ["untrustworthy"],
        "doors": ["no-flights"],
        "kin_doors": [],
        "tied_doors": [],
        "warned": False,
        "loans_refused": [],
    }
    assert {"month", "what", "rule", "file", "line", "score", "grade", "lists", "doors"} <= set(data["steps"][0])
    assert "Not as expected:" in paper_text(papers()["Wrong in every way"])


def test_a_score_that_is_not_whole_is_a_number_in_plain_data() -> None:
    text = CASES.replace("loan-arrears", "volunteering").replace("cycles: 14", "amount: 1", 1)
    rules = parse_regime(read_document(TOWN, name="regime.yaml"))
    rules = rules.model_copy(update={"catalogue": (regime(row(VOLUNTEER, curve=[{"per": 3}])).catalogue[0],)})
    paper = apply_on_paper(rules, parse_cases(read_document(text, kind="cases", name="cases.yaml")).cases[0])
    assert (paper.final.score, paper_json(paper)["final"]["score"]) == ("1000 1/3", 1000.3333)


def test_spells_of_a_case_are_unbroken_months_of_one_act() -> None:
    text = """\
format: 1
regime: town
cases:
  - name: Two spells
    records:
      - {on: 2010-01, act: loan-arrears, cycles: 3}
      - {on: 2010-04, act: loan-arrears}
      - {on: 2010-06, act: loan-arrears}
"""
    case = parse_cases(read_document(text, kind="cases")).cases[0]
    paper = apply_on_paper(regime(row(ARREARS, points=-10, per="episode")), case)
    assert paper.final.score == "980"


# -- properties -------------------------------------------------------------------------------------------

ACTS = (TICKET, DRUNK, ARREARS, BLOOD, VOLUNTEER)
MONTHS = 18
record_months = st.lists(st.lists(st.sampled_from(ACTS), max_size=3), min_size=MONTHS, max_size=MONTHS)
row_points = st.fixed_dictionaries({act: st.integers(-400, 400) for act in ACTS})
row_validity = st.fixed_dictionaries({act: st.one_of(st.none(), st.integers(1, 12)) for act in ACTS})


def rules_of(points_of: dict[str, int], validity: dict[str, int | None], **parts: Any) -> Regime:
    rows = []
    for act, value in points_of.items():
        months = validity[act]
        rows.append(row(act, points=value, **({"validity": f"{months} months"} if months else {})))
    return regime(*rows, **parts)


def scores(rules: Regime, months: list[list[str]]) -> list[int]:
    ledger = Ledger(rules)
    out = []
    for month, acts in enumerate(months):
        ledger.month(month, [rec(act) for act in acts])
        out.append(ledger.score60("town"))
    return out


@settings(deadline=None, max_examples=60)
@given(row_points, row_validity, record_months)
def test_the_score_is_the_held_sum_of_what_counts(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    found = scores(rules_of(points_of, validity), months)
    for month, score60 in enumerate(found):
        total = 1000
        for made, acts in enumerate(months[: month + 1]):
            total += sum(points_of[act] for act in acts if month < made + (validity[act] or 10_000))
        assert score60 == 60 * max(0, min(1300, total))


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months, st.randoms(use_true_random=False))
def test_the_order_within_a_month_does_not_matter(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]], luck: Any
) -> None:
    rules = rules_of(
        points_of,
        validity,
        lists={"low": a_list(f"score < 700 or record({DRUNK})", "4 months")},
        doors=[door("d", "grade C or worse"), door("l", "list low"), door("r", f"record {TICKET}")],
    )
    first, second = Ledger(rules), Ledger(rules)
    for month, acts in enumerate(months):
        mixed = luck.sample(acts, len(acts))
        first.month(month, [rec(act) for act in acts])
        second.month(month, [rec(act) for act in mixed])
        assert first.state() == second.state()


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months)
def test_halving_what_is_lost_never_lowers_the_score(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    halved = {act: value if value > 0 else -(-value // 2) for act, value in points_of.items()}
    before, after = (scores(rules_of(one, validity), months) for one in (points_of, halved))
    assert all(one <= other for one, other in zip(before, after, strict=True))


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months)
def test_every_change_names_its_rule_and_follows_from_the_step_before(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    rules = rules_of(
        points_of,
        validity,
        lists={"low": a_list(f"score < 700 or records({DRUNK}, 2 in 3 months)", "4 months")},
        doors=[door("d", "grade C or worse"), door("l", "list low"), door("r", f"record {TICKET}")],
    )
    ledger = Ledger(rules)
    last = ledger.state()
    for month, acts in enumerate(months):
        steps: list[Step] = ledger.month(month, [rec(act) for act in acts])
        for step in steps:
            changed = [
                step.state.score60 != last.score60 or step.grade != last.grade,
                step.lists != last.lists,
                step.rule in ("d", "l", "r"),
            ]
            assert sum(changed) <= 1
            if any(changed):
                assert step.rule
            if changed[0]:
                assert f"{last.score}" in step.what or f"grade {last.grade}" in step.what
            last = step.state
        assert ledger.state() == last


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months)
def test_months_may_be_skipped(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    rules = rules_of(
        points_of, validity, lists={"low": a_list("score < 700", "4 months")}, score={"update": "5 months"}
    )
    each, skipping = Ledger(rules), Ledger(rules)
    steps, jumped = [], []
    for month, acts in enumerate(months):
        steps += each.month(month, [rec(act) for act in acts])
        if acts:
            jumped += skipping.month(month, [rec(act) for act in acts])
    if months[-1]:
        assert steps == jumped
        assert each.state() == skipping.state()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.booleans(), min_size=90, max_size=90), st.integers(1, 30), st.integers(1, 60))
def test_a_stay_is_never_longer_than_its_limit(breaches: list[bool], by: int, at_most: int) -> None:
    extend = {"on": [DRUNK], "by": f"{by} months", "at_most": f"{at_most} months"}
    rule = a_list(f"record({TICKET})", "12 months", extend=extend)
    ledger = Ledger(regime(row(TICKET), row(DRUNK), score=None, lists={"seen": rule}))
    ledger.month(0, [rec(TICKET)])
    stay = 1
    for month, breach in enumerate(breaches, start=1):
        ledger.month(month, [rec(DRUNK)] if breach else ())
        stay += bool(ledger.lists())
    assert 12 <= stay <= max(12, at_most)


# -- grace, groups, and what is unknown ------------------------------------------------------------------


def _case(records: str, until: str) -> Any:
    text = f"format: 1\nregime: graced\ncases: [{{name: case, records: {records}, until: {until}}}]\n"
    return parse_cases(read_document(text, kind="cases")).cases[0]


def test_a_group_row_is_about_others_only() -> None:
    row = "  - {id: nearby, label: Ticket of a neighbour, act: [traffic-violation], actor: group, authority: centre, points: -1, source: s, mark: assumed}\n"
    text = _WITH_GRACE.replace("score:\n", row + "score:\n")
    regime = parse_regime(read_document(text, name="r.yaml"))
    case = _case("[{on: 2020-01, act: traffic-violation}, {on: 2020-02, act: traffic-violation, of: group}]", "2020-02")
    assert apply_on_paper(regime, case).final.score == "94"


def test_grace_ends_with_performance_correction_or_entry() -> None:
    regime = parse_regime(read_document(_WITH_GRACE, name="r.yaml"))
    unpaid = "{on: 2020-01, act: judgment-unpaid-able}"
    entered = apply_on_paper(regime, _case(f"[{unpaid}]", "2020-04"))
    assert entered.final.lists == ("debtors",)
    assert [step.month for step in entered.steps if step.what.startswith(("To be listed", "Listed"))] == [
        "2020-01",
        "2020-04",
    ]
    for way_out in ("exit: performed", "exit: corrected, of_record: 1"):
        spared = apply_on_paper(regime, _case(f"[{unpaid}, {{on: 2020-03, {way_out}}}]", "2020-06"))
        assert spared.final.lists == ()
        assert any(step.what.startswith("Not listed") for step in spared.steps)
    repaired = apply_on_paper(regime, _case(f"[{unpaid}, {{on: 2020-03, exit: repaired}}]", "2020-04"))
    assert repaired.final.lists == ("debtors",)


def test_a_score_that_recovers_within_the_grace_is_not_entered() -> None:
    regime = parse_regime(read_document(_WITH_GRACE, name="r.yaml"))
    low = "{on: 2020-01, act: traffic-violation, cycles: 4}"
    assert apply_on_paper(regime, _case(f"[{low}]", "2020-06")).final.lists == ("low",)
    up = "{on: 2020-05, act: brave-act}"
    assert apply_on_paper(regime, _case(f"[{low}, {up}]", "2020-08")).final.lists == ()


def test_unknown_borders_give_no_grade_and_known_ones_do() -> None:
    regime = parse_regime(read_document(_WITH_GRACE, name="r.yaml"))
    start = apply_on_paper(regime, _case("[]", "2020-01")).final
    assert (start.score, start.grade, start.doors) == ("100", "good", ("better-place",))
    low = apply_on_paper(regime, _case("[{on: 2020-01, act: traffic-violation, cycles: 3}]", "2020-03")).final
    assert (low.score, low.grade, low.doors) == ("85", "unknown", ())
    high = apply_on_paper(regime, _case("[{on: 2020-01, act: brave-act}]", "2020-01")).final
    assert (high.score, high.grade) == ("120", "unknown")
    assert high.doors == ("better-place",), "above a known border is better, whatever it is called"


def test_an_unknown_start_gives_no_score() -> None:
    regime = parse_regime(read_document(_WITH_GRACE.replace("start: 100", "start: unknown"), name="r.yaml"))
    found = apply_on_paper(regime, _case("[{on: 2020-01, act: traffic-violation, cycles: 4}]", "2020-06")).final
    assert (found.score, found.grade, found.lists, found.doors) == (None, None, (), ())


_WITH_GRACE = """
format: 1
id: graced
title: Graced
place: Somewhere
status: scenario
sources: {s: {title: assumption, kind: assumption}}
authorities: {centre: {label: Centre, contexts: [traffic, honours, court_judgment]}}
catalogue:
  - {id: ticket, label: Ticket, act: [traffic-violation], authority: centre, points: -5, source: s, mark: assumed}
  - {id: brave, label: Brave, act: [brave-act], authority: centre, points: 20, source: s, mark: assumed}
  - {id: unpaid, label: Unpaid, act: [judgment-unpaid-able], authority: centre, source: s, mark: assumed}
score:
  start: 100
  floor: 0
  ceiling: 200
  grades: [{id: best, from: unknown, to: unknown}, {id: good, from: 90, to: 110}, {id: bad, from: unknown, to: unknown}]
  source: s
  mark: assumed
lists:
  debtors: {label: Debtors, enter: record(unpaid), term: until performed, leave: [performed, corrected], grace: 3 months, source: s, mark: assumed}
  low: {label: Low, enter: score < 90, term: while the ground holds, leave: [expired, corrected], grace: 2 months, source: s, mark: assumed}
doors:
  - {id: better-place, service: permit, effect: opened, times: 0.5, when: grade good or better, source: s, mark: assumed}
  - {id: no-bad, service: loan, effect: closed, when: grade bad or worse, source: s, mark: assumed}
"""
