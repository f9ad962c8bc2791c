"""What a trace is made of: one schema of events, written by the kernels and read by name.

A row of a trace holds month, position (of the resident, firm or body in its subdistrict), the number of its kind, and up to
five details, whose names depend on the kind. ``event_details`` reads them by name, so nobody counts columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class EventKind(NamedTuple):
    """One kind of event: its name, the names of its details in the order of the columns, and what it tells."""

    name: str
    details: tuple[str, ...]
    meaning: str


class Outcome(IntEnum):
    """What became of an attempt."""

    SERVED, REFUSED, REFUSED_ELSE = range(3)


class Loss(IntEnum):
    """Why work was lost."""

    CHANCE, DOORS, FIRM_CLOSED, HEALTH, BUSINESS = range(5)


class Debt(IntEnum):
    """What became of a debt."""

    PERFORMED, ARREARS, JUDGED, INHERITED = range(4)


class Single(IntEnum):
    """How a couple ended."""

    SEPARATED, WIDOWED = range(2)


class Tie(IntEnum):
    """How a tie ended, as its two ends see it: the other dropped it, it dropped the other, over private scores shown, or not."""

    LOST, DROPPED, LOW, HIDDEN = range(4)


# What became of an act: no rule covers it, nobody saw it, it was recorded, or recorded in another's name.
NO_RULE, NOT_SEEN, RECORDED, IN_ANOTHERS_NAME = range(4)
# How a resident came to know of the regime.
KNOWS_FROM_TALK, KNOWS_BY_NOTICE, KNOWS_FROM_FRIEND, KNOWS_BY_LISTING = range(4)
# What an event of a firm is.
FIRM_UNPAID, FIRM_PAID, FIRM_CLOSED, FIRM_FAILED, FIRM_REOPENED, FIRM_REFUSED, FIRM_BORROWED, FIRM_PERFORMED = range(8)
# What an event of an own business is.
BUSINESS_STARTED, BUSINESS_GAVE_UP, BUSINESS_CLOSED, BUSINESS_HIRED = range(4)
# What an event of a public body is; the first four are states of a contract or promise too.
SIGNED, KEPT, PAID_LATE, BROKEN, ASSESSED = range(1, 6)
# The others are about an official: leads the body from now on, and why the one before left.
APPOINTED, MOVED, PROMOTED, RETIRED = range(6, 10)
CAREER = (APPOINTED, MOVED, PROMOTED, RETIRED)

#: ``made`` is the month in which the record or stay was made that it is about; truths, lists, rows and doors are numbers of
#: ``codes`` and of the plan.
EVENT_KINDS: tuple[EventKind, ...] = (
    EventKind("act", ("act", "amount", "truth", "fate", "begins"), "something was done, and what became of it"),
    EventKind("record", ("row", "truth", "points", "until", "made"), "a record was made"),
    EventKind("score", ("scheme", "before", "after"), "a score changed, in 1/60 point"),
    EventKind("enter", ("list", "wrong", "row", "until", "made"), "a stay on a list began"),
    EventKind("leave", ("list", "exit", "wrong", "months", "made"), "a stay ended"),
    EventKind("doors", ("before", "after"), "doors changed; bits"),
    EventKind("attempt", ("service", "outcome", "days", "standing"), "an attempt at a service"),
    EventKind("appeal", ("row", "truth", "decided", "", "made"), "an objection to a record; the month of its decision"),
    EventKind("decision", ("row", "truth", "won", "", "made"), "an objection was decided"),
    EventKind("repair", ("list", "", "", "", "made"), "a repair was granted"),
    EventKind("tie", ("other", "how"), "a tie ended"),
    EventKind("shown", ("grade", "scheme"), "a score was shown to friends"),
    EventKind("work", ("work", "why"), "work was found or lost"),
    EventKind(
        "debt", ("state", "owed", "of"), "a debt fell into arrears, was judged, paid or inherited; thousand yuan"
    ),
    EventKind("notice", ("row", "truth", "", "", "made"), "a record was learnt of"),
    EventKind("end", ("row", "truth", "taken_back", "points", "made"), "a record no longer counts"),
    EventKind("overdue", ("row", "truth", "until", "points", "made"), "a record goes on counting after its end"),
    EventKind("late", ("list", "exit", "until", "wrong", "made"), "a stay goes on after its end"),
    EventKind("knows", ("how", "friend", "since"), "the regime became known"),
    EventKind("died", ("generation",), "the resident died"),
    EventKind("came of age", ("generation",), "the resident turned 18"),
    EventKind("firm", ("what", "value", "left_behind"), "something happened to a firm"),
    EventKind("body", ("what", "firm", "amount", "months"), "something happened to a public body"),
    EventKind("dealing", ("how", "other", "found"), "a dealing went wrong or was refused"),
    EventKind("move", ("far",), "a move to another part of the city, or to another city"),
    EventKind("loan", ("granted", "bad", "file"), "a loan was asked for where a rule book judges them"),
    EventKind("consent", ("scheme", "joins", "friends"), "consent was given or taken back"),
    EventKind("perk", ("service", "yuan"), "a deposit or price was spared"),
    EventKind("sought", ("other", "by_other"), "a tie was sought over a private score"),
    EventKind("match", ("other",), "two singles became a couple"),
    EventKind("profile", ("grade", "scheme"), "a score was shown to singles who look"),
    EventKind("business", ("what", "other"), "an own business was started, given up, closed, or took somebody on"),
    EventKind(
        "aftermath", ("service", "paid"), "a refusal cost savings (half-months of spending), or a child the school"
    ),
    EventKind("born", ("generation", "mother"), "the resident was born"),
    EventKind("moved in", ("generation", "age"), "the resident moved in as an adult"),
    EventKind("single", ("other", "how"), "a couple ended: by separation, or by a death"),
)
EVENTS = tuple(kind.name for kind in EVENT_KINDS)
_NUMBER = {name: number for number, name in enumerate(EVENTS)}
EVENT_ACT, EVENT_RECORD, EVENT_SCORE = _NUMBER["act"], _NUMBER["record"], _NUMBER["score"]
EVENT_ENTER, EVENT_LEAVE, EVENT_LATE = _NUMBER["enter"], _NUMBER["leave"], _NUMBER["late"]
EVENT_DOORS, EVENT_ATTEMPT, EVENT_PERK = _NUMBER["doors"], _NUMBER["attempt"], _NUMBER["perk"]
EVENT_APPEAL, EVENT_DECISION, EVENT_REPAIR = _NUMBER["appeal"], _NUMBER["decision"], _NUMBER["repair"]
EVENT_NOTICE, EVENT_END, EVENT_OVERDUE = _NUMBER["notice"], _NUMBER["end"], _NUMBER["overdue"]
EVENT_TIE, EVENT_SHOWN, EVENT_SOUGHT = _NUMBER["tie"], _NUMBER["shown"], _NUMBER["sought"]
EVENT_PROFILE, EVENT_BUSINESS, EVENT_AFTERMATH = (_NUMBER[name] for name in ("profile", "business", "aftermath"))
EVENT_WORK, EVENT_DEBT, EVENT_LOAN = _NUMBER["work"], _NUMBER["debt"], _NUMBER["loan"]
EVENT_KNOWS, EVENT_CONSENT, EVENT_MATCH = _NUMBER["knows"], _NUMBER["consent"], _NUMBER["match"]
EVENT_BORN, EVENT_ARRIVED, EVENT_SINGLE = _NUMBER["born"], _NUMBER["moved in"], _NUMBER["single"]
EVENT_DIED, EVENT_GROWN, EVENT_MOVE = _NUMBER["died"], _NUMBER["came of age"], _NUMBER["move"]
EVENT_DEALING, EVENT_FIRM, EVENT_BODY = _NUMBER["dealing"], _NUMBER["firm"], _NUMBER["body"]

TRACE_COLUMNS = ("month", "position", "event", "a", "b", "c", "d", "e")  #: of a trace
_FIRST = TRACE_COLUMNS.index("a")
_ABOUT_OFFICIALS = {
    ASSESSED: ("what", "effort", "gaming", "short"),
    **dict.fromkeys(CAREER, ("what", "resident", "other", "own")),
}


def event_details(row: Sequence[int]) -> dict[str, int]:
    """The details of a row of a trace by name; those of a kind that this version does not know as ``a`` to ``e``."""
    kind = int(row[TRACE_COLUMNS.index("event")])
    names: Sequence[str] = EVENT_KINDS[kind].details if 0 <= kind < len(EVENT_KINDS) else TRACE_COLUMNS[_FIRST:]
    if kind == EVENT_BODY:
        names = _ABOUT_OFFICIALS.get(int(row[_FIRST]), names)
    return {name: int(value) for name, value in zip(names, row[_FIRST:], strict=False) if name}
