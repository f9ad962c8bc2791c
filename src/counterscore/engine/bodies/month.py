"""The month of the public bodies: where each goes through its nine steps, from top to bottom."""

from __future__ import annotations

import numpy as np

from counterscore.engine.bodies.assessment import asking, assessment, tally_standing
from counterscore.engine.bodies.careers import (
    appoint,
    careers,
    lift_restrictions,
    own_record,
    restrict_officials,
    told_of_leader,
)
from counterscore.engine.bodies.promises import budget, falling_due, signing
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import FILE_DECIDED, FILE_NEWS
from counterscore.engine.steps.rights import rights
from counterscore.engine.steps.settling import begin_file, settle_file, tally_stay


@kernel
def bodies_begin(bodies, residents, month):
    """The start of the public bodies' month: luck, and in January careers, budget and assessment."""
    town = bodies.town
    space, homes = town.space, residents.town
    for q in range(space.keys.shape[0]):
        space.keys[q] = homes.space.keys[q]
    lift_restrictions(bodies, residents)
    if month % 12 == 0:
        if month > 0:
            careers(bodies, residents, month)
        for i in range(town.size):
            if month == 0:
                appoint(bodies, residents, i, np.int64(bodies.own[i].leader), month)
            budget(bodies, i)
            assessment(bodies, i, month)


@kernel
def body_month(bodies, firms, residents, i, month):
    """The nine steps of one public body."""
    town = bodies.town
    plan, file = town.plan, town.people[i]
    watch, space = town.watch[i], town.space
    begin_file(town, i)
    # 1. Circumstances, 2. Conduct, 3. Recording
    if month % 12 == 0 and month > 0:
        told_of_leader(bodies, i, month)
    signing(bodies, firms, i, month, residents.town.size)
    owing = falling_due(bodies, firms, i, month)
    space.performed = 0 if owing else -1  # all lists end with the last judgment
    # 4. Scoring, 5. Listing, 6. Doors
    if watch.due <= month or space.filed != 0 or file.lists != 0:
        settle_file(town, i, month)
    own_record(bodies, i, month)
    restrict_officials(bodies, residents, i)
    # 7. Attempts
    asking(bodies, i, month)
    # 8. Rights; 9. Response is January's assessment
    rights(town, i, month)
    watch.flag = 0
    watch.file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
    tally_standing(bodies, i)
    if file.lists & plan.lists_adverse != 0:
        tally_stay(town, i)
