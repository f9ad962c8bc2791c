"""C5. Who moves up or down, who never moves back?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken, withheld
from counterscore.charts._lived import Lived, basis, date_after, group_masks, lived
from counterscore.charts._style import matrix, written
from counterscore.measures import SMALLEST_GROUP, Life
from counterscore.results import Run
from counterscore.results.tables import NO_GRADE

_WIDE = 440  #: pixels of a matrix of few grades
_ANY = "all with a grade"
_WAYS = ("in a better grade than then, of 100", "in the same, of 100", "in a worse, of 100")
_FALLEN = "fallen by then"
_BACK = "back in the first grade, of 100 who had fallen by then"


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    found = lived(run, world)
    if found is None:
        return []
    names = Life(run, world, found.replays[0]).grades
    first = _first(found)
    if not names or first is None:
        return []
    rows: list[Row] = []
    for group, masks, small in group_masks(run, view, found):
        if small:
            empty = {"group": withheld(group), "since": None, "grade_start": None, "grade_end": None, "people": None}
            rows.append(empty | over([]))
            continue
        for at in dict.fromkeys((first, (first + len(found.months)) // 2)):
            for start, end, values in _moves(found, masks, (first, at, len(found.months) - 1), names):
                row = {
                    "group": group,
                    "since": date_after(run, found.months[at]),
                    "grade_start": start,
                    "grade_end": end,
                    "people": float(np.mean([n for n, _ in values])) if values else None,
                }
                rows.append(row | over(share for _, share in values))
    return rows


def _first(found: Lived) -> int | None:
    """The first point at which enough adults have a grade in every replay, before the last; who consents joins late."""
    for at in range(len(found.months) - 1):
        if all(
            int((seen[at] & (grade[at] != NO_GRADE)).sum()) >= SMALLEST_GROUP
            for grade, seen in zip(found.grade, found.seen, strict=True)
        ):
            return at
    return None


def _moves(
    found: Lived, masks: Sequence[npt.NDArray[np.bool_]], points: tuple[int, int, int], names: Sequence[str]
) -> Iterator[tuple[str, str, list[tuple[int, float | None]]]]:
    """From each grade at the second of three points to each at the third: people, and how many of 100, by replay."""
    three = [
        _graded(grade, seen, mask, points) for grade, seen, mask in zip(found.grade, found.seen, masks, strict=True)
    ]
    for a, start in enumerate(names):
        sizes = [int((one[:, 1] == a).sum()) for one in three]
        if not any(sizes):
            continue
        for b, end in enumerate(names):
            if min(sizes) < SMALLEST_GROUP:
                yield withheld(start, "adults"), end, []
            else:
                yield start, end, [_share(one[one[:, 1] == a][:, 2] == b) for one in three]
    if min(len(one) for one in three) >= SMALLEST_GROUP:
        for way, sign in zip(_WAYS, (-1, 0, 1), strict=True):
            yield _ANY, way, [_share(np.sign(one[:, 2] - one[:, 1]) == sign) for one in three]
    fallen = [one[one[:, 1] > one[:, 0]] for one in three]
    if min(len(one) for one in fallen) >= SMALLEST_GROUP:
        yield _FALLEN, _BACK, [_share(one[:, 2] <= one[:, 0]) for one in fallen]


def _graded(grade: Any, seen: Any, mask: Any, points: tuple[int, int, int]) -> npt.NDArray[np.int64]:
    """Grades at three points of those who have one at all of them."""
    chosen = list(points)
    whole = mask & seen[chosen].all(axis=0) & (grade[chosen] != NO_GRADE).all(axis=0)
    found: npt.NDArray[np.int64] = grade[chosen][:, whole].T.astype(np.int64)
    return found


def _share(what: npt.NDArray[np.bool_]) -> tuple[int, float | None]:
    return int(what.sum()), 100 * float(what.mean()) if len(what) else None


def _finding(rows: Sequence[Row]) -> str:
    sums = [row for row in rows if row["grade_start"] == _ANY]
    if not sums:
        return "Too few adults have a grade at all three times to be told of."
    fallen = [row for row in sums if row["grade_end"] == _WAYS[-1] and row["since"] == sums[0]["since"]]
    group, since = max(fallen, key=lambda row: row["value"])["group"], sums[0]["since"]
    better, same, worse = (row for row in sums if (row["group"], row["since"]) == (group, since))
    whom = "adults" if group == "everybody" else f"adults of the group that falls most often ({group})"
    text = (
        f"Of 100 {whom} with a grade, {spoken(worse, cover=True)} end the run in a worse grade than in {since}, "
        f"{spoken(same)} in the same, {spoken(better)} in a better"
    )
    back = next((row for row in rows if row["group"] == group and row["grade_start"] == _FALLEN), None)
    return f"{text}." if back is None else f"{text}; of 100 who had fallen by {back['since']}, {spoken(back)} are back."


def _draw(rows: Sequence[Row]) -> Spec:
    panels = []
    for group, since in dict.fromkeys((row["group"], row["since"]) for row in rows):
        mine = [row for row in rows if (row["group"], row["since"]) == (group, since)]
        if since is None:
            panels.append({**matrix(mine, "group", "grade_end"), "title": None})
            continue
        title = f"from {since} to the end" + (f": {group}" if group != "everybody" else "")
        sums = [row for row in mine if row["grade_start"] in {_ANY, _FALLEN}]
        cells = [row for row in mine if row not in sums]
        panels.append(
            matrix(
                cells,
                "grade_start",
                "grade_end",
                labels=("grade then", "grade at the end"),
                title=title,
                most=100,
                cell=(max(74, _WIDE // max(1, len({row["grade_end"] for row in cells}))), 36),
            )
        )
        panels.append(written(sums, "grade_end", width=200))
    return {"vconcat": panels, "spacing": 14}


CHART = Chart(
    id="grade-moves",
    number="C5",
    question="Who moves up or down, who never moves back?",
    columns=(
        Column("group", "", "group of residents"),
        Column("since", "month", "moves from its beginning to the end of the run"),
        Column("grade_start", "", "grade then"),
        Column("grade_end", "", "grade at the end of the run, or how it compares"),
        Column("people", "adults", "mean number"),
        *ranged("of 100 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Numbers: of 100 adults with the grade on the left, the mean over replicates; beneath, the middle 90 % of replicates (chance). "
    "Adults who have a grade at the first date, half-way and at the end.",
    missing="the rule book has no grades, or no score that can be worked out",
    takes=("by",),
    basis=basis,
)
