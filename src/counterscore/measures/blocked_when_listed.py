"""How many attempts of those on a list are blocked?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("listed_refused"), life.count("listed_attempts"), 100)


MEASURE = Measure(
    id="blocked_when_listed",
    subject="residents",
    topic="doors",
    question="How many attempts of those on a list are blocked?",
    unit="per cent of attempts while listed",
    definition="attempts at any service refused by a closed or narrowed door, of those made by residents on an adverse list",
    limits="attempts at services of the model only, at assumed needs; daily dealings such as shopping are not among them",
    reads=("listed_refused", "listed_attempts"),
    compute=_compute,
    needs="list",
    grouped=False,
    headline=True,
)
