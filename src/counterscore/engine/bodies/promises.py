"""Steps 1 to 3 of a public body: budget, contracts and promises, and what is seen of them.

Claims: bodies sign contracts with firms of their subdistrict and make written promises, each with a date; a
firm pays for its work when the contract is signed and is paid when the body pays. There are as many contracts for each
firm, and as many promises for each resident, in a small subdistrict as in a large one. Whether a body pays in a
month falls with the year's budget stress and rises with its officials' effort; a few contracts are stuck and are hardly
ever paid; what a predecessor signed is paid less readily. What is overdue is seen by an
audit, or because the firm complains, unless the complaint is pressed down or the figures are massaged. Who
owes long may be sued; what is never paid is broken in the end, unless a court has awarded it. A body that is listed is
likelier to pay what it is listed for. Temptations first: how many contracts are
signed, with whom, over how much and by when does not depend on any rule book. A contract is as large as its firm.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.firms.money import swing
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ACTS_DONE,
    ACTS_RECORDED,
    ACTS_UNSEEN,
    BODY_COUNTER,
    BODY_RING,
    BODY_SLOTS,
    BROKEN,
    CLAIMED,
    CONTRACT_SLOTS,
    COUNTER,
    EVENT_ACT,
    EVENT_BODY,
    KEPT,
    MONEY_TOP,
    NEVER,
    NO_RULE,
    NOT_SEEN,
    PAID_LATE,
    RECORDED,
    SIGNED,
    TOP8,
    TOP16,
    TRUE,
    Actor,
)
from counterscore.engine.stack import ACT_INDEX
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import apply_rows

P_YEAR, P_DISTRICT_YEAR, P_SIGNING, P_KEEPING = (
    int(Purpose.BODY_YEAR),
    int(Purpose.BODY_DISTRICT_YEAR),
    int(Purpose.BODY_SIGNING),
    int(Purpose.BODY_KEEPING),
)
ARREARS, COMPLAINT, CONTRACT_BROKEN, CONTRACT_KEPT, PROMISE_KEPT, PROMISE_LATE, PROMISE_BROKEN = (
    ACT_INDEX[name]
    for name in (
        "arrears-to-firm",
        "arrears-complaint",
        "public-contract-broken",
        "public-contract-kept",
        "promise-kept",
        "promise-late",
        "promise-broken",
    )
)
UNPAID, FALSE_FIGURES, PRESSED = (
    ACT_INDEX[name] for name in ("body-judgment-unpaid", "false-figures", "complainant-pressed")
)
C_UNRECORDED, C_MISCONDUCT, C_GOOD = COUNTER["unrecorded"], COUNTER["misconduct"], COUNTER["good_deeds"]
C_JUDGMENTS, C_JUDGED = COUNTER["judgments"], COUNTER["judged"]
N_SIGNED, N_DUE, N_KEPT, N_LATE, N_BROKEN = (
    BODY_COUNTER[name]
    for name in ("contracts", "contracts_due", "contracts_kept", "contracts_late", "contracts_broken")
)
N_PROMISED, N_PROMISES_DUE, N_PROMISES_KEPT, N_PROMISES_LATE, N_PROMISES_BROKEN = (
    BODY_COUNTER[name] for name in ("promises", "promises_due", "promises_kept", "promises_late", "promises_broken")
)
N_INHERITED, N_INHERITED_KEPT, N_CLAIMED = (
    BODY_COUNTER[name] for name in ("inherited_due", "inherited_kept", "claimed")
)
N_OVERDUE, N_ARREARS, N_SEEN, N_COMPLAINTS, N_PRESSED, N_MASSAGED, N_STRESS = (
    BODY_COUNTER[name]
    for name in ("overdue", "arrears", "overdue_recorded", "complaints", "pressed", "massaged", "stress")
)
_PROMISE = CONTRACT_SLOTS  #: the slot of a ring month that holds a promise; those before hold contracts


@kernel
def budget(bodies, i):
    """January: what share of the year's dues the budget leaves open, in 1/65536, by district and body."""
    town = bodies.town
    plan, file = town.plan, town.people[i]
    body, space = bodies.own[i], town.space
    own = swing(high(word(space.keys[P_YEAR], space.first + i)), plan.bodies_year_spread)
    common = swing(high(word(space.keys[P_DISTRICT_YEAR], file.district)), plan.bodies_district_spread)
    body.stress = max(0, min(TOP16, plan.bodies_stress + own + common))


