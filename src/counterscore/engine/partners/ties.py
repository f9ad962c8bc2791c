# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Showing a private score, and what ties come to through it.

Claims: who takes part begins to show the score at a rate that falls from the best grade to none in the lowest, and
stops on reaching the lowest. Who shows it compares: a tie to a friend who takes part and stands lower by at least
the gap is dropped at a monthly rate; a resident who shows a score higher by at least the gap is sought as a friend at
a monthly rate, and accepts at another. A fixed tie belongs to the resident it starts from and has its luck there.
All decisions of a month rest on the scores and shown scores of the month before their effects, so none depends on
the order of residents.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    COUNTER,
    EVENT_SHOWN,
    EVENT_SOUGHT,
    EVENT_TIE,
    FILE_HIDES,
    FILE_SHOWN,
    FRIEND_SHIFTS,
    NO_GRADE,
)
from counterscore.engine.partners.knowing import _MANY, tie_to
from counterscore.engine.steps.papers import note

P_BOAST, P_SCORE_TIE, P_SEEK = int(Purpose.BOAST), int(Purpose.SCORE_TIE), int(Purpose.SEEK)
C_SHOWN, C_LOW, C_SOUGHT = COUNTER["shown"], COUNTER["ties_low"], COUNTER["ties_sought"]
_HALF = len(FRIEND_SHIFTS)
_LANE = np.uint64(0xFF)


@kernel
def who_may_show(P, H, X, key, first, end):
    """Write down who draws to begin to show the score, and who has to stop; returns how many."""
    found = 0
    for i in range(first, end):
        X.chosen[found] = i
        found += np.int64(high(word(key, i)) < P.partners_show) | np.int64(H[i].file & FILE_HIDES != 0)
    return found


@kernel
def may_show(P, S, i):
    """Whether the resident takes part and stands above the lowest grade; looking at the file or leaving can change it."""
    s = P.shown_scheme
    grade = np.int64(S[i].grade[s])
    worst = P.scheme_grades[s] - 1
    return grade != NO_GRADE and S[i].part & (1 << s) != 0 and (grade != worst or worst <= 0)


@kernel
def show(P, S, H, Q, T, E, X, i, month):
    """Whether the resident begins to show the score, or stops."""
    s = P.shown_scheme
    grade = np.int64(S[i].grade[s])
    worst = P.scheme_grades[s] - 1
    if not may_show(P, S, i):
        H[i].file &= 255 & ~(FILE_SHOWN | FILE_HIDES)
        return
    if H[i].file & FILE_SHOWN or S[i].age < 18:
        return
    rate = P.partners_show if worst == 0 else P.partners_show * (worst - grade) // worst
    if high(word(X.keys[P_BOAST], X.first + i)) < rate:
        H[i].file |= FILE_SHOWN
        if S[i].shown < 255:
            S[i].shown += 1
        T.counts[C_SHOWN] += 1
        note(X, E, month, i, EVENT_SHOWN, grade, s, 0, 0)


@kernel
def looks_down(P, S, H, i, j):
    """Whether ``i``, who shows a score, stands higher than ``j``, who has one, by at least the gap."""
    s = P.shown_scheme
    if H[i].file & FILE_SHOWN == 0 or S[i].grade[s] == NO_GRADE or S[j].grade[s] == NO_GRADE:
        return False
    return np.int64(S[i].score[s]) - np.int64(S[j].score[s]) >= P.partners_gap


@kernel
def tie_lot(lot, k):
    """The 32-bit draw of tie ``k`` of those that belong to a resident: its lane of the word, and bits of a further word."""
    lane = np.int64((lot >> np.uint64(8 * k)) & _LANE)
    return (lane << 24) | (low(again(lot, k)) & 0xFFFFFF)


@kernel
def who_may_drop(P, X, key, first, end):
    """Write down whose draws may drop a tie, if it crosses the gap; returns how many."""
    border = np.uint64(P.partners_drop >> 24)
    found = 0
    for i in range(first, end):
        lot = word(key, i)
        X.chosen[found] = i
        any_ = np.int64(0)
        for k in range(_MANY - _HALF):
            any_ |= np.int64((lot >> np.uint64(8 * k)) & _LANE <= border)
        found += any_
    return found


@kernel
def drop(P, S, H, Q, T, E, X, i, month):
    """The ties that belong to the resident: the fixed ones that start here, and those sought."""
    lot = word(X.keys[P_SCORE_TIE], X.first + i)
    for mine in range(_MANY - _HALF):
        if tie_lot(lot, mine) >= P.partners_drop:
            continue
        k = mine if mine < _HALF else mine + _HALF  # those between belong to their other ends
        j = tie_to(S, H, Q, i, k)
        if j < 0 or not (looks_down(P, S, H, i, j) or looks_down(P, S, H, j, i)):
            continue
        if k < _HALF:
            S[i].ties &= ~(1 << k) & 255
            S[j].ties &= ~(1 << (k + _HALF)) & 255
        else:
            Q[i].sought[k - 2 * _HALF] = -1
        for end in (i, j):
            if Q[end].ties_low < 255:
                Q[end].ties_low += 1
        T.counts[C_LOW] += 1
        note(X, E, month, i, EVENT_TIE, j, 2, 0, 0)
        note(X, E, month, j, EVENT_TIE, i, 2, 0, 0)


@kernel
def seek(P, S, H, Q, T, E, X, i, month):
    """One candidate of the subdistrict, who is sought where a higher score is shown, and who may accept."""
    lot = word(X.keys[P_SEEK], X.first + i)
    if high(lot) >= P.partners_seek:
        return
    j = (low(lot) * S.shape[0]) >> 32
    s = P.shown_scheme
    if S[i].part & (1 << s) == 0 or not looks_down(P, S, H, j, i):
        return
    place = -1
    for k in range(_MANY):
        other = tie_to(S, H, Q, i, k)
        if other == j:
            return
        if other < 0 and k >= 2 * _HALF and place < 0:
            place = k - 2 * _HALF
    if place < 0 or high(again(lot, 0)) >= P.partners_accept:
        return
    Q[i].sought[place] = j
    for end in (i, j):
        if Q[end].ties_new < 255:
            Q[end].ties_new += 1
    T.counts[C_SOUGHT] += 1
    note(X, E, month, i, EVENT_SOUGHT, j, 0, 0, 0)
    note(X, E, month, j, EVENT_SOUGHT, i, 1, 0, 0)
