"""C10. Do groups differ, and on which measure?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View
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
                    "measure": name.replace("_", " "),
                    "unit": one.unit,
                    "group": found.group + (" (withheld)" if withheld else ""),
                    "estimate": found.value,
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
    best: tuple[float, Row, Row] | None = None
    for name in dict.fromkeys(row["measure"] for row in rows):
        mine = [
            row for row in rows if row["measure"] == name and row["estimate"] is not None and row["low"] is not None
        ]
        if len(mine) < 2:
            continue
        low, high = min(mine, key=lambda row: row["estimate"]), max(mine, key=lambda row: row["estimate"])
        if low["high"] < high["low"] and low["estimate"] > 0:
            ratio = high["estimate"] / low["estimate"]
            if best is None or ratio > best[0]:
                best = (ratio, low, high)
    if best is None:
        return "No two groups can be told apart from chance on any of these measures."
    _, low, high = best
    return (
        f"The widest gap is in {high['measure']}: {high['estimate']:.3g} {high['unit']} ({high['group']}) against "
        f"{low['estimate']:.3g} ({low['group']})."
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
    "Lines: middle 90 % of replays.",
    missing="nothing was recorded in any group",
    takes=("by",),
)
