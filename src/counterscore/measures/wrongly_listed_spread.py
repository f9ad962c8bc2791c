"""How many adults meet closed doors only because of next of kin?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _counts(life: Life) -> Mask:
    found: Mask = life.outcome("wrong_spread") > 0
    return found


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, _counts(life), 10_000)


MEASURE = Measure(
    id="wrongly_listed_spread",
    subject="residents",
    topic="errors",
    question="How many adults meet closed doors only because of next of kin?",
    unit="of 10,000 adults",
    definition="adults with a month in which every closed or narrowed door comes from next of kin",
    limits="kin is one resident of the same subdistrict",
    reads=("wrong_spread",),
    compute=_compute,
    counts=_counts,
    headline=True,
)
