"""Two lives of one subdistrict side by side, month by month: who differs, and since when.

Rules are compared by name, not by their number in a world's plan, so that a rule taken out does not make everybody
differ by numbers alone; the rule books at the head of both worlds are compared with each other, whatever their ids,
so that a copy under a name of its own is a twin. Dates that only stand on paper (that a record will end sooner) are no difference until
something comes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.engine.plan import scored_of
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import Living, Teller
from counterscore.reliving.trace import MONTH, POSITION, column, detail, is_of

NEVER = layout.NEVER
_ROOM = 1 << 16
#: State that is numbered by the rules of a world, compared by name instead of bit by bit.
_NUMBERED = frozenset({"doors", "lists", "head", "score", "grade", "absorbed"})
#: The same of firms; their ``head`` is a resident, who is the same in both worlds.
_NUMBERED_OF_FIRMS = frozenset({"held", "past", "past_until"})
#: What the private side keeps of a resident and is compared: how often a profile was shown depends on all who look.
_PRIVATE = (
    "sought",
    "perks",
    "joined",
    "left",
    "matched",
    "partnered",
    "ties_low",
    "ties_new",
    "ties_hidden",
    "profile",
)
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
    (layout.EVENT_RECORD, "until"),
    (layout.EVENT_ENTER, "until"),
    (layout.EVENT_OVERDUE, "until"),
    (layout.EVENT_LATE, "until"),
    (layout.EVENT_APPEAL, "decided"),
)
#: Columns of ``odd_events`` behind those of a trace: a count within person and month, and whose life it is of.
COUNT, SIDE = len(layout.TRACE_COLUMNS), len(layout.TRACE_COLUMNS) + 1

Mask = npt.NDArray[np.bool_]
Months = npt.NDArray[np.int64]
Columns = Iterator[tuple[str, Mask]]  #: of the state: name, and for whom it differs


class SideBySide:
    """One subdistrict lived twice. ``make(room)`` gives the two lives on their eve, with a trace of ``room`` events.

    ``first`` (generations, places) is each person's first month of difference, ``NEVER`` for none; ``generations``
    (months, places) tells who lives at each place, and ``districts`` where that is. ``first_of`` holds the same of firms and of public bodies (a row
    each), and ``heads`` the places of the residents who ever represented each firm. ``until`` stops after the month in which anybody differs first.
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
        self.tellers = [self.teller(side) for side in (0, 1)]
        self.names = _names(*self.sides)
        for row in self.odd_events():
            month, place = int(row[MONTH]), int(row[POSITION])
            generation = int(self.generations[month, place])
            self.first[generation, place] = min(self.first[generation, place], month)
        for subject, first in self.first_of.items():
            for row in self.odd_events(subject):
                first[int(row[POSITION])] = min(first[int(row[POSITION])], int(row[MONTH]))

    def teller(self, side: int, subject: Subject = "residents") -> Teller:
        """What puts one side's events of such subjects into words."""
        living = self.sides[side]
        many = len(living.files_of(subject).residents)
        return Teller(living.stage.regime(living.world), living.plan_of(subject), living.subdistrict, many, subject)

    def _live(self, months: int, until: bool) -> None:
        n = len(self.sides[0].start)
        self.generations = np.zeros((months, n), np.uint8)
        self.districts = np.zeros((months, n), np.uint8)
        self.first: Months = np.full((1, n), NEVER, np.int64)
        others: tuple[Subject, ...] = ("firms", "bodies")
        lived = {one: [side.files_of(one) for side in self.sides] for one in others}
        self.first_of: dict[Subject, Months] = {
            one: np.full(len(files[0].residents), NEVER, np.int64) for one, files in lived.items() if None not in files
        }
        self.heads: list[set[int]] = [set() for _ in self.first_of.get("firms", ())]
        seen = [0, 0]
        for month in range(months):
            for side in self.sides:
                side.live(month + 1)
            if month % 12 == 0:  # heads follow one another in January, alike in both lives
                for ever, head in zip(self.heads, _heads(self.sides[0]), strict=True):
                    ever.add(head)
            now = self.sides[0].place.lives.generation.copy()
            self.generations[month] = now
            self.districts[month] = self.sides[0].place.residents["district"]
            if int(now.max(initial=0)) >= len(self.first):
                self.first = np.vstack([self.first, np.full((1, n), NEVER, np.int64)])
            apart = states_differ(*self.sides)
            at = np.flatnonzero(apart & (self.first[now, np.arange(n)] == NEVER))
            self.first[now[at], at] = month
            for subject, first in self.first_of.items():
                first[(first == NEVER) & states_differ(*self.sides, subject)] = month
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

    def _books(self, side: int, parts: Sequence[Regime]) -> list[Any]:
        return [self.names[side][part.id] for part in parts]

    def _rows(self, side: int, teller: Teller) -> list[Any]:
        return [(self.names[side][part.id], row.id) for part, _, row in teller.rows]

    def _lists(self, side: int, teller: Teller) -> list[Any]:
        return [(self.names[side][part.id], name) for part, name, _ in teller.lists]

    @property
    def persons(self) -> int:
        """How many lived here."""
        return int((self.generations.max(axis=0, initial=0).astype(np.int64) + 1).sum())

    def odd_events(self, subject: Subject = "residents") -> npt.NDArray[np.int64]:
        """Events of either life that the other has not: rows of a trace with rules numbered by name, in order of
        month and place, with the columns ``COUNT`` and ``SIDE`` after the trace's.
        """
        parts = _that_may_differ(*(self._named(side, subject) for side in (0, 1)))
        both = np.concatenate(parts)
        if not len(both):
            return np.zeros((0, SIDE + 1), np.int64)
        _, index, counts = np.unique(both, axis=0, return_index=True, return_counts=True)
        alone = np.sort(index[counts == 1])
        side = (alone >= len(parts[0])).astype(np.int64)
        rows = np.column_stack([both[alone], side])
        return rows[np.lexsort((side, rows[:, COUNT], rows[:, POSITION], rows[:, MONTH]))]

    def _named(self, side: int, subject: Subject) -> npt.NDArray[np.int64]:
        """A life's events with rules numbered by name, and a count of events of each person and month."""
        events = self.sides[side].events_of(subject)
        events = events[~is_of(events, layout.EVENT_DOORS)]  # doors are numbered by the rules of a world
        out = np.column_stack([events, np.zeros(len(events), np.int64)])
        for kind, date in _DATES:
            out[is_of(out, kind), column(date, kind)] = 0
        performed = is_of(out, layout.EVENT_FIRM) & (detail(out, "what", layout.EVENT_FIRM) == layout.FIRM_PERFORMED)
        out[performed, column("value", layout.EVENT_FIRM)] = (
            0  # the lists it concerns, numbered by the rules of a world; each is left in its own event
        )
        teller, other = (self.teller(one, subject) for one in (side, 0))
        tables: tuple[tuple[tuple[int, ...], Any, Any, str], ...] = (
            (OF_ROW, self._rows(side, teller), self._rows(0, other), "row"),
            (OF_LIST, self._lists(side, teller), self._lists(0, other), "list"),
            ((layout.EVENT_ENTER,), [*self._rows(side, teller), None], [*self._rows(0, other), None], "row"),
            ((layout.EVENT_SCORE,), self._books(side, teller.scored), self._books(0, other.scored), "scheme"),
        )
        for kinds, mine, theirs, what in tables:
            number = np.array(
                [theirs.index(name) if name in theirs else 1000 + n for n, name in enumerate(mine)], np.int64
            )
            numbered = column(what, *kinds)
            at = is_of(out, *kinds) & (out[:, numbered] < len(number))
            out[at, numbered] = number[out[at, numbered]]
        order = np.lexsort((np.arange(len(out)), out[:, POSITION], out[:, MONTH]))
        out = out[order]
        if len(out):
            when, where = out[:, MONTH], out[:, POSITION]
            new = np.r_[True, (when[1:] != when[:-1]) | (where[1:] != where[:-1])]
            starts = np.flatnonzero(new)
            out[:, COUNT] = np.arange(len(out)) - starts[np.cumsum(new) - 1]
        return out


