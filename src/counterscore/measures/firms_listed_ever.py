"""How many firms are listed at some time?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    listed = life.firm_outcome("months_listed") > 0
    return ratio(float(listed.sum()), float(len(listed)), 100)


MEASURE = Measure(
    id="firms_listed_ever",
    subject="firms",
    topic="firms",
    question="How many firms are listed at some time?",
    unit="of 100 firms",
    definition="firms with at least one month on an adverse list, by all firms, under whatever name",
    limits="a representative's next firm counts as the same firm here",
    reads=("months_listed",),
    compute=_compute,
    needs="firm list",
    grouped=False,
    headline=True,
)
