"""Step 4. Each scheme adds up the records that count, and reads the grade off the score.

Score = clamp(start + records that count, floor, ceiling), where the records of a component count together no
more than its limit, and further records of a row may count otherwise than the first: it depends on the set of
records only, never on their order. A weighted score adds up records by dimension, on top
of what is known of the resident; who does not take part in a rule book that asks for consent has no score and no
grade. A platform glitch shows a component as empty for a month. Beside the score two sums are kept that no rule reads: without untrue records, and without any
wrong ones; from them a listing can be told to be wrong in fact or by the regime's own rule.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    AFTER_EXPIRY,
    BAR,
    CLAIMED,
    CORRECTED,
    COUNTER,
    EVENT_END,
    EVENT_OVERDUE,
    EVENT_SCORE,
    FILE_SPECIAL,
    MAX_STEPS,
    NEVER,
    NO_GRADE,
    NOT_HAPPENED,
    RECORD,
    SCALE,
    SOMEONE_ELSES,
    STAY,
    TRUE,
    WAITING,
)
from counterscore.engine.steps.papers import drop_paper, note, note_more
from counterscore.engine.steps.sharing import arrival, doors_reached, reaches

P_AFTER_EXPIRY, P_GLITCH = int(Purpose.AFTER_EXPIRY), int(Purpose.GLITCH)
WAITS, DECIDES = 1, 2
C_OVERDUE = COUNTER["overdue_records"]


@kernel
def read_file(P, S, H, F, T, E, X, i, month):
    """Go through the whole file once: drop records that were taken back or have ended (some go on counting
    after their end, an error), add up those that count, and find out when the next of them falls due. Returns
    whether a period of grace runs, and whether an objection is decided this month (``WAITS``, ``DECIDES``).
    """
    a = P
    _clear(P, X)
    due = np.int64(NEVER)
    found = np.int64(0)
    before = np.int64(-1)
    p = np.int64(S[i].head)
    while p >= 0:
        after = np.int64(F[p].next)
        plain = F[p].kind == RECORD and P.row_plain[F[p].what] and month < F[p].until < NEVER
        if plain and F[p].state != CORRECTED and P.row_consent[F[p].what] & ~np.int64(S[i].part) == 0:
            _count_plain(P, F, X, p)
            due = min(due, np.int64(F[p].until))
            if F[p].decide > month:
                due = min(due, np.int64(F[p].decide))
            elif F[p].decide == month:
                found |= DECIDES
            before = p
            p = after
            continue
        gone = False
        if F[p].kind == RECORD:
            r = F[p].what
            if F[p].state == CORRECTED:
                gone = True
                counted = np.int64(F[p].points) if month <= F[p].until else np.int64(0)
                note(X, E, month, i, EVENT_END, r, F[p].truth, 1, counted)
                note_more(X, E, F[p].month)
                _release_stays(P, F, S, H, i, r, F[p].month)
            elif P.row_consent[r] & ~np.int64(S[i].part):
                gone = True  # whoever takes no part any more is forgotten
                counted = np.int64(F[p].points) if month <= F[p].until else np.int64(0)
                note(X, E, month, i, EVENT_END, r, F[p].truth, 1, counted)
                note_more(X, E, F[p].month)
            elif month == F[p].until and (
                (P.row_stays[r] and _stay_rests_on(F, S, i, r, F[p].month))
                or (month < F[p].month + P.row_while[r] and S[i].lists >> P.row_list[r] & 1)
            ):
                F[p].until = month + 1
            elif month == F[p].until and F[p].truth != AFTER_EXPIRY and a.errors:
                person = np.uint64(X.first + i)
                luck = high(mix(word(X.keys[P_AFTER_EXPIRY], person) ^ P.row_hash[r]))
                if luck < a.errors_after_expiry:
                    F[p].truth = AFTER_EXPIRY
                    F[p].until = min(NEVER, month + a.errors_after_expiry_months)
                    if S[i].rule_wrong_records < 255:
                        S[i].rule_wrong_records += 1
                    T.counts[C_OVERDUE] += 1
                    note(X, E, month, i, EVENT_OVERDUE, r, F[p].truth, F[p].until, F[p].points)
                    note_more(X, E, F[p].month)
            if not gone and month == F[p].until:
                note(X, E, month, i, EVENT_END, r, F[p].truth, 0, F[p].points)
                note_more(X, E, F[p].month)
            if not gone and month >= F[p].until and month >= F[p].month + P.row_window[r]:
                gone = True
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
            if F[p].kind == RECORD:
                _count(P, F, X, i, month, p)
                if F[p].decide == month:
                    found |= DECIDES
            elif F[p].kind == WAITING:
                found |= WAITS
            due = min(due, due_of(P, F, month, p))
            before = p
        p = after
    _add_base(P, S, X, i, month)
    X.person[6] = due
    return found


@kernel
def _stay_rests_on(F, S, i, row, made):
    """Whether the resident is on a list because of the record of ``row`` made in month ``made``."""
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == STAY and F[p].cause == row and F[p].decide == made:
            return True
        p = np.int64(F[p].next)
    return False


@kernel
def _release_stays(P, F, S, H, i, row, made):
    """Stays and bars that rest on a record that was taken back end now; ``made`` is the record's month."""
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind != RECORD and F[p].cause == row and F[p].month >= made and F[p].decide == made:
            if P.list_corrected[P.door_behind[F[p].what] if F[p].kind == BAR else F[p].what]:
                F[p].state = CORRECTED
        p = np.int64(F[p].next)


