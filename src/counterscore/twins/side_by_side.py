"""Two lives of one subdistrict side by side, month by month: who differs, and since when.

Rules are compared by name, not by their number in a world's plan, so that a rule taken out does not make everybody
differ by numbers alone. Dates that only stand on paper (that a record will end sooner) are no difference until
something comes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.reliving import Living, Teller
from counterscore.reliving.events import scored_of

NEVER = layout.NEVER
_ROOM = 1 << 16
#: State that is numbered by the rules of a world, compared by name instead of bit by bit.
_NUMBERED = frozenset({"doors", "lists", "head", "score", "grade", "absorbed"})
#: Events about a row, about a list.
OF_ROW = (
    layout.EVENT_RECORD,
    layout.EVENT_OVERDUE,
    layout.EVENT_END,
    layout.EVENT_NOTICE,
    layout.EVENT_APPEAL,
    layout.EVENT_DECISION,
)
OF_LIST = (layout.EVENT_ENTER, layout.EVENT_LATE, layout.EVENT_LEAVE, layout.EVENT_REPAIR)
#: Dates on paper: that a record will end sooner is no difference until it ends.
_DATES = (
    (layout.EVENT_RECORD, 6),
    (layout.EVENT_ENTER, 6),
    (layout.EVENT_OVERDUE, 5),
    (layout.EVENT_LATE, 5),
    (layout.EVENT_APPEAL, 5),
)

Mask = npt.NDArray[np.bool_]
Months = npt.NDArray[np.int64]


class SideBySide:
    """One subdistrict lived twice. ``make(room)`` gives the two lives on their eve, with a trace of ``room`` events.

    ``first`` (generations, places) is each person's first month of difference, ``NEVER`` for none; ``generations``
    (months, places) tells who lives at each place. ``until`` stops after the month in which anybody differs first.
    """

    def __init__(
        self, make: Callable[[int], tuple[Living, Living]], months: int, *, room: int = _ROOM, until: bool = False
    ) -> None:
        while True:
            self.sides = make(room)
            self._live(months, until)
            used = max(side.used for side in self.sides)
            if used <= room:
                break
            room = 2 * used
        self.tellers = [
            Teller(side.stage.regime(side.world), side.plan, side.subdistrict, len(side.start)) for side in self.sides
        ]
        for row in self.odd_events():
            month, place = int(row[0]), int(row[1])
            generation = int(self.generations[month, place])
            self.first[generation, place] = min(self.first[generation, place], month)

    def _live(self, months: int, until: bool) -> None:
        n = len(self.sides[0].start)
        self.generations = np.zeros((months, n), np.uint8)
        self.first: Months = np.full((1, n), NEVER, np.int64)
        seen = [0, 0]
        for month in range(months):
            for side in self.sides:
                side.live(month + 1)
            now = self.sides[0].place.lives.generation.copy()
            self.generations[month] = now
            if int(now.max(initial=0)) >= len(self.first):
                self.first = np.vstack([self.first, np.full((1, n), NEVER, np.int64)])
            apart = states_differ(*self.sides)
            at = np.flatnonzero(apart & (self.first[now, np.arange(n)] == NEVER))
            self.first[now[at], at] = month
            if until and (len(at) or self._events_differ(seen)):
                self.generations = self.generations[: month + 1]
                return

    def _events_differ(self, seen: list[int]) -> bool:
        """Whether this month's events are not the same number of the same kinds for the same people."""
        parts = []
        for n, side in enumerate(self.sides):
            if side.used > len(side.trace):
                return True
            parts.append(side.events[seen[n] :, :3])
            seen[n] = len(side.events)
        return len(parts[0]) != len(parts[1]) or bool((parts[0] != parts[1]).any())

    @property
    def persons(self) -> int:
        """How many lived here."""
        return int((self.generations.max(axis=0, initial=0).astype(np.int64) + 1).sum())

    def odd_events(self) -> npt.NDArray[np.int64]:
        """Events of either life that the other has not: rows of a trace with rules numbered by name, in order of
        month and place; the columns after the trace's are a count within person and month, and the side.
        """
        parts = [self._named(side) for side in (0, 1)]
        both = np.concatenate(parts)
        if not len(both):
            return np.zeros((0, 10), np.int64)
        _, index, counts = np.unique(both, axis=0, return_index=True, return_counts=True)
        alone = np.sort(index[counts == 1])
        side = (alone >= len(parts[0])).astype(np.int64)
        rows = np.column_stack([both[alone], side])
        return rows[np.lexsort((side, rows[:, 8], rows[:, 1], rows[:, 0]))]

    def _named(self, side: int) -> npt.NDArray[np.int64]:
        """A life's events with rules numbered by name, and a count of events of each person and month."""
        events = self.sides[side].events
        events = events[events[:, 2] != layout.EVENT_DOORS]  # doors are numbered by the rules of a world
        out = np.column_stack([events, np.zeros(len(events), np.int64)])
        for kind, column in _DATES:
            out[out[:, 2] == kind, column] = 0
        teller, other = self.tellers[side], self.tellers[0]
        tables: tuple[tuple[tuple[int, ...], Any, Any, int], ...] = (
            (OF_ROW, _row_names(teller), _row_names(other), 3),
            (OF_LIST, _list_names(teller), _list_names(other), 3),
            ((layout.EVENT_ENTER,), [*_row_names(teller), None], [*_row_names(other), None], 5),
            ((layout.EVENT_SCORE,), [part.id for part in teller.scored], [part.id for part in other.scored], 3),
        )
        for kinds, mine, theirs, column in tables:
            number = np.array(
                [theirs.index(name) if name in theirs else 1000 + n for n, name in enumerate(mine)], np.int64
            )
            at = np.isin(out[:, 2], kinds) & (out[:, column] < len(number))
            out[at, column] = number[out[at, column]]
        order = np.lexsort((np.arange(len(out)), out[:, 1], out[:, 0]))
        out = out[order]
        if len(out):
            new = np.r_[True, (out[1:, 0] != out[:-1, 0]) | (out[1:, 1] != out[:-1, 1])]
            starts = np.flatnonzero(new)
            out[:, 8] = np.arange(len(out)) - starts[np.cumsum(new) - 1]
        return out


def _row_names(teller: Teller) -> list[Any]:
    return [(part.id, row.id) for part, _, row in teller.rows]


def _list_names(teller: Teller) -> list[Any]:
    return [(part.id, name) for part, name, _ in teller.lists]


def states_differ(one: Living, two: Living) -> Mask:
    """Whose state differs now, apart from what is only numbered otherwise."""
    apart = np.zeros(len(one.place.residents), np.bool_)
    for _, differs in columns_that_differ(one, two):
        apart |= differs
    return apart


def columns_that_differ(one: Living, two: Living) -> Iterator[tuple[str, Mask]]:
    """Each column of the state in which anybody differs now, with whom."""
    a, b = one.place.residents, two.place.residents
    yield "aware", np.asarray(one.place.watch["aware"] != two.place.watch["aware"])
    for name in layout.RESIDENT.names or ():
        if name not in _NUMBERED:
            differs = a[name] != b[name]
            yield name, differs.reshape(len(a), -1).any(axis=1)
    books = [[part.id for part in scored_of(side.stage.regime(side.world))] for side in (one, two)]
    for s, id_ in enumerate(books[0]):
        if id_ in books[1]:
            t = books[1].index(id_)
            yield f"score of {id_}", a["score"][:, s] != b["score"][:, t]
            yield f"grade of {id_}", a["grade"][:, s] != b["grade"][:, t]
