"""How many requests for a loan are refused?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    asked, refused = (
        float((life.outcome(name) if mask is None else life.outcome(name)[mask]).sum(dtype=np.int64))
        for name in ("loans_asked", "loans_refused")
    )
    return ratio(refused, asked, 100)


MEASURE = Measure(
    id="loans_refused",
    subject="residents",
    topic="dealings",
    question="How many requests for a loan are refused?",
    unit="per cent of requests",
    definition="requests for a loan refused by the lender or a door, where a rule book judges them",
    limits="need for loans is an assumption and the same for all files (services.loan.need)",
    reads=("loans_asked", "loans_refused"),
    compute=_compute,
    echo_of="the shares refused for want of anything to judge by, in part",
)
