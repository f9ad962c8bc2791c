"""What does a record held young do to being in work at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import WORKS, of_young_records

MEASURE = of_young_records(
    "young_record_work",
    "What does a record held young do to being in work at fifty?",
    "of 100 of them",
    "share in work",
    WORKS,
    limits="work is lost through closed travel and closed jobs only as assumed (circumstances.mobility_job_loss, services.job)",
)
