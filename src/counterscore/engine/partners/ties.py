# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Showing a private score, what friends make of it, and what ties come to.

Claims: a rule book says to whom its score is shown. *Never*: to nobody. *May*: who takes part begins to show it at a rate
that falls from the best grade to none in the lowest, and stops on reaching the lowest. *Asked*: friends who show theirs
ask as well, each at a monthly rate, and whoever is asked shows it, but in the lowest grade. *Must*: everybody who has a
score shows it. The same four, told apart, hold of singles who look (``meeting``).

Who shows a score compares, and sees of others only what they show. A friend who shows one that is lower by at least the
gap stands lower. A friend who shows nothing, having a score or not, is taken to stand lower by some: by a share of those
who look, which is an assumption and may be none. A tie to whoever stands lower is dropped at a monthly rate. A resident
who shows a score higher than one's own by at least the gap is sought as a friend at a monthly rate, and accepts at
another, less often somebody who shows nothing. A tie belongs to one of its ends and has its luck there.
All decisions of a month rest on the scores and shown scores of the month before their effects, so none depends on
the order of residents.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.codes import EDGES
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.friends import TIES, seen_from_there
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    COUNTER,
    EVENT_PROFILE,
    EVENT_SHOWN,
    EVENT_SOUGHT,
    EVENT_TIE,
    FILE_HIDES,
    FILE_SHOWN,
    MAX_SOUGHT,
    NEAR,
    NO_GRADE,
    SHOWN_ASKED,
    SHOWN_MAY,
    SHOWN_MUST,
    SHOWN_NEVER,
    TOP8,
    Tie,
)
from counterscore.engine.partners.knowing import _MANY, tie_to
from counterscore.engine.steps.papers import note

P_BOAST, P_SCORE_TIE, P_SEEK = int(Purpose.BOAST), int(Purpose.SCORE_TIE), int(Purpose.SEEK)
C_SHOWN, C_LOW, C_SOUGHT, C_HIDDEN = (COUNTER[name] for name in ("shown", "ties_low", "ties_sought", "ties_hidden"))
C_PROFILES = COUNTER["profiles_shown"]
OWN = EDGES + MAX_SOUGHT  #: ties that belong to a resident: those of the place, then those sought
_LANES = 8  #: of a word
_LANE = np.uint64(0xFF)
#: What somebody who shows a score makes of somebody else.
LEVEL, LOWER, UNTOLD = range(3)


@kernel
def friends_who_show(residents, i):
    """How many of the resident's friends show their score."""
    shown = 0
    for k in range(_MANY):
        j = tie_to(residents, i, k)
        if j >= 0 and residents.town.watch[j].file & FILE_SHOWN:
            shown += 1
    return shown


@kernel
def count_askers(residents):
    """Before anybody begins to show: how many friends may ask each adult."""
    for i in range(residents.town.size):
        if residents.town.people[i].age >= ADULT:
            residents.private[i].asking = friends_who_show(residents, i)


@kernel
def who_may_show(town, key, first, end):
    """Write down who draws to begin to show the score, and who has to stop or begin; returns how many."""
    plan, space = town.plan, town.space
    friends = plan.partners_show if plan.shown_friends != SHOWN_NEVER else 0
    if plan.shown_friends == SHOWN_ASKED:
        friends += plan.partners_ask * _MANY
    mates = plan.partners_show if plan.shown_mates != SHOWN_NEVER else 0
    if plan.shown_mates == SHOWN_ASKED:
        mates += plan.partners_ask
    must = FILE_SHOWN if plan.shown_friends == SHOWN_MUST else 0
    found = 0
    for i in range(first, end):
        space.chosen[found] = i
        lot = word(key, i)
        file = np.int64(town.watch[i].file)
        found += (
            np.int64(high(lot) < friends)
            | np.int64(low(lot) < mates)
            | np.int64(file & FILE_HIDES != 0)
            | np.int64(~file & must != 0)
        )
    return found


@kernel
def may_show(plan, person, rule):
    """Whether the resident has a score that ``rule`` lets be shown; looking at the file or leaving can change it."""
    s = plan.shown_scheme
    grade = np.int64(person.grade[s])
    worst = plan.scheme_grades[s] - 1
    if rule == SHOWN_NEVER or grade == NO_GRADE or person.part & (1 << s) == 0:
        return False
    return rule == SHOWN_MUST or grade != worst or worst <= 0


@kernel
def show(residents, i, month):
    """Whether the resident begins to show the score to friends or on a profile, or stops."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    private = residents.private[i]
    s = plan.shown_scheme
    grade = np.int64(person.grade[s])
    worst = plan.scheme_grades[s] - 1
    lot = word(space.keys[P_BOAST], space.first + i)
    own = plan.partners_show if worst <= 0 else plan.partners_show * (worst - grade) // worst
    if not may_show(plan, person, plan.shown_friends):
        watch.file &= 255 & ~(FILE_SHOWN | FILE_HIDES)
    else:
        watch.file &= 255 & ~FILE_HIDES
        rate = own + (plan.partners_ask * np.int64(private.asking) if plan.shown_friends == SHOWN_ASKED else 0)
        begins = plan.shown_friends == SHOWN_MUST or high(lot) < rate
        if begins and watch.file & FILE_SHOWN == 0 and person.age >= ADULT:
            watch.file |= FILE_SHOWN
            if person.shown < TOP8:
                person.shown += 1
            totals.counts[C_SHOWN] += 1
            note(town, month, i, EVENT_SHOWN, grade, s, 0, 0)
    chosen = plan.shown_mates == SHOWN_MAY or plan.shown_mates == SHOWN_ASKED
    if chosen and private.profile == 0 and person.age >= ADULT and may_show(plan, person, plan.shown_mates):
        if low(lot) < own + (plan.partners_ask if plan.shown_mates == SHOWN_ASKED else 0):
            private.profile = 1
            totals.counts[C_PROFILES] += 1
            note(town, month, i, EVENT_PROFILE, grade, s, 0, 0)


@kernel
def on_profile(plan, person, private):
    """Whether a single who looks sees the resident's score: not while it stands in the lowest grade, but by rule."""
    if not may_show(plan, person, plan.shown_mates):
        return False
    return plan.shown_mates == SHOWN_MUST or private.profile != 0


