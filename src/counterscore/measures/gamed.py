"""How many rewarded records are of deeds not done?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("gamed"), life.count("good_records"), 100)


MEASURE = Measure(
    id="gamed",
    subject="residents",
    topic="scores",
    question="How many rewarded records are of deeds not done?",
    unit="per cent of good records",
    definition="records claimed without the deed, of all records that raised a score",
    limits="the share is an assumption (response.gaming)",
    reads=("gamed", "good_records"),
    compute=_compute,
    needs="score",
    grouped=False,
    echo_of="response.gaming",
)
