"""How much misconduct is there?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("misconduct"), life.adult_years, 1000)


MEASURE = Measure(
    id="misconduct",
    subject="residents",
    topic="conduct",
    question="How much misconduct is there?",
    unit="acts of 1,000 adults a year",
    definition="true acts of misconduct; against the baseline this shows deterrence",
    limits="the strength of deterrence is an assumption (response.deterrence), scaled by what follows from a record and by how likely one is seen",
    reads=("misconduct",),
    compute=_compute,
    grouped=False,
    echo_of="response.deterrence, in the difference",
)
