"""C10. Do groups differ, and on which measure?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore import wording
from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, spoken
from counterscore.charts._style import panels
from counterscore.measures import find_measure, measure
from counterscore.results import Run

_MEASURES = (
    "truly_recorded",
    "recorded",
    "listed_ever",
    "wrongly_listed_factual",
    "wrongly_listed_rule",
    "wrongly_listed_spread",
    "missed",
    "refusals",
    "unable_to_move",
)


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    rows: list[Row] = []
    for name in _MEASURES:
        one = find_measure(name)
        for found in measure(run, name, world=world, by=view.by or "registration"):
            withheld = found.note.startswith("withheld")
            if found.value is None and not withheld:
                continue
            rows.append(
                {
                    "measure": one.question.rstrip("?"),
                    "unit": one.unit,
                    "group": found.group + (" (withheld)" if withheld else ""),
                    "value": found.value,
                    "low": found.low,
                    "high": found.high,
                    "low_half": None,
                    "high_half": None,
                    "n_replays": found.n_replays,
                    "range_kind": found.range_kind,
                }
            )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    pairs = []
    for name in dict.fromkeys(row["measure"] for row in rows):
        mine = [row for row in rows if row["measure"] == name and row["value"] is not None]
        if len(mine) > 1:
            pairs.append((min(mine, key=lambda row: row["value"]), max(mine, key=lambda row: row["value"])))
    if not pairs:
        return "Fewer than two groups have numbers that are told: nothing can be compared."
    ranged = [pair for pair in pairs if all(row["low"] is not None for row in pair)]
    clear = [pair for pair in ranged if pair[0]["high"] < pair[1]["low"]]
    if all(low["value"] == high["value"] for low, high in pairs):
        return f"All groups have the same numbers in all {len(pairs)} measures."
    text = _said(max(clear or pairs, key=_weight))
    if not ranged:
        few = wording.replicates(max(row["n_replays"] for row in rows))
        return f"{text}; whether that is more than chance was not tested ({few}, no ranges)."
    if not clear:
        return f"{text}; the ranges of the groups overlap in every measure."
    return f"{text}; the ranges of the groups are apart in {len(clear)} of {len(pairs)} measures."


def _weight(pair: tuple[Row, Row]) -> tuple[float, float]:
    """How many times the lower value the higher one is; where the lower is 0, that comes first."""
    low, high = pair
    return (
        high["value"] / low["value"] if low["value"] else float(high["value"] > 0) * 1e9,
        high["value"],
    )


def _said(pair: tuple[Row, Row]) -> str:
    low, high = pair
    what = f"{high['measure'][:1].lower()}{high['measure'][1:]}"
    return (
        f"The widest gap is in \u201c{what}\u201d: {spoken(high, cover=True)} {high['unit']} ({high['group']}) against "
        f"{spoken(low)} ({low['group']})"
    )


def _draw(rows: Sequence[Row]) -> Spec:
    return panels(rows, "group")


CHART = Chart(
    id="group-gaps",
    number="C10",
    question="Do groups differ, and on which measure?",
    columns=(
        Column("measure", "", "measure"),
        Column("unit", "", "its unit"),
        Column("group", "", "group of residents"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="At whatever conduct the groups have; gaps at equal conduct: counterscore groups. Groups of fewer than 30 residents are withheld. "
    "Lines: middle 90 % of replicates for these residents (chance); whether a gap is more than the draw of residents: counterscore groups.",
    missing="nothing was recorded in any group",
    takes=("by",),
)
