"""How many adults start a business of their own?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(1000.0 * life.count("businesses_founded"), life.adult_years)[0], life.adult_years


MEASURE = Measure(
    id="businesses_founded",
    subject="residents",
    topic="doors",
    question="How many adults start a business of their own?",
    unit="of 1,000 adults a year",
    definition="residents in work, or looking for it, who got a licence (or, out of work, a place on a market) and did not give up waiting",
    limits="how often a licence is sought is an assumption (services.business-licence.need); own businesses are a way of working here, without accounts",
    reads=("businesses_founded",),
    compute=_compute,
    grouped=False,
    echo_of="services.business-licence.need",
)