@kernel
def place_in_ring(i, month, slot):
    """Where what body ``i`` signs in ``month`` stands: places come free before they are needed again."""
    return (i * BODY_RING + month % BODY_RING) * BODY_SLOTS + slot


@kernel
def signing(bodies, firms, i, month, residents):
    """New contracts and promises of the month, in a subdistrict of so many ``residents``."""
    town = bodies.town
    plan, body, space = town.plan, bodies.own[i], town.space
    lots = word(space.keys[P_SIGNING], space.first + i)
    for slot in range(BODY_SLOTS):
        lot = again(lots, slot)
        promise = slot == _PROMISE
        if high(lot) >= (_promising_rate(bodies, residents) if promise else _signing_rate(bodies, firms)):
            continue
        more = again(lots, BODY_SLOTS + slot)
        contract = bodies.contracts[place_in_ring(i, month, slot)]
        contract.state = SIGNED
        contract.judged = 0
        contract.stuck = not promise and high(again(lots, 2 * BODY_SLOTS + slot)) < plan.bodies_stuck
        terms = plan.bodies_due_most - plan.bodies_due_least + 1
        contract.due = month + plan.bodies_due_least + ((low(more) * terms) >> 32)
        if promise:
            contract.firm = -1
            contract.amount = 0
            body.promises += 1
            space.tally[N_PROMISED] += 1
        else:
            f = (low(lot) * firms.town.size) >> 32
            firm = firms.own[f]
            span = plan.bodies_amount_most - plan.bodies_amount_least + 1
            share = plan.bodies_amount_least + ((high(more) * span) >> 32)  # of the firm's monthly turnover, in 1/65536
            amount = min(MONEY_TOP, max(1, (np.int64(firm.turnover) * share) >> 16))
            contract.firm = f
            contract.amount = amount
            body.contracts += 1
            space.tally[N_SIGNED] += 1
            if firm.closed_in == NEVER:
                _pay(firm, -((amount * plan.bodies_cost) >> 8))
        note(
            town,
            month,
            i,
            EVENT_BODY,
            SIGNED,
            contract.firm,
            contract.amount,
            contract.due,
        )


