"""M7: how long from the end of the tender to the award?"""

from __future__ import annotations

from counterscore.mirror.intervals import wilson
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

LONG = 120  #: days; what the single market scoreboard of 2015 called slow


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "processes",
        *("body", "ocid", "method", "awarded", "award_date", "award_date_state", "award_date_why"),
        *("closed_state", "closed_why", "decision_days"),
    )
    asked = columns["awarded"] & in_window(facts, columns["award_date"])
    columns = {name: column[asked] for name, column in columns.items()}
    reason = first_of(
        because(columns["award_date_state"], named("award date", columns["award_date_why"])),
        because(columns["closed_state"], named("end of the tender", columns["closed_why"])),
    )
    return make(columns, reason, columns["decision_days"], stratum=bands(columns["method"], None, None))


def _refuse(facts: Facts) -> str:
    return "" if facts.columns("processes", "awarded")["awarded"].any() else "no award is published"


def _beside(rows: Rows) -> list[Beside]:
    used = rows.value[rows.counted]
    if not len(used):
        return []
    slow = int((used >= LONG).sum())
    return [(f"{LONG} days or more", slow / len(used), *wilson(slow, len(used)))]


MEASURE = Measure(
    id="M7",
    title="decision time",
    question="How many days from the end of the tender to the award?",
    unit="days",
    kind="median",
    formula="median of award date - end of the tender period, days at least 0",
    eligible="awarded processes; counted with both dates, the award not before the tender's end",
    matched="U060 (tender end to award); scoreboard: decision speed, of which the exclusions were not found; R061, R062 by their fields",
    fields=("tender.tenderPeriod.endDate", "awards[].date", "tender.procurementMethod"),
    limits="the award date may be the day of publication; frameworks and lots are not told apart",
    rows=_rows,
    refuse=_refuse,
    beside=_beside,
)
