"""Step 1 of a firm. Money comes in and bills fall due; who is short puts off suppliers, then taxes, then wages.

Claims: a firm's turnover leaves a margin that swings with good and bad years of the firm and of its sector and
with the month, less where the firm is large. A firm whose money does not last is *unable*: it puts bills off in that order and pays all of
them once it can. Apart from that a few withhold wages though able, more of them where compliance is low; only
those are moved by a regime, to pay up. Unpaid wages take savings from the staff and, where there are none,
put their loans in arrears. Creditors of long unpaid bills sue; some of those that owe much close.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    COUNTER,
    DUTY_DISCLOSURE,
    DUTY_JUDGMENT,
    DUTY_TAX,
    DUTY_WAGES,
    EMPLOYED,
    EVENT_DEBT,
    EVENT_FIRM,
    FIRM_COUNTER,
    FIRM_PAID,
    FIRM_PERFORMED,
    FIRM_UNPAID,
    FLAG_SECOND,
    FLAG_TROUBLE,
    MONEY_TOP,
    OWN_BUSINESS,
    TOP8,
    TOP16,
    TRADES_ABROAD,
    Debt,
)
from counterscore.engine.stack import ACT_INDEX
from counterscore.engine.steps.circumstances import do
from counterscore.engine.steps.papers import note

P_MONTH, P_WAGES, P_SUIT, P_DISCLOSURE, P_STATUS = (
    int(Purpose.FIRM_MONTH),
    int(Purpose.FIRM_WAGES),
    int(Purpose.FIRM_SUIT),
    int(Purpose.FIRM_DISCLOSURE),
    int(Purpose.FIRM_STATUS),
)
P_YEAR, P_SECTOR_YEAR = int(Purpose.FIRM_YEAR), int(Purpose.FIRM_SECTOR_YEAR)
SUPPLIERS, LOAN_ARREARS, WAGES, SERIOUS_WAGES, INSURANCE, TAX, UNPAID, FINANCE_UNPAID = (
    ACT_INDEX[name]
    for name in (
        "supplier-arrears",
        "firm-loan-arrears",
        "wage-arrears",
        "serious-wage-arrears",
        "social-insurance-arrears",
        "firm-tax-arrears",
        "firm-judgment-unpaid",
        "firm-finance-judgment-unpaid",
    )
)
HEAD_JUDGED, HEAD_LISTED, TAX_A, NOT_A, AEO = (
    ACT_INDEX[name]
    for name in (
        "head-judgment-unpaid",
        "head-listed",
        "tax-rated-a",
        "tax-conditions-unmet",
        "aeo-certified",
    )
)
C_JUDGMENTS, C_PERFORMED = COUNTER["judgments"], COUNTER["performed"]
N_UNPAID, N_INTO_ARREARS = FIRM_COUNTER["unpaid_workers"], FIRM_COUNTER["workers_into_arrears"]
SERIOUS_MONTHS = 3
_CLEAN_MONTHS = 12
LARGE = 2  #: the first size of a firm, of four, that counts as large


@kernel
def swing(lot, spread):
    """A draw as a deviation from ``-spread`` to ``spread``."""
    return (((lot >> 16) * 2 * spread) >> 16) - spread


@kernel
def steadied(plan, firm, spread):
    """A spread of good and bad times as a firm of this size has it: the large swing less."""
    return (spread * plan.firms_steady) >> 8 if firm.size_class >= LARGE else spread


@kernel
def firm_fortune(firms, i):
    """January: what a month leaves this year, of the firm and of its sector, in 1/65536 of turnover."""
    town = firms.town
    plan, firm, space = town.plan, firms.own[i], town.space
    own = swing(high(word(space.keys[P_YEAR], space.first + i)), steadied(plan, firm, plan.firms_year_spread))
    common = swing(high(word(space.keys[P_SECTOR_YEAR], firm.sector)), plan.firms_sector_spread)
    firm.fortune = plan.firms_margin + own + common


@kernel
def careful_factor(plan, file):
    """How a firm's compliance moves what it does well, Q8."""
    return max(0, 256 + ((plan.conduct_conscientiousness * (np.int64(file.conscientiousness) - 128)) >> 7))


