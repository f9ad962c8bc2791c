"""After how many months has half of those listed left the list?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    rows = life.table("stays").to_pydict()
    gone: dict[int, int] = {}
    there: dict[int, int] = {}
    for months, how, count in zip(rows["months"], rows["left"], rows["stays"], strict=True):
        there[months] = there.get(months, 0) + count
        if how not in {"cut off", "died"}:
            gone[months] = gone.get(months, 0) + count
    at_risk = total = sum(there.values())
    staying = 1.0
    for months in sorted(there):
        staying *= 1 - gone.get(months, 0) / at_risk
        if staying <= 0.5:
            return float(months), float(total)
        at_risk -= there[months]
    return None, float(total)


MEASURE = Measure(
    id="months_to_exit",
    question="After how many months has half of those listed left the list?",
    unit="months",
    definition="median of the Kaplan-Meier curve over stays; stays cut off by the end of the run or by death are censored",
    limits="none where fewer than half have left by the end of the run; stays of all lists together",
    reads=("stays",),
    compute=_compute,
    needs="list",
    grouped=False,
)
