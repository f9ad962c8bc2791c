"""Steps 1 to 3 of a public body: budget, contracts and promises, and what is seen of them.

Claims: bodies sign contracts with firms of their subdistrict and make written promises, each with a date; a
firm pays for its work when the contract is signed and is paid when the body pays. Whether a body pays in a
month falls with the year's budget stress and rises with its officials' effort. What is overdue is seen by an
audit, or because the firm complains, unless the complaint is pressed down or the figures are massaged. Who
owes long may be sued; what is never paid is broken in the end. Temptations first: how many contracts are
signed, with whom, over how much and by when does not depend on any rule book. A contract is as large as its firm.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.firms.money import swing
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
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
    TRUE,
)
from counterscore.engine.plan import ACT_INDEX
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
N_OVERDUE, N_ARREARS, N_SEEN, N_COMPLAINTS, N_PRESSED, N_MASSAGED, N_STRESS = (
    BODY_COUNTER[name]
    for name in ("overdue", "arrears", "overdue_recorded", "complaints", "pressed", "massaged", "stress")
)
_PROMISE = CONTRACT_SLOTS  #: the slot of a ring month that holds a promise; those before hold contracts


@kernel
def budget(P, S, X, O, i):
    """January: what share of the year's dues the budget leaves open, in 1/65536, by district and body."""
    own = swing(high(word(X.keys[P_YEAR], X.first + i)), P.bodies_year_spread)
    common = swing(high(word(X.keys[P_DISTRICT_YEAR], S[i].district)), P.bodies_district_spread)
    O[i].stress = max(0, min(65535, P.bodies_stress + own + common))


@kernel
def place_in_ring(i, month, slot):
    """Where what body ``i`` signs in ``month`` stands: places come free before they are needed again."""
    return (i * BODY_RING + month % BODY_RING) * BODY_SLOTS + slot


@kernel
def signing(P, E, X, O, N, G, i, month):
    """New contracts and promises of the month."""
    lots = word(X.keys[P_SIGNING], X.first + i)
    for slot in range(BODY_SLOTS):
        lot = again(lots, slot)
        promise = slot == _PROMISE
        if high(lot) >= (P.bodies_promise if promise else _signing_rate(P, O, G)):
            continue
        more = again(lots, BODY_SLOTS + slot)
        c = place_in_ring(i, month, slot)
        N[c].state = SIGNED
        N[c].judged = 0
        N[c].due = month + P.bodies_due_least + ((low(more) * (P.bodies_due_most - P.bodies_due_least + 1)) >> 32)
        if promise:
            N[c].firm = -1
            N[c].amount = 0
            O[i].promises += 1
            X.tally[N_PROMISED] += 1
        else:
            f = (low(lot) * G.shape[0]) >> 32
            span = P.bodies_amount_most - P.bodies_amount_least + 1
            share = P.bodies_amount_least + ((high(more) * span) >> 32)  # of the firm's monthly turnover, in 1/65536
            amount = min(MONEY_TOP, max(1, (np.int64(G[f].turnover) * share) >> 16))
            N[c].firm = f
            N[c].amount = amount
            O[i].contracts += 1
            X.tally[N_SIGNED] += 1
            if G[f].closed_in == NEVER:
                _pay(G, f, -((amount * P.bodies_cost) >> 8))
        note(X, E, month, i, EVENT_BODY, SIGNED, N[c].firm, N[c].amount, N[c].due)


