"""C8. Of 1,000 residents, who is listed rightly, wrongly, or not at all?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
from counterscore.charts._style import BLUE, GREY, INK, ORANGE, PAPER, TEAL, TEXT, heading, nominal, told
from counterscore.measures import Life
from counterscore.results import Run

_RIGHT, _FACT, _RULE = "listed, never wrongly", "listed wrongly, in fact", "listed wrongly, by the rule"
_KIN, _MISSED, _REST = "not listed, doors closed by kin", "not listed, an act missed", "not listed, nothing missed"
_KINDS = (_RIGHT, _FACT, _RULE, _KIN, _MISSED, _REST)
#: Colour, shape and filling of each kind.
_MARKS = {
    _RIGHT: (BLUE, "square", BLUE),
    _FACT: (ORANGE, "triangle-up", ORANGE),
    _RULE: (TEAL, "diamond", TEAL),
    _KIN: (INK, "cross", INK),
    _MISSED: (GREY, "triangle-down", PAPER),
    _REST: (GREY, "circle", GREY),
}
_ACROSS = 50
_ALL = 1000


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
        missed = ~listed & ~kin & (life.outcome("unrecorded") > 0)
        parts = (listed & ~fact & ~rule, fact, rule, kin, missed, ~listed & ~kin & ~missed)
        for kind, who in zip(_KINDS, parts, strict=True):
            shares[kind].append(_ALL * float(np.mean(who)))
    return [{"outcome": kind} | over(shares[kind]) for kind in _KINDS]


def _finding(rows: Sequence[Row]) -> str:
    by = {row["outcome"]: row for row in rows}
    return (
        f"Of 1,000 adults, {spoken(by[_RIGHT], cover=True)} are listed and never wrongly, {spoken(by[_FACT])} for what is not "
        f"true, {spoken(by[_RULE])} against the rule itself; {spoken(by[_KIN])} are not listed and meet doors closed through kin."
    )


def _icons(rows: Sequence[Row]) -> list[Row]:
    """A thousand marks, those of one kind together; a kind of fewer than one in a thousand has one that is open."""
    counts = [round(row["value"]) for row in rows]
    few = [row["value"] > 0 and count == 0 for row, count in zip(rows, counts, strict=True)]
    counts = [count or int(open_) for count, open_ in zip(counts, few, strict=True)]
    largest = max(range(len(counts)), key=lambda k: counts[k])
    counts[largest] += _ALL - sum(counts)  # rounded apart, they need not add up
    marks = [
        {"outcome": row["outcome"], "few": open_}
        for row, count, open_ in zip(rows, counts, few, strict=True)
        for _ in range(count)
    ]
    return [mark | {"x": k % _ACROSS, "y": k // _ACROSS} for k, mark in enumerate(marks)]


def _draw(rows: Sequence[Row]) -> Spec:
    kinds = list(_KINDS)
    marks = {
        "color": nominal("outcome", None, scale={"domain": kinds, "range": [_MARKS[k][0] for k in kinds]}, legend=None),
        "shape": nominal("outcome", None, scale={"domain": kinds, "range": [_MARKS[k][1] for k in kinds]}, legend=None),
    }
    filled = nominal("outcome", None, scale={"domain": kinds, "range": [_MARKS[k][2] for k in kinds]}, legend=None)
    grid: Spec = {
        "width": 480,
        "height": 210,
        "data": {"values": _icons(rows)},
        "mark": {"type": "point", "size": 34, "strokeWidth": 1.2, "opacity": 1},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, _ACROSS - 1]}},
            "y": {"field": "y", "type": "quantitative", "axis": None, "sort": "descending"},
            **marks,
            "fill": {"condition": {"test": "datum.few", "value": PAPER}, **filled},
        },
    }
    lines = [row | {"_line": f"{row['_text']}   {row['outcome']}{_few(row)}"} for row in rows]
    y = nominal("outcome", None, axis=None)
    key: Spec = {
        "title": heading("Of 1,000 adults (one mark is one adult)"),
        "width": 480,
        "height": {"step": 20},
        "data": {"values": lines},
        "layer": [
            {
                "mark": {"type": "point", "size": 60, "strokeWidth": 1.2, "opacity": 1},
                "encoding": {"x": {"value": 6}, "y": y, **marks, "fill": filled},
            },
            told(
                {
                    "mark": {"type": "text", "align": "left", "fontSize": TEXT, "color": INK},
                    "encoding": {"x": {"value": 20}, "y": y, "text": {"field": "_line"}},
                }
            ),
        ],
    }
    return {"vconcat": [grid, key], "spacing": 12}


def _few(row: Row) -> str:
    return " (one open mark: fewer than one)" if row["value"] > 0 and round(row["value"]) == 0 else ""


CHART = Chart(
    id="error-ledger",
    number="C8",
    question="Of 1,000 adults, who is listed rightly, who wrongly, who is missed?",
    columns=(Column("outcome", "", "what became of the adult over the run"), *ranged("of 1,000 adults")),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="One mark is one adult of 1,000. Wrong in fact: through a record of what did not happen or was someone else's. "
    "Missed: did something that a rule covers and that was not recorded; it need not have led to a list. Each adult is counted "
    "once, by the first that is so; by each definition alone: counterscore numbers. Ranges: middle 90 % of replicates (chance).",
    missing="the rule book has no list",
)
