"""How many of firms' attempts at licences are refused because of a rule?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    refused, attempts = life.firm_refused("firm-licence")
    return ratio(float(refused), float(attempts), 1000)


MEASURE = Measure(
    id="firm_refused_licences",
    subject="firms",
    topic="firms",
    question="How many of firms' attempts at licences are refused because of a rule?",
    unit="of 1,000 attempts",
    definition="attempts at licences refused by a closed or narrowed door",
    limits="refusals for other reasons are not counted; how much a narrowed door refuses is mostly assumed",
    reads=("services",),
    compute=_compute,
    needs="firms",
    grouped=False,
)
