"""How many essential services are closed at once where any is?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio
from counterscore.results import as_numpy


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    table = life.table("closed")
    closed, months = as_numpy(table["essential_closed"])[1:].astype(int), as_numpy(table["resident_months"])[1:]
    return ratio(float(closed @ months), float(months.sum()))


MEASURE = Measure(
    id="essential_closed",
    subject="residents",
    topic="doors",
    question="How many essential services are closed at once where any is?",
    unit="essential services",
    definition="mean number of essential services closed at once, over months of adults with at least one of them closed; the table closed has the months for each number from 0 on",
    limits="only services of the model; which of them are essential is a choice of the vocabulary",
    reads=("closed.essential_closed", "closed.resident_months"),
    compute=_compute,
    grouped=False,
)
