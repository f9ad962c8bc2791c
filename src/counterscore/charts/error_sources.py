"""C9. Where did wrong records come from?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over, spoken
from counterscore.charts._style import dot_and_ranges, nominal
from counterscore.measures import Life
from counterscore.results import Run

_CAUSES = {
    "did not happen, or someone else's": "untrue_records",
    "counted twice": "twice_records",
    "unable taken for able": "misjudged_records",
    "went on counting after its end": "overdue_records",
    "taken off a list late": "late_removals",
}


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    rows = []
    for cause, counter in _CAUSES.items():
        values = [10_000 * life.count(counter) / float(life.adults.sum()) / life.years for life in lives]
        if any(values):
            rows.append({"cause": cause} | over(values))
    return sorted(rows, key=lambda row: -row["estimate"])


def _finding(rows: Sequence[Row]) -> str:
    return f"Most often a record {rows[0]['cause']}: {spoken(rows[0])} times for 10,000 adults a year."


def _draw(rows: Sequence[Row]) -> Spec:
    return {"height": {"step": 30}, "layer": dot_and_ranges("x", nominal("cause", None), "for 10,000 adults a year")}


CHART = Chart(
    id="error-sources",
    number="C9",
    question="Where did wrong records come from?",
    columns=(Column("cause", "", "what was wrong"), *RANGE_COLUMNS),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Each rate repeats an assumption in part (errors.*). Lines: middle 50 and 90 % of replays.",
    missing="no record was wrong",
)
