"""M8: how long until an award is published?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.measures._measure import Beside, Measure, Rows, bands, because, first_of, in_window, make
from counterscore.mirror.tables import Facts

LATE = 30


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "processes",
        *("body", "ocid", "method", "awarded", "award_date", "award_date_state", "award_date_why"),
        *("told_state", "told_why", "told_days"),
    )
    asked = columns["awarded"] & in_window(facts, columns["award_date"])
    columns = {name: column[asked] for name, column in columns.items()}
    reason = first_of(
        because(columns["told_state"], columns["told_why"]),
        because(columns["award_date_state"], columns["award_date_why"]),
    )
    return make(
        columns,
        reason,
        columns["told_days"] > LATE,
        more={"days": columns["told_days"]},
        stratum=bands(columns["method"], None, None),
    )


def _refuse(facts: Facts) -> str:
    return "" if facts.columns("processes", "awarded")["awarded"].any() else "no award is published"


def _beside(rows: Rows) -> list[Beside]:
    used = rows.more["days"][rows.counted]
    return [("median days from award to first release", float(np.median(used)), None, None)] if len(used) else []


MEASURE = Measure(
    id="M8",
    title="published late",
    question="How many awards were published more than 30 days later?",
    unit="share of awarded processes",
    kind="share",
    formula="awarded processes whose first release with the award is dated more than 30 days after it / n",
    eligible="awarded processes; counted with an award date and a first release of the publisher's own, not before the award, "
    "where the release date is not the award's, a constant offset of it or the day of an export",
    matched="nearest: U049, U050, which ask what is still unpublished 30 days on; this asks how many days it took",
    fields=("date", "awards[].date"),
    limits="the date of a release may be a collector's",
    rows=_rows,
    copied=("told",),
    refuse=_refuse,
    beside=_beside,
)
