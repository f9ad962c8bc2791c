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
    NO_ROW,
    NOTHING,
    RECORD,
    SOMEONE_ELSES,
    STAY,
    TOP16,
    WORST_PAPER,
    WORST_POINTS,
    DoorKind,
)
from counterscore.engine.steps.conduct import closed_essential
from counterscore.engine.steps.sharing import find_moves, reaches

C_UNABLE = COUNTER["unable"]
_ROOT = 4  #: how often one list may lead to another before the search ends
#: Of those alike: the doors in force, their own, what is behind, lists; how many, how many services of which kind.
DOORS, OWN, BEHIND, LISTS, MANY, SHUT, MINE, ESSENTIAL = range(8)
BASE = len(CAUSES)
_MOST_TOLD = (1 << 63) // BASE
_SPREAD, _TOP = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(40)


@kernel
def count_doors(town, i, month, doors):
    """Count the hindered services of a month with ``doors`` in force, of which at least one hinders.

    Residents to whom the same doors are closed by the same kinds of records count the same, so how many they are is
    kept in one of few places, and their services are told off when the month ends or the place is needed for others.
    """
    plan, person, space = town.plan, town.people[i], town.space
    doors &= plan.doors_hinder
    own = person.doors & plan.doors_self & plan.doors_hinder
    behind, lists = np.int64(0), np.int64(0)
    if own != 0:
        behind, lists = np.int64(person.behind), np.int64(person.lists)
    mixed = np.uint64(doors) ^ np.uint64(own) * GAMMA ^ np.uint64(behind) * _SPREAD ^ np.uint64(lists)
    k = np.int64((mixed * _SPREAD) >> _TOP) & (ALIKE - 1)
    alike = (
        space.alike[k, DOORS] == doors
        and space.alike[k, OWN] == own
        and space.alike[k, BEHIND] == behind
        and space.alike[k, LISTS] == lists
    )
    if not alike or (own != 0 and behind == 0):
        tell_off(town, k)
        _begin_alike(town, i, month, k, doors, own, behind, lists)
    space.alike[k, MANY] += 1
    if space.alike[k, SHUT] > person.doors_most:
        person.doors_most = space.alike[k, SHUT]
    if space.alike[k, ESSENTIAL] >= plan.doors_unable_at:
        if person.months_unable < TOP16:
            person.months_unable += 1
    if space.alike[k, MINE] == 0 and person.wrong_spread < TOP16:
        person.wrong_spread += 1


@kernel
def _begin_alike(town, i, month, k, doors, own, behind, lists):
    """Find out what counts for resident ``i``, and for all to whom the same holds, and keep it in place ``k``."""
    plan, space = town.plan, town.space
    if own != 0:
        _find_worst(town, i, month)
        _find_causes(town, i)
    shut = 0
    mine = 0
    for s in range(plan.service_closed.shape[0]):
        if plan.service_hindered[s] & doors:
            shut += 1
            mine += plan.service_hindered[s] & own != 0
            space.alike_behind[k, s] = _behind(town, i, month, s, own)
    space.alike[k, DOORS] = doors
    space.alike[k, OWN] = own
    space.alike[k, BEHIND] = behind
    space.alike[k, LISTS] = lists
    space.alike[k, MANY] = 0
    space.alike[k, SHUT] = shut
    space.alike[k, MINE] = mine
    space.alike[k, ESSENTIAL] = closed_essential(plan, doors)


@kernel
def tell_off(town, k):
    """Add the services of those counted in place ``k`` to the month's."""
    plan, totals, space = town.plan, town.totals, town.space
    many = space.alike[k, MANY]
    if many == 0:
        return
    space.alike[k, MANY] = 0
    for s in range(plan.service_closed.shape[0]):
        if plan.service_hindered[s] & space.alike[k, DOORS]:
            totals.door_months[plan.service_domain[s]] += many
            totals.spillover[space.alike_behind[k, s], plan.service_domain[s]] += many
    totals.closed[space.alike[k, ESSENTIAL]] += many
    if space.alike[k, ESSENTIAL] >= plan.doors_unable_at:
        totals.counts[C_UNABLE] += many


@kernel
def keep_behind(town, i, month, added_up):
    """Keep what kinds of records are behind the doors that hinder, as they stand until the file is looked at again.

    One whole number for each way in which they can be, given the lists and doors; 0 where there are too many to tell.
    ``added_up`` is whether the whole file was added up this month.
    """
    plan, person, space = town.plan, town.people[i], town.space
    person.behind = 0
    if person.doors & plan.doors_self & plan.doors_hinder == 0:
        return
    if not added_up:
        _find_worst(town, i, month)
    _find_causes(town, i)
    code = np.int64(1)
    for s in range(plan.schemes):
        code = _told(space, code, space.scheme_cause[s])
    lists = np.int64(person.lists)
    hinders = person.doors & plan.doors_self & plan.doors_hinder
    for l in range(plan.lists):
        if lists >> l & 1 or plan.list_bars[l] & hinders:
            code = _told(space, code, space.list_cause[l])
    by_record = space.record_doors & hinders
    d = 0
    while by_record >> d != 0:
        if by_record >> d & 1:
            code = _told(space, code, _door_record(town, i, month, d))
        d += 1
    person.behind = code


