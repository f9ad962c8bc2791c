"""C13. What does each other world change, and at what cost?"""

from __future__ import annotations

from collections.abc import Sequence

from counterscore import wording
from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View
from counterscore.charts._style import ZERO, panels
from counterscore.measures import find_measure, measure
from counterscore.paired import compare
from counterscore.results import Run

_MEASURES = (
    "listed_ever",
    "wrongly_listed_factual",
    "wrongly_listed_rule",
    "wrongly_listed_spread",
    "refusals",
    "misconduct",
    "missed",
    "staff_hours",
)
_COSTS = {"missed", "staff_hours"}


def _rows(run: Run, view: View) -> list[Row]:
    against = view.against or run.worlds[0]
    rows: list[Row] = []
    for name in _MEASURES:
        one = find_measure(name)
        for world in run.worlds:
            if world in {against, run.baseline}:
                continue
            gap = compare(run, name, world=world, baseline=against)
            if gap.value is None:
                continue
            levels = {side: measure(run, name, world=side)[0].value for side in (world, against)}
            rows.append(
                {
                    "measure": one.question.rstrip("?"),
                    "cost": "cost" if name in _COSTS else "",
                    "unit": one.unit,
                    "world": world,
                    "baseline": against,
                    "level": levels[world],
                    "level_baseline": levels[against],
                    "answer": gap.answer,
                    "value": gap.value,
                    "low": gap.low,
                    "high": gap.high,
                    "low_half": None,
                    "high_half": None,
                    "n_replays": gap.n_replays,
                    "range_kind": gap.range_kind,
                }
            )
    return rows


def _finding(rows: Sequence[Row]) -> str:
    base = rows[0]["baseline"]
    sure = [row for row in rows if row["answer"] == "distinguishable"]
    if not sure:
        if all(row["answer"] == wording.EXACTLY_NONE for row in rows):
            return f"Exactly no difference from {base} in any of these measures."
        if all(row["low"] is None for row in rows):
            return f"{wording.replicates(rows[0]['n_replays'])}: too few to tell differences from {base} from chance."
        return f"No difference from {base} can be told from chance in {rows[0]['n_replays']} replicates."
    parts = [_said(max(some, key=_weight)) for cost in ("", "cost") if (some := [r for r in sure if r["cost"] == cost])]
    return f"Largest change beside {base}: {'; largest cost: '.join(parts)}."


def _weight(row: Row) -> tuple[float, float]:
    """How much of what there was a change is; what was not there before comes first."""
    before = row["level_baseline"]
    return (abs(row["value"] / before) if before else float("inf"), abs(row["value"]))


def _said(row: Row) -> str:
    what = f"{row['measure'][:1].lower()}{row['measure'][1:]}"
    levels = f"{wording.number(row['level_baseline'])} to {wording.number(row['level'])} {row['unit']}"
    low, high = (wording.signed(row[end], row["value"]) for end in ("low", "high"))
    return f"\u201c{what}\u201d from {levels} under {row['world']} (change {wording.signed(row['value'])}, 90 % interval {low} to {high})"


def _draw(rows: Sequence[Row]) -> Spec:
    drawn = [row | {"line": row["world"].removeprefix(f"{row['baseline']}+"), "measure": _panel(row)} for row in rows]
    return panels(drawn, "line", f"difference from {rows[0]['baseline']}, {{unit}}", before=[ZERO])


def _panel(row: Row) -> str:
    return str(row["measure"]) + (" (a cost)" if row["cost"] else "")


CHART = Chart(
    id="reforms",
    number="C13",
    question="What does each other world change, and at what cost?",
    columns=(
        Column("measure", "", "measure"),
        Column("cost", "", "cost where more of it is a cost of the rule"),
        Column("unit", "", "its unit"),
        Column("world", "", "world"),
        Column("baseline", "", "world it is compared with"),
        Column("level", "", "mean in the world"),
        Column("level_baseline", "", "mean in the world it is compared with"),
        Column("answer", "", "whether the difference can be told from none"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Lines: 90 % interval of the mean paired difference (chance between replicates, these residents; not the assumptions). Same residents, same random numbers.",
    missing="the run has no second world besides the baseline; add one with --also",
)
