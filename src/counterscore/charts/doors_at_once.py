"""C6b. How many have k doors shut in one month?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore import wording
from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged
from counterscore.charts._style import INK, TEXT, WIDTH, bars, nominal
from counterscore.measures import Life
from counterscore.regime.model import Regime
from counterscore.reliving import regime_of
from counterscore.results import Run

_SEVERAL = 3


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    counted = [np.bincount(life.outcome("doors_most")) for life in lives]
    most = max((len(one) for one in counted), default=0)
    if most <= 1:
        return []
    shut = _by_list(regime_of(lives[0].record))
    return [
        {"services": k, "shut_by": ", ".join(name for name, services in shut.items() if services == k)}
        | over(10_000 * float(one[k] if k < len(one) else 0) / float(one.sum()) for one in counted)
        for k in range(1, most)
    ]


def _by_list(regime: Regime) -> dict[str, int]:
    """How many services each list closes or narrows by itself to who is on it."""
    found: dict[str, set[str]] = {}
    for part in regime.stacked():
        for door in part.doors if part.subjects == "residents" else ():
            if door.when.kind == "list" and door.refuses and door.affects == "self":
                found.setdefault(str(door.when.name), set()).add(door.service)
    return {name: len(services) for name, services in found.items()}


def _finding(rows: Sequence[Row]) -> str:
    some = sum(row["value"] for row in rows)
    many = sum(row["value"] for row in rows if row["services"] >= _SEVERAL)
    text = (
        f"{wording.number(some)} of 10,000 adults have at least one service shut or narrowed in their worst month, "
        f"{wording.number(many)} have three or more; the most is {rows[-1]['services']}."
    )
    peak = max(rows, key=lambda row: row["value"] if row["services"] >= _SEVERAL else -1)
    if peak["shut_by"] and peak["services"] >= _SEVERAL:
        text += f" {peak['services']} is the number that one list shuts by itself ({peak['shut_by']})."
    return text


def _draw(rows: Sequence[Row]) -> Spec:
    x = {
        "field": "services",
        "type": "ordinal",
        "title": "services shut or narrowed at once, in the worst month",
        "axis": {"labelAngle": 0},
    }
    chart: Spec = {"width": WIDTH, "height": 230, "data": {"values": list(rows)}, "layer": bars(x, "of 10,000 adults")}
    lists = [
        row | {"_line": f"{row['services']}: shut by one list alone, {row['shut_by']}"}
        for row in rows
        if row["shut_by"]
    ]
    if not lists:
        return {"vconcat": [chart]}
    key: Spec = {
        "width": WIDTH,
        "height": {"step": 18},
        "data": {"values": lists},
        "mark": {"type": "text", "align": "left", "fontSize": TEXT, "color": INK, "limit": WIDTH + 120},
        "encoding": {"x": {"value": 0}, "y": nominal("services", None, axis=None), "text": {"field": "_line"}},
    }
    return {"vconcat": [chart, key], "spacing": 8}


CHART = Chart(
    id="doors-at-once",
    number="C6b",
    question="How many have several doors shut at once?",
    columns=(
        Column("services", "services", "most services closed or narrowed in one month"),
        Column("shut_by", "", "lists that close or narrow so many by themselves"),
        *ranged("of 10,000 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Essential and other services alike; nobody with none is drawn. Lines: middle 90 % of replicates (chance).",
    missing="no door is shut to anybody",
)
