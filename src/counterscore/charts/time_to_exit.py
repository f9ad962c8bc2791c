"""C2. How long until people leave a list?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
from counterscore.charts._style import APART, INK, TEXT, WIDTH, curves, heading, nominal, quantitative
from counterscore.measures import Life
from counterscore.results import Run
from counterscore.statistics import CENSORED, Stays

_MOST_LISTS = 4
_YEAR = 12
_WIDTH = WIDTH - 40  # names stand on both sides


def _totals(run: Run, view: View) -> tuple[list[dict[str, Stays]], dict[str, int]]:
    """The stays of each replicate by list, and how many there were on each."""
    units = [Life(run, view.of(run), replay).stays() for replay in run.replays(view.of(run))]
    totals: dict[str, int] = {}
    for unit in units:
        for name, stays in unit.items():
            totals[name] = totals.get(name, 0) + stays.total
    return units, totals


def _rows(run: Run, view: View) -> list[Row]:
    units, totals = _totals(run, view)
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
    year = mine[min(_YEAR, len(mine) - 1)]
    if year["value"] is None:
        return f"Stays on {first} are too few, or too short, to say how long they last."
    half = next((row["months"] for row in mine if row["value"] is not None and row["value"] <= 50), None)
    told = f"half have ended after {half} months" if half is not None else "fewer than half end within the run"
    return f"Of 100 spells on {first}, {spoken(year, cover=True)} are still going on after {_months(year['months'])}; {told}."


def _months(n: int) -> str:
    return f"{n} month{'' if n == 1 else 's'}"


def _basis(run: Run, view: View) -> str:
    totals = _totals(run, view)[1]
    drawn = min(len(totals), _MOST_LISTS)
    return f"Drawn: {drawn} of the {len(totals)} lists that somebody was on" + (
        ", those with most spells." if drawn < len(totals) else "."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    names = list(dict.fromkeys(row["list_id"] for row in rows))
    last = max(row["months"] for row in rows)
    scale = {"domain": [0, max(1, last)], "nice": False}
    x = quantitative("months", "months since entry", scale=scale, axis={"tickCount": 7, "tickMinStep": 1})
    shares = curves(rows, x, "still on the list, of 100", "list_id", height=230, width=_WIDTH, top=100, steps=True)
    every = max(1, round(last / 5))
    columns = {"still_on": "still on", "left": "left", "cut_off": "cut off"}
    cells = [
        {
            "list": name,
            "line": f"{name}: {words}",
            "months": row["months"],
            "text": f"{abs(round(row[column])):,}",
            "align": "right" if row["months"] > last - every / 2 else "left" if row["months"] == 0 else "center",
        }
        for name in names
        for column, words in columns.items()
        for row in rows
        if row["list_id"] == name and row["months"] % every == 0
    ]
    bare = quantitative("months", None, scale=scale, axis=None)
    risk: Spec = {
        "title": heading("Spells at each time: still on, left, cut off (mean number)"),
        "width": _WIDTH,
        "height": {"step": 15},
        "data": {"values": cells},
        "encoding": {
            "x": bare,
            "y": nominal("line", None, axis={"domain": False, "ticks": False, "grid": False, "labelPadding": 14}),
            "text": {"field": "text"},
        },
        "layer": [
            {
                "transform": [{"filter": f"datum.align == '{side}'"}],
                "mark": {"type": "text", "align": side, "fontSize": TEXT, "color": INK},
            }
            for side in ("left", "center", "right")
        ],
    }
    return {"vconcat": [shares, risk], "spacing": 16, "resolve": APART}


CHART = Chart(
    id="time-to-exit",
    number="C2",
    question="How long until people leave a list?",
    columns=(
        Column("list_id", "", "list; the four with most spells"),
        Column("months", "months", "months since entry"),
        Column("still_on", "spells", "mean number still going on and seen this long"),
        Column("left", "spells", "mean number ended by then"),
        Column("cut_off", "spells", "mean number cut off by then, by the end of the run or of a life"),
        *ranged("of 100 spells"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Kaplan-Meier; listing spells cut off by the end of the run or by death are censored. Ways of leaving: counterscore spells. Bands: middle 90 % of replicates (chance).",
    missing="nobody was on a list",
    basis=_basis,
)
