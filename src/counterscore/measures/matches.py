"""How many singles find a partner?"""

from __future__ import annotations

from counterscore.measures._measure import NEVER, YEAR, Life, Mask, Measure, Value, ratio, single


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    who = single(life) if mask is None else single(life) & mask
    found = life.private("matched")[who] != NEVER
    return ratio(float(found.sum()), float(life.adult_months[who].sum()) / YEAR, 1000.0)


MEASURE = Measure(
    id="matches",
    subject="residents",
    topic="ties",
    question="How many singles find a partner?",
    unit="of 1,000 singles a year",
    definition="adults single at the start who become one of a couple, by years lived by them",
    limits="who likes whom and how many profiles are seen are assumptions; nobody parts",
    reads=("matched", "family"),
    compute=_compute,
    headline=True,
    needs="partners",
)
