"""What score do firms have at the end?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import SCALE, Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    if not any(part["score_start"] is not None for part in life.parts("firms")):
        return None, 0.0
    score = life.firm_outcome("score")[life.firm_outcome("closed") == 0]
    return ratio(float(score.sum(dtype=np.int64)) / SCALE, float(len(score)))


MEASURE = Measure(
    id="firm_mean_score",
    subject="firms",
    topic="firms",
    question="What score do firms have at the end?",
    unit="points",
    definition="mean score of the firms that are open, in the first rule book with a score",
    limits="start and steps of the score are inputs; how records arise is assumed",
    reads=(
        "score",
        "closed",
    ),
    compute=_compute,
    needs="firm score",
    grouped=False,
)
