"""How many complaints of firms about public bodies are suppressed?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    pressed = life.body_count("pressed")
    return ratio(pressed, pressed + life.body_count("complaints"), 100)


MEASURE = Measure(
    id="complaints_pressed",
    subject="bodies",
    topic="bodies",
    question="How many complaints of firms about public bodies are suppressed?",
    unit="per cent of complaints",
    definition="complaints that a firm was pressed not to make, of those made or pressed",
    limits="only officials under assessment press in the model; the rate is an assumption",
    reads=("pressed", "complaints"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    echo_of="bodies.gaming and bodies.pressing",
)
