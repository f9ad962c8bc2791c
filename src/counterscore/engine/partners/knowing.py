# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""What a weighted score knows of a resident, dimension by dimension, before any record.

Claims: attributes of who takes part are read on joining and every January; the relations dimension is the mean of the
scores that friends who take part had the month before, in place of the dimension's start.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import FRIEND_SHIFTS, NO_GRADE, SCALE
from counterscore.engine.steps.response import friend
from counterscore.engine.steps.scoring import grade_of, weighted

AGE, SEX, REGISTRATION, EDUCATION, OCCUPATION, WORK, INCOME, HOME, CAR, CARD, FILE, FAMILY, MINORITY, LOAN = range(14)
_TIES = 2 * len(FRIEND_SHIFTS)
_OCCUPATIONS = layout.N_GROUPS // 2
_MANY = _TIES + layout.MAX_SOUGHT


@kernel
def attribute_of(S, Q, i, attribute):
    """The code or amount of an attribute, in the order of ``vocabulary.ATTRIBUTES``."""
    if attribute == AGE:
        return np.int64(S[i].age)
    if attribute == SEX:
        return np.int64(Q[i].sex)
    if attribute == REGISTRATION:
        return np.int64(S[i].group) // _OCCUPATIONS
    if attribute == EDUCATION:
        return np.int64(Q[i].education)
    if attribute == OCCUPATION:
        return np.int64(S[i].group) % _OCCUPATIONS
    if attribute == WORK:
        return np.int64(S[i].work)
    if attribute == INCOME:
        return np.int64(Q[i].income) * 10
    if attribute == HOME:
        return np.int64(S[i].traits & layout.HAS_HOME != 0)
    if attribute == CAR:
        return np.int64(S[i].traits & layout.HAS_CAR != 0)
    if attribute == CARD:
        return np.int64(S[i].traits & layout.HAS_CARD != 0)
    if attribute == FILE:
        return np.int64(S[i].file)
    if attribute == FAMILY:
        child = np.int64(S[i].traits & layout.HAS_CHILD != 0)
        return np.int64(2 * child + (Q[i].partnered ^ child))
    if attribute == MINORITY:
        return np.int64(Q[i].minority)
    return np.int64(S[i].loan)


@kernel
def tie_to(S, H, Q, i, k):
    """The other end of tie ``k``, fixed ties first and then those sought; -1 where there is none (any more)."""
    if k < _TIES:
        if S[i].ties & (1 << k) == 0:
            return -1
        j = friend(S, H, i, k)
    else:
        j = np.int64(Q[i].sought[k - _TIES])
    return -1 if j == i else j


@kernel
def know(P, S, H, Q, K, i):
    """Read the resident's attributes and friends into what is known of each dimension; returns whether it changed."""
    changed = False
    for s in range(P.schemes):
        if P.scheme_dimensions[s] == 0 or S[i].part & (1 << s) == 0:
            continue
        first = i * P.dimensions + P.scheme_known[s]
        total = np.int64(0)
        friends = 0
        for k in range(_MANY):
            j = tie_to(S, H, Q, i, k)
            if j >= 0 and S[j].grade[s] != NO_GRADE:
                total += S[j].score[s]
                friends += 1
        for d in range(P.scheme_dimensions[s]):
            base = P.dimension_start[s, d]
            for q in range(P.attribute_start[s, d], P.attribute_start[s, d + 1]):
                found = attribute_of(S, Q, i, P.attribute_what[q])
                for b in range(P.attribute_bands[q] - 1, -1, -1):
                    if found >= P.attribute_from[q, b]:
                        base += P.attribute_gives[q, b]
                        break
            if P.dimension_friends[s, d] and friends > 0:
                mean = total // friends
                span = (P.scheme_ceiling[s] - P.scheme_floor[s]) // SCALE
                base += (mean - P.scheme_floor[s]) * 100 // span - P.dimension_start[s, d]
            if K[first + d].of != base:
                K[first + d].of = base
                changed = True
    return changed


@kernel
def know_all(P, S, H, Q, K, X, month):
    """January: what is known of every adult who takes part is read again; whoever changed is looked at this month."""
    for i in range(S.shape[0]):
        if S[i].age < 18:
            continue
        if know(P, S, H, Q, K, i):
            H[i].due = min(np.int64(H[i].due), month)
    if month > 0:
        return
    for i in range(S.shape[0]):  # the first score of all is what is known, and nobody rises to it
        for s in range(P.schemes):
            if P.scheme_dimensions[s] > 0 and S[i].age >= 18 and S[i].part & (1 << s):
                take_known(P, K, X, i)
                for d in range(P.scheme_dimensions[s]):
                    X.values[s, d, 0] = X.known[s, d]
                S[i].score[s] = weighted(P, X, s, 0)
                S[i].grade[s] = grade_of(P, s, np.int64(S[i].score[s]))


@kernel
def take_known(P, K, X, i):
    """Lay the resident's part ready for step 4."""
    for s in range(P.schemes):
        for d in range(P.scheme_dimensions[s]):
            X.known[s, d] = K[i * P.dimensions + P.scheme_known[s] + d].of
