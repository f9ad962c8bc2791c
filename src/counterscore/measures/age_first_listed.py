"""How old are people when they are listed for the first time?"""

from __future__ import annotations

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value
from counterscore.measures._tally import Spread, Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    first = life.outcome("first_listed")
    chosen = first != NEVER if mask is None else mask & (first != NEVER)
    return Tallied.of(_median, ages=Spread.of(life.age_in(first)[chosen]))


def _median(tally: Tally) -> Value:
    return tally["ages"].median(), float(tally["ages"].total)


MEASURE = Measure(
    id="age_first_listed",
    subject="residents",
    topic="lists",
    question="How old are people when they are listed for the first time?",
    unit="years",
    definition="median age in the month of the first listing, of those ever listed in the run",
    limits="first within the run: who was listed before it began counts as listed for the first time in it",
    reads=("first_listed", "since", "age"),
    compute=_compute,
    needs="list",
)