@kernel
def read_news(P, S, H, F, X, i, month):
    """Where nothing in the file falls due and this month's records are the only news: the sum of all records
    follows from the published score. Returns whether that is so; if not, the whole file has to be read.
    """
    if P.components or P.step_rows or P.sharing != 0:
        return False
    if H[i].due <= month or H[i].file & FILE_SPECIAL or S[i].lists != 0 or X.person[0] != 0:
        return False
    for s in range(P.schemes):
        X.sums[s, 0] = 0
        X.caps[s] = 0
        if S[i].part & (1 << s) == 0:
            continue
        score = np.int64(S[i].score[s])
        if P.scheme_update[s] == 1 and (score <= P.scheme_floor[s] or score >= P.scheme_ceiling[s]):
            return False
        X.sums[s, 0] = score + X.news[s]
    X.person[3] = 0
    due = np.int64(H[i].due)
    p = np.int64(S[i].head)
    while p >= 0 and F[p].month == month:  # the newest papers come first
        r = F[p].what
        if P.row_lists[r] or P.row_doors[r] or P.row_cap[r] or P.row_dimension[r] >= 0 or F[p].until <= month:
            return False
        if P.row_scheme[r] >= 0:
            X.sums[P.row_scheme[r], 0] += F[p].points
        due = min(due, due_of(P, F, month, p))
        p = np.int64(F[p].next)
    X.person[6] = due
    return True


@kernel
def due_of(P, F, month, p):
    """The next month in which paper ``p`` ends or something in it falls due, or ``NEVER``."""
    due = np.int64(NEVER)
    if F[p].until > month:
        due = np.int64(F[p].until)
    if F[p].kind == RECORD:
        r = F[p].what
        if F[p].decide > month:
            due = min(due, F[p].decide)
        window = F[p].month + P.row_window[r]
        if window > month and P.row_window[r] > 0:
            due = min(due, window)
        if P.row_cap[r] != 0 and F[p].month + P.row_cap_lasts[r] > month:
            due = min(due, F[p].month + P.row_cap_lasts[r])
        if F[p].until == NEVER and F[p].truth == TRUE and not P.row_kept[r]:
            due = min(due, max(month + 1, F[p].month + P.absorb_after))
        if P.sharing != 0:
            due = min(due, arrival(P, month, np.int64(r), np.int64(F[p].month)))
    elif F[p].kind == STAY and P.list_watch[F[p].what]:
        for g in range(P.ground_start[P.lists]):
            reached = F[p].month + P.ground_window[g]
            if P.ground_kind[g] == 4 and P.ground_row[g] == F[p].what and reached > month:
                due = min(due, reached)
    return due


@kernel
def add_up(P, S, H, F, X, i, month):
    """Compute the sums of all records that count, and which rows with doors of their own have one."""
    _clear(P, X)
    p = np.int64(S[i].head)
    while p >= 0:
        _count(P, F, X, i, month, p)
        p = np.int64(F[p].next)
    _add_base(P, S, X, i, month)


@kernel
def _clear(P, X):
    for s in range(P.schemes):
        for k in range(3):
            X.sums[s, k] = 0
        X.worst[s, 0] = 0
        X.caps[s] = 0
        for d in range(P.scheme_dimensions[s]):
            for k in range(3):
                X.values[s, d, k] = X.known[s, d]
    for c in range(P.components):
        for k in range(3):
            X.parts[c, k] = 0
    for w in range(P.step_rows):
        for k in range(3):
            X.steps[w, k] = 0
    X.person[3] = 0
    X.person[7] = 0


@kernel
def _add_base(P, S, X, i, month):
    for s in range(P.schemes):
        for k in range(3):
            if P.scheme_dimensions[s] > 0:
                X.sums[s, k] = weighted(P, X, s, k)
            else:
                X.sums[s, k] += P.scheme_start[s] + S[i].absorbed[s]
    if P.components:
        _add_components(P, X, i, month)


@kernel
def weighted(P, X, s, k):
    """The weighted score of scheme ``s``, rounded down, from the ``k``-th values of its dimensions."""
    total = np.int64(0)
    weights = np.int64(0)
    for d in range(P.scheme_dimensions[s]):
        value = min(100 * SCALE, max(0, X.values[s, d, k]))
        total += P.dimension_weight[s, d] * value
        weights += P.dimension_weight[s, d]
    span = (P.scheme_ceiling[s] - P.scheme_floor[s]) // SCALE
    return P.scheme_floor[s] + span * total // (100 * weights)


