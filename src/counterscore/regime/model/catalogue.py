"""The catalogue: who records which acts, and what a record does to the score."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from counterscore.regime.grammar import known_number, read_steps
from counterscore.regime.model._values import Frozen, Known, Months, Points, Severity, Share, Truth


class Authority(Frozen):
    """A body that records acts in its contexts."""

    label: str
    contexts: tuple[str, ...]


class Discretion(Frozen):
    """Points an official may choose between; ``least`` and ``most`` by size, both included."""

    least: Points
    most: Points


class CurveStep(Frozen):
    """``points`` for every ``per`` units, from the end of the step before up to ``up_to`` units a year."""

    up_to: Annotated[int | None, BeforeValidator(known_number)] = None
    points: Points = 1
    per: Known


class Cap(Frozen):
    """While the record counts, or for ``lasts``, the grade is no better than ``grade``."""

    grade: str
    lasts: Months = None


class Row(Frozen):
    """One row of the catalogue: a recorded act, and what it does to the score.

    ``actor`` says whose act it is: the resident's own, the next of kin's, or that of another member of the group
    (the village or neighbourhood) the resident belongs to.
    ``then`` are the points of each further record while earlier ones count: of the second, the third, …; the
    last of them repeats. ``component`` names the part of the score that the points go to. ``at_least`` is the smallest
    amount, in the unit of the act, from which on it is recorded at all; an amount that is not stated is enough.
    ``watched`` is how many times likelier than usual its acts are seen because they are looked for, by whoever looks.
    """

    id: str
    label: str
    act: tuple[str, ...] = ()
    on_list: str | None = None
    authority: str
    actor: Literal["self", "kin", "group"] = "self"
    points: Points = None
    then: Annotated[tuple[int, ...], BeforeValidator(read_steps)] = ()
    component: str | None = None
    discretion: Discretion | None = None
    curve: tuple[CurveStep, ...] = ()
    per: Literal["record", "cycle", "episode"] = "record"
    severity: Severity = "general"
    validity: Months = None
    at_least: Annotated[int | None, BeforeValidator(known_number)] = None
    watched: Share = 1.0
    cap: Cap | None = None
    confirmed: Truth = True
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def unknown_points(self) -> bool:
        """True where the file says ``points: unknown``; a row without points has none, which is known."""
        return self.points is None and "points" in self.model_fields_set
