"""When a changed rule first met somebody: a record, list, door or act it is about."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.regime.vocabulary import ACTS, Subject
from counterscore.reliving import Living, Teller, terms_of
from counterscore.reliving.trace import MONTH, POSITION, detail, is_of, of_kind
from counterscore.twins.changes import Changes
from counterscore.twins.side_by_side import NEVER, OF_LIST, OF_ROW, Months, SideBySide


def met_others(pair: SideBySide, changes: Changes, subject: Subject) -> Months:
    """First month in which a changed rule met each firm or public body."""
    many = len(pair.first_of[subject])
    met: Months = np.full(many, 0 if changes.everybody[subject] else NEVER, np.int64)

    def note(months: Any, places: Any, *_: object) -> None:
        if len(months):
            np.minimum.at(met, np.asarray(places, np.int64), np.asarray(months, np.int64))

    for side in (0, 1):
        events, teller = pair.sides[side].events_of(subject), pair.teller(side, subject)
        _rule_events(events, teller, changes, side, note)
        for number, (part, _, door) in enumerate(teller.doors):
            if (part.id, door.id) in changes.doors[side]:
                on = _moved(events, number)
                note(on[:, MONTH], on[:, POSITION])
        acts = of_kind(events, layout.EVENT_ACT)
        hit = acts[changes.acts[subject][detail(acts, "act", layout.EVENT_ACT)]]
        note(hit[:, MONTH], hit[:, POSITION])
    return met


def _moved(events: Any, number: int) -> Any:
    """The events in which a door comes into force, stays or goes."""
    moves = of_kind(events, layout.EVENT_DOORS)
    before, after = (detail(moves, name, layout.EVENT_DOORS) >> number & 1 for name in ("before", "after"))
    return moves[(after == 1) | (before == 1)]


def exposures(pair: SideBySide, changes: Changes) -> tuple[Months, Months, Any]:
    """First month in which a changed rule met each person, directly and through the next of kin; and which rules
    had met a person by a month.
    """
    shape = pair.first.shape
    met, kin_met = np.full(shape, NEVER, np.int64), np.full(shape, NEVER, np.int64)
    log: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], str]] = []
    n = shape[1]

    def note(months: Any, places: Any, rule: str, kin: bool = False) -> None:
        months, places = np.asarray(months, np.int64), np.asarray(places, np.int64)
        if len(months):
            generations = pair.generations[months, places].astype(np.int64)
            np.minimum.at(kin_met if kin else met, (generations, places), months)
            if not kin:
                log.append((months, generations, places, rule))

    for side in (0, 1):
        events = pair.sides[side].events
        _rule_events(events, pair.tellers[side], changes, side, note)
        _door_months(events, pair.sides[side], pair.tellers[side], changes, side, note, n)
        acts = of_kind(events, layout.EVENT_ACT)
        for act in np.flatnonzero(changes.acts["residents"]):
            hit = acts[detail(acts, "act", layout.EVENT_ACT) == act]
            note(hit[:, MONTH], hit[:, POSITION], f"behind the act {ACTS[act].id}")
        if len(changes.groups):
            group = pair.sides[side].place.residents["group"]
            hit = acts[np.isin(group[acts[:, POSITION]], changes.groups)]
            note(hit[:, MONTH], hit[:, POSITION], "scrutiny of an occupation")
        _doors_of_officials(pair, side, changes, note)
    for rule in changes.everybody["residents"]:
        met[:] = np.minimum(met, 0)
        everyone = np.arange(n)
        for generation in range(shape[0]):
            log.append((np.zeros(n, np.int64), np.full(n, generation), everyone, rule))

    def by(generation: int, place: int, month: int) -> list[str]:
        return sorted(
            {
                rule
                for months, gens, places, rule in log
                if ((places == place) & (gens == generation) & (months <= month)).any()
            }
        )

    return met, kin_met, by


def _rule_events(events: Any, teller: Teller, changes: Changes, side: int, note: Any) -> None:
    for number, (part, _, row) in enumerate(teller.rows):
        if (part.id, row.id) in changes.rows[side]:
            hit = events[is_of(events, *OF_ROW) & (detail(events, "row", *OF_ROW) == number)]
            note(hit[:, MONTH], hit[:, POSITION], f"{part.id} {row.id}", row.actor == "kin")
    for number, (part, name, _) in enumerate(teller.lists):
        if (part.id, name) in changes.lists[side]:
            hit = events[is_of(events, *OF_LIST) & (detail(events, "list", *OF_LIST) == number)]
            note(hit[:, MONTH], hit[:, POSITION], f"{part.id} {name}")


def _door_months(events: Any, living: Living, teller: Teller, changes: Changes, side: int, note: Any, n: int) -> None:
    for number, (part, _, door) in enumerate(teller.doors):
        if (part.id, door.id) not in changes.doors[side]:
            continue
        on = _moved(events, number)
        start = np.flatnonzero(living.start["doors"] >> number & 1)
        kin = door.affects == "kin"
        for months, places in ((on[:, MONTH], on[:, POSITION]), (np.zeros(len(start), np.int64), start)):
            note(months, n - 1 - places if kin else places, f"{part.id} {door.id}", kin)


def _doors_of_officials(pair: SideBySide, side: int, changes: Changes, note: Any) -> None:
    """Doors in a body's file that stand before who leads it: nothing of them is written in the resident's trace."""
    if "bodies" not in pair.first_of:
        return
    events = pair.sides[side].events_of("bodies")
    terms = list(terms_of(events))
    for number, (part, _, door) in enumerate(pair.teller(side, "bodies").doors):
        if door.affects == "official" and (part.id, door.id) in changes.doors[side]:
            for month, body in _moved(events, number)[:, [MONTH, POSITION]].tolist():
                led = [term.resident for term in terms if term.place == body and term.until > month]
                note(np.full(len(led), month), np.array(led, np.int64), f"{part.id} {door.id}")
