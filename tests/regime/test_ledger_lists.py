"""Lists in the ledger: entered, left, lengthened, replaced, and left by correction or repair."""

from __future__ import annotations

from typing import Any

import pytest

from counterscore.regime.cases import parse_cases
from counterscore.regime.ledger import Ledger, PaperExit, apply_on_paper
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from tests.regime.books import BLOOD, DRUNK, TICKET, a_list, door, grade, points, rec, regime, row


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
