"""C2. How long until people leave a list?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over
from counterscore.charts._style import COLOURS, DASHES, INK, nominal, quantitative, told
from counterscore.measures import Life
from counterscore.results import Run

_MOST_LISTS = 4
_YEAR = 12


@dataclass(frozen=True, slots=True)
class _Curve:
    """Share still on a list, and how many are on it, have left it and are cut off, after 0, 1, … months."""

    share: npt.NDArray[Any]
    on: npt.NDArray[Any]
    left: npt.NDArray[Any]
    cut: npt.NDArray[Any]


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    units = [Life(run, world, replay).table("stays").to_pydict() for replay in run.replays(world)]
    totals: dict[str, int] = {}
    for unit in units:
        for name, stays in zip(unit["list_id"], unit["stays"], strict=True):
            totals[name] = totals.get(name, 0) + stays
    months = np.arange(int(run.record["months"]) + 1)
    rows: list[Row] = []
    for name in sorted(totals, key=lambda one: (-totals[one], one))[:_MOST_LISTS]:
        curves = [_curve(unit, name, months) for unit in units if name in unit["list_id"]]
        for month in months:
            rows.append(
                {
                    "list_id": name,
                    "months": int(month),
                    "still_on": float(np.mean([one.on[month] for one in curves])),
                    "left": float(np.mean([one.left[month] for one in curves])),
                    "cut_off": float(np.mean([one.cut[month] for one in curves])),
                }
                | over(one.share[month] * 100 for one in curves)
            )
    return rows


def _curve(unit: dict[str, list[Any]], name: str, months: npt.NDArray[Any]) -> _Curve:
    picked = [k for k, one in enumerate(unit["list_id"]) if one == name]
    times = [unit["stays"][k] for k in picked]
    lasted = np.repeat([unit["months"][k] for k in picked], times)
    cut = np.repeat([unit["left"][k] == "cut off" for k in picked], times)
    fitted = stats.ecdf(stats.CensoredData(uncensored=lasted[~cut], right=lasted[cut]))
    return _Curve(
        share=fitted.sf.evaluate(months),
        on=np.array([(lasted > month).sum() for month in months]),
        left=np.array([((lasted <= month) & ~cut).sum() for month in months]),
        cut=np.array([((lasted <= month) & cut).sum() for month in months]),
    )


def _finding(rows: Sequence[Row]) -> str:
    first = rows[0]["list_id"]
    mine = [row for row in rows if row["list_id"] == first]
    half = next((row["months"] for row in mine if row["estimate"] <= 50), None)
    year = mine[min(_YEAR, len(mine) - 1)]
    told_half = (
        f"half have left after {half} months" if half is not None else "fewer than half have left by the end of the run"
    )
    return f"Of stays on {first}, {year['estimate']:.0f} of 100 are still going on after {year['months']} months; {told_half}."


def _draw(rows: Sequence[Row]) -> Spec:
    names = list(dict.fromkeys(row["list_id"] for row in rows))
    last = max(row["months"] for row in rows)
    x = quantitative("months", "months since entry", scale={"domain": [0, last]})
    colour = nominal("list_id", scale={"domain": names, "range": list(COLOURS[: len(names)])})
    dash = nominal("list_id", scale={"domain": names, "range": list(DASHES[: len(names)])})
    curves: Spec = {
        "width": 560,
        "height": 240,
        "layer": [
            {
                "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.15},
                "encoding": {
                    "x": x,
                    "y": quantitative("low", "still on the list, of 100"),
                    "y2": {"field": "high"},
                    "color": colour,
                },
            },
            told(
                {
                    "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
                    "encoding": {
                        "x": x,
                        "y": quantitative("estimate", "still on the list, of 100", scale={"domain": [0, 100]}),
                        "color": colour,
                        "strokeDash": dash,
                    },
                }
            ),
        ],
    }
    every = max(1, round(last / 6))
    risk: Spec = {
        "width": 560,
        "height": 20 * len(names),
        "transform": [
            {"filter": f"datum.months > 0 && datum.months % {every} == 0"},
            {
                "calculate": "format(datum.still_on, ',.0f') + ' / ' + format(datum.left, ',.0f') + ' / ' + format(datum.cut_off, ',.0f')",
                "as": "text",
            },
        ],
        "mark": {"type": "text", "fontSize": 9, "color": INK},
        "encoding": {
            "x": quantitative(
                "months",
                "still on / left / cut off by the end of the run (mean number)",
                scale={"domain": [0, last]},
                axis={"grid": False, "values": []},
            ),
            "y": nominal("list_id", None),
            "text": {"field": "text"},
        },
    }
    return {"vconcat": [curves, risk]}


CHART = Chart(
    id="time-to-exit",
    number="C2",
    question="How long until people leave a list?",
    columns=(
        Column("list_id", "", "list; the four with most stays"),
        Column("months", "months", "months since entry"),
        Column("still_on", "stays", "mean number still going on and seen this long"),
        Column("left", "stays", "mean number ended by then"),
        Column("cut_off", "stays", "mean number cut off by the end of the run by then"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Kaplan-Meier; stays cut off by the end of the run are censored. Bands: middle 90 % of replays.",
    missing="nobody was on a list",
)
