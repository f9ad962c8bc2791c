"""Step 1. Work, savings and debts of one resident; debts fall due.

Able and unable are kept apart: a resident is *able* who has work or savings left, and only the able can be
moved by pressure. Claims: work is lost and found at random rates; savings bridge the loss of work; arrears
that last lead to a suit and a judgment; an able debtor pays a judgment in its first month or later at rates
that rise with conscientiousness, and, where pressure works, with being listed and knowing it.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import COUNTER, EMPLOYED, EVENT_DEBT, EVENT_WORK, OFFENDER, UNEMPLOYED
from counterscore.engine.plan import ACT_INDEX
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
def do(X, n, act, first, truth):
    """Put an act of this month on the resident's pile; returns the new height."""
    X.done[n, 0] = act
    X.done[n, 1] = 0
    X.done[n, 2] = first
    X.done[n, 3] = truth
    return n + 1


@kernel
def able(S, H, i, scalars):
    """Whether the resident could pay: has work, or savings above the border."""
    return S[i].work != UNEMPLOYED or S[i].savings >= scalars.circumstances_able_savings


@kernel
def shock(P, S, H, T, E, X, i, month, lane):
    """The month's blow, where the fourth lane of the month's word is below its bound."""
    a = P
    person = X.first + i
    bound = np.int64(H[i].bound[layout.SHOCK])
    x = (high(word(X.keys[P_SHOCK], person)) * bound) >> 16
    if S[i].work == EMPLOYED and x < a.circumstances_job_loss:
        S[i].work = UNEMPLOYED
        if S[i].job_losses < 255:
            S[i].job_losses += 1
        T.counts[C_JOB_LOSSES] += 1
        note(X, E, month, i, EVENT_WORK, UNEMPLOYED, 0, 0, 0)
    x -= a.circumstances_job_loss
    if 0 <= x < a.circumstances_expense:
        S[i].savings = max(0, np.int64(S[i].savings) - a.circumstances_expense_size)
    x -= a.circumstances_expense
    if S[i].loan > 0 and S[i].arrears == 0 and S[i].judged == 0:
        careless = 256 + ((a.conduct_conscientiousness * (128 - np.int64(S[i].conscientiousness))) >> 7)
        if x >= 0 and (x << 8) < a.circumstances_default * max(0, careless):
            S[i].arrears = 1
            H[i].flag |= 4  # unwilling: does not catch up by itself this month
            note(X, E, month, i, EVENT_DEBT, 1, S[i].loan, 0, 0)


