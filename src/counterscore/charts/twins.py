"""C14. What happens to the same people in the other world?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import wording
from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
from counterscore.charts._style import BLUE, GREY, INK, PAPER, WIDTH, ZERO, bars, nominal, quantitative, told, written
from counterscore.measures._measure import SCALE
from counterscore.results import Run, as_numpy
from counterscore.results.ids import resident_id
from counterscore.twins import pairs_of, placebo_here

#: What is compared: the first of these in which the worlds differ.
_COLUMNS = {
    "score": "score at the end",
    "months_listed": "months on a list",
    "refused": "attempts refused by a door",
    "records": "records",
    "misconduct": "acts of misconduct",
    "lawful_acts": "lawful acts",
}
_SAMPLE = 60
_BINS = 30
_ONE, _BIN, _SAME, _CHECK = "one resident", "all who differ so much", "no difference", "placebo twin"


def _rows(run: Run, view: View) -> list[Row]:
    world, base = view.of(run), view.base(run)
    if base is None:
        return []
    replays = [r for r in run.replays(world) if (base, r) in run.finished]
    found = _compared(run, world, base, replays)
    if found is None:
        return []
    column, who, pairs = found
    shared = {"measure": _COLUMNS[column], "world_a": world, "world_b": base}
    unit = SCALE if column == "score" else 1
    at_first = next(n for n, (a, b) in enumerate(pairs) if (a != b).any())  # the worlds may part in a later one only
    first, second = (side / unit for side in pairs[at_first])
    rows: list[Row] = []
    differing = np.flatnonzero(first != second)
    order = differing[np.lexsort((who[differing], first[differing], (first - second)[differing]))]
    chosen = order[np.unique(np.linspace(0, len(order) - 1, min(_SAMPLE, len(order))).round().astype(int))]
    for at in chosen[::-1]:
        values = {
            "value_a": float(first[at]),
            "value_b": float(second[at]),
            "difference": float(first[at] - second[at]),
        }
        one = {"what": _ONE, "resident": resident_id(run, int(who[at])), "replay": replays[at_first]} | shared | values
        rows.append(one | over([]) | {"n_replays": 1})
    gaps = [(a - b) / unit for a, b in pairs]
    adults = len(who) / 10_000
    for low, high in _bins(np.concatenate(gaps)):
        counted = over(float(((gap >= low) & (gap < high) & (gap != 0)).sum()) / adults for gap in gaps)
        rows.append(_sum(_BIN, shared, low, high) | counted)
    rows.append(_sum(_SAME, shared, 0, 0) | over(float((gap == 0).sum()) / adults for gap in gaps))
    differ, compared = placebo_here(run, world, replay=replays[0])
    check = over([float(differ)]) | {"range_kind": f"exact, {compared:,} residents"}
    rows.append(_sum(_CHECK, shared | {"world_b": f"{world} with other labels"}, 0, 0) | check)
    return rows


def _sum(what: str, shared: Row, low: float, high: float) -> Row:
    none = {"resident": "", "replay": None, "value_a": None, "value_b": None}
    return {"what": what} | none | shared | {"difference": float(low), "difference_to": float(high)}


def _compared(
    run: Run, world: str, base: str, replays: Sequence[int]
) -> tuple[str, npt.NDArray[Any], list[tuple[npt.NDArray[Any], npt.NDArray[Any]]]] | None:
    """The column that is compared, whose values they are, and both worlds' values in each replay."""
    adult = as_numpy(run.residents(["adult"])["adult"]) == 1
    for column in _COLUMNS:
        try:
            found = [pairs_of(run, world, base, column, replay) for replay in replays]
        except KeyError:
            continue
        pairs = [(one["world"][adult], one["baseline"][adult]) for one in found]
        if any((a != b).any() for a, b in pairs):
            return column, found[0]["resident"][adult], pairs
    return None


def _bins(gaps: npt.NDArray[Any]) -> list[tuple[float, float]]:
    """Ranges of differences of equal width, with an edge at 0; those outside of nearly all go into the outer ones."""
    low, high = float(gaps.min()), float(gaps.max())
    step = max(1.0, float(np.ceil((high - low) / _BINS)))
    edges = np.arange(np.floor(low / step) * step, high + step + 0.5, step)
    return [(float(a), float(b)) for a, b in pairwise(edges)]


