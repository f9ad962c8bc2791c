"""What a rule book does to people, door by door, and which rows and attributes can bring it about.

Beside the doors of the file there are effects that are written elsewhere in it: lending rules, closer scrutiny, a
matchmaker, names made public, records handed to the public. They are read like doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from counterscore.errors import Position
from counterscore.regime.effects import DoorEffect
from counterscore.regime.found import copied
from counterscore.regime.grammar import Entry
from counterscore.regime.model import PUBLIC, Door, ListRule, Regime, Row, Sharing
from counterscore.regime.vocabulary import INSPECTION, Act, act, service

Kind = Literal["door", "lending", "scrutiny", "partners", "publicity", "disclosure"]
By = Literal["score", "list by score", "list by record", "record", "attribute"]
_NO_DOMAIN = {
    "scrutiny": "closer watching",
    "partners": "matchmaking",
    "publicity": "being named in public",
    "disclosure": "records handed to the public",
}


@dataclass(frozen=True, slots=True)
class Read:
    """Something that can bring an effect about: a row of a rule book, an attribute, or friends.

    ``through`` is the row that notes the entry on a list, where the row is read only through that list.
    """

    kind: Literal["row", "attribute", "friends"]
    book: Regime
    index: int = 0
    attribute: str = ""
    part: tuple[str | int, ...] = ()
    through: tuple[str, int] | None = None

    @property
    def row(self) -> Row:
        """The row; only for reads of the kind."""
        return self.book.catalogue[self.index]

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where it stands in its file."""
        return ("catalogue", self.index) if self.kind == "row" else self.part

    @property
    def at(self) -> Position:
        """The same as file, line and column."""
        return self.book.at(*self.path)

    @property
    def name(self) -> str:
        """What it is called: the row's id, the attribute, or friends."""
        return self.row.id if self.kind == "row" else self.attribute or "friends"

    def acts(self) -> tuple[Act, ...]:
        """The acts of the row; none for what is no row."""
        return tuple(act(name) for name in self.row.act) if self.kind == "row" else ()


@dataclass(frozen=True, slots=True)
class Effect:
    """One door, or what is read like one.

    ``harm`` is whether it makes anybody worse off: True, False (others are better off), or None where the file says
    too little. ``by`` says what brings it about. ``list`` is the list it waits for, empty for others.
    """

    id: str
    kind: Kind
    harm: bool | None
    by: By
    path: tuple[str | int, ...]
    at: Position
    domain: str
    service: str = ""
    essential: bool = False
    effect: DoorEffect = "slowed"
    share: float | None = None
    affects: str = "self"
    level: str = ""
    legal_basis: str = ""
    relation_basis: str = ""
    list: str = ""
    door: Door | None = None
    reads: tuple[Read, ...] = ()

    @property
    def scored(self) -> bool:
        """Whether a score or grade stands between the record and the effect."""
        return self.by in ("score", "list by score")


def effects_of(book: Regime) -> tuple[Effect, ...]:
    """Every effect of the rule book itself; what it stacks is followed only to see what is read."""
    reader = _Reader(book)
    return tuple(reader.effects())


def listed_of(book: Regime, name: str) -> tuple[Read, ...]:
    """What the grounds of a list read, of the rule book or of one it stacks."""
    return _Reader(book).listed(name)


