"""How many of the contracts that fell due did public bodies pay in time?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.body_count("contracts_kept"), life.body_count("contracts_due"), 100)


MEASURE = Measure(
    id="contracts_on_time",
    subject="bodies",
    topic="bodies",
    question="How many of the contracts that fell due did public bodies pay in time?",
    unit="per cent of contracts due",
    definition="contracts with firms paid in the month they were due, of all that fell due",
    limits="how often bodies pay late without any rating is an assumption; only the difference between worlds is what rules do",
    reads=("contracts_kept", "contracts_due"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    headline=True,
    echo_of="bodies.keep and bodies.stress, in its level",
)
