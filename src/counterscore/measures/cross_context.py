"""How many months of closed doors lie outside the context of finance?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    names = [n for n in life.run.table("counts", life.world, life.replay).column_names if n.startswith("door_closed_")]
    total = sum(life.count(name) for name in names)
    elsewhere = sum(life.count(name) for name in names if name != "door_closed_finance")
    return ratio(elsewhere, total, 100)


MEASURE = Measure(
    id="cross_context",
    question="How many months of closed doors lie outside the context of finance?",
    unit="per cent of service-months closed",
    definition="service-months closed or narrowed in other domains than finance, of all",
    limits="the domain of the record behind each door is followed only when a life is lived again",
    reads=("door_closed_finance",),
    compute=_compute,
    grouped=False,
)
