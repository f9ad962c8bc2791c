"""Step 9. What residents and their friends make of it: knowing, showing, dropping ties.

Deterrence, holding back, gaming and strain act in step 2 of the next month, through what is known and
which doors are closed now. Here: who enters a published list is talked about; some friends drop the tie;
who reaches a top grade may show it. A tie belongs to the resident it starts from and its luck is found
there, so both ends see the same decision.
"""

from __future__ import annotations

from counterscore.engine.draws import Purpose, again, high, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    COUNTER,
    EVENT_SHOWN,
    EVENT_TIE,
    FRIEND_SHIFTS,
    KNOWS_BY_LISTING,
    KNOWS_FROM_FRIEND,
)
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.rights import learn

P_TIE, P_TOLD, P_SHOW = int(Purpose.TIE), int(Purpose.TOLD), int(Purpose.SHOW)
C_TIES, C_SHOWN = COUNTER["ties_lost"], COUNTER["shown"]
_SHIFTS = FRIEND_SHIFTS
_TIES = len(FRIEND_SHIFTS)


@kernel
def friend(S, H, i, k):
    """The friend at place ``k``: 0 … 3 forward, 4 … 7 backward; the resident itself in tiny cities."""
    n = S.shape[0]
    j = i + _SHIFTS[k] if k < _TIES else i - _SHIFTS[k - _TIES]
    return j if 0 <= j < n else j % n  # a division costs more than all the rest


@kernel
def response(P, S, H, T, E, X, i, month):
    """Friends hear, show and drop."""
    a = P
    if not a.responses:
        return
    entered = H[i].flag & 32 != 0
    risen = H[i].flag & 8 != 0
    if H[i].flag & 16:
        learn(H, E, X, i, month + 1, month, KNOWS_BY_LISTING, 0)
    shows = False
    if risen and H[i].aware <= month and S[i].age >= 18:
        shows = high(word(X.keys[P_SHOW], X.first + i)) < a.response_show
        if shows:
            if S[i].shown < 255:
                S[i].shown += 1
            T.counts[C_SHOWN] += 1
            note(X, E, month, i, EVENT_SHOWN, S[i].grade[0], 0, 0, 0)
    if not (entered or shows):
        return
    for k in range(2 * _TIES):
        j = friend(S, H, i, k)
        bit = 1 << k
        if j == i or S[i].ties & bit == 0:
            continue
        owner = i if k < _TIES else j
        edge = k if k < _TIES else k - _TIES
        if high(again(word(X.keys[P_TOLD], X.first + i), k)) < a.response_told:
            learn(H, E, X, j, month + 1, month, KNOWS_FROM_FRIEND, i)
        if entered and high(again(word(X.keys[P_TIE], X.first + owner), edge)) < a.response_tie:
            S[i].ties &= ~bit & 255
            S[j].ties &= ~(1 << (edge + _TIES if k < _TIES else edge)) & 255
            if S[i].ties_lost < 255:
                S[i].ties_lost += 1
            if S[j].ties_lost < 255:
                S[j].ties_lost += 1
            T.counts[C_TIES] += 1
            note(X, E, month, i, EVENT_TIE, j, 0, 0, 0)
            note(X, E, month, j, EVENT_TIE, i, 1, 0, 0)
