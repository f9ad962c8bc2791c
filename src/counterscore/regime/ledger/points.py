"""Points, scores and grades in whole numbers of 1/60 point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterscore.regime.grammar import UNKNOWN
from counterscore.regime.ledger.kept import Kept
from counterscore.regime.model import SCALE, CurveStep, Dimension, Score

Known = Mapping[str, str | int]  #: attribute id -> its category, or its amount


def attribute_points(dimension: Dimension, known: Known) -> int:
    """What a dimension gets of its hundred for the attributes of a resident; what is not known gives nothing."""
    points = 0
    for part in dimension.parts:
        found = known.get(part.attribute or "")
        if isinstance(found, str):
            points += part.values.get(found) or 0
        elif found is not None:
            points += next((band.gives for band in reversed(part.bands) if found >= band.floor), 0)
    return points


def friends60(score: Score, friends: Sequence[int]) -> int:
    """The mean of friends' scores (1/60 point) as 1/60 of a hundred, 0 at the floor and 100 at the ceiling."""
    floor, ceiling = score.floor or 0, score.ceiling or 0
    return (sum(friends) // len(friends) - floor * SCALE) * 100 // (ceiling - floor)


def curve_points(curve: Sequence[CurveStep], units: int) -> int:
    """Points in 1/60 for ``units`` of one calendar year; each step of the curve rounds towards zero."""
    points60 = below = 0
    for step in curve:
        top = units if step.up_to is None else min(units, step.up_to)
        if top > below:
            points60 += towards_zero((top - below) * (step.points or 0) * SCALE, step.per)
            below = top
    return points60


def total60(score: Score, counting: Sequence[Kept]) -> int:
    """The points of records that count, of one rule book, in 1/60."""
    parts = {part.id: 0 for part in score.components}
    seen: dict[str, int] = {}
    total = 0
    for kept in counting:
        points60, row = kept.points60, kept.row
        if row.then and row.points is not None:
            steps = (row.points, *row.then)
            before = seen.get(row.id, 0)
            seen[row.id] = before + 1
            points60 = steps[min(before, len(steps) - 1)] * SCALE
        if row.component in parts:
            parts[row.component] += points60
        else:
            total += points60
    for part in score.components:
        most = part.most * SCALE
        low, high = (-most, 0) if part.kind == "lost" else (0, most)
        total += max(low, min(high, parts[part.id]))
    return total


def towards_zero(number: int, divisor: int) -> int:
    """Whole part of a quotient, rounded towards zero."""
    return number // divisor if number >= 0 else -(-number // divisor)


def rhythm(score: Score) -> int:
    """Every how many months a score is published."""
    return max(1, score.update.months) if score.update else 1


def grade_called(score: Score, band: int) -> str:
    """The grade of a band; ``unknown`` where no published border says which."""
    place = score.spans()[band].grade
    return UNKNOWN if place is None else score.grades[place].id
