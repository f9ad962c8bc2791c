"""How many of those listed are still on the list after five years?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value

_MONTHS = 60


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    rows = life.table("stays").to_pydict()
    ended: dict[int, int] = {}
    seen: dict[int, int] = {}
    for months, how, count in zip(rows["months"], rows["left"], rows["stays"], strict=True):
        seen[months] = seen.get(months, 0) + count
        if how not in {"cut off", "died"}:
            ended[months] = ended.get(months, 0) + count
    at_risk = total = sum(seen.values())
    if not total or max(seen) < _MONTHS:
        return None, float(total)
    staying = 1.0
    for months in sorted(month for month in seen if month < _MONTHS):
        staying *= 1 - ended.get(months, 0) / at_risk
        at_risk -= seen[months]
    return 100 * staying, float(total)


MEASURE = Measure(
    id="still_listed_5y",
    subject="residents",
    topic="lists",
    question="How many of those listed are still on the list after five years?",
    unit="per cent of stays",
    definition="Kaplan-Meier share of stays of all lists that last at least 60 months; stays cut off by the end of the run or by death are censored",
    limits="none where no stay is followed for five years; stays of all lists together",
    reads=("stays",),
    compute=_compute,
    needs="list",
    grouped=False,
)
