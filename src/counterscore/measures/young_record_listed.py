"""How many of those recorded young are listed at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import LISTED, of_young_records

MEASURE = of_young_records(
    "young_record_listed",
    "How many of those recorded young are listed at fifty?",
    "per cent of them",
    "share on a list that puts at a disadvantage",
    LISTED,
    limits="without lists in the baseline it is simply the share listed",
)
