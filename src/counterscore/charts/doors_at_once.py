"""C6b. How many have k doors shut in one month ("unable to move a step")?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over
from counterscore.charts._style import BLUE, INK, quantitative, told
from counterscore.measures import Life
from counterscore.results import Run


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    counted = [np.bincount(Life(run, world, replay).outcome("doors_most")) for replay in run.replays(world)]
    most = max((len(one) for one in counted), default=0)
    if most <= 1:
        return []
    return [
        {"services": k} | over(10_000 * float(one[k] if k < len(one) else 0) / float(one.sum()) for one in counted)
        for k in range(1, most)
    ]


def _finding(rows: Sequence[Row]) -> str:
    some = sum(row["estimate"] for row in rows)
    many = sum(row["estimate"] for row in rows if row["services"] >= 3)
    return (
        f"{some:,.0f} of 10,000 adults have at least one service shut or narrowed in their worst month, {many:,.0f} three or "
        f"more; the most is {rows[-1]['services']}."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    x = {
        "field": "services",
        "type": "ordinal",
        "title": "services shut or narrowed at once, in the worst month",
        "axis": {"labelAngle": 0},
    }
    return {
        "height": 240,
        "layer": [
            told(
                {
                    "mark": {"type": "bar", "color": BLUE, "opacity": 0.6},
                    "encoding": {"x": x, "y": quantitative("estimate", "of 10,000 adults")},
                }
            ),
            {
                "mark": {"type": "rule", "color": INK},
                "encoding": {"x": x, "y": quantitative("low", "of 10,000 adults"), "y2": {"field": "high"}},
                "transform": [{"filter": "isValid(datum.low)"}],
            },
        ],
    }


CHART = Chart(
    id="doors-at-once",
    number="C6b",
    question="How many have several doors shut at once?",
    columns=(Column("services", "services", "most services closed or narrowed in one month"), *RANGE_COLUMNS),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Essential and other services alike; nobody with none is drawn. Lines: middle 90 % of replays.",
    missing="no door is shut to anybody",
)
