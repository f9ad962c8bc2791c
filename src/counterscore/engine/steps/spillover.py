"""Within step 7: which doors are closed to a resident, how many at once, and what kind of record is behind each.

Claims: a door closed by a list rests on the record that led to the list, one closed by a score or grade on the record
that weighs most against the resident; a record about the next of kin, or about somebody else altogether, is
somebody else's. Each hindered service is counted once, by the first of its doors in the order of the rule books.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ANOTHER_LIST,
    BAR,
    CLOSED,
    COUNTER,
    ELSE,
    NARROWED,
    NOTHING,
    RECORD,
    SOMEONE_ELSES,
    STAY,
)
from counterscore.engine.steps.conduct import closed_essential
from counterscore.engine.steps.sharing import find_moves, reaches

C_UNABLE = COUNTER["unable"]
_ROOT = 4  #: how often one list may lead to another before the search ends


@kernel
def count_doors(P, S, H, F, T, X, i, month, doors):
    """Count the hindered services of a month with ``doors`` in force, of which at least one hinders."""
    _find_causes(P, S, F, X, i, month)
    own = S[i].doors & P.doors_self
    closed = 0
    mine = 0
    for s in range(P.service_closed.shape[0]):
        if P.service_hindered[s] & doors:
            closed += 1
            mine += P.service_hindered[s] & own != 0
            T.door_months[P.service_domain[s]] += 1
            T.spillover[_behind(P, F, S, X, i, month, s, own), P.service_domain[s]] += 1
    if closed > S[i].doors_most:
        S[i].doors_most = closed
    essential = closed_essential(P, doors)
    T.closed[essential] += 1
    if essential >= P.doors_unable_at:
        if S[i].months_unable < 65535:
            S[i].months_unable += 1
        T.counts[C_UNABLE] += 1
    if mine == 0 and S[i].wrong_spread < 65535:
        S[i].wrong_spread += 1


@kernel
def _cause_of(P, F, p):
    """What kind of record paper ``p`` is."""
    r = F[p].what
    if P.row_kin[r] or F[p].truth == SOMEONE_ELSES:
        return np.int64(ELSE)
    return P.row_context[r]


@kernel
def _find_causes(P, S, F, X, i, month):
    """What is behind each list the resident is on, and the record that weighs most in each score."""
    for l in range(P.lists):
        X.list_cause[l] = NOTHING
    for s in range(P.schemes):
        X.scheme_cause[s, 0] = 0
        X.scheme_cause[s, 1] = NOTHING
    find_moves(S, F, X, i)
    p = np.int64(S[i].head)
    while p >= 0:
        if (F[p].kind == STAY or F[p].kind == BAR) and F[p].cause != 255:
            X.list_cause[_list_of(P, F, p)] = _record_behind(P, S, F, i, np.int64(F[p].cause), np.int64(F[p].decide))
        elif F[p].kind == RECORD and month < F[p].until:
            s = P.row_scheme[F[p].what]
            if s >= 0 and F[p].points < X.scheme_cause[s, 0]:
                if reaches(P, X, i, np.int64(F[p].what), P.scheme_body[s], np.int64(F[p].month), month):
                    X.scheme_cause[s, 0] = F[p].points
                    X.scheme_cause[s, 1] = (
                        -1 - P.row_list[F[p].what] if P.row_list[F[p].what] >= 0 else _cause_of(P, F, p)
                    )
        p = np.int64(F[p].next)
    p = np.int64(S[i].head)
    while p >= 0:  # stays through a score or grade rest on what the score rests on
        if (F[p].kind == STAY or F[p].kind == BAR) and F[p].cause == 255:
            l = _list_of(P, F, p)
            if P.list_scheme[l] >= 0:
                X.list_cause[l] = X.scheme_cause[P.list_scheme[l], 1]
        p = np.int64(F[p].next)


@kernel
def _list_of(P, F, p):
    """The list of a stay, or the one whose door a bar is."""
    return P.door_behind[F[p].what] if F[p].kind == BAR else np.int64(F[p].what)


@kernel
def _record_behind(P, S, F, i, row, made):
    """What kind of record of ``row``, made in month ``made``, a stay rests on."""
    found = np.int64(ELSE) if P.row_kin[row] else P.row_context[row]
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == RECORD and F[p].what == row and F[p].month == made:
            found = _cause_of(P, F, p)
        p = np.int64(F[p].next)
    return found


@kernel
def _behind(P, F, S, X, i, month, s, own):
    """What the first door that hinders service ``s`` rests on."""
    for at in range(P.service_start[s], P.service_start[s + 1]):
        d = P.service_doors[at]
        if own & (np.int64(1) << d) == 0 or (P.door_effect[d] != CLOSED and P.door_effect[d] != NARROWED):
            continue
        cause = np.int64(NOTHING)
        if P.door_kind[d] == 0:
            cause = X.scheme_cause[P.door_behind[d], 1]
        elif P.door_kind[d] == 1:
            cause = X.list_cause[P.door_behind[d]]
        elif P.door_kind[d] == 2:
            cause = _door_record(P, F, S, X, i, month, d)
        else:  # of a firm, for its representative
            cause = np.int64(ELSE)
        for _ in range(_ROOT):  # a record about a list rests on what the list rests on
            if cause < 0:
                cause = X.list_cause[-1 - cause]
        return np.int64(ANOTHER_LIST) if cause < 0 else cause
    return np.int64(ELSE)  # a door of the next of kin


@kernel
def _door_record(P, F, S, X, i, month, d):
    """What kind of record closes a door by itself: the newest of the row that its keeper finds."""
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == RECORD and F[p].what == P.door_behind[d] and month < F[p].until:
            if reaches(P, X, i, np.int64(F[p].what), P.door_body[d], np.int64(F[p].month), month):
                return _cause_of(P, F, p)
        p = np.int64(F[p].next)
    return np.int64(NOTHING)
