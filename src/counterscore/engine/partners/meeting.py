# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Singles see each other, and some become couples.

Claims: a single looks at a fixed number of profiles of the other sex in a month of looking. Which come up, in which
order, out of all adults near enough in age, is the looker's own luck, and who is not single is passed over, so that a
match changes nothing for those who look elsewhere; a matchmaker only lets some pass more often than others, so prominence takes places from those
without it, and with equal prominence nothing differs from nobody being promoted. Whether two like each other belongs
to the pair: by age, schooling and a draw of their own, never by a score. Both must; where somebody is liked by several
in a month, the pair whose luck comes first at both ends is matched. A match changes the family status of both.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, again, high, low, who_draws, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import AGES, CHUNK, COUNTER, EVENT_MATCH, MAX_GRADES, NEVER, NO_GRADE
from counterscore.engine.steps.papers import note

P_LOOK, P_PROFILE, P_PROMINENCE = int(Purpose.LOOK), int(Purpose.PROFILE), int(Purpose.PROMINENCE)
P_ATTRACTION, P_MATCH = int(Purpose.ATTRACTION), int(Purpose.MATCH)
C_VIEWS, C_MATCHES = COUNTER["views"], COUNTER["matches"]
SEEN, LIKED, MATCHED = range(3)
_TRIES = 1024  #: profiles that come up in a month of looking at most, shown or passed over
_NOBODY = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def mingle(S, Q, U, X):
    """Lay out the adults by sex and age, each as far as a profile tells."""
    n = S.shape[0]
    for q in range(2 * AGES + 1):
        X.first_of[q] = 0
    for i in range(n):
        if S[i].age >= 18:
            X.first_of[Q[i].sex * AGES + S[i].age] += 1
        Q[i].best = _NOBODY
    for q in range(1, 2 * AGES + 1):
        X.first_of[q] += X.first_of[q - 1]
    for i in range(n - 1, -1, -1):
        if S[i].age >= 18:
            at = Q[i].sex * AGES + S[i].age
            X.first_of[at] -= 1
            k = np.int64(X.first_of[at])
            U[k].who = i
            U[k].single = 1 - Q[i].partnered
            U[k].education = Q[i].education
    X.mingled = 1


@kernel
def closeness(P, S, Q, i, j):
    """How much age and schooling leave of liking each other, Q16: 0 for those too far apart in age."""
    age = abs(np.int64(S[i].age) - np.int64(S[j].age))
    school = abs(np.int64(Q[i].education) - np.int64(Q[j].education))
    return max(0, 256 - P.partners_age * age) * max(0, 256 - P.partners_schooling * school)


@kernel
def like_each_other(P, S, Q, X, keys, i, j):
    """Whether both would; the same whenever and from whichever side the two meet."""
    first, second = min(i, j), max(i, j)
    pair = again(word(keys[P_ATTRACTION], X.first + first), second)
    border = (P.partners_like * closeness(P, S, Q, i, j)) >> 16
    return high(pair) < border and low(pair) < border


@kernel
def grade_at(P, S, i):
    """The grade that the matchmaker goes by, ``MAX_GRADES`` for none."""
    if P.prominent_scheme < 0 or S[i].grade[P.prominent_scheme] == NO_GRADE:
        return MAX_GRADES
    return np.int64(S[i].grade[P.prominent_scheme])


@kernel
def look(P, S, Q, U, T, V, X, keys, i, touched):
    """A month of looking: profiles come up until enough were shown; who is liked is added to ``touched``."""
    age = np.int64(S[i].age)
    reach = 255 // P.partners_age if P.partners_age > 0 else AGES
    others = (1 - np.int64(Q[i].sex)) * AGES
    first = np.int64(X.first_of[others + max(18, age - reach)])
    n = np.int64(X.first_of[others + min(AGES - 1, age + reach) + 1]) - first
    profiles = word(X.keys[P_PROFILE], X.first + i)
    passing = word(X.keys[P_PROMINENCE], X.first + i)
    mine = grade_at(P, S, i)
    shown = 0
    pair = profiles
    for t in range(_TRIES if n > 0 else 0):
        if t & 1 == 0:
            pair = again(profiles, t >> 1)
        k = first + (((low(pair) if t & 1 else high(pair)) * n) >> 32)
        if U[k].single == 0:
            continue
        j = np.int64(U[k].who)
        if closeness(P, S, Q, i, j) == 0:
            continue
        theirs = grade_at(P, S, j)
        if high(again(passing, t)) >= P.prominence[theirs]:
            continue
        shown += 1
        if Q[j].seen < 65535:
            Q[j].seen += 1
        T.counts[C_VIEWS] += 1
        V[mine * (MAX_GRADES + 1) + theirs].met[SEEN] += 1
        if like_each_other(P, S, Q, X, keys, i, j):
            V[mine * (MAX_GRADES + 1) + theirs].met[LIKED] += 1
            one, two = min(i, j), max(i, j)
            luck = again(word(X.keys[P_MATCH], X.first + one), two)
            touched = choose(Q, U, i, j, luck, touched)
            touched = choose(Q, U, j, i, luck, touched)
        if shown >= P.partners_views:
            break
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
        mingle(S, Q, U, X)
    touched = 0
    key = X.keys[P_LOOK] + GAMMA * np.uint64(X.first)
    for first in range(0, n, CHUNK):
        for k in range(who_draws(key, P.partners_look, first, min(n, first + CHUNK), X.chosen, 0)):
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
            U[at].single = 0
        note(X, E, month, i, EVENT_MATCH, j, 0, 0, 0)
        note(X, E, month, j, EVENT_MATCH, i, 0, 0, 0)
    for k in range(touched):
        Q[U[k].met].best = _NOBODY
