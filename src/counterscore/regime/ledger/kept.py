"""What a ledger keeps: records, stays on lists, doors with a time of their own, and standings."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterscore.errors import Position
from counterscore.regime.grammar import Entry
from counterscore.regime.model import ListRule, Row

FOREVER = 1_000_000  #: a month that never comes
Path = tuple[str | int, ...]


@dataclass(slots=True, eq=False)
class Kept:
    """A record in the file: made by row ``row`` of rule book ``book``, it counts in the months ``made`` to
    ``ends`` - 1, its cap holds in ``made`` to ``cap_ends`` - 1. ``number`` is the record handed in that it
    came from, None for the entry on a list.
    """

    book: int
    row: Row
    place: int
    made: int
    ends: int
    cap_ends: int
    points60: int
    number: int | None
    on: str
    at: Position | None
    taken_back: bool = False
    first_end: int = field(init=False)  #: the month in which it ends where no listing keeps it

    def __post_init__(self) -> None:
        self.first_end = self.ends

    def counts(self, month: int) -> bool:
        return self.made <= month < self.ends and not self.taken_back

    def caps(self, month: int) -> bool:
        return self.made <= month < self.cap_ends and not self.taken_back


@dataclass(slots=True)
class Stay:
    """A stay on a list since month ``entered``, on the ground ``entry`` that was met in month ``met``, found with
    the first ``known`` records of the file and the score published in month ``published``. ``cause`` is the
    record that brought it about. While a period of grace runs, ``entered`` is the month when it will be over.
    """

    book: int
    list: str
    rule: ListRule
    entered: int
    known: int
    published: int
    cause: Kept | None
    entry: Entry
    met: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A door that holds until before month ``ends``, because of the entry on a list with which ``stay`` began."""

    ends: int
    stay: Stay


@dataclass(slots=True)
class Standing:
    """The published score and band (its place among ``Score.spans()``, the best is 0) of one rule book."""

    score60: int
    band: int
    month: int
    cause: Kept | None = None  #: the record that last moved it


@dataclass(frozen=True, slots=True)
class End:
    """The month in which a stay is over at the latest, why, and where that is written."""

    month: int
    why: str
    value: str
    path: Path


def is_of(kept: Kept, book: int, row: str) -> bool:
    """Whether a record was made by ``row`` of rule book ``book``."""
    return kept.book == book and kept.row.id == row


def of_list(stay: Stay, key: str) -> Path:
    """Where the rule book says ``key`` of the list that a stay is on."""
    return ("lists", stay.list, key)
