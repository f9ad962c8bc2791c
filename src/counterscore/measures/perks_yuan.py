"""How much money are residents spared because of a score?"""

from __future__ import annotations

from counterscore.measures._measure import YEAR, Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    perks, months = life.private("perks"), life.adult_months
    if mask is not None:
        perks, months = perks[mask], months[mask]
    return ratio(float(perks.sum()), float(months.sum()) / YEAR)


MEASURE = Measure(
    id="perks_yuan",
    subject="residents",
    topic="ties",
    question="How much money are residents spared because of a score?",
    unit="yuan an adult a year",
    definition="deposits and prices not handed over at doors that a grade opens or prices, by years lived as an adult",
    limits="a deposit would have come back: it is no income; sums and how often a service is used are inputs",
    reads=("perks",),
    compute=_compute,
    headline=True,
    needs="private",
    echo_of="saves of the doors, services.need",
)
