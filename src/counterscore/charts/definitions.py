"""C11. By which notions of equal treatment do groups differ, all at once?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore import wording
from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View
from counterscore.charts._style import BAND, ZERO, panels, quantitative
from counterscore.groups import audit
from counterscore.results import Run

_UNIT = "points of 100"
_REFERENCE = "the reference"


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    if not run.replays(world):
        return []
    found = audit(run, view.by or "registration", world=world)
    rows: list[Row] = []
    for one in (*found.of("base rates"), *found.of("definitions")):
        gap = 0.0 if one.group == found.reference and one.value is not None else one.difference
        rows.append(
            {
                "definition": one.id,
                "field": one.field,
                "words": one.words,
                "group": one.group,
                "reference": found.reference,
                "share": one.value,
                "tolerance": view.tolerance,
                "within_tolerance": _within(gap, one.difference_low, one.difference_high, view.tolerance),
                "distinguishable": {True: "yes", False: "no", None: ""}[one.distinguishable],
                "note": _REFERENCE if one.group == found.reference else one.note,
                "unit": _UNIT,
                "value": gap,
                "low": one.difference_low,
                "high": one.difference_high,
                "low_half": None,
                "high_half": None,
                "n_replays": one.n_replays,
                "range_kind": one.difference_kind,
            }
        )
    return rows if any(row["share"] is not None for row in rows) else []


def _within(gap: float | None, low: float | None, high: float | None, tolerance: float | None) -> str:
    """Where a difference lies beside the tolerance of whoever asks: all of its interval within, none of it, or neither."""
    if tolerance is None or gap is None:
        return ""
    if low is None or high is None:
        return "yes" if gap == 0 else "cannot be told"
    if -tolerance <= low and high <= tolerance:
        return "yes"
    return "no" if low > tolerance or high < -tolerance else "cannot be told"


def _finding(rows: Sequence[Row]) -> str:
    reference = rows[0]["reference"]
    notions = [row for row in rows if row["definition"] != rows[0]["definition"] and row["group"] != reference]
    of = len(dict.fromkeys(row["definition"] for row in notions))
    tested = [row for row in notions if row["distinguishable"]]
    if not tested:
        known = [row for row in notions if row["value"] is not None]
        why = (
            f"{wording.replicates(max(row['n_replays'] for row in known))}, no intervals"
            if known
            else "nothing to compare"
        )
        return f"On none of {of} notions was a difference from the reference group ({reference}) tested: {why}."
    sure = [row for row in tested if row["distinguishable"] == "yes"]
    told = len(dict.fromkeys(row["definition"] for row in sure))
    over = len(dict.fromkeys(row["definition"] for row in tested))
    text = f"On {told} of {over} notions tested some group can be told from the reference group ({reference})"
    most = max(sure or tested, key=lambda row: abs(row["value"]))
    ends = "" if most["low"] is None else f" ({_signed(most, 'low')} to {_signed(most, 'high')}, 90 % interval)"
    lead = "the widest such gap" if sure else "the widest gap, which chance alone may make,"
    return f"{text}; {lead} is {wording.signed(most['value'])} points of 100{ends} for {most['group']}, in \u201c{most['words']}\u201d."


def _signed(row: Row, end: str) -> str:
    return wording.signed(row[end], row["value"])


def _draw(rows: Sequence[Row]) -> Spec:
    drawn = [
        row
        | {
            "measure": f"{row['words'][:1].upper()}{row['words'][1:]} ({row['field']})",
            "line": row["group"] + (" (withheld)" if row["share"] is None else f", {row['share']:.1f} of 100"),
        }
        for row in rows
    ]
    tolerance = rows[0]["tolerance"]
    ends = [row[key] for row in rows for key in ("value", "low", "high") if row[key] is not None]
    span = [min([0.0, *ends, -(tolerance or 0)]), max([0.0, *ends, tolerance or 0])]
    if span[0] == span[1]:
        span = [-1.0, 1.0]
    x = quantitative("from", f"difference from {rows[0]['reference']}, {_UNIT}", scale={"domain": span, "nice": True})
    band = BAND | {
        "data": {"values": [{"from": -(tolerance or 0), "to": tolerance}]},
        "encoding": {"x": x, "x2": {"field": "to"}},
    }
    return panels(
        drawn,
        "line",
        str(x["title"]),
        before=[band, ZERO] if tolerance else [ZERO],
        span=span,
        hollow=f"datum.note == '{_REFERENCE}'",
    )


CHART = Chart(
    id="definitions",
    number="C11",
    question="By which notions of equal treatment do groups differ, all at once?",
    columns=(
        Column("definition", "", "notion; base-rate: what the groups truly did"),
        Column("field", "", "its name in the literature"),
        Column("words", "", "share that is compared"),
        Column("group", "", "group of residents"),
        Column("reference", "", "group that differences are from, the largest"),
        Column("share", "of 100", "share in the group"),
        Column("tolerance", "points of 100", "difference that whoever asked calls small"),
        Column("within_tolerance", "", "whether the whole interval lies within that"),
        Column("distinguishable", "", "from no difference, all being looked at together"),
        Column("note", "", "why there is no number, or what to know of it"),
        Column("unit", "", "unit of the difference"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="90 % intervals of differences cover the draw of residents and chance. Shares that rest on fewer than 30 residents are withheld. "
    "Where base rates differ not all notions can be met together; which should be is not said here. A dotted band is the tolerance that whoever "
    "made the chart set, and nobody else's.",
    missing="the rule book decides nothing about residents, or no replicate is finished",
    takes=("by", "tolerance"),
)
