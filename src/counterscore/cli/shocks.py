"""``--shock``: something that goes wrong in one month of a run, as a setting of its assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from counterscore.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from counterscore.catalog.assume import Assumptions
    from counterscore.regime.model import Regime

_EXAMPLE = "Write for example: --shock glitch=6, or --shock glitch=6:penalties"


def with_shocks(assumptions: Assumptions, shocks: Sequence[str], worlds: Sequence[Regime], months: int) -> Assumptions:
    """``assumptions`` with each of ``shocks`` in them; months count from 0, the first of the run.

    Raises ``UsageError`` for an unknown shock, a month outside the run, or a component that no world has.
    """
    for text in shocks:
        kind, equals, rest = text.partition("=")
        if kind.strip() != "glitch" or not equals:
            raise UsageError(f'no shock is called "{kind.strip()}"', suggestion=_EXAMPLE)
        month, _, component = (part.strip() for part in rest.partition(":"))
        if not month.isdecimal() or int(month) >= months:
            raise UsageError(
                f'a glitch needs a month of the run, 0 to {months - 1}, found "{month}"', suggestion=_EXAMPLE
            )
        place = _place(component, worlds)
        assumptions = assumptions.with_set(f"errors.glitch_month={month}")
        if component:
            assumptions = assumptions.with_set(f"errors.glitch_component={place}")
    return assumptions


def _place(component: str, worlds: Sequence[Regime]) -> int:
    """The place of a component among those of the first world that has it, as the engine numbers them."""
    known: list[str] = []
    for world in worlds:
        for subject in {part.subjects for part in world.stacked()}:
            parts = [part.score for part in world.stacked() if part.subjects == subject and part.score]
            ids = [one.id for score in parts for one in score.components]
            if component in ids:
                return ids.index(component)
            known += ids
    if not known:
        raise UsageError(
            "a glitch empties a component of a score, and no world has one",
            suggestion="Try it on: counterscore run zhejiang-firms --shock glitch=6",
        )
    if component:
        close = did_you_mean(component, known)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no component is called "{component}"', suggestion=f"{hint}Components: {', '.join(known)}.")
    return -1
