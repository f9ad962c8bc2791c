"""How many representatives are restricted through their firm?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    restricted = life.firm_outcome("head_months") > 0
    return ratio(float(restricted.sum()), float(len(restricted)), 1000)


MEASURE = Measure(
    id="heads_restricted",
    subject="firms",
    topic="firms",
    question="How many representatives are restricted through their firm?",
    unit="of 1,000 firms",
    definition="firms whose representative met a closed or narrowed door because of the firm in at least one month",
    limits="a representative of two firms counts twice; both happen in small cities only",
    reads=("head_months",),
    compute=_compute,
    needs="firms",
    grouped=False,
    headline=True,
)