class _Reader:
    def __init__(self, book: Regime) -> None:
        self.book = book
        self.lists = {name: (one, rule) for one in book.stacked() for name, rule in one.lists.items()}
        self._scored: dict[str, tuple[Read, ...]] = {}

    def effects(self) -> Iterator[Effect]:
        book = self.book
        yield from (self._door(n, door) for n, door in enumerate(book.doors))
        for n, rule in enumerate(book.lending):
            path = ("lending", n)
            scored = rule.below is not None and book.score is not None
            if not scored and not rule.refused_on:
                continue
            reads = [Read("row", book, i) for i, row in enumerate(book.catalogue) if row.id in rule.refused_on]
            yield Effect(
                f"lending-{rule.file}", "lending", True, "score" if scored else "record", path, book.at(*path), "finance",
                service="loan", essential=True, effect="closed",
                reads=self._whole([*reads, *(self.scored(book) if scored else ())]),
            )  # fmt: skip
        for n, one in enumerate(book.scrutiny):
            path = ("scrutiny", n)
            harm = None if one.times is None else one.times > 1
            yield Effect(
                f"scrutiny-{one.occupation.replace(' ', '-')}", "scrutiny", harm, "attribute", path, book.at(*path),
                _NO_DOMAIN["scrutiny"], reads=(Read("attribute", book, attribute="occupation", part=path),),
            )  # fmt: skip
        yield from self._partners()
        adverse = frozenset(self.lists) - book.honours()
        for name, one_list in book.lists.items():
            if one_list.publicity.reach != "none" and one_list.kind == "list" and name in adverse:
                public = ("lists", name, "publicity")
                yield Effect(
                    f"publicity-{name}", "publicity", True, self._by_list(one_list), public, book.at(*public),
                    _NO_DOMAIN["publicity"], list=name, reads=self._whole(self.listed(name)),
                )  # fmt: skip
        for n, entry in enumerate(book.sharing or ()):
            if entry.to == PUBLIC:
                path = ("sharing", n)
                rows = [Read("row", book, i) for i, row in enumerate(book.catalogue) if self._is_of(entry, row)]
                yield Effect(
                    f"shared-{entry.of}", "disclosure", True, "record", path, book.at(*path), _NO_DOMAIN["disclosure"],
                    reads=self._whole(rows),
                )  # fmt: skip

    def _is_of(self, entry: Sharing, row: Row) -> bool:
        """Whether records of ``row`` are what an entry of sharing is about."""
        copy = copied(self.book, row, self.book.stacked())
        return copy.entry.channel == entry.channel if copy else (entry.origin is None and row.authority == entry.of)

    def _door(self, n: int, door: Door) -> Effect:
        book, path = self.book, ("doors", n)
        wanted = service(door.service)
        harm: bool | None = not door.favours
        if door.service == INSPECTION and door.times is not None:
            harm = door.times > 1
        if door.effect == "priced" and door.times is None and "saves" not in door.model_fields_set:
            harm = None  # dearer or cheaper: the file does not say
        by: By
        match door.when.kind:
            case "grade":
                by, reads = "score", self.scored(book)
            case "list":
                owner = self.lists.get(door.when.name)
                by, reads = (self._by_list(owner[1]), self.listed(door.when.name)) if owner else ("list by record", ())
            case _:
                by = "record"
                reads = tuple(Read("row", book, i) for i, row in enumerate(book.catalogue) if row.id == door.when.name)
        return Effect(
            door.id, "door", harm, by, path, book.at(*path), wanted.domain, service=door.service, essential=wanted.essential,
            effect=door.effect, share=door.share, affects=door.affects, level=door.level, legal_basis=door.legal_basis,
            relation_basis=door.relation_basis, list=door.when.name if door.when.kind == "list" else "", door=door,
            reads=self._whole(reads),
        )  # fmt: skip

    def _partners(self) -> Iterator[Effect]:
        partners = self.book.partners
        if partners is None:
            return
        by = next((one for one in self.book.stacked() if one.id == partners.by), None)
        if by is None or by.score is None:
            return
        times = [one.times for one in partners.prominence]
        if any(one is not None and one != 1 for one in times):
            harm: bool | None = True  # shown less: a grade below 1, or those not named beside one above 1
        else:
            harm = None if None in times else False
        path = ("partners",)
        yield Effect(
            "matchmaking", "partners", harm, "score", path, self.book.at(*path), _NO_DOMAIN["partners"],
            reads=self._whole(self.scored(by)),
        )  # fmt: skip

    @staticmethod
    def _by_list(rule: ListRule) -> By:
        return (
            "list by score" if any(one.kind in ("score", "grade", "stay") for one in rule.enter) else "list by record"
        )

    def scored(self, book: Regime) -> tuple[Read, ...]:
        """What counts in the score of a rule book: rows with points (known or not), and what dimensions look at."""
        if book.id not in self._scored:
            self._scored[book.id] = tuple(scored_of(book))
        return self._scored[book.id]

    def listed(self, name: str) -> tuple[Read, ...]:
        """What the grounds of a list read."""
        return tuple(self._grounds(name, frozenset()))

    def _grounds(self, name: str, seen: frozenset[str]) -> Iterator[Read]:
        if name in seen or name not in self.lists:
            return
        book, rule = self.lists[name]
        for ground in rule.enter:
            yield from self._ground(book, ground, seen | {name})

    def _ground(self, book: Regime, ground: Entry, seen: frozenset[str]) -> Iterator[Read]:
        if ground.kind in ("score", "grade"):
            yield from self.scored(book)
        elif ground.kind == "stay":
            yield from self._grounds(ground.list, seen)
        else:
            yield from (Read("row", book, i) for i, row in enumerate(book.catalogue) if row.id == ground.row)

    def _whole(self, reads: Iterable[Read]) -> tuple[Read, ...]:
        """Also what the rows about entering a list rest on, through the stack, to a fixed point; each once."""
        found: dict[tuple[str, str, int, str], Read] = {}
        waiting = list(reads)
        while waiting:
            read = waiting.pop(0)
            key = (read.kind, read.book.id, read.index, read.attribute)
            if key in found:
                continue
            found[key] = read
            if read.kind == "row" and read.row.on_list:
                waiting += [
                    Read(one.kind, one.book, one.index, one.attribute, one.part, (read.book.id, read.index))
                    for one in self.listed(read.row.on_list)
                ]
        return tuple(found.values())


def counts_in_score(row: Row) -> bool:
    """Whether a row moves a score or caps a grade, or would if its points were known."""
    return bool(row.points or row.unknown_points or row.then or row.discretion or row.curve or row.cap or row.component)


def scored_of(book: Regime) -> Iterator[Read]:
    """Rows, attributes and friends that count in the score of a rule book."""
    score = book.score
    if score is None:
        return
    weighted = {name for one in score.dimensions for part in one.parts for name in part.records}
    for n, row in enumerate(book.catalogue):
        if row.id in weighted or (not score.dimensions and counts_in_score(row)) or (score.dimensions and row.cap):
            yield Read("row", book, n)
    for d, dimension in enumerate(score.dimensions):
        for p, part in enumerate(dimension.parts):
            path = ("score", "dimensions", d, "from", p)
            if part.attribute:
                yield Read("attribute", book, attribute=part.attribute, part=path)
            if part.friends:
                yield Read("friends", book, part=path)
