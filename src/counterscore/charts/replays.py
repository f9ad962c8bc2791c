"""C17. Are there enough replays?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from counterscore.charts._chart import Chart, Column, Row, Spec, View
from counterscore.charts._style import BLUE, INK, heard, quantitative
from counterscore.measures import Life, find_measure
from counterscore.results import Run

_MEASURE = "refusals"


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    one = find_measure(_MEASURE)
    values = [one.compute(Life(run, world, replay), None, None)[0] for replay in run.replays(world)]
    seen = [value for value in values if value is not None]
    rows: list[Row] = []
    for n in range(2, len(seen) + 1):
        part = np.array(seen[:n])
        half = float(stats.t.ppf(0.95, n - 1) * stats.sem(part))
        rows.append(
            {
                "n_replays": n,
                "estimate": float(part.mean()),
                "half_width": half,
                "low": float(part.mean()) - half,
                "high": float(part.mean()) + half,
            }
        )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    last = rows[-1]
    share = 100 * last["half_width"] / last["estimate"] if last["estimate"] else 0
    return f"After {last['n_replays']} replays the average is known to within {last['half_width']:.2g} ({share:.1f} % of it), with 90 % confidence."


def _draw(rows: Sequence[Row]) -> Spec:
    x = quantitative("n_replays", "replays")
    y = "refusals of 1,000 attempts, running average"
    return {
        "height": 220,
        "layer": [
            {
                "mark": {"type": "area", "color": BLUE, "opacity": 0.2},
                "encoding": {"x": x, "y": quantitative("low", y), "y2": {"field": "high"}},
            },
            {"mark": {"type": "line", "color": INK}, "encoding": {"x": x, "y": quantitative("estimate", y)}},
            heard({"x": x, "y": quantitative("estimate", y)}),
        ],
    }


CHART = Chart(
    id="replays",
    number="C17",
    question="Are there enough replays?",
    columns=(
        Column("n_replays", "replays", "replays averaged"),
        Column("estimate", "of 1,000 attempts", "running average of refusals"),
        Column("half_width", "of 1,000 attempts", "half the width of the 90 % interval of the average"),
        Column("low", "of 1,000 attempts", "lower end"),
        Column("high", "of 1,000 attempts", "upper end"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Band: 90 % t interval of the average.",
    missing="at least two replays are needed",
)
