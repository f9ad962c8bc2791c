"""Who has no friend left?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask), life.private("ties") == 0, 10_000.0)


MEASURE = Measure(
    id="isolates",
    subject="residents",
    topic="ties",
    question="How many have no friend left at the end?",
    unit="of 10,000 adults",
    definition="adults alive at the end without a tie, old or sought",
    limits="nearly everybody starts with some (friends.near, friends.far); ties end only over lists and scores here",
    reads=("ties",),
    compute=_compute,
    needs="private",
)
