"""What does a record held young do to debts at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import OWES, of_young_records

MEASURE = of_young_records(
    "young_record_owes",
    "What does a record held young do to debts at fifty?",
    "of 100 of them",
    "share in arrears or under an unpaid judgment",
    OWES,
)
