"""C18. How different could one city's history be?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore import wording
from counterscore.charts._chart import Chart, Column, Row, Spec, View, months_of
from counterscore.charts._style import GREY, INK, heading, heard, nominal, quantitative, told, top_of
from counterscore.measures import Life
from counterscore.results import Run, as_numpy

_SHOWN = 12  #: histories that have a panel of their own
_ACROSS = 4
_PER = 10_000
#: Monthly counters told of: the first of which there is any, in words.
_COUNTERS = {
    "listed": "adults on a list, of 10,000",
    "records": "records made in a month, for 10,000 adults",
    "refused": "attempts refused by a door in a month, for 10,000 adults",
    "misconduct": "acts of misconduct in a month, for 10,000 adults",
}


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if len(lives) < 2:
        return []
    tables = [(life.replay, life.table("counts"), float(life.adults.sum())) for life in lives]
    for name, words in _COUNTERS.items():
        if any(np.any(as_numpy(table[name])) for _, table, _ in tables):
            return [
                {"replay": replay, "measure": words, "month": date, "value": _PER * float(count) / adults}
                for replay, table, adults in tables
                for date, count in zip(months_of(run), as_numpy(table[name]), strict=True)
            ]
    return []


def _ends(rows: Sequence[Row]) -> list[tuple[float, int]]:
    """The last value of each history with its number, from the lowest."""
    last: dict[int, float] = {row["replay"]: row["value"] for row in rows}
    return sorted((value, replay) for replay, value in last.items())


def _finding(rows: Sequence[Row]) -> str:
    ends = _ends(rows)
    (least, first), (most, last) = ends[0], ends[-1]
    text = f"By {rows[-1]['month']}, {len(ends)} histories of the same city under the same rules"
    what = rows[0]["measure"]
    if least == most:
        return f"{text} all have {wording.number(most)} {what}."
    return (
        f"{text} range from {wording.number(least)} (replicate {first}) to {wording.number(most)} (replicate {last}) {what}; "
        "only chance differs."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    top = top_of([row["value"] for row in rows])
    months = list(dict.fromkeys(row["month"] for row in rows))
    x = {
        "field": "month",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%Y", "tickCount": {"interval": "year", "step": 1}, "grid": False},
        "scale": {"domain": [f"{months[0]}-01", f"{months[-1]}-28"]},
    }
    y = quantitative("value", None, scale={"domain": [0, top], "nice": False}, axis={"tickCount": 3})
    histories = {n: [row for row in rows if row["replay"] == n] for n in dict.fromkeys(row["replay"] for row in rows)}
    shown = list(histories)[:_SHOWN]
    panels: list[Spec] = [
        {
            "title": {"text": f"replicate {n}", "fontSize": 11, "fontWeight": "normal", "offset": 2},
            "width": 112,
            "height": 70,
            "layer": [
                {
                    "data": {"values": [row for k, some in histories.items() if k != n for row in some]},
                    "mark": {"type": "line", "color": GREY, "strokeWidth": 0.5, "opacity": 0.7},
                    "encoding": {"x": x, "y": y, "detail": nominal("replay")},
                },
                {
                    "data": {"values": histories[n]},
                    "mark": {"type": "line", "color": INK, "strokeWidth": 2.2},
                    "encoding": {"x": x, "y": y},
                },
                heard({"x": x, "y": y}) | {"data": {"values": histories[n]}},
            ],
        }
        for n in shown
    ]
    grid = [{"hconcat": panels[k : k + _ACROSS], "spacing": 12} for k in range(0, len(panels), _ACROSS)]
    strip: Spec = {
        "title": heading(f"The last month of all {len(histories)}: {rows[0]['measure']}"),
        "width": 500,
        "height": 26,
        "data": {"values": [some[-1] for some in histories.values()]},
        **told(
            {
                "mark": {"type": "tick", "thickness": 2, "height": 18, "color": INK},
                "encoding": {
                    "x": quantitative("value", None, scale={"domain": [0, top], "nice": False}, axis={"tickCount": 6})
                },
            }
        ),
    }
    return {"vconcat": [*grid, strip], "spacing": 12}


CHART = Chart(
    id="outcomes",
    number="C18",
    question="How different could one city's history be?",
    columns=(
        Column("replay", "number", "replicate: one history of the same city under the same rules"),
        Column(
            "measure",
            "",
            "what is counted: the first of on a list, records, refusals and misconduct of which there is any",
        ),
        Column("month", "month", "month"),
        Column("value", "its unit", "value in that month of that history"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Each panel: one replicate in ink, all others behind it in grey; at most twelve have a panel, the row of ticks beneath has all. "
    "Same residents and rules, other random numbers (chance, not the assumptions).",
    missing="at least two replicates are needed, in which something happens",
)
