"""Within step 2, and after step 7: dealings between residents, and the offender who moves on.

Claims: a few repeat offenders mean to defraud whom they deal with, at a rate of their own. A one-shot dealing goes
ahead unless the partner finds a record or published list that warns; where people deal with each other again, who
has cheated here is known without any record. Who has offended, or finds no partner, may move on, to
another part of the city or to another city, where only what is shared that far is found. The same net
catches others: whoever has a record that warns is refused one-shot dealings, whether it is true or not.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    COUNTER,
    EVENT_DEALING,
    EVENT_MOVE,
    NEVER,
    OFFENDER,
    TRACK,
    TRUE,
    WARNING,
)
from counterscore.engine.plan import ACT_INDEX
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.sharing import UNWARNED, WARNED_UNTRULY, find_moves, track_of, warning

P_FRAUD, P_VICTIM, P_DEALING, P_MOVE = (
    int(Purpose.FRAUD),
    int(Purpose.VICTIM),
    int(Purpose.DEALING),
    int(Purpose.MOVE),
)
C_TRIED, C_WARNED, C_KNOWN, C_VICTIMS, C_MOVES, C_LOST, C_LOST_UNTRUE, C_MISCONDUCT = (
    COUNTER[name]
    for name in (
        "frauds_tried",
        "frauds_warned",
        "frauds_known",
        "victims",
        "moves",
        "dealings_refused",
        "dealings_refused_untrue",
        "misconduct",
    )
)
FRAUD = ACT_INDEX["fraud"]
_CHEATED, _MOVES_NEAR, _MOVES_FAR = 1, 2, 4  # states of a track
WENT_AHEAD, STOPPED_WARNED, STOPPED_KNOWN, REFUSED = range(4)


@kernel
def look_up(P, S, H, F, X, i, month):
    """Keep in the flag whether whoever deals with the resident is warned."""
    H[i].flag &= 255 & ~WARNING
    if warning(P, S, F, X, i, month) != UNWARNED:
        H[i].flag |= WARNING


@kernel
def _keep_track(S, F, X, i):
    """A track at the end of the file, where it is in nobody's way."""
    p = np.int64(X.free)
    X.free = F[p].next
    X.room -= 1
    F[p].kind = TRACK
    F[p].what = 0
    F[p].truth = TRUE
    F[p].state = 0
    F[p].month = 0
    F[p].until = NEVER
    F[p].decide = 0
    F[p].cause = 255
    F[p].points = 0
    F[p].next = -1
    if S[i].head < 0:
        S[i].head = p
        return p
    last = np.int64(S[i].head)
    while F[last].next >= 0:
        last = np.int64(F[last].next)
    F[last].next = p
    return p


@kernel
def _move(P, S, H, F, T, E, X, i, month, p):
    """The move decided on last month: what is not shared that far stays behind."""
    far = F[p].points & _MOVES_FAR != 0
    F[p].month = month
    if far:
        F[p].decide = month
    F[p].points = 0
    T.counts[C_MOVES] += 1
    note(X, E, month, i, EVENT_MOVE, far, 0, 0, 0)
    H[i].due = month
    if P.public:
        find_moves(S, F, X, i)
        look_up(P, S, H, F, X, i, month)


@kernel
def _partner(S, X, i):
    """Whom the offender deals with: a resident by luck, the next one where that is a minor; -1 for nobody."""
    n = S.shape[0]
    first = (high(word(X.keys[P_VICTIM], X.first + i)) * n) >> 32
    for step in range(n):
        j = (first + step) % n
        if j != i and S[j].age >= 18:
            return j
    return np.int64(-1)


@kernel
def offend(P, S, H, F, T, E, X, i, month, n):
    """A month of a repeat offender; a fraud goes on the pile. Returns the pile's height."""
    person = X.first + i
    p = track_of(S, F, i)
    if p >= 0 and F[p].points & (_MOVES_NEAR | _MOVES_FAR):
        _move(P, S, H, F, T, E, X, i, month, p)
    rate = P.conduct_fraud
    if P.responses and H[i].aware <= month:
        rate = (rate * (256 - P.act_deter[FRAUD])) >> 8
    if high(word(X.keys[P_FRAUD], person)) >= rate:
        return n
    j = _partner(S, X, i)
    if j < 0:
        return n
    if p < 0:
        p = _keep_track(S, F, X, i)
    T.counts[C_TRIED] += 1
    how = WENT_AHEAD
    if high(word(X.keys[P_DEALING], person)) < P.dealings_one_shot:
        if H[i].flag & WARNING:
            how = STOPPED_WARNED
            T.counts[C_WARNED] += 1
    elif F[p].points & _CHEATED:
        how = STOPPED_KNOWN
        T.counts[C_KNOWN] += 1
    note(X, E, month, i, EVENT_DEALING, how, j, 0, 0)
    lot = word(X.keys[P_MOVE], person)
    if high(lot) < P.conduct_move_on:
        F[p].points |= _MOVES_FAR if low(lot) < P.conduct_move_far else _MOVES_NEAR
    if how != WENT_AHEAD:
        return n
    F[p].points |= _CHEATED
    X.done[n, 0] = FRAUD
    X.done[n, 1] = 0
    X.done[n, 2] = 1
    X.done[n, 3] = TRUE
    T.counts[C_VICTIMS] += 1
    T.counts[C_MISCONDUCT] += 1
    if S[i].victims < 255:
        S[i].victims += 1
    if S[i].misconduct < 65535:
        S[i].misconduct += 1
    if S[j].defrauded < 255:
        S[j].defrauded += 1
    return n + 1


@kernel
def dealings(P, S, H, F, T, E, X, i, month):
    """The month's one-shot dealing of a resident about whom partners are warned: it is refused."""
    if S[i].traits & OFFENDER or S[i].age < 18:
        return
    lot = word(X.keys[P_DEALING], X.first + i)
    if high(lot) >= P.dealings_need or low(lot) >= P.dealings_one_shot:
        return
    find_moves(S, F, X, i)
    found = warning(P, S, F, X, i, month)
    if S[i].dealings_refused < 255:
        S[i].dealings_refused += 1
    T.counts[C_LOST] += 1
    if found == WARNED_UNTRULY:
        T.counts[C_LOST_UNTRUE] += 1
    note(X, E, month, i, EVENT_DEALING, REFUSED, 0, found, 0)
