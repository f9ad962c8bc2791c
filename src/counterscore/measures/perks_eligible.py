"""How many of those who take part have a grade that saves them money?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    part = life.private_part or {}
    saving = [at for at, grade in enumerate(part.get("grades") or ()) if grade in part.get("perk_grades", ())]
    among = life.still_there(mask) & (life.private("taking_part") == 1)
    return share(life, among, np.isin(life.private("private_grade"), saving))


MEASURE = Measure(
    id="perks_eligible",
    subject="residents",
    topic="ties",
    question="How many of those who take part have a grade that saves them money?",
    unit="of 100 who take part",
    definition="adults who take part and stand in a grade before which some door saves a sum, at the end",
    limits="how a score comes about is assumed; in Hangzhou in 2018 it was 40 of 100 for deposits",
    reads=("taking_part", "private_grade"),
    compute=_compute,
    needs="private",
)