@kernel
def _signing_rate(bodies, firms):
    """The chance of a contract in one slot, in 1/2**32: as many for each firm, however few firms there are for a body."""
    slots = 12 * CONTRACT_SLOTS * bodies.town.size
    return min(np.int64(1) << 32, (bodies.town.plan.bodies_contracts << 16) * firms.town.size // slots)


@kernel
def _promising_rate(bodies, residents):
    """The chance of a promise: where there are fewer residents for each body than usual, it makes fewer."""
    plan = bodies.town.plan
    return min(np.int64(1) << 32, plan.bodies_promise * residents // (bodies.town.size * plan.bodies_residents))


@kernel
def _pay(firm, amount):
    firm.cash = max(-MONEY_TOP, min(MONEY_TOP, np.int64(firm.cash) + amount))


@kernel
def falling_due(bodies, firms, i, month):
    """Everything that is due: paid, put off, or broken. Returns whether a judgment against the body is open."""
    town = bodies.town
    plan, body = town.plan, bodies.own[i]
    totals, space = town.totals, town.space
    open_judgment = False
    listed = town.people[i].lists & plan.lists_adverse != 0
    keeping = word(space.keys[P_KEEPING], space.first + i)
    body.arrears = 0
    for at in range(BODY_RING * BODY_SLOTS):
        contract = bodies.contracts[i * BODY_RING * BODY_SLOTS + at]
        if contract.state != SIGNED or contract.due > month:
            continue
        promise = contract.firm < 0
        late = month - np.int64(contract.due)
        lots = again(keeping, at)
        inherited = not promise and _signed_in(at, month) < body.led_since
        if late == 0:
            space.tally[N_PROMISES_DUE if promise else N_DUE] += 1
            if promise:
                body.promises_due += 1
            else:
                body.contracts_due += 1
            if inherited:
                body.inherited_due += 1
                space.tally[N_INHERITED] += 1
        if high(lots) < _keeping_rate(plan, body, contract, inherited, listed):
            if inherited and late == 0:
                body.inherited_kept += 1
                space.tally[N_INHERITED_KEPT] += 1
            _keep(bodies, firms, i, month, contract, late, lots)
            continue
        breaks = (plan.bodies_break * (256 - min(256, body.effort))) >> 8
        if late >= layout.BODY_LATEST or (contract.judged == 0 and high(again(lots, 1)) < breaks):
            _break(bodies, i, month, contract, lots)
            continue
        _overdue(bodies, i, month, contract, late, lots)
        if contract.judged:
            open_judgment = True
            seen_of(town, i, month, UNPAID, contract.judged == 1, TRUE, again(lots, 6))
            contract.judged = 2
    if open_judgment:
        totals.counts[C_JUDGED] += 1
    space.tally[N_STRESS] += body.stress
    return open_judgment


@kernel
def _signed_in(at, month):
    """The last month in which place ``at`` of a ring was signed in."""
    return month - (month - at // BODY_SLOTS) % BODY_RING


@kernel
def _keeping_rate(plan, body, contract, inherited, listed):
    """The chance that the body pays or keeps its word this month, in 1/2**32.

    Effort raises it. Gaming pays what is small first: it counts as much as what is large.
    """
    rate = (plan.bodies_keep * (65536 - np.int64(body.stress))) >> 16
    if contract.stuck:
        rate = (rate * plan.bodies_stuck_keep) >> 8
    if inherited:
        rate = (rate * (256 - plan.bodies_disown)) >> 8
    if listed and contract.judged and plan.responses:
        rate += plan.bodies_listed_pay
    rate = (rate * (256 + np.int64(body.effort))) >> 8
    gaming = np.int64(body.gaming)
    if gaming > 0 and contract.firm >= 0:
        small = np.int64(contract.amount) < plan.bodies_small
        rate = (rate * (256 + gaming if small else 256 - min(256, gaming))) >> 8
    return rate


@kernel
def _keep(bodies, firms, i, month, contract, late, lots):
    town = bodies.town
    body, totals, space = bodies.own[i], town.totals, town.space
    promise = contract.firm < 0
    contract.state = PAID_LATE if late > 0 else KEPT
    totals.counts[C_GOOD] += late == 0
    if promise:
        space.tally[N_PROMISES_LATE if late > 0 else N_PROMISES_KEPT] += 1
        if late > 0:
            body.promises_late += 1
        else:
            body.promises_kept += 1
            seen_of(town, i, month, PROMISE_KEPT, True, TRUE, again(lots, 2))
    else:
        space.tally[N_LATE if late > 0 else N_KEPT] += 1
        if late > 0:
            body.contracts_late += 1
        else:
            body.contracts_kept += 1
            seen_of(town, i, month, CONTRACT_KEPT, True, TRUE, again(lots, 2))
        firm = firms.own[contract.firm]
        if firm.closed_in == NEVER:
            _pay(firm, np.int64(contract.amount))
    note(
        town,
        month,
        i,
        EVENT_BODY,
        contract.state,
        contract.firm,
        contract.amount,
        late,
    )


@kernel
def _break(bodies, i, month, contract, lots):
    town = bodies.town
    body, totals, space = bodies.own[i], town.totals, town.space
    promise = contract.firm < 0
    contract.state = BROKEN
    totals.counts[C_MISCONDUCT] += 1
    if promise:
        body.promises_broken += 1
        space.tally[N_PROMISES_BROKEN] += 1
    else:
        body.contracts_broken += 1
        space.tally[N_BROKEN] += 1
    note(
        town,
        month,
        i,
        EVENT_BODY,
        BROKEN,
        contract.firm,
        contract.amount,
        month - np.int64(contract.due),
    )
    seen_of(town, i, month, PROMISE_BROKEN if promise else CONTRACT_BROKEN, True, TRUE, again(lots, 2))


@kernel
def _overdue(bodies, i, month, contract, late, lots):
    """A month in which something is owed: seen by an audit, told by the firm, massaged, pressed down, sued for."""
    town = bodies.town
    plan, body = town.plan, bodies.own[i]
    totals, space = town.totals, town.space
    promise = contract.firm < 0
    gaming = np.int64(body.gaming)
    if promise:
        if late > 0:
            return
        act = PROMISE_LATE
    else:
        act = ARREARS
        body.overdue_months += 1
        body.arrears = min(MONEY_TOP, np.int64(body.arrears) + contract.amount)
        space.tally[N_OVERDUE] += 1
        space.tally[N_ARREARS] += contract.amount
    totals.counts[C_MISCONDUCT] += 1
    if high(again(lots, 3)) < (plan.bodies_massage * gaming) >> 8:
        body.massaged += 1
        space.tally[N_MASSAGED] += 1
        space.tally[N_CLAIMED] += late == 0
        if promise:
            seen_of(town, i, month, PROMISE_KEPT, True, CLAIMED, again(lots, 2))
        seen_of(town, i, month, FALSE_FIGURES, True, TRUE, again(lots, 4))
    elif seen_of(town, i, month, act, late == 0, TRUE, again(lots, 2)):
        body.overdue_recorded += 1
        space.tally[N_SEEN] += 1
    if promise:
        return
    complaint = low(again(lots, 3))
    if complaint < plan.bodies_complaint:
        if complaint < (plan.bodies_complaint * (256 - min(256, (plan.bodies_pressing * gaming) >> 8))) >> 8:
            space.tally[N_COMPLAINTS] += 1
            seen_of(town, i, month, COMPLAINT, True, TRUE, again(lots, 5))
        else:
            body.pressed += 1
            space.tally[N_PRESSED] += 1
            seen_of(town, i, month, PRESSED, True, TRUE, again(lots, 5))
    if contract.judged == 0 and late >= plan.bodies_suit_after and low(again(lots, 1)) < plan.bodies_suit:
        contract.judged = 1
        totals.counts[C_JUDGMENTS] += 1


@kernel
def seen_of(town, i, month, act, first, truth, luck):
    """Whether an act is seen and recorded; every contract has its own luck."""
    plan, file, totals = town.plan, town.people[i], town.totals
    totals.acts[act, ACTS_DONE] += truth != CLAIMED
    if not plan.act_covered[act]:
        note(town, month, i, EVENT_ACT, act, 0, truth, NO_RULE)
        return False
    chance = (plan.act_detect[act] * plan.district_leniency[file.district]) >> 8
    if high(luck) < chance:
        note(town, month, i, EVENT_ACT, act, 0, truth, RECORDED)
        totals.acts[act, ACTS_RECORDED] += 1
        apply_rows(town, i, month, act, 0, first, truth, Actor.SELF)
        return True
    note(town, month, i, EVENT_ACT, act, 0, truth, NOT_SEEN)
    if file.unrecorded < TOP8:
        file.unrecorded += 1
    totals.counts[C_UNRECORDED] += 1
    totals.acts[act, ACTS_UNSEEN] += 1
    return False
