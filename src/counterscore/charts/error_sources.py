"""C9. Where did wrong records come from?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
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


_SAID = {
    "did not happen, or someone else's": "tells of what did not happen or was someone else's doing",
    "counted twice": "is counted twice",
    "unable taken for able": "takes somebody unable to pay for able",
    "went on counting after its end": "went on counting after its end",
    "taken off a list late": "kept somebody on a list too long",
}


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    rows = []
    for cause, counter in _CAUSES.items():
        values = [10_000 * life.count(counter) / float(life.adults.sum()) / life.years for life in lives]
        if any(values):
            rows.append({"cause": cause} | over(values))
    return sorted(rows, key=lambda row: -row["value"])


def _finding(rows: Sequence[Row]) -> str:
    return (
        f"The commonest cause is a record that {_SAID[rows[0]['cause']]}: {spoken(rows[0], cover=True)} times for 10,000 "
        "adults a year."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    return {"height": {"step": 30}, "layer": dot_and_ranges("x", nominal("cause", None), "for 10,000 adults a year")}


CHART = Chart(
    id="error-sources",
    number="C9",
    question="Where did wrong records come from?",
    columns=(Column("cause", "", "what was wrong"), *ranged("for 10,000 adults a year")),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Each rate repeats an assumption in part (errors.*). Lines: middle 50 and 90 % of replicates (chance).",
    missing="no record was wrong",
)
