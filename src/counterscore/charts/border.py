"""C12. What if the listing border moved?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken, withheld
from counterscore.charts._style import (
    APART,
    BLUE,
    GREY,
    INK,
    PAPER,
    TEXT,
    WIDTH,
    curves,
    heading,
    heard,
    quantitative,
    told,
    top_of,
    written,
)
from counterscore.measures import SMALLEST_GROUP, Life, groups
from counterscore.measures._measure import SCALE
from counterscore.regime.model import Regime
from counterscore.reliving import regime_of
from counterscore.results import Run

_BORDERS = 48
_PER = 10_000
_CURVES = ("wrongly below", "missed above", "all below")
_TRUE, _NONE = "has a true adverse record", "has none"


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    found = _border(regime_of(next(one for one in run.record["worlds"] if one["name"] == world)), lives)
    if found is None:
        return []
    present, what = found
    scores = [np.where(life.rated, life.outcome("score") / SCALE, np.nan) for life in lives]
    records = [[life.outcome(name).astype(np.int64) for name in _RECORDS] for life in lives]
    true = [all_ - good - untrue > 0 for all_, good, untrue in records]
    edges = _edges(scores, present)
    by_group: dict[str, list[npt.NDArray[np.bool_]]] = {}
    for life, score in zip(lives, scores, strict=True):
        whole = life.still_there(None) & ~np.isnan(score)
        for group, mask in groups(life, view.by) if view.by else [("everybody", whole)]:
            by_group.setdefault(group, []).append(mask & whole)
    rows: list[Row] = []
    for group, masks in by_group.items():
        if min(int(mask.sum()) for mask in masks) < SMALLEST_GROUP:
            rows.append(_row(withheld(group), "", None, "", what) | over([]))
            continue
        cut = [(score[mask], sure[mask]) for score, sure, mask in zip(scores, true, masks, strict=True)]
        for who, side in ((_TRUE, True), (_NONE, False)):
            for low, high in pairwise(edges):
                parts = [score[sure == side] for score, sure in cut]
                values = [100 * float(np.mean((s >= low) & (s < high))) if len(s) else None for s in parts]
                rows.append(_row(group, who, float(low), "", what) | over(values))
        for border in sorted({*edges.tolist(), float(present)}):
            found_at = [_at(score, sure, border) for score, sure in cut]
            for k, curve in enumerate(_CURVES):
                in_force = "yes" if border == present else ""
                rows.append(_row(group, curve, border, in_force, what) | over(one[k] for one in found_at))
    return rows


_RECORDS = ("records", "good_records", "untrue_records")


def _row(group: str, what: str, border: float | None, present: str, rule: str) -> Row:
    return {"group": group, "what": what, "border": border, "in_force": present, "rule": rule}


def _at(score: npt.NDArray[Any], true: npt.NDArray[np.bool_], border: float) -> tuple[float, float, float]:
    """Of 10,000 adults: below the border without a true record, above it with one, below it at all."""
    below = score < border
    wrong, missed, all_ = (_PER * float(np.mean(which)) for which in (below & ~true, ~below & true, below))
    return wrong, missed, all_


def _edges(scores: Sequence[npt.NDArray[Any]], present: float) -> npt.NDArray[np.float64]:
    """Whole scores from the lowest of all to above the highest, with the border in force between them."""
    every = np.concatenate(scores)
    low, high = min(float(np.nanmin(every)), present), max(float(np.nanmax(every)), present)
    step = max(1.0, float(np.ceil((high - low) / _BORDERS)))
    edges: npt.NDArray[np.float64] = np.arange(np.floor(low), high + step + 0.5, step)
    return edges


def _border(regime: Regime, lives: Sequence[Life]) -> tuple[float, str] | None:
    """The score below which the rule book in front lists people, or else shuts doors, and which rule says so."""
    if not lives or not lives[0].has_score:
        return None
    scored = next(part for part in regime.stacked() if part.subjects == "residents" and part.score and part.score.known)
    assert scored.score is not None
    tops = {grade.id: grade.top + 1 for grade in scored.score.grades if grade.top is not None}
    for name, rule in scored.lists.items():
        for ground in rule.enter:
            if ground.kind == "score" and ground.border is not None:
                return float(ground.border), f"list {name}"
            if ground.kind == "grade" and ground.grade in tops:
                return float(tops[ground.grade]), f"list {name}"
    shut = [
        (tops[door.when.name], door.id)
        for door in scored.doors
        if door.when.kind == "grade" and door.when.name in tops and door.refuses and door.when.reach == "worse"
    ]
    return (float(max(shut)[0]), f"door {max(shut)[1]}") if shut else None


def _finding(rows: Sequence[Row]) -> str:
    force = [row for row in rows if row["in_force"]]
    if not force:
        return f"Every group is withheld: fewer than {SMALLEST_GROUP} residents have a score."
    mine = [row for row in force if row["group"] == force[0]["group"]]
    wrong, missed, all_ = mine
    whom = "adults" if wrong["group"] == "everybody" else f"adults ({wrong['group']})"
    return (
        f"At the border in force ({wrong['border']:,.0f}, {wrong['rule']}), {spoken(all_, cover=True)} of 10,000 {whom} are below it, "
        f"{spoken(wrong)} of them without any true adverse record; {spoken(missed)} with one are above it."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    drawn = [row for row in rows if row["border"] is not None]
    if not drawn:
        return written(rows, "group")
    low, high = min(row["border"] for row in drawn), max(row["border"] for row in drawn)
    several = len({row["group"] for row in rows}) > 1
    panels: list[Spec] = []
    for group in dict.fromkeys(row["group"] for row in rows):
        mine = [row for row in rows if row["group"] == group]
        present = next((row["border"] for row in mine if row["in_force"]), None)
        title = {"title": heading(group)} if several else {}
        if present is None:
            panels.append({**title, "data": {"values": mine}, "width": WIDTH, "height": 1, "layer": [heard({})]})
            continue
        panels += [
            panel | (title if n == 0 else {}) for n, panel in enumerate(_panels(mine, low, high, present, several))
        ]
    return {"vconcat": panels, "spacing": 10, "resolve": APART}


def _panels(mine: Sequence[Row], low: float, high: float, present: float, several: bool) -> list[Spec]:
    """Of one group: who has which score, in two rows of bars, and what each border would do, as three curves."""
    scale = {"zero": False, "domain": [low, high], "nice": False}
    x = quantitative("border", "border: whoever scores less is below it", scale=scale, axis={"tickCount": 7})
    bare = {**x, "title": None, "axis": {"labels": False, "ticks": False}}
    label = f"in force: {present:,.0f}"
    at: Spec = {"data": {"values": [{"border": present, "label": label}]}}
    line: Spec = {**at, "mark": {"type": "rule", "color": INK, "strokeDash": [6, 4], "strokeWidth": 1.2}}
    side = {"align": "right", "dx": -4} if present > (low + high) / 2 else {"align": "left", "dx": 4}
    sides = {who: [row for row in mine if row["what"] == who] for who in (_TRUE, _NONE)}
    top = top_of([row[key] for some in sides.values() for row in some for key in ("value", "high")])
    spread = [
        {
            "title": {"text": f"of 100 adults: {who}", "fontSize": TEXT, "fontWeight": "normal", "offset": 2},
            "width": WIDTH,
            "height": 52,
            "data": {"values": _edged(some)},
            "layer": [
                told(
                    {
                        "mark": {
                            "type": "bar",
                            "color": BLUE if who == _TRUE else GREY,
                            "stroke": PAPER,
                            "strokeWidth": 0.5,
                        },
                        "encoding": {
                            "x": bare,
                            "x2": {"field": "_to"},
                            "y": quantitative("value", None, scale={"domain": [0, top]}, axis={"tickCount": 2}),
                            "y2": {"datum": 0},
                        },
                    }
                ),
                {**line, "encoding": {"x": bare}},
            ],
        }
        for who, some in sides.items()
    ]
    also: list[Spec] = [
        told(
            {
                "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1, "color": INK},
                "transform": [{"filter": "datum.in_force == 'yes'"}],
                "encoding": {"x": x, "y": quantitative("value", "of 10,000 adults")},
            }
        ),
        {**line, "encoding": {"x": x}},
        {
            **at,
            "mark": {"type": "text", "fontSize": TEXT, "color": INK, **side},
            "encoding": {"x": x, "y": {"value": 8}, "text": {"field": "label"}},
        },
    ]
    lines = [row for what in _CURVES for row in mine if row["what"] == what]
    height = 150 if several else 220
    return [*spread, curves(lines, x, "of 10,000 adults", "what", height=height, top=_PER, also=also)]


def _edged(rows: Sequence[Row]) -> list[Row]:
    """Rows of scores with the upper edge of each, which is the next one's lower."""
    edges = [row["border"] for row in rows]
    step = edges[1] - edges[0] if len(edges) > 1 else 1.0
    return [row | {"_to": row["border"] + step} for row in rows]


CHART = Chart(
    id="border",
    number="C12",
    question="What if the listing border moved?",
    columns=(
        Column("group", "", "group of residents"),
        Column("what", "", "what is counted: at a border, or with a score from it up to the next row's"),
        Column("border", "points", "border; whoever scores less is below it"),
        Column("in_force", "", "yes for the border of the rule book"),
        Column("rule", "", "the list or door whose border it is"),
        *ranged("of 10,000 adults; of scores, of 100 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Score alone, at the end of the run: other grounds of a list, and what people would do under another border, are left out. Bars: "
    "adults of the row with that score. True adverse record: made about something that happened, whether it still counts or not; wrongly below: without one; missed: with one. Bands: middle "
    "90 % of replicates (chance).",
    missing="no list or door of the rule book hangs on a border of a score that can be worked out",
    takes=("by",),
)
