"""Step 8. Notice, appeal, decision, repair, with their clocks and uptake.

Claims: who learns of a record may object, and knows of the rule book where its notice says so; objections against wrong records are likelier, and likelier to
succeed; a decision takes as long as the regime allows. A listed resident whose conduct is corrected may ask
for repair once the shortest time has passed.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    CLAIMED,
    CORRECTED,
    COUNTER,
    EVENT_APPEAL,
    EVENT_DECISION,
    EVENT_KNOWS,
    EVENT_NOTICE,
    EVENT_REPAIR,
    FILE_DECIDED,
    FILE_NEWS,
    KNOWS_BY_NOTICE,
    NEVER,
    NORMAL,
    RECORD,
    REPAIRED,
    STAY,
    TRUE,
)
from counterscore.engine.steps.papers import note, note_more

P_NOTICE, P_APPEAL, P_DECISION, P_REPAIR = (
    int(Purpose.NOTICE),
    int(Purpose.APPEAL),
    int(Purpose.DECISION),
    int(Purpose.REPAIR),
)
C_NOTICED, C_APPEALS, C_WON, C_REPAIRS, C_MINUTES = (
    COUNTER[name] for name in ("noticed", "appeals", "appeals_won", "repairs", "staff_minutes")
)


@kernel
def rights(P, S, H, F, T, E, X, i, month):
    """Go through the resident's file: new records, decisions due, stays that may be repaired."""
    a = P
    person = np.uint64(X.first + i)
    entered = H[i].flag & 16 != 0
    repairable = S[i].lists != 0 and S[i].arrears == 0 and S[i].judged == 0 and H[i].aware <= month
    repairable = repairable and _lucky(P, S, X, i, person)
    whole = H[i].file & FILE_DECIDED != 0 or entered or repairable
    if H[i].file & FILE_NEWS == 0 and not whole:
        return
    p = np.int64(S[i].head)
    while p >= 0 and (whole or F[p].month == month):
        if F[p].kind == RECORD:
            r = F[p].what
            address = P.row_hash[r] ^ np.uint64(F[p].month)
            if F[p].decide == month and F[p].state == NORMAL:
                _decide(P, S, H, F, T, E, X, i, month, p, person, address)
            elif F[p].points <= 0 and F[p].decide == NEVER and F[p].state == NORMAL:
                told = False
                if F[p].month == month:
                    told = high(mix(word(X.keys[P_NOTICE], person) ^ address)) < P.row_notice[r]
                    if told:
                        T.counts[C_NOTICED] += 1
                        note(X, E, month, i, EVENT_NOTICE, r, F[p].truth, 0, 0)
                        note_more(X, E, F[p].month)
                        if P.row_informs[r]:
                            learn(H, E, X, i, month + 1, month, KNOWS_BY_NOTICE, 0)
                if told or (entered and P.row_lists[r] and F[p].month <= month):
                    _appeal(P, S, H, F, T, E, X, i, month, p, person, address)
        elif F[p].kind == STAY and F[p].state == NORMAL and repairable:
            l = F[p].what
            if month >= F[p].month + P.list_repair_after[l]:
                luck = high(mix(word(X.keys[P_REPAIR], person) ^ P.list_hash[l]))
                if luck < a.rights_repair:
                    F[p].state = REPAIRED
                    H[i].due = month + 1
                    T.counts[C_REPAIRS] += 1
                    T.counts[C_MINUTES] += a.rights_minutes_repair
                    note(X, E, month, i, EVENT_REPAIR, l, 0, 0, 0)
                    note_more(X, E, F[p].month)
        p = np.int64(F[p].next)


@kernel
def _lucky(P, S, X, i, person):
    """Whether a repair would be granted on any list, if its shortest time has passed; the file is not read for that."""
    luck = word(X.keys[P_REPAIR], person)
    lists = np.int64(S[i].lists)
    lucky = False
    for l in range(P.lists):
        lucky = lucky or (lists >> l & 1 != 0 and high(mix(luck ^ P.list_hash[l])) < P.rights_repair)
    return lucky


@kernel
def _appeal(P, S, H, F, T, E, X, i, month, p, person, address):
    """Whether the resident objects to a record just learnt of."""
    a = P
    clock = P.row_appeal[F[p].what]
    if clock == NEVER:
        return
    wrong = F[p].truth != TRUE and F[p].truth != CLAIMED
    uptake = a.rights_appeal_wrong if wrong else a.rights_appeal_right
    if high(mix(word(X.keys[P_APPEAL], person) ^ address)) >= uptake:
        return
    F[p].decide = month + max(1, clock)
    H[i].due = min(np.int64(H[i].due), month + max(1, clock))
    if S[i].appeals < 255:
        S[i].appeals += 1
    T.counts[C_APPEALS] += 1
    T.counts[C_MINUTES] += a.rights_minutes_appeal
    note(X, E, month, i, EVENT_APPEAL, F[p].what, F[p].truth, F[p].decide, 0)
    note_more(X, E, F[p].month)


@kernel
def _decide(P, S, H, F, T, E, X, i, month, p, person, address):
    """The decision on an objection: a record taken back stops counting from next month."""
    a = P
    wrong = F[p].truth != TRUE and F[p].truth != CLAIMED
    chance = P.row_won_wrong[F[p].what] if wrong else a.rights_won_right
    won = high(mix(word(X.keys[P_DECISION], person) ^ address)) < chance
    if won:
        F[p].state = CORRECTED
        H[i].due = month + 1
        if S[i].appeals_won < 255:
            S[i].appeals_won += 1
        T.counts[C_WON] += 1
    note(X, E, month, i, EVENT_DECISION, F[p].what, F[p].truth, won, 0)
    note_more(X, E, F[p].month)


@kernel
def learn(H, E, X, i, since, month, how, friend):
    """From month ``since`` on resident ``i`` knows of the regime, unless it was known before."""
    if since < H[i].aware:
        H[i].aware = since
        note(X, E, month, i, EVENT_KNOWS, how, friend, since, 0)
