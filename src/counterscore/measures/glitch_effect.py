"""How many scores of firms does a platform glitch change?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    firms = float(len(life.firm_outcome("score")))
    return ratio(float(life.firm_count("glitched")), firms, 100)


MEASURE = Measure(
    id="glitch_effect",
    subject="firms",
    topic="firms",
    question="How many scores of firms does a platform glitch change?",
    unit="of 100 firms",
    definition="firms whose published score was changed by the glitch in its month",
    limits="zero without --shock glitch; the share of firms it hits is assumed",
    reads=("glitched",),
    compute=_compute,
    needs="firm score",
    grouped=False,
    echo_of="errors.glitch_share",
)
