"""Whom a change of rules reached: directly, through whom else, and that it reached nobody else.

Both worlds are lived side by side, month by month, and the first month is found in which each person's state or
history differs. A person is reached *directly* where a changed rule met that person no later than that month: it
recorded, listed, opened or closed a door, or stood behind an act as a consequence the person knew of. Everybody
else who differs must be linked to somebody who differed before: next of kin, a friend, somebody whose record
landed on the wrong file, or talk in the district. Whoever is neither is *unexplained*; the certificate is
given only where nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.engine.steps.dealings import REFUSED
from counterscore.errors import UsageError
from counterscore.regime.difference import Change, difference
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import ACTS
from counterscore.reliving import Living, Stage, Teller
from counterscore.results import Run
from counterscore.results.ids import resident_id
from counterscore.results.run import GENERATION
from counterscore.twins.side_by_side import NEVER, OF_LIST, OF_ROW, Mask, Months, SideBySide

#: Ways other than a rule in which a change can arrive, in the order in which they are looked for.
THROUGH = ("next of kin", "a friend", "someone else's record", "talk in the district", "a dealing")
#: Parts of a rule book that are words or are looked at through the plan.
_SEEN_ELSEWHERE = frozenset({"scrutiny"})


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """A person who differs: since which month, and how the change arrived (a rule, or one of ``THROUGH``)."""

    resident: str
    month: int
    how: str


@dataclass
class Reach:
    """Who was reached in one or more replays, counted as persons x replays.

    ``rules`` counts who was met by each changed rule and differs, ``touched`` everybody whom any changed rule
    met, ``examples`` holds a few of each way. ``untraced`` names what these worlds have and whose links are not
    followed: whoever was reached through it alone stands under unexplained.
    """

    world: str
    baseline: str
    replays: tuple[int, ...]
    changed_rules: tuple[str, ...]
    untraced: tuple[str, ...] = ()
    persons: int = 0
    unchanged: int = 0
    touched: int = 0
    direct: int = 0
    through: dict[str, int] = field(default_factory=lambda: dict.fromkeys(THROUGH, 0))
    rules: dict[str, int] = field(default_factory=dict)
    unexplained: list[FirstDifference] = field(default_factory=list)
    examples: dict[str, list[FirstDifference]] = field(default_factory=dict)

    @property
    def certified(self) -> bool:
        """Whether everybody who differs was met by a changed rule or is linked to somebody who was."""
        return not self.unexplained

    def certificate(self) -> str:
        """The sentence that says so, or names who is not explained."""
        if self.certified:
            return (
                f"Certificate: of {self.persons:,} lives compared, {self.unchanged:,} are identical; each of the other "
                f"{self.persons - self.unchanged:,} met a changed rule or is linked to somebody who differed before."
            )
        names = ", ".join(one.resident for one in self.unexplained[:5])
        gap = f" Not traced person by person: links through {', '.join(self.untraced)}." if self.untraced else ""
        return f"No certificate: {len(self.unexplained):,} differ without having been reached, among them {names}.{gap}"

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "world": self.world,
            "baseline": self.baseline,
            "replays": list(self.replays),
            "changed_rules": list(self.changed_rules),
            "lives": self.persons,
            "identical": self.unchanged,
            "met_by_a_changed_rule": self.touched,
            "differ_directly": self.direct,
            "differ_through": self.through,
            "by_rule": self.rules,
            "unexplained": len(self.unexplained),
            "untraced": list(self.untraced),
            "certified": self.certified,
            "certificate": self.certificate(),
            "examples": {
                how: [{"resident": one.resident, "month": one.month} for one in some]
                for how, some in self.examples.items()
            },
        }


def reach(run: Run, world: str, baseline: str, *, replays: int = 1, stage: Stage | None = None) -> Reach:
    """Trace a change through ``replays`` replays of a run, in every subdistrict."""
    stage = stage or Stage(run)
    wanted = [r for r in run.replays(world) if (baseline, r) in run.finished][:replays]
    if not wanted:
        raise UsageError(f"the run has no replay that both {world} and {baseline} have finished")
    changes = _Changes(stage, world, baseline)
    out = Reach(world, baseline, tuple(wanted), changes.named, _untraced(stage, world, baseline))
    for replay in wanted:
        for k in range(len(stage.city.subdistricts)):
            _trace(out, _pair(stage, k, world, baseline, replay), changes)
    return out


def _untraced(stage: Stage, world: str, baseline: str) -> tuple[str, ...]:
    plans = [stage.plans(name) for name in (world, baseline)]
    found = {
        "firms": any(plan.firms is not None for plan in plans),
        "public bodies": any(plan.bodies is not None for plan in plans),
        "private scores and matchmaking": any(plan.residents.private or plan.residents.meeting for plan in plans),
    }
    return tuple(name for name, has in found.items() if has)


def _pair(stage: Stage, k: int, world: str, baseline: str, replay: int) -> SideBySide:
    def make(room: int) -> tuple[Living, Living]:
        return (
            stage.living(k, world=world, replay=replay, room=room),
            stage.living(k, world=baseline, replay=replay, room=room),
        )

    return SideBySide(make, int(stage.run.record["months"]), room=stage.room(k))


# ---- what is different in the rules --------------------------------------------------------------------------


class _Changes:
    """The changed rules of two worlds: which rows, lists and doors of each, which acts, or everybody."""

    def __init__(self, stage: Stage, world: str, baseline: str) -> None:
        self.regimes = [stage.regime(name) for name in (world, baseline)]
        self.plans = [stage.plan(name) for name in (world, baseline)]
        found = [one for one in difference(self.regimes[1], self.regimes[0]) if one.affects]
        self.rows: list[set[tuple[str, str]]] = [set(), set()]
        self.lists: list[set[tuple[str, str]]] = [set(), set()]
        self.doors: list[set[tuple[str, str]]] = [set(), set()]
        self.everybody: list[str] = []
        for one in found:
            self._take(one)
        self.acts = self._acts()
        self.groups = np.flatnonzero(self.plans[0].group_scrutiny != self.plans[1].group_scrutiny)
        self._scalars()
        every = {
            *(f"{part} {id_}" for sets in (self.rows, self.lists, self.doors) for side in sets for part, id_ in side)
        }
        self.named = tuple(sorted(every | set(self.everybody)))

    def _take(self, one: Change) -> None:
        # The heads of both worlds are compared with each other, whatever their ids.
        books = [next((r for r in head.stacked() if r.id == one.regime), head) for head in self.regimes]
        match one.part:
            case "catalogue":
                self._add(self.rows, books, one.id)
            case "lists":
                self._add(self.lists, books, one.id)
            case "doors":
                self._add(self.doors, books, one.id)
            case "rights":
                self._all(books, score=False)
            case "stack":
                self._all([next((r for r in head.stacked() if r.id == one.id), None) for head in self.regimes])
            case "score" | "grades":
                self.everybody.append(f"{one.regime} score")
            case part if part not in _SEEN_ELSEWHERE:
                self.everybody.append(f"{one.regime} {part}")

    def _add(self, sets: list[set[tuple[str, str]]], books: list[Regime], id_: str) -> None:
        for side, book in zip(sets, books, strict=True):
            side.add((book.id, id_))

    def _all(self, books: list[Any], *, score: bool = True) -> None:
        """Every rule of a rule book that one world has and the other has not, or whose rights differ."""
        for side, book in enumerate(books):
            if book is None:
                continue
            self.rows[side] |= {(book.id, row.id) for row in book.catalogue}
            self.lists[side] |= {(book.id, name) for name in book.lists}
            if score:
                self.doors[side] |= {(book.id, door.id) for door in book.doors}
                if book.score is not None:
                    self.everybody.append(f"{book.id} score")

    def _acts(self) -> Mask:
        """Acts with other consequences as residents perceive them, or that a rule newly covers."""
        changed = np.zeros(len(self.plans[0].act_detect), np.bool_)
        for name in layout.PLAN.names or ():
            if name.startswith("act_") and name not in {"act_start", "act_rows"}:
                a, b = (np.asarray(plan[name]) for plan in self.plans)
                changed |= (a != b).reshape(len(changed), -1).any(axis=1) if len(a) == len(changed) else False
        return changed

    def _scalars(self) -> None:
        """Single values of the plan: rights touch every row, what counts rules is derived, the rest everybody."""
        derived = {
            "schemes",
            "lists",
            "reserve",
            "has_kin_doors",
            "lists_adverse",
            "doors_self",
            "doors_kin",
            "doors_hinder",
        }
        for name in layout.SCALARS:
            if name in derived or self.plans[0][name] == self.plans[1][name]:
                continue
            if name.startswith("rights_"):
                for head in (0, 1):
                    for book in self.regimes[head].stacked():
                        self.rows[head] |= {(book.id, row.id) for row in book.catalogue}
            else:
                self.everybody.append(name.replace("_", ".", 1))


# ---- how it came ---------------------------------------------------------------------------------------------


def _trace(out: Reach, pair: SideBySide, changes: _Changes) -> None:
    """Count the persons of one subdistrict and replay by how the change reached them."""
    first = pair.first
    met, kin_met, by = _exposures(pair, changes)
    lived = pair.generations.max(axis=0).astype(np.int64)
    out.persons += pair.persons
    out.touched += int((np.minimum(met, kin_met) < NEVER).sum())
    changed = np.argwhere(first < NEVER)
    out.unchanged += pair.persons - len(changed)
    figures = [side.figures for side in pair.sides]
    districts = pair.sides[0].start["district"]
    for generation, place in changed.tolist():
        assert generation <= lived[place]
        month = int(first[generation, place])
        if met[generation, place] <= month:
            how = by(generation, place, month)
            out.direct += 1
            for rule in how:
                out.rules[rule] = out.rules.get(rule, 0) + 1
            key = "directly"
        elif kin_met[generation, place] <= month:
            key = THROUGH[0]
        else:
            key = next(_links(pair, place, month, figures, int(districts[place])), "unexplained")
        identity = pair.sides[0].subdistrict * layout.SUBDISTRICT + place + generation * GENERATION
        told = FirstDifference(resident_id(pair.sides[0].stage.run, identity), month, key)
        if key in out.through:
            out.through[key] += 1
        if key == "unexplained":
            out.unexplained.append(told)
        some = out.examples.setdefault(key, [])
        if len(some) < 5:
            some.append(told)


def _links(pair: SideBySide, place: int, month: int, figures: list[Any], district: int) -> Iterator[str]:
    """The ways from somebody who differed no later than ``month`` to the person at ``place``."""
    n = pair.first.shape[1]

    def before(other: int) -> bool:
        generation = int(pair.generations[month, other])
        return other != place and int(pair.first[generation, other]) <= month

    if before(n - 1 - place):
        yield THROUGH[0]
    if any(before((place + sign * shift) % n) for shift in layout.FRIEND_SHIFTS for sign in (1, -1)):
        yield THROUGH[1]
    if before((place - layout.MIX_SHIFT) % n):
        yield THROUGH[2]
    if any(before(other) for other in _dealt_with(pair, place, month)):
        yield THROUGH[4]
    year = month // 12
    if month % 12 == 0 and month > 0 and figures[0][year][district] != figures[1][year][district]:
        yield THROUGH[3]


def _dealt_with(pair: SideBySide, place: int, month: int) -> Iterator[int]:
    """With whom the person at ``place`` had a dealing by ``month``, in either world."""
    for side in pair.sides:
        events = side.events
        met = events[(events[:, 2] == layout.EVENT_DEALING) & (events[:, 3] != REFUSED) & (events[:, 0] <= month)]
        yield from met[met[:, 1] == place, 4].tolist()
        yield from met[met[:, 4] == place, 1].tolist()


def _exposures(pair: SideBySide, changes: _Changes) -> tuple[Months, Months, Any]:
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
        acts = events[events[:, 2] == layout.EVENT_ACT]
        for act in np.flatnonzero(changes.acts):
            hit = acts[acts[:, 3] == act]
            note(hit[:, 0], hit[:, 1], f"behind the act {ACTS[act].id}")
        if len(changes.groups):
            group = pair.sides[side].place.residents["group"]
            hit = acts[np.isin(group[acts[:, 1]], changes.groups)]
            note(hit[:, 0], hit[:, 1], "scrutiny of an occupation")
    for rule in changes.everybody:
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


def _rule_events(events: Any, teller: Teller, changes: _Changes, side: int, note: Any) -> None:
    for number, (part, _, row) in enumerate(teller.rows):
        if (part.id, row.id) in changes.rows[side]:
            hit = events[np.isin(events[:, 2], OF_ROW) & (events[:, 3] == number)]
            note(hit[:, 0], hit[:, 1], f"{part.id} {row.id}", row.actor == "kin")
    for number, (part, name, _) in enumerate(teller.lists):
        if (part.id, name) in changes.lists[side]:
            hit = events[np.isin(events[:, 2], OF_LIST) & (events[:, 3] == number)]
            note(hit[:, 0], hit[:, 1], f"{part.id} {name}")


def _door_months(events: Any, living: Living, teller: Teller, changes: _Changes, side: int, note: Any, n: int) -> None:
    moves = events[events[:, 2] == layout.EVENT_DOORS]
    for number, (part, _, door) in enumerate(teller.doors):
        if (part.id, door.id) not in changes.doors[side]:
            continue
        on = moves[(moves[:, 4] >> number & 1 == 1) | (moves[:, 3] >> number & 1 == 1)]
        start = np.flatnonzero(living.start["doors"] >> number & 1)
        kin = door.affects == "kin"
        for months, places in ((on[:, 0], on[:, 1]), (np.zeros(len(start), np.int64), start)):
            note(months, n - 1 - places if kin else places, f"{part.id} {door.id}", kin)
