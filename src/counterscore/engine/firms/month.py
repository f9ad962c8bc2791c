"""The month of the firms: where each goes through its nine steps, from top to bottom."""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, as_lane, high, word
from counterscore.engine.firms.business import PENALTY, consequences, inspection, needs
from counterscore.engine.firms.money import awards, duties_done, firm_fortune, money, standing_of_head
from counterscore.engine.firms.names import AFTER_LISTING, AFTER_WORST, closing, lent, opening, starting_cash
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ACT,
    ACTS_RECORDED,
    COUNTER,
    EVENT_DOORS,
    FILE_DECIDED,
    FILE_NEWS,
    FIRM_COUNTER,
    FLAG_ENTERED,
    FLAG_SECOND,
    GOOD,
    KNOWS_BY_LISTING,
    MISCONDUCT,
    NEVER,
    TOP8,
    TOP16,
)
from counterscore.engine.steps.conduct import tempted, upper_rate
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import record, untrue_record
from counterscore.engine.steps.rights import learn, rights
from counterscore.engine.steps.settling import begin_file, settle_file, tally_stay

P_TEMPTATION, P_NEED, P_STATUS = int(Purpose.TEMPTATION), int(Purpose.NEED), int(Purpose.FIRM_STATUS)
C_JUDGED, C_AWARE = COUNTER["judged"], COUNTER["aware"]
N_OPEN, N_OWING, N_WAGES_OWED, N_CASH, N_HEADS, N_BY_HEAD, N_GLITCHED, N_REMEMBERED = (
    FIRM_COUNTER[name]
    for name in (
        "open",
        "owing_wages",
        "wages_owed",
        "cash",
        "heads_restricted",
        "restricted_by_head",
        "glitched",
        "remembered",
    )
)
_16, _48 = np.uint64(16), np.uint64(48)
_LANE = np.uint64(0xFFFF)
_BAND = 2  #: of the plan's tables by age, which are the same for firms of all ages


@kernel
def firms_begin(firms, residents, month):
    """The start of the firms' month: luck, January, and restrictions on representatives that are found anew."""
    town = firms.town
    plan, space, homes = town.plan, town.space, residents.town
    for q in range(space.keys.shape[0]):
        space.keys[q] = homes.space.keys[q]
    for i in range(town.size):
        firm, file, watch = firms.own[i], town.people[i], town.watch[i]
        homes.people[firm.head].doors &= ~homes.plan.doors_lent
        if month % 12 == 0:
            if month > 0:
                firm.age = min(TOP8, np.int64(firm.age) + 1)
            file.hours = 0
            file.yuan = 0
            for slot in range(3):
                watch.bound[slot] = upper_rate(plan, file, slot)
            watch.need = as_lane(plan.need_total[_BAND])
            firm_fortune(firms, i)
        if month == 0:
            firm.cash = starting_cash(firms, i)
            firm.rated = high(word(space.keys[P_STATUS], space.first + i)) >> 16


