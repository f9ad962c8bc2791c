"""A regime on paper: what its rules do with a list of records, month by month.

This is the reference meaning of a rule book, written to be read aloud. The engine is compared with it.
The clock is the month. Points are whole numbers of 1/60, rounded down where a curve gives less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from counterscore.errors import Position
from counterscore.regime.model import CurveStep, ListRule, Regime, Row
from counterscore.regime.vocabulary import act as act_called

SCALE = 60
NEVER = 65_535
YEAR = 12


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A record handed to the ledger. ``points60`` is an official's choice in 1/60 point; ``first`` tells
    whether it begins a spell of the act; ``of`` whose act it is; ``label`` names it in the steps."""

    act: str
    of: str = "self"
    amount: int = 0
    points60: int | None = None
    first: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out reported in a month: ``performed`` or ``repaired`` (of one list, or of all)."""

    kind: str
    list_id: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a rule did. ``score`` is in 1/60 point, None where the regime has none."""

    month: int
    what: str
    rule: str
    at: Position
    score: int | None
    grade: str | None
    lists: tuple[str, ...]
    doors: tuple[str, ...]


@dataclass
class _Made:
    """A record in the file of the resident."""

    regime: int
    row: int
    month: int
    until: int
    points: int
    number: int
    corrected: bool = False


@dataclass
class _Stay:
    regime: int
    name: str
    month: int
    until: int
    cause: _Made | None
    performed: bool = False


@dataclass
class _Standing:
    """Where a resident stands with one regime."""

    score: int
    grade: int
    units: dict[tuple[int, int], int] = field(default_factory=dict)


def curve_points(steps: Sequence[CurveStep], units: int) -> int:
    """Points in 1/60 for ``units`` in a year, each step rounded down to 1/60."""
    points = below = 0
    for step in steps:
        top = units if step.up_to is None else min(units, step.up_to)
        if top > below:
            points += (top - below) * (step.points or 0) * SCALE // step.per
            below = top
    return points