@kernel
def money(firms, residents, i, month, n):
    """Income, bills, arrears and suits of one open firm; returns the pile's height."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, watch, space = firms.own[i], town.watch[i], town.space
    number = space.first + i
    turnover = np.int64(firm.turnover)
    left = firm.fortune + swing(high(word(space.keys[P_MONTH], number)), steadied(plan, firm, plan.firms_month_spread))
    cash = np.int64(firm.cash) + ((turnover * left) >> 16)
    n, cash = _repay(plan, space, file, firm, n, cash)
    owed = np.int64(firm.owed)
    wages = word(space.keys[P_WAGES], number)
    if firm.unwilling:
        rate = plan.firms_pay_up
        if plan.responses and file.lists & plan.lists_adverse != 0 and watch.aware <= month:
            rate += plan.firms_pay_uplift
        if high(wages) < rate:
            firm.unwilling = 0
    if owed > 0 and firm.unwilling == 0 and cash >= owed:
        cash -= owed
        owed = np.int64(0)
        firm.wages_owed = 0
        firm.unpaid = 0
        firm.bills = 0
        firm.taxes = 0
        note(town, month, i, EVENT_FIRM, FIRM_PAID, 0, 0, 0)
    if firm.bills > 0:
        firm.bills = min(TOP8, np.int64(firm.bills) + 1)
    if firm.taxes > 0:
        firm.taxes = min(TOP8, np.int64(firm.taxes) + 1)
    if firm.unpaid > 0:
        firm.unpaid = min(TOP8, np.int64(firm.unpaid) + 1)
    withheld = firm.unwilling != 0
    if cash < 0:
        part = (turnover * plan.firms_suppliers) >> 8
        cash += part
        owed += part
        firm.bills = max(1, np.int64(firm.bills))
        if cash < 0:
            part = (turnover * plan.firms_taxes) >> 8
            cash += part
            owed += part
            firm.taxes = max(1, np.int64(firm.taxes))
        withheld = withheld or cash < 0
    elif not withheld:
        careless = max(0, 512 - careful_factor(plan, file))
        if (low(wages) << 8) < plan.firms_withhold * careless:
            firm.unwilling = 1
            withheld = True
    if withheld and firm.wage > 0:
        cash += firm.wage
        owed += firm.wage
        firm.wages_owed = min(MONEY_TOP, np.int64(firm.wages_owed) + firm.wage)
        firm.unpaid = max(1, np.int64(firm.unpaid))
        note(town, month, i, EVENT_FIRM, FIRM_UNPAID, firm.unpaid, 0, 0)
        _unpaid_staff(firms, residents, i, month)
    firm.cash = max(-MONEY_TOP, min(MONEY_TOP, cash))
    firm.owed = min(MONEY_TOP, owed)
    return _arrears(firms, i, month, n)


@kernel
def _repay(plan, space, file, firm, n, cash):
    """The month's part of the firm's loan."""
    loan = np.int64(firm.loan)
    if loan > 0:
        due = max(1, loan // plan.firms_repay_months)
        if cash >= due:
            cash -= due
            firm.loan = loan - due
            file.arrears = 0
        else:
            file.arrears = min(TOP8, np.int64(file.arrears) + 1)
            n = do(space, n, LOAN_ARREARS, file.arrears == 1, layout.TRUE)
    return n, cash


@kernel
def _arrears(firms, i, month, n):
    """The acts of a month in arrears, and what creditors do."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, totals, space = firms.own[i], town.totals, town.space
    if firm.bills > 0:
        n = do(space, n, SUPPLIERS, firm.bills == 1, layout.TRUE)
    if firm.taxes > 0:
        n = do(space, n, INSURANCE, firm.taxes == 1, layout.TRUE)
        n = do(space, n, TAX, firm.taxes == 1, layout.TRUE)
        firm.tax_clean = 0
    else:
        firm.tax_clean = min(TOP8, np.int64(firm.tax_clean) + 1)
    if firm.unpaid > 0:
        n = do(space, n, WAGES, firm.unpaid == 1, layout.TRUE)
        firm.wage_months = min(TOP16, np.int64(firm.wage_months) + 1)
        if firm.unpaid == SERIOUS_MONTHS:
            n = do(space, n, SERIOUS_WAGES, True, layout.TRUE)
    if file.judged != 0 and firm.bills == 0 and file.arrears == 0:
        file.judged = 0
        totals.counts[C_PERFORMED] += 1
    elif file.judged == 0 and max(np.int64(firm.bills), np.int64(file.arrears)) >= plan.firms_suit_after:
        if high(word(space.keys[P_SUIT], space.first + i)) < plan.firms_suit:
            file.judged = 1
            totals.counts[C_JUDGMENTS] += 1
    if file.judged != 0:
        act = FINANCE_UNPAID if file.arrears > 0 else UNPAID
        n = do(space, n, act, file.judged == 1, layout.TRUE)
        file.judged = 2
    return n


