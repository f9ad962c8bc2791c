"""C4. How do scores move over time?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, withheld
from counterscore.charts._lived import basis, date_after, group_masks, lived
from counterscore.charts._style import BLUE, INK, TEXT, WIDTH, apart, heading, heard, nominal, quantitative, time
from counterscore.measures._measure import SCALE
from counterscore.results import Run

_LEVELS = (5, 25, 50, 75, 95)
_MIDDLE = 50


def _rows(run: Run, view: View) -> list[Row]:
    found = lived(run, view.of(run))
    if found is None:
        return []
    rows: list[Row] = []
    for group, masks, small in group_masks(run, view, found):
        if small:
            rows.append({"group": withheld(group), "month": None, "quantile_level": None, "adults": None} | over([]))
            continue
        for at, month in enumerate(found.months):
            chosen = [
                score[at, seen[at] & mask] for score, seen, mask in zip(found.score, found.seen, masks, strict=True)
            ]
            levels = [np.percentile(one / SCALE, _LEVELS) if len(one) else None for one in chosen]
            for k, level in enumerate(_LEVELS):
                rows.append(
                    {
                        "group": group,
                        "month": date_after(run, month),
                        "quantile_level": level,
                        "adults": float(np.mean([len(one) for one in chosen])),
                    }
                    | over(None if one is None else float(one[k]) for one in levels)
                )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    drawn = [row for row in rows if row["value"] is not None]
    if not drawn:
        return "Every group is withheld or has no score."
    parts = []
    for group in dict.fromkeys(row["group"] for row in drawn):
        mine = [row for row in drawn if row["group"] == group]
        first, last = (
            {row["quantile_level"]: row["value"] for row in mine if row["month"] == mine[k]["month"]} for k in (0, -1)
        )
        parts.append((last[95] - last[5], group, first, last, mine[-1]["month"]))
    _, group, first, last, month = max(parts, key=lambda part: part[0])
    whom = "adults" if group == "everybody" else f"adults of the group with the widest spread ({group})"
    return (
        f"By {month}, nine in ten {whom} have a score of {last[5]:,.0f} to {last[95]:,.0f}, half of them {last[25]:,.0f} to "
        f"{last[75]:,.0f}; at the start nine in ten had {first[5]:,.0f} to {first[95]:,.0f}."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    names = list(dict.fromkeys(row["group"] for row in rows))
    seen = [row[key] for row in rows for key in ("value", "low", "high") if row[key] is not None]
    span = [min(seen), max(seen)] if seen else [0.0, 1.0]
    if span[0] == span[1]:
        span = [span[0] - 1, span[1] + 1]
    if names == ["everybody"]:
        return _panel(rows, 250, span)
    return {
        "vconcat": [
            {"title": heading(name)} | _panel([row for row in rows if row["group"] == name], 130, span)
            for name in names
        ]
    }


def _panel(rows: Sequence[Row], height: int, span: Sequence[float]) -> Spec:
    """One group; ``span`` are the scores on the axis, the same for all groups."""
    drawn = [row for row in rows if row["value"] is not None]
    if not drawn:  # withheld: the title says so
        return {"data": {"values": list(rows)}, "width": WIDTH, "height": 1, "layer": [heard({})]}
    months = list(dict.fromkeys(row["month"] for row in drawn))
    wide = [
        {"month": month} | {str(row["quantile_level"]): row["value"] for row in drawn if row["month"] == month}
        for month in months
    ]
    ends = [
        row
        | {
            "label": f"{'middle' if row['quantile_level'] == 50 else str(row['quantile_level']) + ' %'}, {row['value']:,.0f}"
        }
        for row in drawn
        if row["month"] == months[-1] and row["quantile_level"] in (5, 50, 95)
    ]
    room = (span[1] - span[0]) * 15 / height  # of a line of text
    places = apart([row["value"] for row in ends], room)
    ends = [row | {"_place": place} for row, place in zip(ends, places, strict=True)]
    x = time()

    def y(field: str) -> Spec:
        return quantitative(field, "score", scale={"zero": False, "domain": list(span)})

    def band(low: int, high: int, opacity: float) -> Spec:
        return {
            "data": {"values": wide},
            "mark": {"type": "area", "color": BLUE, "opacity": opacity},
            "encoding": {"x": x, "y": y(str(low)), "y2": {"field": str(high)}},
        }

    def edge(field: str) -> Spec:
        return {
            "data": {"values": [row for row in drawn if row["quantile_level"] in (5, 95) and row[field] is not None]},
            "mark": {"type": "line", "color": INK, "strokeWidth": 1, "strokeDash": [1, 2]},
            "encoding": {"x": x, "y": y(field), "detail": nominal("quantile_level")},
        }

    return {
        "width": WIDTH,
        "height": height,
        "data": {"values": drawn},
        "layer": [
            band(5, 95, 0.18),
            band(25, 75, 0.32),
            {
                "data": {"values": [row for row in drawn if row["quantile_level"] != _MIDDLE]},
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 1},
                "encoding": {"x": x, "y": y("value"), "detail": nominal("quantile_level")},
            },
            edge("low"),
            edge("high"),
            {
                "mark": {"type": "line", "color": INK, "strokeWidth": 2},
                "transform": [{"filter": "datum.quantile_level == 50"}],
                "encoding": {"x": x, "y": y("value")},
            },
            heard({"x": x, "y": y("value")}),
            {
                "data": {"values": ends},
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": TEXT, "color": INK},
                "encoding": {"x": x, "y": y("_place"), "text": {"field": "label"}},
            },
        ],
    }


CHART = Chart(
    id="score-fan",
    number="C4",
    question="How do scores move over time?",
    columns=(
        Column("group", "", "group of residents"),
        Column("month", "month", "at its beginning"),
        Column("quantile_level", "per cent", "share of adults with this score or a lower one"),
        Column("adults", "adults", "mean number with a score then"),
        *ranged("points"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Bands: the middle 50 and 90 % of residents, a spread between people and not uncertainty; line: the middle resident. "
    "Dotted: middle 90 % of replicates (chance) of the outer edges.",
    missing="the rule book has no score that can be worked out",
    takes=("by",),
    basis=basis,
)
