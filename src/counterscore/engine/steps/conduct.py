"""Step 2. What the resident really does.

Temptations first, regime second: whether a month holds a temptation of a kind, and which act it is, depends
on the resident alone, through an upper rate that no regime changes. A regime, perceived or felt, only moves
the border inside that temptation between doing and not doing (thinning with the same uniform, so it is
exact and couples twin worlds). Claims: misconduct falls with conscientiousness and rises with strain; those
who know of a rule are deterred by it, held back from lawful acts it records, and drawn to deeds it rewards;
some rewarded deeds are claimed without being done.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import COUNTER, GOOD, MISCONDUCT

P_CHOICE, P_AMOUNT = int(Purpose.CHOICE_MISCONDUCT), int(Purpose.AMOUNT)
DETER, CHILL, UPLIFT, GAME = range(len(layout.FELT))
C_MISCONDUCT, C_GOOD, C_LAWFUL = COUNTER["misconduct"], COUNTER["good_deeds"], COUNTER["lawful_acts"]
C_HELD, C_HELD_LAWFUL = COUNTER["held_back_misconduct"], COUNTER["held_back_lawful"]
C_STRAIN, C_EXTRA, C_GAMED = (
    COUNTER["strain_misconduct"],
    COUNTER["extra_good_deeds"],
    COUNTER["gamed"],
)


@kernel
def trait_factor(P, S, H, i, slot):
    """The resident's own factor on all rates of a slot, Q8; at least 8, so that bounds stay positive."""
    a = P
    if S[i].age < 18:
        return 0
    if slot == MISCONDUCT:
        factor = 256 + ((a.conduct_conscientiousness * (128 - np.int64(S[i].conscientiousness))) >> 7)
        if S[i].age < 35:
            factor = (factor * a.conduct_young) >> 8
    elif slot == GOOD:
        factor = 256 + ((a.conduct_sociability * (np.int64(S[i].sociability) - 128)) >> 7)
    else:
        factor = 256 + ((a.conduct_outspokenness * (np.int64(S[i].outspokenness) - 128)) >> 7)
    return max(8, factor)


@kernel
def headroom(P, slot):
    """By how much a regime may raise a rate of the slot at most, Q8."""
    if slot == MISCONDUCT:
        return P.response_headroom_misconduct
    if slot == GOOD:
        return P.response_headroom_good
    return 256


@kernel
def upper_rate(P, S, H, i, slot):
    """The regime-free upper rate of a slot, Q16, rounded up: the bound that candidates are drawn with."""
    having = S[i].traits & (layout.HAS_CAR | layout.HAS_CARD)
    rate = (P.slot_total[slot, having] * trait_factor(P, S, H, i, slot) * headroom(P, slot)) >> 16
    return min(65535, (rate + 65535) >> 16)


@kernel
def closed_essential(P, doors):
    """How many essential services are closed to one with these doors in force."""
    closed = 0
    for s in range(P.service_closed.shape[0]):
        if P.service_essential[s] and P.service_closed[s] & doors:
            closed += 1
    return closed


@kernel
def felt(P, S, i, what, act, known):
    """How strongly the rules on an act are felt: as ``known`` of the rule books for everybody, or, where more, as of
    one that the resident takes part in. Who takes part knows.
    """
    for s in range(P.askers):
        if P.scheme_asks[s] and S[i].part & (1 << s):
            known = max(known, P.asked_felt[s, what, act])
    return known


@kernel
def tempted(P, S, H, T, E, X, i, month, slot, n):
    """Decide one temptation; an act done goes on the pile. Returns the pile's height."""
    a = P
    lot = word(X.keys[P_CHOICE + slot], X.first + i)
    having = S[i].traits & (layout.HAS_CAR | layout.HAS_CARD)
    # Which act it would be: by the resident's own rates, the commonest first.
    y = (low(lot) * P.slot_total[slot, having]) >> 32
    k = np.int64(P.slot_first[slot, having, y >> P.slot_shift[slot, having]])
    while y >= P.slot_cumulated[slot, having, k]:
        k += 1
    act = P.slot_acts[slot, k]
    # Whether it is done: the candidate's own uniform against its upper rate, moved by the regime.
    x = (high(lot) * np.int64(H[i].bound[slot])) >> 16
    rate = P.slot_total[slot, having] * trait_factor(P, S, H, i, slot)
    room = headroom(P, slot)
    aware = a.responses and H[i].aware <= month
    truth = layout.TRUE
    if slot == MISCONDUCT:
        will = np.int64(256)
        deter = P.act_deter[act] if aware else np.int64(0)
        if P.asks and a.responses:
            deter = felt(P, S, i, DETER, act, deter)
        will -= deter
        if a.responses and S[i].doors != 0:
            closed = closed_essential(P, S[i].doors & P.doors_self)
            strain = min(a.response_strain_most, a.response_strain * closed)
            will = min(room, (will * (256 + strain)) >> 8)
        if x >= (rate * will) >> 16:
            if x < rate >> 8:
                T.counts[C_HELD] += 1
                T.acts[act, 4] += 1
            return n
        if x >= rate >> 8:
            T.counts[C_STRAIN] += 1
        if S[i].misconduct < 65535:
            S[i].misconduct += 1
        T.counts[C_MISCONDUCT] += 1
    elif slot == GOOD:
        will = np.int64(256)
        claim = np.int64(256)
        uplift = P.act_uplift[act] if aware else np.int64(0)
        game = P.act_game[act] if aware else np.int64(0)
        if P.asks and a.responses:
            uplift = felt(P, S, i, UPLIFT, act, uplift)
            game = felt(P, S, i, GAME, act, game)
        will = min(room, 256 + uplift)
        claim = min(room, will + game)
        if x >= (rate * claim) >> 16:
            return n
        if x >= (rate * will) >> 16:
            truth = layout.CLAIMED
            if S[i].gamed < 255:
                S[i].gamed += 1
            T.counts[C_GAMED] += 1
        else:
            if x >= rate >> 8:
                T.counts[C_EXTRA] += 1
            if S[i].good_deeds < 65535:
                S[i].good_deeds += 1
            T.counts[C_GOOD] += 1
    else:
        will = np.int64(256)
        chill = P.act_chill[act] if aware else np.int64(0)
        if P.asks and a.responses:
            chill = felt(P, S, i, CHILL, act, chill)
        will -= chill
        if x >= (rate * will) >> 16:
            if x < rate >> 8:
                T.counts[C_HELD_LAWFUL] += 1
                T.acts[act, 4] += 1
            return n
        if S[i].lawful_acts < 65535:
            S[i].lawful_acts += 1
        T.counts[C_LAWFUL] += 1
    X.done[n, 0] = act
    X.done[n, 1] = 0
    X.done[n, 2] = 1
    X.done[n, 3] = truth
    if P.act_amount[act, 1] > 0:
        amount = again(word(X.keys[P_AMOUNT], X.first + i), slot)
        least, most = P.act_amount[act, 0], P.act_amount[act, 1]
        if P.act_tail[act]:
            X.done[n, 1] = min(most, (least << 32) // (low(amount) + 1))
        else:
            X.done[n, 1] = least + ((low(amount) * (most - least + 1)) >> 32)
    return n + 1
