"""A measure of a nation, a few subdistricts at a time: memory then does not grow with residents.

``share``, ``mean`` and ``ratio`` give an ``Averaged`` value. Where a measure returns one, and reads nothing but rows of residents,
the value of the whole is the average of those of its parts, weighed by what each rests on. Whatever else a measure does is
worked out over the whole run.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from counterscore.measures._measure import Averaged, Life, Measure, Value
from counterscore.results import Run

_OF_RESIDENTS = ("outcomes", "private")


class _NeedsTheWholeError(Exception):
    """A measure asked for something that is not a row of residents."""


class _Part:
    """A run as far as it tells of some rows of residents."""

    def __init__(self, run: Run, at: int) -> None:
        self._run, self._at = run, at

    def __getattr__(self, name: str) -> Any:
        if name in ("record", "path", "subjects", "worlds", "baseline", "tables"):
            return getattr(self._run, name)
        raise _NeedsTheWholeError

    def table(self, name: str, world: str, replay: int, columns: list[str] | None = None) -> pa.Table:
        if name not in _OF_RESIDENTS:
            raise _NeedsTheWholeError
        return self._run.piece(self._at, name, world, replay, columns)

    def residents(self, columns: list[str] | None = None) -> pa.Table:
        return self._run.piece(self._at, "residents", columns=columns)


def in_parts(one: Measure, life: Life, base: Life | None) -> Value | None:
    """The value of a measure of everybody, from parts of the run; None where it takes the whole."""
    above = below = 0.0
    for at in range(life.run.pieces_of("residents")):
        part = _Part(life.run, at)
        here = Life(part, life.world, life.replay)  # type: ignore[arg-type]
        there = None if base is None else Life(part, base.world, base.replay)  # type: ignore[arg-type]
        try:
            found = one.compute(here, None, there)
        except _NeedsTheWholeError:
            return None
        if not isinstance(found, Averaged):
            return None
        value, basis = found
        above += 0.0 if value is None else value * basis
        below += basis
    return Averaged((above / below if below else None, below))
