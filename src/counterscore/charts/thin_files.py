"""C20. Are people with few records scored less surely?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
from counterscore.charts._style import dot_and_ranges
from counterscore.measures import SMALLEST_GROUP, Life
from counterscore.measures._measure import SCALE
from counterscore.results import Run

_MOST = 8


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    if not lives or not lives[0].has_lists:
        return []
    rows: list[Row] = []
    for held in range(_MOST + 1):
        wrong, spread, people = [], [], []
        for life in lives:
            records = np.minimum(life.outcome("records"), _MOST)
            who = records == held
            people.append(float(who.sum()))
            listed = who & (life.outcome("months_listed") > 0)
            if who.sum() < SMALLEST_GROUP:
                continue
            wrong.append(10_000 * float(((life.outcome("wrong_factual") > 0) & listed).sum() / who.sum()))
            if life.has_score:
                quartiles = np.percentile(life.outcome("score")[who] / SCALE, (25, 75))
                spread.append(float(quartiles[1] - quartiles[0]))
        rows.append(
            {
                "records_held": f"{held} or more" if held == _MOST else str(held),
                "people": float(np.mean(people)),
                "score_iqr": float(np.mean(spread)) if spread else None,
            }
            | over(wrong)
        )
    return rows if any(row["value"] is not None for row in rows) else []


def _finding(rows: Sequence[Row]) -> str:
    known = [row for row in rows if row["value"] is not None]
    few, many = known[1] if len(known) > 2 else known[0], known[-1]
    text = f"Of 10,000 adults with {_records(few)}, {spoken(few, cover=True)} are wrongly listed in fact"
    if few is many:
        return f"{text}; no other number of records is held by {SMALLEST_GROUP} adults or more."
    return f"{text}; with {_records(many)}, {spoken(many)}."


def _records(row: Row) -> str:
    held = row["records_held"]
    return "no record" if held == "0" else "1 record" if held == "1" else f"{held} records"


def _draw(rows: Sequence[Row]) -> Spec:
    x = {
        "field": "records_held",
        "type": "ordinal",
        "sort": None,
        "title": "records held, true or not",
        "axis": {"labelAngle": 0},
    }
    return {"height": 240, "layer": dot_and_ranges("y", x, "wrongly listed in fact, of 10,000 of them")}


CHART = Chart(
    id="thin-files",
    number="C20",
    question="Are people with few records listed wrongly more or less often?",
    columns=(
        Column("records_held", "records", "records made about the adult over the run"),
        Column("people", "adults", "mean number of adults"),
        Column("score_iqr", "points", "score between the quartiles of them"),
        *ranged("of 10,000 adults who hold so many"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Untrue records are among those held, so more records mean more chances of a wrong one. Lines: middle 50 and 90 % of replicates (chance).",
    missing="the rule book has no list, or fewer than 30 adults hold any one number of records",
)
