"""What does a record held young do to what is earned at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import earned, of_young_records

MEASURE = of_young_records(
    "young_record_income",
    "What does a record held young do to what is earned at fifty?",
    "yuan a month for each of them",
    "income from work, nothing for those out of work,",
    earned,
    limits="what somebody earns in work is fixed in this model, so the difference is that of being in work, weighed by income",
    reads=("income",),
)
