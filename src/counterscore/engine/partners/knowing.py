# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""What a weighted score knows of a resident, dimension by dimension, before any record.

Claims: attributes of who takes part are read on joining and every January; the relations dimension is the mean of the
scores that friends who take part had the month before, in place of the dimension's start.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.friends import TIES, friend
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import ADULT, ALL_RECORDS, NO_GRADE, SCALE
from counterscore.engine.steps.scoring import grade_of, weighted

AGE, SEX, REGISTRATION, EDUCATION, OCCUPATION, WORK, INCOME, HOME, CAR, CARD, FILE, FAMILY, MINORITY, LOAN = range(14)
_OCCUPATIONS = layout.N_GROUPS // 2
_MANY = TIES + layout.MAX_SOUGHT


@kernel
def attribute_of(person, private, attribute):
    """The code or amount of an attribute, in the order of ``vocabulary.ATTRIBUTES``."""
    if attribute == AGE:
        return np.int64(person.age)
    if attribute == SEX:
        return np.int64(private.sex)
    if attribute == REGISTRATION:
        return np.int64(person.group) // _OCCUPATIONS
    if attribute == EDUCATION:
        return np.int64(private.education)
    if attribute == OCCUPATION:
        return np.int64(person.group) % _OCCUPATIONS
    if attribute == WORK:
        return np.int64(person.work)
    if attribute == INCOME:
        return np.int64(private.income) * 10
    if attribute == HOME:
        return np.int64(person.traits & layout.HAS_HOME != 0)
    if attribute == CAR:
        return np.int64(person.traits & layout.HAS_CAR != 0)
    if attribute == CARD:
        return np.int64(person.traits & layout.HAS_CARD != 0)
    if attribute == FILE:
        return np.int64(person.file)
    if attribute == FAMILY:
        child = np.int64(person.traits & layout.HAS_CHILD != 0)
        return np.int64(2 * child + (private.partnered ^ child))
    if attribute == MINORITY:
        return np.int64(private.minority)
    return np.int64(person.loan)


@kernel
def tie_to(residents, i, k):
    """The other end of tie ``k``, those of the place first and then those sought; -1 where there is none (any more)."""
    if k < TIES:
        return friend(residents.town, i, k)
    return np.int64(residents.private[i].sought[k - TIES])


@kernel
def know(residents, i):
    """Read the resident's attributes and friends into what is known of each dimension; returns whether it changed."""
    town = residents.town
    plan, person, private = town.plan, town.people[i], residents.private[i]
    changed = False
    for s in range(plan.schemes):
        if plan.scheme_dimensions[s] == 0 or person.part & (1 << s) == 0:
            continue
        first = i * plan.dimensions + plan.scheme_known[s]
        total = np.int64(0)
        friends = 0
        for k in range(_MANY):
            j = tie_to(residents, i, k)
            if j >= 0 and town.people[j].grade[s] != NO_GRADE:
                total += town.people[j].score[s]
                friends += 1
        for d in range(plan.scheme_dimensions[s]):
            base = plan.dimension_start[s, d]
            for q in range(plan.attribute_start[s, d], plan.attribute_start[s, d + 1]):
                found = attribute_of(person, private, plan.attribute_what[q])
                for b in range(plan.attribute_bands[q] - 1, -1, -1):
                    if found >= plan.attribute_from[q, b]:
                        base += plan.attribute_gives[q, b]
                        break
            if plan.dimension_friends[s, d] and friends > 0:
                mean = total // friends
                span = (plan.scheme_ceiling[s] - plan.scheme_floor[s]) // SCALE
                base += (mean - plan.scheme_floor[s]) * 100 // span - plan.dimension_start[s, d]
            known = residents.known[first + d]
            if known.of != base:
                known.of = base
                changed = True
    return changed


@kernel
def know_all(residents, month):
    """January: what is known of every adult who takes part is read again; whoever changed is looked at this month."""
    town = residents.town
    plan, space = town.plan, town.space
    for i in range(town.size):
        if town.people[i].age < ADULT:
            continue
        if know(residents, i):
            watch = town.watch[i]
            watch.due = min(np.int64(watch.due), month)
    if month > 0:
        return
    for i in range(town.size):  # the first score of all is what is known, and nobody rises to it
        person = town.people[i]
        for s in range(plan.schemes):
            if plan.scheme_dimensions[s] > 0 and person.age >= ADULT and person.part & (1 << s):
                take_known(residents, i)
                for d in range(plan.scheme_dimensions[s]):
                    space.values[s, d, ALL_RECORDS] = space.known[s, d]
                person.score[s] = weighted(town, s, ALL_RECORDS)
                person.grade[s] = grade_of(plan, s, np.int64(person.score[s]))


@kernel
def take_known(residents, i):
    """Lay the resident's part ready for step 4."""
    town = residents.town
    plan, space = town.plan, town.space
    for s in range(plan.schemes):
        for d in range(plan.scheme_dimensions[s]):
            space.known[s, d] = residents.known[i * plan.dimensions + plan.scheme_known[s] + d].of
