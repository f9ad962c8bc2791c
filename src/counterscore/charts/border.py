"""C12. What if the listing border moved?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over, spoken, withheld
from counterscore.charts._style import BLUE, DASHES, GREY, INK, ORANGE, heard, nominal, quantitative, told
from counterscore.measures import SMALLEST_GROUP, Life, groups
from counterscore.measures._measure import SCALE
from counterscore.regime.model import Regime
from counterscore.reliving import regime_of
from counterscore.results import Run

_BORDERS = 48
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
    wrong, missed, all_ = (10_000 * float(np.mean(which)) for which in (below & ~true, ~below & true, below))
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
        if door.when.kind == "grade"
        and door.when.name in tops
        and door.effect in {"closed", "narrowed"}
        and door.when.reach == "worse"
    ]
    return (float(max(shut)[0]), f"door {max(shut)[1]}") if shut else None


def _finding(rows: Sequence[Row]) -> str:
    mine = [row for row in rows if row["in_force"] and row["group"] == next(r["group"] for r in rows if r["in_force"])]
    wrong, missed, all_ = mine
    whom = "adults" if wrong["group"] == "everybody" else f"adults ({wrong['group']})"
    return (
        f"At the border in force ({wrong['border']:,.0f}, {wrong['rule']}), {spoken(all_)} of 10,000 {whom} are below it, "
        f"{wrong['estimate']:,.1f} of them without any true adverse record; {missed['estimate']:,.0f} with one are above it."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    drawn = [row for row in rows if row["border"] is not None]
    low, high = min(row["border"] for row in drawn), max(row["border"] for row in drawn)
    x = quantitative(
        "border", "border: whoever scores less is below it", scale={"zero": False, "domain": [low, high], "nice": False}
    )
    bare = {**x, "title": None, "axis": {"labels": False, "ticks": False}}
    several = len({row["group"] for row in rows}) > 1
    panels: list[Spec] = []
    for group in dict.fromkeys(row["group"] for row in rows):
        mine = [row for row in rows if row["group"] == group]
        present = next((row["border"] for row in mine if row["in_force"]), None)
        title = {"title": {"text": group, "fontSize": 12, "offset": 4}} if several else {}
        if present is None:
            panels.append({**title, "data": {"values": mine}, "width": 500, "height": 1, "layer": [heard({})]})
            continue
        side = {"align": "right", "dx": -4} if present > (low + high) / 2 else {"align": "left", "dx": 4}
        line: Spec = {
            "data": {"values": [{"border": present, "label": f"in force: below {present:,.0f}"}]},
            "mark": {"type": "rule", "color": INK, "strokeDash": [6, 4]},
            "encoding": {"x": x},
        }
        dots: Spec = {
            **title,
            "width": 500,
            "height": 70,
            "data": {"values": [row for row in mine if row["what"] in (_TRUE, _NONE)]},
            "layer": [
                told(
                    {
                        "mark": {"type": "point", "filled": True, "color": GREY, "opacity": 1, "clip": True},
                        "encoding": {
                            "x": bare,
                            "y": nominal("what", None),
                            "size": {
                                "field": "estimate",
                                "type": "quantitative",
                                "title": "of 100 adults in the row",
                                "scale": {"range": [0, 500], "domain": [0, 100]},
                                "legend": {"values": [1, 10, 50], "direction": "horizontal"},
                            },
                        },
                    }
                ),
                {**line, "encoding": {"x": bare}},
            ],
        }
        scale = {"domain": list(_CURVES), "range": [ORANGE, BLUE, INK]}
        dash = {"domain": list(_CURVES), "range": [DASHES[1], DASHES[0], DASHES[2]]}
        legend = {"columns": 3, "symbolType": "stroke", "symbolSize": 400, "symbolOpacity": 1}
        y = "of 10,000 adults"
        curve: Spec = {
            "width": 500,
            "height": 150 if several else 230,
            "data": {"values": [row for row in mine if row["what"] in _CURVES]},
            "layer": [
                {
                    "mark": {"type": "area", "opacity": 0.18, "clip": True},
                    "transform": [{"filter": "isValid(datum.low)"}],
                    "encoding": {
                        "x": x,
                        "y": quantitative("low", y),
                        "y2": {"field": "high"},
                        "color": nominal("what", None, scale=scale, legend=legend),
                    },
                },
                {
                    "mark": {"type": "line", "strokeWidth": 2, "clip": True},
                    "encoding": {
                        "x": x,
                        "y": quantitative("estimate", y),
                        "color": nominal("what", None, scale=scale, legend=legend),
                        "strokeDash": nominal("what", None, scale=dash, legend=legend),
                    },
                },
                heard({"x": x, "y": quantitative("estimate", y)}, [{"filter": "datum.in_force != 'yes'"}]),
                told(
                    {
                        "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
                        "transform": [{"filter": "datum.in_force == 'yes'"}],
                        "encoding": {
                            "x": x,
                            "y": quantitative("estimate", y),
                            "color": nominal("what", None, scale=scale),
                        },
                    }
                ),
                line,
                {
                    **line,
                    "mark": {"type": "text", "fontSize": 10, "color": INK, **side},
                    "encoding": {"x": x, "y": {"value": 8}, "text": {"field": "label"}},
                },
            ],
        }
        panels += [dots, curve]
    return {"vconcat": panels}


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
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Score alone, at the end of the run: other grounds of a list, and what people would do under another border, are left out. Dots: "
    "adults of the row with that score. True adverse record: made about something that happened, whether it still counts or not; wrongly below: without one; missed: with one. Bands: middle "
    "90 % of replays (chance).",
    missing="no list or door of the rule book hangs on a border of a score that can be worked out",
    takes=("by",),
)
