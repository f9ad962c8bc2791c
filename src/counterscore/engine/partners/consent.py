# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Joining a rule book that asks for consent, and leaving it.

Claims: adults join at a monthly rate that depends on age and credit file, on what the perks are worth in yuan a
year, and on the friends who show their score; they leave at a rate that is higher in the lowest grade. Whether a
month holds the luck to join is the resident's own; the rule book only moves the border. With responses switched
off nobody joins or leaves.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, high, low, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import ADULT, COUNTER, EVENT_CONSENT, FILE_HIDES, NEVER
from counterscore.engine.partners.knowing import _MANY, know
from counterscore.engine.partners.ties import friends_who_show
from counterscore.engine.steps.attempts import age_band
from counterscore.engine.steps.papers import note

P_CONSENT = int(Purpose.CONSENT)
C_JOINED, C_WITHDREW = COUNTER["joined"], COUNTER["withdrew"]
_BANDS, _FILES = 5, 3


@kernel
def join_rate(plan, s, band, file, friends):
    """The monthly rate of joining scheme ``s``, Q32."""
    rate = (plan.scheme_join[s] * plan.adoption_age[band]) >> 8
    rate = (rate * plan.adoption_file[file]) >> 8
    rate = (rate * plan.scheme_perks[s]) >> 8
    return (rate * (256 + plan.adoption_friend * friends)) >> 8


@kernel
def who_may_ask(town, s, first, end):
    """Write down whose draws may bring consent to scheme ``s``, or take it back; returns how many."""
    plan, space = town.plan, town.space
    joins = np.int64(0)
    for band in range(_BANDS):
        for file in range(_FILES):
            joins = max(joins, join_rate(plan, s, band, file, 0), join_rate(plan, s, band, file, _MANY))
    leaves = max(plan.adoption_leave, (plan.adoption_leave * plan.adoption_leave_lowest) >> 8)
    key = space.keys[P_CONSENT] + GAMMA * np.uint64(space.first)
    found = 0
    for i in range(first, end):
        lot = mix(word(key, i) ^ plan.scheme_hash[s])
        space.chosen[found] = i
        found += np.int64(high(lot) < joins) | np.int64(low(lot) < leaves)
    return found


@kernel
def ask(residents, s, i, month):
    """Whether the resident joins or leaves scheme ``s`` this month; it shows from the next month on."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    private, watch = residents.private[i], town.watch[i]
    totals, space = town.totals, town.space
    if person.age < ADULT:
        return
    bit = 1 << s
    lot = mix(word(space.keys[P_CONSENT], space.first + i) ^ plan.scheme_hash[s])
    if person.part & bit:
        rate = plan.adoption_leave
        if s < plan.schemes and person.grade[s] == plan.scheme_grades[s] - 1:
            rate = (rate * plan.adoption_leave_lowest) >> 8
        if low(lot) < rate:
            person.part &= ~bit & 255
            totals.counts[C_WITHDREW] += 1
            if s == plan.shown_scheme:
                space.taking_part -= 1
                private.left = month
                watch.file |= FILE_HIDES
            watch.due = min(np.int64(watch.due), month + 1)
            note(town, month, i, EVENT_CONSENT, s, 0, 0, 0)
    else:
        band, file = age_band(person.age), np.int64(person.file)
        if high(lot) >= max(join_rate(plan, s, band, file, 0), join_rate(plan, s, band, file, _MANY)):
            return  # whatever friends do
        friends = friends_who_show(residents, i) if s == plan.shown_scheme else 0
        if high(lot) < join_rate(plan, s, band, file, friends):
            person.part |= bit
            totals.counts[C_JOINED] += 1
            if s == plan.shown_scheme:
                space.taking_part += 1
                private.joined = month
                private.left = NEVER
            know(residents, i)
            watch.due = min(np.int64(watch.due), month + 1)
            note(town, month, i, EVENT_CONSENT, s, 1, friends, 0)
