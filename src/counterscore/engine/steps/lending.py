"""Within step 7: how a request for a loan is judged, and what becomes of the loan.

Claims: whether a loan would be repaid is a property of the resident and the month, whoever judges: it falls with
conscientiousness and with savings. A lender sees what the rule book lets it see (records, a score, nothing), so
it refuses some who would have repaid and grants some who will not. A loan that goes bad stops being repaid after
some months; a first loan makes a thin credit file.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import COUNTER, EVENT_DEBT, EVENT_LOAN, NEVER, NO_GRADE, RECORD
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.sharing import find_moves, reaches

P_LOAN = int(Purpose.LOAN)
C_ASKED, C_REFUSED, C_GOOD, C_BAD, C_DEFAULTED = (
    COUNTER[name] for name in ("loans_asked", "loans_refused", "loans_good_refused", "loans_bad", "loans_defaulted")
)
NO_BORDER = -(1 << 40)
_NO_FILE, _THIN = 0, 1


@kernel
def judged_bad(P, S, F, X, i, month, luck):
    """Whether the lender refuses the resident on what it sees."""
    file = np.int64(S[i].file)
    find_moves(S, F, X, i)
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == RECORD and month < F[p].until and P.row_lends[F[p].what] >> file & 1:
            if reaches(P, X, i, np.int64(F[p].what), P.lend_body, np.int64(F[p].month), month):
                return True
        p = np.int64(F[p].next)
    scored = P.lend_border[file] != NO_BORDER and S[i].grade[P.lend_scheme] != NO_GRADE
    if scored and S[i].score[P.lend_scheme] < P.lend_border[file]:
        return True
    return low(luck) < P.lend_share[file]


@kernel
def would_default(P, S, X, i):
    """Whether a loan asked for this month would go bad: the resident's own luck and traits, no rule."""
    careless = 256 + ((P.conduct_conscientiousness * (128 - np.int64(S[i].conscientiousness))) >> 7)
    poor = 256 + ((P.lending_means * max(0, 8 - np.int64(S[i].means))) >> 3)
    rate = (((P.lending_default * max(0, careless)) >> 8) * poor) >> 8
    return high(word(X.keys[P_LOAN], X.first + i)) < rate


@kernel
def request(P, S, H, T, E, X, i, month, granted):
    """Count a request for a loan and, where it is granted, let the loan take its course."""
    bad = would_default(P, S, X, i)
    T.counts[C_ASKED] += 1
    if S[i].loans_asked < 255:
        S[i].loans_asked += 1
    note(X, E, month, i, EVENT_LOAN, granted, bad, S[i].file, 0)
    if not granted:
        T.counts[C_REFUSED] += 1
        if S[i].loans_refused < 255:
            S[i].loans_refused += 1
        if not bad:
            T.counts[C_GOOD] += 1
            if S[i].loans_good_refused < 255:
                S[i].loans_good_refused += 1
        return
    if bad:
        T.counts[C_BAD] += 1
        if S[i].loans_bad < 255:
            S[i].loans_bad += 1
    if not P.responses:
        return
    if S[i].file == _NO_FILE:
        S[i].file = _THIN
    if bad and S[i].stops == NEVER:
        S[i].stops = min(NEVER - 1, month + P.lending_bad_after)
        H[i].due = min(np.int64(H[i].due), np.int64(S[i].stops))


@kernel
def go_bad(S, H, T, E, X, i, month):
    """A loan that was granted stops being repaid this month."""
    S[i].stops = NEVER
    if S[i].loan > 0 and S[i].arrears == 0 and S[i].judged == 0:
        S[i].arrears = 1
        H[i].flag |= 4  # unwilling: does not catch up by itself this month
        T.counts[C_DEFAULTED] += 1
        note(X, E, month, i, EVENT_DEBT, 1, S[i].loan, 0, 0)
