"""How many of the contracts that a predecessor signed do public bodies pay in time?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.body_count("inherited_kept"), life.body_count("inherited_due"), 100)


MEASURE = Measure(
    id="contracts_inherited",
    subject="bodies",
    topic="bodies",
    question="How many of the contracts that a predecessor signed do public bodies pay in time?",
    unit="per cent of inherited contracts due",
    definition="contracts with firms signed under an earlier leading official and paid in the month they were due, of all such that fell due",
    limits="that a change of leader costs punctuality is an assumption; only the difference between worlds is what rules do",
    reads=("inherited_kept", "inherited_due"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    echo_of="bodies.disown, beside bodies.keep and bodies.stress",
)
