"""How many adults are ever listed against the rule itself?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _counts(life: Life) -> Mask:
    found: Mask = life.outcome("wrong_rule") > 0
    return found


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, _counts(life), 10_000)


MEASURE = Measure(
    id="wrongly_listed_rule",
    subject="residents",
    topic="errors",
    question="How many adults are ever listed against the rule itself?",
    unit="of 10,000 adults",
    definition="adults with a month on lists only through records counted twice, misjudged or kept too long, or taken off late",
    limits="follows from the assumed error rates",
    reads=("wrong_rule",),
    compute=_compute,
    counts=_counts,
    needs="list",
    echo_of="errors.misjudged, errors.late_removal",
    headline=True,
)
