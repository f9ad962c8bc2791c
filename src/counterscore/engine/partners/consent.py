# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Joining a rule book that asks for consent, and leaving it.

Claims: adults join at a monthly rate that depends on age and credit file, on what the perks are worth in yuan a
year, and on the friends who show their score; they leave at a rate that is higher in the lowest grade. Whether a
month holds the luck to join is the resident's own; the rule book only moves the border. With responses switched
off nobody joins or leaves.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import COUNTER, EVENT_CONSENT, NEVER
from counterscore.engine.partners.knowing import _MANY, know, tie_to
from counterscore.engine.steps.attempts import age_band
from counterscore.engine.steps.papers import note

P_JOIN, P_WITHDRAW = int(Purpose.JOIN), int(Purpose.WITHDRAW)
C_PART, C_JOINED, C_WITHDREW = COUNTER["taking_part"], COUNTER["joined"], COUNTER["withdrew"]


@kernel
def friends_who_show(S, H, Q, i):
    """How many of the resident's friends show their score."""
    shown = 0
    for k in range(_MANY):
        j = tie_to(S, H, Q, i, k)
        if j >= 0 and Q[j].shows:
            shown += 1
    return shown


@kernel
def join_rate(P, S, s, i, friends):
    """The monthly rate of joining scheme ``s``, Q32."""
    rate = (P.scheme_join[s] * P.adoption_age[age_band(S[i].age)]) >> 8
    rate = (rate * P.adoption_file[S[i].file]) >> 8
    rate = (rate * P.scheme_perks[s]) >> 8
    return (rate * (256 + P.adoption_friend * friends)) >> 8


@kernel
def ask(P, S, H, Q, T, E, X, i, month):
    """Whether the resident joins or leaves this month; it shows from the next month on."""
    for s in range(P.schemes):
        if P.scheme_asks[s] == 0:
            continue
        bit = 1 << s
        if S[i].part & bit:
            rate = P.adoption_leave
            if S[i].grade[s] == P.scheme_grades[s] - 1:
                rate = (rate * P.adoption_leave_lowest) >> 8
            if P.responses and high(mix(word(X.keys[P_WITHDRAW], X.first + i) ^ P.scheme_hash[s])) < rate:
                S[i].part &= ~bit & 255
                T.counts[C_WITHDREW] += 1
                if s == P.shown_scheme:
                    Q[i].left = month
                H[i].due = min(np.int64(H[i].due), month + 1)
                note(X, E, month, i, EVENT_CONSENT, s, 0, 0, 0)
        elif P.responses:
            lot = high(mix(word(X.keys[P_JOIN], X.first + i) ^ P.scheme_hash[s]))
            if lot >= max(join_rate(P, S, s, i, 0), join_rate(P, S, s, i, _MANY)):
                continue  # whatever friends do
            friends = friends_who_show(S, H, Q, i) if s == P.shown_scheme else 0
            if lot < join_rate(P, S, s, i, friends):
                S[i].part |= bit
                T.counts[C_JOINED] += 1
                if s == P.shown_scheme:
                    Q[i].joined = month
                    Q[i].left = NEVER
                know(P, S, H, Q, i)
                H[i].due = min(np.int64(H[i].due), month + 1)
                note(X, E, month, i, EVENT_CONSENT, s, 1, friends, 0)
        if s == P.shown_scheme and S[i].part & bit:
            T.counts[C_PART] += 1
