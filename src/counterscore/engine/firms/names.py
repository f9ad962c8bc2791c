"""Closing, and opening again under a new name.

Claims: a representative whose firm has closed may open another. That takes a business licence, which a closed
door refuses. Unless the rule book follows the representative, records and lists stay with the old name; what
they hold against the representative goes on until it would have ended. A rule may know the representative
again (``set-up-after-worst-grade``, ``set-up-after-listing``).
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    BAR,
    COUNTER,
    EMPLOYED,
    EVENT_FIRM,
    EVENT_WORK,
    FIRM_CLOSED,
    FIRM_COUNTER,
    FIRM_FAILED,
    FIRM_REFUSED,
    FIRM_REOPENED,
    FLAG_SECOND,
    FLAG_TROUBLE,
    LEFT_BEHIND,
    MONEY_TOP,
    NEVER,
    OWN_BUSINESS,
    RECORD,
    TOP8,
    UNEMPLOYED,
    Loss,
)
from counterscore.engine.stack import ACT_INDEX, SERVICE_INDEX
from counterscore.engine.steps.attempts import attempt
from counterscore.engine.steps.circumstances import do
from counterscore.engine.steps.papers import drop_paper, note
from counterscore.engine.steps.scoring import grade_of

P_CLOSING, P_OPENING = int(Purpose.FIRM_CLOSING), int(Purpose.FIRM_OPENING)
LICENCE = SERVICE_INDEX["business-licence"]
AFTER_WORST, AFTER_LISTING = ACT_INDEX["set-up-after-worst-grade"], ACT_INDEX["set-up-after-listing"]
C_JOB_LOSSES = COUNTER["job_losses"]
N_CLOSED, N_FAILED, N_REOPENED, N_REFUSED, N_ESCAPED, N_JOBS = (
    FIRM_COUNTER[name] for name in ("closed", "failed", "reopened", "reopening_refused", "escaped", "jobs_closed")
)


@kernel
def lent(plan, doors):
    """Doors of this plan that stop somebody else, in the numbers of the other's plan."""
    out = np.int64(0)
    for k in range(plan.lends):
        if doors & (np.int64(1) << plan.lend_from[k]):
            out |= np.int64(1) << plan.lend_to[k]
    return out


@kernel
def starting_cash(firms, i):
    """Money a firm opens with: between nothing and twice the usual reserve, by its own draw."""
    town = firms.town
    plan, firm, space = town.plan, firms.own[i], town.space
    lot = low(word(space.keys[P_OPENING], space.first + i)) >> 16
    return min(MONEY_TOP, (np.int64(firm.turnover) * plan.firms_reserve * 2 * lot) >> 24)


@kernel
def closing(firms, residents, i, month):
    """Whether the firm closes this month, because of what it owes or for another reason."""
    town, homes = firms.town, residents.town
    plan, firm, space = town.plan, firms.own[i], town.space
    lots = word(space.keys[P_CLOSING], space.first + i)
    much = np.int64(firm.owed) << 8 >= np.int64(firm.turnover) * plan.firms_fail_after
    failed = much and high(lots) < plan.firms_fail
    if not failed and low(lots) >= plan.firms_close:
        return
    firm.closed_in = month
    space.tally[N_CLOSED] += 1
    if failed:
        firm.failed = min(TOP8, np.int64(firm.failed) + 1)
        space.tally[N_FAILED] += 1
    note(town, month, i, EVENT_FIRM, FIRM_FAILED if failed else FIRM_CLOSED, firm.name, 0, 0)
    for at in range(firm.staff_from, firm.staff_to):
        j = firms.staff[at].resident
        worker = homes.people[j]
        if worker.work == EMPLOYED and worker.traits & OWN_BUSINESS == 0:
            worker.work = UNEMPLOYED
            if worker.job_losses < TOP8:
                worker.job_losses += 1
            homes.totals.counts[C_JOB_LOSSES] += 1
            space.tally[N_JOBS] += 1
            homes.watch[j].flag |= FLAG_TROUBLE | FLAG_SECOND
            note(homes, month, j, EVENT_WORK, UNEMPLOYED, Loss.FIRM_CLOSED, 0, 0)


