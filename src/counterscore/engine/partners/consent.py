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
from counterscore.engine.layout import COUNTER, EVENT_CONSENT, FILE_HIDES, FILE_SHOWN, NEVER
from counterscore.engine.partners.knowing import _MANY, know, tie_to
from counterscore.engine.steps.attempts import age_band
from counterscore.engine.steps.papers import note

P_CONSENT = int(Purpose.CONSENT)
C_JOINED, C_WITHDREW = COUNTER["joined"], COUNTER["withdrew"]
_BANDS, _FILES = 5, 3


@kernel
def friends_who_show(S, H, Q, i):
    """How many of the resident's friends show their score."""
    shown = 0
    for k in range(_MANY):
        j = tie_to(S, H, Q, i, k)
        if j >= 0 and H[j].file & FILE_SHOWN:
            shown += 1
    return shown


@kernel
def join_rate(P, s, band, file, friends):
    """The monthly rate of joining scheme ``s``, Q32."""
    rate = (P.scheme_join[s] * P.adoption_age[band]) >> 8
    rate = (rate * P.adoption_file[file]) >> 8
    rate = (rate * P.scheme_perks[s]) >> 8
    return (rate * (256 + P.adoption_friend * friends)) >> 8


@kernel
def who_may_ask(P, X, s, first, end):
    """Write down whose draws may bring consent to scheme ``s``, or take it back; returns how many."""
    joins = np.int64(0)
    for band in range(_BANDS):
        for file in range(_FILES):
            joins = max(joins, join_rate(P, s, band, file, 0), join_rate(P, s, band, file, _MANY))
    leaves = max(P.adoption_leave, (P.adoption_leave * P.adoption_leave_lowest) >> 8)
    key = X.keys[P_CONSENT] + GAMMA * np.uint64(X.first)
    found = 0
    for i in range(first, end):
        lot = mix(word(key, i) ^ P.scheme_hash[s])
        X.chosen[found] = i
        found += np.int64(high(lot) < joins) | np.int64(low(lot) < leaves)
    return found


@kernel
def ask(P, S, H, Q, K, T, E, X, s, i, month):
    """Whether the resident joins or leaves scheme ``s`` this month; it shows from the next month on."""
    if S[i].age < 18:
        return
    bit = 1 << s
    lot = mix(word(X.keys[P_CONSENT], X.first + i) ^ P.scheme_hash[s])
    if S[i].part & bit:
        rate = P.adoption_leave
        if s < P.schemes and S[i].grade[s] == P.scheme_grades[s] - 1:
            rate = (rate * P.adoption_leave_lowest) >> 8
        if low(lot) < rate:
            S[i].part &= ~bit & 255
            T.counts[C_WITHDREW] += 1
            if s == P.shown_scheme:
                X.taking_part -= 1
                Q[i].left = month
                H[i].file |= FILE_HIDES
            H[i].due = min(np.int64(H[i].due), month + 1)
            note(X, E, month, i, EVENT_CONSENT, s, 0, 0, 0)
    else:
        band, file = age_band(S[i].age), np.int64(S[i].file)
        if high(lot) >= max(join_rate(P, s, band, file, 0), join_rate(P, s, band, file, _MANY)):
            return  # whatever friends do
        friends = friends_who_show(S, H, Q, i) if s == P.shown_scheme else 0
        if high(lot) < join_rate(P, s, band, file, friends):
            S[i].part |= bit
            T.counts[C_JOINED] += 1
            if s == P.shown_scheme:
                X.taking_part += 1
                Q[i].joined = month
                Q[i].left = NEVER
            know(P, S, H, Q, K, i)
            H[i].due = min(np.int64(H[i].due), month + 1)
            note(X, E, month, i, EVENT_CONSENT, s, 1, friends, 0)
