"""How many of the loans granted will not be repaid?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    asked, refused, bad = (
        float((life.outcome(name) if mask is None else life.outcome(name)[mask]).sum(dtype=np.int64))
        for name in ("loans_asked", "loans_refused", "loans_bad")
    )
    return ratio(bad, asked - refused, 100)


MEASURE = Measure(
    id="default_rate",
    subject="residents",
    topic="dealings",
    question="How many of the loans granted will not be repaid?",
    unit="per cent of loans granted",
    definition="loans granted whose borrower will stop repaying, of loans granted where a rule book judges them",
    limits="whether a loan would be repaid is drawn from assumed rates and traits (lending.default, lending.means)",
    reads=("loans_asked", "loans_refused", "loans_bad"),
    compute=_compute,
    echo_of="lending.default, in level",
)
