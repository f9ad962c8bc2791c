"""M11: how many contracts were ended before their time?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.dates import DAY
from counterscore.mirror.measures._measure import Measure, Rows, bands, because, first_of, in_window, make, where
from counterscore.mirror.tables import NONE, Facts

_ENDED = ("terminated", "cancelled")


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "facts",
        *(
            "body",
            "ocid",
            "contract",
            "decided",
            "end_first",
            "end_state",
            "end_why",
            "status",
            "status_state",
            "status_why",
        ),
        *("ended_on", "numbered", "method", "amount_last", "currency"),
    )
    inside = in_window(facts, columns["decided"])
    columns = {name: column[inside] for name, column in columns.items()}
    ended = np.isin(columns["status"].astype(str), _ENDED)
    # Where every change is numbered, a contract without a row of termination was not terminated.
    silent = (columns["status_state"] == "missing") & columns["numbered"]
    first = columns["end_first"]
    # On the last day itself "terminated" is an end in time, in whatever zone the day was written.
    early = ended & (columns["ended_on"] != NONE) & (columns["ended_on"] // DAY < first // DAY)
    reason = first_of(
        because(np.where(silent, "known", columns["status_state"]), columns["status_why"]),
        because(columns["end_state"], columns["end_why"]),
        where(ended & ~early, "missing: whether it ended before its time (told after the end, or without a date)"),
        where(~ended & (first > facts.cut_off), "open: its first end lies behind the cut-off"),
    )
    return make(
        columns,
        reason,
        early,
        item="contract",
        stratum=bands(columns["method"], columns["amount_last"], columns["currency"]),
    )


def _refuse(facts: Facts) -> str:
    columns = facts.columns("facts", "status", "status_state", "numbered")
    if not len(columns["status"]):
        return "no contract is published"
    if (columns["status_state"] == "missing").all():
        return "no status of a contract is published, or none is mapped: what was ended early cannot be seen"
    return ""


MEASURE = Measure(
    id="M11",
    title="ended early",
    question="How many contracts were ended before their first promised end?",
    unit="share of contracts",
    kind="share",
    formula="contracts called terminated or cancelled in a release dated before the day of the first promised end / n",
    eligible="contracts; counted with a mapped status, a first end, and an end of it that is past or a dated termination",
    matched="U064 (cancelled contracts)",
    fields=("contracts[].id", "contracts[].status", "contracts[].period.endDate", "date"),
    limits='some publishers write "terminated" for finished: map such words to nothing; whose doing it was is not told',
    rows=_rows,
    copied=("contract status",),
    refuse=_refuse,
)