@kernel
def _told(space, code, cause):
    """``code`` with one more cause, or 0 where that would be too many."""
    return code * BASE + _rooted(space, cause) if 0 < code < _MOST_TOLD else np.int64(0)


@kernel
def _rooted(space, cause):
    """A record about a list rests on what the list rests on."""
    for _ in range(_ROOT):
        if cause < 0:
            cause = space.list_cause[-1 - cause]
    return np.int64(ANOTHER_LIST) if cause < 0 else cause


@kernel
def _cause_of(plan, paper):
    """What kind of record this paper is."""
    r = paper.what
    if plan.row_kin[r] or paper.truth == SOMEONE_ELSES:
        return np.int64(ELSE)
    return plan.row_context[r]


@kernel
def _find_worst(town, i, month):
    """Find the record that weighs most in each score anew, as ``scoring`` does whenever it adds up the whole file."""
    plan, person = town.plan, town.people[i]
    papers, space = town.papers, town.space
    for s in range(plan.schemes):
        space.worst[s, WORST_POINTS] = 0
    find_moves(town, i)
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == RECORD and month < paper.until:
            s = plan.row_scheme[paper.what]
            if s >= 0 and paper.points < space.worst[s, WORST_POINTS]:
                if reaches(town, i, np.int64(paper.what), plan.scheme_body[s], np.int64(paper.month), month):
                    space.worst[s, WORST_POINTS] = paper.points
                    space.worst[s, WORST_PAPER] = p
        p = np.int64(paper.next)


@kernel
def _find_causes(town, i):
    """What is behind each list the resident is on, and each score, whose worst record is known."""
    plan, person = town.plan, town.people[i]
    papers, space = town.papers, town.space
    for l in range(plan.lists):
        space.list_cause[l] = NOTHING
    for s in range(plan.schemes):
        space.scheme_cause[s] = NOTHING
        if space.worst[s, WORST_POINTS] < 0:
            p = space.worst[s, WORST_PAPER]
            about = plan.row_list[papers[p].what]
            space.scheme_cause[s] = -1 - about if about >= 0 else _cause_of(plan, papers[p])
    lists = np.int64(person.lists)
    p = np.int64(person.head)
    while p >= 0 and (lists != 0 or plan.bars):  # each has one stay
        paper = papers[p]
        if paper.kind == STAY:
            l = np.int64(paper.what)
            lists &= ~(np.int64(1) << l)
            space.list_cause[l] = _cause_of_entry(town, i, l, p)
        elif paper.kind == BAR:
            l = plan.door_behind[paper.what]
            if person.lists >> l & 1 == 0 and space.list_cause[l] == NOTHING:  # the newest where there is no stay
                space.list_cause[l] = _cause_of_entry(town, i, l, p)
        p = np.int64(paper.next)


@kernel
def _cause_of_entry(town, i, l, p):
    """What is behind the entry on list ``l`` with which stay or bar ``p`` began."""
    plan, paper, space = town.plan, town.papers[p], town.space
    if paper.cause != NO_ROW:
        return _record_behind(town, i, np.int64(paper.cause), np.int64(paper.decide))
    # An entry through a score or grade rests on what the score rests on.
    return np.int64(space.scheme_cause[plan.list_scheme[l]]) if plan.list_scheme[l] >= 0 else np.int64(NOTHING)


@kernel
def _record_behind(town, i, row, made):
    """What kind of record of ``row``, made in month ``made``, a stay rests on."""
    plan, person, papers = town.plan, town.people[i], town.papers
    found = np.int64(ELSE) if plan.row_kin[row] else plan.row_context[row]
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == RECORD and paper.what == row and paper.month == made:
            found = _cause_of(plan, paper)
        p = np.int64(paper.next)
    return found


@kernel
def _behind(town, i, month, s, own):
    """What the first door that hinders service ``s`` rests on."""
    plan, space = town.plan, town.space
    for at in range(plan.service_start[s], plan.service_start[s + 1]):
        d = plan.service_doors[at]
        if own & (np.int64(1) << d) == 0 or (plan.door_effect[d] != CLOSED and plan.door_effect[d] != NARROWED):
            continue
        cause = np.int64(NOTHING)
        if plan.door_kind[d] == DoorKind.GRADE:
            cause = space.scheme_cause[plan.door_behind[d]]
        elif plan.door_kind[d] == DoorKind.LIST:
            cause = space.list_cause[plan.door_behind[d]]
        elif plan.door_kind[d] == DoorKind.RECORD:
            cause = _door_record(town, i, month, d)
        else:  # of a firm, for its representative
            cause = np.int64(ELSE)
        return _rooted(space, cause)
    return np.int64(ELSE)  # a door of the next of kin


@kernel
def _door_record(town, i, month, d):
    """What kind of record closes a door by itself: the newest of the row that its keeper finds."""
    plan, person, papers = town.plan, town.people[i], town.papers
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == RECORD and paper.what == plan.door_behind[d] and month < paper.until:
            if reaches(town, i, np.int64(paper.what), plan.door_body[d], np.int64(paper.month), month):
                return _cause_of(plan, paper)
        p = np.int64(paper.next)
    return np.int64(NOTHING)
