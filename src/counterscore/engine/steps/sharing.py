"""Within steps 4 to 6: whose records reach whom, and what a move leaves behind.

A rule book without sharing lets every record count wherever it is asked for. In one with it, an authority
knows the records its own office made here; an entry carries them further, after a time, a share of them, within
the city or everywhere. Claims: whether a record ever arrives is luck of that record alone; a move changes no
record, it only changes who still finds it.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import high, mix, month_key, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    CITY,
    NATION,
    NEIGHBOURHOOD,
    NEVER,
    NOT_HAPPENED,
    OFFENDER,
    RECORD,
    SOMEONE_ELSES,
    STAY,
    THE_PUBLIC,
    TRACK,
    WRONG_FACTUAL,
)

_EVERY = np.int64(1) << 32
_DOORS = 62
UNWARNED, WARNED, WARNED_UNTRULY = range(3)


@kernel
def track_of(S, F, i):
    """The track of resident ``i``, the last paper of the file, or -1."""
    if S[i].traits & OFFENDER == 0:
        return np.int64(-1)
    p = np.int64(S[i].head)
    while p >= 0 and F[p].kind != TRACK:
        p = np.int64(F[p].next)
    return p


@kernel
def find_moves(S, F, X, i):
    """Since when resident ``i`` is in this place, in this city and anywhere: papers from before stayed behind."""
    p = track_of(S, F, i)
    X.moved[NATION] = 0
    X.moved[NEIGHBOURHOOD] = F[p].month if p >= 0 else 0
    X.moved[CITY] = F[p].decide if p >= 0 else 0


@kernel
def delay(P, r, body):
    """Months until a record of row ``r`` is where ``body`` reads it."""
    owner = P.row_authority[r]
    return np.int64(0) if owner == body else P.share_after[owner, body]


@kernel
def reaches(P, X, i, r, body, made, month):
    """Whether ``body`` finds this record of resident ``i``, of row ``r`` and month ``made``, in ``month``."""
    owner = P.row_authority[r]
    if owner == body and made >= X.moved[NEIGHBOURHOOD]:
        return True
    cover = P.share_cover[owner, body]
    if cover == 0 or made < X.moved[P.share_level[owner, body]] or month < made + P.share_after[owner, body]:
        return False
    if cover >= _EVERY:
        return True
    lot = word(month_key(X.sharing, made), X.first + i)
    return high(mix(lot ^ P.row_hash[r] ^ P.body_hash[body])) < cover


@kernel
def doors_reached(P, X, i, r, made, month):
    """The doors that this record closes by itself, of those whose keeper finds it."""
    found = np.int64(0)
    for d in range(_DOORS):
        bit = np.int64(1) << d
        if P.row_doors[r] & bit and reaches(P, X, i, r, P.door_body[d], made, month):
            found |= bit
    return found


@kernel
def arrival(P, month, r, made):
    """The next month in which a record of row ``r`` arrives somewhere, or ``NEVER``."""
    due = np.int64(NEVER)
    for body in range(P.bodies):
        there = made + P.share_after[P.row_authority[r], body]
        if there > month and P.share_after[P.row_authority[r], body] > 0:
            due = min(due, there)
    return due


@kernel
def warning(P, S, F, X, i, month):
    """What whoever deals with resident ``i`` finds: nothing, a warning, or one in which nothing is true."""
    found = UNWARNED
    if P.sharing == 0 and S[i].lists & P.lists_adverse == 0:  # only records that are shared warn
        return found
    p = np.int64(S[i].head)
    while p >= 0:
        true = True
        seen = False
        if F[p].kind == RECORD and month < F[p].until and P.row_warns[F[p].what]:
            seen = reaches(P, X, i, np.int64(F[p].what), THE_PUBLIC, np.int64(F[p].month), month)
            true = F[p].truth != NOT_HAPPENED and F[p].truth != SOMEONE_ELSES
        elif F[p].kind == STAY and P.list_public[F[p].what] and P.lists_adverse & (np.int64(1) << F[p].what):
            seen = F[p].month >= X.moved[P.list_level[F[p].what]]
            true = F[p].truth != WRONG_FACTUAL
        if seen and true:
            return WARNED
        if seen:
            found = WARNED_UNTRULY
        p = np.int64(F[p].next)
    return found
