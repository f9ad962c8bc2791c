"""C3. How are scores spread, and where do grade borders cut?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over, withheld
from counterscore.charts._style import BLUE, INK, nominal, quantitative, told
from counterscore.measures import SMALLEST_GROUP, Life, groups
from counterscore.measures._measure import SCALE
from counterscore.results import Run

_BINS = 40


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if not lives or not lives[0].has_score:
        return []
    scores = [life.outcome("score") / SCALE for life in lives]
    low, high = (float(np.percentile(np.concatenate(scores), q)) for q in (0.1, 99.9))
    step = max(1.0, np.ceil((high - low) / _BINS))
    edges = np.arange(np.floor(low), high + step, step)
    masks = list(groups(lives[0], view.by)) if view.by else [("everybody", np.ones(len(scores[0]), np.bool_))]
    rows: list[Row] = []
    for group, mask in masks:
        if mask.sum() < SMALLEST_GROUP:
            rows.append({"group": withheld(group), "score_from": None, "score_to": None} | over([]))
            continue
        counted = [
            np.histogram(np.clip(score[mask], edges[0], edges[-1]), edges)[0] / mask.sum() * 100 for score in scores
        ]
        for k in range(len(edges) - 1):
            rows.append(
                {"group": group, "score_from": float(edges[k]), "score_to": float(edges[k + 1])}
                | over(float(one[k]) for one in counted)
            )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    drawn = [row for row in rows if row["score_from"] is not None]
    most = max(drawn, key=lambda row: row["estimate"])
    return (
        f"Most common is a score of {most['score_from']:,.0f} to {most['score_to']:,.0f}: {most['estimate']:.0f} of 100 adults"
        + ("" if most["group"] == "everybody" else f" ({most['group']})")
        + "."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    x = quantitative("score_from", "score at the end of the run", scale={"zero": False})
    bars: Spec = {
        "height": 110 if len({row["group"] for row in rows}) > 1 else 240,
        "width": 560,
        "layer": [
            told(
                {
                    "mark": {"type": "bar", "color": BLUE, "opacity": 0.6},
                    "encoding": {
                        "x": x,
                        "x2": {"field": "score_to"},
                        "y": quantitative("estimate", "of 100 adults"),
                        "y2": {"datum": 0},
                    },
                    "transform": [{"filter": "isValid(datum.estimate)"}],
                }
            ),
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                "encoding": {
                    "x": quantitative("middle", "score at the end of the run", scale={"zero": False}),
                    "y": quantitative("low", "of 100 adults"),
                    "y2": {"field": "high"},
                },
                "transform": [
                    {"filter": "isValid(datum.low)"},
                    {"calculate": "(datum.score_from + datum.score_to) / 2", "as": "middle"},
                ],
            },
        ],
    }
    return {"facet": {"row": nominal("group", None, header={"labelOrient": "top", "title": None})}, "spec": bars}


CHART = Chart(
    id="score-spread",
    number="C3",
    question="How are scores spread at the end?",
    columns=(
        Column("group", "", "group of residents"),
        Column("score_from", "points", "lower edge, included"),
        Column("score_to", "points", "upper edge"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Bars: mean share of adults; the lowest and highest 0.1 % are put into the outer bars. Lines: middle 90 % of replays.",
    missing="the rule book has no score",
    takes=("by",),
)