@kernel
def _count(P, F, X, i, month, p):
    """Add paper ``p`` to the sums, where it is a record that counts; a cap can last longer than the points."""
    if F[p].kind != RECORD:
        return
    r = F[p].what
    if month >= F[p].until:
        if P.row_cap[r] != 0 and P.row_cap_lasts[r] != NEVER:
            _cap(P, F, X, i, month, p)
        return
    if P.row_plain[r]:
        _count_plain(P, F, X, p)
        return
    s = P.row_scheme[r]
    if P.sharing == 0:
        X.person[3] |= P.row_doors[r]
    elif P.row_doors[r] != 0:
        X.person[3] |= doors_reached(P, X, i, np.int64(r), np.int64(F[p].month), month)
    if s < 0:
        return
    if P.sharing != 0 and not reaches(P, X, i, np.int64(r), P.scheme_body[s], np.int64(F[p].month), month):
        return
    truth = F[p].truth
    points = np.int64(F[p].points)
    if points < X.worst[s, 0]:
        X.worst[s, 0] = points
        X.worst[s, 1] = p
    d = P.row_dimension[r]
    part = P.row_component[r] >= 0 or P.row_steps[r] >= 0
    for k in range(3):
        if k == 1 and (truth == NOT_HAPPENED or truth == SOMEONE_ELSES):
            continue
        if k == 2 and truth != TRUE and truth != CLAIMED:
            continue
        if d >= 0:
            X.values[s, d, k] += points
        elif part:
            _count_in_part(P, X, r, s, k, points)
        else:
            X.sums[s, k] += points
    if P.row_cap[r] != 0:
        _cap(P, F, X, i, month, p)


@kernel
def _cap(P, F, X, i, month, p):
    """While the cap of record ``p`` lasts, the grade is no better than it says."""
    r = np.int64(F[p].what)
    s = P.row_scheme[r]
    if s < 0 or month >= F[p].month + P.row_cap_lasts[r]:
        return
    if P.sharing == 0 or reaches(P, X, i, r, P.scheme_body[s], np.int64(F[p].month), month):
        X.caps[s] = max(X.caps[s], P.row_cap[r])


@kernel
def _count_plain(P, F, X, p):
    """Add the points of paper ``p``, a record that counts, of a row of which nothing counts but its points."""
    s = P.row_scheme[F[p].what]
    if s < 0:
        return
    truth = F[p].truth
    points = np.int64(F[p].points)
    factual = points if truth != NOT_HAPPENED and truth != SOMEONE_ELSES else np.int64(0)
    right = points if truth == TRUE or truth == CLAIMED else np.int64(0)
    d = P.row_dimension[F[p].what]
    if d >= 0:
        X.values[s, d, 0] += points
        X.values[s, d, 1] += factual
        X.values[s, d, 2] += right
    else:
        X.sums[s, 0] += points
        X.sums[s, 1] += factual
        X.sums[s, 2] += right
    if points < X.worst[s, 0]:
        X.worst[s, 0] = points
        X.worst[s, 1] = p


@kernel
def scoring(P, S, H, E, X, i, month):
    """Publish the scores that the sums give, and their grades."""
    for s in range(P.schemes):
        if S[i].part & (1 << s) == 0:
            S[i].score[s] = 0
            S[i].grade[s] = NO_GRADE
            continue
        joins = S[i].grade[s] == NO_GRADE
        if P.scheme_grades[s] == 0 or (month % P.scheme_update[s] != 0 and not joins):
            continue
        score = min(P.scheme_ceiling[s], max(P.scheme_floor[s], X.sums[s, 0]))
        if score != S[i].score[s]:
            note(X, E, month, i, EVENT_SCORE, s, S[i].score[s], score, 0)
        S[i].score[s] = score
        S[i].grade[s] = max(grade_of(P, s, score), X.caps[s])


@kernel
def _count_in_part(P, X, r, s, k, points):
    """Count a record of row ``r`` in sum ``k``: by how many of its row there are, and in its component."""
    w = P.row_steps[r]
    if w >= 0:
        n = X.steps[w, k]
        points = P.step_points[w, min(n, MAX_STEPS - 1)]
        X.steps[w, k] = n + 1
    if P.row_component[r] >= 0:
        X.parts[P.row_component[r], k] += points
    else:
        X.sums[s, k] += points


@kernel
def _add_components(P, X, i, month):
    """Add what each component comes to; a glitch shows one as empty, against the regime's own rule."""
    glitch = np.int64(-1)
    if P.errors and month == P.errors_glitch_month:
        if high(word(X.keys[P_GLITCH], X.first + i)) < P.errors_glitch_share:
            glitch = P.glitch_component
    for c in range(P.components):
        low, top = P.component_low[c], P.component_high[c]
        for k in range(3):
            points = min(top, max(low, X.parts[c, k]))
            if c == glitch and k < 2:
                if k == 0 and points != low:
                    X.person[7] = 1
                points = low
            X.sums[P.component_scheme[c], k] += points


@kernel
def grade_of(P, s, score):
    """Index of the band that holds ``score``, 0 the best."""
    for g in range(P.scheme_grades[s]):
        if score >= P.grade_floor[s, g]:
            return g
    return P.scheme_grades[s] - 1
