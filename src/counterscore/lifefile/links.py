"""What happened in another's file that touches this one: lists, closings, doors that cross, careers."""

from __future__ import annotations

from collections.abc import Iterator

from counterscore.engine import layout
from counterscore.lifefile.lived import Link, door_bits
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import Event, History
from counterscore.reliving.events import CROSSING
from counterscore.results.ids import Who
from counterscore.results.run import GENERATION

#: What of a firm's or body's file its resident's shows, and the other way round, beside doors that cross.
_TOLD_OF_OTHERS = frozenset({"enter", "late", "leave", "died", "came of age"})
_FIRM_TOLD = frozenset({layout.FIRM_CLOSED, layout.FIRM_FAILED, layout.FIRM_REOPENED, layout.FIRM_REFUSED})


def in_office(history: History, resident: int, subject: Subject, other: int, event: Event) -> bool:
    """Whether the resident represented or led it then, or the event is about taking up or leaving that office."""
    if _of_a_career(event):
        return event["resident"] == history.position(resident)
    spans = [
        (since, until) for one, number, since, until in history.terms(resident) if (one, number) == (subject, other)
    ]
    return any(since <= event.month < until for since, until in spans)


def _of_a_career(event: Event) -> bool:
    return event.what == "body" and event["what"] in layout.CAREER


def links_of(history: History, whose: Who, seen_from: Subject) -> Iterator[Link]:
    """The events of another's file that touch the file of such a subject: lists, closings, doors that cross."""
    doors = history.teller(whose.subject).doors
    for event in history.of(whose.number, whose.subject):
        number = whose.number + event.generation * GENERATION
        if event.what == "doors":
            crossing = [
                doors[k][2].affects for k, _ in door_bits(event) if crosses(doors[k][2].affects, seen_from, whose)
            ]
            if crossing:
                held_there = {"firms": "firm head", "bodies": "official", "residents": "firm"}[whose.subject]
                yield Link(
                    Who(whose.subject, number), event, "reaches here" if held_there in crossing else "comes from here"
                )
        elif (
            event.what in _TOLD_OF_OTHERS
            or (event.what == "firm" and event["what"] in _FIRM_TOLD)
            or _of_a_career(event)
        ):
            yield Link(Who(whose.subject, number), event, "")


def crosses(affects: str, seen_from: Subject, whose: Who) -> bool:
    """Whether a door in the file of ``whose`` has to do with the other side that looks at it."""
    between = {"firm": "firms", "firm head": "firms", "official": "bodies"}
    other = whose.subject if seen_from == "residents" else seen_from
    return affects in CROSSING and between[affects] == other
