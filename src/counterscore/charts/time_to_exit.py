"""C2. How long until people leave a list?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over
from counterscore.charts._style import COLOURS, DASHES, INK, heard, nominal, quantitative
from counterscore.measures import Life
from counterscore.results import Run
from counterscore.statistics import CENSORED

_MOST_LISTS = 4
_YEAR = 12


def _rows(run: Run, view: View) -> list[Row]:
    units = [Life(run, view.of(run), replay).stays() for replay in run.replays(view.of(run))]
    totals: dict[str, int] = {}
    for unit in units:
        for name, stays in unit.items():
            totals[name] = totals.get(name, 0) + stays.total
    months = np.arange(int(run.record["months"]) + 1)
    rows: list[Row] = []
    for name in sorted(totals, key=lambda one: (-totals[one], one))[:_MOST_LISTS]:
        mine = [unit[name] for unit in units if name in unit]
        shares = [one.still_on(months) for one in mine]
        on = np.mean([one.seen(months) for one in mine], axis=0)
        cut = np.mean([np.sum([one.seen(months, how) for how in CENSORED], axis=0) for one in mine], axis=0)
        total = float(np.mean([one.total for one in mine]))
        rows += [
            {
                "list_id": name,
                "months": int(month),
                "still_on": float(on[month]),
                "left": total - float(on[month]) - float(cut[month]),
                "cut_off": float(cut[month]),
            }
            | over(share[month] * 100 for share in shares)
            for month in months
        ]
    return rows


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
            {
                "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
                "encoding": {
                    "x": x,
                    "y": quantitative("estimate", "still on the list, of 100", scale={"domain": [0, 100]}),
                    "color": colour,
                    "strokeDash": dash,
                },
            },
            heard({"x": x, "y": quantitative("estimate", "still on the list, of 100")}),
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
                "still on / left / cut off (mean number)",
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
        Column("cut_off", "stays", "mean number cut off by then, by the end of the run or of a life"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Kaplan-Meier; stays cut off by the end of the run or by death are censored. Ways of leaving: counterscore stays. Bands: middle 90 % of replays.",
    missing="nobody was on a list",
)
