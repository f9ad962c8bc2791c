"""At equal conduct, how much likelier is a bad record for the non-local than for the local?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._tally import Spread, Tallied, Tally

_MOST = 3  #: acts; more are one stratum


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    bad = (life.outcome("records").astype(int) - life.outcome("good_records")) > 0
    acts = np.minimum(life.conduct, _MOST)
    return Tallied.of(_standardised, rows=Spread.of(acts, life.resident("registration"), bad))


def _standardised(tally: Tally) -> Value:
    acts, group, bad = tally["rows"].values.T
    many = tally["rows"].many
    rates = []
    for code in (0, 1):
        rate = 0.0
        for k in range(1, _MOST + 1):
            everybody, here = many[acts == k].sum(), (acts == k) & (group == code)
            if everybody and not many[here].sum():
                return None, float(many.sum())
            if everybody:
                rate += everybody / many.sum() * float((many * bad)[here].sum() / many[here].sum())
        rates.append(rate)
    return (rates[1] / rates[0] if rates[0] else None), float(many[acts > 0].sum())


MEASURE = Measure(
    id="recording_gap_local",
    subject="residents",
    topic="records",
    question="At equal conduct, how much likelier is a bad record for the non-local than for the local?",
    unit="times",
    definition="bad records by true acts of misconduct and duties not met, 1, 2 and 3 or more; rates standardised to the conduct of all adults, non-local by local",
    limits="base rates differ in other ways (files, kinds of acts); strata hold the number of acts, not their kind",
    reads=("records", "good_records", "misconduct", "duties", "registration"),
    compute=_compute,
    grouped=False,
)
