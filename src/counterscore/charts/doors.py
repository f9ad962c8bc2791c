"""C6. Which doors refuse, and which are shut for how long?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
from counterscore.charts._style import dot_and_ranges, nominal
from counterscore.measures import Life
from counterscore.regime.vocabulary import SERVICES
from counterscore.results import Run


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    tables = [Life(run, world, replay).table("services").to_pydict() for replay in run.replays(world)]
    rows: list[Row] = []
    for service in SERVICES:
        shares, tried, refused = [], 0, 0
        for table in tables:
            mine = [k for k, one in enumerate(table["service"]) if one == service.id]
            attempts = sum(table["attempts"][k] for k in mine)
            shut = sum(table["refused"][k] for k in mine)
            tried, refused = tried + attempts, refused + shut
            shares.append(1000 * shut / attempts if attempts else None)
        if refused:
            rows.append(
                {
                    "domain": service.domain,
                    "service": service.label,
                    "attempts": tried / len(tables),
                    "refused": refused / len(tables),
                }
                | over(shares)
            )
    return sorted(rows, key=lambda row: -row["value"])


def _finding(rows: Sequence[Row]) -> str:
    most = next((row for row in rows if row["low"] is not None), rows[0])  # not a door that was hardly tried
    return f"Of 1,000 attempts at {most['service']}, {spoken(most, cover=True)} are refused by a door; doors refuse at {len(rows)} {'kind' if len(rows) == 1 else 'kinds'} of service."


def _draw(rows: Sequence[Row]) -> Spec:
    return {
        "height": {"step": 26},
        "layer": dot_and_ranges("x", nominal("service", None), "refused by a door, of 1,000 attempts"),
    }


CHART = Chart(
    id="doors",
    number="C6",
    question="Which doors refuse, and how often?",
    columns=(
        Column("domain", "", "life domain"),
        Column("service", "", "service asked for"),
        Column("attempts", "attempts", "mean number in a replicate"),
        Column("refused", "attempts", "mean number refused by a door"),
        *ranged("of 1,000 attempts"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Only attempts made are counted: who knows that a door is shut may not try. Lines: middle 50 and 90 % of replicates (chance).",
    missing="no door refused anybody",
)
