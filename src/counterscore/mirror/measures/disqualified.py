"""M6d: what share of submitted bids did the body disqualify?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from counterscore.mirror.bodies import NOT_BODIES
from counterscore.mirror.measures._measure import (
    Beside,
    Measure,
    Rows,
    bands,
    because,
    first_of,
    in_window,
    make,
    where,
)
from counterscore.mirror.tables import Facts

FEWEST_PROCESSES = 2  #: of a body, from which it counts for the fence
FEWEST_BODIES = 4  #: of which quartiles say something


def _rows(facts: Facts) -> Rows:
    columns = facts.columns(
        "processes", "body", "ocid", "method", "closed", "bids", "disqualified", "bids_state", "bids_why"
    )
    inside = in_window(facts, columns["closed"])
    columns = {name: column[inside] for name, column in columns.items()}
    bids, disqualified = (np.maximum(columns[name], 0) for name in ("bids", "disqualified"))
    reason = first_of(
        because(columns["bids_state"], columns["bids_why"]),
        where(bids == 0, "open: no bid was submitted, all are invited or withdrawn"),
    )
    fence, bodies = upper_fence(columns["body"][reason == ""], bids[reason == ""], disqualified[reason == ""])
    many = len(bids)
    return make(
        columns,
        reason,
        disqualified / np.maximum(bids, 1),
        more={
            "of": bids,
            "count": disqualified,
            "fence": np.full(many, fence),
            "bodies": np.full(many, bodies),
        },
        stratum=bands(columns["method"], None, None),
    )


def upper_fence(
    body: npt.NDArray[np.object_], bids: npt.NDArray[np.int64], disqualified: npt.NDArray[np.int64]
) -> tuple[float, int]:
    """Cardinal's upper fence, Q3 + 1.5 IQR of the ratios of bodies with two processes or more, and how many these are.

    NaN below four bodies. Quartiles are median-unbiased (Hyndman and Fan's eighth), as in the program's own library.
    """
    names, at, processes = np.unique(body.astype(str), return_inverse=True, return_counts=True)
    able = (processes >= FEWEST_PROCESSES) & ~np.isin(names, NOT_BODIES)
    if int(able.sum()) < FEWEST_BODIES:
        return float("nan"), int(able.sum())
    ratio = np.bincount(at, disqualified, len(names)) / np.bincount(at, bids, len(names))
    low, high = np.quantile(ratio[able], (0.25, 0.75), method="median_unbiased")
    return float(high + 1.5 * (high - low)), int(able.sum())


def _beside(rows: Rows) -> list[Beside]:
    used = rows.where(rows.counted)
    if not len(used):
        return []
    bids, out = int(used.more["of"].sum()), int(used.more["count"].sum())
    told: list[Beside] = [("bids submitted", float(bids), None, None)]
    fence, bodies = float(used.more["fence"][0]), int(used.more["bodies"][0])
    if np.isnan(fence):
        return told
    name = f"upper fence of R038 over {bodies} bodies"
    if len(set(used.body)) == 1:
        name += ", reached" if len(used) >= FEWEST_PROCESSES and out / bids >= fence else ", not reached"
    return [*told, (name, fence, None, None)]


def _refuse(facts: Facts) -> str:
    states = facts.columns("processes", "bids_state")["bids_state"]
    return "no list of bids with their status is published" if not (states == "known").any() else ""


MEASURE = Measure(
    id="M6d",
    title="disqualified bids",
    question="What share of the bids submitted was disqualified?",
    unit="share of bids",
    kind="ratio",
    formula="disqualified bids / submitted bids (neither invited nor withdrawn), over all processes",
    eligible="processes whose tender had ended by the cut-off; counted where bids are listed, each with a status that is known, "
    "and one at least was submitted",
    matched="Cardinal R038 for buyers, as documented (ratio over all processes, upper fence Q3 + 1.5 IQR over bodies with two "
    f"processes or more; told from {FEWEST_BODIES} bodies on), with the third state it lacks: not computable; nearest: U024, a mean over tenders",
    fields=("bids.details[].id (keyed hash)", "bids.details[].status", "buyer"),
    limits="bids are disqualified for good reasons too; reaching the fence says that others disqualify less, not why; "
    "who bid is never read",
    rows=_rows,
    copied=("bid status",),
    refuse=_refuse,
    beside=_beside,
)
