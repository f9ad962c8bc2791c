"""C16. Which assumptions move or flip the answer?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore import wording
from counterscore.charts._chart import Chart, Column, Row, Spec, View
from counterscore.charts._style import BLUE, DASHES, GREY, INK, ORANGE, TEXT, nominal, quantitative, told
from counterscore.claims import Found
from counterscore.measures import find_measure

_MOST = 12
_CHANCE = 0.05  #: adjusted probability from which an assumption is said to move the result
_PLOT = 340  #: pixels; names stand before it, flips behind it
_LOW, _HIGH = "lowest third", "highest third"
_TITLE = "settings with the assumption in its"


def _rows(found: Found, view: View) -> list[Row]:
    points = [point for point in found.points if point.whole]
    results = np.array([point.estimate for point in points], np.float64)
    rows: list[Row] = []
    flips = {flip.path: flip for flip in found.flips}
    by_path = {mover.path: mover for mover in found.movers}
    first = [by_path[path] for path in flips if path in by_path]
    drawn = sorted(dict.fromkeys([*found.movers[:_MOST], *first]), key=lambda mover: -abs(mover.rank_correlation))
    for mover in drawn:
        values = np.array([point.values[mover.path] for point in points], np.float64)
        third = np.quantile(values, (1 / 3, 2 / 3))
        flip = flips.get(mover.path)
        for end, chosen in ((_LOW, values <= third[0]), (_HIGH, values >= third[1])):
            low, high = np.percentile(results[chosen], (5, 95))
            rows.append(
                {
                    "assumption": mover.path,
                    "end": end,
                    "value_from": float(values[chosen].min()),
                    "value_to": float(values[chosen].max()),
                    "holds_at": None if flip is None else flip.where_it_holds,
                    "not_at": None if flip is None else flip.where_not,
                    "rank_correlation": mover.rank_correlation,
                    "by_chance": mover.chance,
                    "elasticity": mover.elasticity,
                    "echo": "echo" if mover.echo else "",
                    "border": None if found.claim.supported_if is None else found.claim.supported_if.value,
                    "measure": str(found.claim.measure).replace("_", " "),
                    "unit": find_measure(str(found.claim.measure)).unit,
                    "answer": found.answer,
                    "value": float(results[chosen].mean()),
                    "low": float(low),
                    "high": float(high),
                    "n_settings": int(chosen.sum()),
                    "n_replays": found.replays,
                    "range_kind": "assumptions: middle 90 % of settings",
                }
            )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    low, high = rows[:2]
    unit = low["unit"]
    if low["by_chance"] > _CHANCE:
        text = f"No assumption moves {low['measure']} more than chance among so many would"
    else:
        text = (
            f"{_named(low)} moves {low['measure']} most: {wording.number(low['value'])} {unit} on average in the lowest third of its "
            f"range, {wording.number(high['value'])} in the highest (assumption ranges)"
        )
    flips = list(dict.fromkeys(_named(row) for row in rows if row["holds_at"] is not None))
    return (
        f"{text}; the answer (“{low['answer']}”) is flipped by {', '.join(flips)}."
        if flips
        else (f"{text}; no single assumption was found to flip the answer (“{low['answer']}”).")
    )


def _named(row: Row) -> str:
    """An assumption in words: ``circumstances.bill_unpaid`` is ``bill unpaid (circumstances)``."""
    *where, what = str(row["assumption"]).split(".")
    return (
        f"{what.replace('_', ' ')} ({', '.join(part.replace('-', ' ').replace('_', ' ') for part in where)})"
        if where
        else what
    )


def _draw(rows: Sequence[Row]) -> Spec:
    drawn = [
        row
        | {
            "line": _named(row) + (" (echo)" if row["echo"] else ""),
            "flip": ""
            if row["holds_at"] is None
            else f"holds near {row['holds_at']:.3g}, not near {row['not_at']:.3g}",
        }
        for row in rows
    ]
    pairs = [
        {"line": low["line"], "from": low["value"], "to": high["value"], "flip": low["flip"]}
        for low, high in zip(drawn[::2], drawn[1::2], strict=True)
    ]
    y = nominal("line", None, sort=[row["line"] for row in pairs], axis={"labelLimit": 320})
    title = f"{rows[0]['measure']}, {rows[0]['unit']}: mean of the settings"
    border: list[Spec] = []
    if rows[0]["border"] is not None:
        border = [
            {
                "data": {"values": [{"border": rows[0]["border"]}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": list(DASHES[3])},
                "encoding": {"x": {"field": "border", "type": "quantitative"}},
            },
        ]
    flips: list[Spec] = [
        {
            "data": {"values": pairs},
            "mark": {"type": "text", "align": "left", "fontSize": TEXT, "color": INK},
            "encoding": {"x": {"value": _PLOT + 8}, "y": y, "text": {"field": "flip"}},
        }
    ]
    return {
        "width": _PLOT,
        "height": {"step": 28},
        "layer": [
            *border,
            {
                "data": {"values": pairs},
                "mark": {"type": "rule", "color": GREY},
                "encoding": {"x": quantitative("from", title), "x2": {"field": "to"}, "y": y},
            },
            *(layer for end, shift in ((_LOW, -5), (_HIGH, 5)) for layer in _end(drawn, end, shift, y, title)),
            *(flips if any(row["flip"] for row in pairs) else []),
        ],
    }


def _end(drawn: Sequence[Row], end: str, shift: int, y: Spec, title: str) -> list[Spec]:
    """One end of an assumption's range: the middle 90 % of its settings, and their mean."""
    colour = nominal("end", _TITLE, scale={"domain": [_LOW, _HIGH], "range": [BLUE, ORANGE]})
    shape = nominal("end", _TITLE, scale={"domain": [_LOW, _HIGH], "range": ["circle", "square"]})
    data = {"values": [row for row in drawn if row["end"] == end]}
    return [
        {
            "data": data,
            "mark": {"type": "bar", "fill": None, "strokeWidth": 1, "strokeDash": [1, 2], "height": 8, "yOffset": shift}
            | {"stroke": BLUE if end == _LOW else ORANGE},
            "encoding": {"x": quantitative("low", title), "x2": {"field": "high"}, "y": y},
        },
        told(
            {
                "data": data,
                "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1, "yOffset": shift},
                "encoding": {"x": quantitative("value", title), "y": y, "color": colour, "shape": shape},
            }
        ),
    ]


