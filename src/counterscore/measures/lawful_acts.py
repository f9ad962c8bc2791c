"""How many lawful acts of speech, reading, petition and purchase are there?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("lawful_acts"), life.adult_years, 1000)


MEASURE = Measure(
    id="lawful_acts",
    subject="residents",
    topic="conduct",
    question="How many lawful acts of speech, reading, petition and purchase are there?",
    unit="acts of 1,000 adults a year",
    definition="lawful acts done; against the baseline this shows what is held back (chilling)",
    limits="what is held back is an assumption (response.chilling), scaled by what follows from a record and by how likely one is seen, and zero where nothing does",
    reads=("lawful_acts",),
    compute=_compute,
    grouped=False,
    echo_of="response.chilling, in the difference",
)