@kernel
def _signing_rate(P, O, G):
    """The chance of a contract in one slot: as many for each firm, however few firms there are for a body."""
    return min(np.int64(1) << 32, P.bodies_sign * G.shape[0] // (O.shape[0] * P.bodies_firms))


@kernel
def _pay(G, f, amount):
    G[f].cash = max(-MONEY_TOP, min(MONEY_TOP, np.int64(G[f].cash) + amount))


@kernel
def falling_due(P, S, H, F, T, E, X, O, N, G, i, month):
    """Everything that is due: paid, put off, or broken. Returns whether a judgment against the body is open."""
    open_judgment = False
    keeping = word(X.keys[P_KEEPING], X.first + i)
    O[i].arrears = 0
    for at in range(BODY_RING * BODY_SLOTS):
        c = i * BODY_RING * BODY_SLOTS + at
        if N[c].state != SIGNED or N[c].due > month:
            continue
        promise = N[c].firm < 0
        late = month - np.int64(N[c].due)
        lots = again(keeping, at)
        if late == 0:
            X.tally[N_PROMISES_DUE if promise else N_DUE] += 1
            if promise:
                O[i].promises_due += 1
            else:
                O[i].contracts_due += 1
        if high(lots) < _keeping_rate(P, O, N, i, c):
            _keep(P, S, H, F, T, E, X, O, N, G, i, month, c, late, lots)
            continue
        if late >= layout.BODY_LATEST or high(again(lots, 1)) < (P.bodies_break * (256 - min(256, O[i].effort))) >> 8:
            _break(P, S, H, F, T, E, X, O, N, i, month, c, lots)
            continue
        _overdue(P, S, H, F, T, E, X, O, N, i, month, c, late, lots)
        if N[c].judged:
            open_judgment = True
            _seen(P, S, H, F, T, E, X, i, month, UNPAID, N[c].judged == 1, TRUE, again(lots, 6))
            N[c].judged = 2
    if open_judgment:
        T.counts[C_JUDGED] += 1
    X.tally[N_STRESS] += O[i].stress
    return open_judgment


@kernel
def _keeping_rate(P, O, N, i, c):
    """The chance that the body pays or keeps its word this month, in 1/2**32.

    Effort raises it. Gaming pays what is small first: it counts as much as what is large.
    """
    rate = (P.bodies_keep * (65536 - np.int64(O[i].stress))) >> 16
    rate = (rate * (256 + np.int64(O[i].effort))) >> 8
    gaming = np.int64(O[i].gaming)
    if gaming > 0 and N[c].firm >= 0:
        small = np.int64(N[c].amount) < P.bodies_small
        rate = (rate * (256 + gaming if small else 256 - min(256, gaming))) >> 8
    return rate


@kernel
def _keep(P, S, H, F, T, E, X, O, N, G, i, month, c, late, lots):
    promise = N[c].firm < 0
    N[c].state = PAID_LATE if late > 0 else KEPT
    T.counts[C_GOOD] += late == 0
    if promise:
        X.tally[N_PROMISES_LATE if late > 0 else N_PROMISES_KEPT] += 1
        if late > 0:
            O[i].promises_late += 1
        else:
            O[i].promises_kept += 1
            _seen(P, S, H, F, T, E, X, i, month, PROMISE_KEPT, True, TRUE, again(lots, 2))
    else:
        X.tally[N_LATE if late > 0 else N_KEPT] += 1
        if late > 0:
            O[i].contracts_late += 1
        else:
            O[i].contracts_kept += 1
            _seen(P, S, H, F, T, E, X, i, month, CONTRACT_KEPT, True, TRUE, again(lots, 2))
        if G[N[c].firm].closed_in == NEVER:
            _pay(G, N[c].firm, np.int64(N[c].amount))
    note(X, E, month, i, EVENT_BODY, N[c].state, N[c].firm, N[c].amount, late)


@kernel
def _break(P, S, H, F, T, E, X, O, N, i, month, c, lots):
    promise = N[c].firm < 0
    N[c].state = BROKEN
    T.counts[C_MISCONDUCT] += 1
    if promise:
        O[i].promises_broken += 1
        X.tally[N_PROMISES_BROKEN] += 1
    else:
        O[i].contracts_broken += 1
        X.tally[N_BROKEN] += 1
    note(X, E, month, i, EVENT_BODY, BROKEN, N[c].firm, N[c].amount, month - np.int64(N[c].due))
    _seen(P, S, H, F, T, E, X, i, month, PROMISE_BROKEN if promise else CONTRACT_BROKEN, True, TRUE, again(lots, 2))


@kernel
def _overdue(P, S, H, F, T, E, X, O, N, i, month, c, late, lots):
    """A month in which something is owed: seen by an audit, told by the firm, massaged, pressed down, sued for."""
    promise = N[c].firm < 0
    gaming = np.int64(O[i].gaming)
    if promise:
        if late > 0:
            return
        act = PROMISE_LATE
    else:
        act = ARREARS
        O[i].overdue_months += 1
        O[i].arrears = min(MONEY_TOP, np.int64(O[i].arrears) + N[c].amount)
        X.tally[N_OVERDUE] += 1
        X.tally[N_ARREARS] += N[c].amount
    T.counts[C_MISCONDUCT] += 1
    if high(again(lots, 3)) < (P.bodies_massage * gaming) >> 8:
        O[i].massaged += 1
        X.tally[N_MASSAGED] += 1
        if promise:
            _seen(P, S, H, F, T, E, X, i, month, PROMISE_KEPT, True, CLAIMED, again(lots, 2))
        _seen(P, S, H, F, T, E, X, i, month, FALSE_FIGURES, True, TRUE, again(lots, 4))
    elif _seen(P, S, H, F, T, E, X, i, month, act, late == 0, TRUE, again(lots, 2)):
        O[i].overdue_recorded += 1
        X.tally[N_SEEN] += 1
    if promise:
        return
    complaint = low(again(lots, 3))
    if complaint < P.bodies_complaint:
        if complaint < (P.bodies_complaint * (256 - min(256, (P.bodies_pressing * gaming) >> 8))) >> 8:
            X.tally[N_COMPLAINTS] += 1
            _seen(P, S, H, F, T, E, X, i, month, COMPLAINT, True, TRUE, again(lots, 5))
        else:
            O[i].pressed += 1
            X.tally[N_PRESSED] += 1
            _seen(P, S, H, F, T, E, X, i, month, PRESSED, True, TRUE, again(lots, 5))
    if N[c].judged == 0 and late >= P.bodies_suit_after and low(again(lots, 1)) < P.bodies_suit:
        N[c].judged = 1
        T.counts[C_JUDGMENTS] += 1


@kernel
def _seen(P, S, H, F, T, E, X, i, month, act, first, truth, luck):
    """Whether an act is seen and recorded; every contract has its own luck."""
    T.acts[act, 0] += truth != CLAIMED
    if not P.act_covered[act]:
        note(X, E, month, i, EVENT_ACT, act, 0, truth, NO_RULE)
        return False
    chance = (P.act_detect[act] * P.district_leniency[S[i].district]) >> 8
    if high(luck) < chance:
        note(X, E, month, i, EVENT_ACT, act, 0, truth, RECORDED)
        T.acts[act, 1] += 1
        apply_rows(P, S, H, F, T, E, X, i, month, act, 0, first, truth, 0)
        return True
    note(X, E, month, i, EVENT_ACT, act, 0, truth, NOT_SEEN)
    if S[i].unrecorded < 255:
        S[i].unrecorded += 1
    T.counts[C_UNRECORDED] += 1
    T.acts[act, 3] += 1
    return False