@kernel
def circumstances(P, S, H, T, E, X, i, month, n):
    """Savings, arrears, judgments and bills of a resident in trouble; returns the pile's height."""
    a = P
    person = X.first + i
    X.person[0] = 0  # lists whose duty was performed this month, as bits; a resident performs for all of them
    if S[i].work == UNEMPLOYED:
        S[i].savings = max(0, np.int64(S[i].savings) - 1)
    elif S[i].savings < S[i].means and (month + i) % 3 == 0:
        S[i].savings += 1
    once = month == 0 or H[i].flag & layout.NEWCOMER
    before = n
    unmet = np.int64(once and S[i].judged == 2)  # a judgment that had not been carried out on the eve of the run
    if not once and not pressed(S, i):
        H[i].flag &= 251
        return n
    can_pay = able(S, H, i, a)
    payment = word(X.keys[P_PAYMENT], person)
    careful = 256 + ((a.conduct_conscientiousness * (np.int64(S[i].conscientiousness) - 128)) >> 7)
    careful = max(0, careful)
    if S[i].judged != 0:
        n = _judged(P, S, H, T, E, X, i, month, n, can_pay, payment, careful)
    elif S[i].loan > 0:
        if not can_pay:
            if S[i].arrears < 255:
                S[i].arrears += 1
        elif S[i].arrears > 0:
            willing = H[i].flag & 4 == 0
            if willing and (high(payment) << 8) < a.circumstances_catch_up * careful:
                S[i].arrears = 0
            elif S[i].arrears < 255 and willing:
                S[i].arrears += 1
        if S[i].arrears > 0:
            n = do(X, n, LOAN_ARREARS, S[i].arrears == 1, layout.TRUE)
            if S[i].arrears_months < 65535:
                S[i].arrears_months += 1
            _interest(S, H, X, a, i, person)
            if S[i].arrears >= a.circumstances_suit_after:
                if high(word(X.keys[P_SUIT], person)) < a.circumstances_suit:
                    S[i].judged = 1
                    S[i].arrears = 0
                    T.counts[C_JUDGMENTS] += 1
                    n = do(X, n, SUED, True, layout.TRUE)
                    note(X, E, month, i, EVENT_DEBT, 2, S[i].loan, 0, 0)
    H[i].flag &= 251
    if not can_pay:
        bill = word(X.keys[P_BILL], person)
        if high(bill) < a.circumstances_bill_unpaid:
            n = do(X, n, BILL, True, layout.TRUE)
            if low(bill) < a.circumstances_bill_judged:
                n = do(X, n, BILL_JUDGED, True, layout.TRUE)
    for k in range(before, n):
        unmet += X.done[k, 2] != 0  # counted when it begins, not in each month that it lasts
    S[i].duties = min(65535, np.int64(S[i].duties) + unmet)
    if once:
        H[i].flag &= 255 ^ layout.NEWCOMER
        if high(word(X.keys[P_STATUS], person)) < a.circumstances_kin_in_army:
            n = do(X, n, KIN_ARMY, True, layout.TRUE)
    return n


@kernel
def _judged(P, S, H, T, E, X, i, month, n, can_pay, payment, careful):
    """A month under an unpaid judgment."""
    a = P
    person = X.first + i
    if can_pay:
        rate = (a.circumstances_pay_first if S[i].judged == 1 else a.circumstances_pay_able) * careful >> 8
        if a.responses and S[i].lists & P.lists_adverse != 0 and H[i].aware <= month:
            if S[i].lists & P.lists_hinder:
                rate += a.response_pay_uplift
            if S[i].lists & P.lists_named and np.int64(S[i].loan) < a.response_shame_below:
                rate += a.response_shame
        if high(payment) < rate:
            S[i].judged = 0
            S[i].loan = 0
            X.person[0] = -1
            T.counts[C_PERFORMED] += 1
            note(X, E, month, i, EVENT_DEBT, 0, 0, 0, 0)
            return n
    if can_pay:
        n = do(X, n, UNPAID_ABLE, S[i].judged == 1, layout.TRUE)
        evasion = word(X.keys[P_EVASION], person)
        if high(evasion) < a.circumstances_evasion:
            n = do(X, n, EVASION, True, layout.TRUE)
        if S[i].lists & P.lists_ban != 0 and low(evasion) < a.circumstances_ban_breach:
            n = do(X, n, BAN_BREACH, True, layout.TRUE)
    else:
        n = do(X, n, UNPAID_UNABLE, S[i].judged == 1, layout.TRUE)
    S[i].judged = 2
    _interest(S, H, X, a, i, person)
    return n


@kernel
def _interest(S, H, X, a, i, person):
    """Arrears and judgments grow by interest; the part below a thousand yuan is drawn for."""
    grown = np.int64(S[i].loan) * a.circumstances_interest + (high(word(X.keys[P_INTEREST], person)) >> 16)
    S[i].loan = min(65535, np.int64(S[i].loan) + (grown >> 16))


@kernel
def pressed(S, i):
    """Whether the resident is out of work, in arrears or under a judgment."""
    return S[i].work == UNEMPLOYED or S[i].arrears != 0 or S[i].judged != 0


@kernel
def in_trouble(S, H, i):
    """Whether step 1 has anything to do for the resident without a blow this month."""
    return pressed(S, i) or S[i].savings < S[i].means or S[i].traits & OFFENDER != 0
