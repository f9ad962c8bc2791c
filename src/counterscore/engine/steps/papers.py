"""Papers: the records that count and the stays on lists of one resident, as a linked list."""

from __future__ import annotations

import numpy as np

from counterscore.engine.kernel import entry, kernel
from counterscore.engine.layout import DIED, MAX_LISTS, NEVER, NORMAL, STAY


@kernel
def new_paper(town, i, kind, what, truth, month, until, points, cause):
    """Take a free place for a paper of resident ``i``; the caller has made sure there is one."""
    person, papers, space = town.people[i], town.papers, town.space
    p = space.free
    paper = papers[p]
    space.free = paper.next
    space.room -= 1
    paper.kind = kind
    paper.what = what
    paper.truth = truth
    paper.state = NORMAL
    paper.month = month
    paper.until = until
    paper.decide = NEVER
    paper.cause = cause
    paper.points = points
    paper.next = person.head
    person.head = p
    return p


@kernel
def drop_paper(town, i, before, p):
    """Give back the place of paper ``p``, which follows ``before`` (-1 where it is the first)."""
    person, papers, space = town.people[i], town.papers, town.space
    paper = papers[p]
    if before < 0:
        person.head = paper.next
    else:
        papers[before].next = paper.next
    paper.next = space.free
    space.free = p
    space.room += 1


@entry
def copy_files(people, papers, tidy):
    """Copy every file from ``papers`` into ``tidy`` so that its papers lie side by side; returns their number."""
    used = 0
    for i in range(people.shape[0]):
        p = np.int64(people[i].head)
        if p >= 0:
            people[i].head = used
        while p >= 0:
            paper, copy = papers[p], tidy[used]
            after = np.int64(paper.next)
            copy.points = paper.points
            copy.month = paper.month
            copy.until = paper.until
            copy.decide = paper.decide
            copy.kind = paper.kind
            copy.what = paper.what
            copy.truth = paper.truth
            copy.state = paper.state
            copy.cause = paper.cause
            copy.next = used + 1 if after >= 0 else -1
            used += 1
            p = after
    return used


@entry
def give_back(people, papers, stays, gone, month, adverse, free):
    """Close the files of the dead, whose stays end: their places go to the head of the free chain.

    Returns the new head, how many places there are more, and how many stays on adverse lists ended.
    """
    more = 0
    left = 0
    for k in range(gone.shape[0]):
        i = gone[k]
        p = np.int64(people[i].head)
        while p >= 0:
            paper = papers[p]
            after = np.int64(paper.next)
            if paper.kind == STAY:
                l = np.int64(paper.what)
                stays[(month - np.int64(paper.month)) * MAX_LISTS + l].left[DIED] += 1
                left += adverse >> l & 1
            paper.next = free
            free = p
            more += 1
            p = after
        people[i].lists = 0
    return free, more, left


@kernel
def note(town, month, i, event, a, b, c, d):
    """Write an event down where the subdistrict is being lived again with a trace."""
    space = town.space
    if space.trace_room == 0:
        return
    at = space.trace_used
    space.trace_used = at + 1
    if at >= space.trace_room:
        return
    noted = town.events[at]
    noted.month = month
    noted.position = i
    noted.event = event
    noted.a = a
    noted.b = b
    noted.c = c
    noted.d = d
    noted.e = -1


@kernel
def note_more(town, e):
    """Add to the event just noted: the month in which its paper was made, or whether an act begins an episode."""
    space = town.space
    at = space.trace_used - 1
    if space.trace_room > 0 and at < space.trace_room:
        town.events[at].e = e
