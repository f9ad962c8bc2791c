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
    TRADES_ABROAD,
)
from counterscore.engine.plan import ACT_INDEX
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
def steadied(P, G, i, spread):
    """A spread of good and bad times as a firm of this size has it: the large swing less."""
    return (spread * P.firms_steady) >> 8 if G[i].size >= LARGE else spread


@kernel
def firm_fortune(P, X, G, i):
    """January: what a month leaves this year, of the firm and of its sector, in 1/65536 of turnover."""
    own = swing(high(word(X.keys[P_YEAR], X.first + i)), steadied(P, G, i, P.firms_year_spread))
    common = swing(high(word(X.keys[P_SECTOR_YEAR], G[i].sector)), P.firms_sector_spread)
    G[i].fortune = P.firms_margin + own + common


@kernel
def careful_factor(P, S, i):
    """How a firm's compliance moves what it does well, Q8."""
    return max(0, 256 + ((P.conduct_conscientiousness * (np.int64(S[i].conscientiousness) - 128)) >> 7))


@kernel
def money(P, S, H, T, E, X, G, W, Q, R, K, TR, ER, XR, i, month, n):
    """Income, bills, arrears and suits of one open firm; returns the pile's height."""
    person = X.first + i
    turnover = np.int64(G[i].turnover)
    left = G[i].fortune + swing(high(word(X.keys[P_MONTH], person)), steadied(P, G, i, P.firms_month_spread))
    cash = np.int64(G[i].cash) + ((turnover * left) >> 16)
    n, cash = _repay(P, S, X, G, i, n, cash)
    owed = np.int64(G[i].owed)
    wages = word(X.keys[P_WAGES], person)
    if G[i].unwilling:
        rate = P.firms_pay_up
        if P.responses and S[i].lists & P.lists_adverse != 0 and H[i].aware <= month:
            rate += P.firms_pay_uplift
        if high(wages) < rate:
            G[i].unwilling = 0
    if owed > 0 and G[i].unwilling == 0 and cash >= owed:
        cash -= owed
        owed = np.int64(0)
        G[i].wages_owed = 0
        G[i].unpaid = 0
        G[i].bills = 0
        G[i].taxes = 0
        note(X, E, month, i, EVENT_FIRM, FIRM_PAID, 0, 0, 0)
    if G[i].bills > 0:
        G[i].bills = min(255, np.int64(G[i].bills) + 1)
    if G[i].taxes > 0:
        G[i].taxes = min(255, np.int64(G[i].taxes) + 1)
    if G[i].unpaid > 0:
        G[i].unpaid = min(255, np.int64(G[i].unpaid) + 1)
    withheld = G[i].unwilling != 0
    if cash < 0:
        part = (turnover * P.firms_suppliers) >> 8
        cash += part
        owed += part
        G[i].bills = max(1, np.int64(G[i].bills))
        if cash < 0:
            part = (turnover * P.firms_taxes) >> 8
            cash += part
            owed += part
            G[i].taxes = max(1, np.int64(G[i].taxes))
        withheld = withheld or cash < 0
    elif not withheld:
        careless = max(0, 512 - careful_factor(P, S, i))
        if (low(wages) << 8) < P.firms_withhold * careless:
            G[i].unwilling = 1
            withheld = True
    if withheld and G[i].wage > 0:
        cash += G[i].wage
        owed += G[i].wage
        G[i].wages_owed = min(MONEY_TOP, np.int64(G[i].wages_owed) + G[i].wage)
        G[i].unpaid = max(1, np.int64(G[i].unpaid))
        note(X, E, month, i, EVENT_FIRM, FIRM_UNPAID, G[i].unpaid, 0, 0)
        _unpaid_staff(X, G, W, R, K, ER, XR, i, month)
    G[i].cash = max(-MONEY_TOP, min(MONEY_TOP, cash))
    G[i].owed = min(MONEY_TOP, owed)
    return _arrears(P, S, T, X, G, i, month, n)


