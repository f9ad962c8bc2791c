"""M12: of the promises a body made, how many were kept by their date?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.evidence import PROMISES, Promise, kept
from counterscore.mirror.intervals import wilson
from counterscore.mirror.measures._measure import Beside, Measure, Rows, make
from counterscore.mirror.tables import Facts

_REASONS = {"not due": "open: not due by the cut-off", "no evidence": "missing: no dated evidence; that is not broken"}


def rows_of(promises: list[Promise], cut_off: int) -> Rows:
    """One row a promise."""
    outcomes = np.array([one.outcome(cut_off) for one in promises], dtype=object)
    columns = {
        "body": np.array([one.body for one in promises], dtype=object),
        "ocid": np.array([one.promise for one in promises], dtype=object),
    }
    reason = np.array([_REASONS.get(one, "") for one in outcomes], dtype=object)
    return make(columns, reason, outcomes == "kept", more={"outcome": outcomes})


def _rows(facts: Facts) -> Rows:
    return rows_of(kept(facts.folder, PROMISES, Promise), facts.cut_off)


def _refuse(facts: Facts) -> str:
    return (
        "" if kept(facts.folder, PROMISES, Promise) else "no file of promises was given (counterscore mirror promises)"
    )


def _beside(rows: Rows) -> list[Beside]:
    outcomes = rows.more["outcome"][rows.counted]
    if not len(outcomes):
        return []
    counts = {what: int((outcomes == what).sum()) for what in ("late", "broken")}
    return [(what, many / len(outcomes), *wilson(many, len(outcomes))) for what, many in counts.items()]


MEASURE = Measure(
    id="M12",
    title="promises kept",
    question="How many promises were kept by their date?",
    unit="share of promises",
    kind="share",
    formula="promises with evidence dated by the day they were due / (kept + late + broken), unweighted",
    eligible="promises; counted if due by the cut-off and kept, late or broken by dated evidence",
    matched="pledge trackers that count promises without weights",
    fields=("promises file: body, promise, due, evidence, outcome",),
    limits="who chooses the promises chooses the share; a promise without evidence is not broken; large and small count alike",
    rows=_rows,
    refuse=_refuse,
    beside=_beside,
)
