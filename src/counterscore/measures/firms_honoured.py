"""How many spells of firms on lists of honour are open at the end?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, going_on, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(going_on(life, "firms"), float(len(life.firm_outcome("lists"))), 100)


MEASURE = Measure(
    id="firms_honoured",
    subject="firms",
    topic="firms",
    question="How many spells of firms on lists of honour are open at the end?",
    unit="of 100 firms",
    definition="spells open in the last month, on lists on which every door favours the firm, by firms",
    limits="who is on two such lists counts twice; a stock: it still grows in a run that is shorter than the spells",
    reads=("stays",),
    compute=_compute,
    needs="firm honour",
    grouped=False,
)
