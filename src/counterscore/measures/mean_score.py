"""What is the mean score at the end?"""

from __future__ import annotations

from counterscore.measures._measure import SCALE, Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return mean(life.still_there(mask) & life.rated, life.outcome("score") / SCALE)


MEASURE = Measure(
    id="mean_score",
    subject="residents",
    topic="scores",
    question="What is the mean score at the end?",
    unit="points",
    definition="mean published score of adults at the end",
    limits="of the first rule book with a score; a mean hides the tail that the lists are about",
    reads=("score",),
    compute=_compute,
    needs="score",
)