def _finding(rows: Sequence[Row]) -> str:
    same = next(row for row in rows if row["what"] == _SAME)
    bins = [row for row in rows if row["what"] == _BIN]
    more = sum(row["value"] for row in bins if row["difference"] >= 0)
    less = sum(row["value"] for row in bins if row["difference"] < 0)
    return (
        f"Of 10,000 adults, {spoken(same, cover=True)} have the same {same['measure']} under {same['world_a']} as under {same['world_b']}; "
        f"{wording.number(more)} have more and {wording.number(less)} less."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    ones = [row for row in rows if row["what"] == _ONE]
    bins = [row for row in rows if row["what"] == _BIN]
    a, b, measure = ones[0]["world_a"], ones[0]["world_b"], ones[0]["measure"]
    who = nominal(
        "resident",
        f"{len(ones)} residents who differ",
        axis={"labels": False, "ticks": False, "domain": False, "titlePadding": 16},
    )
    loose = {"zero": False} if measure.startswith("score") else {}
    side = {"domain": [a, b], "range": [BLUE, INK]}
    both = [row | {"world": row[f"world_{k}"], "value": row[f"value_{k}"]} for row in ones for k in ("b", "a")]
    pairs: Spec = {
        "width": WIDTH,
        "height": {"step": 6},
        "data": {"values": both},
        "layer": [
            {
                "mark": {"type": "rule", "color": GREY, "strokeWidth": 1},
                "encoding": {"x": quantitative("value_b", measure, scale=loose), "x2": {"field": "value_a"}, "y": who},
            },
            told(
                {
                    "mark": {"type": "point", "size": 26, "opacity": 1, "strokeWidth": 1.4},
                    "encoding": {
                        "x": quantitative("value", measure, scale=loose),
                        "y": who,
                        "color": nominal("world", None, scale=side, legend={"orient": "top", "symbolOpacity": 1}),
                        "shape": nominal("world", None, scale={"domain": [a, b], "range": ["square", "circle"]}),
                        "fill": nominal("world", None, scale={"domain": [a, b], "range": [BLUE, PAPER]}),
                    },
                }
            ),
        ],
    }
    x = quantitative("difference", f"{measure}: {a} less {b}")
    spread: Spec = {
        "width": WIDTH,
        "height": 130,
        "data": {"values": [row | {"_middle": (row["difference"] + row["difference_to"]) / 2} for row in bins]},
        "layer": [
            *bars(x, "of 10,000 adults", x2="difference_to", middle={**x, "field": "_middle"}),
            ZERO,
        ],
    }
    lines = {_SAME: "no difference, of 10,000", _CHECK: "placebo twin, who differ"}
    sums = [row | {"line": lines[row["what"]]} for row in rows if row["what"] in lines]
    return {"vconcat": [pairs, spread, written(sums, "line", width=200)]}


CHART = Chart(
    id="twins",
    number="C14",
    question="What happens to the same people in the other world?",
    columns=(
        Column("what", "", "one resident of the sample, all with such a difference, none, or the check"),
        Column("resident", "", "number of the synthetic resident"),
        Column("replay", "number", "replay of the sample"),
        Column(
            "measure", "", "what is compared: the first of score, months listed, refusals, … in which the worlds differ"
        ),
        Column("world_a", "", "world looked at"),
        Column("world_b", "", "world it is compared with"),
        Column("value_a", "", "in the first"),
        Column("value_b", "", "in the second"),
        Column("difference", "", "first less second; lower end, included"),
        Column("difference_to", "", "upper end, not included"),
        *ranged("of 10,000 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Above: 60 of the residents who differ in one replicate (the first in which anybody does), evenly spaced by difference. Below: all who differ, of 10,000 adults; lines: middle "
    "90 % of replicates (chance). Placebo twin: the first world lived again with other labels in one subdistrict; differences must be 0.",
    missing="it needs two worlds that differ for somebody; run with --base or --also, or name another with --against",
)
