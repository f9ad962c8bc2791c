"""How much less are those recorded young in work at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import WORKS, of_young_records

MEASURE = of_young_records(
    "young_record_work",
    "How much less are those recorded young in work at fifty?",
    "per cent of them",
    "share in work",
    WORKS,
    limits="work is lost through closed travel and closed jobs only as assumed (circumstances.mobility_job_loss, services.job)",
)
