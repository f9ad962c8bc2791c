"""The hand all charts are drawn with: ink, shapes, ranges. Measured for contrast and colour vision.

Chance between replicates is a thin line over the middle 90 % and a thick one over the middle 50 %, without caps; around
a curve it is a pale band with drawn edges. No colour stands for good or bad, and every colour is doubled by a dash, a
shape or a name beside it.
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
PAPER, GRID, FAINT = "#FFFFFF", "#E3E6EA", "#F4F5F7"
#: Greys of matrices, from none to most, in steps; ink can be read on all of them.
RAMP = ("#F7F8F9", "#E4E7EB", "#CFD4DA", "#B9C0C9", "#A3ACB7")
#: What each colour is on a dark ground, measured likewise.
DARK = {
    INK: "#F4EEF6",
    BLUE: "#7F92FF",
    ORANGE: "#EE7420",
    TEAL: "#B6F0B0",
    GREY: "#9A93A0",
    PAPER: "#14181F",
    GRID: "#2C343F",
    FAINT: "#1F2630",
    **dict(zip(RAMP, ("#1B212A", "#2A323D", "#394351", "#485463", "#566475"), strict=True)),
}
FONT = "DejaVu Sans, Verdana, sans-serif"  #: ends in a generic family: without one a missing font leaves no letters
WIDTH = 440  #: of a panel; with the names beside it a chart is about as wide as a page's text
SMALL, TEXT, NAME = 10, 12, 13  #: sizes of letters: in cells, of axes and labels, above panels

CONFIG: Spec = {
    "background": PAPER,
    "font": FONT,
    "aria": False,  # a mark that tells its row is heard: see told()
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "fontSize": 16,
        "color": INK,
        "subtitleFontSize": TEXT,
        "subtitleColor": INK,
        "subtitlePadding": 6,
        "offset": 14,
        "lineHeight": 19,
    },
    "axis": {
        "aria": False,
        "labelFontSize": TEXT,
        "titleFontSize": TEXT,
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": GREY,
        "tickColor": GREY,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "axisQuantitative": {"labelOverlap": "greedy", "labelSeparation": 8},
    "axisTemporal": {"labelOverlap": "greedy", "labelSeparation": 8},
    "legend": {
        "aria": False,
        "labelFontSize": TEXT,
        "titleFontSize": TEXT,
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "titleLimit": 400,
        "orient": "bottom",
        "labelLimit": 300,
        "symbolStrokeWidth": 2,
        "symbolOpacity": 1,
    },
    "header": {"labelFontSize": NAME, "titleFontSize": TEXT, "labelAnchor": "start", "labelColor": INK},
    "text": {"color": INK, "fontSize": TEXT},
    "rule": {"color": INK},
    "range": {"category": list(COLOURS)},
}


def themed(spec: Any, dark: bool) -> Any:
    """``spec`` with every colour as it is on a dark ground, or as it stands."""
    if not dark:
        return spec
    if isinstance(spec, dict):
        return {key: themed(value, dark) for key, value in spec.items()}
    if isinstance(spec, list | tuple):
        return [themed(value, dark) for value in spec]
    return DARK.get(spec, spec) if isinstance(spec, str) else spec


def quantitative(field: str, title: str | None, **more: Any) -> Spec:
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


def in_row_order(spec: Spec, rows: Sequence[Row]) -> Spec:
    """``spec`` with every channel of names, ``"sort": None``, in the order of the rows.

    Left to itself, Vega-Lite takes the order in which the layers meet the names, and puts last whoever has no range.
    """
    rows = spec.get("data", {}).get("values", rows)
    out: Spec = {}
    for key, part in spec.items():
        if isinstance(part, dict) and key != "data":
            out[key] = in_row_order(part, rows)
        elif isinstance(part, list) and key != "data":
            out[key] = [in_row_order(one, rows) if isinstance(one, dict) else one for one in part]
        else:
            out[key] = part
    if "sort" in out and out["sort"] is None and "field" in out:
        names = list(dict.fromkeys(row[out["field"]] for row in rows if out["field"] in row))
        out["sort"] = names or None
    return out


def time(field: str = "month") -> Spec:
    """A channel of months."""
    return {"field": field, "type": "temporal", "title": None, "axis": {"format": "%b %Y", "tickCount": 5}}


def told(spec: Spec, row_text: Spec | None = None) -> Spec:
    """Give every mark its row in words, for screen readers and for whoever reads the file."""
    mark = spec["mark"]
    spec["mark"] = ({"type": mark} if isinstance(mark, str) else dict(mark)) | {"aria": True}
    spec.setdefault("encoding", {})["description"] = row_text or {"field": "_row", "type": "nominal"}
    return spec


def heard(encoding: Spec, transform: Sequence[Spec] = ()) -> Spec:
    """Points nobody sees, one for each row of a line or band, which as one mark tells its first row only."""
    return told(
        {
            "mark": {"type": "point", "size": 1, "opacity": 0, "color": INK},
            "encoding": dict(encoding),
            **({"transform": list(transform)} if transform else {}),
        }
    )


def heading(text: str, letters: int = 72) -> Spec:
    """The name above a panel, in lines of so many letters."""
    return {"text": textwrap.wrap(text, letters) or [""], "fontSize": NAME, "offset": 6, "color": INK}


#: Curves of one panel and of another have colours and dashes of their own.
APART: Spec = {"scale": {"color": "independent", "strokeDash": "independent"}}


def top_of(values: Sequence[float | None]) -> float:
    """Where an axis that holds all of ``values`` ends: the next 1, 2, 2.5 or 5 times a power of ten, in ten steps."""
    most = max((value for value in values if value is not None), default=0.0)
    if most <= 0:
        return 1.0
    step = 10.0 ** _exponent(most) / 10
    for factor in (1, 2, 2.5, 4, 5, 8, 10):
        for steps in (5, 6, 7, 8, 9, 10):
            if step * factor * steps >= most:
                return step * factor * steps
    return 10 * step * 10


def _exponent(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])


def apart(values: Sequence[float], room: float) -> list[float]:
    """``values`` moved as little as their order allows so that neighbours are ``room`` apart: places of names."""
    order = sorted(range(len(values)), key=lambda k: values[k])
    placed = [float(values[k]) for k in order]
    for _ in range(60):
        moved = False
        for k in range(len(placed) - 1):
            lack = room - (placed[k + 1] - placed[k])
            if lack > room * 1e-3:
                placed[k] -= lack / 2
                placed[k + 1] += lack / 2
                moved = True
        if not moved:
            break
    out = [0.0] * len(values)
    for at, k in enumerate(order):
        out[k] = placed[at]
    return out


def curves(
    rows: Sequence[Row],
    x: Spec,
    title: str,
    series: str,
    *,
    height: int,
    width: int = WIDTH,
    top: float | None = None,
    steps: bool = False,
    labels: Mapping[str, str] | None = None,
    also: Sequence[Spec] = (),
) -> Spec:
    """Curves with their chance bands, one for each value of ``series``, each named at its end and with a dash of its own.

    At most as many curves as there are ``COLOURS``. ``top`` is where the upright axis ends. ``also`` is drawn over them.
    """
    names = list(dict.fromkeys(row[series] for row in rows))
    hues, dashes = list(COLOURS[: len(names)]), list(DASHES[: len(names)])
    top = top or top_of([row[key] for row in rows for key in ("value", "high")])
    domain = {"domain": [0, top], "nice": False}

    def y(field: str) -> Spec:
        return quantitative(field, title, scale=domain)

    colour = nominal(series, scale={"domain": names, "range": hues}, legend=None)
    dash = nominal(series, scale={"domain": names, "range": dashes}, legend=None)
    shape: Spec = {"interpolate": "step-after"} if steps else {}
    border: Spec = {"type": "line", "strokeWidth": 0.8, **shape}
    ends = [next(row for row in reversed(rows) if row[series] == name) for name in names]
    ends = [row for row in ends if row["value"] is not None]
    places = apart([row["value"] for row in ends], top * 15 / height)
    low = min([0.0, *places])
    shift = -low if low < 0 else 0.0
    named = [
        {**row, "_place": min(place + shift, top * 1.2), "_name": (labels or {}).get(row[series], row[series])}
        for row, place in zip(ends, places, strict=True)
    ]
    valid = [{"filter": "isValid(datum.low)"}]
    return {
        "width": width,
        "height": height,
        "data": {"values": list(rows)},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.16, **shape},
                "transform": valid,
                "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}, "color": colour},
            },
            *(
                {
                    "mark": border,
                    "transform": valid,
                    "encoding": {"x": x, "y": y(edge), "color": colour},
                }
                for edge in ("low", "high")
            ),
            {
                "mark": {"type": "line", "strokeWidth": 2.2, **shape},
                "transform": [{"filter": "isValid(datum.value)"}],
                "encoding": {"x": x, "y": y("value"), "color": colour, "strokeDash": dash},
            },
            heard({"x": x, "y": y("value")}, [{"filter": "isValid(datum.value)"}]),
            *also,
            {
                "data": {"values": named},
                "mark": {"type": "text", "align": "left", "dx": 7, "fontSize": TEXT, "color": INK},
                "encoding": {"x": x, "y": y("_place"), "text": {"field": "_name"}},
            },
        ],
    }


def panels(
    rows: Sequence[Row],
    along: str,
    title: str = "{unit}",
    *,
    before: Sequence[Spec] = (),
    span: Sequence[float] | None = None,
    hollow: str | None = None,
) -> Spec:
    """One panel a measure, two beside each other where there are many: dots with ranges on one line for each ``along``.

    ``title`` names the axis, with the measure's unit put in; ``before`` is drawn under the dots. ``span`` is the
    axis where all measures have the same unit. Rows for which ``hollow`` is true have an open dot.
    """
    out: list[Spec] = []
    names = list(dict.fromkeys(row["measure"] for row in rows))
    beside = len(names) > _MOST_IN_COLUMN and max(len(str(row[along])) for row in rows) <= _SHORT_NAME
    for name in names:
        mine = [row for row in rows if row["measure"] == name]
        lines = list(dict.fromkeys(row[along] for row in mine))
        y = nominal(along, None, scale={"domain": lines})  # those without a number have a line too
        dots = dot_and_ranges(
            "x", y, title.format(unit=mine[0]["unit"]), span=span, hollow=hollow, ticks=4 if beside else 5
        )
        out.append(
            {
                "width": 220 if beside else 380,
                "height": 21 * len(lines),
                "title": heading(name, 40 if beside else 72),
                "data": {"values": mine},
                "layer": [*before, *dots],
            }
        )
    return {"concat": out, "columns": 2, "spacing": 14} if beside else {"vconcat": out, "spacing": 14}


_MOST_IN_COLUMN = 3  #: panels
_SHORT_NAME = 24  #: letters that leave room for two panels


#: A range that is somebody's choice and not chance.
BAND: Spec = {"mark": {"type": "rect", "fill": GRID, "stroke": GREY, "strokeDash": [1, 2], "strokeWidth": 1}}
#: The line at no difference.
ZERO: Spec = {"mark": {"type": "rule", "strokeDash": [6, 4], "color": INK}, "encoding": {"x": {"datum": 0}}}


def dot_and_ranges(
    along: str,
    other: Spec,
    title: str,
    *,
    span: Sequence[float] | None = None,
    hollow: str | None = None,
    ticks: int | None = None,
) -> list[Spec]:
    """Dots with chance ranges along ``x`` or ``y``; the other channel is given. See ``panels`` for the rest."""
    across = "y" if along == "x" else "x"
    hue = {"color": {"value": BLUE}}
    scale: Spec = {"scale": {"domain": list(span), "nice": True}} if span else {}
    if ticks:
        scale = {**scale, "axis": {"tickCount": ticks}}
    fill = {"condition": {"test": hollow, "value": PAPER}, "value": BLUE} if hollow else {"value": BLUE}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 1.2},
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
            "transform": [{"filter": "isValid(datum.low_half)"}],
        },
        told(
            {
                "mark": {"type": "point", "size": 55, "opacity": 1},
                "encoding": {along: quantitative("value", title, **scale), across: other, **hue, "fill": fill},
                "transform": [{"filter": "isValid(datum.value)"}],
            }
        ),
    ]


def bars(
    x: Spec, title: str, *, x2: str | None = None, middle: Spec | None = None, top: float | None = None
) -> list[Spec]:
    """Upright bars, pale with a drawn edge, so that the line of their chance range shows on them and on paper alike.

    ``x2`` is the column of the upper edge where bars are classes of numbers; ``middle`` is where their lines stand.
    """
    domain: Spec = {"scale": {"domain": [0, top], "nice": False}} if top else {}
    ranges = {
        "transform": [{"filter": "isValid(datum.low)"}],
        "encoding": {"x": middle or x, "y": quantitative("low", title, **domain), "y2": {"field": "high"}},
    }
    edge = {"x2": {"field": x2}} if x2 else {}
    return [
        told(
            {
                "mark": {"type": "bar", "color": BLUE, "fillOpacity": 0.3, "stroke": BLUE, "strokeWidth": 1},
                "encoding": {"x": x, **edge, "y": quantitative("value", title, **domain), "y2": {"datum": 0}},
                "transform": [{"filter": "isValid(datum.value)"}],
            }
        ),
        {**ranges, "mark": {"type": "rule", "color": INK, "strokeWidth": 1.4}},
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
    angle: int = 0,
    most: float | None = None,
) -> Spec:
    """A matrix: one grey ramp in steps, the number written in each cell, its chance range in a second line.

    A number below a tenth is written as such, without its range; the table has both.

    ``labels`` name the two sides; cells for which the column ``outlined`` is true get a frame. ``most`` is where
    the ramp ends, the same for all matrices of a chart.
    """
    most = most or max([row["value"] for row in rows if row["value"] is not None] or [0]) or 1
    y = nominal(down, labels[0] or None, axis={"domain": False, "ticks": False, "labelPadding": 6, "labelLimit": 340})
    x = nominal(across, labels[1] or None, axis={"orient": "top", "domain": False, "ticks": False, "labelAngle": angle})
    longest = max((len(str(row[across])) for row in rows), default=1)
    layers: list[Spec] = [
        told(
            {
                "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1},
                "encoding": {
                    "fill": {
                        "field": "value",
                        "type": "quantitative",
                        "scale": {"type": "quantize", "domain": [0, most], "range": list(RAMP)},
                        "legend": None,
                    }
                },
            }
        ),
        {
            "mark": {"type": "text", "fontSize": TEXT, "dy": -6, "baseline": "middle", "color": INK},
            "transform": [{"filter": "isValid(datum.value)"}],
            "encoding": {"text": {"field": "_cell"}},
        },
        {
            "mark": {"type": "text", "fontSize": SMALL, "dy": 9, "baseline": "middle", "color": INK},
            "transform": [{"filter": "isValid(datum.low) && datum.high != 0 && datum._cell == datum._number"}],
            "encoding": {"text": {"field": "_range"}},
        },
    ]
    if outlined:
        layers.append(
            {
                "mark": {"type": "rect", "filled": False, "stroke": INK, "strokeWidth": 2},
                "transform": [{"filter": f"datum.{outlined}"}],
            }
        )
    named: Spec = {"title": heading(title)} if title else {}
    return {
        **named,
        "data": {"values": list(rows)},
        "width": {"step": cell[0] if angle else max(cell[0], 7 * longest)},
        "height": {"step": cell[1]},
        "encoding": {"x": x, "y": y},
        "layer": layers,
    }


def written(rows: Sequence[Row], label: str, *, width: int = 300) -> Spec:
    """Numbers written out, one line a row: the label, the number, its chance range."""
    return {
        "data": {"values": list(rows)},
        "width": width,
        "height": {"step": 20},
        **told(
            {
                "mark": {"type": "text", "align": "left", "color": INK, "fontSize": TEXT},
                "encoding": {
                    "y": nominal(label, None, axis={"domain": False, "ticks": False, "labelLimit": 420}),
                    "x": {"value": 10},
                    "text": {"field": "_text"},
                },
            }
        ),
    }


def dark_rules() -> str:
    """Style rules that give the drawings of a page their colours on a dark ground."""
    return "\n".join(
        f'svg [{what}="{light}" i]{{{what}:{dark}}}' for light, dark in DARK.items() for what in ("fill", "stroke")
    )
