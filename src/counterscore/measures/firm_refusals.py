"""How many attempts of firms are refused because of a rule?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(float(life.firm_count("refused")), float(life.firm_count("attempts")), 1000)


MEASURE = Measure(
    id="firm_refusals",
    subject="firms",
    topic="firms",
    question="How many attempts of firms are refused because of a rule?",
    unit="of 1,000 attempts",
    definition="attempts of firms at any service refused by a closed or narrowed door",
    limits="refusals for other reasons are not counted; the size of most narrowed doors is assumed",
    reads=(
        "attempts",
        "refused",
    ),
    compute=_compute,
    needs="firms",
    grouped=False,
    headline=True,
)
