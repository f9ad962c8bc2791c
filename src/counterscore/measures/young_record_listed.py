"""What does a record held young do to being listed at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import LISTED, of_young_records

MEASURE = of_young_records(
    "young_record_listed",
    "What does a record held young do to being listed at fifty?",
    "of 100 of them",
    "share on a list that puts at a disadvantage",
    LISTED,
    limits="without lists in the baseline it is simply the share listed",
)
