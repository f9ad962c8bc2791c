"""M6 and M6t: how many competitive awards had one bidder?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.measures._measure import Measure, Rows, bands, because, first_of, in_window, make, where
from counterscore.mirror.tables import Facts

_COMPETITIVE = ("open", "selective")
_NOT = ("limited", "direct")


def _rows_of(facts: Facts, what: str) -> Rows:
    columns = facts.columns(
        "processes",
        *("body", "ocid", "method", "method_why", "awarded", "award_date", what, f"{what}_state", f"{what}_why"),
    )
    asked = columns["awarded"] & ~np.isin(columns["method"].astype(str), _NOT) & in_window(facts, columns["award_date"])
    columns = {name: column[asked] for name, column in columns.items()}
    known = np.isin(columns["method"].astype(str), _COMPETITIVE)
    unknown = where(~known, "")
    for i in np.flatnonzero(~known):
        unknown[i] = f"missing: whether it was competitive ({columns['method_why'][i] or 'method not stated'})"
    reason = first_of(
        because(columns[f"{what}_state"], columns[f"{what}_why"]),
        unknown,
    )
    return make(columns, reason, columns[what] == 1, stratum=bands(columns["method"], None, None))


def _number(facts: Facts) -> Rows:
    return _rows_of(facts, "bidders")


def _listed(facts: Facts) -> Rows:
    return _rows_of(facts, "tenderers")


def _refuse(facts: Facts) -> str:
    return "" if facts.columns("processes", "awarded")["awarded"].any() else "no award is published"


_LIMITS = "one bidder may be all there are; a count of 0 with an award is no count and never lowers the share"
_FORMULA = "awarded processes with one bidder / awarded open or selective processes with at least one"
MEASURES = (
    Measure(
        id="M6",
        title="single bid",
        question="How many competitive awards had one bidder?",
        unit="share of awarded processes",
        kind="share",
        formula=_FORMULA,
        eligible="awarded processes that are not limited or direct; counted where the method is open or selective and numberOfTenderers at least 1",
        matched="Cardinal R018 (numberOfTenderers = 1, method open or selective), of awarded processes alone, with the third state it lacks: not computable; U015 by its fields; scoreboard: single bidder",
        fields=("tender.numberOfTenderers", "tender.procurementMethod", "awards[]"),
        limits=_LIMITS,
        rows=_number,
        copied=("bidders",),
        refuse=_refuse,
    ),
    Measure(
        id="M6t",
        title="single bid, from lists",
        question="How many competitive awards list one tenderer?",
        unit="share of awarded processes",
        kind="share",
        formula=_FORMULA + ", counting the different tenderers listed",
        eligible="as M6; counted where tenderers are listed with their names, and the lists hold more than the suppliers",
        matched="Cardinal R018, read from tender.tenderers and told apart",
        fields=(
            "tender.tenderers[] (counted as keyed hashes)",
            "awards[].suppliers[] (the same)",
            "tender.procurementMethod",
        ),
        limits=_LIMITS + "; a list may leave out losers",
        rows=_listed,
        copied=("tenderers", "placeholder"),
        refuse=_refuse,
    ),
)
