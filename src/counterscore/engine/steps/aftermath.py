# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""What follows for a resident from a service that was given, or that a rule refused.

Claims: the rates of the other steps are those of people with ordinary access, so only what a *rule* refuses takes
something away, and where no rule refuses nothing here makes anybody worse off. Whoever gets a business licence, being in
work or looking for it, starts a business of their own, or, being out of work, with a place on a market; some give up for each month that they
wait, so that a green channel brings more and a slow office fewer. Own businesses end as often as other work is lost, and some when
a rule refuses them a loan, a licence, a permit or a place on a market; some who start one take on a friend who is out of work.
Who is refused assistance in need, a hospital bed or a home to rent pays out of savings; what savings do not cover is not paid on a
loan. Some refused journeys cost half a month of spending: a longer way, pay that is lost. Who is refused insurance pays more at
the next expense (``circumstances``). Who is refused a hospital bed may lose the work. A home that is bought is owned; a public post is work, and a better one means
more. A child whose next of kin is refused the chosen school is, once grown, offered less work. Nothing follows from being refused cards, hotels, cars, bicycles, discounts, passes and honours.
With responses switched off nothing follows from anything.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.friends import TIES, friend
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    BUSINESS_GAVE_UP,
    BUSINESS_HIRED,
    BUSINESS_STARTED,
    COUNTER,
    EMPLOYED,
    EVENT_AFTERMATH,
    EVENT_BUSINESS,
    EVENT_WORK,
    FLAG_TROUBLE,
    HAS_HOME,
    MISSED_SCHOOL,
    OUTSIDE,
    OWN_BUSINESS,
    TOP8,
    UNEMPLOYED,
    UNINSURED,
    Loss,
)
from counterscore.engine.stack import SERVICE_INDEX
from counterscore.engine.steps.circumstances import lose_work, pay
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import kin_of

P_AFTERMATH = int(Purpose.AFTERMATH)
C_FOUNDED, C_GAVE_UP, C_HIRED = (COUNTER[name] for name in ("businesses_founded", "businesses_given_up", "hired"))
C_CHILDREN = COUNTER["children_refused"]
LOAN, LICENCE, STALL, PERMIT, HOME, RENTAL, SCHOOL, WELFARE, HOSPITAL, POST, FLIGHT, RAIL, INSURANCE = (
    SERVICE_INDEX[name]
    for name in (
        "loan",
        "business-licence",
        "market-stall",
        "permit",
        "home-purchase",
        "rental",
        "school-place",
        "welfare",
        "hospital",
        "public-post",
        "flight",
        "high-speed-rail",
        "insurance",
    )
)
_MONTH = 30  #: days


@kernel
def follow_up(town, i, month, s, served):
    """What the attempt at service ``s`` that was just made comes to."""
    plan, person, space = town.plan, town.people[i], town.space
    if served:
        if s == LICENCE or (s == STALL and person.work == UNEMPLOYED):
            _start_business(town, i, month)
        elif s == HOME:
            person.traits |= HAS_HOME
        elif s == POST:
            _take_post(town, i, month)
        elif s == INSURANCE:
            person.traits &= 65535 & ~UNINSURED
        return
    if space.barred == 0:
        return
    lot = word(space.keys[P_AFTERMATH], space.first + i)
    if s == WELFARE:
        if person.work == UNEMPLOYED or person.savings < person.means:
            pay(town, i, month, s, plan.aftermath_welfare)
    elif s == HOSPITAL:
        pay(town, i, month, s, plan.aftermath_hospital)
        if person.work == EMPLOYED and high(lot) < plan.aftermath_hospital_job:
            lose_work(town, i, month, Loss.HEALTH)
    elif s == RENTAL:
        pay(town, i, month, s, plan.aftermath_rental)
    elif s == FLIGHT:
        if high(lot) < plan.aftermath_flight:
            pay(town, i, month, s, 1)
    elif s == RAIL:
        if high(lot) < plan.aftermath_rail:
            pay(town, i, month, s, 1)
    elif s == INSURANCE:
        person.traits |= UNINSURED
    elif s == SCHOOL:
        _send_elsewhere(town, i, month)
    elif s == LOAN or s == LICENCE or s == STALL or s == PERMIT:
        if person.traits & OWN_BUSINESS and low(lot) < plan.aftermath_business_closes:
            lose_work(town, i, month, Loss.BUSINESS)


@kernel
def _find_work(town, i, month):
    person, watch = town.people[i], town.watch[i]
    person.work = EMPLOYED
    watch.flag |= FLAG_TROUBLE
    note(town, month, i, EVENT_WORK, EMPLOYED, 0, 0, 0)


@kernel
def _start_business(town, i, month):
    """Start a business, unless one has been running, or waiting was too long."""
    plan, person = town.plan, town.people[i]
    totals, space = town.totals, town.space
    if person.traits & OWN_BUSINESS or person.work == OUTSIDE:
        return
    lot = word(space.keys[P_AFTERMATH], space.first + i)
    if high(lot) < plan.aftermath_give_up * space.wait // _MONTH:
        totals.counts[C_GAVE_UP] += 1
        note(town, month, i, EVENT_BUSINESS, BUSINESS_GAVE_UP, i, 0, 0)
        return
    person.traits |= OWN_BUSINESS
    totals.counts[C_FOUNDED] += 1
    note(town, month, i, EVENT_BUSINESS, BUSINESS_STARTED, i, 0, 0)
    if person.work == UNEMPLOYED:
        _find_work(town, i, month)
    if low(lot) >= plan.aftermath_hires:
        return
    for k in range(TIES):
        j = friend(town, i, k)
        if j >= 0 and town.people[j].work == UNEMPLOYED and town.people[j].age >= ADULT:
            totals.counts[C_HIRED] += 1
            note(town, month, i, EVENT_BUSINESS, BUSINESS_HIRED, j, 0, 0)
            _find_work(town, j, month)
            return


@kernel
def _take_post(town, i, month):
    """Work for who has none, and means to reach for who has."""
    plan, person, watch = town.plan, town.people[i], town.watch[i]
    if person.work == UNEMPLOYED:
        _find_work(town, i, month)
    elif person.work == EMPLOYED:
        person.means = min(TOP8, np.int64(person.means) + plan.aftermath_post)
        watch.flag |= FLAG_TROUBLE


@kernel
def _send_elsewhere(town, i, month):
    """The chosen school is refused: the child, where it lives as the next of kin, goes to another."""
    j = kin_of(town, i)
    if j < 0 or town.people[j].age >= ADULT or town.people[j].traits & MISSED_SCHOOL:
        return
    town.people[j].traits |= MISSED_SCHOOL
    town.totals.counts[C_CHILDREN] += 1
    note(town, month, i, EVENT_AFTERMATH, SCHOOL, 0, 0, 0)
