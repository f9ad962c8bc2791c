"""What goes into a ledger, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

from counterscore.errors import Position
from counterscore.regime.cases import ExitKind, Person, points_text


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A record of an act, handed to the ledger in the month it is made.

    ``actor`` is whose act it was: the resident's own, or the next of kin's. ``amount`` is in the unit of the
    act. ``points60`` is the choice of an official in 1/60 point, None where none is known. ``episode_start``
    is False in the later months of an unbroken spell. ``on`` and ``at`` say where the record was read.
    """

    act: str
    actor: Person = "self"
    amount: int = 0
    points60: int | None = None
    episode_start: bool = True
    on: str = ""
    at: Position | None = None


@dataclass(frozen=True, slots=True)
class PaperExit:
    """A way out reported in a month: ``reopened`` is a firm's new name. ``performed`` and ``repaired`` are of ``list``, or of every list if
    None; ``moved`` leaves behind what is not shared so far; ``corrected`` takes back ``record``, counted from 0 over all records ever handed to the ledger.
    """

    kind: ExitKind
    list: str | None = None
    record: int = -1
    near: bool = False  #: of a move: within the city
    on: str = ""
    at: Position | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a resident stands. Score (in 1/60 point) and grade are those of the first rule book of the stack
    that has a score that can be worked out, None without one; the grade is "unknown" where no published border
    says which it is. ``doors`` are in force on the resident, ``kin_doors`` on the next of
    kin because of the resident, ``tied_doors`` on a firm's representative because of the firm, or on the firms
    that the resident represents.
    """

    score60: int | None
    grade: str | None
    lists: tuple[str, ...]
    doors: tuple[str, ...]
    kin_doors: tuple[str, ...] = ()
    tied_doors: tuple[str, ...] = ()
    warned: bool = False  #: whether whoever deals with the resident finds a warning
    shown_to: tuple[str, ...] = ()  #: of friends and mates, those to whom a private score may or must be shown
    loans_refused: tuple[str, ...] = ()  #: credit files with which a loan would be refused on what is recorded

    @property
    def score(self) -> str | None:
        """The score as people write it, such as ``580`` or ``1000 1/3``."""
        return None if self.score60 is None else points_text(self.score60)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: ``what`` in a sentence, by which ``rule`` (id of the row, list or door), the
    rule's ``value`` and its ``file`` and ``line``, and the ``record`` behind it (file:line). ``on`` is the
    date as given; ``state`` is where the resident stands after it.
    """

    month: str
    on: str
    what: str
    rule: str
    value: str
    file: str
    line: int
    record: str
    state: State

    @property
    def score(self) -> str | None:
        """The score after this step, as people write it."""
        return self.state.score

    @property
    def grade(self) -> str | None:
        """The grade after this step."""
        return self.state.grade

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists the resident is on after this step."""
        return self.state.lists

    @property
    def doors(self) -> tuple[str, ...]:
        """The doors in force on the resident after this step."""
        return self.state.doors


TIED = ("firm", "firm head", "official")  #: whom a door of a file may affect besides its own subject and kin
