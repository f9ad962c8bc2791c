"""A stack of rule books in one numbering: rows, lists, doors, schemes, and who reads whose records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from counterscore.engine.fields import FIELDS
from counterscore.engine.layout import (
    EVERYBODY,
    MAX_ASKING,
    MAX_AUTHORITIES,
    MAX_COMPONENTS,
    MAX_DIMENSIONS,
    MAX_DOORS,
    MAX_GRADES,
    MAX_GROUNDS,
    MAX_LISTS,
    MAX_ROWS,
    MAX_SCHEMES,
    MAX_STEP_ROWS,
    THE_PUBLIC,
)
from counterscore.errors import InputError, Problem
from counterscore.regime.found import copied
from counterscore.regime.model import PUBLIC, Component, Door, ListRule, Regime, Row, Sharing
from counterscore.regime.vocabulary import ACTS, SERVICES, Subject

ACT_INDEX = {act.id: index for index, act in enumerate(ACTS)}
SERVICE_INDEX = {service.id: index for index, service in enumerate(SERVICES)}
FILES = ("none", "thin", "full")
#: Doors that a rule book about one kind of subject puts before another: who holds the record, whom it stops.
CROSSING: dict[str, tuple[Subject, Subject]] = {
    "firm": ("residents", "firms"),
    "firm head": ("firms", "residents"),
    "official": ("bodies", "residents"),
}
Ints = npt.NDArray[np.int64]


class Stack:
    """The rules of all regimes of a stack in one numbering."""

    def __init__(self, stack: Sequence[Regime], subject: Subject = "residents") -> None:
        self.subject = subject
        self.regimes = regimes = tuple(regime for regime in stack if regime.subjects == subject)
        self.scored = list(enumerate(regime for regime in regimes if is_scored(regime)))
        known = iter(range(len(self.scored)))
        self.scheme = [next(known) if is_scored(regime) else -1 for regime in regimes]
        # Rule books that ask for consent have a bit of what a resident takes part in, after those with a score,
        # where they record anything.
        self.asking = [regime for _, regime in self.scored]
        self.consent = list(self.scheme)
        for s, regime in enumerate(regimes):
            if regime.participation != "mandatory" and regime.catalogue and self.scheme[s] < 0:
                self.consent[s] = len(self.asking)
                self.asking.append(regime)
        self.rows: list[tuple[int, int, Row]] = []  # scheme, position in its catalogue, row
        self.lists: list[tuple[int, str, ListRule]] = []
        self.doors = [(s, n, door) for s, regime in enumerate(regimes) for n, door in enumerate(regime.doors)]
        self.components: list[tuple[int, Component]] = [
            (number, part) for number, regime in self.scored if regime.score for part in regime.score.components
        ]
        self.component_index = {(number, part.id): k for k, (number, part) in enumerate(self.components)}
        self.lent = crossing(stack, to=subject)
        self.lends = lends_of(stack, subject)
        for s, regime in enumerate(regimes):
            self.rows += [(s, n, row) for n, row in enumerate(regime.catalogue)]
            self.lists += [(s, name, rule) for name, rule in regime.lists.items()]
        self.row_index = {(s, row.id): k for k, (s, _, row) in enumerate(self.rows)}
        self.list_index = {name: k for k, (_, name, _) in enumerate(self.lists)}
        # Who reads records: all of whoever shares everything, the public, then the authorities that do not.
        self.bodies = [
            (s, name) for s, regime in enumerate(regimes) if regime.sharing is not None for name in regime.authorities
        ]
        # And channels: what comes from an authority of another rule book, by the entries that say how far it reaches.
        self.copies = [copied(regimes[s], row, regimes) for s, _, row in self.rows]
        self.channels = list(
            dict.fromkeys(
                (s, one.channel) for s, regime in enumerate(regimes) for one in regime.sharing or () if one.origin
            )
        )
        self.lender = next((s for s, regime in enumerate(regimes) if regime.lending), None)
        self._refuse_what_does_not_fit()

    def body(self, s: int, authority: str | None) -> int:
        """The number of an authority of regime ``s`` as a reader of records; the score's own where none is named."""
        regime = self.regimes[s]
        named = authority or (regime.score.authority if regime.score else None)
        if regime.sharing is None or named is None:
            return EVERYBODY
        return THE_PUBLIC if named == PUBLIC else 2 + self.bodies.index((s, named))

    def channel(self, s: int, entry: Sharing) -> int:
        """The number, as of an authority, of what an entry of sharing of regime ``s`` says comes from another rule book."""
        return 2 + len(self.bodies) + self.channels.index((s, entry.channel))

    def delay(self, k: int, to: str | None) -> int:
        """Months until a record of row ``k`` is with ``to``; none where it is its own or all is shared."""
        s, _, row = self.rows[k]
        copy = self.copies[k]
        own = (None, row.authority, (), ())
        for one in self.regimes[s].sharing or ():
            same = one.channel == (copy.entry.channel if copy else own) and one.to == to
            if same and (copy or row.authority != to):
                return one.after.months if one.after else 0
        return 0

    def _refuse_what_does_not_fit(self) -> None:
        stepped = sum(bool(row.then) for _, _, row in self.rows)
        limits = (
            ("regimes with a score in force together", len(self.scored), MAX_SCHEMES),
            ("regimes with a score, or that ask for consent, in force together", len(self.asking), MAX_ASKING),
            ("catalogue rows", len(self.rows), MAX_ROWS),
            ("lists", len(self.lists), MAX_LISTS),
            ("doors", len(self.doors) + len(self.lent), MAX_DOORS),
            ("components of scores", len(self.components), MAX_COMPONENTS),
            ("rows with points of further records", stepped, MAX_STEP_ROWS),
            ("grounds", sum(len(rule.enter) for _, _, rule in self.lists), MAX_GROUNDS),
            (
                "authorities in rule books that say what is shared",
                2 + len(self.bodies) + len(self.channels),
                MAX_AUTHORITIES,
            ),
            ("rule books that judge loans", sum(bool(regime.lending) for regime in self.regimes), 1),
            (
                "dimensions of a score",
                max([len(r.score.dimensions) for r in self.regimes if r.score] or [0]),
                MAX_DIMENSIONS,
            ),
            ("matchmakers", sum(r.partners is not None for r in self.regimes), 1),
            ("grades", max([len(r.score.spans()) for _, r in self.scored if r.score] or [0]), MAX_GRADES),
        )
        problems = [
            Problem(
                position=self.regimes[0].at(),
                message=f"{found} {what}; the engine holds at most {most}",
                suggestion="Take some out, or run the parts on their own.",
            )
            for what, found, most in limits
            if found > most
        ]
        for unit in ("hours", "yuan"):
            curves = [(s, n, row) for s, n, row in self.rows if row.curve and unit_of(row) == unit and not row.on_list]
            problems += [
                Problem(
                    position=self.regimes[s].at("catalogue", n, "curve"),
                    message=f"a second curve over {unit}; residents keep one yearly account of {unit}",
                    suggestion="Put the acts into one row.",
                )
                for s, n, _ in curves[1:]
            ]
        if problems:
            raise InputError(problems)