@kernel
def _unpaid_staff(firms, residents, i, month):
    """A month without pay: savings bridge it, or a loan falls into arrears."""
    firm, space, homes = firms.own[i], firms.town.space, residents.town
    for at in range(firm.staff_from, firm.staff_to):
        j = firms.staff[at].resident
        worker = homes.people[j]
        if worker.work != EMPLOYED or worker.traits & OWN_BUSINESS:
            continue
        space.tally[N_UNPAID] += 1
        if worker.savings > 0:
            worker.savings -= 1
        elif worker.loan > 0 and worker.arrears == 0 and worker.judged == 0:
            worker.arrears = 1
            space.tally[N_INTO_ARREARS] += 1
            note(homes, month, j, EVENT_DEBT, Debt.ARREARS, worker.loan, 0, 0)
        homes.watch[j].flag |= FLAG_TROUBLE | FLAG_SECOND


@kernel
def standing_of_head(firms, residents, i, n):
    """What the firm's key person has against them, and what the firm was awarded for the year before."""
    firm, space, homes = firms.own[i], firms.town.space, residents.town
    head = homes.people[firm.head]
    if head.judged != 0:
        n = do(space, n, HEAD_JUDGED, firm.head_judged == 0, layout.TRUE)
    firm.head_judged = head.judged != 0
    listed = head.lists & homes.plan.lists_adverse != 0
    if listed:
        n = do(space, n, HEAD_LISTED, firm.head_listed == 0, layout.TRUE)
    firm.head_listed = listed
    return n


@kernel
def awards(firms, i, n):
    """January: rated A by the tax office or not, as the same firms are year after year; certified by customs."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, space = firms.own[i], town.space
    lots = word(space.keys[P_STATUS], space.first + i)
    careful = careful_factor(plan, file)
    share = plan.firms_tax_a_large if firm.size_class >= LARGE else plan.firms_tax_a
    if firm.age > 0 and firm.tax_clean >= _CLEAN_MONTHS and (np.int64(firm.rated) << 24) < share * careful:
        n = do(space, n, TAX_A, True, layout.TRUE)
    else:
        n = do(space, n, NOT_A, True, layout.TRUE)
    if file.traits & TRADES_ABROAD and (low(lots) << 8) < plan.firms_aeo * careful:
        n = do(space, n, AEO, True, layout.TRUE)
    return n


@kernel
def duties_done(firms, i, month):
    """The lists the firm is on whose duty it no longer has, as bits; a missed disclosure is made good by chance."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, space = firms.own[i], town.space
    if firm.disclosure and high(word(space.keys[P_DISCLOSURE], space.first + i)) < plan.firms_disclose:
        firm.disclosure = 0
    left = 0
    if firm.unpaid > 0 or firm.taxes > 0:
        left |= DUTY_WAGES
    if firm.taxes > 0:
        left |= DUTY_TAX
    if file.judged != 0 or firm.bills > 0 or file.arrears > 0:
        left |= DUTY_JUDGMENT
    if firm.disclosure:
        left |= DUTY_DISCLOSURE
    done = np.int64(0)
    for l in range(plan.lists):
        on = file.lists & (1 << l) and plan.list_performed[l] != 0
        if on and plan.list_duty[l] != 0 and plan.list_duty[l] & left == 0:
            done |= np.int64(1) << l
    if done:
        note(town, month, i, EVENT_FIRM, FIRM_PERFORMED, done, 0, 0)
    return done
