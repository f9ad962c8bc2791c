"""Bodies side by side: within one method class and value band, ranked only as intervals, tested together (Holm).

One number over several measures does not exist here, unless whoever asks writes the weights; then the share of the
weight that rests on nothing is told with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from counterscore.errors import Findings, quoted
from counterscore.mirror.evaluate import FEWEST_COMPARED, LEAST_COVERAGE, Evaluation, drawn_again, estimate
from counterscore.mirror.intervals import (
    Floats,
    holm,
    newcombe,
    shrunk,
    two_samples,
    two_shares,
)
from counterscore.mirror.measures import Measure, Rows
from counterscore.regime.read import read_document


@dataclass(frozen=True)
class Standing:
    """One body among those of its stratum. Ranks count from 1, the highest value; both ends of a 95 % interval.

    ``gap`` is the difference from the others of the stratum, ``p`` what Holm makes of its test.
    """

    measure: str
    stratum: str
    body: str
    n: int
    value: float
    low: float | None
    high: float | None
    shrunk: float | None
    rank_low: int
    rank_high: int
    of: int
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    p: float

    def as_data(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in self.__dataclass_fields__}


def standings(evaluation: Evaluation) -> list[Standing]:
    """Every body that can be compared, by measure and stratum. Holm runs over all of them together."""
    raw = [one for measure in evaluation.measures for one in _of_measure(evaluation, measure)]
    adjusted = holm([one.p for one in raw])
    return [Standing(**{**one.as_data(), "p": p}) for one, p in zip(raw, adjusted, strict=True)]


def _of_measure(evaluation: Evaluation, measure: Measure) -> Iterator[Standing]:
    if not measure.ranked or measure.refused(evaluation.facts):
        return
    rows = evaluation.rows(measure)
    for stratum in sorted(set(rows.stratum)):
        inside = rows.where(np.asarray(rows.stratum == stratum, np.bool_))
        bodies = [(one, inside.where(np.asarray(inside.body == one, np.bool_))) for one in evaluation.bodies]
        able = [(body, mine.where(mine.counted)) for body, mine in bodies if _able(mine)]
        if len(able) >= 2:
            yield from _stand(measure, str(stratum) or "all", able)


def _able(rows: Rows) -> bool:
    n = int(rows.counted.sum())
    return n >= FEWEST_COMPARED and n >= LEAST_COVERAGE * len(rows)


def _stand(measure: Measure, stratum: str, able: Sequence[tuple[str, Rows]]) -> Iterator[Standing]:
    drawn = [_drawn(measure, rows) for _, rows in able]
    times = min(len(one) for one in drawn)
    table = np.stack([one[:times] for one in drawn])
    # The rank of each body in each resample; bodies that are equal share the better rank.
    ranks = np.stack([(table > row).sum(axis=0) + 1 for row in table])
    steady = None
    if measure.kind in {"share", "late"}:
        counts = np.array([int(rows.value.sum()) for _, rows in able])
        steady = shrunk(counts, np.array([len(rows) for _, rows in able]))
    for at, (body, rows) in enumerate(able):
        value, low, high, _ = estimate(measure, rows)
        gap, gap_low, gap_high, p = _against(measure, rows, [other for k, (_, other) in enumerate(able) if k != at])
        rank_low, rank_high = (int(one) for one in np.quantile(ranks[at], (0.025, 0.975), method="closest_observation"))
        yield Standing(
            measure.id, stratum, body, len(rows), value, low, high, None if steady is None else float(steady[at]),
            rank_low, rank_high, len(able), gap, gap_low, gap_high, p,
        )  # fmt: skip


def _drawn(measure: Measure, rows: Rows) -> Floats:
    found = drawn_again(measure, rows)
    return np.full(1, float(np.mean(rows.value))) if found is None else found


def _against(measure: Measure, rows: Rows, among: Sequence[Rows]) -> tuple[float, float | None, float | None, float]:
    mine, others = rows.value, np.concatenate([one.value for one in among])
    if measure.kind == "median":
        return float(np.median(mine) - np.median(others)), None, None, two_samples(mine, others)
    if measure.kind == "ratio":
        count, of = (sum(int(one.more[name].sum()) for one in among) for name in ("count", "of"))
        gap = float(rows.more["count"].sum() / rows.more["of"].sum()) - count / of
        return gap, None, None, two_samples(mine, others)
    counts = int(mine.sum()), len(mine), int(others.sum()), len(others)
    low, high = newcombe(*counts)
    return float(mine.mean() - others.mean()), low, high, two_shares(*counts)


def why_none(evaluation: Evaluation) -> str:
    """Why there is nothing to compare, in words."""
    many = len(evaluation.bodies)
    if many < 2:
        return f"{many or 'No'} rated {'body' if many == 1 else 'bodies'}: there is nothing to compare."
    return (
        f"No two bodies can be compared: each needs {FEWEST_COMPARED} usable rows and a coverage of "
        f"{LEAST_COVERAGE * 100:.0f} % within one method class and value band."
    )


def read_weights(path: Path, known: Sequence[Measure]) -> dict[str, float]:
    """Weights of measures in a file that the user wrote. Raises ``InputError`` with every mistake."""
    document = read_document(path, kind="weights")
    findings = Findings(document.line)
    raw = document.data.get("measures")
    usable = {one.id: one for one in known if one.kind in {"share", "ratio", "late"}}
    if not isinstance(raw, dict) or not raw:
        findings.problem(
            document.at(()), "a file of weights has measures with their weights", "Write measures: {M1: 0.5, M6: 0.5}"
        )
        findings.raise_problems()
    for key, value in raw.items():
        at = document.at(("measures", key))
        if key not in usable:
            findings.problem(at, f"{quoted(key)} cannot be weighed", f"Shares can: {', '.join(usable)}.")
        elif isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            findings.problem(at, f"the weight of {key} must be a number above 0", "Write 0.5.")
    findings.raise_problems()
    return {str(key): float(value) for key, value in raw.items()}


@dataclass(frozen=True)
class Weighed:
    """One number over several measures, by somebody's weights. ``on_nothing`` is the share of weight without data."""

    body: str
    value: float | None
    on_nothing: float
    used: tuple[str, ...]


def weighed(evaluation: Evaluation, weights: dict[str, float], bodies: Sequence[str]) -> list[Weighed]:
    """For each body the weighted mean of what can be seen; promises kept count as promises not kept."""
    total = sum(weights.values())
    out = []
    for body in bodies:
        seen, used, covered = 0.0, 0.0, 0.0
        names = []
        for measure in evaluation.measures:
            cell = evaluation.cell(measure, body)
            weight = weights.get(measure.id, 0.0)
            if not weight or cell.state != "printed" or cell.value is None:
                continue
            seen += weight * (1 - cell.value if measure.id == "M12" else cell.value)
            used += weight
            covered += weight * (cell.coverage or 0)
            names.append(measure.id)
        out.append(Weighed(body, seen / used if used else None, 1 - covered / total, tuple(names)))
    return out
