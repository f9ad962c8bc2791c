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
from counterscore.engine.layout import (
    COUNTER,
    EVENT_DEBT,
    EVENT_LOAN,
    FLAG_UNWILLING,
    NEVER,
    NO_GRADE,
    RECORD,
    TOP8,
    Debt,
)
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.sharing import find_moves, reaches

P_LOAN = int(Purpose.LOAN)
C_ASKED, C_REFUSED, C_GOOD, C_BAD, C_DEFAULTED = (
    COUNTER[name] for name in ("loans_asked", "loans_refused", "loans_good_refused", "loans_bad", "loans_defaulted")
)
NO_BORDER = -(1 << 40)
_NO_FILE, _THIN = 0, 1


@kernel
def judged_bad(town, i, month, luck):
    """Whether the lender refuses the resident on what it sees."""
    plan, person, papers = town.plan, town.people[i], town.papers
    file = np.int64(person.file)
    find_moves(town, i)
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == RECORD and month < paper.until and plan.row_lends[paper.what] >> file & 1:
            if reaches(town, i, np.int64(paper.what), plan.lend_body, np.int64(paper.month), month):
                return True
        p = np.int64(paper.next)
    scored = plan.lend_border[file] != NO_BORDER and person.grade[plan.lend_scheme] != NO_GRADE
    if scored and person.score[plan.lend_scheme] < plan.lend_border[file]:
        return True
    return low(luck) < plan.lend_share[file]


@kernel
def would_default(town, i):
    """Whether a loan asked for this month would go bad: the resident's own luck and traits, no rule."""
    plan, person, space = town.plan, town.people[i], town.space
    careless = 256 + ((plan.conduct_conscientiousness * (128 - np.int64(person.conscientiousness))) >> 7)
    poor = 256 + ((plan.lending_means * max(0, 8 - np.int64(person.means))) >> 3)
    rate = (((plan.lending_default * max(0, careless)) >> 8) * poor) >> 8
    return high(word(space.keys[P_LOAN], space.first + i)) < rate


@kernel
def request(town, i, month, granted):
    """Count a request for a loan and, where it is granted, let the loan take its course."""
    plan, person = town.plan, town.people[i]
    watch, totals = town.watch[i], town.totals
    bad = would_default(town, i)
    totals.counts[C_ASKED] += 1
    if person.loans_asked < TOP8:
        person.loans_asked += 1
    note(town, month, i, EVENT_LOAN, granted, bad, person.file, 0)
    if not granted:
        totals.counts[C_REFUSED] += 1
        if person.loans_refused < TOP8:
            person.loans_refused += 1
        if not bad:
            totals.counts[C_GOOD] += 1
            if person.loans_good_refused < TOP8:
                person.loans_good_refused += 1
        return
    if bad:
        totals.counts[C_BAD] += 1
        if person.loans_bad < TOP8:
            person.loans_bad += 1
    if not plan.responses:
        return
    if person.file == _NO_FILE:
        person.file = _THIN
    if bad and person.stops == NEVER:
        person.stops = min(NEVER - 1, month + plan.lending_bad_after)
        watch.due = min(np.int64(watch.due), np.int64(person.stops))


@kernel
def go_bad(town, i, month):
    """A loan that was granted stops being repaid this month."""
    person, watch, totals = town.people[i], town.watch[i], town.totals
    person.stops = NEVER
    if person.loan > 0 and person.arrears == 0 and person.judged == 0:
        person.arrears = 1
        watch.flag |= FLAG_UNWILLING  # unwilling: does not catch up by itself this month
        totals.counts[C_DEFAULTED] += 1
        note(town, month, i, EVENT_DEBT, Debt.ARREARS, person.loan, 0, 0)
