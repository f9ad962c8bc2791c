# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Singles see each other, and some become couples.

Claims: a single looks at a fixed number of profiles of the other sex in a month of looking. Which come up, in which
order, out of all near enough in age who were ever single, is the looker's own luck, and who is not single any more is
passed over, so that a match changes nothing for those who look elsewhere; a matchmaker only lets some pass more often than others, so prominence takes places from those
without it, and with equal prominence nothing differs from nobody being promoted. Whether two like each other belongs
to the pair: by age, schooling and a draw of their own, never by a score. Both must; where somebody is liked by several
in a month, the pair whose luck comes first at both ends is matched. A match changes the family status of both.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, again, high, low, who_draws, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import AGES, AHEAD, CHUNK, COUNTER, EVENT_MATCH, MAX_GRADES, NEVER, NO_GRADE, PROFILES
from counterscore.engine.rows import fetch
from counterscore.engine.steps.papers import note

P_LOOK, P_PROFILE, P_PROMINENCE = int(Purpose.LOOK), int(Purpose.PROFILE), int(Purpose.PROMINENCE)
P_ATTRACTION, P_MATCH = int(Purpose.ATTRACTION), int(Purpose.MATCH)
C_VIEWS, C_MATCHES = COUNTER["views"], COUNTER["matches"]
SEEN, LIKED, MATCHED = range(3)
_TRIES = 1024  #: profiles that come up in a month of looking at most, shown or passed over
_ONE = np.uint64(1)
_NOBODY = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def may_mingle(S, Q, i):
    """Whether the resident was single when the run began or on coming of age, which is so in every world."""
    return S[i].age >= 18 and (Q[i].partnered == 0 or Q[i].matched != NEVER)


@kernel
def mingle(S, Q, U, X):
    """Lay out those who may be single by sex and age, each as far as a profile tells."""
    n = S.shape[0]
    for q in range(2 * AGES + 1):
        X.first_of[q] = 0
    for i in range(n):
        if may_mingle(S, Q, i):
            X.first_of[Q[i].sex * AGES + S[i].age] += 1
        Q[i].best = _NOBODY
    for q in range(1, 2 * AGES + 1):
        X.first_of[q] += X.first_of[q - 1]
    for i in range(n - 1, -1, -1):
        if may_mingle(S, Q, i):
            at = Q[i].sex * AGES + S[i].age
            X.first_of[at] -= 1
            k = np.int64(X.first_of[at])
            U[k].who = i
            U[k].seen = 0
            set_single(X, k, Q[i].partnered == 0)
            U[k].age = S[i].age
            U[k].education = Q[i].education
    X.mingled = 1


@kernel
def set_single(X, k, single):
    """Note whether the ``k``-th of those laid out is single."""
    bit = _ONE << np.uint64(k & 63)
    if single:
        X.single[k >> 6] |= bit
    else:
        X.single[k >> 6] &= ~bit


@kernel
def write_seen(Q, U, X):
    """Add to each adult's own record how often they were shown since all were laid out."""
    if X.mingled:
        for k in range(X.first_of[2 * AGES]):
            Q[U[k].who].seen = min(65535, np.int64(Q[U[k].who].seen) + U[k].seen)
            U[k].seen = 0


@kernel
def closeness(P, age, years):
    """How much differences in age and of schooling leave of liking each other, Q16: 0 for those too far apart."""
    return max(0, 256 - P.partners_age * abs(age)) * max(0, 256 - P.partners_schooling * abs(years))


@kernel
def like_each_other(P, X, keys, i, j, close):
    """Whether both would; the same whenever and from whichever side the two meet."""
    first, second = min(i, j), max(i, j)
    pair = again(word(keys[P_ATTRACTION], X.first + first), second)
    border = (P.partners_like * close) >> 16
    return high(pair) < border and low(pair) < border


@kernel
def grade_at(P, S, i):
    """The grade that the matchmaker goes by, ``MAX_GRADES`` for none."""
    if P.prominent_scheme < 0 or S[i].grade[P.prominent_scheme] == NO_GRADE:
        return MAX_GRADES
    return np.int64(S[i].grade[P.prominent_scheme])


