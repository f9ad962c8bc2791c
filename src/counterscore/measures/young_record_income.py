"""How much less do those recorded young earn at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import earned, of_young_records

MEASURE = of_young_records(
    "young_record_income",
    "How much less do those recorded young earn at fifty?",
    "yuan a month for each of them",
    "income from work, nothing for those out of work,",
    earned,
    limits="what somebody earns in work is fixed in this model, so the difference is that of being in work, weighed by income",
    reads=("income",),
)
