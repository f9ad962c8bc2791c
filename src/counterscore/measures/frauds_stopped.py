"""How many frauds does a record or list stop?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("frauds_warned"), life.count("frauds_tried"), 100)


MEASURE = Measure(
    id="frauds_stopped",
    subject="residents",
    topic="dealings",
    question="How many frauds does a record or list stop?",
    unit="per cent of frauds tried",
    definition="dealings meant as a fraud in which the partner was warned, of all such dealings",
    limits="bounded by the share of one-shot dealings (dealings.one_shot) and by how often a fraud is recorded",
    reads=("frauds_warned", "frauds_tried"),
    compute=_compute,
    grouped=False,
    echo_of="dealings.one_shot, as its upper bound",
)