@kernel
def next_profiles(P, S, U, X, profiles, first, n, age, school, t):
    """Lay out the next profiles of singles near enough that come up from try ``t`` on; returns how many, and the try after."""
    found = 0
    while found < PROFILES and t < _TRIES:
        pair = again(profiles, t >> 1)
        k = first + (((low(pair) if t & 1 else high(pair)) * n) >> 32)
        close = np.int64(0)
        if X.single[k >> 6] >> np.uint64(k & 63) & _ONE:
            close = closeness(P, age - np.int64(U[k].age), school - np.int64(U[k].education))
        if close != 0:
            fetch(S, np.int64(U[k].who))
            X.profiles[found, 0] = k
            X.profiles[found, 1] = close
            X.profiles[found, 2] = t
            found += 1
        t += 1
    return found, t


@kernel
def look(P, S, Q, U, T, V, X, keys, i, touched):
    """A month of looking: profiles come up until enough were shown; who is liked is added to ``touched``."""
    age, school = np.int64(S[i].age), np.int64(Q[i].education)
    reach = 255 // P.partners_age if P.partners_age > 0 else AGES
    others = (1 - np.int64(Q[i].sex)) * AGES
    first = np.int64(X.first_of[others + max(18, age - reach)])
    n = np.int64(X.first_of[others + min(AGES - 1, age + reach) + 1]) - first
    profiles = word(X.keys[P_PROFILE], X.first + i)
    passing = word(X.keys[P_PROMINENCE], X.first + i)
    mine = grade_at(P, S, i)
    shown = 0
    t = 0 if n > 0 else _TRIES
    while t < _TRIES:
        found, t = next_profiles(P, S, U, X, profiles, first, n, age, school, t)
        for m in range(found):
            k = X.profiles[m, 0]
            j = np.int64(U[k].who)
            theirs = grade_at(P, S, j)
            if high(again(passing, X.profiles[m, 2])) >= P.prominence[theirs]:
                continue
            shown += 1
            if U[k].seen < 65535:
                U[k].seen += 1
            V[mine * (MAX_GRADES + 1) + theirs].met[SEEN] += 1
            if like_each_other(P, X, keys, i, j, X.profiles[m, 1]):
                V[mine * (MAX_GRADES + 1) + theirs].met[LIKED] += 1
                one, two = min(i, j), max(i, j)
                luck = again(word(X.keys[P_MATCH], X.first + one), two)
                touched = choose(Q, U, i, j, luck, touched)
                touched = choose(Q, U, j, i, luck, touched)
            if shown >= P.partners_views:
                t = _TRIES
                break
    T.counts[C_VIEWS] += shown
    return touched


@kernel
def choose(Q, U, i, j, luck, touched):
    """Let ``i`` keep whoever's luck comes first."""
    if Q[i].best == _NOBODY:
        U[touched].met = i
        touched += 1
    if luck < Q[i].best:
        Q[i].best = luck
        Q[i].other = j
    return touched


@kernel
def meet(P, S, H, Q, U, T, V, E, X, keys, month):
    """All singles of the subdistrict in one month."""
    n = S.shape[0]
    if X.mingled == 0 or month % 12 == 0:
        write_seen(Q, U, X)
        mingle(S, Q, U, X)
    touched = 0
    key = X.keys[P_LOOK] + GAMMA * np.uint64(X.first)
    for first in range(0, n, CHUNK):
        found = who_draws(key, P.partners_look, first, min(n, first + CHUNK), X.chosen, 0)
        for k in range(found):
            fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
            fetch(Q, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
            i = np.int64(X.chosen[k])
            if S[i].age >= 18 and Q[i].partnered == 0:
                touched = look(P, S, Q, U, T, V, X, keys, i, touched)
    for k in range(touched):
        i = np.int64(U[k].met)
        if Q[i].other <= i or Q[Q[i].other].other != i or Q[Q[i].other].best != Q[i].best:
            continue
        j = np.int64(Q[i].other)
        T.counts[C_MATCHES] += 1
        V[grade_at(P, S, i) * (MAX_GRADES + 1) + grade_at(P, S, j)].met[MATCHED] += 1
        V[grade_at(P, S, j) * (MAX_GRADES + 1) + grade_at(P, S, i)].met[MATCHED] += 1
        for end in (i, j):
            Q[end].partnered = 1
            if Q[end].matched == NEVER:
                Q[end].matched = month
            at = np.int64(X.first_of[Q[end].sex * AGES + S[end].age])
            while U[at].who != end:
                at += 1
            set_single(X, at, False)
        note(X, E, month, i, EVENT_MATCH, j, 0, 0, 0)
        note(X, E, month, j, EVENT_MATCH, i, 0, 0, 0)
    for k in range(touched):
        Q[U[k].met].best = _NOBODY
