"""Who finds a record on paper: what a rule book says is shared, and what a move leaves behind.

Whether a record arrives at all is chance where an entry covers less than all; on paper every record arrives.
"""

from __future__ import annotations

from collections.abc import Iterable

from counterscore.regime.model import PUBLIC, ListRule, Regime, Row, Sharing
from counterscore.regime.vocabulary import Kind
from counterscore.regime.vocabulary import act as act_called

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

    def found_from(self, regime: Regime, of: str, to: str | None, made: int) -> int:
        """The month from which ``to`` finds a record that ``of`` made in month ``made``."""
        if regime.sharing is None or to is None:
            return made
        if of == to and made >= self.near:
            return made
        entry = _entry(regime.sharing, of, to)
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
    return next((one for one in sharing if (one.of, one.to) == (of, to)), None)


def warns(regime: Regime, row: Row) -> bool:
    """Whether a record of ``row`` warns whoever finds it: an adverse one about the resident's own act."""
    kinds = {act_called(name).kind for name in row.act}
    adverse = not kinds & {Kind.GOOD, Kind.STATUS} and not row.curve and (row.points or 0) <= 0
    return regime.sharing is not None and adverse and row.actor == "self" and _shared_with_public(regime, row)


def _shared_with_public(regime: Regime, row: Row) -> bool:
    return _entry(regime.sharing or (), row.authority, PUBLIC) is not None
