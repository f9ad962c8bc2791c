"""Step 1. Work, savings and debts of one resident; debts fall due.

Able and unable are kept apart: a resident is *able* who has work or savings left, and only the able can be
moved by pressure. Claims: work is lost and found at random rates; savings bridge the loss of work; an expense costs more to
whom a rule has refused insurance, until some is given; arrears
that last lead to a suit and a judgment; an able debtor pays a judgment in its first month or later at rates
that rise with conscientiousness, and, where pressure works, with being listed and knowing it.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ACT,
    AMOUNT,
    BEGINS,
    BUSINESS_CLOSED,
    COUNTER,
    EMPLOYED,
    EVENT_AFTERMATH,
    EVENT_BUSINESS,
    EVENT_DEBT,
    EVENT_WORK,
    FLAG_TROUBLE,
    FLAG_UNWILLING,
    OFFENDER,
    OWN_BUSINESS,
    TOP8,
    TOP16,
    TRUTH,
    UNEMPLOYED,
    UNINSURED,
    Debt,
    Loss,
)
from counterscore.engine.stack import ACT_INDEX, SERVICE_INDEX
from counterscore.engine.steps.papers import note

P_SHOCK, P_INTEREST, P_SUIT = int(Purpose.SHOCK), int(Purpose.INTEREST), int(Purpose.SUIT)
P_PAYMENT, P_EVASION, P_BILL = (
    int(Purpose.PAYMENT),
    int(Purpose.EVASION),
    int(Purpose.BILL),
)
P_STATUS = int(Purpose.STATUS)
C_JOB_LOSSES, C_JUDGMENTS, C_PERFORMED = (
    COUNTER["job_losses"],
    COUNTER["judgments"],
    COUNTER["performed"],
)
C_DOOR_JOB_LOSSES, C_HEALTH = COUNTER["door_job_losses"], COUNTER["health_job_losses"]
C_CLOSED, C_BUSINESS_REFUSED = COUNTER["businesses_closed"], COUNTER["businesses_refused"]
C_COSTS = COUNTER["refusal_costs"]
INSURANCE = SERVICE_INDEX["insurance"]
LOAN_ARREARS, SUED, UNPAID_ABLE, UNPAID_UNABLE = (
    ACT_INDEX["loan-arrears"],
    ACT_INDEX["sued-for-debt"],
    ACT_INDEX["judgment-unpaid-able"],
    ACT_INDEX["judgment-unpaid-unable"],
)
EVASION, BAN_BREACH = ACT_INDEX["judgment-evasion"], ACT_INDEX["spending-ban-breach"]
BILL, BILL_JUDGED = (
    ACT_INDEX["utility-arrears"],
    ACT_INDEX["utility-arrears-judged"],
)
KIN_ARMY = ACT_INDEX["kin-army-service"]


@kernel
def do(space, n, act, first, truth):
    """Put an act of this month on the resident's pile; returns the new height."""
    space.done[n, ACT] = act
    space.done[n, AMOUNT] = 0
    space.done[n, BEGINS] = first
    space.done[n, TRUTH] = truth
    return n + 1


@kernel
def able(plan, person):
    """Whether the resident could pay: has work, or savings above the border."""
    return person.work != UNEMPLOYED or person.savings >= plan.circumstances_able_savings


@kernel
def lose_work(town, i, month, why):
    """Be out of work from now on; an own business ends with it."""
    person, totals = town.people[i], town.totals
    if person.traits & OWN_BUSINESS:
        person.traits &= 65535 & ~OWN_BUSINESS
        totals.counts[C_CLOSED] += 1
        totals.counts[C_BUSINESS_REFUSED] += np.int64(why == Loss.BUSINESS)
        note(town, month, i, EVENT_BUSINESS, BUSINESS_CLOSED, i, 0, 0)
    person.work = UNEMPLOYED
    if person.job_losses < TOP8:
        person.job_losses += 1
    totals.counts[C_JOB_LOSSES] += 1
    if why != Loss.CHANCE:
        if person.door_job_losses < TOP8:
            person.door_job_losses += 1
        totals.counts[C_DOOR_JOB_LOSSES] += 1
        totals.counts[C_HEALTH] += np.int64(why == Loss.HEALTH)
    note(town, month, i, EVENT_WORK, UNEMPLOYED, why, 0, 0)


