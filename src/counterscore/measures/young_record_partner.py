"""How much less do those recorded young have a partner at fifty?"""

from __future__ import annotations

from counterscore.measures._milestones import PARTNERED, of_young_records

MEASURE = of_young_records(
    "young_record_partner",
    "How much less do those recorded young have a partner at fifty?",
    "per cent of them",
    "share with a partner",
    PARTNERED,
    limits="only a score that a matchmaker shows by, or that joins the liking of others, can move it; whom one likes is not moved by any record",
    needs="partners baseline",
)
