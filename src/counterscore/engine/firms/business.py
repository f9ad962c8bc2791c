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
    ACT,
    COUNTER,
    EVENT_FIRM,
    FIRM_BORROWED,
    FIRM_COUNTER,
    GREEN,
    HELD_UP,
    MONEY_TOP,
    PLAIN,
    SERVICE_TRIED,
    TOP16,
    TRADES_ABROAD,
)
from counterscore.engine.stack import ACT_INDEX, SERVICE_INDEX
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
def consequences(firms, i, first, n):
    """What the month's misconduct, from place ``first`` of the pile, brings: a duty to make good, a penalty."""
    town = firms.town
    plan, firm, space = town.plan, firms.own[i], town.space
    for k in range(first, n):
        act = space.done[k, ACT]
        if act == MISSED or act == FALSE_DISCLOSURE or act == NO_CONTACT or act == NO_HOUSEHOLD:
            firm.disclosure = 1
        if act == FILED_LATE or act == TAX_FRAUD or act == NO_HOUSEHOLD:
            firm.tax_clean = 0
        if plan.act_penalty[act]:
            n = do(space, n, PENALTY, True, layout.TRUE)
            n = do(space, n, COMPULSION, True, layout.TRUE)
            if high(word(space.keys[P_PENALTY], space.first + i)) < plan.firms_serious:
                n = do(space, n, SERIOUS, True, layout.TRUE)
    return n


@kernel
def inspection(firms, i):
    """Perhaps the regulators come; the doors before inspections multiply how often."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, totals, space = firms.own[i], town.totals, town.space
    rate = inspected(plan, file, plan.firms_inspection)
    if high(word(space.keys[P_INSPECTION], space.first + i)) >= rate:
        return
    standing = PLAIN
    if rate > plan.firms_inspection:
        standing = HELD_UP
    elif rate < plan.firms_inspection:
        standing = GREEN
    totals.services[INSPECTION, standing, SERVICE_TRIED] += 1
    space.tally[N_INSPECTIONS] += 1
    firm.inspections = min(TOP16, np.int64(firm.inspections) + 1)


@kernel
def needs(firms, i, month, candidate):
    """The month's needs of an open firm meet its doors."""
    town = firms.town
    plan, file = town.plan, town.people[i]
    firm, watch, space = firms.own[i], town.watch[i], town.space
    doors = file.doors & plan.doors_self
    number = space.first + i
    if candidate:
        lots = word(space.keys[P_SERVICE], number)
        x = (high(lots) * np.int64(watch.need)) >> 16
        if x < plan.need_total[_BAND]:
            k = 0
            while x >= plan.need_cumulated[_BAND, k]:
                k += 1
            s = plan.need_services[k]
            if s != CUSTOMS or file.traits & TRADES_ABROAD:
                served = attempt(town, i, month, s, doors, again(lots, 1))
                if plan.responses:
                    _money_of(plan, firm, s, served)
    poor = np.int64(firm.cash) << 8 < np.int64(firm.turnover) * plan.firms_borrow_below
    if poor and firm.loan == 0:
        lots = word(space.keys[P_BORROWING], number)
        if high(lots) < plan.firms_borrow:
            served = attempt(town, i, month, LOAN, doors, again(lots, 1))
            if plan.responses and served:
                loan = max(1, (np.int64(firm.turnover) * plan.firms_loan_size) >> 8)
                firm.loan = min(MONEY_TOP, loan)
                firm.cash = min(MONEY_TOP, np.int64(firm.cash) + loan)
                note(town, month, i, EVENT_FIRM, FIRM_BORROWED, loan, 0, 0)
    if doors & plan.doors_hinder:
        _count_doors(town, i, doors)


@kernel
def _money_of(plan, firm, s, served):
    share = np.int64(0)
    if served and s == TENDER:
        share = plan.firms_tender_gain
    elif served and s == ACCESS:
        share = plan.firms_access_gain
    elif served and s == FUNDS:
        share = plan.firms_funds_gain
    elif not served and s == FIRM_LICENCE:
        share = -plan.firms_licence_loss
    elif not served and s == INVOICES:
        share = -plan.firms_invoice_loss
    cash = np.int64(firm.cash) + ((np.int64(firm.turnover) * share) >> 8)
    firm.cash = max(-MONEY_TOP, min(MONEY_TOP, cash))


@kernel
def _count_doors(town, i, doors):
    plan, file, totals = town.plan, town.people[i], town.totals
    closed = 0
    for s in range(plan.service_closed.shape[0]):
        if plan.service_hindered[s] & doors:
            closed += 1
            totals.door_months[plan.service_domain[s]] += 1
    if closed > file.doors_most:
        file.doors_most = closed
    if closed_essential(plan, doors) >= plan.doors_unable_at:
        if file.months_unable < TOP16:
            file.months_unable += 1
        totals.counts[C_UNABLE] += 1
