"""C3. How are scores spread, and where do grade borders cut?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken, withheld
from counterscore.charts._style import INK, TEXT, WIDTH, bars, heading, heard, quantitative, told, top_of, written
from counterscore.measures import SMALLEST_GROUP, Life, groups
from counterscore.measures._measure import SCALE
from counterscore.regime.model import Regime
from counterscore.reliving import regime_of
from counterscore.results import Run

_BINS = 40
_OUTER = (0.5, 99.5)  #: percentiles between which bars are drawn; what lies outside is in the outermost bars
_SHARE, _BORDER = "share", "border"


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if not lives or not lives[0].has_score:
        return []
    scores = [np.where(life.rated, life.outcome("score") / SCALE, np.nan) for life in lives]
    every = np.concatenate(scores)
    every = every[~np.isnan(every)]
    if not len(every):
        return []
    low, high = (float(np.percentile(every, q)) for q in _OUTER)
    step = max(1.0, np.ceil((high - low) / _BINS))
    edges = np.arange(np.floor(low), max(high, low + 1) + step, step)
    by_group: dict[str, list[npt.NDArray[np.bool_]]] = {}
    for life, score in zip(lives, scores, strict=True):
        for group, mask in groups(life, view.by) if view.by else [("everybody", np.ones(len(score), np.bool_))]:
            by_group.setdefault(group, []).append(mask & ~np.isnan(score))
    rows: list[Row] = []
    for group, masks in by_group.items():
        if min(int(mask.sum()) for mask in masks) < SMALLEST_GROUP:
            rows.append(_row(withheld(group), _SHARE, None, None, "") | over([]))
            continue
        counted = [
            100 * np.histogram(np.clip(score[mask], edges[0], edges[-1]), edges)[0] / mask.sum()
            for score, mask in zip(scores, masks, strict=True)
        ]
        for k in range(len(edges) - 1):
            row = _row(group, _SHARE, float(edges[k]), float(edges[k + 1]), "")
            rows.append(row | over(float(one[k]) for one in counted))
    if any(row["value"] is not None for row in rows):
        rows += [
            _row("", _BORDER, border, None, grade) | over([])
            for grade, border in _borders(regime_of(lives[0].record), edges[0], edges[-1])
        ]
    return rows


def _row(group: str, what: str, low: float | None, high: float | None, grade: str) -> Row:
    return {"group": group, "what": what, "score_from": low, "score_to": high, "grade": grade}


def _borders(regime: Regime, low: float, high: float) -> list[tuple[str, float]]:
    """The grades that end within the bars, each with the score below which one is in it."""
    scored = next(
        (p for p in regime.stacked() if p.subjects == "residents" and p.score is not None and p.score.known), None
    )
    if scored is None or scored.score is None:
        return []
    tops = [(grade.id, float(grade.top + 1)) for grade in scored.score.grades if grade.top is not None]
    return [(name, border) for name, border in tops if low < border < high]


def _finding(rows: Sequence[Row]) -> str:
    drawn = [row for row in rows if row["value"] is not None]
    if not drawn:
        return f"Every group is withheld: fewer than {SMALLEST_GROUP} residents have a score."
    most = max(drawn, key=lambda row: row["value"])
    whom = "adults" if most["group"] == "everybody" else f"adults ({most['group']})"
    text = f"Most common is a score of {most['score_from']:,.0f} to {most['score_to']:,.0f}: {spoken(most, cover=True)} of 100 {whom}"
    borders = [f"{row['grade']} below {row['score_from']:,.0f}" for row in rows if row["what"] == _BORDER]
    return f"{text}; grades that end within the bars: {', '.join(borders)}." if borders else f"{text}."


def _draw(rows: Sequence[Row]) -> Spec:
    borders = [
        row | {"_label": f"{row['grade']} below {row['score_from']:,.0f}"} for row in rows if row["what"] == _BORDER
    ]
    shares = [row for row in rows if row["what"] == _SHARE]
    drawn = [row for row in shares if row["value"] is not None]
    if not drawn:
        return written(shares, "group")
    top = top_of([row[key] for row in drawn for key in ("value", "high")])
    span = [min(row["score_from"] for row in drawn), max(row["score_to"] for row in drawn)]
    names = list(dict.fromkeys(row["group"] for row in shares))
    panels = [
        _panel([row for row in shares if row["group"] == name], borders, span, top, 240 if len(names) == 1 else 110)
        | ({"title": heading(name)} if len(names) > 1 else {})
        for name in names
    ]
    return {"vconcat": panels, "spacing": 14}


def _panel(mine: Sequence[Row], borders: Sequence[Row], span: Sequence[float], top: float, height: int) -> Spec:
    if mine[0]["value"] is None:  # withheld: the title says so
        return {"data": {"values": list(mine)}, "width": WIDTH, "height": 1, "layer": [heard({})]}
    scale = {"zero": False, "domain": list(span), "nice": False}
    title = "score at the end of the run"
    x = quantitative("score_from", title, scale=scale, axis={"tickCount": 7})
    middle = quantitative("_middle", title, scale=scale)
    placed = [row | {"_middle": (row["score_from"] + row["score_to"]) / 2} for row in mine]
    lines: list[Spec] = [
        told(
            {
                "data": {"values": list(borders)},
                "mark": {"type": "rule", "color": INK, "strokeDash": [6, 4], "strokeWidth": 1.2},
                "encoding": {"x": x},
            }
        ),
        *(
            {
                "data": {"values": [row]},
                "mark": {"type": "text", "align": "right", "dx": -4, "fontSize": TEXT, "color": INK},
                "encoding": {"x": x, "y": {"value": 8 + 14 * (n % 3)}, "text": {"field": "_label"}},
            }
            for n, row in enumerate(sorted(borders, key=lambda one: one["score_from"]))
            if height > _LABELLED
        ),
    ]
    return {
        "width": WIDTH,
        "height": height,
        "data": {"values": placed},
        "layer": [
            *bars(x, "of 100 adults", x2="score_to", middle=middle, top=top),
            *(lines if borders else []),
        ],
    }


_LABELLED = 200  #: pixels of height from which borders are named


CHART = Chart(
    id="score-spread",
    number="C3",
    question="How are scores spread at the end, and where do grades begin?",
    columns=(
        Column("group", "", "group of residents"),
        Column("what", "", "share: a bar; border: where a grade ends"),
        Column("score_from", "points", "lower edge, included; of a border the score below which one is in the grade"),
        Column("score_to", "points", "upper edge"),
        Column("grade", "", "grade that ends there"),
        *ranged("of 100 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Bars: mean share of adults with a score; the lowest and highest 0.5 % are put into the outer bars. Lines on bars: middle 90 % of replicates (chance). Dashed: where a grade ends.",
    missing="the rule book has no score, or nobody has one",
    takes=("by",),
)
