"""Measured results of a run beside findings. They never change a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from counterscore.catalog.tables import Relatedness
from counterscore.measures import Life, Measure, find_measure, measured
from counterscore.measures.cross_context import by_table
from counterscore.results import Run
from counterscore.wording import amount

PLACE = "in this made-up city"


@dataclass(frozen=True, slots=True)
class Beside:
    """One measured result. ``low`` and ``high`` are the middle 90 % of replicates, None where there are too few."""

    measure: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    run: str
    world: str
    note: str = ""
    echo: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.measure}: {self.note}"
        told = f"; {self.note}" if self.note else ""
        echo = f"; echo of {self.echo}" if self.echo else ""
        return f"{self.measure}: {amount(self.value, self.low, self.high)} {self.unit} {PLACE}, run {self.run}, world {self.world}{told}{echo}"

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {name: getattr(self, name) for name in self.__slots__}


def beside_of(
    run: Run, table: Relatedness, *, world: str | None = None
) -> Callable[[Sequence[str]], tuple[Beside, ...]]:
    """What measures a run in one world (its first, unless named); ``cross_context`` goes by the table in use."""
    where = world or run.worlds[0]
    lives = [(Life(run, where, replay), _base(run, where, replay)) for replay in run.replays(where)]
    kept: dict[str, Beside] = {}

    def one(name: str) -> Beside:
        if name not in kept:
            measure: Measure = by_table(table) if name == "cross_context" else find_measure(name)
            found = measured(measure, where, lives, run.baseline)
            kept[name] = Beside(
                name,
                found.value,
                found.low,
                found.high,
                found.unit,
                run.path.name,
                where,
                found.note,
                found.echo or found.echo_of,
            )
        return kept[name]

    return lambda names: tuple(one(name) for name in names)


def _base(run: Run, world: str, replay: int) -> Life | None:
    if run.baseline is None or run.baseline == world or (run.baseline, replay) not in run.finished:
        return None
    return Life(run, run.baseline, replay)
