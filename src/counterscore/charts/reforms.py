"""C13. What does each other world change, and at what cost?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View
from counterscore.charts._style import ZERO, panels
from counterscore.measures import find_measure
from counterscore.paired import compare
from counterscore.results import Run

_MEASURES = (
    "listed_ever",
    "wrongly_listed_factual",
    "wrongly_listed_rule",
    "wrongly_listed_spread",
    "refusals",
    "misconduct",
    "missed",
    "staff_hours",
)


def _rows(run: Run, view: View) -> list[Row]:
    against = view.against or run.worlds[0]
    rows: list[Row] = []
    for name in _MEASURES:
        for world in run.worlds:
            if world in {against, run.baseline}:
                continue
            gap = compare(run, name, world=world, baseline=against)
            if gap.value is not None:
                rows.append(
                    {
                        "measure": name.replace("_", " "),
                        "unit": find_measure(name).unit,
                        "world": world,
                        "baseline": against,
                        "estimate": gap.value,
                        "low": gap.low,
                        "high": gap.high,
                        "low_half": None,
                        "high_half": None,
                        "n_replays": gap.n_replays,
                        "range_kind": gap.range_kind,
                    }
                )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    sure = [row for row in rows if row["low"] is not None and not row["low"] <= 0 <= row["high"]]
    if not sure:
        return f"No difference from {rows[0]['baseline']} can be told from chance."
    first = sure[0]
    way = "fewer" if first["estimate"] < 0 else "more"
    return (
        f"Under {first['world']}, {abs(first['estimate']):.3g} {way} ({first['measure']}, {first['unit']}) than under "
        f"{first['baseline']}, 90 % interval {first['low']:+.3g} to {first['high']:+.3g}."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    return panels(rows, "world", f"difference from {rows[0]['baseline']}, {{unit}}", before=[ZERO])


CHART = Chart(
    id="reforms",
    number="C13",
    question="What does each other world change, and at what cost?",
    columns=(
        Column("measure", "", "measure; missed and staff hours are costs"),
        Column("unit", "", "its unit"),
        Column("world", "", "world"),
        Column("baseline", "", "world it is compared with"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Interval for the average paired difference over replays, 90 %; same residents, same luck.",
    missing="the run has no second world besides the baseline; add one with --also",
)
