"""How many promotions of leading officials fail because of a door or the assessment?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    held = life.body_count("promotions_held")
    return ratio(held, held + life.body_count("promotions"), 100)


MEASURE = Measure(
    id="promotions_held",
    subject="bodies",
    topic="bodies",
    question="How many promotions of leading officials fail because of a door or the assessment?",
    unit="per cent of promotions otherwise granted",
    definition="attempts of leading officials at a promotion that a door or the yearly assessment alone refused, of these and the promotions that took effect",
    limits="how much a low rating weighs in the assessment is what the rule book says of itself, mostly assumed",
    reads=("promotions_held", "promotions"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    echo_of="",
)
