"""What does a record held young do to having a partner at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import PARTNERED, of_young_records

MEASURE = of_young_records(
    "young_record_partner",
    "What does a record held young do to having a partner at fifty?",
    "of 100 of them",
    "share with a partner",
    PARTNERED,
    limits="a record reaches partners only through a score that a matchmaker goes by or that others are shown",
    needs="partners baseline",
)