CHART = Chart(
    id="what-moves-it",
    number="C16",
    question="Which assumptions move or flip the answer?",
    columns=(
        Column("assumption", "", "assumption; the twelve that move the result most, and those that flip the answer"),
        Column("end", "", "settings in which it lies in the lowest or highest third of its range"),
        Column("value_from", "its unit", "lowest value there"),
        Column("value_to", "its unit", "highest value there"),
        Column("holds_at", "its unit", "where it flips the answer: its median in settings in which the claim holds"),
        Column("not_at", "its unit", "its median in settings in which the claim does not hold"),
        Column("rank_correlation", "-1 to 1", "Spearman, assumption and result"),
        Column("by_chance", "probability", "of such a correlation where it moves nothing, among so many assumptions"),
        Column("elasticity", "per cent", "change of the result for one per cent of it"),
        Column("echo", "", "echo where the result repeats this input"),
        Column("border", "", "value of the measure at which the claim's answer changes"),
        Column("measure", "", "measure of the claim"),
        Column("unit", "", "its unit"),
        Column("answer", "", "answer to the claim"),
        Column("value", "", "mean result of these settings"),
        Column("low", "", "5th percentile of these settings"),
        Column("high", "", "95th percentile of these settings"),
        Column("n_settings", "settings", "settings behind the row"),
        Column("n_replays", "replicates", "replicates of each setting"),
        Column("range_kind", "", "what the range covers"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Dotted outlines: middle 90 % of settings, an assumption range (all other assumptions vary too, and chance). Dashed line: where the claim's "
    "answer changes. Echo: the result repeats this input.",
    missing="fewer than twenty settings were lived, or none of the assumptions moves the result",
    source="claim",
)
