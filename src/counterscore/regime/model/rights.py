"""What residents can do about records and lists."""

from __future__ import annotations

from typing import Literal

from counterscore.regime.model._values import Frozen, Months, Severity, Truth
from counterscore.regime.model.catalogue import Row


class _Right(Frozen):
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Notice(_Right):
    """Whether residents are told of a record, and how soon."""

    given: Truth = True
    within: Months = None


class Appeal(_Right):
    """The way to have a record taken back. ``decide`` is the longest time a decision may take."""

    available: Truth = True
    file_within: Months = None
    decide: Months = None
    human_review: Truth = False


class RepairRule(_Right):
    """Leaving a list, or having a record deleted, before its term: between ``after`` and ``at_most``."""

    severity: Severity
    after: Months = None
    at_most: Months = None


class Repair(_Right):
    """How a list can be left, or a record deleted, before its time."""

    rules: tuple[RepairRule, ...]
    conditions: tuple[str, ...] = ()


class Retention(_Right):
    """No record counts and no listing lasts longer than ``at_most``.

    ``while_listed``: only records are bounded, and one that a stay on a list rests on counts until the stay is over.
    """

    at_most: Months = None
    while_listed: Truth = False
    counted_from: Literal["conduct", "recognition", "sentence end"] = "conduct"

    def keeps(self, row: Row) -> bool:
        """Whether a record of ``row`` is kept while a stay rests on it: where nothing ends it sooner than ``at_most``."""
        most = self.at_most
        return self.while_listed and most is not None and (not row.validity or row.validity.months >= most.months)


class Correction(_Right):
    """How soon a wrong record is taken back once it is known. ``given: false`` says on paper that none is."""

    given: Truth = True
    within: Months = None


class Review(_Right):
    """Whether and how often somebody looks again at whether a listing is still needed; ``every`` is None where unknown."""

    every: Months = None


class Rights(Frozen):
    """What residents can do about records and lists. What a rule book does not name does not exist in a run.

    ``hearing`` (before anything takes effect), ``objection`` (to being rated at all) and ``review`` are declared on
    paper: they change no result of a run.
    """

    notice: Notice = Notice(given=False)
    defence: Truth = False
    reasons: Truth = False
    appeal: Appeal = Appeal(available=False)
    repair: Repair | None = None
    correction: Correction = Correction()
    compensation: Truth = False
    hearing: Truth = False
    objection: Truth = False
    review: Review | None = None
    retention: Retention = Retention()
