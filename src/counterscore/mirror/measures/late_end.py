"""M1 and M2: did the end of a contract move, and by how much?"""

from __future__ import annotations

import numpy as np

from counterscore.mirror.intervals import interval, means, resampled, wilson
from counterscore.mirror.measures._measure import (
    Beside,
    Measure,
    Rows,
    Words,
    bands,
    because,
    first_of,
    in_window,
    make,
    where,
)
from counterscore.mirror.tables import NONE, Facts

LONGEST = 1826  #: days, five years: a slip is cut off there


def _rows(facts: Facts, *, twice_only: bool = False, open_too: bool = False) -> Rows:
    columns = facts.columns(
        "facts",
        *("body", "ocid", "contract", "decided", "end_first", "end_state", "end_why", "end_n", "end_slip", "end_years"),
        *("end_declared", "end_beyond", "numbered", "method", "amount_last", "currency"),
    )
    inside = in_window(facts, columns["decided"])
    columns = {name: column[inside] for name, column in columns.items()}
    reason = first_of(
        because(columns["end_state"], columns["end_why"]),
        where(np.zeros(len(columns["end_n"]), np.bool_), "") if open_too else _open(facts, columns["end_first"]),
        where(columns["end_n"] < (1 if _silence_counts(facts) and not twice_only else 2), _ONCE),
    )
    if _silence_counts(facts) and not twice_only and not facts.record["changes_declared"]:
        single = (columns["end_n"] < 2) & ~columns["numbered"]
        reason = first_of(reason, where(single, _ONCE))
    slip = np.where(columns["end_slip"] == NONE, 0, columns["end_slip"])
    declared = columns["end_declared"]
    option = (columns["end_years"] > 0) & (slip > 0) & ~declared
    return make(
        columns,
        reason,
        (slip > 0) & ~option & ~declared,
        item="contract",
        more={"slip": slip, "option": option, "declared": declared, "beyond": columns["end_beyond"]},
        stratum=bands(columns["method"], columns["amount_last"], columns["currency"]),
    )


_ONCE = "missing: the end is stated in one dated release only"


def _silence_counts(facts: Facts) -> bool:
    """Whether the publisher tells every change, so that a contract told once has not changed."""
    return bool(facts.record["changes_published"])


def _open(facts: Facts, first: np.typing.NDArray[np.int64]) -> Words:
    return where((first != NONE) & (first > facts.cut_off), "open: the first end promised lies behind the cut-off")


def _beside(rows: Rows) -> list[Beside]:
    used = rows.counted
    n = int(used.sum())
    if not n:
        return []
    options = int(rows.more["option"][used].sum())
    declared = int(rows.more["declared"][used].sum())
    told: list[Beside] = [("moved within a declared extension", declared / n, *wilson(declared, n))] if declared else []
    return [
        ("moved by whole years, as an option would be", options / n, *wilson(options, n)),
        *told,
        ("moved earlier", float((rows.more["slip"][used] < 0).mean()), None, None),
    ]


def _as_slips(facts: Facts, rows: Rows) -> Rows | None:
    return _with_value(rows, np.where(rows.counted, (rows.value == 1) | rows.more["option"], np.nan))


def _declared_as_slips(facts: Facts, rows: Rows) -> Rows | None:
    if not rows.more["declared"].any():
        return None
    return _with_value(rows, np.where(rows.counted, (rows.value == 1) | rows.more["declared"], np.nan))


def _censored(facts: Facts, rows: Rows) -> Rows | None:
    beyond = rows.more["beyond"]
    if not beyond.any():
        return None
    value, reason = rows.value.copy(), rows.reason.copy()
    value[beyond], reason[beyond] = 1.0, ""
    return Rows(rows.body, rows.ocid, rows.item, reason, value, rows.cluster, rows.stratum, rows.more)


def _twice(facts: Facts, rows: Rows) -> Rows | None:
    return _rows(facts, twice_only=True) if _silence_counts(facts) else None


def _open_too(facts: Facts, rows: Rows) -> Rows | None:
    return _rows(facts, open_too=True) if any(str(one).startswith("open") for one in rows.reason) else None


def _with_value(rows: Rows, value: np.typing.NDArray[np.float64]) -> Rows:
    return Rows(rows.body, rows.ocid, rows.item, rows.reason, value, rows.cluster, rows.stratum, rows.more)


def _days(facts: Facts) -> Rows:
    rows = _rows(facts)
    slip = np.where(rows.more["option"] | rows.more["declared"], 0, rows.more["slip"])
    return _with_value(rows, np.where(rows.counted, np.minimum(slip, LONGEST), np.nan))


def _days_as_slips(facts: Facts, rows: Rows) -> Rows | None:
    return _with_value(rows, np.where(rows.counted, np.minimum(rows.more["slip"], LONGEST), np.nan))


def _mean_beside(rows: Rows) -> list[Beside]:
    used = rows.where(rows.counted)
    if not len(used):
        return []
    _, clusters = np.unique(used.cluster.astype(str), return_inverse=True)
    drawn = resampled(clusters, lambda weights: means(used.value, weights))
    late = used.value[used.value > 0]
    told: list[Beside] = [("mean, slips over five years counted as five", float(used.value.mean()), *interval(drawn))]
    if len(late):
        told.append(("median of those that moved later", float(np.median(late)), None, None))
    return told


_FIELDS = ("contracts[].period.endDate", "contracts[].period.maxExtentDate", "date", "tag")
_LIMITS = (
    "says that an end moved, not whose doing it was; a publisher who overwrites old versions shows nothing; options that "
    "were agreed on from the start are known by a declared maxExtentDate, else only as moves by whole years"
)
MEASURES = (
    Measure(
        id="M1",
        title="late end",
        question="How many contracts ended later than first promised?",
        unit="share of contracts",
        kind="share",
        formula="contracts whose last known end lies behind the first promised one, declared extensions and moves by whole years (± 1 day) apart / n",
        eligible="contracts; counted with two dated statements of the end and a first end by the cut-off. Where the publisher "
        "numbers every change, or the source says so, one statement means that nothing changed",
        matched="nearest: U070 (percent completed on time), which its own fields cannot give",
        fields=_FIELDS,
        limits=_LIMITS,
        rows=_rows,
        beside=_beside,
        sensitivities={
            "whole years counted as slips": _as_slips,
            "declared extensions counted as slips": _declared_as_slips,
            "ends beyond thirty years counted as late": _censored,
            "only contracts told twice": _twice,
            "contracts not yet due counted too": _open_too,
        },
    ),
    Measure(
        id="M2",
        title="slip",
        question="By how many days did ends move?",
        unit="days",
        kind="median",
        formula=f"median of last known end - first promised end, declared extensions and moves by whole years as 0, at most {LONGEST} days",
        eligible="as M1",
        matched="none published with a formula",
        fields=_FIELDS,
        limits=_LIMITS,
        rows=_days,
        beside=_mean_beside,
        sensitivities={"whole years counted as slips": _days_as_slips},
    ),
)
