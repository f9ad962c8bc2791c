"""How many public bodies are on the courts' list at some time?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    months = life.body("months_listed")
    return (100 * float((months > 0).mean()) if len(months) else None), float(len(months))


MEASURE = Measure(
    id="bodies_listed",
    subject="bodies",
    topic="bodies",
    question="How many public bodies are on the courts' list at some time?",
    unit="per cent of public bodies",
    definition="bodies that were on an adverse list in at least one month",
    limits="how often firms sue a public body is an assumption",
    reads=("months_listed",),
    compute=_compute,
    needs="bodies",
    grouped=False,
    headline=True,
    echo_of="bodies.suit",
)
