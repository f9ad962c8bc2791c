"""Who finds a record on paper: what a rule book says is shared, and what a move leaves behind.

Whether a record arrives at all is chance where an entry covers less than all; on paper every record arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from counterscore.regime.model import PUBLIC, ListRule, Regime, Row, Sharing
from counterscore.regime.vocabulary import Kind
from counterscore.regime.vocabulary import act as act_called


@dataclass(frozen=True, slots=True)
class Copied:
    """What makes a row's records copies: the entry of sharing, and whose records they copy.

    ``rows`` are the rows at the source by act; a row about the entry on a list copies the list instead and has none.
    """

    entry: Sharing
    book: Regime
    rows: Mapping[str, Row]


def copied(regime: Regime, row: Row, stack: Sequence[Regime]) -> Copied | None:
    """Where records of ``row`` of ``regime`` come from if it copies those of another rule book of ``stack``; the first
    entry of sharing that all of its acts, or its list, fall under, and that names it if it names any rows.
    """
    for entry in regime.sharing or ():
        book = next((one for one in stack if one.id == entry.origin), None)
        if book is None or row.actor != "self" or (entry.rows and row.id not in entry.rows):
            continue
        made = {name: each for each in reversed(book.catalogue) for name in each.act if _makes(entry, each, name)}
        if row.on_list and _keeps(entry, book, row.on_list, made):
            return Copied(entry, book, {})
        if row.act and all(name in made for name in row.act):
            return Copied(entry, book, {name: made[name] for name in row.act})
    return None


def _makes(entry: Sharing, row: Row, act: str) -> bool:
    """Whether the authority of ``entry`` makes a record of such an act by this row of its rule book."""
    return (
        row.authority == entry.of
        and row.actor == "self"
        and (not entry.kinds or act_called(act).context in entry.kinds)
    )


def _keeps(entry: Sharing, book: Regime, name: str, made: Mapping[str, Row]) -> bool:
    """Whether a list is one of the source's, and kept by the authority of ``entry`` or entered on its records."""
    rule = book.lists.get(name)
    rows = {each.id for each in made.values()}
    return rule is not None and (
        any(ground.row in rows for ground in rule.enter) or (rule.authority == entry.of and not entry.kinds)
    )


NEVER_FOUND = 1_000_000  #: a month that never comes
BEFORE_ALL = -NEVER_FOUND


class Moves:
    """When a resident last moved at all, and last moved to another city."""

    def __init__(self) -> None:
        self.near = self.far = BEFORE_ALL

    def move(self, month: int, *, far: bool) -> None:
        """A move in ``month``; a move to another city leaves the old part of the city too."""
        self.near = month
        self.far = month if far else self.far

    def found_from(self, regime: Regime, of: str, to: str | None, made: int, copy: Copied | None = None) -> int:
        """The month from which ``to`` finds a record that ``of`` made in month ``made``, or that is a ``copy``."""
        if regime.sharing is None or to is None:
            return made
        if copy is None and of == to and made >= self.near:
            return made
        entry = _entry(regime.sharing, of, to) if copy is None else _entry_of(regime.sharing, copy.entry, to)
        if entry is None or (entry.within == "city" and made < self.far):
            return NEVER_FOUND
        return made + (entry.after.months if entry.after else 0)

    def leaves(self, regime: Regime, rule: ListRule, entered: int) -> bool:
        """Whether a stay since month ``entered`` was left behind, its list not being kept together that far."""
        keeper = rule.authority or (regime.score.authority if regime.score else None)
        if regime.sharing is None or keeper is None:
            return False
        entry = _entry(regime.sharing, keeper, keeper)
        since = self.near if entry is None else self.far if entry.within == "city" else BEFORE_ALL
        return entered < since

    def published(self, rule: ListRule, entered: int) -> bool:
        """Whether whoever deals with the resident here finds a stay since month ``entered``."""
        since = {"neighbourhood": self.near, "city": self.far, "nation": BEFORE_ALL}
        reach = rule.publicity.reach
        return rule.kind == "list" and reach in since and entered >= since[reach]


def _entry(sharing: Iterable[Sharing], of: str, to: str) -> Sharing | None:
    return next((one for one in sharing if (one.origin, one.of, one.to) == (None, of, to)), None)


def _entry_of(sharing: Iterable[Sharing], like: Sharing, to: str) -> Sharing | None:
    return next((one for one in sharing if one.channel == like.channel and one.to == to), None)


def warns(regime: Regime, row: Row) -> bool:
    """Whether a record of ``row`` warns whoever finds it: an adverse one about the resident's own act."""
    kinds = {act_called(name).kind for name in row.act}
    adverse = not kinds & {Kind.GOOD, Kind.STATUS} and not row.curve and (row.points or 0) <= 0
    return regime.sharing is not None and adverse and row.actor == "self" and _shared_with_public(regime, row)


def _shared_with_public(regime: Regime, row: Row) -> bool:
    return any(one.to == PUBLIC and (one.origin or one.of == row.authority) for one in regime.sharing or ())
