"""How many good borrowers without a full credit file are refused a loan?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures.false_refusals import good_refused

_FULL = 2


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    thin = life.resident("file") < _FULL
    return good_refused(life, thin if mask is None else thin & mask)


MEASURE = Measure(
    id="false_refusals_thin",
    subject="residents",
    topic="dealings",
    question="How many good borrowers without a full credit file are refused a loan?",
    unit="per cent of requests that would have been repaid",
    definition="as false_refusals, of adults with no or a thin credit file when the run starts",
    limits="as false_refusals; the shares of credit files are those of the city file (320 of 800 million had a history nationally)",
    reads=("loans_asked", "loans_refused", "loans_good_refused", "loans_bad", "file"),
    compute=_compute,
    echo_of="the shares refused for want of anything to judge by, in part",
    headline=True,
)
