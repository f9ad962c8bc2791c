"""Step 7. Needs meet doors: served, served first, delayed, refused; and what that does to the resident.

Claims: a closed door refuses every attempt, a narrowed one a share; slowed and opened doors multiply the
wait, and some save the resident a sum at each attempt served. Apart from any regime, some attempts are refused for other reasons (a loan by credit file). A served
loan adds debt or ends arrears; a served job ends unemployment; closed travel costs some of the employed
their work. With responses switched off refusals are counted and nothing follows from them.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    CLOSED,
    COUNTER,
    EMPLOYED,
    EVENT_ATTEMPT,
    EVENT_PERK,
    EVENT_WORK,
    GREEN,
    HAS_CHILD,
    HELD_UP,
    NARROWED,
    OPENED,
    PLAIN,
    SLOWED,
    UNEMPLOYED,
)
from counterscore.engine.plan import SERVICE_INDEX
from counterscore.engine.steps.doors import in_force
from counterscore.engine.steps.lending import judged_bad, request
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import kin_of
from counterscore.engine.steps.spillover import count_doors

P_SERVICE, P_JOB, P_MOBILITY = int(Purpose.SERVICE), int(Purpose.JOB), int(Purpose.MOBILITY)
LOAN, JOB, FLIGHT, RAIL, SCHOOL = (
    SERVICE_INDEX[name] for name in ("loan", "job", "flight", "high-speed-rail", "school-place")
)
C_ATTEMPTS, C_REFUSED, C_ELSE, C_WAITED = (COUNTER[name] for name in ("attempts", "refused", "refused_else", "waited"))
C_GREEN, C_GREEN_WAITED, C_PLAIN, C_PLAIN_WAITED = (
    COUNTER[name] for name in ("green_attempts", "green_waited", "plain_attempts", "plain_waited")
)
C_PERKS = COUNTER["perks"]
C_LISTED_ATTEMPTS, C_LISTED_REFUSED = COUNTER["listed_attempts"], COUNTER["listed_refused"]
C_JOB_LOSSES, C_DOOR_JOB_LOSSES = COUNTER["job_losses"], COUNTER["door_job_losses"]


@kernel
def needed_service(P, S, H, X, i, lane):
    """Which service the month's need is for; the lane has named the resident a candidate. -1 for none."""
    band = age_band(S[i].age)
    word_ = word(X.keys[P_SERVICE], X.first + i)
    x = (high(word_) * np.int64(H[i].need)) >> 16
    if x >= P.need_total[band]:
        return -1
    k = np.int64(P.need_first[band, x >> P.need_shift[band]])
    while x >= P.need_cumulated[band, k]:
        k += 1
    s = P.need_services[k]
    if s == SCHOOL and S[i].traits & HAS_CHILD == 0:
        return -1
    return s


@kernel
def age_band(age):
    """0 minors, 1 up to 29, 2 up to 44, 3 up to 59, 4 older."""
    return np.int64(age >= 18) + np.int64(age >= 30) + np.int64(age >= 45) + np.int64(age >= 60)


@kernel
def attempt(P, S, H, T, E, X, i, month, s, doors, luck):
    """One attempt at service ``s``; returns whether it was served."""
    otherwise = low(luck) < P.service_refusal[s, S[i].file]
    return attempt_judged(P, S, H, T, E, X, i, month, s, doors, luck, otherwise)


