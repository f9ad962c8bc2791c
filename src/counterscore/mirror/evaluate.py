"""From rows to what is printed: a number never without n, eligible, coverage, reasons and interval in the same cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterscore.errors import UsageError, did_you_mean
from counterscore.mirror.bodies import NOT_BODIES
from counterscore.mirror.evidence import NOTICES, PROMISES, Notice, Promise, kept
from counterscore.mirror.intervals import Floats, interval, late_after, means, medians, resampled, shares_late, wilson
from counterscore.mirror.measures import Measure, Rows, all_measures
from counterscore.mirror.measures._measure import Beside
from counterscore.mirror.tables import Facts

FEWEST_PRINTED = 10  #: usable rows, below which no number is printed
FEWEST_COMPARED = 30  #: usable rows, below which a body is not compared …
LEAST_COVERAGE = 0.5  #: … nor one of whose rows fewer can be used
ALL = "all bodies"


@dataclass(frozen=True)
class Cell:
    """One measure of one body. ``state`` is printed, too few or refused; ``value`` is None unless it is printed.

    ``n`` of ``eligible`` rows could be used; ``reasons`` says why not for the rest, so that both add up.
    """

    measure: str
    body: str
    state: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    n: int = 0
    eligible: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()
    why: str = ""
    note: str = ""

    @property
    def coverage(self) -> float | None:
        return self.n / self.eligible if self.eligible else None

    @property
    def comparable(self) -> bool:
        return self.state == "printed" and self.n >= FEWEST_COMPARED and (self.coverage or 0) >= LEAST_COVERAGE

    def by_state(self) -> dict[str, int]:
        """The reasons added up: missing, impossible, contradictory, copied, open."""
        out: Counter[str] = Counter()
        for reason, many in self.reasons.items():
            out[reason.split(":")[0]] += many
        return dict(out)

    def as_data(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "body": self.body,
            "state": self.state,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "interval": self.interval,
            "n": self.n,
            "eligible": self.eligible,
            "coverage": self.coverage,
            "reasons": self.reasons,
            "beside": [dict(zip(("what", "value", "low", "high"), one, strict=True)) for one in self.beside],
            "why": self.why,
            "note": self.note,
        }


@dataclass(frozen=True)
class Line:
    """One line of sensitivity: the same number under another reading of the data."""

    measure: str
    body: str
    what: str
    value: float | None
    n: int
    headline: float | None
    note: str = ""


class Evaluation:
    """All measures over one folder of facts, each worked out when it is asked for."""

    def __init__(self, facts: Facts, measures: Sequence[Measure] | None = None) -> None:
        self.facts = facts
        self.measures = tuple(measures or all_measures())
        self._rows: dict[str, Rows] = {}
        self._cells: dict[tuple[str, str], Cell] = {}
        self._others: dict[tuple[str, str], Rows | None] = {}  #: rows under other readings of the data
        rated = [one["label"] for one in facts.record["bodies"] if one["rated"]]
        told = [*kept(facts.folder, PROMISES, Promise), *kept(facts.folder, NOTICES, Notice)]
        extra = sorted({one.body for one in told} - set(rated))
        self.bodies: tuple[str, ...] = (*dict.fromkeys(rated), *extra)

    def rows(self, measure: Measure) -> Rows:
        """The eligible rows of a measure, over all bodies."""
        if measure.id not in self._rows:
            self._rows[measure.id] = measure.rows(self.facts)
        return self._rows[measure.id]

    def rows_of(self, measure: Measure, body: str) -> Rows:
        rows = self.rows(measure)
        return rows if body == ALL else rows.where(np.asarray(rows.body == body, np.bool_))

    def cell(self, measure: Measure, body: str = ALL) -> Cell:
        """One measure of one body, or of all together."""
        key = measure.id, body
        if key not in self._cells:
            self._cells[key] = self._made(measure, body)
        return self._cells[key]

    def _made(self, measure: Measure, body: str) -> Cell:
        rows = self.rows_of(measure, body)
        refused = measure.refused(self.facts)
        if not refused:
            return cell_of(measure, body, rows)
        # Nothing is counted where the measure is refused: rows that could be used alone are of no use.
        reasons = dict(Counter(str(one) for one in rows.reason if one))
        if n := int(rows.counted.sum()):
            copied = any(one["name"] in measure.copied for one in self.facts.record["copied"])
            reasons[f"{'copied' if copied else 'missing'}: {refused}"] = n
        return Cell(measure.id, body, "refused", eligible=len(rows), reasons=reasons, why=refused)

    def cells(self, bodies: Sequence[str] | None = None) -> Iterator[Cell]:
        """The cells of ``bodies`` (all together and each that is rated, where none are named), measure by measure."""
        for measure in self.measures:
            for body in bodies if bodies is not None else (ALL, *self.bodies):
                yield self.cell(measure, body)

    def find_body(self, name: str) -> str:
        """The rated body called ``name``. Raises ``UsageError``, with the reason for bodies that are not rated."""
        if name == ALL or name in self.bodies:
            return name
        for one in self.facts.record["bodies"]:
            if one["label"] == name and one["label"] not in NOT_BODIES:
                raise UsageError(
                    f"{name} is not rated: {one['why_not']}",
                    suggestion="Bodies of the register (bodies: in source.yaml) are rated whatever their size.",
                )
        lower: dict[str, str] = {one.casefold(): one for one in self.bodies}
        if name.casefold() in lower:
            return lower[name.casefold()]
        close = did_you_mean(name, self.bodies)
        raise UsageError(
            f'no body that is rated is called "{name}"',
            suggestion=(f"Did you mean {close}?  " if close else "") + "All: counterscore mirror coverage DIR",
        )

    def sensitivity(self, body: str = ALL) -> list[Line]:
        """Every other reading of the data that a measure knows, and bodies told apart by looser names."""
        out = []
        for measure in self.measures:
            head = self.cell(measure, body)
            if head.state == "refused":
                continue
            for what, other in measure.sensitivities.items():
                key = measure.id, what
                if key not in self._others:
                    self._others[key] = other(self.facts, self.rows(measure))
                found = self._others[key]
                if found is not None:
                    mine = found if body == ALL else found.where(np.asarray(found.body == body, np.bool_))
                    out.append(_line(measure, body, what, mine, head))
            if body != ALL and (line := self._merged(measure, body, head)):
                out.append(line)
        return out

    def _merged(self, measure: Measure, body: str, head: Cell) -> Line | None:
        groups = {one["label"]: one["merged"] for one in self.facts.record["bodies"]}
        mine = {label for label, to in groups.items() if to == groups.get(body)}
        if len(mine) < 2:
            return None
        rows = self.rows(measure)
        joined = rows.where(np.isin(rows.body.astype(str), list(mine)))
        return _line(measure, body, f"names merged ({len(mine)} spellings)", joined, head)


def cell_of(measure: Measure, body: str, rows: Rows) -> Cell:
    """A cell of a measure that is not refused, from its eligible rows."""
    reasons = dict(Counter(str(one) for one in rows.reason if one))
    n = int(rows.counted.sum())
    common: dict[str, Any] = {"measure": measure.id, "body": body, "eligible": len(rows), "reasons": reasons}
    if measure.kind == "published":
        return _published(rows, common)
    if n < FEWEST_PRINTED:
        return Cell(**common, state="too few", n=n, why=f"not computable (n = {n} of {len(rows)})")
    value, low, high, interval = estimate(measure, rows)
    told = tuple(measure.beside(rows))
    return Cell(**common, state="printed", value=value, low=low, high=high, interval=interval, n=n, beside=told)


def estimate(measure: Measure, rows: Rows) -> tuple[float, float | None, float | None, str]:
    """Value, ends and kind of interval of the rows that count."""
    used = rows.where(rows.counted)
    if measure.kind == "share":
        count = int(used.value.sum())
        return count / len(used), *wilson(count, len(used)), "Wilson, 95 %"
    drawn = drawn_again(measure, used)
    low, high = interval(drawn)
    if measure.kind == "late":
        value = late_after(used.more["delay"].astype(np.float64), used.more["unpaid"].astype(np.bool_), 0)
        return value, low, high, "none: one contract" if low is None else "bootstrap by contract, 95 %"
    if measure.kind == "ratio":
        value = float(used.more["count"].sum() / used.more["of"].sum())
    else:
        value = float(np.median(used.value))
    return value, low, high, "none: one process" if low is None else "bootstrap by process, 95 %"


def drawn_again(measure: Measure, used: Rows) -> Floats | None:
    """The values a measure takes when the processes (or contracts) behind rows that count are drawn again."""
    _, clusters = np.unique(used.cluster.astype(str), return_inverse=True)
    if measure.kind == "late":
        delays, unpaid = used.more["delay"].astype(np.float64), used.more["unpaid"].astype(np.bool_)
        return resampled(clusters, lambda weights: shares_late(delays, unpaid, 0, weights))
    if measure.kind == "share":
        return resampled(clusters, lambda weights: means(used.value, weights))
    if measure.kind == "ratio":
        count, of = used.more["count"], used.more["of"]
        return resampled(clusters, lambda weights: np.asarray(weights @ count / (weights @ of), np.float64))
    order = np.argsort(used.value, kind="stable")
    ordered = used.value[order]
    return resampled(clusters[order], lambda weights: medians(ordered, weights))


def _published(rows: Rows, common: dict[str, Any]) -> Cell:
    """What bodies say of themselves, weighted by what they counted; no sample, so no interval."""
    used = rows.where(rows.counted)
    if not len(used):
        return Cell(**common, state="too few", why="no notice of this body was given")
    weights, days = np.maximum(used.more["n"], 1), used.more["mean_days"]
    known = ~np.isnan(days)
    told: list[Beside] = [("invoices the body counted", float(used.more["n"].sum()), None, None)]
    if known.any():
        told.append(("mean days, as published", float(np.average(days[known], weights=weights[known])), None, None))
    value = float(np.average(used.value, weights=weights))
    return Cell(
        **common,
        state="printed",
        value=value,
        interval="none: as published by the body itself",
        n=len(used),
        beside=tuple(told),
        note="self-reported",
    )


def _line(measure: Measure, body: str, what: str, rows: Rows, head: Cell) -> Line:
    n = int(rows.counted.sum())
    if n < FEWEST_PRINTED:
        return Line(measure.id, body, what, None, n, head.value, f"not computable (n = {n} of {len(rows)})")
    return Line(measure.id, body, what, estimate(measure, rows)[0], n, head.value)
