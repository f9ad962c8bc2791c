"""Step 2. What the resident really does.

Temptations first, regime second: whether a month holds a temptation of a kind, and which act it is, depends
on the resident alone, through an upper rate that no regime changes. A regime, perceived or felt, only moves
the border inside that temptation between doing and not doing (thinning with the same uniform, so it is
exact and couples twin worlds). Claims: misconduct falls with conscientiousness and rises with strain; those
who know of a rule are deterred by it, held back from lawful acts it records, and drawn to deeds it rewards;
some rewarded deeds are claimed without being done. What is felt of a rule grows with what follows from a record (its points
within the span of the score; a list or a door in full) and with how likely this resident is seen, up to a chance that is
felt as certain; and with how many of the district met such a thing a year ago: of burdens a list or a door that hinders, of
rewards an honour or a door that opens or saves (where no rule has one, points only keep from burdens, and those count).
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, as_lane, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ACT,
    ACTS_HELD,
    ADULT,
    AMOUNT,
    BEGINS,
    COUNTER,
    GOOD,
    MISCONDUCT,
    TOP8,
    TOP16,
    TRUTH,
)
from counterscore.engine.steps.recording import chance_of

P_CHOICE, P_AMOUNT = int(Purpose.CHOICE_MISCONDUCT), int(Purpose.AMOUNT)
DETER, CHILL, UPLIFT, GAME = range(len(layout.FELT))
_WHOLE = 1 << 16
C_MISCONDUCT, C_GOOD, C_LAWFUL = COUNTER["misconduct"], COUNTER["good_deeds"], COUNTER["lawful_acts"]
C_HELD, C_HELD_LAWFUL = COUNTER["held_back_misconduct"], COUNTER["held_back_lawful"]
C_STRAIN, C_EXTRA, C_GAMED = (
    COUNTER["strain_misconduct"],
    COUNTER["extra_good_deeds"],
    COUNTER["gamed"],
)


@kernel
def trait_factor(plan, person, slot):
    """The resident's own factor on all rates of a slot, Q8; at least 8, so that bounds stay positive."""
    if person.age < ADULT:
        return 0
    if slot == MISCONDUCT:
        factor = 256 + ((plan.conduct_conscientiousness * (128 - np.int64(person.conscientiousness))) >> 7)
        if person.age < 35:
            factor = (factor * plan.conduct_young) >> 8
    elif slot == GOOD:
        factor = 256 + ((plan.conduct_sociability * (np.int64(person.sociability) - 128)) >> 7)
    else:
        factor = 256 + ((plan.conduct_outspokenness * (np.int64(person.outspokenness) - 128)) >> 7)
    return max(8, factor)


@kernel
def headroom(plan, slot):
    """By how much a regime may raise a rate of the slot at most, Q8."""
    if slot == MISCONDUCT:
        return plan.response_headroom_misconduct
    if slot == GOOD:
        return plan.response_headroom_good
    return 256


@kernel
def means_of(person):
    """Which combination of a car, a card and the made-up allegiance the person has, on which acts depend."""
    held = np.int64(person.traits)
    return held & (layout.HAS_CAR | layout.HAS_CARD) | (held & layout.ALLIED) // layout.ALLIED * layout.MEANS_ALLIED


@kernel
def upper_rate(plan, person, slot):
    """The regime-free upper rate of a slot, Q16, rounded up: the bound that candidates are drawn with."""
    having = means_of(person)
    rate = (plan.slot_total[slot, having] * trait_factor(plan, person, slot) * headroom(plan, slot)) >> 16
    return as_lane(rate)


@kernel
def closed_essential(plan, doors):
    """How many essential services are closed to one with these doors in force."""
    closed = 0
    for s in range(plan.service_closed.shape[0]):
        if plan.service_essential[s] and plan.service_closed[s] & doors:
            closed += 1
    return closed


@kernel
def known_of(plan, person, what, act, known):
    """What is known to follow from an act, 1/65536: as ``known`` of the rule books for everybody, or, where more, as of
    one that the resident takes part in. Who takes part knows.
    """
    for s in range(plan.askers):
        if plan.scheme_asks[s] and person.part & (1 << s):
            known = max(known, plan.asked_felt[s, what, act])
    return known