@kernel
def attempt_judged(P, S, H, T, E, X, i, month, s, doors, luck, otherwise):
    """One attempt, which is refused ``otherwise`` where no door refuses it."""
    if S[i].attempts < 65535:
        S[i].attempts += 1
    T.counts[C_ATTEMPTS] += 1
    listed = S[i].lists & P.lists_adverse != 0
    T.counts[C_LISTED_ATTEMPTS] += listed
    wait = P.service_wait[s]
    standing = PLAIN
    refused = False
    saved = np.int64(0)
    if doors != 0:
        for at in range(P.service_start[s], P.service_start[s + 1]):
            d = P.service_doors[at]
            if doors & (np.int64(1) << d) == 0:
                continue
            effect = P.door_effect[d]
            if effect == CLOSED:
                refused = True
            elif effect == NARROWED:
                refused = refused or high(again(luck, s)) < P.door_share[d]
            elif effect == SLOWED:
                wait = (wait * P.door_times[d]) >> 8
                standing = HELD_UP
            elif effect == OPENED:
                wait = (wait * P.door_times[d]) >> 8
                standing = GREEN if standing == PLAIN else standing
            saved = max(saved, P.door_saves[d])
    if refused:
        if S[i].refused < 65535:
            S[i].refused += 1
        T.counts[C_REFUSED] += 1
        T.counts[C_LISTED_REFUSED] += listed
        T.services[s, HELD_UP, 0] += 1
        T.services[s, HELD_UP, 1] += 1
        note(X, E, month, i, EVENT_ATTEMPT, s, 1, 0, 0)
        return False
    T.services[s, standing, 0] += 1
    if otherwise:
        if S[i].refused_else < 65535:
            S[i].refused_else += 1
        T.counts[C_ELSE] += 1
        T.services[s, standing, 2] += 1
        note(X, E, month, i, EVENT_ATTEMPT, s, 2, 0, 0)
        return False
    T.services[s, standing, 3] += wait
    T.counts[C_WAITED] += wait
    S[i].waited = min(65535, np.int64(S[i].waited) + wait)
    if P.service_opened[s]:
        if standing == GREEN:
            T.counts[C_GREEN] += 1
            T.counts[C_GREEN_WAITED] += wait
        elif standing == PLAIN:
            T.counts[C_PLAIN] += 1
            T.counts[C_PLAIN_WAITED] += wait
    note(X, E, month, i, EVENT_ATTEMPT, s, 0, wait, standing)
    if saved > 0:
        X.saved += saved
        T.counts[C_PERKS] += saved
        note(X, E, month, i, EVENT_PERK, s, saved, 0, 0)
    return True


@kernel
def attempts(P, S, H, F, T, E, X, i, month, candidate):
    """The month's needs of one resident, and what closed doors do to circumstances."""
    a = P
    doors = in_force(P, S, H, i, kin_of(S, H, i))
    if candidate:
        s = needed_service(P, S, H, X, i, 0)
        if s >= 0 and s != JOB:
            luck = again(word(X.keys[P_SERVICE], X.first + i), 1)
            if s == LOAN and P.lending:
                bad = judged_bad(P, S, F, X, i, month, luck)
                served = attempt_judged(P, S, H, T, E, X, i, month, s, doors, luck, bad)
                request(P, S, H, T, E, X, i, month, served)
            else:
                served = attempt(P, S, H, T, E, X, i, month, s, doors, luck)
            if a.responses and served and s == LOAN and S[i].judged == 0:
                if S[i].arrears == 0:
                    S[i].loan = min(65535, np.int64(S[i].loan) + a.circumstances_loan_size)
                else:
                    S[i].arrears = 0  # refinanced
    if S[i].work == UNEMPLOYED:
        luck = word(X.keys[P_JOB], X.first + i)
        if high(luck) < a.circumstances_job_found:
            hired = attempt(P, S, H, T, E, X, i, month, JOB, doors, again(luck, 1))
            if hired or not a.responses:
                S[i].work = EMPLOYED
                note(X, E, month, i, EVENT_WORK, EMPLOYED, 0, 0, 0)
    elif a.responses and S[i].work == EMPLOYED and doors & (P.service_closed[FLIGHT] | P.service_closed[RAIL]):
        if high(word(X.keys[P_MOBILITY], X.first + i)) < a.circumstances_mobility_job_loss:
            S[i].work = UNEMPLOYED
            if S[i].job_losses < 255:
                S[i].job_losses += 1
            if S[i].door_job_losses < 255:
                S[i].door_job_losses += 1
            T.counts[C_JOB_LOSSES] += 1
            T.counts[C_DOOR_JOB_LOSSES] += 1
            note(X, E, month, i, EVENT_WORK, UNEMPLOYED, 1, 0, 0)
    if doors & P.doors_hinder:
        count_doors(P, S, H, F, T, X, i, month, doors)