class Ledger:
    """One resident's file under a stack of regimes. Call ``live`` once a month, in order."""

    def __init__(self, regime: Regime) -> None:
        self.regimes = regime.stacked()
        self.steps: list[Step] = []
        self._made: list[_Made] = []
        self._stays: list[_Stay] = []
        self._standing: list[_Standing | None] = []
        self._kin_doors: tuple[str, ...] = ()
        self._month = -1
        for part in self.regimes:
            if part.score is None:
                self._standing.append(None)
            else:
                start = part.score.start * SCALE
                self._standing.append(_Standing(start, self._band(part, start)))

    # -- what can be asked -------------------------------------------------------------------------

    def score60(self, k: int = -1) -> int | None:
        """The published score in 1/60 point: of regime ``k`` of the stack, else of the first with a score."""
        standing = self._first() if k < 0 else self._standing[k]
        return None if standing is None else standing.score

    def grade(self) -> str | None:
        """The published grade of the first regime with a score."""
        for part, standing in zip(self.regimes, self._standing, strict=True):
            if standing is not None and part.score and part.score.grades:
                return part.score.grades[standing.grade].id
        return None

    def lists(self) -> tuple[str, ...]:
        """Lists the resident is on, in the order of the rule books."""
        on = {stay.name for stay in self._stays}
        return tuple(name for part in self.regimes for name in part.lists if name in on)

    def doors(self, *, affects: str = "self") -> tuple[str, ...]:
        """Doors in force because of this resident: on the resident, or with ``affects="kin"`` on kin."""
        on = set(self.lists())
        out = []
        for k, part in enumerate(self.regimes):
            for door in part.doors:
                if door.affects == affects and self._door_holds(k, door.when.kind, door.when.name, door.when.reach, on):
                    out.append(door.id)
        return tuple(out)

    # -- a month -----------------------------------------------------------------------------------

    def live(
        self, month: int, records: Iterable[PaperRecord] = (), exits: Iterable[Exit] = (), corrected: Iterable[int] = ()
    ) -> None:
        """Take the resident through ``month``; ``corrected`` are numbers of records that are taken back."""
        self._month = month
        exits = tuple(exits)
        self._end_records(set(corrected))
        for record in records:
            self._record(record)
        self._publish()
        self._leave(exits)
        self._enter()

    def number_of_records(self) -> int:
        """How many records were handed in so far."""
        return self._numbered

    _numbered = 0

    def _note(self, what: str, rule: str, k: int, *path: str | int) -> None:
        self.steps.append(
            Step(
                self._month, what, rule, self.regimes[k].at(*path), self.score60(), self.grade(), self.lists(), self.doors()
            )
        )

    def _first(self) -> _Standing | None:
        return next((standing for standing in self._standing if standing is not None), None)

    def _end_records(self, corrected: set[int]) -> None:
        kept = []
        for made in self._made:
            row = self.regimes[made.regime].catalogue[made.row]
            if made.number in corrected:
                made.corrected = True
                self._note(f"record taken back: {row.label}", row.id, made.regime, "catalogue", made.row)
            elif made.until == self._month:
                self._note(f"no longer counts: {row.label}", row.id, made.regime, "catalogue", made.row, "validity")
            if not made.corrected:
                kept.append(made)
        self._made = kept

    def _record(self, record: PaperRecord) -> None:
        self._numbered += 1
        hit = False
        for k, part in enumerate(self.regimes):
            for r, row in enumerate(part.catalogue):
                if record.act in row.act and row.actor == record.of and (record.first or row.per != "episode"):
                    hit = True
                    self._make(k, r, row, record, self._numbered)
        if not hit:
            self._note(f"no rule records this: {record.label or record.act}", "", 0)

    def _make(self, k: int, r: int, row: Row, record: PaperRecord, number: int) -> None:
        part = self.regimes[k]
        points, how = self._points(k, r, row, record)
        kept = part.rights.retention.at_most
        lasts = min(row.validity.months if row.validity else NEVER, kept.months if kept else NEVER)
        self._made.append(_Made(k, r, self._month, min(NEVER, self._month + lasts), points, number))
        change = f": {_signed(points)} points" if part.score else ""
        self._note(f"{row.label}{change}{how}", row.id, k, "catalogue", r)

    def _points(self, k: int, r: int, row: Row, record: PaperRecord) -> tuple[int, str]:
        if self.regimes[k].score is None:
            return 0, ""
        if row.curve:
            standing = self._standing[k]
            assert standing is not None  # noqa: S101
            account = (r, self._month // YEAR)
            before = standing.units.get(account, 0)
            standing.units[account] = before + record.amount
            gained = curve_points(row.curve, before + record.amount) - curve_points(row.curve, before)
            unit = act_called(record.act).unit
            return gained, f" for {record.amount} {unit}, {before + record.amount} this year"
        if row.discretion and row.discretion.least is not None and row.discretion.most is not None:
            if record.points60 is not None:
                return record.points60, " (the official's choice)"
            both = (row.discretion.least + row.discretion.most) * SCALE
            return int(both / 2), " (no choice stated: the midpoint)"
        if row.points is None:
            return 0, " (points unknown: not applied)" if row.unknown_points else ""
        return row.points * SCALE, ""

    def _publish(self) -> None:
        for k, part in enumerate(self.regimes):
            standing = self._standing[k]
            if standing is None or part.score is None:
                continue
            every = part.score.update.months if part.score.update else 1
            if self._month % every:
                continue
            total = part.score.start * SCALE + sum(made.points for made in self._made if made.regime == k and self._counts(made))
            score = min(part.score.ceiling * SCALE, max(part.score.floor * SCALE, total))
            grade = max([self._band(part, score), *self._caps(k)])
            if (score, grade) != (standing.score, standing.grade):
                was, standing.score = standing.score, score
                moved = grade != standing.grade
                standing.grade = grade
                named = f", grade {part.score.grades[grade].id}" if moved and part.score.grades else ""
                self._note(f"score {points_text(was)} -> {points_text(score)}{named}", "score", k, "score")

    def _caps(self, k: int) -> list[int]:
        part = self.regimes[k]
        if part.score is None:
            return []
        names = [grade.id for grade in part.score.grades]
        found = []
        for made in self._made:
            cap = part.catalogue[made.row].cap if made.regime == k else None
            if cap and self._counts(made) and self._month < made.month + (cap.lasts.months if cap.lasts else NEVER):
                found.append(names.index(cap.grade))
        return found

    def _counts(self, made: _Made) -> bool:
        return self._month < made.until

    @staticmethod
    def _band(part: Regime, score: int) -> int:
        grades = part.score.grades if part.score else ()
        for index, grade in enumerate(grades):
            if score >= grade.floor * SCALE:
                return index
        return max(0, len(grades) - 1)

    def _leave(self, exits: tuple[Exit, ...]) -> None:
        for stay in list(self._stays):
            part = self.regimes[stay.regime]
            rule = part.lists[stay.name]
            how = self._way_out(stay, rule, exits)
            if how:
                self._stays.remove(stay)
                self._note(f"left {rule.label}: {how}", stay.name, stay.regime, "lists", stay.name, "term")

    def _way_out(self, stay: _Stay, rule: ListRule, exits: tuple[Exit, ...]) -> str | None:
        asked = {e.kind for e in exits if e.list_id in {None, stay.name}}
        if stay.cause is not None and stay.cause.corrected and "corrected" in rule.leave:
            return "corrected"
        if "repaired" in asked and "repaired" in rule.leave and self._repairable(stay, rule):
            return "repaired"
        if self._month >= stay.until:
            return "expired"
        if rule.term.kind == "performed" and "performed" in asked:
            return "performed"
        if rule.term.kind == "holds" and not self._standing_ground(stay.regime, rule):
            return "expired"
        return None

    def _repairable(self, stay: _Stay, rule: ListRule) -> bool:
        repair = self.regimes[stay.regime].rights.repair
        for way in repair.rules if repair else ():
            if way.severity == rule.severity:
                return self._month >= stay.month + (way.after.months if way.after else 0)
        return False

    def _enter(self) -> None:
        entered = []
        for k, part in enumerate(self.regimes):
            for name, rule in part.lists.items():
                stay = next((s for s in self._stays if s.name == name), None)
                if stay is not None:
                    self._extend(k, stay, rule)
                    continue
                ground = self._ground(k, rule)
                if ground is None:
                    continue
                cause = ground if isinstance(ground, _Made) else None
                self._stays.append(_Stay(k, name, self._month, self._end_of(k, rule), cause))
                entered.append(name)
                why = part.catalogue[cause.row].label if cause else "score or grade"
                self._note(f"entered {rule.label}: {why}", name, k, "lists", name, "enter")
        again = False
        for k, part in enumerate(self.regimes):
            for r, row in enumerate(part.catalogue):
                if row.on_list in entered:
                    again = True
                    self._make(k, r, row, PaperRecord(act="", label=row.label), -1)
        if again:
            self._publish()

    def _end_of(self, k: int, rule: ListRule) -> int:
        rights = self.regimes[k].rights
        bounds = [NEVER]
        if rule.term.kind == "fixed":
            bounds.append(self._month + rule.term.months)
        for way in rights.repair.rules if rights.repair else ():
            if way.severity == rule.severity and way.at_most:
                bounds.append(self._month + way.at_most.months)
        if rights.retention.at_most and rule.term.kind != "performed":
            bounds.append(self._month + rights.retention.at_most.months)
        return min(bounds)

    def _extend(self, k: int, stay: _Stay, rule: ListRule) -> None:
        if rule.extend is None or stay.month >= self._month or stay.until == NEVER:
            return
        part = self.regimes[k]
        more = [
            made
            for made in self._made
            if made.regime == k and made.month == self._month and part.catalogue[made.row].id in rule.extend.on
        ]
        if more:
            by = rule.extend.by.months if rule.extend.by else 0
            longest = stay.month + (rule.extend.at_most.months if rule.extend.at_most else NEVER)
            stay.until = max(stay.until, min(longest, stay.until + by * len(more)))
            self._note(f"stay on {rule.label} lengthened", stay.name, k, "lists", stay.name, "extend")

    def _ground(self, k: int, rule: ListRule) -> _Made | bool | None:
        """The record that meets a ground for entry, True for a score or grade ground, None for no ground."""
        for ground in rule.enter:
            if ground.kind in {"record", "records"}:
                row = [entry.id for entry in self.regimes[k].catalogue].index(ground.row)
                window = ground.within if ground.kind == "records" else 1
                found = [
                    made
                    for made in self._made
                    if (made.regime, made.row) == (k, row) and self._month < made.month + window
                ]
                fresh = [made for made in found if made.month == self._month]
                if fresh and len(found) >= ground.at_least:
                    return fresh[-1]
        return True if self._standing_ground(k, rule) else None

    def _standing_ground(self, k: int, rule: ListRule) -> bool:
        standing, score = self._standing[k], self.regimes[k].score
        if standing is None or score is None:
            return False
        names = [grade.id for grade in score.grades]
        for ground in rule.enter:
            if ground.kind == "score" and standing.score < ground.border * SCALE:
                return True
            if ground.kind == "grade" and standing.grade >= names.index(ground.grade):
                return True
        return False

    def _door_holds(self, k: int, kind: str, name: str, reach: str, on: set[str]) -> bool:
        part = self.regimes[k]
        if kind == "list":
            return name in on
        if kind == "record":
            return any(
                made.regime == k and part.catalogue[made.row].id == name and self._counts(made) for made in self._made
            )
        standing = self._standing[k]
        if standing is None or part.score is None:
            return False
        at = [grade.id for grade in part.score.grades].index(name)
        if reach == "worse":
            return standing.grade >= at
        return standing.grade <= at if reach == "better" else standing.grade == at


def points_text(points60: int) -> str:
    """``60000`` → ``1000``; a part of a point is written as sixtieths: ``60020`` → ``1000 20/60``."""
    sign = "-" if points60 < 0 else ""
    whole, rest = divmod(abs(points60), SCALE)
    return f"{sign}{whole}" if not rest else f"{sign}{whole} {rest}/{SCALE}"


def _signed(points60: int) -> str:
    return ("+" if points60 > 0 else "") + points_text(points60)
