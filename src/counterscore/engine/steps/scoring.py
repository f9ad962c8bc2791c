"""Step 4. Each scheme adds up the records that count, and reads the grade off the score.

Score = clamp(start + records that count, floor, ceiling): it depends on the set of records only, never on
their order. Beside it two sums are kept that no rule reads: without untrue records, and without any
wrong ones; from them a listing can be told to be wrong in fact or by the regime's own rule.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    AFTER_EXPIRY,
    CLAIMED,
    CORRECTED,
    COUNTER,
    EVENT_END,
    EVENT_SCORE,
    NEVER,
    NOT_HAPPENED,
    RECORD,
    SOMEONE_ELSES,
    STAY,
    TRUE,
)
from counterscore.engine.steps.papers import drop_paper, note

P_AFTER_EXPIRY = int(Purpose.AFTER_EXPIRY)
C_OVERDUE = COUNTER["overdue_records"]


@kernel
def end_records(P, S, H, F, T, E, X, i, month):
    """Drop records that were taken back or have ended; some go on counting after their end (an error)."""
    a = P
    before = np.int64(-1)
    p = np.int64(S[i].head)
    while p >= 0:
        after = np.int64(F[p].next)
        gone = False
        if F[p].kind == RECORD:
            r = F[p].what
            if F[p].state == CORRECTED:
                gone = True
                note(X, E, month, i, EVENT_END, r, F[p].truth, 1, F[p].points)
                _release_stays(P, F, S, H, i, r, F[p].month)
            elif month == F[p].until and F[p].truth != AFTER_EXPIRY and a.errors:
                person = np.uint64(X.first + i)
                luck = high(mix(word(X.keys[P_AFTER_EXPIRY], person) ^ P.row_hash[r]))
                if luck < a.errors_after_expiry:
                    F[p].truth = AFTER_EXPIRY
                    F[p].until = min(NEVER, month + a.errors_after_expiry_months)
                    if S[i].rule_wrong_records < 255:
                        S[i].rule_wrong_records += 1
                    T.counts[C_OVERDUE] += 1
            if not gone and month >= F[p].until and month >= F[p].month + P.row_window[r]:
                gone = True
                note(X, E, month, i, EVENT_END, r, F[p].truth, 0, F[p].points)
            elif (
                not gone
                and F[p].until == NEVER
                and F[p].truth == TRUE
                and P.row_kept[r] == 0
                and month >= F[p].month + a.absorb_after
                and F[p].decide == NEVER
            ):
                if P.row_scheme[r] >= 0:
                    S[i].absorbed[P.row_scheme[r]] += F[p].points
                gone = True
        if gone:
            drop_paper(X, F, S, H, i, before, p)
        else:
            before = p
        p = after


@kernel
def _release_stays(P, F, S, H, i, row, made):
    """Stays entered through a record that was taken back end now; ``made`` is the record's month."""
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == STAY and F[p].cause == row and F[p].month >= made and F[p].decide == made:
            if P.list_corrected[F[p].what]:
                F[p].state = CORRECTED
        p = np.int64(F[p].next)


@kernel
def scoring(P, S, H, F, T, E, X, i, month):
    """Compute sums, published scores and grades, and which rows have a record that counts."""
    a = P
    for s in range(a.schemes):
        for k in range(3):
            X.sums[s, k] = P.scheme_start[s] + S[i].absorbed[s]
        X.caps[s] = 0
    X.person[3] = 0
    glitch = a.errors != 0 and month == a.errors_glitch_month
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == RECORD and month < F[p].until:
            r = F[p].what
            s = P.row_scheme[r]
            X.person[3] |= P.row_doors[r]
            if s < 0:
                p = np.int64(F[p].next)
                continue
            truth = F[p].truth
            points = np.int64(F[p].points)
            if glitch and P.row_glitch[r]:
                points = np.int64(0)
            X.sums[s, 0] += points
            if truth != NOT_HAPPENED and truth != SOMEONE_ELSES:
                X.sums[s, 1] += points
            if truth == TRUE or truth == CLAIMED:
                X.sums[s, 2] += points
            if P.row_cap[r] != 0 and month < F[p].month + P.row_cap_lasts[r]:
                X.caps[s] = max(X.caps[s], P.row_cap[r])
        p = np.int64(F[p].next)
    for s in range(a.schemes):
        if P.scheme_grades[s] == 0 or month % P.scheme_update[s] != 0:
            continue
        score = min(P.scheme_ceiling[s], max(P.scheme_floor[s], X.sums[s, 0]))
        if score != S[i].score[s]:
            note(X, E, month, i, EVENT_SCORE, s, S[i].score[s], score, 0)
        S[i].score[s] = score
        S[i].grade[s] = max(grade_of(P, s, score), X.caps[s])


@kernel
def grade_of(P, s, score):
    """Index of the band that holds ``score``, 0 the best."""
    for g in range(P.scheme_grades[s]):
        if score >= P.grade_floor[s, g]:
            return g
    return P.scheme_grades[s] - 1
