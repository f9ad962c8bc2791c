"""How much do refusals cost out of savings?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(1000.0 * life.count("refusal_costs") / 2, life.adult_years)[0], life.adult_years


MEASURE = Measure(
    id="refusal_costs",
    subject="residents",
    topic="doors",
    question="How much do refusals cost out of savings?",
    unit="months of spending per 1,000 adults a year",
    definition="paid out of savings by who was refused assistance in need, a hospital bed or a home to rent because of a rule",
    limits="what each refusal costs is an assumption (aftermath.*), and only what savings cover is counted",
    reads=("refusal_costs",),
    compute=_compute,
    grouped=False,
    echo_of="aftermath.welfare, aftermath.hospital, aftermath.rental",
)
