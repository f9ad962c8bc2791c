"""M7n: how many tenders gave bidders less than fifteen days?"""

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
)
from counterscore.mirror.tables import Facts

SHORT = 15  #: days


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "processes",
        *("body", "ocid", "method", "opened_state", "opened_why", "closed", "closed_state", "closed_why", "open_days"),
    )
    asked = in_window(facts, columns["closed"])
    columns = {name: column[asked] for name, column in columns.items()}
    reason = first_of(
        because(columns["opened_state"], named("start of the tender", columns["opened_why"])),
        because(columns["closed_state"], named("end of the tender", columns["closed_why"])),
    )
    return make(
        columns,
        reason,
        columns["open_days"] < SHORT,
        more={"days": columns["open_days"], "method": columns["method"]},
        stratum=bands(columns["method"], None, None),
    )


def _open_only(facts: Facts, rows: Rows) -> Rows | None:
    """As Cardinal asked in its first versions."""
    return rows.where(np.asarray(rows.more["method"] == "open", np.bool_))


def _refuse(facts: Facts) -> str:
    states = facts.columns("processes", "opened_state")["opened_state"]
    return "no start of a tender is published" if (states == "missing").all() else ""


def _beside(rows: Rows) -> list[Beside]:
    used = rows.more["days"][rows.counted]
    return [("median of days that tenders were open", float(np.median(used)), None, None)] if len(used) else []


MEASURE = Measure(
    id="M7n",
    title="short notice",
    question="How many tenders gave bidders less than fifteen days?",
    unit="share of tenders",
    kind="share",
    formula=f"tenders whose period has fewer than {SHORT} whole days / n",
    eligible="processes whose tender had ended by the cut-off, whatever their method; counted where both ends of the tender period are known",
    matched="Cardinal R003 (submission period under 15 whole days, any method), with the third state it lacks: not computable",
    fields=("tender.tenderPeriod.startDate", "tender.tenderPeriod.endDate", "tender.procurementMethod"),
    limits="laws allow short periods for urgent, small or repeated purchases; an export may write the day of publication as the start; "
    "direct awards may carry a period that nobody could bid in",
    rows=_rows,
    refuse=_refuse,
    beside=_beside,
    sensitivities={"open tenders only": _open_only},
)