@kernel
def opinion(town, i, j):
    """What ``i`` makes of ``j``: nothing where ``i`` shows no score or ``j`` is a child; ``LOWER`` by at least the gap."""
    plan, person, other = town.plan, town.people[i], town.people[j]
    s = plan.shown_scheme
    if town.watch[i].file & FILE_SHOWN == 0 or person.grade[s] == NO_GRADE or other.age < ADULT:
        return LEVEL
    if town.watch[j].file & FILE_SHOWN == 0 or other.grade[s] == NO_GRADE:
        return UNTOLD
    return LOWER if np.int64(person.score[s]) - np.int64(other.score[s]) >= plan.partners_gap else LEVEL


@kernel
def stands_above(town, j, i):
    """Whether ``j`` shows a score that is higher by at least the gap than the one that ``i`` has, shown or not."""
    plan, person, other = town.plan, town.people[i], town.people[j]
    s = plan.shown_scheme
    if town.watch[j].file & FILE_SHOWN == 0 or person.grade[s] == NO_GRADE or other.grade[s] == NO_GRADE:
        return False
    return np.int64(other.score[s]) - np.int64(person.score[s]) >= plan.partners_gap


@kernel
def tie_lot(lot, mine):
    """The 32-bit draw of a tie of those that belong to a resident: its lane of a word, and bits of a further word."""
    lane = lanes_of(lot, mine // _LANES) >> np.uint64(8 * (mine % _LANES)) & _LANE
    return (np.int64(lane) << 24) | (low(again(lot, mine)) & 0xFFFFFF)


@kernel
def lanes_of(lot, which):
    """The word of eight lanes of the first ties, or of the next eight."""
    return lot if which == 0 else again(lot, OWN)


@kernel
def who_may_drop(town, key, first, end):
    """Write down whose draws may drop a tie, if it comes to that; returns how many."""
    plan, space = town.plan, town.space
    border = np.uint64(plan.partners_drop >> 24)
    found = 0
    for i in range(first, end):
        lot = word(key, i)
        more = lanes_of(lot, 1)
        space.chosen[found] = i
        any_ = np.int64(0)
        for k in range(_LANES):
            any_ |= np.int64((lot >> np.uint64(8 * k)) & _LANE <= border)
        for k in range(OWN - _LANES):
            any_ |= np.int64((more >> np.uint64(8 * k)) & _LANE <= border)
        found += any_
    return found


@kernel
def drop(residents, i, month):
    """The ties that belong to the resident: those of the place, and those sought."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    private, totals, space = residents.private[i], town.totals, town.space
    lot = word(space.keys[P_SCORE_TIE], space.first + i)
    for mine in range(OWN):
        drawn = tie_lot(lot, mine)
        if drawn >= plan.partners_drop:
            continue
        k = mine if mine < NEAR else mine + NEAR  # those between belong to their other ends
        j = tie_to(residents, i, k)
        if j < 0 or (2 * NEAR <= k < TIES and j < i):
            continue
        here, there = opinion(town, i, j), opinion(town, j, i)
        lower = here == LOWER or there == LOWER
        rate = plan.partners_drop if lower else (plan.partners_drop * plan.partners_withheld) >> 8
        if (here == LEVEL and there == LEVEL) or drawn >= rate:
            continue
        if k < TIES:
            person.ties &= ~(1 << k) & 65535
            town.people[j].ties &= ~(1 << seen_from_there(k)) & 65535
        else:
            private.sought[k - TIES] = -1
        for end in (i, j):
            its = residents.private[end]
            if lower and its.ties_low < TOP8:
                its.ties_low += 1
            if not lower and its.ties_hidden < TOP8:
                its.ties_hidden += 1
        totals.counts[C_LOW if lower else C_HIDDEN] += 1
        note(town, month, i, EVENT_TIE, j, Tie.LOW if lower else Tie.HIDDEN, 0, 0)
        note(town, month, j, EVENT_TIE, i, Tie.LOW if lower else Tie.HIDDEN, 0, 0)


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
    if j == i or person.part & (1 << s) == 0 or not stands_above(town, j, i):
        return
    place = -1
    for k in range(_MANY):
        other = tie_to(residents, i, k)
        if other == j:
            return
        if other < 0 and k >= TIES and place < 0:
            place = k - TIES
    told = town.watch[i].file & FILE_SHOWN != 0
    accepts = plan.partners_accept if told else (plan.partners_accept * (256 - plan.partners_withheld)) >> 8
    if place < 0 or high(again(lot, 0)) >= accepts:
        return
    private.sought[place] = j
    for end in (i, j):
        its = residents.private[end]
        if its.ties_new < TOP8:
            its.ties_new += 1
    totals.counts[C_SOUGHT] += 1
    note(town, month, i, EVENT_SOUGHT, j, 0, 0, 0)
    note(town, month, j, EVENT_SOUGHT, i, 1, 0, 0)