def is_scored(regime: Regime) -> bool:
    """Whether the rule book has a score that is known."""
    return regime.score is not None and regime.score.known


def crossing(stack: Sequence[Regime], *, to: Subject) -> list[Door]:
    """Doors that rule books about others put before ``to``, in the order of the stack."""
    return [
        door
        for regime in stack
        for door in regime.doors
        if door.affects in CROSSING and CROSSING[door.affects] == (regime.subjects, to) and regime.subjects != to
    ]


def doors_of(stack: Sequence[Regime], subject: Subject) -> list[tuple[Regime, int, Door]]:
    """The doors of a plan in its numbering: rule book, place in it, door. Those that others lend come last."""
    own = [(one, n, door) for one in stack if one.subjects == subject for n, door in enumerate(one.doors)]
    lent = [(one, n, door) for one in stack for n, door in enumerate(one.doors) if one.subjects != subject]
    theirs = crossing(stack, to=subject)
    return own + [(one, n, door) for one, n, door in lent if any(door is each for each in theirs)]


def lends_of(stack: Sequence[Regime], subject: Subject) -> list[tuple[int, int]]:
    """Doors held in files of ``subject`` that stop another: their number here, and their number there."""
    own = [door for regime in stack if regime.subjects == subject for door in regime.doors]
    out = []
    for affects, (holder, stopped) in CROSSING.items():
        if holder != subject:
            continue
        base = sum(len(regime.doors) for regime in stack if regime.subjects == stopped)
        there = crossing(stack, to=stopped)
        for number, door in enumerate(own):
            if door.affects == affects:
                place = next(k for k, one in enumerate(there) if one is door)
                out.append((number, base + place))
    return out


def unit_of(row: Row) -> str | None:
    """What amounts of the row's acts are counted in."""
    for act in row.act:
        unit = ACTS[ACT_INDEX[act]].unit
        if unit:
            return unit
    return None


def scored_of(regimes: Sequence[Regime], subject: Subject = "residents") -> list[Regime]:
    """The rule books of a stack that score such subjects, in the order of a plan's schemes."""
    found = (regime for regime in regimes if regime.subjects == subject)
    return [regime for regime in found if regime.score is not None and regime.score.known]


def asking_of(regimes: Sequence[Regime], subject: Subject = "residents") -> list[Regime]:
    """The rule books of a stack that one can take part in, in the order of a plan: those with a score first."""
    return Stack(regimes, subject).asking


def blank(prefix: str, most: int, count: int) -> dict[str, Ints]:
    """Zeros for ``count`` of at most ``most`` entries of each field of whole numbers whose name begins with ``prefix``."""
    plain = (one for one in FIELDS if one.name.startswith(prefix) and one.shape == (most,) and one.dtype == "i8")
    return {one.name: np.zeros(count, np.int64) for one in plain}


def ragged(parts: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Rows of different lengths as one array, and where each begins in it."""
    start = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    flat = [item for part in parts for item in part]
    return start, np.array(flat or [0], np.int64)
