"""Within step 2, and after step 7: dealings between residents, and the offender who moves on.

Claims: a few repeat offenders mean to defraud whom they deal with, at a rate of their own. A one-shot dealing goes
ahead unless the partner finds a record or published list that warns; where people deal with each other again, who
has cheated here is known without any record. Who has offended, or finds no partner, may move on, to
another part of the city or to another city, where only what is shared that far is found. The same net
catches others: whoever has a record that warns is refused one-shot dealings, whether it is true or not.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    COUNTER,
    EVENT_DEALING,
    EVENT_MOVE,
    NEVER,
    NO_ROW,
    NORMAL,
    OFFENDER,
    TOP8,
    TOP16,
    TRACK,
    TRUE,
    WARNING,
)
from counterscore.engine.stack import ACT_INDEX
from counterscore.engine.steps.circumstances import do
from counterscore.engine.steps.conduct import DETER, felt
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.sharing import UNWARNED, WARNED_UNTRULY, find_moves, track_of, warning

P_FRAUD, P_VICTIM, P_DEALING, P_MOVE = (
    int(Purpose.FRAUD),
    int(Purpose.VICTIM),
    int(Purpose.DEALING),
    int(Purpose.MOVE),
)
C_TRIED, C_WARNED, C_KNOWN, C_VICTIMS, C_MOVES, C_LOST, C_LOST_UNTRUE, C_MISCONDUCT = (
    COUNTER[name]
    for name in (
        "frauds_tried",
        "frauds_warned",
        "frauds_known",
        "victims",
        "moves",
        "dealings_refused",
        "dealings_refused_untrue",
        "misconduct",
    )
)
FRAUD = ACT_INDEX["fraud"]
_WHOLE = 1 << 16
_CHEATED, _MOVES_NEAR, _MOVES_FAR = 1, 2, 4  # states of a track
WENT_AHEAD, STOPPED_WARNED, STOPPED_KNOWN, REFUSED = range(4)


@kernel
def look_up(town, i, month):
    """Keep in the flag whether whoever deals with the resident is warned."""
    watch = town.watch[i]
    watch.flag &= 255 & ~WARNING
    if warning(town, i, month) != UNWARNED:
        watch.flag |= WARNING


@kernel
def _keep_track(town, i):
    """A track at the end of the file, where it is in nobody's way."""
    person, papers, space = town.people[i], town.papers, town.space
    p = np.int64(space.free)
    paper = papers[p]
    space.free = paper.next
    space.room -= 1
    paper.kind = TRACK
    paper.what = 0
    paper.truth = TRUE
    paper.state = NORMAL
    paper.month = 0
    paper.until = NEVER
    paper.decide = 0
    paper.cause = NO_ROW
    paper.points = 0
    paper.next = -1
    if person.head < 0:
        person.head = p
        return p
    last = np.int64(person.head)
    while papers[last].next >= 0:
        last = np.int64(papers[last].next)
    papers[last].next = p
    return p


@kernel
def _move(town, i, month, p):
    """The move decided on last month: what is not shared that far stays behind."""
    plan, watch = town.plan, town.watch[i]
    paper, totals = town.papers[p], town.totals
    far = paper.points & _MOVES_FAR != 0
    paper.month = month
    if far:
        paper.decide = month
    paper.points = 0
    totals.counts[C_MOVES] += 1
    note(town, month, i, EVENT_MOVE, far, 0, 0, 0)
    watch.due = month
    if plan.public:
        find_moves(town, i)
        look_up(town, i, month)


@kernel
def _partner(town, i):
    """Whom the offender deals with: a resident by luck, the next one where that is a minor; -1 for nobody."""
    space = town.space
    n = town.size
    first = (high(word(space.keys[P_VICTIM], space.first + i)) * n) >> 32
    for step in range(n):
        j = (first + step) % n
        if j != i and town.people[j].age >= ADULT:
            return j
    return np.int64(-1)


@kernel
def offend(town, i, month, n):
    """A month of a repeat offender; a fraud goes on the pile. Returns the pile's height."""
    plan, person = town.plan, town.people[i]
    watch, papers = town.watch[i], town.papers
    totals, space = town.totals, town.space
    number = space.first + i
    p = track_of(town, i)
    if p >= 0 and papers[p].points & (_MOVES_NEAR | _MOVES_FAR):
        _move(town, i, month, p)
    rate = plan.conduct_fraud
    if plan.responses and watch.aware <= month:
        rate = (rate * (_WHOLE - felt(town, i, DETER, FRAUD, plan.act_deter[FRAUD]))) >> 16
    if high(word(space.keys[P_FRAUD], number)) >= rate:
        return n
    j = _partner(town, i)
    if j < 0:
        return n
    if p < 0:
        p = _keep_track(town, i)
    totals.counts[C_TRIED] += 1
    how = WENT_AHEAD
    if high(word(space.keys[P_DEALING], number)) < plan.dealings_one_shot:
        if watch.flag & WARNING:
            how = STOPPED_WARNED
            totals.counts[C_WARNED] += 1
    elif papers[p].points & _CHEATED:
        how = STOPPED_KNOWN
        totals.counts[C_KNOWN] += 1
    note(town, month, i, EVENT_DEALING, how, j, 0, 0)
    lot = word(space.keys[P_MOVE], number)
    if high(lot) < plan.conduct_move_on:
        papers[p].points |= _MOVES_FAR if low(lot) < plan.conduct_move_far else _MOVES_NEAR
    if how != WENT_AHEAD:
        return n
    papers[p].points |= _CHEATED
    n = do(space, n, FRAUD, True, TRUE)
    totals.counts[C_VICTIMS] += 1
    totals.counts[C_MISCONDUCT] += 1
    if person.victims < TOP8:
        person.victims += 1
    if person.misconduct < TOP16:
        person.misconduct += 1
    victim = town.people[j]
    if victim.defrauded < TOP8:
        victim.defrauded += 1
    return n


@kernel
def dealings(town, i, month):
    """The month's one-shot dealing of a resident about whom partners are warned: it is refused."""
    plan, person = town.plan, town.people[i]
    totals, space = town.totals, town.space
    if person.traits & OFFENDER or person.age < ADULT:
        return
    lot = word(space.keys[P_DEALING], space.first + i)
    if high(lot) >= plan.dealings_need or low(lot) >= plan.dealings_one_shot:
        return
    find_moves(town, i)
    found = warning(town, i, month)
    if person.dealings_refused < TOP8:
        person.dealings_refused += 1
    totals.counts[C_LOST] += 1
    if found == WARNED_UNTRULY:
        totals.counts[C_LOST_UNTRUE] += 1
    note(town, month, i, EVENT_DEALING, REFUSED, 0, found, 0)
