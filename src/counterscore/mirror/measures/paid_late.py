"""M3: were payments made by the day they were due?"""

from __future__ import annotations

from functools import partial

import numpy as np

from counterscore.mirror.intervals import interval, late_after, resampled, shares_late
from counterscore.mirror.measures._measure import Beside, Measure, Rows, bands, because, make
from counterscore.mirror.tables import NONE, Facts

DAYS = (30, 60)


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "payments",
        "body",
        "ocid",
        "contract",
        "method",
        "amount",
        "currency",
        "payment",
        "delay",
        "delay_last",
        "unpaid",
        "state",
        "why",
    )
    delay = np.where(columns["delay"] == NONE, 0, columns["delay"])
    last = np.where(columns["delay_last"] == NONE, 0, columns["delay_last"])
    reason = because(columns["state"], columns["why"])
    return make(
        columns,
        reason,
        delay > 0,
        item="contract",
        cluster="contract",
        more={"delay": delay, "last": last, "unpaid": columns["unpaid"]},
        stratum=bands(columns["method"], columns["amount"], columns["currency"]),
    )


def _refuse(facts: Facts) -> str:
    return "" if facts.count("payments") else "no payment is published: that nothing was paid cannot be told from it"


def _beside(rows: Rows) -> list[Beside]:
    used = rows.where(rows.counted)
    if not len(used):
        return []
    delays, unpaid = used.more["delay"].astype(np.float64), used.more["unpaid"].astype(np.bool_)
    _, clusters = np.unique(used.cluster.astype(str), return_inverse=True)
    told: list[Beside] = []
    for days in DAYS:
        drawn = resampled(clusters, partial(shares_late, delays, unpaid, days))
        told.append((f"later than {days} days", late_after(delays, unpaid, days), *interval(drawn)))
    told.append(("median delay in days", float(np.median(delays)), None, None))
    return told


def _as_last_told(facts: Facts, rows: Rows) -> Rows | None:
    last = rows.more["last"]
    if (last == rows.more["delay"]).all():
        return None
    value = np.where(rows.counted, last > 0, np.nan)
    more = {**rows.more, "delay": last}
    return Rows(rows.body, rows.ocid, rows.item, rows.reason, value, rows.cluster, rows.stratum, more)


MEASURE = Measure(
    id="M3",
    title="paid late",
    question="How many payments came after they were due?",
    unit="share of payments",
    kind="late",
    formula="payments dated after their due date as first told / n; Kaplan-Meier where a milestone says that it is not met",
    eligible="payments; counted with a date and a due date that can be told to be theirs, where due dates are not copied",
    matched="nearest: U071 (milestones on time), R067 (delivery failure)",
    fields=(
        "contracts[].implementation.transactions[].date",
        "contracts[].implementation.milestones[].dueDate",
        "contracts[].implementation.milestones[].dateMet",
    ),
    limits="due dates are the publisher's, not the law's; no payment published never means unpaid; a payment is linked to a due date "
    "by its id, or where a contract has as many of the one as of the other",
    rows=_rows,
    copied=("due",),
    refuse=_refuse,
    beside=_beside,
    sensitivities={"due dates as last told": _as_last_told},
)
