"""The score: points or weighted dimensions, and the grades that its spans have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from counterscore.regime.model._values import SCALE, Frozen, Known, Months, Points, Truth


class Grade(Frozen):
    """A band of the score, both borders included; a border that nobody published is None."""

    id: str
    label: str = ""
    floor: Annotated[Points, Field(alias="from")]
    top: Annotated[Points, Field(alias="to")]
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Component(Frozen):
    """A part of the score with a limit: its rows lose at most ``most`` points in all, or earn at most ``most``."""

    id: str
    label: str = ""
    kind: Literal["lost", "earned"]
    most: Known
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Band(Frozen):
    """From ``floor`` of an amount on, a dimension gets ``gives`` of its hundred."""

    floor: Annotated[Known, Field(alias="from")]
    gives: Known


class Part(Frozen):
    """What a dimension is made of: records of rows, or a visible attribute, or the scores of friends.

    An attribute of categories gives what ``values`` say, an amount what the highest of ``bands`` says that it
    reaches; friends give their mean score, from 0 at the floor to 100 at the ceiling.
    """

    records: tuple[str, ...] = ()
    attribute: str | None = None
    values: dict[str, Points] = Field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    friends: Truth = False
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Dimension(Frozen):
    """One dimension of a weighted score: 0 to 100, of which ``start`` is there before anything is known."""

    id: str
    label: str = ""
    weight: Points
    start: Known = 0
    parts: Annotated[tuple[Part, ...], Field(alias="from")]
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Scores from ``floor`` up to the span above; ``grade`` is the place of its grade, None where no
    published border says which grade holds there.
    """

    floor: int
    grade: int | None


class Score(Frozen):
    """A score that stays within ``floor`` and ``ceiling``.

    Either it starts at ``start`` and adds up points, or it is weighted: with ``dimensions`` and no start.
    Where floor, ceiling or the start of a score of points is unknown (None), no score can be worked out.
    """

    start: Points = None
    floor: Points
    ceiling: Points
    update: Months = None
    dimensions: tuple[Dimension, ...] = ()
    components: tuple[Component, ...] = ()
    grades: tuple[Grade, ...] = ()
    authority: str | None = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None

    @property
    def known(self) -> bool:
        """Whether a score can be worked out."""
        weights = [one.weight for one in self.dimensions]
        return None not in (self.floor, self.ceiling, *weights) and (self.start is not None or bool(weights))

    def spans(self) -> tuple[Span, ...]:
        """The spans of a known score, the best first: one for each grade with known borders, and one for
        each gap between them.
        """
        if self.floor is None or self.ceiling is None:
            raise ValueError("the score is unknown")
        found: list[Span] = []
        top = self.ceiling
        for place, grade in enumerate(self.grades):
            if grade.floor is None or grade.top is None:
                continue
            if grade.top < top:
                found.append(Span(grade.top + 1, None))
            found.append(Span(grade.floor, place))
            top = grade.floor - 1
        if top >= self.floor:
            found.append(Span(self.floor, None))
        return tuple(found)

    def span_of(self, grade_id: str) -> int | None:
        """The place among ``spans()`` of the grade called so; None where its borders are unknown."""
        for place, span in enumerate(self.spans()):
            if span.grade is not None and self.grades[span.grade].id == grade_id:
                return place
        return None

    @property
    def opening60(self) -> int:
        """The score in 1/60 point of somebody of whom nothing is known."""
        if not self.dimensions:
            return (self.start or 0) * SCALE
        return self.weighted60([one.start * SCALE for one in self.dimensions])

    def weighted60(self, values60: Sequence[int]) -> int:
        """The weighted score in 1/60 point, rounded down, of values of the dimensions in 1/60 of 0 to 100.

        Values outside 0 to 100 count as the nearer end. The engine computes the same integers.
        """
        weights = [one.weight or 0 for one in self.dimensions]
        held = [min(100 * SCALE, max(0, value)) for value in values60]
        total = sum(weight * value for weight, value in zip(weights, held, strict=True))
        floor, ceiling = self.floor or 0, self.ceiling or 0
        return floor * SCALE + (ceiling - floor) * total // (100 * (sum(weights) or 1))
