"""How many licences for a business of their own does a rule refuse?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    rows = [row for row in life.services("residents") if row["service"] == "business-licence"]
    return ratio(sum(row["refused"] for row in rows), sum(row["attempts"] for row in rows), 1000)


MEASURE = Measure(
    id="businesses_refused",
    subject="residents",
    topic="doors",
    question="How many licences for a business of their own does a rule refuse?",
    unit="of 1,000 attempts at a business licence",
    definition="attempts of residents at a business licence that a closed or narrowed door refused, those of representatives to open a firm again among them",
    limits="who does not try because of being listed is not counted: everybody tries at the assumed rate",
    reads=("services",),
    compute=_compute,
    grouped=False,
)