@kernel
def _repay(P, S, X, G, i, n, cash):
    """The month's part of the firm's loan."""
    loan = np.int64(G[i].loan)
    if loan > 0:
        due = max(1, loan // P.firms_repay_months)
        if cash >= due:
            cash -= due
            G[i].loan = loan - due
            S[i].arrears = 0
        else:
            S[i].arrears = min(255, np.int64(S[i].arrears) + 1)
            n = do(X, n, LOAN_ARREARS, S[i].arrears == 1, layout.TRUE)
    return n, cash


@kernel
def _arrears(P, S, T, X, G, i, month, n):
    """The acts of a month in arrears, and what creditors do."""
    if G[i].bills > 0:
        n = do(X, n, SUPPLIERS, G[i].bills == 1, layout.TRUE)
    if G[i].taxes > 0:
        n = do(X, n, INSURANCE, G[i].taxes == 1, layout.TRUE)
        n = do(X, n, TAX, G[i].taxes == 1, layout.TRUE)
        G[i].tax_clean = 0
    else:
        G[i].tax_clean = min(255, np.int64(G[i].tax_clean) + 1)
    if G[i].unpaid > 0:
        n = do(X, n, WAGES, G[i].unpaid == 1, layout.TRUE)
        G[i].wage_months = min(65535, np.int64(G[i].wage_months) + 1)
        if G[i].unpaid == SERIOUS_MONTHS:
            n = do(X, n, SERIOUS_WAGES, True, layout.TRUE)
    if S[i].judged != 0 and G[i].bills == 0 and S[i].arrears == 0:
        S[i].judged = 0
        T.counts[C_PERFORMED] += 1
    elif S[i].judged == 0 and max(np.int64(G[i].bills), np.int64(S[i].arrears)) >= P.firms_suit_after:
        if high(word(X.keys[P_SUIT], X.first + i)) < P.firms_suit:
            S[i].judged = 1
            T.counts[C_JUDGMENTS] += 1
    if S[i].judged != 0:
        act = FINANCE_UNPAID if S[i].arrears > 0 else UNPAID
        n = do(X, n, act, S[i].judged == 1, layout.TRUE)
        S[i].judged = 2
    return n


@kernel
def _unpaid_staff(X, G, W, R, K, ER, XR, i, month):
    """A month without pay: savings bridge it, or a loan falls into arrears."""
    for at in range(G[i].staff_from, G[i].staff_to):
        j = W[at].resident
        if R[j].work != EMPLOYED:
            continue
        X.tally[N_UNPAID] += 1
        if R[j].savings > 0:
            R[j].savings -= 1
        elif R[j].loan > 0 and R[j].arrears == 0 and R[j].judged == 0:
            R[j].arrears = 1
            X.tally[N_INTO_ARREARS] += 1
            note(XR, ER, month, j, EVENT_DEBT, 1, R[j].loan, 0, 0)
        K[j].flag |= FLAG_TROUBLE | FLAG_SECOND


@kernel
def standing_of_head(P, S, X, G, Q, R, i, n):
    """What the firm's key person has against them, and what the firm was awarded for the year before."""
    h = G[i].head
    if R[h].judged != 0:
        n = do(X, n, HEAD_JUDGED, G[i].head_judged == 0, layout.TRUE)
    G[i].head_judged = R[h].judged != 0
    listed = R[h].lists & Q.lists_adverse != 0
    if listed:
        n = do(X, n, HEAD_LISTED, G[i].head_listed == 0, layout.TRUE)
    G[i].head_listed = listed
    return n


@kernel
def awards(P, S, X, G, i, n):
    """January: rated A by the tax office or not, as the same firms are year after year; certified by customs."""
    lots = word(X.keys[P_STATUS], X.first + i)
    careful = careful_factor(P, S, i)
    share = P.firms_tax_a_large if G[i].size >= LARGE else P.firms_tax_a
    if G[i].age > 0 and G[i].tax_clean >= _CLEAN_MONTHS and (np.int64(G[i].rated) << 24) < share * careful:
        n = do(X, n, TAX_A, True, layout.TRUE)
    else:
        n = do(X, n, NOT_A, True, layout.TRUE)
    if S[i].traits & TRADES_ABROAD and (low(lots) << 8) < P.firms_aeo * careful:
        n = do(X, n, AEO, True, layout.TRUE)
    return n


@kernel
def duties_done(P, S, E, X, G, i, month):
    """The lists the firm is on whose duty it no longer has, as bits; a missed disclosure is made good by chance."""
    if G[i].disclosure and high(word(X.keys[P_DISCLOSURE], X.first + i)) < P.firms_disclose:
        G[i].disclosure = 0
    left = 0
    if G[i].unpaid > 0 or G[i].taxes > 0:
        left |= DUTY_WAGES
    if G[i].taxes > 0:
        left |= DUTY_TAX
    if S[i].judged != 0 or G[i].bills > 0 or S[i].arrears > 0:
        left |= DUTY_JUDGMENT
    if G[i].disclosure:
        left |= DUTY_DISCLOSURE
    done = np.int64(0)
    for l in range(P.lists):
        on = S[i].lists & (1 << l) and P.list_performed[l] != 0
        if on and P.list_duty[l] != 0 and P.list_duty[l] & left == 0:
            done |= np.int64(1) << l
    if done:
        note(X, E, month, i, EVENT_FIRM, FIRM_PERFORMED, done, 0, 0)
    return done
