# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Singles see each other, and some become couples.

Claims: a single looks at a fixed number of profiles of the other sex in a month of looking. Which come up, in which
order, out of all near enough in age who were ever single, is the looker's own luck, and who is not single any more is
passed over, so that a match changes nothing for those who look elsewhere; a matchmaker only lets some pass more often than others, so prominence takes places from those
without it, and with equal prominence nothing differs from nobody being promoted. Whether two like each other belongs
to the pair: by age, schooling and a draw of their own, and by what the other shows where a rule book has scores shown to
singles (``ties``): a score in the middle of the range changes nothing, a higher one is liked more and a lower one less, up
to a share (``partners.appeal``) at either end, and somebody who shows nothing is taken to stand lowest by some. Both must; where somebody is liked by several
in a month, the pair whose luck comes first at both ends is matched. A match changes the family status of both.
A couple lasts until it separates (``separation``) or one of the two dies; then the other is single again.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, again, high, low, who_draws, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    AGES,
    AHEAD,
    CHUNK,
    COUNTER,
    EVENT_MATCH,
    MAX_GRADES,
    NEVER,
    NO_GRADE,
    PROFILES,
    SHOWN_NEVER,
    TOP16,
)
from counterscore.engine.partners.separation import couple, separations
from counterscore.engine.partners.ties import on_profile
from counterscore.engine.rows import fetch
from counterscore.engine.steps.papers import note

P_LOOK, P_PROFILE, P_PROMINENCE = int(Purpose.LOOK), int(Purpose.PROFILE), int(Purpose.PROMINENCE)
P_ATTRACTION, P_MATCH = int(Purpose.ATTRACTION), int(Purpose.MATCH)
C_VIEWS, C_MATCHES = COUNTER["views"], COUNTER["matches"]
C_VIEWS_TOLD, C_LIKES, C_LIKES_TOLD = COUNTER["views_told"], COUNTER["likes"], COUNTER["likes_told"]
SEEN, LIKED, MATCHED = range(3)
PLACE, CLOSE, TRY = range(
    3
)  #: of a profile laid out: its place among ``MINGLER``, how close it is, which try it came from
_TRIES = 1024  #: profiles that come up in a month of looking at most, shown or passed over
_ONE = np.uint64(1)
_NOBODY = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def may_mingle(person, private):
    """Whether the resident was single when the run began or on coming of age, which is so in every world."""
    return person.age >= ADULT and (private.partnered == 0 or private.matched != NEVER)


@kernel
def mingle(residents):
    """Lay out those who may be single by sex and age, each as far as a profile tells."""
    town = residents.town
    space = town.space
    n = town.size
    for q in range(2 * AGES + 1):
        space.first_of[q] = 0
    for i in range(n):
        person, private = town.people[i], residents.private[i]
        if may_mingle(person, private):
            space.first_of[private.sex * AGES + person.age] += 1
        private.best = _NOBODY
    for q in range(1, 2 * AGES + 1):
        space.first_of[q] += space.first_of[q - 1]
    for i in range(n - 1, -1, -1):
        person, private = town.people[i], residents.private[i]
        if may_mingle(person, private):
            at = private.sex * AGES + person.age
            space.first_of[at] -= 1
            k = np.int64(space.first_of[at])
            mingler = residents.minglers[k]
            mingler.who = i
            mingler.seen = 0
            set_single(space, k, private.partnered == 0)
            mingler.age = person.age
            mingler.education = private.education
    space.mingled = 1


@kernel
def set_single(space, k, single):
    """Note whether the ``k``-th of those laid out is single."""
    bit = _ONE << np.uint64(k & 63)
    if single:
        space.single[k >> 6] |= bit
    else:
        space.single[k >> 6] &= ~bit


@kernel
def write_seen(residents):
    """Add to each adult's own record how often they were shown since all were laid out."""
    space = residents.town.space
    if space.mingled:
        for k in range(space.first_of[2 * AGES]):
            mingler = residents.minglers[k]
            private = residents.private[mingler.who]
            private.seen = min(TOP16, np.int64(private.seen) + mingler.seen)
            mingler.seen = 0


@kernel
def closeness(plan, age, years):
    """How much differences in age and of schooling leave of liking each other, Q16: 0 for those too far apart."""
    return max(0, 256 - plan.partners_age * abs(age)) * max(0, 256 - plan.partners_schooling * abs(years))


@kernel
def appeal(plan, person, private):
    """What the score that the resident shows to singles, or shows not, does to being liked, 1/256."""
    if plan.shown_scheme < 0 or plan.shown_mates == SHOWN_NEVER:
        return 256
    if not on_profile(plan, person, private):
        return 256 - ((plan.partners_appeal * plan.partners_withheld) >> 8)
    s = plan.shown_scheme
    span = plan.scheme_ceiling[s] - plan.scheme_floor[s]
    place = (np.int64(person.score[s]) - plan.scheme_floor[s]) * 512 // span - 256
    return 256 + ((plan.partners_appeal * place) >> 8)


@kernel
def like_each_other(residents, keys, i, j, close):
    """Whether both would; the same from whichever side the two meet, as long as they show the same."""
    town = residents.town
    plan, space = town.plan, town.space
    first, second = min(i, j), max(i, j)
    pair = again(word(keys[P_ATTRACTION], space.first + first), second)
    border = (plan.partners_like * close) >> 16
    most = (border * (256 + plan.partners_appeal)) >> 8
    if high(pair) >= most or low(pair) >= most:  # whatever the two show: few pairs get further
        return False
    one = appeal(plan, town.people[first], residents.private[first])
    two = appeal(plan, town.people[second], residents.private[second])
    return high(pair) < (border * two) >> 8 and low(pair) < (border * one) >> 8


