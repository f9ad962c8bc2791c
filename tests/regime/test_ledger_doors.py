"""Doors in the ledger: of grades, lists and records, of kin, and of rule books that are stacked."""

from __future__ import annotations

import pytest

from counterscore.regime.ledger import Ledger, PaperExit
from counterscore.regime.model import Regime
from tests.regime.books import ARREARS, TICKET, a_list, door, grade, points, rec, regime, row


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
