"""The hand all charts are drawn with: ink, shapes, ranges. Measured for contrast and colour vision.

Chance between replays is a thin line over the middle 90 % and a thick one over the middle 50 %, without caps.
No colour stands for good or bad, and every colour is doubled by a dash or a shape.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Row = Mapping[str, Any]

INK, BLUE, ORANGE, TEAL, GREY = "#2A2F36", "#2B62E0", "#D25600", "#17A093", "#6B7280"
COLOURS = (BLUE, ORANGE, TEAL, INK)
DASHES = ([1, 0], [2, 2], [8, 3, 2, 3], [6, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond")
RAMP = ("#F4F5F7", "#99A1AC")  #: greys of matrices, from none to most; ink can be read on all of them
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
    "legend": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titleLimit": 400,
        "orient": "bottom",
        "labelLimit": 300,
        "symbolStrokeWidth": 2,
    },
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


def heard(encoding: Spec, transform: Sequence[Spec] = ()) -> Spec:
    """Points nobody sees, one for each row of a line or band, which as one mark tells its first row only."""
    return told(
        {
            "mark": {"type": "point", "size": 1, "opacity": 0},
            "encoding": dict(encoding),
            **({"transform": list(transform)} if transform else {}),
        }
    )


def panels(
    rows: Sequence[Row],
    along: str,
    title: str = "{unit}",
    *,
    before: Sequence[Spec] = (),
    span: Sequence[float] | None = None,
    hollow: str | None = None,
) -> Spec:
    """One panel a measure, one below the other: dots with ranges on one line for each ``along``.

    ``title`` names the axis, with the measure's unit put in; ``before`` is drawn under the dots. ``span`` is the
    axis where all measures have the same unit. Rows for which ``hollow`` is true have an open dot.
    """
    out = []
    for name in dict.fromkeys(row["measure"] for row in rows):
        mine = [row for row in rows if row["measure"] == name]
        lines = list(dict.fromkeys(row[along] for row in mine))
        y = nominal(along, None, scale={"domain": lines})  # those without a number have a line too
        dots = dot_and_ranges("x", y, title.format(unit=mine[0]["unit"]), span=span, hollow=hollow)
        out.append(
            {
                "width": 400,
                "height": 21 * len(lines),
                "title": {"text": textwrap.wrap(name, 84), "fontSize": 12, "offset": 4},
                "data": {"values": mine},
                "layer": [*before, *dots],
            }
        )
    return {"vconcat": out}


#: A range that is somebody's choice and not chance.
BAND: Spec = {"mark": {"type": "rect", "fill": "#F4F5F7", "stroke": GREY, "strokeDash": [1, 2], "strokeWidth": 1}}
#: The line at no difference.
ZERO: Spec = {"mark": {"type": "rule", "strokeDash": [6, 4], "color": INK}, "encoding": {"x": {"datum": 0}}}


def dot_and_ranges(
    along: str, other: Spec, title: str, *, span: Sequence[float] | None = None, hollow: str | None = None
) -> list[Spec]:
    """Dots with chance ranges along ``x`` or ``y``; the other channel is given. See ``panels`` for the rest."""
    across = "y" if along == "x" else "x"
    hue = {"color": {"value": BLUE}}
    scale = {"scale": {"domain": list(span), "nice": True}} if span else {}
    fill = {"condition": {"test": hollow, "value": "white"}, "value": BLUE} if hollow else {"value": BLUE}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 1},
            "encoding": {
                along: quantitative("low", title, **scale),
                f"{along}2": {"field": "high"},
                across: other,
                **hue,
            },
            "transform": [{"filter": "isValid(datum.low)"}],
        },
        {
            "mark": {"type": "rule", "strokeWidth": 4},
            "encoding": {
                along: quantitative("low_half", title, **scale),
                f"{along}2": {"field": "high_half"},
                across: other,
                **hue,
            },
            "transform": [{"filter": "isValid(datum.low)"}],
        },
        told(
            {
                "mark": {"type": "point", "size": 55, "opacity": 1},
                "encoding": {along: quantitative("estimate", title, **scale), across: other, **hue, "fill": fill},
                "transform": [{"filter": "isValid(datum.estimate)"}],
            }
        ),
    ]


def matrix(
    rows: Sequence[Row],
    down: str,
    across: str,
    *,
    labels: tuple[str, str] = ("", ""),
    title: str | None = None,
    outlined: str | None = None,
    cell: tuple[int, int] = (62, 34),
    digits: int = 1,
    angle: int = 0,
    most: float | None = None,
) -> Spec:
    """A matrix: one grey ramp, the number written in each cell, its chance range in a second line.

    ``labels`` name the two sides; cells for which the column ``outlined`` is true get a frame. ``most`` is where
    the ramp ends, the same for all matrices of a chart.
    """
    most = most or max([row["estimate"] for row in rows if row["estimate"] is not None] or [0]) or 1
    y = nominal(down, labels[0] or None, axis={"domain": False, "ticks": False, "labelPadding": 6, "labelLimit": 340})
    x = nominal(across, labels[1] or None, axis={"orient": "top", "domain": False, "ticks": False, "labelAngle": angle})
    number = f",.{digits}f"
    longest = max(len(str(row[across])) for row in rows)
    layers: list[Spec] = [
        told(
            {
                "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
                "encoding": {
                    "fill": {
                        "field": "estimate",
                        "type": "quantitative",
                        "scale": {"domain": [0, most], "range": list(RAMP)},
                        "legend": None,
                    }
                },
            }
        ),
        {
            "mark": {"type": "text", "fontSize": 11, "dy": -6, "baseline": "middle", "color": INK},
            "transform": [{"filter": "isValid(datum.estimate)"}],
            "encoding": {"text": {"field": "estimate", "type": "quantitative", "format": number}},
        },
        {
            "mark": {"type": "text", "fontSize": 8, "dy": 8, "baseline": "middle", "color": INK},
            "transform": [
                {"filter": "isValid(datum.low) && (datum.low != 0 || datum.high != 0)"},
                {
                    "calculate": f"format(datum.low, '{number}') + ' to ' + format(datum.high, '{number}')",
                    "as": "range",
                },
            ],
            "encoding": {"text": {"field": "range"}},
        },
    ]
    if outlined:
        layers.append(
            {
                "mark": {"type": "rect", "filled": False, "stroke": INK, "strokeWidth": 2},
                "transform": [{"filter": f"datum.{outlined}"}],
            }
        )
    named: Spec = {"title": {"text": title, "fontSize": 12, "offset": 4}} if title else {}
    return {
        **named,
        "data": {"values": list(rows)},
        "width": {"step": cell[0] if angle else max(cell[0], 7 * longest)},
        "height": {"step": cell[1]},
        "encoding": {"x": x, "y": y},
        "layer": layers,
    }


def written(rows: Sequence[Row], label: str, *, digits: int = 2, width: int = 560) -> Spec:
    """Numbers written out, one line a row: the label, the number, its chance range."""
    number = f",.{digits}f"
    return {
        "data": {"values": list(rows)},
        "width": width,
        "height": {"step": 20},
        "transform": [
            {
                "calculate": f"(isValid(datum.estimate) ? format(datum.estimate, '{number}') : 'none') + (isValid(datum.low) ? "
                f"'   (' + format(datum.low, '{number}') + ' to ' + format(datum.high, '{number}') + ')' : '')",
                "as": "text",
            }
        ],
        "mark": {"type": "text", "align": "left", "color": INK, "fontSize": 12},
        "encoding": {
            "y": nominal(label, None, axis={"domain": False, "ticks": False, "labelLimit": 420}),
            "x": {"value": 10},
            "text": {"field": "text"},
            "description": {"field": "_row", "type": "nominal"},
        },
    }
