"""Step 6. Which doors are in force, because of a grade, a list, or the decision behind a record.

A door of a list holds as long as the stay, or a time of its own from the entry on.
"""

from __future__ import annotations

from counterscore.engine.kernel import kernel
from counterscore.engine.layout import EVENT_DOORS, FILE_KIN, NO_GRADE
from counterscore.engine.steps.papers import note


@kernel
def doors(P, S, H, E, X, i, month):
    """Bring the resident's doors up to date; bits of doors that affect kin count for the kin."""
    mask = X.person[3] | X.person[8] | (S[i].doors & P.doors_lent)  # what others' files hold against it stays
    for s in range(P.schemes):
        if P.scheme_grades[s] > 0 and S[i].grade[s] != NO_GRADE:
            mask |= P.grade_doors[s, S[i].grade[s]]
    lists = S[i].lists
    for l in range(P.lists):
        if lists & (1 << l):
            mask |= P.list_doors[l]
    if mask != S[i].doors:
        note(X, E, month, i, EVENT_DOORS, S[i].doors, mask, 0, 0)
    S[i].doors = mask


@kernel
def in_force(P, S, H, i, kin):
    """Doors in force on the resident: the own ones, and those that affect the next of kin's kin."""
    own = S[i].doors & P.doors_self
    if kin >= 0 and H[kin].file & FILE_KIN:
        own |= S[kin].doors & P.doors_kin
    return own
