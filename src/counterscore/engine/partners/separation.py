# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Couples begin and end.

Claims: in January a couple separates by a yearly lot, that of whichever of the two comes first by number; of a couple
with one partner outside the subdistrict it is the lot of who lives here. Both are single again in the same month, and may be shown and
look as others do. Whether those who were a couple at the start separate is so the same in every world. Nobody has two partners:
who is one of a couple neither looks nor is shown.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, who_draws
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import ADULT, CHUNK, COUNTER, EVENT_SINGLE, NEVER, TOP8, Single
from counterscore.engine.steps.papers import note

P_SEPARATION = int(Purpose.SEPARATION)
C_SEPARATIONS = COUNTER["separations"]


@kernel
def couple(private, month):
    """One of two who became a couple this month."""
    private.partnered = 1
    private.alone += month - private.alone_since
    private.alone_since = NEVER
    if private.couples < TOP8:
        private.couples += 1
    if private.matched == NEVER:
        private.matched = month


@kernel
def separations(residents, month):
    """January: the year's couples that separate."""
    town = residents.town
    plan, totals, space = town.plan, town.totals, town.space
    key = space.keys[P_SEPARATION] + GAMMA * np.uint64(space.first)
    for first in range(0, town.size, CHUNK):
        found = who_draws(key, plan.lives_separate, first, min(town.size, first + CHUNK), space.chosen, 0)
        for k in range(found):
            i = np.int64(space.chosen[k])
            private = residents.private[i]
            j = np.int64(private.other)
            if private.partnered == 0 or town.people[i].age < ADULT or 0 <= j < i:
                continue
            _single_again(town, residents, i, j, month)
            if j >= 0:
                _single_again(town, residents, j, i, month)
            totals.counts[C_SEPARATIONS] += 1


@kernel
def _single_again(town, residents, i, j, month):
    private = residents.private[i]
    private.partnered = 0
    private.other = -1
    private.alone_since = month
    note(town, month, i, EVENT_SINGLE, j, Single.SEPARATED, 0, 0)
