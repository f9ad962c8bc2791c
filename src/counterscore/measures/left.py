"""How many listing spells end in a year?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    gone = sum(
        life.count(f"left_{how}") for how in ("expired", "performed", "repaired", "corrected", "replaced", "died")
    )
    return ratio(gone, life.adult_years, 10_000)


MEASURE = Measure(
    id="left",
    subject="residents",
    topic="lists",
    question="How many listing spells end in a year?",
    unit="of 10,000 adults a year",
    definition="listing spells that ended in any way, divided by adult-years",
    limits="most spells of a short run have not had time to end",
    reads=("left_expired", "left_performed", "left_repaired", "left_corrected", "left_replaced", "left_died"),
    compute=_compute,
    needs="list",
    grouped=False,
)
