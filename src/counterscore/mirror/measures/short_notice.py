"""M7n: how many open tenders gave bidders less than fifteen days?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.measures._measure import (
    Beside,
    Measure,
    Rows,
    bands,
    because,
    first_of,
    in_window,
    make,
    named,
    where,
)
from counterscore.mirror.tables import Facts

SHORT = 15  #: days
_NOT_OPEN = ("selective", "limited", "direct")


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "processes",
        *("body", "ocid", "method", "method_why", "opened_state", "opened_why", "closed", "closed_state", "closed_why"),
        "open_days",
    )
    method = columns["method"].astype(str)
    asked = ~np.isin(method, _NOT_OPEN) & in_window(facts, columns["closed"])
    columns = {name: column[asked] for name, column in columns.items()}
    unknown = where(columns["method"].astype(str) != "open", "")
    for i in np.flatnonzero(columns["method"].astype(str) != "open"):
        unknown[i] = f"missing: whether it was open ({columns['method_why'][i] or 'method not stated'})"
    reason = first_of(
        because(columns["opened_state"], named("start of the tender", columns["opened_why"])),
        because(columns["closed_state"], named("end of the tender", columns["closed_why"])),
        unknown,
    )
    return make(
        columns,
        reason,
        columns["open_days"] < SHORT,
        more={"days": columns["open_days"]},
        stratum=bands(columns["method"], None, None),
    )


def _refuse(facts: Facts) -> str:
    states = facts.columns("processes", "opened_state")["opened_state"]
    return "no start of a tender is published" if (states == "missing").all() else ""


def _beside(rows: Rows) -> list[Beside]:
    used = rows.more["days"][rows.counted]
    return [("median of days that tenders were open", float(np.median(used)), None, None)] if len(used) else []


MEASURE = Measure(
    id="M7n",
    title="short notice",
    question="How many open tenders gave bidders less than fifteen days?",
    unit="share of open tenders",
    kind="share",
    formula=f"open tenders whose period has fewer than {SHORT} whole days / n",
    eligible="processes that are not selective, limited or direct, whose tender had ended by the cut-off; counted where the "
    "method is open and both ends of the tender period are known",
    matched="Cardinal R003 (period under 15 days, method open), with the third state it lacks: not computable",
    fields=("tender.tenderPeriod.startDate", "tender.tenderPeriod.endDate", "tender.procurementMethod"),
    limits="laws allow short periods for urgent, small or repeated purchases; an export may write the day of publication as the start",
    rows=_rows,
    refuse=_refuse,
    beside=_beside,
)
