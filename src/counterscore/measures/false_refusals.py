"""How many who would have repaid are refused a loan?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return good_refused(life, mask)


def good_refused(life: Life, mask: Mask | None) -> Value:
    """Requests refused of those that would have been repaid, among adults of the mask."""
    asked, refused, good, bad = (
        life.outcome(name).astype(np.int64) if mask is None else life.outcome(name)[mask].astype(np.int64)
        for name in ("loans_asked", "loans_refused", "loans_good_refused", "loans_bad")
    )
    all_good = (asked - bad - (refused - good)).sum()
    return ratio(float(good.sum()), float(all_good), 100)


MEASURE = Measure(
    id="false_refusals",
    subject="residents",
    topic="dealings",
    question="How many who would have repaid are refused a loan?",
    unit="per cent of requests that would have been repaid",
    definition="requests for a loan refused though they would have been repaid, of all that would have been",
    limits="whether a loan would be repaid is drawn from assumed rates and traits (lending.default); only where a rule book judges loans",
    reads=("loans_asked", "loans_refused", "loans_good_refused", "loans_bad"),
    compute=_compute,
    echo_of="the shares refused for want of anything to judge by, in part",
)
