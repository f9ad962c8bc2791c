"""How far a run has come: units that are lived are written one by one, and whoever waits is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from counterscore.engine import layout
from counterscore.engine.plan import Plans
from counterscore.engine.succession import YEAR
from counterscore.results import RunWriter
from counterscore.simulation.tables import Lived, unit_tables
from counterscore.specification import RunSpec

#: Told how many steps are done, of how many, seconds left, and means so far by name.
Progress = Callable[[int, int, float, dict[str, float]], None]


class Course:
    """The units of a run that are still to be lived (``todo``), and what becomes of them.

    A step is a year of one subdistrict in one unit.
    """

    def __init__(self, spec: RunSpec, plans: dict[str, Plans], writer: RunWriter, progress: Progress | None) -> None:
        self._spec, self._plans, self._writer, self._progress = spec, plans, writer, progress
        self.todo = tuple(unit for unit in spec.units if unit not in writer.finished())
        self._steps = len(spec.city.subdistricts) * -(-spec.months // YEAR)  # of one unit
        self._began = time.monotonic()
        self._lived = self._done = 0
        self._so_far: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def year_is_over(self, subdistricts: int = 1) -> None:
        """So many subdistricts of a unit have lived another year."""
        with self._lock:
            self._lived += subdistricts
            if self._lived % self._steps:  # the last year of a unit is told of when the unit is written
                self._tell()

    def finish(self, world: str, replay: int, result: Lived) -> None:
        """Write a unit and give back what it took."""
        tables = unit_tables(self._plans[world], self._spec.worlds[world], result, self._spec.months)
        self._writer.write_unit(world, replay, tables)
        result.close()
        with self._lock:
            self._done += 1
            self._lived = max(self._lived, self._done * self._steps)
            last = result.totals["counts"][-1]
            self._so_far.setdefault(world, []).append(float(last[layout.COUNTER["listed"]]))
            self._tell()

    def _tell(self) -> None:
        if self._progress:
            whole = len(self.todo) * self._steps
            left = (time.monotonic() - self._began) / self._lived * (whole - self._lived)
            means = {f"listed at the end, {name}": float(np.mean(seen)) for name, seen in self._so_far.items()}
            self._progress(self._lived, whole, left, means)
