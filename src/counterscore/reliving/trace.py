"""Rows of a trace by name: where the month, the position and the kind stand, and each detail of a kind.

Kernels write rows of numbers (``engine.events``); whoever reads many at once asks here for a column, so that nobody counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout

MONTH, POSITION, KIND = (layout.TRACE_COLUMNS.index(name) for name in ("month", "position", "event"))
_FIRST = layout.TRACE_COLUMNS.index("a")


@cache
def column(detail: str, *kinds: int) -> int:
    """The column in which events of ``kinds`` hold a detail, such as ``row`` of a record.

    Raises ``KeyError`` where none of them has it, or not all in the same column.
    """
    found = {at for kind in kinds for at in _places(detail, kind)}
    if len(found) != 1:
        raise KeyError(detail)
    return found.pop()


def _places(detail: str, kind: int) -> Iterator[int]:
    named = [layout.EVENT_KINDS[kind].details]
    if kind == layout.EVENT_BODY:  # what it tells depends on its first detail
        for what in (layout.ASSESSED, layout.APPOINTED):
            named.append(tuple(layout.event_details([0, 0, kind, what, *[0] * 4])))
    yield from (_FIRST + names.index(detail) for names in named if detail in names)


def of_kind(events: npt.NDArray[np.int64], *kinds: int) -> npt.NDArray[np.int64]:
    """The rows of such kinds, in order."""
    return events[is_of(events, *kinds)]


def is_of(events: npt.NDArray[np.int64], *kinds: int) -> npt.NDArray[np.bool_]:
    """Which rows are of such kinds."""
    found: npt.NDArray[np.bool_] = np.isin(events[:, KIND], kinds) if len(kinds) > 1 else events[:, KIND] == kinds[0]
    return found


def detail(rows: npt.NDArray[np.int64], name: str, *kinds: int) -> Any:
    """One detail of rows that are all of such kinds."""
    return rows[:, column(name, *kinds)]