@kernel
def pay(town, i, month, s, cost):
    """Pay out of savings for a refused service ``s``; who cannot, and owes a loan, falls behind with it."""
    person, watch, totals = town.people[i], town.watch[i], town.totals
    paid = min(np.int64(person.savings), cost)
    if cost <= 0:
        return
    person.savings -= paid
    totals.counts[C_COSTS] += paid
    watch.flag |= FLAG_TROUBLE
    note(town, month, i, EVENT_AFTERMATH, s, paid, 0, 0)
    if paid < cost and person.loan > 0 and person.arrears == 0 and person.judged == 0:
        person.arrears = 1
        note(town, month, i, EVENT_DEBT, Debt.ARREARS, person.loan, 0, 0)


@kernel
def shock(town, i, month):
    """The month's blow, where the fourth lane of the month's word is below its bound."""
    plan, person = town.plan, town.people[i]
    watch, space = town.watch[i], town.space
    number = space.first + i
    bound = np.int64(watch.bound[layout.SHOCK])
    x = (high(word(space.keys[P_SHOCK], number)) * bound) >> 16
    if person.work == EMPLOYED and x < plan.circumstances_job_loss:
        lose_work(town, i, month, Loss.CHANCE)
    x -= plan.circumstances_job_loss
    if 0 <= x < plan.circumstances_expense:
        person.savings = max(0, np.int64(person.savings) - plan.circumstances_expense_size)
        if person.traits & UNINSURED and plan.responses:
            pay(town, i, month, INSURANCE, plan.circumstances_uninsured)
    x -= plan.circumstances_expense
    if person.loan > 0 and person.arrears == 0 and person.judged == 0:
        careless = 256 + ((plan.conduct_conscientiousness * (128 - np.int64(person.conscientiousness))) >> 7)
        if x >= 0 and (x << 8) < plan.circumstances_default * max(0, careless):
            person.arrears = 1
            watch.flag |= FLAG_UNWILLING  # unwilling: does not catch up by itself this month
            note(town, month, i, EVENT_DEBT, Debt.ARREARS, person.loan, 0, 0)


