"""Numbers as a step of a ledger says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from counterscore.regime.cases import points_text
from counterscore.regime.model import SCALE, CurveStep


def signed_text(points60: int) -> str:
    """``+20``, ``-5 1/3``: a change of the score."""
    return f"+{points_text(points60)}" if points60 > 0 else points_text(points60)


def gain_text(points60: int) -> str:
    """``+20 points``: what a record does to the score."""
    return f"{signed_text(points60)} {'point' if abs(points60) == SCALE else 'points'}"


def months_text(months: int) -> str:
    """``1 month``, ``24 months``."""
    return f"{months} {'month' if months == 1 else 'months'}"


def words_text(words: Iterable[str]) -> str:
    """Ids as a list, or ``none``."""
    return ", ".join(words) or "none"


def curve_text(curve: Sequence[CurveStep]) -> str:
    """A curve, step by step."""
    parts = []
    for step in curve:
        upto = "beyond" if step.up_to is None else f"to {step.up_to}"
        parts.append(f"{upto}: {step.points} per {step.per}")
    return "; ".join(parts)


def steps_text(steps: Sequence[int]) -> str:
    """Points of the first record and of further ones."""
    return f"{signed_text(steps[0] * SCALE)}, then {', '.join(signed_text(step * SCALE) for step in steps[1:])}"
