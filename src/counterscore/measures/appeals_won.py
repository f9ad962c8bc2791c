"""How many objections succeed?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("appeals_won"), life.count("appeals"), 100)


MEASURE = Measure(
    id="appeals_won",
    subject="residents",
    topic="rights",
    question="How many objections succeed?",
    unit="per cent of objections",
    definition="objections and appeals won, of those filed",
    limits="decisions still open at the end count as not won",
    reads=("appeals", "appeals_won"),
    compute=_compute,
    grouped=False,
    echo_of="rights.won_wrong",
)
