"""M10: how many awards went to suppliers the body had not dealt with?"""

from __future__ import annotations

from counterscore.mirror.measures._measure import Measure, Rows, bands, because, first_of, in_window, make, where
from counterscore.mirror.tables import NONE, Facts

_DAY = 86_400
BURN_IN = 730  #: days, 24 months, in which suppliers become known
SHORTEST = 1_461  #: days, 48 months, that the data must span


def _rows(facts: Facts) -> Rows:
    columns = facts.columns("awards", "body", "ocid", "method", "award", "date", "seen_before", "state", "why")
    inside = in_window(facts, columns["date"])
    columns = {name: column[inside] for name, column in columns.items()}
    start, _ = _span(facts)
    reason = first_of(
        because(columns["state"], columns["why"]),
        where(
            columns["date"] < start + BURN_IN * _DAY, "open: in the first 24 months, in which suppliers become known"
        ),
    )
    new = (columns["seen_before"] == NONE) | (columns["seen_before"] > BURN_IN)
    return make(columns, reason, new, item="award", stratum=bands(columns["method"], None, None))


def _span(facts: Facts) -> tuple[int, int]:
    """First day of the window, or of the awards, and its length in days up to the last award."""
    columns = facts.columns("awards", "date", "state")
    dates = columns["date"][(columns["state"] != "missing") & (columns["date"] != NONE)]
    window = facts.record["source"]["window_at"]
    if not len(dates):
        return 0, 0
    start = int(window[0]) if window else int(dates.min())
    end = min(int(dates.max()), facts.cut_off)
    return start, max(0, end - start) // _DAY


def _refuse(facts: Facts) -> str:
    _, days = _span(facts)
    if not days:
        return "no dated award is published"
    if days < SHORTEST:
        return f"the awards span {days / 365.25:.1f} years; four are needed, two of them to learn who was there before"
    return ""


MEASURE = Measure(
    id="M10",
    title="new suppliers",
    question="How many awards went to suppliers not seen with the body for two years?",
    unit="share of awards",
    kind="share",
    formula="awards to a supplier not seen with the body in the 24 months before / n",
    eligible="awards by supplier; counted with a date and a named supplier, after the first 24 months",
    matched="U028 (awards to new suppliers), with 24 months of burn-in",
    fields=("awards[].id", "awards[].date", "awards[].suppliers[] (keyed hashes, thrown away)"),
    limits="a supplier who writes its name in two ways is two; shares are low or high for many good reasons",
    rows=_rows,
    copied=("suppliers",),
    refuse=_refuse,
)
