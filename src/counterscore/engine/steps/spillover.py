"""Within step 7: which doors are closed to a resident, how many at once, and what kind of record is behind each.

Claims: a door closed by a list rests on the record that led to the list, one closed by a score or grade on the record
that weighs most against the resident; a record about the next of kin, or about somebody else altogether, is
somebody else's. Each hindered service is counted once, by the first of its doors in the order of the rule books.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ALIKE,
    ANOTHER_LIST,
    BAR,
    CAUSES,
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
MANY, SHUT, MINE, ESSENTIAL = 4, 5, 6, 7  #: of those alike: how many, and how many services of which kind
BASE = len(CAUSES)
_MOST_TOLD = (1 << 63) // BASE
_SPREAD, _TOP = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(40)


@kernel
def count_doors(P, S, H, F, T, X, i, month, doors):
    """Count the hindered services of a month with ``doors`` in force, of which at least one hinders.

    Residents to whom the same doors are closed by the same kinds of records count the same, so how many they are is
    kept in one of few places, and their services are told off when the month ends or the place is needed for others.
    """
    doors &= P.doors_hinder
    own = S[i].doors & P.doors_self & P.doors_hinder
    behind, lists = np.int64(0), np.int64(0)
    if own != 0:
        behind, lists = np.int64(S[i].behind), np.int64(S[i].lists)
    mixed = np.uint64(doors) ^ np.uint64(own) * GAMMA ^ np.uint64(behind) * _SPREAD ^ np.uint64(lists)
    k = np.int64((mixed * _SPREAD) >> _TOP) & (ALIKE - 1)
    alike = X.alike[k, 0] == doors and X.alike[k, 1] == own and X.alike[k, 2] == behind and X.alike[k, 3] == lists
    if not alike or (own != 0 and behind == 0):
        tell_off(P, T, X, k)
        _begin_alike(P, S, F, X, i, month, k, doors, own, behind, lists)
    X.alike[k, MANY] += 1
    if X.alike[k, SHUT] > S[i].doors_most:
        S[i].doors_most = X.alike[k, SHUT]
    if X.alike[k, ESSENTIAL] >= P.doors_unable_at:
        if S[i].months_unable < 65535:
            S[i].months_unable += 1
    if X.alike[k, MINE] == 0 and S[i].wrong_spread < 65535:
        S[i].wrong_spread += 1


@kernel
def _begin_alike(P, S, F, X, i, month, k, doors, own, behind, lists):
    """Find out what counts for resident ``i``, and for all to whom the same holds, and keep it in place ``k``."""
    if own != 0:
        _find_worst(P, S, F, X, i, month)
        _find_causes(P, S, F, X, i)
    shut = 0
    mine = 0
    for s in range(P.service_closed.shape[0]):
        if P.service_hindered[s] & doors:
            shut += 1
            mine += P.service_hindered[s] & own != 0
            X.alike_behind[k, s] = _behind(P, F, S, X, i, month, s, own)
    X.alike[k, 0] = doors
    X.alike[k, 1] = own
    X.alike[k, 2] = behind
    X.alike[k, 3] = lists
    X.alike[k, MANY] = 0
    X.alike[k, SHUT] = shut
    X.alike[k, MINE] = mine
    X.alike[k, ESSENTIAL] = closed_essential(P, doors)


@kernel
def tell_off(P, T, X, k):
    """Add the services of those counted in place ``k`` to the month's."""
    many = X.alike[k, MANY]
    if many == 0:
        return
    X.alike[k, MANY] = 0
    for s in range(P.service_closed.shape[0]):
        if P.service_hindered[s] & X.alike[k, 0]:
            T.door_months[P.service_domain[s]] += many
            T.spillover[X.alike_behind[k, s], P.service_domain[s]] += many
    T.closed[X.alike[k, ESSENTIAL]] += many
    if X.alike[k, ESSENTIAL] >= P.doors_unable_at:
        T.counts[C_UNABLE] += many