@kernel
def grade_at(plan, person):
    """The grade that the matchmaker goes by, ``MAX_GRADES`` for none."""
    if plan.prominent_scheme < 0 or person.grade[plan.prominent_scheme] == NO_GRADE:
        return MAX_GRADES
    return np.int64(person.grade[plan.prominent_scheme])


@kernel
def next_profiles(residents, profiles, first, n, age, school, t):
    """Lay out the next profiles of singles near enough that come up from try ``t`` on; returns how many, and the try after."""
    town = residents.town
    plan, space = town.plan, town.space
    found = 0
    while found < PROFILES and t < _TRIES:
        pair = again(profiles, t >> 1)
        k = first + (((low(pair) if t & 1 else high(pair)) * n) >> 32)
        close = np.int64(0)
        if space.single[k >> 6] >> np.uint64(k & 63) & _ONE:
            mingler = residents.minglers[k]
            close = closeness(plan, age - np.int64(mingler.age), school - np.int64(mingler.education))
        if close != 0:
            who = np.int64(residents.minglers[k].who)
            fetch(town.people, who)
            fetch(residents.private, who)
            space.profiles[found, PLACE] = k
            space.profiles[found, CLOSE] = close
            space.profiles[found, TRY] = t
            found += 1
        t += 1
    return found, t


@kernel
def look(residents, keys, i, touched):
    """A month of looking: profiles come up until enough were shown; who is liked is added to ``touched``."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    private, totals, space = residents.private[i], town.totals, town.space
    age, school = np.int64(person.age), np.int64(private.education)
    reach = 255 // plan.partners_age if plan.partners_age > 0 else AGES
    others = (1 - np.int64(private.sex)) * AGES
    first = np.int64(space.first_of[others + max(ADULT, age - reach)])
    n = np.int64(space.first_of[others + min(AGES - 1, age + reach) + 1]) - first
    profiles = word(space.keys[P_PROFILE], space.first + i)
    passing = word(space.keys[P_PROMINENCE], space.first + i)
    mine = grade_at(plan, person)
    tells = plan.shown_scheme >= 0 and plan.shown_mates != SHOWN_NEVER
    shown = 0
    t = 0 if n > 0 else _TRIES
    while t < _TRIES:
        found, t = next_profiles(residents, profiles, first, n, age, school, t)
        for m in range(found):
            mingler = residents.minglers[space.profiles[m, PLACE]]
            j = np.int64(mingler.who)
            theirs = grade_at(plan, town.people[j])
            if high(again(passing, space.profiles[m, TRY])) >= plan.prominence[theirs]:
                continue
            shown += 1
            told = on_profile(plan, town.people[j], residents.private[j]) if tells else False
            totals.counts[C_VIEWS_TOLD] += told
            if mingler.seen < TOP16:
                mingler.seen += 1
            meeting = residents.meetings[mine * (MAX_GRADES + 1) + theirs]
            meeting.met[SEEN] += 1
            if like_each_other(residents, keys, i, j, space.profiles[m, CLOSE]):
                meeting.met[LIKED] += 1
                totals.counts[C_LIKES] += 1
                totals.counts[C_LIKES_TOLD] += told
                one, two = min(i, j), max(i, j)
                luck = again(word(space.keys[P_MATCH], space.first + one), two)
                touched = choose(residents, i, j, luck, touched)
                touched = choose(residents, j, i, luck, touched)
            if shown >= plan.partners_views:
                t = _TRIES
                break
    totals.counts[C_VIEWS] += shown
    return touched


@kernel
def choose(residents, i, j, luck, touched):
    """Let ``i`` keep whoever's luck comes first."""
    private = residents.private[i]
    if private.best == _NOBODY:
        residents.minglers[touched].met = i
        touched += 1
    if luck < private.best:
        private.best = luck
        private.other = j
    return touched


@kernel
def meet(residents, keys, month):
    """All singles of the subdistrict in one month."""
    town = residents.town
    plan, totals, space = town.plan, town.totals, town.space
    n = town.size
    if month % 12 == 0 and month > 0:
        separations(residents, month)
    if space.mingled == 0 or month % 12 == 0:
        write_seen(residents)
        mingle(residents)
    touched = 0
    key = space.keys[P_LOOK] + GAMMA * np.uint64(space.first)
    for first in range(0, n, CHUNK):
        found = who_draws(key, plan.partners_look, first, min(n, first + CHUNK), space.chosen, 0)
        for k in range(found):
            ahead = np.int64(space.chosen[min(k + AHEAD, found - 1)])
            fetch(town.people, ahead)
            fetch(residents.private, ahead)
            i = np.int64(space.chosen[k])
            if town.people[i].age >= ADULT and residents.private[i].partnered == 0:
                touched = look(residents, keys, i, touched)
    for k in range(touched):
        i = np.int64(residents.minglers[k].met)
        j = np.int64(residents.private[i].other)
        if j <= i or residents.private[j].other != i or residents.private[j].best != residents.private[i].best:
            continue
        totals.counts[C_MATCHES] += 1
        mine, theirs = grade_at(plan, town.people[i]), grade_at(plan, town.people[j])
        residents.meetings[mine * (MAX_GRADES + 1) + theirs].met[MATCHED] += 1
        residents.meetings[theirs * (MAX_GRADES + 1) + mine].met[MATCHED] += 1
        for end in (i, j):
            private = residents.private[end]
            couple(private, month)
            at = np.int64(space.first_of[private.sex * AGES + town.people[end].age])
            while residents.minglers[at].who != end:
                at += 1
            set_single(space, at, False)
        note(town, month, i, EVENT_MATCH, j, 0, 0, 0)
        note(town, month, j, EVENT_MATCH, i, 0, 0, 0)
    for k in range(touched):
        residents.private[residents.minglers[k].met].best = _NOBODY