@kernel
def circumstances(town, i, month, n):
    """Savings, arrears, judgments and bills of a resident in trouble; returns the pile's height."""
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    number = space.first + i
    space.performed = 0  # lists whose duty was performed this month, as bits; a resident performs for all of them
    if person.work == UNEMPLOYED:
        person.savings = max(0, np.int64(person.savings) - 1)
    elif person.savings < person.means and (month + i) % 3 == 0:
        person.savings += 1
    once = month == 0 or watch.flag & layout.NEWCOMER
    before = n
    unmet = np.int64(once and person.judged == 2)  # a judgment that had not been carried out on the eve of the run
    if not once and not pressed(person):
        watch.flag &= 255 ^ FLAG_UNWILLING
        return n
    can_pay = able(plan, person)
    payment = word(space.keys[P_PAYMENT], number)
    careful = 256 + ((plan.conduct_conscientiousness * (np.int64(person.conscientiousness) - 128)) >> 7)
    careful = max(0, careful)
    if person.judged != 0:
        n = _judged(town, i, month, n, can_pay, payment, careful)
    elif person.loan > 0:
        if not can_pay:
            if person.arrears < TOP8:
                person.arrears += 1
        elif person.arrears > 0:
            willing = watch.flag & FLAG_UNWILLING == 0
            if willing and (high(payment) << 8) < plan.circumstances_catch_up * careful:
                person.arrears = 0
            elif person.arrears < 255 and willing:
                person.arrears += 1
        if person.arrears > 0:
            n = do(space, n, LOAN_ARREARS, person.arrears == 1, layout.TRUE)
            if person.arrears_months < TOP16:
                person.arrears_months += 1
            _interest(town, i)
            if person.arrears >= plan.circumstances_suit_after:
                if high(word(space.keys[P_SUIT], number)) < plan.circumstances_suit:
                    person.judged = 1
                    person.arrears = 0
                    totals.counts[C_JUDGMENTS] += 1
                    n = do(space, n, SUED, True, layout.TRUE)
                    note(town, month, i, EVENT_DEBT, Debt.JUDGED, person.loan, 0, 0)
    watch.flag &= 255 ^ FLAG_UNWILLING
    if not can_pay:
        bill = word(space.keys[P_BILL], number)
        if high(bill) < plan.circumstances_bill_unpaid:
            n = do(space, n, BILL, True, layout.TRUE)
            if low(bill) < plan.circumstances_bill_judged:
                n = do(space, n, BILL_JUDGED, True, layout.TRUE)
    for k in range(before, n):
        unmet += space.done[k, BEGINS] != 0  # counted when it begins, not in each month that it lasts
    person.duties = min(TOP16, np.int64(person.duties) + unmet)
    if once:
        watch.flag &= 255 ^ layout.NEWCOMER
        if high(word(space.keys[P_STATUS], number)) < plan.circumstances_kin_in_army:
            n = do(space, n, KIN_ARMY, True, layout.TRUE)
    return n


@kernel
def _judged(town, i, month, n, can_pay, payment, careful):
    """A month under an unpaid judgment."""
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    number = space.first + i
    if can_pay:
        rate = (plan.circumstances_pay_first if person.judged == 1 else plan.circumstances_pay_able) * careful >> 8
        if plan.responses and person.lists & plan.lists_adverse != 0 and watch.aware <= month:
            if person.lists & plan.lists_hinder:
                rate += plan.response_pay_uplift
            if person.lists & plan.lists_named and np.int64(person.loan) < plan.response_shame_below:
                rate += plan.response_shame
        if high(payment) < rate:
            person.judged = 0
            person.loan = 0
            space.performed = -1
            totals.counts[C_PERFORMED] += 1
            note(town, month, i, EVENT_DEBT, Debt.PERFORMED, 0, 0, 0)
            return n
    if can_pay:
        n = do(space, n, UNPAID_ABLE, person.judged == 1, layout.TRUE)
        evasion = word(space.keys[P_EVASION], number)
        if high(evasion) < plan.circumstances_evasion:
            n = do(space, n, EVASION, True, layout.TRUE)
        if person.lists & plan.lists_ban != 0 and low(evasion) < plan.circumstances_ban_breach:
            n = do(space, n, BAN_BREACH, True, layout.TRUE)
    else:
        n = do(space, n, UNPAID_UNABLE, person.judged == 1, layout.TRUE)
    person.judged = 2
    _interest(town, i)
    return n


@kernel
def _interest(town, i):
    """Arrears and judgments grow by interest; the part below a thousand yuan is drawn for."""
    plan, person, space = town.plan, town.people[i], town.space
    lot = high(word(space.keys[P_INTEREST], space.first + i)) >> 16
    grown = np.int64(person.loan) * plan.circumstances_interest + lot
    person.loan = min(TOP16, np.int64(person.loan) + (grown >> 16))


@kernel
def pressed(person):
    """Whether the resident is out of work, in arrears or under a judgment."""
    return person.work == UNEMPLOYED or person.arrears != 0 or person.judged != 0


@kernel
def in_trouble(person):
    """Whether step 1 has anything to do for the resident without a blow this month."""
    return pressed(person) or person.savings < person.means or person.traits & OFFENDER != 0