@kernel
def keep_behind(P, S, F, X, i, month, added_up):
    """Keep what kinds of records are behind the doors that hinder, as they stand until the file is looked at again.

    One whole number for each way in which they can be, given the lists and doors; 0 where there are too many to tell.
    ``added_up`` is whether the whole file was added up this month.
    """
    S[i].behind = 0
    if S[i].doors & P.doors_self & P.doors_hinder == 0:
        return
    if not added_up:
        _find_worst(P, S, F, X, i, month)
    _find_causes(P, S, F, X, i)
    code = np.int64(1)
    for s in range(P.schemes):
        code = _told(X, code, X.scheme_cause[s])
    lists = np.int64(S[i].lists)
    hinders = S[i].doors & P.doors_self & P.doors_hinder
    for l in range(P.lists):
        if lists >> l & 1 or P.list_bars[l] & hinders:
            code = _told(X, code, X.list_cause[l])
    by_record = X.person[3] & hinders
    d = 0
    while by_record >> d != 0:
        if by_record >> d & 1:
            code = _told(X, code, _door_record(P, F, S, X, i, month, d))
        d += 1
    S[i].behind = code


@kernel
def _told(X, code, cause):
    """``code`` with one more cause, or 0 where that would be too many."""
    return code * BASE + _rooted(X, cause) if 0 < code < _MOST_TOLD else np.int64(0)


@kernel
def _rooted(X, cause):
    """A record about a list rests on what the list rests on."""
    for _ in range(_ROOT):
        if cause < 0:
            cause = X.list_cause[-1 - cause]
    return np.int64(ANOTHER_LIST) if cause < 0 else cause


@kernel
def _cause_of(P, F, p):
    """What kind of record paper ``p`` is."""
    r = F[p].what
    if P.row_kin[r] or F[p].truth == SOMEONE_ELSES:
        return np.int64(ELSE)
    return P.row_context[r]


@kernel
def _find_worst(P, S, F, X, i, month):
    """Find the record that weighs most in each score anew, as ``scoring`` does whenever it adds up the whole file."""
    for s in range(P.schemes):
        X.worst[s, 0] = 0
    find_moves(S, F, X, i)
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == RECORD and month < F[p].until:
            s = P.row_scheme[F[p].what]
            if s >= 0 and F[p].points < X.worst[s, 0]:
                if reaches(P, X, i, np.int64(F[p].what), P.scheme_body[s], np.int64(F[p].month), month):
                    X.worst[s, 0] = F[p].points
                    X.worst[s, 1] = p
        p = np.int64(F[p].next)


@kernel
def _find_causes(P, S, F, X, i):
    """What is behind each list the resident is on, and each score, whose worst record is known."""
    for l in range(P.lists):
        X.list_cause[l] = NOTHING
    for s in range(P.schemes):
        X.scheme_cause[s] = NOTHING
        if X.worst[s, 0] < 0:
            p = X.worst[s, 1]
            about = P.row_list[F[p].what]
            X.scheme_cause[s] = -1 - about if about >= 0 else _cause_of(P, F, p)
    lists = np.int64(S[i].lists)
    p = np.int64(S[i].head)
    while p >= 0 and (lists != 0 or P.bars):  # each has one stay
        if F[p].kind == STAY:
            l = np.int64(F[p].what)
            lists &= ~(np.int64(1) << l)
            X.list_cause[l] = _cause_of_entry(P, S, F, X, i, l, p)
        elif F[p].kind == BAR:
            l = P.door_behind[F[p].what]
            if S[i].lists >> l & 1 == 0 and X.list_cause[l] == NOTHING:  # the newest where there is no stay
                X.list_cause[l] = _cause_of_entry(P, S, F, X, i, l, p)
        p = np.int64(F[p].next)


@kernel
def _cause_of_entry(P, S, F, X, i, l, p):
    """What is behind the entry on list ``l`` with which stay or bar ``p`` began."""
    if F[p].cause != 255:
        return _record_behind(P, S, F, i, np.int64(F[p].cause), np.int64(F[p].decide))
    # An entry through a score or grade rests on what the score rests on.
    return np.int64(X.scheme_cause[P.list_scheme[l]]) if P.list_scheme[l] >= 0 else np.int64(NOTHING)


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
            cause = X.scheme_cause[P.door_behind[d]]
        elif P.door_kind[d] == 1:
            cause = X.list_cause[P.door_behind[d]]
        elif P.door_kind[d] == 2:
            cause = _door_record(P, F, S, X, i, month, d)
        else:  # of a firm, for its representative
            cause = np.int64(ELSE)
        return _rooted(X, cause)
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
