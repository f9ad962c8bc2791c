"""How many honest dealings are refused for each fraud that a record stops?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("dealings_refused"), life.count("frauds_warned"))


MEASURE = Measure(
    id="caught_by_the_net",
    subject="residents",
    topic="dealings",
    question="How many honest dealings are refused for each fraud that a record stops?",
    unit="dealings for each fraud stopped",
    definition="one-shot dealings refused to residents who are no repeat offenders, because of a record or list, by frauds stopped",
    limits="a record of any kind warns, true or not; how often residents deal with strangers is an assumption (dealings.need)",
    reads=("dealings_refused", "frauds_warned"),
    compute=_compute,
    grouped=False,
    echo_of="dealings.need, in proportion",
)