@kernel
def felt(town, i, what, act, known):
    """How strongly the resident feels what is ``known`` to follow from an act, 1/65536: less where it is hardly ever
    seen, and where hardly anybody near has met what burdens, or what rewards.
    """
    plan, person = town.plan, town.people[i]
    if known == 0:
        return np.int64(0)
    known = (known * min(_WHOLE, chance_of(plan, person, act) // plan.response_certain)) >> 16
    space = town.space
    near = space.near[person.district] if what == DETER or what == CHILL else space.near_good[person.district]
    return (known * near) >> 16


@kernel
def tempted(town, i, month, slot, n):
    """Decide one temptation; an act done goes on the pile. Returns the pile's height."""
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    lot = word(space.keys[P_CHOICE + slot], space.first + i)
    having = means_of(person)
    # Which act it would be: by the resident's own rates, the commonest first.
    y = (low(lot) * plan.slot_total[slot, having]) >> 32
    k = np.int64(plan.slot_first[slot, having, y >> plan.slot_shift[slot, having]])
    while y >= plan.slot_cumulated[slot, having, k]:
        k += 1
    act = plan.slot_acts[slot, k]
    # Whether it is done: the candidate's own uniform against its upper rate, moved by the regime.
    x = (high(lot) * np.int64(watch.bound[slot])) >> 16
    rate = plan.slot_total[slot, having] * trait_factor(plan, person, slot)
    room = headroom(plan, slot) << 8
    aware = plan.responses and watch.aware <= month
    truth = layout.TRUE
    if slot == MISCONDUCT:
        will = np.int64(_WHOLE)
        deter = plan.act_deter[act] if aware else np.int64(0)
        if plan.asks and plan.responses:
            deter = known_of(plan, person, DETER, act, deter)
        will -= felt(town, i, DETER, act, deter)
        if plan.responses and person.doors != 0:
            closed = closed_essential(plan, person.doors & plan.doors_self)
            strain = min(plan.response_strain_most, plan.response_strain * closed)
            will = min(room, (will * (256 + strain)) >> 8)
        if x >= (rate * will) >> 24:
            if x < rate >> 8:
                totals.counts[C_HELD] += 1
                totals.acts[act, ACTS_HELD] += 1
            return n
        if x >= rate >> 8:
            totals.counts[C_STRAIN] += 1
        if person.misconduct < TOP16:
            person.misconduct += 1
        totals.counts[C_MISCONDUCT] += 1
    elif slot == GOOD:
        uplift = plan.act_uplift[act] if aware else np.int64(0)
        game = plan.act_game[act] if aware else np.int64(0)
        if plan.asks and plan.responses:
            uplift = known_of(plan, person, UPLIFT, act, uplift)
            game = known_of(plan, person, GAME, act, game)
        will = min(room, _WHOLE + felt(town, i, UPLIFT, act, uplift))
        claim = min(room, will + felt(town, i, GAME, act, game))
        if x >= (rate * claim) >> 24:
            return n
        if x >= (rate * will) >> 24:
            truth = layout.CLAIMED
            if person.gamed < TOP8:
                person.gamed += 1
            totals.counts[C_GAMED] += 1
        else:
            if x >= rate >> 8:
                totals.counts[C_EXTRA] += 1
            if person.good_deeds < TOP16:
                person.good_deeds += 1
            totals.counts[C_GOOD] += 1
    else:
        will = np.int64(_WHOLE)
        chill = plan.act_chill[act] if aware else np.int64(0)
        if plan.asks and plan.responses:
            chill = known_of(plan, person, CHILL, act, chill)
        will -= felt(town, i, CHILL, act, chill)
        if x >= (rate * will) >> 24:
            if x < rate >> 8:
                totals.counts[C_HELD_LAWFUL] += 1
                totals.acts[act, ACTS_HELD] += 1
            return n
        if person.lawful_acts < TOP16:
            person.lawful_acts += 1
        totals.counts[C_LAWFUL] += 1
    space.done[n, ACT] = act
    space.done[n, AMOUNT] = 0
    space.done[n, BEGINS] = 1
    space.done[n, TRUTH] = truth
    if plan.act_amount[act, 1] > 0:
        amount = again(word(space.keys[P_AMOUNT], space.first + i), slot)
        least, most = plan.act_amount[act, 0], plan.act_amount[act, 1]
        if plan.act_tail[act]:
            space.done[n, AMOUNT] = min(most, (least << 32) // (low(amount) + 1))
        else:
            space.done[n, AMOUNT] = least + ((low(amount) * (most - least + 1)) >> 32)
    return n + 1
