"""How few records of one row bring an effect about by themselves, how heavy that weighs, and how long it can last."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from counterscore.catalog.tables import Scale
from counterscore.laws.effects import Effect, Read
from counterscore.regime.grammar import Entry
from counterscore.regime.model import SCALE, ListRule, Regime, Row, Score
from counterscore.regime.vocabulary import Kind

MOST = 2000  #: records of one row that are tried
NEVER = math.inf
UNABLE = "judgment-unpaid-unable"
Choice = Literal["worst", "mildest"]


@dataclass(frozen=True, slots=True)
class Witness:
    """The smallest set of records that shows something: ``count`` records of ``act``, noted by ``row`` of ``book``.

    A count of 0 says that no record is needed: whoever is a subject is rated.
    ``effect`` is the door or other effect they bring about, ``list`` the list they lead to; both empty where nothing but the
    record itself is shown. ``points`` is the official's choice where there is one. ``apart`` are months between records.
    """

    book: str
    row: str
    act: str
    count: int
    apart: int = 0
    effect: str = ""
    list: str = ""
    actor: str = "self"
    points: int | None = None

    def __str__(self) -> str:
        if not self.count:
            return "no record is needed"
        many = f"{self.count} records" if self.count != 1 else "1 record"
        return f"{many} of {self.row}" + (f" -> {self.effect or self.list}" if self.effect or self.list else "")


def gravity(scale: Scale, read: Read) -> int:
    """How grave a record of the row is: by its severity; acts that the law leaves free and inability have their own."""
    acts = read.acts()
    if acts and all(one.kind in (Kind.LAWFUL, Kind.GOOD, Kind.STATUS) for one in acts):
        return scale.lawful
    if acts and all(one.id == UNABLE for one in acts):
        return scale.unable
    return scale.gravity[read.row.severity]


def weight(scale: Scale, effect: Effect, months: float) -> int:
    """How heavy the effect weighs, if it can hold for so many months."""
    plain, essential = scale.effects[effect.effect]
    wide = effect.effect == "narrowed" and (effect.share or 0) >= scale.narrowed_as_essential_from
    weighs = essential if effect.essential or wide else plain
    weighs += scale.other_person if effect.affects != "self" else 0
    return weighs + (scale.long if months > scale.long_from_months else 0)


class Alone:
    """Answers for one rule book; nothing is known of the person, and no other act is recorded."""

    def __init__(self, book: Regime) -> None:
        self.book = book
        self.books = {one.id: one for one in book.stacked()}
        self.lists = {name: (one, rule) for one in book.stacked() for name, rule in one.lists.items()}

    def count(self, read: Read, effect: Effect, choice: Choice = "worst") -> float | None:
        """The least number of records of the row that brings the effect about; infinite where no number does.

        None where points that would decide it are unknown.
        """
        if read.kind != "row":
            return NEVER
        if read.through:
            return self._through(read, effect, choice)
        match effect.kind:
            case "door" if effect.door is not None:
                when = effect.door.when
                if when.kind == "record":
                    return 1 if when.name == read.row.id and read.book is self.book else NEVER
                if when.kind == "list":
                    return self._enters(read, when.name, choice)
                return self._grade(read, self.book, when.name, when.reach, choice)
            case "lending":
                rule = self.book.lending[int(effect.path[1])]
                if read.row.id in rule.refused_on:
                    return 1
                return NEVER if rule.below is None else self._below(read, self.book, rule.below, choice)
            case "publicity":
                return self._enters(read, effect.list, choice)
            case "disclosure":
                return 1
            case "partners":
                return None
        return NEVER

    def apart(self, row: Row) -> int:
        """Months between records of a row: one a cycle, one a spell with a month between spells, else any."""
        return {"record": 0, "cycle": 1, "episode": 2}[row.per]

    def keeps(self, book: Regime, row: Row) -> float:
        """Months that a record of the row counts at most."""
        limits = [one.months for one in (row.validity, book.rights.retention.at_most) if one]
        return min(limits, default=NEVER)

    def _through(self, read: Read, effect: Effect, choice: Choice) -> float | None:
        """By entry on a list, which is noted once: the row that notes it must be enough by itself."""
        assert read.through is not None
        book, index = self.books[read.through[0]], read.through[1]
        noted = Read("row", book, index)
        once = self.count(noted, effect, choice)
        entered = self._enters(read, noted.row.on_list or "", choice)
        if once is None or entered is None:
            return None
        return entered if once == 1 else NEVER

    def _enters(self, read: Read, name: str, choice: Choice) -> float | None:
        if name not in self.lists:
            return NEVER
        book, rule = self.lists[name]
        counts = [self._ground(read, book, ground, choice) for ground in rule.enter]
        known = [one for one in counts if one is not None]
        least = min(known, default=NEVER)
        return None if least == NEVER and None in counts else least

    def _ground(self, read: Read, book: Regime, ground: Entry, choice: Choice) -> float | None:
        mine = read.book.id == book.id
        match ground.kind:
            case "record":
                return 1 if mine and ground.row == read.row.id else NEVER
            case "records":
                room = ground.at_least == 1 or (ground.at_least - 1) * self.apart(read.row) < ground.within
                return ground.at_least if mine and ground.row == read.row.id and room else NEVER
            case "stay":
                return NEVER if ground.list == "" else self._enters(read, ground.list, choice)
            case "score":
                return self._below(read, book, ground.border, choice) if mine else NEVER
        return self._grade(read, book, ground.grade, "worse", choice) if mine else NEVER

    def _grade(self, read: Read, book: Regime, name: str, reach: str, choice: Choice) -> float | None:
        score = book.score
        if score is None or read.book.id != book.id:
            return NEVER
        places = [one.id for one in score.grades]
        if name not in places:
            return NEVER
        place = places.index(name)
        grade, cap = score.grades[place], read.row.cap
        if cap and reach == "worse" and cap.grade in places and places.index(cap.grade) >= place:
            return 1
        if cap and reach == "exactly" and cap.grade == name:
            return 1
        if reach == "better" or grade.top is None:
            return NEVER if reach == "better" else None
        return self._below(read, book, grade.top + 1, choice, grade.floor if reach == "exactly" else None)

    def _below(self, read: Read, book: Regime, border: int, choice: Choice, floor: int | None = None) -> float | None:
        """How many records bring the score below ``border`` (and no lower than ``floor``)."""
        score = book.score
        if score is None or read.book.id != book.id:
            return NEVER
        if not score.known:
            return None
        steps = points_of(read.row, choice)
        if steps is None:
            return None
        if score.opening60 < border * SCALE:
            return NEVER  # it holds for who has no record at all
        keeps = self.keeps(book, read.row)
        for count, score60 in enumerate(_falling(score, read.row, steps), start=1):
            if (count - 1) * self.apart(read.row) >= keeps:
                return NEVER
            if score60 < border * SCALE:
                return count if floor is None or score60 >= floor * SCALE else NEVER
        return NEVER

    def longest(self, read: Read, effect: Effect) -> float | None:
        """Months from the record to the last month in which the effect can hold; None where the file does not say.

        A list entered by a score is entered again for as long as the score stays low.
        """
        if effect.door is not None and effect.door.lasts and effect.door.when.kind == "list":
            return effect.door.lasts.months
        source = self.book if read.through is None else self.books[read.through[0]]
        row = read.row if read.through is None else source.catalogue[read.through[1]]
        low = self.keeps(source, row)
        if not effect.list:
            return low if effect.kind != "disclosure" else NEVER
        if effect.list not in self.lists:
            return None
        book, rule = self.lists[effect.list]
        term, most = rule.term, book.rights.retention
        bound = most.at_most.months if most.at_most and not most.while_listed else NEVER
        match term.kind:
            case "endless":
                return None if term.text == "unknown" and bound == NEVER else bound
            case "performed":
                return bound
            case "holds":
                return low
        if any(one.kind in ("score", "grade", "stay") for one in rule.enter) and not self._by_record(rule, read):
            if low == NEVER:
                return NEVER
            return int(-(-low // term.months) - 1) * term.months + term.months if term.months else low
        months: float = term.months
        if rule.extend and read.row.id in rule.extend.on:
            months = rule.extend.at_most.months if rule.extend.at_most else NEVER
        return min(months, bound)

    @staticmethod
    def _by_record(rule: ListRule, read: Read) -> bool:
        return any(one.kind in ("record", "records") and one.row == read.row.id for one in rule.enter)


def points_of(row: Row, choice: Choice) -> tuple[int, ...] | None:
    """The points of the first record, the second, …; the last repeats. None where they are unknown."""
    if row.discretion:
        points = row.discretion.most if choice == "worst" else row.discretion.least
        return None if points is None else (points,)
    if row.curve:
        return None if any((step.points or 0) < 0 for step in row.curve) else (0,)
    if row.points is None:
        return None if row.unknown_points else (0,)
    return (row.points, *row.then)


def _falling(score: Score, row: Row, steps: tuple[int, ...]) -> Iterator[int]:
    """The score in 1/60 point after one record of the row, two, …; ends where further ones change nothing."""
    component = next((one for one in score.components if one.id == row.component), None)
    total, before = 0, None
    for count in range(MOST):
        total += steps[min(count, len(steps) - 1)]
        held = total
        if component is not None:
            held = (
                max(-component.most, min(0, total)) if component.kind == "lost" else max(0, min(component.most, total))
            )
        score60 = _with(score, row, held)
        if score60 == before and count >= len(steps):
            return
        before = score60
        yield score60


def _with(score: Score, row: Row, points: int) -> int:
    floor, ceiling = (score.floor or 0) * SCALE, (score.ceiling or 0) * SCALE
    if not score.dimensions:
        return max(floor, min(ceiling, ((score.start or 0) + points) * SCALE))
    values = [
        (one.start + (points if any(row.id in part.records for part in one.parts) else 0)) * SCALE
        for one in score.dimensions
    ]
    return score.weighted60(values)
