"""How many good deeds are done?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("good_deeds"), life.adult_years, 1000)


MEASURE = Measure(
    id="good_deeds",
    subject="residents",
    topic="conduct",
    question="How many good deeds are done?",
    unit="acts of 1,000 adults a year",
    definition="true good deeds",
    limits="deeds that an authority recommends count too; the pull of rewards is an assumption (response.reward), scaled by points",
    reads=("good_deeds",),
    compute=_compute,
    grouped=False,
    echo_of="response.reward, in the difference",
)
