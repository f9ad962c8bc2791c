"""M4: how often are contracts changed after signature?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.intervals import events_per_year
from counterscore.mirror.measures._measure import Beside, Measure, Rows, bands, in_window, make, where
from counterscore.mirror.tables import NONE, Facts

_YEAR = 365.25 * 86_400
_SHORTEST = 1 / 12  #: of a year, that a contract is taken to have lasted at least


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "facts",
        *(
            "body",
            "ocid",
            "contract",
            "decided",
            "start_first",
            "end_last",
            "amended",
            "method",
            "amount_last",
            "currency",
        ),
    )
    inside = in_window(facts, columns["decided"])
    columns = {name: column[inside] for name, column in columns.items()}
    begin = np.where(columns["start_first"] != NONE, columns["start_first"], columns["decided"])
    end = np.minimum(np.where(columns["end_last"] == NONE, facts.cut_off, columns["end_last"]), facts.cut_off)
    years = np.where(begin == NONE, np.nan, (end - np.where(begin == NONE, 0, begin)) / _YEAR)
    return make(
        columns,
        where(np.zeros(len(begin), np.bool_), ""),
        columns["amended"] > 0,
        item="contract",
        more={"amended": columns["amended"], "years": np.maximum(years, _SHORTEST)},
        stratum=bands(columns["method"], columns["amount_last"], columns["currency"]),
    )


def _refuse(facts: Facts) -> str:
    if not facts.count("facts"):
        return "no contract is published"
    if facts.record["amendments_published"]:
        return ""
    return "no amendment is published for any body: that there are none cannot be told from it"


def _beside(rows: Rows) -> list[Beside]:
    known = ~np.isnan(rows.more["years"])
    if not known.any():
        return []
    _, clusters = np.unique(rows.cluster[known].astype(str), return_inverse=True)
    rate, low, high = events_per_year(
        rows.more["amended"][known].astype(np.float64), rows.more["years"][known], clusters
    )
    return [("amendments in a contract-year", rate, *((None, None) if np.isnan(low) else (low, high)))]


MEASURE = Measure(
    id="M4",
    title="amended",
    question="How many contracts were amended?",
    unit="share of contracts",
    kind="share",
    formula="contracts with at least one amendment / n",
    eligible="contracts, where the publisher publishes amendments for any body",
    matched="U056 (contracts without amendments), turned round; U048 (mean amendments per buyer); R064 to R066 and R069 ask for the text of "
    "amendments, which is never read",
    fields=("contracts[].id", "contracts[].amendments[]", "buyer", "tag"),
    limits="an amendment may be good sense; what it changed is not read; a contract without one may belong to a body that publishes none",
    rows=_rows,
    refuse=_refuse,
    beside=_beside,
)
