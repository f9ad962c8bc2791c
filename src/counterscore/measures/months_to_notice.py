"""How long after the first record do people learn of it?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value
from counterscore.measures._tally import Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    adverse = life.count("records") - life.count("good_records")
    if adverse <= 0:  # asked before rows are read: they may be those of a nation
        return None, 0.0
    recorded, listed = (life.outcome(name).astype(np.int64) for name in ("first_record", "first_listed"))
    told = min(1.0, life.count("noticed") / adverse)
    someone = recorded != NEVER if mask is None else (recorded != NEVER) & mask
    later = someone & (listed != NEVER) & (listed >= recorded)

    def wait(tally: Tally) -> Value:
        learn = told * tally["someone"] + (1 - told) * tally["later"]
        return ((1 - told) * tally["waited"] / learn if learn else None), learn

    waited = float((listed - recorded)[later].sum())
    return Tallied.of(wait, someone=float(someone.sum()), later=float(later.sum()), waited=waited)


MEASURE = Measure(
    id="months_to_notice",
    subject="residents",
    topic="rights",
    question="How long after the first record do people learn of it?",
    unit="months",
    definition=(
        "months from the first record to learning of it, mean of adults who do: at once for the share of records that bring notice, for the others "
        "when they are first listed"
    ),
    limits=(
        "notice comes in the month of the record or not at all, so a time that a rule book sets for it moves nothing; the share of all records stands "
        "for that of first records; who is never told and never listed is left out"
    ),
    reads=("first_record", "first_listed", "counts.noticed", "counts.records", "counts.good_records"),
    compute=_compute,
    echo_of="rights.notice, in part",
)
