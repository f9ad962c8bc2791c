"""How often does a leading official leave a badly rated body behind?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(
        life.body_count("left_behind"), sum(life.body_count(name) for name in ("promotions", "moves", "retired")), 100
    )


MEASURE = Measure(
    id="records_left_behind",
    subject="bodies",
    topic="bodies",
    question="How often does a leading official leave a badly rated body behind?",
    unit="per cent of changes of leader",
    definition="changes of leader, by promotion, move or age, at a body that is listed or rated below where ratings start",
    limits="where officials have a record of their own it goes along; the body's rating stays in any case",
    reads=("left_behind", "promotions", "moves", "retired"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    echo_of="",
)
