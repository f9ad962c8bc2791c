"""How unequally are refusals by rules distributed?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._tally import Spread, Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    refused = life.outcome("refused")
    return Tallied.of(_gini, refused=Spread.of(refused if mask is None else refused[mask]))


def _gini(tally: Tally) -> Value:
    return tally["refused"].gini(), float(tally["refused"].total)


MEASURE = Measure(
    id="access_inequality",
    subject="residents",
    topic="doors",
    question="How unequally are refusals by rules distributed?",
    unit="Gini, 0 to 1",
    definition="Gini coefficient of refusals by doors among adults",
    limits="near 1 where few residents bear all refusals; it says nothing of how many refusals there are",
    reads=("refused",),
    compute=_compute,
)
