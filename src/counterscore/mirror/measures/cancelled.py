"""M9: how many processes were cancelled?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.intervals import wilson
from counterscore.mirror.measures._measure import Beside, Measure, Rows, bands, first_of, make, where
from counterscore.mirror.tables import Facts

_CANCELLED = ("cancelled", "withdrawn")


def _rows(facts: Facts) -> Rows:
    columns = facts.columns("processes", "body", "ocid", "method", "status", "status_state", "status_why", "awarded")
    status = columns["status"].astype(str)
    cancelled = np.isin(status, _CANCELLED)
    failed = status == "unsuccessful"
    decided = cancelled | columns["awarded"]
    why = where(np.zeros(len(status), np.bool_), "")
    for i in np.flatnonzero((columns["status_state"] != "known") & ~decided):
        why[i] = f"{columns['status_state'][i]}: {columns['status_why'][i]}"
    reason = first_of(
        where(failed & ~decided, "open: unsuccessful, told apart"),
        why,
        where(~decided, "open: neither awarded nor cancelled"),
    )
    return make(
        columns,
        reason,
        cancelled & ~(columns["awarded"] & ~cancelled),
        more={"failed": failed & ~decided, "awarded": columns["awarded"]},
        stratum=bands(columns["method"], None, None),
    )


def _beside(rows: Rows) -> list[Beside]:
    failed, decided = int(rows.more["failed"].sum()), int(rows.counted.sum())
    # Without awards "unsuccessful" cannot be told from a word for "closed".
    if not failed or not rows.more["awarded"].any():
        return []
    return [("unsuccessful, of those and the decided", failed / (failed + decided), *wilson(failed, failed + decided))]


def _refuse(facts: Facts) -> str:
    stated = facts.columns("processes", "status_state")["status_state"]
    if (stated == "missing").all():
        return "no status of a tender or an award is published, or none is mapped: what was cancelled cannot be seen"
    return ""


MEASURE = Measure(
    id="M9",
    title="cancelled",
    question="How many processes were cancelled?",
    unit="share of decided processes",
    kind="share",
    formula="cancelled or withdrawn / (cancelled or withdrawn + awarded); unsuccessful apart",
    eligible="processes; counted where they are awarded, or their status is mapped to cancelled or withdrawn",
    matched="U063 (cancelled tenders to awarded)",
    fields=("tender.status", "awards[].status"),
    limits='a local word may be mapped badly: one publisher writes "unsuccessful" for closed',
    rows=_rows,
    copied=("tender status",),
    refuse=_refuse,
    beside=_beside,
)
