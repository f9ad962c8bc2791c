"""A measure of a nation, a few subdistricts at a time: memory then does not grow with residents.

``share``, ``mean`` and ``ratio`` give an ``Averaged`` value. Where a measure returns one, and reads nothing but rows of residents,
the value of the whole is the average of those of its parts, weighed by what each rests on. A ``Tallied`` value is that of the
parts' tallies, added up. A measure that does anything else with rows of residents takes the whole run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa

from counterscore.errors import NotKeptError
from counterscore.measures._measure import Averaged, Life, Mask, Measure, Value
from counterscore.measures._tally import Tallied
from counterscore.results import Run

_OF_RESIDENTS = ("outcomes", "private")
#: Names of groups with the adults in each, as ``measures.groups`` tells them of a life.
Grouping = Callable[[Life], Iterator[tuple[str, Mask | None]]]


class _Part:
    """A run as far as it tells of some rows of residents. ``beside`` tells whether other tables were read, which are of all;
    ``read`` keeps what was read of these rows for the next who asks.
    """

    def __init__(self, run: Run, at: int, read: dict[Any, pa.Table] | None = None) -> None:
        self._run, self._at, self.beside = run, at, False
        self._read = {} if read is None else read

    def __getattr__(self, name: str) -> Any:
        if name not in ("record", "path", "subjects", "worlds", "baseline", "tables"):
            self.beside = True
        return getattr(self._run, name)

    def table(self, name: str, world: str, replay: int, columns: list[str] | None = None) -> pa.Table:
        if name not in _OF_RESIDENTS:
            self.beside = True
            return self._run.table(name, world, replay, columns)
        return self._piece(name, world, replay, columns)

    def residents(self, columns: list[str] | None = None) -> pa.Table:
        return self._piece("residents", None, None, columns)

    def _piece(self, name: str, world: str | None, replay: int | None, columns: list[str] | None) -> pa.Table:
        key = (name, world, replay, None if columns is None else tuple(columns))
        if key not in self._read:
            self._read[key] = self._run.piece(self._at, name, world, replay, columns)
        return self._read[key]


def in_parts(one: Measure, life: Life, base: Life | None) -> Value | None:
    """The value of a measure of everybody, from parts of the run; None where it takes the whole."""
    found = by_group_in_parts(one, life, base, lambda _: iter([("everybody", None)]))
    return None if found is None else found["everybody"][0]


def all_in_parts(chosen: Iterable[Measure], life: Life, base: Life | None) -> dict[str, Value]:
    """The values of everybody of those measures that come from parts of the run; each part is read once for all of them."""
    left, found = list(chosen), dict[str, Value]()
    for at in range(life.run.pieces_of("residents")):
        read: dict[Any, pa.Table] = {}
        for one in list(left):
            part = _Part(life.run, at, read)
            here = Life(part, life.world, life.replay)  # type: ignore[arg-type]
            there = None if base is None else Life(part, base.world, base.replay)  # type: ignore[arg-type]
            value = None
            with suppress(NotKeptError):  # who asks for this one is told
                value = one.compute(here, None, there)
            if value is None or (not isinstance(value, Tallied) and (part.beside or not isinstance(value, Averaged))):
                left.remove(one)
                found.pop(one.id, None)
                continue
            found[one.id] = _together(found[one.id], value) if one.id in found else value
    return found


def by_group_in_parts(
    one: Measure, life: Life, base: Life | None, grouping: Grouping
) -> dict[str, tuple[Value, int]] | None:
    """The value of a measure in each group, and how many adults are in it, from parts of the run; None where it takes the whole."""
    added: dict[str, tuple[Value, int]] = {}
    for at in range(life.run.pieces_of("residents")):
        part = _Part(life.run, at)
        here = Life(part, life.world, life.replay)  # type: ignore[arg-type]
        there = None if base is None else Life(part, base.world, base.replay)  # type: ignore[arg-type]
        for group, mask in grouping(here):
            part.beside = False
            found = one.compute(here, mask, there)
            if not isinstance(found, Tallied) and (part.beside or not isinstance(found, Averaged)):
                return None
            many = int(here.adults.sum() if mask is None else mask.sum())
            if group in added:
                before, earlier = added[group]
                found, many = _together(before, found), many + earlier
            added[group] = found, many
    return added


def _together(one: Value, two: Value) -> Value:
    if isinstance(one, Tallied) and isinstance(two, Tallied):
        return one.plus(two)
    basis = one[1] + two[1]
    parts = [value * rests_on for value, rests_on in (one, two) if value is not None]
    return Averaged((float(np.sum(parts)) / basis if basis else None, basis))
