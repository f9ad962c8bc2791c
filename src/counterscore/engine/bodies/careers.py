"""Careers of officials: who leads a body, for how long, and what goes along with them.

Claims: a body has a leading official and a deputy, both residents. In January a leader whose promotion was granted in
December leaves for a higher office, and one who has died or reached the age of retirement leaves too; the deputy follows,
and a civil servant comes in as deputy. Some leaders change places with the leader of another body. What was recorded while an
official led is that official's own record, fades with the years and goes along to the next body. Where a rule book
assesses officials by it, doors of the body they left go on standing before them for as long as they do before its leader, and a
body is told to be led by somebody with a bad record. Otherwise whoever leaves is free of what is left behind.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.bodies.promises import seen_of
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.firms.names import lent
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    APPOINTED,
    BODY_COUNTER,
    EVENT_BODY,
    FLAG_SECOND,
    MOVED,
    NEVER,
    PROMOTED,
    RECORD,
    RETIRED,
    SCALE,
    TOP8,
    TOP16,
    TRUE,
)
from counterscore.engine.stack import ACT_INDEX
from counterscore.engine.steps.papers import note

P_CAREER = int(Purpose.BODY_CAREER)
BAD_RECORD = ACT_INDEX["official-on-record"]
N_RESTRICTED, N_PURSUED, N_PROMOTIONS, N_MOVES, N_RETIRED, N_LEFT_BEHIND = (
    BODY_COUNTER[name]
    for name in ("officials_restricted", "officials_pursued", "promotions", "moves", "retired", "left_behind")
)
_TRIES = 8  #: of somebody who holds no post yet
_ROTATION, _NEWCOMERS, _TOLD = 1, 2, 32  #: addresses of a body's luck of the year; 0 is for its promotion


@kernel
def careers(bodies, residents, month):
    """January: a year is closed; leaders leave, deputies follow, some change places."""
    town = bodies.town
    plan, space = town.plan, town.space
    for i in range(town.size):
        leader = bodies.officials[bodies.own[i].leader]
        leader.own = ((np.int64(leader.own) * plan.bodies_memory) >> 8) + leader.year
        leader.year = 0
    for i in range(town.size):
        body = bodies.own[i]
        if _ends(bodies, residents, np.int64(body.deputy)):
            _leave(bodies, i, np.int64(body.deputy), month, RETIRED)
            body.deputy = _newcomer(bodies, residents, i, month, 0)
        leader = bodies.officials[body.leader]
        old = _ends(bodies, residents, np.int64(body.leader))
        if old or leader.up:
            space.tally[N_RETIRED if old else N_PROMOTIONS] += 1
            _leave(bodies, i, np.int64(body.leader), month, RETIRED if old else PROMOTED)
            rising = bodies.officials[body.deputy]
            rising.rises = min(TOP8, np.int64(rising.rises) + 1)
            appoint(bodies, residents, i, np.int64(body.deputy), month)
            body.deputy = _newcomer(bodies, residents, i, month, 1)
    for i in range(town.size):
        lot = again(word(space.keys[P_CAREER], space.first + i), _ROTATION)
        j = (low(lot) * town.size) >> 32
        if high(lot) < plan.bodies_rotation and j != i:
            _change_places(bodies, residents, i, j, month)


@kernel
def _ends(bodies, residents, o):
    """Whether official ``o`` has died or reached the age of retirement."""
    official = bodies.officials[o]
    return official.died != 0 or not _may_serve(residents, np.int64(official.resident))


@kernel
def _may_serve(residents, r):
    """Whether resident ``r`` is of an age to hold a post."""
    age = residents.town.people[r].age
    return ADULT < age < residents.town.plan.circumstances_retirement_age


@kernel
def _leave(bodies, i, o, month, how):
    """Official ``o`` is out of office."""
    official = bodies.officials[o]
    if official.leads:
        _look_behind(bodies, i, o)
    official.gone = month
    official.how = how
    official.leads = 0
    official.up = 0
    note(bodies.town, month, i, EVENT_BODY, how, official.resident, -1, official.own)


@kernel
def _look_behind(bodies, i, o):
    """What the leader of body ``i`` leaves behind there, and whether its doors go along."""
    town = bodies.town
    plan, file, official = town.plan, town.people[i], bodies.officials[o]
    if plan.schemes == 0:
        return
    listed = file.lists & plan.lists_adverse != 0
    town.space.tally[N_LEFT_BEHIND] += listed or file.score[0] < plan.scheme_start[0]
    official.left = i if plan.bodies_own and lent(plan, file.doors) != 0 else -1


@kernel
def appoint(bodies, residents, i, o, month):
    """Official ``o`` leads body ``i`` from now on."""
    town, body, official = bodies.town, bodies.own[i], bodies.officials[o]
    came = np.int64(official.body)
    official.body = i
    official.since = month
    official.leads = 1
    body.leader = o
    body.head = official.resident
    body.led_since = month
    body.leaders = min(TOP16, np.int64(body.leaders) + 1)
    town.people[i].conscientiousness = residents.town.people[official.resident].conscientiousness
    note(town, month, i, EVENT_BODY, APPOINTED, official.resident, came, official.own)


@kernel
def _newcomer(bodies, residents, i, month, post):
    """Somebody with an empty record as deputy of body ``i``: drawn, and drawn again where he holds a post; returns the row."""
    space, homes = bodies.town.space, residents.town
    luck = word(space.keys[P_CAREER], space.first + i)
    r = np.int64(0)
    for k in range(_TRIES):
        lot = high(again(luck, _NEWCOMERS + post * _TRIES + k))
        r = np.int64(bodies.pool[(lot * bodies.candidates) >> 32].resident)
        if _may_serve(residents, r) and not _in_office(bodies, r):
            break
    o = space.officials
    space.officials += 1
    official = bodies.officials[o]
    official.resident = r
    official.body = i
    official.left = -1
    official.came = month
    official.since = month
    official.gone = NEVER
    homes.people[r].doors &= ~homes.plan.doors_lent
    return o


@kernel
def _in_office(bodies, r):
    for i in range(bodies.town.size):
        body = bodies.own[i]
        if bodies.officials[body.leader].resident == r or bodies.officials[body.deputy].resident == r:
            return True
    return False


@kernel
def _change_places(bodies, residents, i, j, month):
    """The leaders of two bodies change places."""
    a, b = np.int64(bodies.own[i].leader), np.int64(bodies.own[j].leader)
    _move(bodies, i, j, a, month)
    _move(bodies, j, i, b, month)
    appoint(bodies, residents, i, b, month)
    appoint(bodies, residents, j, a, month)


@kernel
def _move(bodies, i, j, o, month):
    """Official ``o`` goes from body ``i`` to body ``j``."""
    official = bodies.officials[o]
    official.moves = min(TOP8, np.int64(official.moves) + 1)
    _look_behind(bodies, i, o)
    bodies.town.space.tally[N_MOVES] += 1
    note(bodies.town, month, i, EVENT_BODY, MOVED, official.resident, j, official.own)


@kernel
def told_of_leader(bodies, i, month):
    """January, step 3: whether it is recorded that the body is led by somebody with a bad record."""
    town = bodies.town
    plan, space = town.plan, town.space
    if plan.bodies_own and bodies.officials[bodies.own[i].leader].own < -plan.bodies_bad_record * SCALE:
        luck = again(word(space.keys[P_CAREER], space.first + i), _TOLD)
        seen_of(town, i, month, BAD_RECORD, True, TRUE, luck)


@kernel
def own_record(bodies, i, month):
    """After step 6: what was recorded of the body this month is in its leader's record too."""
    town = bodies.town
    file, space = town.people[i], town.space
    official = bodies.officials[bodies.own[i].leader]
    official.months_led = min(TOP16, np.int64(official.months_led) + 1)
    if space.filed == 0 or town.plan.schemes == 0:
        return
    points = np.int64(space.news[0])
    p = np.int64(file.head)
    while p >= 0:
        paper = town.papers[p]
        if paper.kind == RECORD and paper.month == month:
            points += paper.points
        p = np.int64(paper.next)
    official.year += points


@kernel
def restrict_officials(bodies, residents, i):
    """Doors that the body's file puts before its leader, and before who led it when they closed, until retirement or death."""
    town = bodies.town
    bits = lent(town.plan, town.people[i].doors)
    if bits != 0:
        _restrict(bodies, residents, np.int64(bodies.own[i].leader), bits, N_RESTRICTED)
    if town.plan.bodies_own == 0:
        return
    for o in range(town.space.officials):
        if bodies.officials[o].left == i:
            if bits == 0 or _ends(bodies, residents, o):
                bodies.officials[o].left = -1
            else:
                _restrict(bodies, residents, o, bits, N_PURSUED)


@kernel
def _restrict(bodies, residents, o, bits, counter):
    official, homes = bodies.officials[o], residents.town
    official.months_restricted = min(TOP16, np.int64(official.months_restricted) + 1)
    homes.people[official.resident].doors |= bits
    homes.watch[official.resident].flag |= FLAG_SECOND
    bodies.town.space.tally[counter] += 1


@kernel
def lift_restrictions(bodies, residents):
    """The start of a month: doors before officials are found anew."""
    homes = residents.town
    for o in range(bodies.town.space.officials):
        homes.people[bodies.officials[o].resident].doors &= ~homes.plan.doors_lent
