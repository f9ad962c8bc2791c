"""Who learns of records: authorities, the public, and lenders."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from counterscore.regime.grammar import known_number
from counterscore.regime.model._values import Frozen, Months, Share, Truth

PUBLIC = "public"  #: in ``sharing``: whoever deals with a resident


class Sharing(Frozen):
    """Records of authority ``of`` that reach ``to``, another authority or the public, ``after`` a time.

    ``coverage`` is the share of records that ever arrives. ``within`` says whether they follow a resident who
    moves to another city. A rule book without the part shares everything at once and everywhere; in one that
    has it, an authority's records reach only its own office where no entry says more.

    With ``from``, ``of`` is an authority of that other rule book of the stack, and rows here about what it records are copies of
    its records, if they are of the ``kinds`` (contexts; all where none is named) and among ``rows`` (likewise): there only where it
    made one, and taken back with it only if ``corrected``; so is a row about a listing, with the listing. Rights stay those of each rule
    book.
    """

    of: str
    origin: Annotated[str | None, Field(alias="from")] = None
    kinds: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    to: str
    coverage: Share = 1.0
    after: Months = None
    within: Literal["city", "nation"] = "city"
    corrected: Truth = True
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def id(self) -> str:
        """What the entry is called where it is named: ``police to centre``, ``courts of court-defaulters to centre``."""
        of = f"{self.of} of {self.origin}" if self.origin else self.of
        kinds = f" ({', '.join((*self.kinds, *self.rows))})" if self.kinds or self.rows else ""
        return f"{of}{kinds} to {self.to}"

    @property
    def channel(self) -> tuple[str | None, str, tuple[str, ...], tuple[str, ...]]:
        """Whose records the entry is about; entries with the same one say how far these reach different readers."""
        return self.origin, self.of, self.kinds, self.rows


class Lending(Frozen):
    """How requests for a loan are judged where the credit file is ``file``.

    Refused are those with a record that counts of a row in ``refused_on``, those with a score below ``below``,
    and ``refused`` of the rest, because nothing tells the lender more. Where the rule book says what is shared,
    the lender finds what the public finds; else every record of it.
    """

    file: Literal["none", "thin", "full"]
    refused_on: tuple[str, ...] = ()
    below: Annotated[int | None, BeforeValidator(known_number)] = None
    refused: Share = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""
