"""What a record held when young goes with at fifty, for the measures of that, from the same residents in the baseline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from counterscore import milestones
from counterscore.measures._measure import Life, Mask, Measure, Value, mean

_WHO = (
    f"residents who in this world held a record against them by the January of turning {milestones.YOUNG} and who turned {milestones.MIDDLE} within the run: "
    "here, less the same residents in the baseline"
)
_LIMITS = (
    f"needs a run of more than {milestones.MIDDLE - milestones.YOUNG} years; the same residents with the same luck, so who is recorded young makes no difference by "
    "itself, and what differs is all that the rules did to them by then; only months within the run are seen, of those grown at the start "
    "the first years are missing"
)


def of_young_records(
    id_: str,
    question: str,
    unit: str,
    what: str,
    standing: Callable[[Life, npt.NDArray[np.int64]], npt.NDArray[Any]],
    *,
    limits: str = "",
    needs: Literal["baseline", "partners baseline"] = "baseline",
    reads: tuple[str, ...] = (),
) -> Measure:
    """The measure of one standing at fifty; ``standing`` gives it of each adult by the bits of ``milestones``."""

    def compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
        if base is None:
            return None, 0.0
        here, there = (one.outcome("milestones").astype(np.int64) for one in (life, base))
        who = (
            here & (milestones.RECORDED_YOUNG | milestones.SEEN_MIDDLE)
            == milestones.RECORDED_YOUNG | milestones.SEEN_MIDDLE
        )
        chosen = who if mask is None else who & mask
        return mean(chosen, standing(life, here).astype(np.int64) - standing(base, there).astype(np.int64))

    return Measure(
        id=id_,
        subject="residents",
        topic="lives",
        question=question,
        unit=unit,
        definition=f"{what} at {milestones.MIDDLE}, of {_WHO}",
        limits=f"{_LIMITS}{'; ' if limits else ''}{limits}",
        reads=("milestones", *reads),
        compute=compute,
        needs=needs,
    )


def share_with(bit: int) -> Callable[[Life, npt.NDArray[np.int64]], npt.NDArray[Any]]:
    """100 for those with ``bit`` among their milestones, else 0, so that means are per cent."""
    return lambda _, bits: np.where(bits & bit, 100, 0)


def earned(life: Life, bits: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Yuan a month of those in work at fifty, 0 for the others."""
    return np.where(bits & milestones.WORKS, life.resident("income").astype(np.int64) * 10, 0)


WORKS, LISTED, OWES, PARTNERED = (
    share_with(bit) for bit in (milestones.WORKS, milestones.LISTED, milestones.OWES, milestones.PARTNERED)
)
