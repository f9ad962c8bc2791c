"""How many children go to another school because a rule refused the chosen one?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(10_000.0 * life.count("children_refused"), life.adult_years)[0], life.adult_years


MEASURE = Measure(
    id="children_refused",
    subject="residents",
    topic="doors",
    question="How many children go to another school because a rule refused the chosen one?",
    unit="of 10,000 adults a year",
    definition="children who live as the next of kin of a resident to whom a rule refused a place at a chosen school, each counted once",
    limits="a parent whose next of kin is no child is not counted; nobody is born, so that there are fewer with each year",
    reads=("children_refused",),
    compute=_compute,
    grouped=False,
)
