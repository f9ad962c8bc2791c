"""How much more are those recorded young in arrears or under judgment at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import OWES, of_young_records

MEASURE = of_young_records(
    "young_record_owes",
    "How much more are those recorded young in arrears or under judgment at fifty?",
    "per cent of them",
    "share in arrears or under an unpaid judgment",
    OWES,
)
