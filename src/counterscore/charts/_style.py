"""The hand all charts are drawn with: ink, shapes, ranges. Measured for contrast and colour vision.

Chance between replays is a thin line over the middle 90 % and a thick one over the middle 50 %, without caps.
No colour stands for good or bad, and every colour is doubled by a dash or a shape.
"""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

INK, BLUE, ORANGE, TEAL, GREY = "#2A2F36", "#2B62E0", "#D25600", "#17A093", "#6B7280"
COLOURS = (BLUE, ORANGE, TEAL, INK)
DASHES = ([1, 0], [2, 2], [8, 3, 2, 3], [6, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond")
FONT = "DejaVu Sans, Verdana, sans-serif"
WIDTH = 560

CONFIG: Spec = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "fontSize": 16,
        "color": INK,
        "subtitleFontSize": 12,
        "subtitleColor": INK,
        "subtitlePadding": 6,
        "offset": 14,
        "lineHeight": 19,
    },
    "axis": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#E3E6EA",
        "domainColor": "#9AA1AB",
        "tickColor": "#9AA1AB",
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "orient": "bottom", "labelLimit": 300, "symbolStrokeWidth": 2},
    "header": {"labelFontSize": 12, "titleFontSize": 11, "labelAnchor": "start", "labelColor": INK},
    "range": {"category": list(COLOURS)},
}


def quantitative(field: str, title: str, **more: Any) -> Spec:
    """A channel of numbers on an axis that starts at zero."""
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"zero": True, **more.pop("scale", {})},
    } | more


def nominal(field: str, title: str | None = None, **more: Any) -> Spec:
    """A channel of names in the order of the rows."""
    return {"field": field, "type": "nominal", "title": title, "sort": None} | more


def told(spec: Spec, row_text: Spec | None = None) -> Spec:
    """Give every mark its row in words, for screen readers and for whoever reads the file."""
    spec.setdefault("encoding", {})["description"] = row_text or {"field": "_row", "type": "nominal"}
    return spec


def dot_and_ranges(along: str, other: Spec, title: str, *, colour: Spec | None = None) -> list[Spec]:
    """Dots with chance ranges along ``x`` or ``y``; the other channel is given."""
    across = "y" if along == "x" else "x"
    hue = {"color": colour} if colour else {"color": {"value": BLUE}}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 1},
            "encoding": {along: quantitative("low", title), f"{along}2": {"field": "high"}, across: other, **hue},
            "transform": [{"filter": "isValid(datum.low)"}],
        },
        {
            "mark": {"type": "rule", "strokeWidth": 4},
            "encoding": {
                along: quantitative("low_half", title),
                f"{along}2": {"field": "high_half"},
                across: other,
                **hue,
            },
            "transform": [{"filter": "isValid(datum.low)"}],
        },
        told(
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {along: quantitative("estimate", title), across: other, **hue},
                "transform": [{"filter": "isValid(datum.estimate)"}],
            }
        ),
    ]
