"""C8. Of 1,000 residents, who is listed rightly, wrongly, or not at all?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over, spoken
from counterscore.charts._style import BLUE, GREY, INK, ORANGE, TEAL, nominal, written
from counterscore.measures import Life
from counterscore.results import Run

_KINDS = (
    "listed, never wrongly",
    "listed wrongly, in fact",
    "listed wrongly, by the rule",
    "not listed, doors closed by kin",
    "never listed",
)
_ACROSS = 50


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if not lives or not lives[0].has_lists:
        return []
    shares: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    for life in lives:
        listed = life.outcome("months_listed") > 0
        fact = listed & (life.outcome("wrong_factual") > 0)
        rule = listed & ~fact & (life.outcome("wrong_rule") > 0)
        kin = ~listed & (life.outcome("wrong_spread") > 0)
        for kind, who in zip(_KINDS, (listed & ~fact & ~rule, fact, rule, kin, ~listed & ~kin), strict=True):
            shares[kind].append(1000 * float(np.mean(who)))
    return [{"outcome": kind} | over(shares[kind]) for kind in _KINDS]


def _finding(rows: Sequence[Row]) -> str:
    right, fact, rule, spread, _ = rows
    return (
        f"Of 1,000 adults, {spoken(right)} are listed and never wrongly, {spoken(fact)} at some time for what is not true, "
        f"{spoken(rule)} against the rule book's own rule; {spoken(spread)} are never listed and met closed doors only through "
        "next of kin."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    numbers = [max(0, round(row["estimate"])) for row in rows[:-1]]
    numbers.append(1000 - sum(numbers))
    kinds = [row["outcome"] for row in rows for _ in range(numbers[rows.index(row)])]
    icons = [{"x": k % _ACROSS, "y": k // _ACROSS, "outcome": kind} for k, kind in enumerate(kinds)]
    scale = {"domain": [row["outcome"] for row in rows], "range": [BLUE, ORANGE, TEAL, INK, GREY]}
    shapes = {
        "domain": [row["outcome"] for row in rows],
        "range": ["square", "triangle-up", "diamond", "cross", "circle"],
    }
    icon_chart: Spec = {
        "width": 560,
        "height": 230,
        "data": {"values": icons},
        "mark": {"type": "point", "filled": True, "size": 34, "opacity": 1},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "axis": None},
            "y": {"field": "y", "type": "quantitative", "axis": None, "sort": "descending"},
            "color": nominal("outcome", scale=scale, legend={"columns": 2}),
            "shape": nominal("outcome", scale=shapes),
        },
    }
    return {"vconcat": [icon_chart, written(rows, "outcome")]}


CHART = Chart(
    id="error-ledger",
    number="C8",
    question="Of 1,000 residents, who is listed rightly, who wrongly?",
    columns=(Column("outcome", "", "what became of the adult over the run"), *RANGE_COLUMNS),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="One mark is one adult of 1,000. Wrong in fact: through a record of what did not happen or was someone else's. "
    "Each adult is counted once, by the first that is so; by each definition alone: counterscore groups. "
    "Beside each count the middle 90 % of replays.",
    missing="the rule book has no list",
)
