"""What follows from a record in the eyes of those who know the rule, from nothing (0) to all that can be felt (1).

A list or a door that a record leads to by itself is felt in full. Points are felt by their share of the span of the score,
in full from a share on that is an assumption, and only where something rests on the score: a door, a list, a lender, a
matchmaker. A row from which nothing follows weighs nothing, whatever it records.
"""

from __future__ import annotations

from counterscore.catalog.assume import Assumptions
from counterscore.engine.stack import ACT_INDEX, Stack
from counterscore.regime.model import Regime, Row, adverse_lists
from counterscore.regime.vocabulary import ACTS, Kind

_SPAN = 1_000  #: of a score whose floor or ceiling is unknown, in points
_HUNDRED = 100  #: points of a dimension


def burden_and_reward(stack: Stack, s: int, row: Row, assumptions: Assumptions) -> tuple[float, float]:
    """How much a record of ``row`` of regime ``s`` weighs against somebody, and how much for: 0 to 1 each."""
    regime, burdens = stack.regimes[s], adverse_lists(stack.regimes)
    against, in_favour = [0.0], [0.0]
    for id_, rule in regime.lists.items():
        if any(ground.row == row.id for ground in rule.enter):
            (against if id_ in burdens else in_favour).append(1.0)
    for door in regime.doors:
        if door.when.kind == "record" and door.when.name == row.id:
            (in_favour if door.favours else against).append(1.0)
    if any(row.id in one.refused_on for one in regime.lending):
        against.append(1.0)
    if _rests_on_score(stack, regime):
        if row.cap:
            against.append(1.0)
        moved = _share_of_span(regime, row, assumptions)
        side, whole = (against, "severe") if moved < 0 else (in_favour, "generous")
        side.append(min(1.0, abs(moved) / assumptions[f"response.{whole}"]) if moved else 0.0)
    return max(against), max(in_favour)


def share_recorded(row: Row, act: str, assumptions: Assumptions) -> float:
    """The share of the acts ``act`` that are large enough for ``row`` to record them."""
    least, most = (int(assumptions.get(f"acts.{act}.amount.{end}", 0)) for end in ("least", "most"))
    border = row.at_least or 0
    if border <= least or most == 0:
        return 1.0
    if border > most:
        return 0.0
    if ACTS[ACT_INDEX[act]].kind is Kind.MISCONDUCT:  # half of the amounts are above twice the least, and so on
        return least / border
    return (most - border + 1) / (most - least + 1)


def _rests_on_score(stack: Stack, regime: Regime) -> bool:
    """Whether anything follows from the score of ``regime`` or its grades."""
    return (
        any(door.when.kind == "grade" for door in regime.doors)
        or any(ground.kind in ("score", "grade") for rule in regime.lists.values() for ground in rule.enter)
        or any(one.below is not None for one in regime.lending)
        or any(one.partners is not None and one.partners.by == regime.id for one in stack.regimes)
    )


def _share_of_span(regime: Regime, row: Row, assumptions: Assumptions) -> float:
    """By which share of its span one record of ``row`` moves the score of ``regime``, at most; below 0 downwards."""
    score = regime.score
    if score is None:
        return 0.0
    points = _points(row, assumptions)
    part = next((one for one in score.components if one.id == row.component), None)
    if part:
        points = max(-part.most, min(part.most, points))
    if score.dimensions:
        weights = {one.id: one.weight or 0 for one in score.dimensions}
        own = [weights[one.id] for one in score.dimensions if any(row.id in each.records for each in one.parts)]
        return points / _HUNDRED * max(own, default=0) / max(1, sum(weights.values()))
    known = score.floor is not None and score.ceiling is not None
    return points / (score.ceiling - score.floor if known else _SPAN)  # type: ignore[operator]


def _points(row: Row, assumptions: Assumptions) -> float:
    """Points of one record: the most an official may choose, the most of a series, along a curve those of a middling amount."""
    if row.curve:
        return max(_on_curve(row, act, assumptions) for act in row.act) if row.act else 0.0
    if row.discretion:
        return float(row.discretion.most or 0)
    return float(max((row.points or 0, *row.then), key=abs))


def _on_curve(row: Row, act: str, assumptions: Assumptions) -> float:
    middling = sum(assumptions.get(f"acts.{act}.amount.{end}", 0.0) for end in ("least", "most")) / 2
    points = below = 0.0
    for step in row.curve:
        top = middling if step.up_to is None else min(middling, float(step.up_to))
        if top > below:
            points += (top - below) * (step.points or 0) / step.per
            below = top
    return points
