"""How many spells on lists of honour are open at the end?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, going_on, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(going_on(life, "residents"), float(life.alive), 100)


MEASURE = Measure(
    id="honoured",
    subject="residents",
    topic="lists",
    question="How many spells on lists of honour are open at the end?",
    unit="of 100 adults",
    definition="spells open in the last month, on lists on which every door favours who is listed, by adults",
    limits="who is on two such lists counts twice; a stock: it still grows in a run that is shorter than the spells",
    reads=("stays",),
    compute=_compute,
    needs="honour",
    grouped=False,
)
