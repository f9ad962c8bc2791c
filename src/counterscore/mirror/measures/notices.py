"""M13: what share does the body itself say that it pays within 30 days?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.dates import day_text
from counterscore.mirror.evidence import NOTICES, Notice, kept
from counterscore.mirror.measures._measure import Measure, Rows, make
from counterscore.mirror.tables import Facts


def rows_of(notices: list[Notice], cut_off: int) -> Rows:
    """One row a notice."""
    columns = {
        "body": np.array([one.body for one in notices], dtype=object),
        "ocid": np.array([f"notice {day_text(one.start)} to {day_text(one.end)}" for one in notices], dtype=object),
    }
    reason = np.array(["open: after the cut-off" if one.start > cut_off else "" for one in notices], dtype=object)
    more = {
        "n": np.array([one.n for one in notices], np.float64),
        "mean_days": np.array([np.nan if one.mean_days is None else one.mean_days for one in notices], np.float64),
    }
    return make(columns, reason, np.array([one.share_30 for one in notices], np.float64), more=more)


def _rows(facts: Facts) -> Rows:
    return rows_of(kept(facts.folder, NOTICES, Notice), facts.cut_off)


def _refuse(facts: Facts) -> str:
    return "" if kept(facts.folder, NOTICES, Notice) else "no file of notices was given (counterscore mirror notices)"


MEASURE = Measure(
    id="M13",
    title="paid within 30 days, self-reported",
    question="What share does the body say that it paid within 30 days?",
    unit="share of invoices",
    kind="published",
    formula="as published, weighted by the invoices of each notice",
    eligible="notices of periods that began by the cut-off",
    matched="payments compliance notice (UK Procurement Act 2023, s. 69)",
    fields=("notices file: body, from, to, n, share_30, mean_days",),
    limits="the body's own count: an invoice that is disputed or was never registered is not in it; no interval, since it is no sample",
    rows=_rows,
    refuse=_refuse,
    ranked=False,
)
