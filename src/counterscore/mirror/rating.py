"""The points of the second system, applied to what is known of a real body, and the share of them that rests on nothing.

The rule book's own ledger works the score out, from records made of facts: months of arrears from late payments,
promises kept, late and broken from dated evidence. The rest of the catalogue (complaints, judgments not carried out,
false figures, pressure) is in no published contract data. A score is a sum of counts: a body with more contracts has
more to lose, so it is told with its records and never beside another body's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from counterscore.errors import Position
from counterscore.mirror.dates import day_text
from counterscore.mirror.evaluate import Evaluation
from counterscore.mirror.evidence import PROMISES, Promise, kept
from counterscore.mirror.measures import find_measure
from counterscore.mirror.tables import NONE
from counterscore.regime.cases import Case, RecordLine
from counterscore.regime.ledger import apply_on_paper
from counterscore.regime.model import Regime, Row

_MONTH = 30.4375  #: days
_ARREARS, _KEPT, _LATE, _BROKEN = "arrears-to-firm", "promise-kept", "promise-late", "promise-broken"
MOST_RECORDS = 20_000


@dataclass(frozen=True)
class Input:
    """One row of the catalogue: its points, the records that facts make of it, and how much of it can be seen."""

    row: str
    label: str
    points: float
    records: int
    coverage: float
    why: str


@dataclass(frozen=True)
class Rating:
    """A score by the rule book. None where nothing of it can be seen; ``on_nothing`` is the share of its weight."""

    body: str
    regime: str
    score: str | None
    grade: str | None
    start: float
    on_nothing: float
    inputs: tuple[Input, ...]
    note: str


def rate(evaluation: Evaluation, body: str, regime: Regime) -> Rating:
    """What ``regime`` (a rule book about public bodies with points) makes of the facts of ``body`` at the cut-off."""
    late = _late_payments(evaluation, body)
    promises = [one for one in kept(evaluation.facts.folder, PROMISES, Promise) if one.body == body]
    cut_off = evaluation.facts.cut_off
    lines = [*late, *_of_promises(promises, cut_off)]
    inputs = tuple(_input(evaluation, body, row, lines, promises) for row in regime.catalogue)
    weight = sum(abs(one.points) for one in inputs)
    seen = sum(abs(one.points) * one.coverage for one in inputs)
    start = float(regime.score.start) if regime.score is not None and regime.score.start is not None else 0.0
    share = 1 - seen / weight if weight else 1.0
    if not seen:
        return Rating(body, regime.id, None, None, start, 1.0, inputs, "nothing of the formula can be seen: no score")
    if len(lines) > MOST_RECORDS:
        note = f"{len(lines):,} records are too many for a rule book on paper"
        return Rating(body, regime.id, None, None, start, share, inputs, note)
    until = _month(cut_off)
    numbered = [
        RecordLine(number, f"{day_text(at)}", _month(at), Position("facts", number, 1), act, cycles=cycles)
        for number, (at, act, cycles) in enumerate(sorted(lines), start=1)
    ]
    first = min([until, *(line.month for line in numbered)])
    clipped = [line for line in numbered if line.month <= until]
    case = Case(body, "facts of the mirror", Position("facts", 1, 1), tuple(clipped), first, until)
    final = apply_on_paper(regime, case).final
    note = "a sum of counts: more contracts, more to lose; not to be set beside another body's"
    return Rating(body, regime.id, final.score, final.grade, start, share, inputs, note)


def _month(at: int) -> int:
    year, month, _ = (int(part) for part in day_text(at).split("-"))
    return year * 12 + month - 1


def _late_payments(evaluation: Evaluation, body: str) -> list[tuple[int, str, int]]:
    """Months of arrears, from payments that can be told to be late; none where due dates are copied."""
    if find_measure("M3").refused(evaluation.facts):
        return []
    columns = evaluation.facts.columns("payments", "body", "due", "delay", "state")
    mine = (columns["body"] == body) & (columns["state"] == "known") & (columns["delay"] > 0) & (columns["due"] != NONE)
    return [
        (int(due), _ARREARS, max(1, math.ceil(delay / _MONTH)))
        for due, delay in zip(columns["due"][mine], columns["delay"][mine], strict=True)
    ]


def _of_promises(promises: Sequence[Promise], cut_off: int) -> list[tuple[int, str, int]]:
    acts = {"kept": _KEPT, "late": _LATE, "broken": _BROKEN}
    return [
        (one.evidence if outcome == "kept" and one.evidence is not None else one.due, acts[outcome], 1)
        for one in promises
        if (outcome := one.outcome(cut_off)) in acts
    ]


def _input(
    evaluation: Evaluation, body: str, row: Row, lines: Sequence[tuple[int, str, int]], promises: Sequence[Promise]
) -> Input:
    points = float(row.points or 0)
    records = sum(cycles if row.per == "cycle" else 1 for _, act, cycles in lines if act in row.act)
    if _ARREARS in row.act:
        measure = find_measure("M3")
        cell = evaluation.cell(measure, body)
        seen = cell.n > 0 and cell.state != "refused"
        return Input(row.id, row.label, points, records, (cell.coverage or 0.0) if seen else 0.0, cell.why)
    if set(row.act) & {_KEPT, _LATE, _BROKEN}:
        decided = [one for one in promises if one.outcome(evaluation.facts.cut_off) not in {"not due", "no evidence"}]
        due = [one for one in promises if one.outcome(evaluation.facts.cut_off) != "not due"]
        share = len(decided) / len(due) if due else 0.0
        return Input(
            row.id, row.label, points, records, share, "" if due else "no promise with dated evidence was given"
        )
    return Input(row.id, row.label, points, 0, 0.0, "in no published contract data")
