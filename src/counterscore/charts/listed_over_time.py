"""C1. How many are on a list, how many enter and leave?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, months_of, over, spoken
from counterscore.charts._style import BLUE, INK, ORANGE, TEAL, heard, quantitative
from counterscore.measures import Life
from counterscore.results import Run

_PER = 10_000


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if not lives or not lives[0].has_lists:
        return []
    tables = [life.table("counts") for life in lives]
    adults = [float(life.adults.sum()) for life in lives]
    parts = {
        "on a list": ["listed"],
        "entered": ["entered"],
        "left": [name for name in tables[0].column_names if name.startswith("left_")],
    }
    rows = []
    for what, names in parts.items():
        series = [sum(table[name].to_numpy() for name in names) for table in tables]
        for month, date in enumerate(months_of(run)):
            values = [float(one[month]) / n * _PER for one, n in zip(series, adults, strict=True)]
            rows.append({"month": date, "what": what} | over(values))
    return rows


def _finding(rows: Sequence[Row]) -> str:
    last = [row for row in rows if row["what"] == "on a list"][-1]
    entered = sum(row["estimate"] for row in rows if row["what"] == "entered")
    left = sum(row["estimate"] for row in rows if row["what"] == "left")
    return (
        f"In {last['month']}, {spoken(last)} of 10,000 adults are on a list; over the run {entered:,.0f} stays began "
        f"and {left:,.0f} ended for each 10,000."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    x = {"field": "month", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "tickCount": 6}}
    colour = {
        "field": "what",
        "type": "nominal",
        "title": None,
        "scale": {"domain": ["on a list", "entered", "left"], "range": [BLUE, ORANGE, TEAL]},
    }
    dash = {
        "field": "what",
        "type": "nominal",
        "scale": {"domain": ["on a list", "entered", "left"], "range": [[1, 0], [2, 2], [8, 3, 2, 3]]},
    }
    panels = []
    for names, title, height in (
        (["on a list"], "on a list, of 10,000 adults", 200),
        (["entered", "left"], "a month, of 10,000 adults", 110),
    ):
        panels.append(
            {
                "width": 560,
                "height": height,
                "transform": [{"filter": {"field": "what", "oneOf": names}}],
                "layer": [
                    {
                        "mark": {"type": "area", "opacity": 0.15},
                        "encoding": {"x": x, "y": quantitative("low", title), "y2": {"field": "high"}, "color": colour},
                    },
                    {
                        "mark": {"type": "area", "opacity": 0.25},
                        "encoding": {
                            "x": x,
                            "y": quantitative("low_half", title),
                            "y2": {"field": "high_half"},
                            "color": colour,
                        },
                    },
                    {
                        "mark": {"type": "line", "strokeWidth": 2, "color": INK},
                        "encoding": {
                            "x": x,
                            "y": quantitative("estimate", title),
                            "color": colour,
                            "strokeDash": dash,
                        },
                    },
                    heard({"x": x, "y": quantitative("estimate", title)}),
                ],
            }
        )
    return {"vconcat": panels}


CHART = Chart(
    id="listed-over-time",
    number="C1",
    question="How many are on a list, how many enter and leave?",
    columns=(Column("month", "month", "month"), Column("what", "", "on a list, entered or left"), *RANGE_COLUMNS),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Bands: middle 50 and 90 % of replays (chance, not the assumptions).",
    missing="the rule book has no list",
)
