"""At equal conduct, how much likelier is a bad record in the six named professions?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value

_NAMED, _NO_WORK = 6, 15  # positions in vocabulary.OCCUPATIONS
_FEW = 5


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    bad = (life.outcome("records").astype(int) - life.outcome("good_records")) > 0
    acts = np.minimum(life.outcome("misconduct"), 3)
    job = life.resident("occupation")
    named, other = job < _NAMED, (job >= _NAMED) & (job < _NO_WORK)
    rates = []
    for who in (other, named):
        parts = [(float((acts == k).mean()), bad[(acts == k) & who]) for k in range(1, 4) if (acts == k).any()]
        if any(len(seen) < _FEW for _, seen in parts) or not parts:
            return None, float(named.sum())
        rates.append(sum(weight * float(seen.mean()) for weight, seen in parts))
    return (rates[1] / rates[0] if rates[0] else None), float(named.sum())


MEASURE = Measure(
    id="scrutiny",
    question="At equal conduct, how much likelier is a bad record in the six named professions?",
    unit="times",
    definition="as recording_gap_local, for teachers, accountants, journalists, doctors, veterinarians and tour guides by all others in work",
    limits="the multiple of the rule book is an input; small cities hold few of the six",
    reads=("records", "good_records", "misconduct", "occupation"),
    compute=_compute,
    grouped=False,
    echo_of="times of the scrutiny rules",
)
