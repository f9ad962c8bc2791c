"""C1. How many are on a list, how many enter and leave?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore import wording
from counterscore.charts._chart import Chart, Column, Row, Spec, View, months_of, over, ranged, spoken
from counterscore.charts._style import APART, curves, time
from counterscore.measures import Life
from counterscore.results import Run, as_numpy

_PER = 10_000
_ON = "on a list"


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if not lives or not lives[0].has_lists:
        return []
    tables = [life.table("counts") for life in lives]
    adults = [float(life.adults.sum()) for life in lives]
    parts = {
        _ON: ["listed"],
        "entered": ["entered"],
        "left": [name for name in tables[0].column_names if name.startswith("left_")],
    }
    rows = []
    for what, names in parts.items():
        series = [np.sum([as_numpy(table[name]) for name in names], axis=0) for table in tables]
        for month, date in enumerate(months_of(run)):
            values = [float(one[month]) / n * _PER for one, n in zip(series, adults, strict=True)]
            rows.append({"month": date, "what": what} | over(values))
    return rows


def _finding(rows: Sequence[Row]) -> str:
    last = [row for row in rows if row["what"] == _ON][-1]
    entered = sum(row["value"] for row in rows if row["what"] == "entered")
    left = sum(row["value"] for row in rows if row["what"] == "left")
    return (
        f"In {last['month']}, {spoken(last, cover=True)} of 10,000 adults are on a list; over the run "
        f"{wording.number(entered)} listing spells began and {wording.number(left)} ended for every 10,000."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    on = [row for row in rows if row["what"] == _ON]
    flow = [row for row in rows if row["what"] != _ON]
    return {
        "vconcat": [
            curves(on, time(), "on a list, of 10,000 adults", "what", height=190),
            curves(flow, time(), "a month, of 10,000 adults", "what", height=120),
        ],
        "resolve": APART,
    }


CHART = Chart(
    id="listed-over-time",
    number="C1",
    question="How many are on a list, how many enter and leave?",
    columns=(
        Column("month", "month", "month"),
        Column("what", "", "on a list, entered or left"),
        *ranged("of 10,000 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Listing spells of every kind: whoever is on two is counted twice. Bands: middle 90 % of replicates (chance, not the assumptions).",
    missing="the rule book has no list",
)
