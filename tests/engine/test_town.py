"""What kernels are handed: the same places from Python and inside, and nothing written where there is no room."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.engine import layout, world
from counterscore.engine.kernel import entry
from counterscore.engine.place import nobody
from counterscore.engine.steps.papers import note, note_more
from counterscore.engine.town import Residents, seen


@entry
def _noted(residents, times):  # type: ignore[no-untyped-def]
    town = seen(residents).town
    for k in range(times):
        note(town, 3, k, layout.EVENT_DOORS, 5, 6, 0, 0)
        note_more(town, 7)
    return town.size


@pytest.mark.parametrize("room", [0, 1, 3])
def test_a_trace_is_written_within_its_room(room: int) -> None:
    """Also where none is kept: what lies before and behind it in memory stays as it was."""
    around = np.zeros((room + 4, len(layout.TRACE_COLUMNS)), np.int64)
    trace = around[2 : 2 + max(1, room)] if room else None
    plan, place = np.zeros(1, layout.PLAN).view(np.recarray)[0], nobody()
    town = world._town(plan, place, world.empty_totals(0), "", trace)
    if trace is None:
        town = town._replace(events=around[2:3].view(layout.EVENT)[:, 0].view(type(town.events)))
    none = (
        np.zeros(0, layout.PRIVATE),
        np.zeros(0, layout.KNOWN),
        np.zeros(0, layout.MINGLER),
        np.zeros(0, layout.MEETINGS),
    )
    assert _noted(Residents(town, *none), 5) == 0
    written = np.flatnonzero(around.any(axis=1))
    assert written.tolist() == list(range(2, 2 + room))
    assert [layout.event_details(row) for row in around[written]] == [{"before": 5, "after": 6}] * room
    assert (around[written, -1] == 7).all()
    assert place.space.trace_used == (5 if room else 0)
