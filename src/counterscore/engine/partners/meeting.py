# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Singles see each other, and some become couples.

Claims: a single looks at a fixed number of profiles in a month of looking. Which profiles come up, in which order, is
the looker's own luck; a matchmaker only lets some pass more often than others, so prominence takes places from those
without it, and with equal prominence nothing differs from nobody being promoted. Whether two like each other belongs
to the pair: by age, schooling and a draw of their own, never by a score. Both must; where somebody is liked by several
in a month, the pair whose luck comes first at both ends is matched. A match changes the family status of both.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import COUNTER, EVENT_MATCH, MAX_GRADES, NEVER, NO_GRADE
from counterscore.engine.steps.papers import note

P_LOOK, P_PROFILE, P_PROMINENCE = int(Purpose.LOOK), int(Purpose.PROFILE), int(Purpose.PROMINENCE)
P_ATTRACTION, P_MATCH = int(Purpose.ATTRACTION), int(Purpose.MATCH)
C_VIEWS, C_MATCHES = COUNTER["views"], COUNTER["matches"]
SEEN, LIKED, MATCHED = range(3)
_TRIES = 1024  #: profiles that come up in a month of looking at most, shown or passed over
_NOBODY = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def is_single(S, Q, i):
    return S[i].age >= 18 and Q[i].partnered == 0


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
def look(P, S, Q, T, V, X, keys, i, month):
    """A month of looking: profiles come up until enough were shown."""
    if high(word(X.keys[P_LOOK], X.first + i)) >= P.partners_look:
        return
    n = S.shape[0]
    profiles = word(X.keys[P_PROFILE], X.first + i)
    passing = word(X.keys[P_PROMINENCE], X.first + i)
    mine = grade_at(P, S, i)
    shown = 0
    for t in range(_TRIES):
        j = (high(again(profiles, t)) * n) >> 32
        if j == i or not is_single(S, Q, j) or Q[j].sex == Q[i].sex or closeness(P, S, Q, i, j) == 0:
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
            first, second = min(i, j), max(i, j)
            luck = again(word(X.keys[P_MATCH], X.first + first), second)
            if luck < Q[i].best:
                Q[i].best = luck
                Q[i].other = j
            if luck < Q[j].best:
                Q[j].best = luck
                Q[j].other = i
        if shown >= P.partners_views:
            break


@kernel
def meet(P, S, H, Q, T, V, E, X, keys, month):
    """All singles of the subdistrict in one month."""
    n = S.shape[0]
    for i in range(n):
        Q[i].best = _NOBODY
    for i in range(n):
        if is_single(S, Q, i):
            look(P, S, Q, T, V, X, keys, i, month)
    for i in range(n):
        if Q[i].best == _NOBODY or Q[i].other <= i or Q[Q[i].other].other != i or Q[Q[i].other].best != Q[i].best:
            continue
        j = np.int64(Q[i].other)
        T.counts[C_MATCHES] += 1
        V[grade_at(P, S, i) * (MAX_GRADES + 1) + grade_at(P, S, j)].met[MATCHED] += 1
        V[grade_at(P, S, j) * (MAX_GRADES + 1) + grade_at(P, S, i)].met[MATCHED] += 1
        for end in (i, j):
            Q[end].partnered = 1
            if Q[end].matched == NEVER:
                Q[end].matched = month
        note(X, E, month, i, EVENT_MATCH, j, 0, 0, 0)
        note(X, E, month, j, EVENT_MATCH, i, 0, 0, 0)
