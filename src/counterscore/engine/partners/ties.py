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
    ADULT,
    COUNTER,
    EVENT_SHOWN,
    EVENT_SOUGHT,
    EVENT_TIE,
    FILE_HIDES,
    FILE_SHOWN,
    FRIEND_SHIFTS,
    NO_GRADE,
    TOP8,
    Tie,
)
from counterscore.engine.partners.knowing import _MANY, tie_to
from counterscore.engine.steps.papers import note

P_BOAST, P_SCORE_TIE, P_SEEK = int(Purpose.BOAST), int(Purpose.SCORE_TIE), int(Purpose.SEEK)
C_SHOWN, C_LOW, C_SOUGHT = COUNTER["shown"], COUNTER["ties_low"], COUNTER["ties_sought"]
_HALF = len(FRIEND_SHIFTS)
_LANE = np.uint64(0xFF)


@kernel
def who_may_show(town, key, first, end):
    """Write down who draws to begin to show the score, and who has to stop; returns how many."""
    plan, space = town.plan, town.space
    found = 0
    for i in range(first, end):
        space.chosen[found] = i
        found += np.int64(high(word(key, i)) < plan.partners_show) | np.int64(town.watch[i].file & FILE_HIDES != 0)
    return found


@kernel
def may_show(plan, person):
    """Whether the resident takes part and stands above the lowest grade; looking at the file or leaving can change it."""
    s = plan.shown_scheme
    grade = np.int64(person.grade[s])
    worst = plan.scheme_grades[s] - 1
    return grade != NO_GRADE and person.part & (1 << s) != 0 and (grade != worst or worst <= 0)


@kernel
def show(residents, i, month):
    """Whether the resident begins to show the score, or stops."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    s = plan.shown_scheme
    grade = np.int64(person.grade[s])
    worst = plan.scheme_grades[s] - 1
    if not may_show(plan, person):
        watch.file &= 255 & ~(FILE_SHOWN | FILE_HIDES)
        return
    if watch.file & FILE_SHOWN or person.age < ADULT:
        return
    rate = plan.partners_show if worst == 0 else plan.partners_show * (worst - grade) // worst
    if high(word(space.keys[P_BOAST], space.first + i)) < rate:
        watch.file |= FILE_SHOWN
        if person.shown < TOP8:
            person.shown += 1
        totals.counts[C_SHOWN] += 1
        note(town, month, i, EVENT_SHOWN, grade, s, 0, 0)


@kernel
def looks_down(town, i, j):
    """Whether ``i``, who shows a score, stands higher than ``j``, who has one, by at least the gap."""
    plan, person, other = town.plan, town.people[i], town.people[j]
    s = plan.shown_scheme
    if town.watch[i].file & FILE_SHOWN == 0 or person.grade[s] == NO_GRADE or other.grade[s] == NO_GRADE:
        return False
    return np.int64(person.score[s]) - np.int64(other.score[s]) >= plan.partners_gap


@kernel
def tie_lot(lot, k):
    """The 32-bit draw of tie ``k`` of those that belong to a resident: its lane of the word, and bits of a further word."""
    lane = np.int64((lot >> np.uint64(8 * k)) & _LANE)
    return (lane << 24) | (low(again(lot, k)) & 0xFFFFFF)


@kernel
def who_may_drop(town, key, first, end):
    """Write down whose draws may drop a tie, if it crosses the gap; returns how many."""
    plan, space = town.plan, town.space
    border = np.uint64(plan.partners_drop >> 24)
    found = 0
    for i in range(first, end):
        lot = word(key, i)
        space.chosen[found] = i
        any_ = np.int64(0)
        for k in range(_MANY - _HALF):
            any_ |= np.int64((lot >> np.uint64(8 * k)) & _LANE <= border)
        found += any_
    return found


@kernel
def drop(residents, i, month):
    """The ties that belong to the resident: the fixed ones that start here, and those sought."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    private, totals, space = residents.private[i], town.totals, town.space
    lot = word(space.keys[P_SCORE_TIE], space.first + i)
    for mine in range(_MANY - _HALF):
        if tie_lot(lot, mine) >= plan.partners_drop:
            continue
        k = mine if mine < _HALF else mine + _HALF  # those between belong to their other ends
        j = tie_to(residents, i, k)
        if j < 0 or not (looks_down(town, i, j) or looks_down(town, j, i)):
            continue
        if k < _HALF:
            person.ties &= ~(1 << k) & 255
            town.people[j].ties &= ~(1 << (k + _HALF)) & 255
        else:
            private.sought[k - 2 * _HALF] = -1
        for end in (i, j):
            its = residents.private[end]
            if its.ties_low < TOP8:
                its.ties_low += 1
        totals.counts[C_LOW] += 1
        note(town, month, i, EVENT_TIE, j, Tie.LOW, 0, 0)
        note(town, month, j, EVENT_TIE, i, Tie.LOW, 0, 0)


@kernel
def seek(residents, i, month):
    """One candidate of the subdistrict, who is sought where a higher score is shown, and who may accept."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    private, totals, space = residents.private[i], town.totals, town.space
    lot = word(space.keys[P_SEEK], space.first + i)
    if high(lot) >= plan.partners_seek:
        return
    j = (low(lot) * town.size) >> 32
    s = plan.shown_scheme
    if person.part & (1 << s) == 0 or not looks_down(town, j, i):
        return
    place = -1
    for k in range(_MANY):
        other = tie_to(residents, i, k)
        if other == j:
            return
        if other < 0 and k >= 2 * _HALF and place < 0:
            place = k - 2 * _HALF
    if place < 0 or high(again(lot, 0)) >= plan.partners_accept:
        return
    private.sought[place] = j
    for end in (i, j):
        its = residents.private[end]
        if its.ties_new < TOP8:
            its.ties_new += 1
    totals.counts[C_SOUGHT] += 1
    note(town, month, i, EVENT_SOUGHT, j, 0, 0, 0)
    note(town, month, j, EVENT_SOUGHT, i, 1, 0, 0)