@kernel
def firm_month(firms, residents, i, month):
    """The nine steps of one firm."""
    town = firms.town
    plan, firm = town.plan, firms.own[i]
    watch, space = town.watch[i], town.space
    begin_file(town, i)
    lanes = word(space.keys[P_TEMPTATION], space.first + i)
    _restrict_through_head(firms, residents, i, month)
    n = 0
    if firm.closed_in != NEVER:
        residents.town.people[firm.head].doors |= _held_against_head(firms, i, month)
        n = opening(firms, residents, i, month, n)
    if n >= 0:  # open, perhaps again
        # 1. Circumstances
        n = money(firms, residents, i, month, n)
        n = standing_of_head(firms, residents, i, n)
        if month % 12 == 0:
            n = awards(firms, i, n)
        # 2. Conduct
        first = n
        if np.int64(lanes & _LANE) < watch.bound[MISCONDUCT]:
            n = tempted(town, i, month, MISCONDUCT, n)
        n = consequences(firms, i, first, n)
        if np.int64((lanes >> _16) & _LANE) < watch.bound[GOOD]:
            n = tempted(town, i, month, GOOD, n)
        # 3. Recording
        _record_all(firms, i, month, n)
        if np.int64(lanes >> _48) >= 65536 - plan.errors_untrue_bound:
            untrue_record(town, i, month)
        inspection(firms, i)
        space.performed = duties_done(firms, i, month)
    # 4. Scoring, 5. Listing, 6. Doors
    if watch.due <= month or space.filed != 0 or space.performed != 0:
        settle_file(town, i, month)
        space.tally[N_GLITCHED] += space.glitched
    _restrict_head(firms, residents, i, month)
    if firm.closed_in != NEVER:
        firm.closed_months = min(TOP16, np.int64(firm.closed_months) + 1)
        watch.flag = 0
        watch.file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
        return
    # 7. Attempts
    candidate = np.int64(word(space.keys[P_NEED], space.first + i) >> _48) < watch.need
    needs(firms, i, month, candidate)
    # 8. Rights
    rights(town, i, month)
    # 9. Response
    if plan.responses and watch.flag & FLAG_ENTERED:
        learn(town, i, month + 1, month, KNOWS_BY_LISTING, 0)
    watch.flag = 0
    watch.file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
    closing(firms, residents, i, month)
    _tally_firm(firms, i, month)


@kernel
def _restrict_through_head(firms, residents, i, month):
    """Doors that the representative's file puts before the firm."""
    town, homes = firms.town, residents.town
    plan, file = town.plan, town.people[i]
    through_head = lent(homes.plan, homes.people[firms.own[i].head].doors)
    if through_head != file.doors & plan.doors_lent:
        note(town, month, i, EVENT_DOORS, file.doors & plan.doors_lent, through_head, 0, 0)
        file.doors = (file.doors & ~plan.doors_lent) | through_head


@kernel
def _record_all(firms, i, month, n):
    """The acts on the pile meet their authorities."""
    town = firms.town
    totals, space = town.totals, town.space
    firm = firms.own[i]
    for k in range(n):
        act = space.done[k, ACT]
        before = totals.acts[act, ACTS_RECORDED]
        record(town, i, month, k)
        if totals.acts[act, ACTS_RECORDED] > before:
            if act == PENALTY:
                firm.penalties = min(TOP16, np.int64(firm.penalties) + 1)
            elif act == AFTER_WORST or act == AFTER_LISTING:
                space.tally[N_REMEMBERED] += 1


@kernel
def _held_against_head(firms, i, month):
    """Doors that the firm's file, and what is left of an earlier name's, put before the representative."""
    town, firm = firms.town, firms.own[i]
    bits = lent(town.plan, town.people[i].doors)
    return bits | firm.past if month < firm.past_until else bits


@kernel
def _restrict_head(firms, residents, i, month):
    """Bring the representative's doors up to date with what the firm's file says."""
    homes, firm = residents.town, firms.own[i]
    bits = _held_against_head(firms, i, month)
    if bits != firm.held:
        note(homes, month, firm.head, EVENT_DOORS, firm.held, bits, 0, 0)
        firm.held = bits
    if bits != 0:
        homes.people[firm.head].doors |= bits
        homes.watch[firm.head].flag |= FLAG_SECOND
        if bits & homes.plan.doors_hinder:
            firms.town.space.tally[N_HEADS] += 1
            firm.head_months = min(TOP16, np.int64(firm.head_months) + 1)


@kernel
def _tally_firm(firms, i, month):
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, watch = firms.own[i], town.watch[i]
    totals, space = town.totals, town.space
    if file.lists & plan.lists_adverse != 0:
        tally_stay(town, i)
    if watch.aware <= month:
        totals.counts[C_AWARE] += 1
    if file.judged != 0:
        totals.counts[C_JUDGED] += 1
    if file.doors & plan.doors_lent & plan.doors_hinder:
        space.tally[N_BY_HEAD] += 1
    if firm.closed_in == NEVER:
        space.tally[N_OPEN] += 1
        space.tally[N_CASH] += firm.cash
        if firm.unpaid > 0:
            space.tally[N_OWING] += 1
            space.tally[N_WAGES_OWED] += firm.wages_owed