def _that_may_differ(
    one: npt.NDArray[np.int64], two: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The events of both lives, in order of month and place, without those of persons and months of which both tell exactly the
    same; nearly all are.
    """
    if not len(one) or not len(two):
        return one, two
    places = 1 + max(int(side[:, 1].max()) for side in (one, two))
    (here, many), (there, as_many) = (
        np.unique(side[:, 0] * places + side[:, 1], return_counts=True) for side in (one, two)
    )
    _, mine, theirs = np.intersect1d(here, there, assume_unique=True, return_indices=True)
    both = many[mine] == as_many[theirs]
    mine, theirs = mine[both], theirs[both]  # of these the rows stand side by side
    alike = [np.repeat(np.isin(np.arange(len(of)), at), of) for of, at in ((many, mine), (as_many, theirs))]
    apart = (one[alike[0]] != two[alike[1]]).any(axis=1)
    same = np.bincount(np.repeat(np.arange(len(mine)), many[mine]), weights=apart, minlength=len(mine)) == 0
    kept = [np.repeat(~np.isin(np.arange(len(of)), at[same]), of) for of, at in ((many, mine), (as_many, theirs))]
    return one[kept[0]], two[kept[1]]


def books_named(one: Regime, two: Regime) -> tuple[dict[str, str], dict[str, str]]:
    """By which name each rule book of two worlds is compared: its id; a head that the other world has not under
    this id, with the other's head where the same holds of it.
    """
    ids = [[part.id for part in head.stacked()] for head in (one, two)]
    names = ({id_: id_ for id_ in ids[0]}, {id_: id_ for id_ in ids[1]})
    if one.id not in ids[1] and two.id not in ids[0]:
        names[0][one.id] = two.id
    return names


def states_differ(one: Living, two: Living, subject: Subject = "residents") -> Mask:
    """Whose state differs now, apart from what is only numbered otherwise."""
    apart = np.zeros(len(one.files_of(subject).residents), np.bool_)
    for _, differs in columns_that_differ(one, two, subject, _rows_that_differ):
        apart |= differs
    return apart


def columns_that_differ(
    one: Living, two: Living, subject: Subject = "residents", by: Callable[..., Columns] | None = None
) -> Columns:
    """Each column of the state, with whom it differs for now; ``by`` tells columns of two tables apart."""
    by = by or _fields_that_differ
    files = [side.files_of(subject) for side in (one, two)]
    a, b = (place.residents for place in files)
    yield "aware", np.asarray(files[0].watch["aware"] != files[1].watch["aware"])
    yield from by(a, b, [name for name in layout.RESIDENT.names or () if name not in _NUMBERED])
    if subject == "residents":
        ours, theirs = (place.private for place in files)
        if len(ours) == len(theirs) == len(a):
            yield from by(ours, theirs, _PRIVATE)
    else:
        ours, theirs = (_own(side, subject) for side in (one, two))
        yield from by(ours, theirs, [name for name in ours.dtype.names or () if name not in _NUMBERED_OF_FIRMS])
    scored = (scored_of(side.stage.regime(side.world).stacked(), subject) for side in (one, two))
    books = [[names[part.id] for part in parts] for names, parts in zip(_names(one, two), scored, strict=True)]
    for s, id_ in enumerate(books[0]):
        if id_ in books[1]:
            t = books[1].index(id_)
            yield f"score of {id_}", a["score"][:, s] != b["score"][:, t]
            yield f"grade of {id_}", a["grade"][:, s] != b["grade"][:, t]


def _names(one: Living, two: Living) -> tuple[dict[str, str], dict[str, str]]:
    return books_named(*(side.stage.regime(side.world) for side in (one, two)))


def _rows_that_differ(a: Any, b: Any, names: Sequence[str]) -> Columns:
    """The same as one column: the bytes of all that is named, which are whole numbers, in one look."""
    counted = np.zeros(a.dtype.itemsize, np.bool_)
    for name in names:
        kind, at = a.dtype.fields[name][:2]
        counted[at : at + kind.itemsize] = True
    one, two = (np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1) for rows in (a, b))
    apart = one != two
    apart &= counted
    yield "", apart.any(axis=1)


def _fields_that_differ(a: Any, b: Any, names: Sequence[str]) -> Columns:
    for name in names:
        differs = a[name] != b[name]
        yield name, differs.reshape(len(a), -1).any(axis=1) if len(a) else np.zeros(0, np.bool_)


def _heads(side: Living) -> list[int]:
    """The places of the residents who represent firms now."""
    return [] if side.place.firms is None else side.place.firms.own["head"].tolist()


def _own(side: Living, subject: Subject) -> npt.NDArray[Any]:
    """What only firms, or only public bodies, have."""
    others = side.place.firms if subject == "firms" else side.place.bodies
    assert others is not None
    return others.own
