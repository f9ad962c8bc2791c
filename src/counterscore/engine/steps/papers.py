"""Papers: the records that count and the stays on lists of one resident, as a linked list."""

from __future__ import annotations

import numpy as np

from counterscore.engine.kernel import entry, kernel
from counterscore.engine.layout import DIED, MAX_LISTS, NEVER, NORMAL, STAY


@kernel
def new_paper(X, F, S, H, i, kind, what, truth, month, until, points, cause):
    """Take a free place for a paper of resident ``i``; the caller has made sure there is one."""
    p = X.free
    X.free = F[p].next
    X.room -= 1
    F[p].kind = kind
    F[p].what = what
    F[p].truth = truth
    F[p].state = NORMAL
    F[p].month = month
    F[p].until = until
    F[p].decide = NEVER
    F[p].cause = cause
    F[p].points = points
    F[p].next = S[i].head
    S[i].head = p
    return p


@kernel
def drop_paper(X, F, S, H, i, before, p):
    """Give back the place of paper ``p``, which follows ``before`` (-1 where it is the first)."""
    if before < 0:
        S[i].head = F[p].next
    else:
        F[before].next = F[p].next
    F[p].next = X.free
    X.free = p
    X.room += 1


@entry
def copy_files(S, F, G):
    """Copy every file from ``F`` into ``G`` so that its papers lie side by side; returns their number."""
    used = 0
    for i in range(S.shape[0]):
        p = np.int64(S[i].head)
        if p >= 0:
            S[i].head = used
        while p >= 0:
            after = np.int64(F[p].next)
            G[used].points = F[p].points
            G[used].month = F[p].month
            G[used].until = F[p].until
            G[used].decide = F[p].decide
            G[used].kind = F[p].kind
            G[used].what = F[p].what
            G[used].truth = F[p].truth
            G[used].state = F[p].state
            G[used].cause = F[p].cause
            G[used].next = used + 1 if after >= 0 else -1
            used += 1
            p = after
    return used


@entry
def give_back(S, F, Y, gone, month, adverse, free):
    """Close the files of the dead, whose stays end: their places go to the head of the free chain.

    Returns the new head, how many places there are more, and how many stays on adverse lists ended.
    """
    more = 0
    left = 0
    for k in range(gone.shape[0]):
        i = gone[k]
        p = np.int64(S[i].head)
        while p >= 0:
            after = np.int64(F[p].next)
            if F[p].kind == STAY:
                l = np.int64(F[p].what)
                Y[(month - np.int64(F[p].month)) * MAX_LISTS + l].left[DIED] += 1
                left += adverse >> l & 1
            F[p].next = free
            free = p
            more += 1
            p = after
        S[i].lists = 0
    return free, more, left


@kernel
def note(X, E, month, i, event, a, b, c, d):
    """Write an event down where the subdistrict is being lived again with a trace."""
    if X.trace_on == 0:
        return
    at = X.trace_used
    X.trace_used = at + 1
    if at >= E.shape[0]:
        return
    E[at].month = month
    E[at].position = i
    E[at].event = event
    E[at].a = a
    E[at].b = b
    E[at].c = c
    E[at].d = d
    E[at].e = -1


@kernel
def note_more(X, E, e):
    """Add to the event just noted: the month in which its paper was made, or whether an act begins an episode."""
    at = X.trace_used - 1
    if X.trace_on != 0 and at < E.shape[0]:
        E[at].e = e
