"""Step 6. Which doors are in force, because of a grade, a list, or the decision behind a record.

A door of a list holds as long as the stay, or a time of its own from the entry on.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.kernel import kernel
from counterscore.engine.layout import EVENT_DOORS, FILE_KIN, NO_GRADE
from counterscore.engine.steps.papers import note


@kernel
def doors(town, i, month):
    """Bring the resident's doors up to date; bits of doors that affect kin count for the kin."""
    plan, person, space = town.plan, town.people[i], town.space
    lent = person.doors & plan.doors_lent  # what others' files hold against it stays
    mask = space.record_doors | space.bars | lent
    for s in range(plan.schemes):
        if plan.scheme_grades[s] > 0 and person.grade[s] != NO_GRADE:
            mask |= plan.grade_doors[s, person.grade[s]]
    lists = person.lists
    for l in range(plan.lists):
        if lists & (1 << l):
            mask |= plan.list_doors[l]
    if mask != person.doors:
        note(town, month, i, EVENT_DOORS, person.doors, mask, 0, 0)
    person.doors = mask


@kernel
def unable_year(plan, person):
    """Whether the year's attempts so far are as many as count, and a rule refused at least the share that counts."""
    asked = np.int64(person.asked)
    return (
        asked >= plan.doors_needed and np.int64(person.barred) << 8 >= asked * plan.doors_missed and person.barred > 0
    )


@kernel
def in_force(town, i, kin):
    """Doors in force on the resident: the own ones, and those that affect the next of kin's kin."""
    plan, person = town.plan, town.people[i]
    own = person.doors & plan.doors_self
    if kin >= 0 and town.watch[kin].file & FILE_KIN:
        own |= town.people[kin].doors & plan.doors_kin
    return own
