"""How much likelier would loans refused to those without a full file have failed than those granted to them?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio
from counterscore.measures._tally import Tallied, Tally

_FULL = 2


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    thin = life.resident("file") < _FULL
    who = thin if mask is None else thin & mask
    names = ("loans_asked", "loans_refused", "loans_good_refused", "loans_bad")
    return Tallied.of(_times, **{name: int(life.outcome(name)[who].sum(dtype=np.int64)) for name in names})


def _times(tally: Tally) -> Value:
    refused = float(tally["loans_refused"])
    granted = ratio(float(tally["loans_bad"]), tally["loans_asked"] - refused)[0]
    kept_out = ratio(refused - tally["loans_good_refused"], refused)[0]
    return (kept_out / granted if granted and kept_out is not None else None), refused


MEASURE = Measure(
    id="lending_sorts_thin",
    subject="residents",
    topic="dealings",
    question="How much likelier would loans refused to those without a full file have failed than those granted to them?",
    unit="times",
    definition=(
        "share of refused requests that would not have been repaid, by the share of granted loans that will not be, among adults with "
        "no or a thin credit file when the run starts; 1 where refusing tells nothing"
    ),
    limits="requests refused at random bring it towards 1; whether a loan would be repaid follows traits and savings by assumption",
    reads=("loans_asked", "loans_refused", "loans_good_refused", "loans_bad", "file"),
    compute=_compute,
    echo_of="conduct.conscientiousness, which moves records and repayment alike, in part",
)
