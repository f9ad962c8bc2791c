"""What a chart is: a question, tidy rows, one sentence of finding, and a drawing made from the rows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from counterscore import wording
from counterscore.measures import FEWEST_REPLAYS, SMALLEST_GROUP
from counterscore.results import Run

Row = dict[str, Any]
Option = Literal["by", "tolerance", "resident", "pick", "among", "replay"]
OPTIONS: tuple[Option, ...] = get_args(Option)
Spec = dict[str, Any]
#: The columns every row of a chance range ends with, in this order.
RANGE = ("value", "low", "high", "low_half", "high_half", "n_replays", "range_kind")


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at. ``world`` None is the world asked for, ``against`` None the baseline.

    The rest is for the charts that take it (``Chart.takes``): ``by`` a group of residents; ``tolerance`` a
    difference that whoever asks calls small, in the unit of the chart; ``resident`` a resident's id, or ``pick``
    (median, p10, p90) of the group ``among``, in ``replay``.
    """

    world: str | None = None
    by: str | None = None
    against: str | None = None
    tolerance: float | None = None
    resident: str | None = None
    pick: str | None = None
    among: str | None = None
    replay: int | None = None

    def of(self, run: Run) -> str:
        """The world looked at."""
        return self.world or run.worlds[0]

    def base(self, run: Run) -> str | None:
        """The world it is compared with; None where there is no other."""
        base = self.against or run.baseline
        return base if base != self.of(run) else None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart's table, with unit and meaning."""

    name: str
    unit: str
    meaning: str


RANGE_COLUMNS = (
    Column("value", "", "mean over replicates"),
    Column("low", "", "5th percentile of replicates"),
    Column("high", "", "95th percentile of replicates"),
    Column("low_half", "", "25th percentile of replicates"),
    Column("high_half", "", "75th percentile of replicates"),
    Column("n_replays", "replicates", "replicates behind the row"),
    Column("range_kind", "", "what the range covers"),
)


def ranged(unit: str) -> tuple[Column, ...]:
    """The columns of a chance range, ``value`` with its unit."""
    return (replace(RANGE_COLUMNS[0], unit=unit), *RANGE_COLUMNS[1:])


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. ``rows`` computes the table, ``finding`` says it in a sentence, ``draw`` makes a Vega-Lite
    specification from the rows alone, so that table and drawing cannot differ.

    ``rows`` gets the run, or the check of a claim where ``source`` is "claim". It returns an empty list where that
    cannot answer; then ``missing`` says why. ``takes`` names the parts of a view that mean something to the chart.
    ``basis`` says what a chart rests on that does not rest on all of the run.
    """

    id: str
    number: str
    question: str
    columns: tuple[Column, ...]
    rows: Callable[[Any, View], list[Row]]
    finding: Callable[[Sequence[Row]], str]
    draw: Callable[[Sequence[Row]], Spec]
    caption: str
    missing: str = "nothing to show in this run"
    takes: tuple[Option, ...] = ()
    source: Literal["run", "claim"] = "run"
    basis: Callable[[Any, View], str] | None = None


def over(values: Iterable[float | None]) -> Row:
    """Mean and ranges over replays; no range from fewer than ten."""
    seen = [float(value) for value in values if value is not None]
    row: Row = {"value": float(np.mean(seen)) if seen else None}
    if len(seen) >= FEWEST_REPLAYS:
        low, low_half, high_half, high = np.percentile(seen, (5, 25, 75, 95))
        row |= {"low": float(low), "high": float(high), "low_half": float(low_half), "high_half": float(high_half)}
    else:
        row |= {"low": None, "high": None, "low_half": None, "high_half": None}
    return row | {"n_replays": len(seen), "range_kind": "replays"}


def spoken(row: Mapping[str, Any], cover: bool = False) -> str:
    """``48.1 (40.2 to 55.0)`` as every output prints it; ``cover`` says what the range is, once a sentence."""
    text = wording.amount(row["value"], row["low"], row["high"])
    return f"{text[:-1]}, {wording.RANGE_IN_WORDS})" if cover and text.endswith(")") else text


def months_of(run: Run) -> list[str]:
    """The dates of the run's months, as ``2018-01``."""
    year, month = (int(part) for part in run.record["start"].split("-"))
    first = year * 12 + month - 1
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(first, first + int(run.record["months"]))]


def withheld(group: str, whom: str = "residents") -> str:
    """How a group of too few residents is named where its numbers are not told."""
    return f"{group} (withheld: fewer than {SMALLEST_GROUP} {whom})"
