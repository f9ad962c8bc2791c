"""Steps 2 and 7 of a firm: what its conduct brings, what it asks for, and what a refusal costs.

Claims: misconduct in a field that an authority polices may bring an administrative penalty, more often where
doors before inspections say so. Tenders won, markets entered and state funds bring money; a licence or invoices
refused cost it; short firms ask for a loan. With responses switched off refusals are counted and nothing
follows from them.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    COUNTER,
    EVENT_FIRM,
    FIRM_BORROWED,
    FIRM_COUNTER,
    GREEN,
    HELD_UP,
    MONEY_TOP,
    PLAIN,
    TRADES_ABROAD,
)
from counterscore.engine.plan import ACT_INDEX, SERVICE_INDEX
from counterscore.engine.steps.attempts import attempt
from counterscore.engine.steps.circumstances import do
from counterscore.engine.steps.conduct import closed_essential
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import INSPECTION, inspected

P_SERVICE, P_PENALTY, P_INSPECTION, P_BORROWING = (
    int(Purpose.SERVICE),
    int(Purpose.FIRM_PENALTY),
    int(Purpose.FIRM_INSPECTION),
    int(Purpose.FIRM_BORROWING),
)
PENALTY, SERIOUS, COMPULSION = (
    ACT_INDEX[name] for name in ("administrative-penalty", "serious-penalty", "administrative-compulsion")
)
MISSED, FALSE_DISCLOSURE, NO_CONTACT, NO_HOUSEHOLD = (
    ACT_INDEX[name] for name in ("annual-report-missed", "false-disclosure", "out-of-contact", "tax-abnormal-household")
)
FILED_LATE, TAX_FRAUD = ACT_INDEX["tax-filing-late"], ACT_INDEX["firm-tax-fraud"]
TENDER, ACCESS, FUNDS, FIRM_LICENCE, INVOICES, LOAN, CUSTOMS = (
    SERVICE_INDEX[name]
    for name in (
        "tender",
        "market-access",
        "state-funds",
        "firm-licence",
        "invoices",
        "firm-loan",
        "customs-clearance",
    )
)
C_UNABLE, N_INSPECTIONS = COUNTER["unable"], FIRM_COUNTER["inspections"]
_BAND = 2  #: of the plan's tables by age, which are the same for firms of all ages


@kernel
def consequences(P, X, G, i, first, n):
    """What the month's misconduct, from place ``first`` of the pile, brings: a duty to make good, a penalty."""
    for k in range(first, n):
        act = X.done[k, 0]
        if act == MISSED or act == FALSE_DISCLOSURE or act == NO_CONTACT or act == NO_HOUSEHOLD:
            G[i].disclosure = 1
        if act == FILED_LATE or act == TAX_FRAUD or act == NO_HOUSEHOLD:
            G[i].tax_clean = 0
        if P.act_penalty[act]:
            n = do(X, n, PENALTY, True, layout.TRUE)
            n = do(X, n, COMPULSION, True, layout.TRUE)
            if high(word(X.keys[P_PENALTY], X.first + i)) < P.firms_serious:
                n = do(X, n, SERIOUS, True, layout.TRUE)
    return n


@kernel
def inspection(P, S, T, X, G, i):
    """Perhaps the regulators come; the doors before inspections multiply how often."""
    rate = inspected(P, S, i, P.firms_inspection)
    if high(word(X.keys[P_INSPECTION], X.first + i)) >= rate:
        return
    standing = PLAIN
    if rate > P.firms_inspection:
        standing = HELD_UP
    elif rate < P.firms_inspection:
        standing = GREEN
    T.services[INSPECTION, standing, 0] += 1
    X.tally[N_INSPECTIONS] += 1
    G[i].inspections = min(65535, np.int64(G[i].inspections) + 1)


@kernel
def needs(P, S, H, T, E, X, G, i, month, candidate):
    """The month's needs of an open firm meet its doors."""
    doors = S[i].doors & P.doors_self
    person = X.first + i
    if candidate:
        lots = word(X.keys[P_SERVICE], person)
        x = (high(lots) * np.int64(H[i].need)) >> 16
        if x < P.need_total[_BAND]:
            k = 0
            while x >= P.need_cumulated[_BAND, k]:
                k += 1
            s = P.need_services[k]
            if s != CUSTOMS or S[i].traits & TRADES_ABROAD:
                served = attempt(P, S, H, T, E, X, i, month, s, doors, again(lots, 1))
                if P.responses:
                    _money_of(P, G, i, s, served)
    poor = np.int64(G[i].cash) << 8 < np.int64(G[i].turnover) * P.firms_borrow_below
    if poor and G[i].loan == 0:
        lots = word(X.keys[P_BORROWING], person)
        if high(lots) < P.firms_borrow:
            served = attempt(P, S, H, T, E, X, i, month, LOAN, doors, again(lots, 1))
            if P.responses and served:
                loan = max(1, (np.int64(G[i].turnover) * P.firms_loan_size) >> 8)
                G[i].loan = min(MONEY_TOP, loan)
                G[i].cash = min(MONEY_TOP, np.int64(G[i].cash) + loan)
                note(X, E, month, i, EVENT_FIRM, FIRM_BORROWED, loan, 0, 0)
    if doors & P.doors_hinder:
        _count_doors(P, S, T, i, doors)


@kernel
def _money_of(P, G, i, s, served):
    share = np.int64(0)
    if served and s == TENDER:
        share = P.firms_tender_gain
    elif served and s == ACCESS:
        share = P.firms_access_gain
    elif served and s == FUNDS:
        share = P.firms_funds_gain
    elif not served and s == FIRM_LICENCE:
        share = -P.firms_licence_loss
    elif not served and s == INVOICES:
        share = -P.firms_invoice_loss
    cash = np.int64(G[i].cash) + ((np.int64(G[i].turnover) * share) >> 8)
    G[i].cash = max(-MONEY_TOP, min(MONEY_TOP, cash))


@kernel
def _count_doors(P, S, T, i, doors):
    closed = 0
    for s in range(P.service_closed.shape[0]):
        if P.service_hindered[s] & doors:
            closed += 1
            T.door_months[P.service_domain[s]] += 1
    if closed > S[i].doors_most:
        S[i].doors_most = closed
    if closed_essential(P, doors) >= P.doors_unable_at:
        if S[i].months_unable < 65535:
            S[i].months_unable += 1
        T.counts[C_UNABLE] += 1
