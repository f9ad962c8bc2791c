"""How often do public bodies report what is overdue as if it were kept?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    happened = life.body_count("overdue") + life.body_count("promises_due") - life.body_count("promises_kept")
    return ratio(life.body_count("massaged"), happened, 1000)


MEASURE = Measure(
    id="figures_massaged",
    subject="bodies",
    topic="bodies",
    question="How often do public bodies report what is overdue as if it were kept?",
    unit="of 1,000 months of arrears and late promises",
    definition="overdue months and promises reported as kept, of all that happened",
    limits="only officials under assessment do so in the model; the rate is an assumption",
    reads=("massaged", "overdue"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    echo_of="bodies.gaming and bodies.massage",
)
