"""Closing, and opening again under a new name.

Claims: a representative whose firm has closed may open another. That takes a business licence, which a closed
door refuses. Unless the rule book follows the representative, records and lists stay with the old name; what
they hold against the representative goes on until it would have ended. A rule may know the representative
again (``set-up-after-worst-grade``, ``set-up-after-listing``).
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    BAR,
    COUNTER,
    EMPLOYED,
    EVENT_FIRM,
    EVENT_WORK,
    FIRM_CLOSED,
    FIRM_COUNTER,
    FIRM_FAILED,
    FIRM_REFUSED,
    FIRM_REOPENED,
    FLAG_SECOND,
    FLAG_TROUBLE,
    LEFT_BEHIND,
    MONEY_TOP,
    NEVER,
    RECORD,
    UNEMPLOYED,
)
from counterscore.engine.plan import ACT_INDEX, SERVICE_INDEX
from counterscore.engine.steps.attempts import attempt
from counterscore.engine.steps.circumstances import do
from counterscore.engine.steps.papers import drop_paper, note
from counterscore.engine.steps.scoring import grade_of

P_CLOSING, P_OPENING = int(Purpose.FIRM_CLOSING), int(Purpose.FIRM_OPENING)
LICENCE = SERVICE_INDEX["business-licence"]
AFTER_WORST, AFTER_LISTING = ACT_INDEX["set-up-after-worst-grade"], ACT_INDEX["set-up-after-listing"]
C_JOB_LOSSES = COUNTER["job_losses"]
N_CLOSED, N_FAILED, N_REOPENED, N_REFUSED, N_ESCAPED, N_JOBS = (
    FIRM_COUNTER[name] for name in ("closed", "failed", "reopened", "reopening_refused", "escaped", "jobs_closed")
)


@kernel
def lent(P, doors):
    """Doors of this plan that stop somebody else, in the numbers of the other's plan."""
    out = np.int64(0)
    for k in range(P.lends):
        if doors & (np.int64(1) << P.lend_from[k]):
            out |= np.int64(1) << P.lend_to[k]
    return out


@kernel
def starting_cash(P, X, G, i):
    """Money a firm opens with: between nothing and twice the usual reserve, by its own draw."""
    lot = low(word(X.keys[P_OPENING], X.first + i)) >> 16
    return min(MONEY_TOP, (np.int64(G[i].turnover) * P.firms_reserve * 2 * lot) >> 24)


@kernel
def closing(P, S, E, X, G, W, R, K, TR, ER, XR, i, month):
    """Whether the firm closes this month, because of what it owes or for another reason."""
    lots = word(X.keys[P_CLOSING], X.first + i)
    much = np.int64(G[i].owed) << 8 >= np.int64(G[i].turnover) * P.firms_fail_after
    failed = much and high(lots) < P.firms_fail
    if not failed and low(lots) >= P.firms_close:
        return
    G[i].closed_in = month
    X.tally[N_CLOSED] += 1
    if failed:
        G[i].failed = min(255, np.int64(G[i].failed) + 1)
        X.tally[N_FAILED] += 1
    note(X, E, month, i, EVENT_FIRM, FIRM_FAILED if failed else FIRM_CLOSED, G[i].name, 0, 0)
    for at in range(G[i].staff_from, G[i].staff_to):
        j = W[at].resident
        if R[j].work == EMPLOYED:
            R[j].work = UNEMPLOYED
            if R[j].job_losses < 255:
                R[j].job_losses += 1
            TR.counts[C_JOB_LOSSES] += 1
            X.tally[N_JOBS] += 1
            K[j].flag |= FLAG_TROUBLE | FLAG_SECOND
            note(XR, ER, month, j, EVENT_WORK, UNEMPLOYED, 2, 0, 0)


@kernel
def opening(P, S, H, F, Y, E, X, G, Q, R, K, TR, ER, XR, i, month, n):
    """The representative of a closed firm may open another; returns the pile's height, -1 while closed."""
    person = X.first + i
    if G[i].closed_in == month or high(word(X.keys[P_OPENING], person)) >= P.firms_reopen:
        return -1
    h = G[i].head
    luck = again(word(X.keys[P_OPENING], person), 1)
    doors = R[h].doors & Q.doors_self
    if not attempt(Q, R, K, TR, ER, XR, h, month, LICENCE, doors, luck):
        X.tally[N_REFUSED] += 1
        note(X, E, month, i, EVENT_FIRM, FIRM_REFUSED, G[i].name, 0, 0)
        return -1
    worst = False
    for s in range(P.schemes):
        worst = worst or (P.scheme_grades[s] > 1 and S[i].grade[s] == P.scheme_grades[s] - 1)
    listed = S[i].lists & P.lists_adverse != 0
    escaped = _leave_behind(P, S, H, F, Y, X, G, i, month)
    if escaped:
        G[i].escaped = min(255, np.int64(G[i].escaped) + 1)
        X.tally[N_ESCAPED] += 1
    X.tally[N_REOPENED] += 1
    G[i].name = min(255, np.int64(G[i].name) + 1)
    G[i].closed_in = NEVER
    G[i].age = 0
    G[i].tax_clean = 0
    G[i].owed = 0
    G[i].wages_owed = 0
    G[i].loan = 0
    G[i].unpaid = 0
    G[i].bills = 0
    G[i].taxes = 0
    G[i].unwilling = 0
    G[i].disclosure = 0
    G[i].cash = starting_cash(P, X, G, i)
    S[i].arrears = 0
    S[i].judged = 0
    H[i].due = month
    note(X, E, month, i, EVENT_FIRM, FIRM_REOPENED, G[i].name, escaped, 0)
    if worst:
        n = do(X, n, AFTER_WORST, True, layout.TRUE)
    if listed:
        n = do(X, n, AFTER_LISTING, True, layout.TRUE)
    return n


@kernel
def _leave_behind(P, S, H, F, Y, X, G, i, month):
    """Take out of the file what does not follow the representative; returns whether something adverse was left."""
    held = lent(P, S[i].doors)
    escaped = False
    until = np.int64(0)
    before = np.int64(-1)
    p = np.int64(S[i].head)
    while p >= 0:
        after = np.int64(F[p].next)
        what = np.int64(F[p].what)
        record = F[p].kind == RECORD
        bar = F[p].kind == BAR
        l = P.door_behind[what] if bar else what
        if (P.row_follows[what] if record else P.list_follows[l]) == 0:
            doors = P.row_doors[what] if record else np.int64(1) << what if bar else P.list_doors[what]
            if lent(P, doors) != 0 and F[p].until > month:
                until = max(until, np.int64(F[p].until))
            if record:
                escaped = escaped or (F[p].points < 0 and F[p].until > month)
            elif not bar:
                escaped = escaped or P.lists_adverse & (np.int64(1) << what) != 0
                S[i].lists &= ~(1 << what) & 0xFFFF
                Y[(month - np.int64(F[p].month)) * layout.MAX_LISTS + what].left[LEFT_BEHIND] += 1
            drop_paper(X, F, S, H, i, before, p)
        else:
            before = p
        p = after
    for s in range(P.schemes):
        if P.scheme_follows[s] == 0:
            S[i].absorbed[s] = 0
            S[i].score[s] = P.scheme_start[s]
            S[i].grade[s] = grade_of(P, s, P.scheme_start[s])
    if until > month:
        G[i].past = held if G[i].past_until <= month else held | G[i].past
        G[i].past_until = max(np.int64(G[i].past_until), until)
    return escaped
