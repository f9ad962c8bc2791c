"""One rule book as a whole, and the ones stacked with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, PrivateAttr

from counterscore.errors import Position, Problem
from counterscore.quantity import Document, Number
from counterscore.regime.grammar import read_level
from counterscore.regime.model._values import Frozen, Points, Source
from counterscore.regime.model.catalogue import Authority, Row
from counterscore.regime.model.consequences import Assessment, Door, ListRule, Scrutiny
from counterscore.regime.model.private import Partners, Shown
from counterscore.regime.model.rights import Rights
from counterscore.regime.model.score import Score
from counterscore.regime.model.sharing import Lending, Sharing
from counterscore.regime.vocabulary import PRIVATE, Level, Subject


class Decided(Frozen):
    """How it is decided: by rules that people wrote or by a learned model, and how far without anybody. On paper only."""

    by: Literal["rules", "model", "unknown"] = "unknown"
    automated: Literal["none", "partly", "solely", "unknown"] = "unknown"


class InForce(Frozen):
    """From when to when; dates as written, such as 2016 or 2016-01."""

    start: Annotated[str, Field(alias="from")]
    end: Annotated[str | None, Field(alias="to")] = None


class Regime(Frozen):
    """One rule book. ``stack`` names the other rule books that are in force beside it.

    ``in_force`` is history and changes no result; ``adopted`` (such as 2019-06) is the month of a run from which the
    rule book is in force there: until then a world lives as if it were not in the stack. Cases on paper are read
    as if it were in force.
    ``level`` says whose law a public rule book is, so that a reform can bind some levels and leave others alone;
    it changes no result by itself.
    ``decided`` (how, and how automated) and ``youngest`` (the least age of its subjects) are declared on paper.
    ``subjects`` says whom it is about. ``follows`` is for firms: whether records and lists stay with a firm's
    name, or go with its legal representative to the next firm.
    """

    format: Literal[1]
    id: str
    title: str
    place: str
    status: Literal["in force", "piloted", "announced", "scenario", "superseded"]
    level: Annotated[Level | None, BeforeValidator(read_level)] = None
    subjects: Subject = "residents"
    follows: Literal["firm", "representative"] = "firm"
    in_force: InForce | None = None
    adopted: str | None = None
    version_of: str | None = None
    owner: Literal["public", "private"] = "public"
    participation: Literal["mandatory", "consent", "opt-in"] = "mandatory"
    without_consent: Literal["no records", "records kept"] = "no records"
    decided: Decided | None = None
    youngest: Points = None
    purpose: str = ""
    about: str = ""
    stack: tuple[str, ...] = ()
    sources: dict[str, Source] = Field(default_factory=dict)
    authorities: dict[str, Authority] = Field(default_factory=dict)
    catalogue: tuple[Row, ...] = ()
    score: Score | None = None
    lists: dict[str, ListRule] = Field(default_factory=dict)
    doors: tuple[Door, ...] = ()
    sharing: tuple[Sharing, ...] | None = None
    lending: tuple[Lending, ...] = ()
    scrutiny: tuple[Scrutiny, ...] = ()
    assessment: Assessment | None = None
    partners: Partners | None = None
    shown: Shown | None = None
    rights: Rights = Rights()

    _document: Document = PrivateAttr(default_factory=Document.empty)
    _stacked: tuple[Regime, ...] = PrivateAttr(default=())
    _reforms: tuple[str, ...] = PrivateAttr(default=())
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())

    def __repr__(self) -> str:
        beside = f", beside {len(self.stacked()) - 1} more" if len(self.stacked()) > 1 else ""
        reformed = f" with {', '.join(self.reforms)}" if self.reforms else ""
        lines = [f"<Regime {self.id}{reformed}: {self.title} ({self.place}, {self.status}{beside})"]
        lines.append(
            f"  about {self.subjects}: {len(self.catalogue)} rules, {len(self.lists)} lists, {len(self.doors)} doors"
        )
        if self.score:
            grades = ", ".join(grade.id for grade in self.score.grades) or "none"
            lines.append(f"  score from {self.score.floor} to {self.score.ceiling}; grades {grades}")
        if self.lists:
            lines.append(f"  lists {', '.join(self.lists)}"[:150])
        return "\n".join(lines) + ">"

    def __str__(self) -> str:
        return repr(self)

    def __dir__(self) -> list[str]:
        """Names of a rule book, without those of the library that reads it."""
        return sorted(set(super().__dir__()) - set(dir(BaseModel)))

    @property
    def bound_as(self) -> str | None:
        """The level a reform looks at: ``private``, the level of a public rule book, or None where none is said."""
        return PRIVATE if self.owner == PRIVATE else self.level

    @property
    def document(self) -> Document:
        """The file as plain data with positions; after a reform, with the reform's changes in it."""
        return self._document

    @property
    def files(self) -> Mapping[str, str]:
        """Name and full text of the file, and of every reform applied to it."""
        return self._document.files

    @property
    def reforms(self) -> tuple[str, ...]:
        """Ids of the reforms applied, in order."""
        return self._reforms

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the reader would look at again; of this file only, not of those stacked."""
        return self._warnings

    def at(self, *path: str | int) -> Position:
        """Where ``path`` stands in the file, for traces and messages; the nearest parent where unknown."""
        return self._document.at(path)

    def numbers(self) -> tuple[Number, ...]:
        """Every number of the file with its unit, source, mark and position."""
        return self._document.numbers()

    def stacked(self) -> tuple[Regime, ...]:
        """Return this regime and those in force beside it, itself first."""
        return (self, *self._stacked)

    def honours(self) -> frozenset[str]:
        """Lists of this regime and of those beside it on which every door favours who is listed."""
        books = self.stacked()
        return frozenset(name for book in books for name in book.lists) - adverse_lists(books)


def adverse_lists(books: Sequence[Regime]) -> frozenset[str]:
    """Lists that are not an honour: some door on them does not favour who is listed, or none stands on them."""
    favours: dict[str, set[bool]] = {name: set() for book in books for name in book.lists}
    for book in books:
        for door in book.doors:
            if door.when.kind == "list":
                favours.setdefault(door.when.name, set()).add(door.favours)
    return frozenset(name for name, found in favours.items() if found != {True})
