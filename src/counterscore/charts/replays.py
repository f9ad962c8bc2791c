"""C17. Are there enough replicates?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from counterscore import wording
from counterscore.charts._chart import Chart, Column, Row, Spec, View
from counterscore.charts._style import curves, quantitative
from counterscore.measures import Life, find_measure
from counterscore.results import Run

#: What is averaged: the first of these that the world has any of.
_MEASURES = ("listed_ever", "refusals", "recorded", "misconduct")


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    for name in _MEASURES:
        one = find_measure(name)
        if one.needs == "list" and lives and not lives[0].has_lists:
            continue
        seen = [value for value in (one.compute(life, None, None)[0] for life in lives) if value is not None]
        if len(seen) > 1 and any(seen):
            return [_row(one.question, one.unit, seen[:n]) for n in range(2, len(seen) + 1)]
    return []


def _row(question: str, unit: str, part: Sequence[float]) -> Row:
    mean = float(np.mean(part))
    spread = float(stats.sem(part))
    half = float(stats.t.ppf(0.95, len(part) - 1)) * spread
    return {
        "measure": question.rstrip("?"),
        "unit": unit,
        "n_replays": len(part),
        "value": mean,
        "half_width": half,
        "low": mean - half,
        "high": mean + half,
        "range_kind": "mean of replicates, 90 % t interval",
    }


def _finding(rows: Sequence[Row]) -> str:
    last = rows[-1]
    share = 100 * last["half_width"] / last["value"]
    of = f"{last['measure'][:1].lower()}{last['measure'][1:]}"
    return (
        f"The average of \u201c{of}\u201d over {last['n_replays']} replicates, {wording.number(last['value'])} {last['unit']}, is known "
        f"to within {wording.number(last['half_width'])} ({wording.number(share)} % of it; 90 % interval, chance only)."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    drawn = [row | {"low": max(0.0, row["low"]), "name": "average"} for row in rows]
    x = quantitative(
        "n_replays",
        "replicates averaged",
        scale={"domain": [0, rows[-1]["n_replays"]], "nice": False},
        axis={"tickMinStep": 1},
    )
    return curves(drawn, x, f"{rows[0]['unit']}, running average", "name", height=220)


CHART = Chart(
    id="replays",
    number="C17",
    question="Are there enough replicates?",
    columns=(
        Column("measure", "", "what is averaged: the first headline measure that the world has any of"),
        Column("unit", "", "its unit"),
        Column("n_replays", "replicates", "replicates averaged"),
        Column("value", "its unit", "running average"),
        Column("half_width", "its unit", "half the width of the 90 % interval of the average"),
        Column("low", "its unit", "lower end"),
        Column("high", "its unit", "upper end"),
        Column("range_kind", "", "what the range covers"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Band: 90 % t interval of the average, which covers chance between replicates and not the assumptions.",
    missing="at least two replicates are needed, in which somebody is recorded, listed or refused",
)
