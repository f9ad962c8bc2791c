"""What follows from records, scores and grades: lists, doors, assessments of officials and closer scrutiny."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from counterscore.regime.effects import EFFECTS, DoorEffect
from counterscore.regime.grammar import DoorWhen, Entry, Term, read_enter, read_term, read_when
from counterscore.regime.model._values import Frozen, LegalBasis, Months, Points, Severity, Share

LISTED_EXITS = ("performed", "expired", "repaired", "corrected", "never")


class Publicity(Frozen):
    """What is published about a listed resident, how far, and for how long."""

    fields: tuple[str, ...] = ()
    reach: Literal["none", "neighbourhood", "city", "nation"] = "none"
    lasts: Months = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Extension(Frozen):
    """Records that lengthen a stay: each of ``on`` adds ``by``, the stay never passing ``at_most``.

    With ``counted: from the record`` the stay then lasts at least ``by`` from the record on: so many clean
    months are asked for.
    """

    on: tuple[str, ...]
    by: Months
    at_most: Months = None
    counted: Literal["from the end", "from the record"] = "from the end"


class ListRule(Frozen):
    """A list (published) or an order (a restriction in force without a list).

    ``legal_basis`` is declared on paper: it changes no result of a run.
    ``grace`` is the time between a ground and its effect; who performs within it is not entered.
    ``replaces`` names lists whose place this one takes: who enters it leaves them, and cannot enter them while on it.
    """

    label: str
    kind: Literal["list", "order"] = "list"
    severity: Severity = "serious"
    enter: Annotated[tuple[Entry, ...], BeforeValidator(read_enter)]
    term: Annotated[Term, BeforeValidator(read_term)]
    extend: Extension | None = None
    leave: tuple[Literal["performed", "expired", "repaired", "corrected", "never"], ...]
    replaces: tuple[str, ...] = ()
    publicity: Publicity = Publicity()
    grace: Months = None
    legal_basis: LegalBasis = "unknown"
    authority: str | None = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


class Door(Frozen):
    """What a service does to residents of a grade, on a list, or under a decision.

    ``affects: firm`` is a resident's door before the firms that the resident represents; ``affects: firm
    head`` a firm's door before the resident who represents it; ``affects: official`` a public body's door
    before the resident who leads it.

    ``share`` is the share of attempts refused (narrowed); ``times`` multiplies the wait (slowed, opened)
    or the price (priced); ``saves`` is what who passes the door saves at each attempt, in yuan (priced, opened).
    ``exceptions`` are clauses on paper, such as travel for work: nobody is let through by them in a run.
    A door of a list with ``lasts`` holds for so long from the entry on, whether the stay is shorter or longer.
    """

    id: str
    service: str
    effect: DoorEffect
    when: Annotated[DoorWhen, BeforeValidator(read_when)]
    share: Share = None
    times: Share = None
    saves: Points = None
    lasts: Months = None
    affects: Literal["self", "kin", "firm", "firm head", "official"] = "self"
    authority: str | None = None
    level: Literal["ordinary", "serious"] = "ordinary"
    legal_basis: LegalBasis = "unknown"
    relation_basis: str = ""
    exceptions: tuple[str, ...] = ()
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def refuses(self) -> bool:
        """Whether it turns people away, all or some: a door that is closed or narrowed."""
        return EFFECTS[self.effect].refuses

    @property
    def hinders(self) -> bool:
        """Whether its effect is any but a favour."""
        return EFFECTS[self.effect].hinders

    @property
    def favours(self) -> bool:
        """Whether whoever passes the door is better off: served first, or at a lower price."""
        cheaper = self.saves is not None or (self.times is not None and self.times < 1)
        return self.effect == "opened" or (self.effect == "priced" and cheaper)

    @property
    def trigger(self) -> str:
        """What the door waits for: ``grade C or worse``, ``list untrustworthy, for 3 years from the entry on``."""
        return str(self.when) + (f", for {self.lasts} from the entry on" if self.lasts else "")


class Assessment(Frozen):
    """How much a rating counts in the yearly assessment of the official who leads a body, 0 (nothing) to 1 (all).

    ``of: body`` is the rating that the body has, whoever led it before. ``of: official`` is what was recorded while
    that official led, here or elsewhere; doors of a body go along with who led it when they closed.
    """

    weight: Share
    of: Literal["body", "official"] = "body"
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Scrutiny(Frozen):
    """How many times likelier a deed of this occupation is seen, at equal conduct."""

    occupation: str
    times: Share
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
