"""Within steps 4 to 6: whose records reach whom, and what a move leaves behind.

A rule book without sharing lets every record count wherever it is asked for. In one with it, an authority
knows the records its own office made here; an entry carries them further, after a time, a share of them, within
the city or everywhere. An entry may also bring what an authority of another rule book records: then a record here is a copy, made
where there was one to copy, and taken back with it or not (``rights``); so is a record here of a listing there. Claims: whether a record ever arrives is luck of that record alone; a move changes no
record, it only changes who still finds it.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import high, mix, month_key, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    CITY,
    CORRECTED,
    COUNTER,
    NATION,
    NEIGHBOURHOOD,
    NEVER,
    NORMAL,
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
C_STALE = COUNTER["stale_copies"]
UNWARNED, WARNED, WARNED_UNTRULY = range(3)


@kernel
def track_of(town, i):
    """The track of resident ``i``, the last paper of the file, or -1."""
    person, papers = town.people[i], town.papers
    if person.traits & OFFENDER == 0:
        return np.int64(-1)
    p = np.int64(person.head)
    while p >= 0 and papers[p].kind != TRACK:
        p = np.int64(papers[p].next)
    return p


@kernel
def find_moves(town, i):
    """Since when resident ``i`` is in this place, in this city and anywhere: papers from before stayed behind."""
    papers, space = town.papers, town.space
    p = track_of(town, i)
    space.moved[NATION] = 0
    space.moved[NEIGHBOURHOOD] = papers[p].month if p >= 0 else 0
    space.moved[CITY] = papers[p].decide if p >= 0 else 0


@kernel
def stays_put(plan, person):
    """Whether no move can leave a record of this resident behind, so that all is found that has arrived."""
    return plan.sharing == 0 or person.traits & OFFENDER == 0


@kernel
def settled(plan, r, made, month):
    """Whether a record of row ``r`` and month ``made`` is found by now by all who read it, if nothing was left behind."""
    return plan.sharing_partial == 0 or month >= made + plan.row_settles[r]


@kernel
def delay(plan, r, body):
    """Months until a list that ``body`` keeps meets a record of row ``r``: when it is there, and what tells of a listing not
    before the month after.
    """
    owner = plan.row_authority[r]
    late = np.int64(0) if owner == body else plan.share_after[owner, body]
    return max(late, np.int64(plan.row_list[r] >= 0))


@kernel
def reaches(town, i, r, body, made, month):
    """Whether ``body`` finds this record of resident ``i``, of row ``r`` and month ``made``, in ``month``."""
    plan, space = town.plan, town.space
    owner = plan.row_authority[r]
    if owner == body and made >= space.moved[NEIGHBOURHOOD]:
        return True
    cover = plan.share_cover[owner, body]
    if cover == 0 or made < space.moved[plan.share_level[owner, body]] or month < made + plan.share_after[owner, body]:
        return False
    if cover >= _EVERY:
        return True
    lot = word(month_key(space.sharing, made), space.first + i)
    return high(mix(lot ^ plan.row_hash[r] ^ plan.body_hash[body])) < cover


@kernel
def doors_reached(town, i, r, made, month):
    """The doors that this record closes by itself, of those whose keeper finds it."""
    plan = town.plan
    found = np.int64(0)
    for d in range(_DOORS):
        bit = np.int64(1) << d
        if plan.row_doors[r] & bit and reaches(town, i, r, plan.door_body[d], made, month):
            found |= bit
    return found


@kernel
def arrival(plan, month, r, made):
    """The next month in which a record of row ``r`` arrives somewhere, or ``NEVER``."""
    due = np.int64(NEVER)
    for body in range(plan.bodies):
        there = made + plan.share_after[plan.row_authority[r], body]
        if there > month and plan.share_after[plan.row_authority[r], body] > 0:
            due = min(due, there)
    return due


@kernel
def tell_of(town, i, month, l, entered):
    """A listing on ``l`` since month ``entered`` was wrong: what other rule books were told of it is taken back, or goes on
    counting there. Returns whether anything is taken back.
    """
    plan, person = town.plan, town.people[i]
    papers, totals = town.papers, town.totals
    more = False
    p = np.int64(person.head)
    while p >= 0:
        copy = papers[p]
        told = copy.kind == RECORD and copy.state == NORMAL and copy.month == entered
        if told and plan.row_told[copy.what] and plan.row_list[copy.what] == l:
            if plan.row_corrects[copy.what]:
                copy.state = CORRECTED
                copy.decide = NEVER
                more = True
            elif month + 1 < copy.until:
                totals.counts[C_STALE] += 1
        p = np.int64(copy.next)
    return more


@kernel
def warning(town, i, month):
    """What whoever deals with resident ``i`` finds: nothing, a warning, or one in which nothing is true."""
    plan, person = town.plan, town.people[i]
    papers, space = town.papers, town.space
    found = UNWARNED
    if plan.sharing == 0 and person.lists & plan.lists_adverse == 0:  # only records that are shared warn
        return found
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        true = True
        seen = False
        if paper.kind == RECORD and month < paper.until and plan.row_warns[paper.what]:
            seen = reaches(town, i, np.int64(paper.what), THE_PUBLIC, np.int64(paper.month), month)
            true = paper.truth != NOT_HAPPENED and paper.truth != SOMEONE_ELSES
        elif paper.kind == STAY and plan.list_public[paper.what] and plan.lists_adverse & (np.int64(1) << paper.what):
            seen = paper.month >= space.moved[plan.list_level[paper.what]]
            true = paper.truth != WRONG_FACTUAL
        if seen and true:
            return WARNED
        if seen:
            found = WARNED_UNTRULY
        p = np.int64(paper.next)
    return found