@kernel
def opening(firms, residents, i, month, n):
    """The representative of a closed firm may open another; returns the pile's height, -1 while closed."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, watch, space = firms.own[i], town.watch[i], town.space
    number = space.first + i
    if firm.closed_in == month or high(word(space.keys[P_OPENING], number)) >= plan.firms_reopen:
        return -1
    homes = residents.town
    luck = again(word(space.keys[P_OPENING], number), 1)
    doors = homes.people[firm.head].doors & homes.plan.doors_self
    if not attempt(homes, firm.head, month, LICENCE, doors, luck):
        space.tally[N_REFUSED] += 1
        note(town, month, i, EVENT_FIRM, FIRM_REFUSED, firm.name, 0, 0)
        return -1
    worst = False
    for s in range(plan.schemes):
        worst = worst or (plan.scheme_grades[s] > 1 and file.grade[s] == plan.scheme_grades[s] - 1)
    listed = file.lists & plan.lists_adverse != 0
    escaped = _leave_behind(firms, i, month)
    if escaped:
        firm.escaped = min(TOP8, np.int64(firm.escaped) + 1)
        space.tally[N_ESCAPED] += 1
    space.tally[N_REOPENED] += 1
    firm.name = min(TOP8, np.int64(firm.name) + 1)
    firm.closed_in = NEVER
    firm.age = 0
    firm.tax_clean = 0
    firm.owed = 0
    firm.wages_owed = 0
    firm.loan = 0
    firm.unpaid = 0
    firm.bills = 0
    firm.taxes = 0
    firm.unwilling = 0
    firm.disclosure = 0
    firm.cash = starting_cash(firms, i)
    file.arrears = 0
    file.judged = 0
    watch.due = month
    note(town, month, i, EVENT_FIRM, FIRM_REOPENED, firm.name, escaped, 0)
    if worst:
        n = do(space, n, AFTER_WORST, True, layout.TRUE)
    if listed:
        n = do(space, n, AFTER_LISTING, True, layout.TRUE)
    return n


@kernel
def _leave_behind(firms, i, month):
    """Take out of the file what does not follow the representative; returns whether something adverse was left."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, papers = firms.own[i], town.papers
    held = lent(plan, file.doors)
    escaped = False
    until = np.int64(0)
    before = np.int64(-1)
    p = np.int64(file.head)
    while p >= 0:
        paper = papers[p]
        after = np.int64(paper.next)
        what = np.int64(paper.what)
        record = paper.kind == RECORD
        bar = paper.kind == BAR
        l = plan.door_behind[what] if bar else what
        if (plan.row_follows[what] if record else plan.list_follows[l]) == 0:
            doors = plan.row_doors[what] if record else np.int64(1) << what if bar else plan.list_doors[what]
            if lent(plan, doors) != 0 and paper.until > month:
                until = max(until, np.int64(paper.until))
            if record:
                escaped = escaped or (paper.points < 0 and paper.until > month)
            elif not bar:
                escaped = escaped or plan.lists_adverse & (np.int64(1) << what) != 0
                file.lists &= ~(1 << what) & 0xFFFF
                town.stays[(month - np.int64(paper.month)) * layout.MAX_LISTS + what].left[LEFT_BEHIND] += 1
            drop_paper(town, i, before, p)
        else:
            before = p
        p = after
    for s in range(plan.schemes):
        if plan.scheme_follows[s] == 0:
            file.absorbed[s] = 0
            file.score[s] = plan.scheme_start[s]
            file.grade[s] = grade_of(plan, s, plan.scheme_start[s])
    if until > month:
        firm.past = held if firm.past_until <= month else held | firm.past
        firm.past_until = max(np.int64(firm.past_until), until)
    return escaped
