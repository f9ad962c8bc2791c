"""Step 5. Leaving lists, then entering them; and when the resident's file needs looking at again.

A list with a period of grace is entered only when that is over, unless the duty is performed before. A stay
ends with its term, with performance, by repair, or because the record behind it was taken back.
Some are taken off late (an error). A list may take the place of others, and a door of a list may last a time of its own,
which begins with the entry and does not end with the stay. A stay is wrong *in fact* where its record is untrue, or where without
untrue records the score would not have crossed the border; wrong *by the rule* likewise for records counted
twice, misjudged or kept after their end.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, high, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    AFTER_EXPIRY,
    BAR,
    CORRECTED,
    COUNTER,
    EVENT_ENTER,
    EVENT_LATE,
    EVENT_LEAVE,
    EXIT_CORRECTED,
    EXIT_REPAIRED,
    EXPIRED,
    LEFT_BEHIND,
    MISJUDGED,
    NEVER,
    NO_GRADE,
    NOT_HAPPENED,
    OVERDUE,
    PERFORMED,
    RECORD,
    REPAIRED,
    REPLACED,
    RIGHT,
    SOMEONE_ELSES,
    STAY,
    TWICE,
    WAITING,
    WRONG_FACTUAL,
    WRONG_RULE,
)
from counterscore.engine.steps.papers import drop_paper, new_paper, note, note_more
from counterscore.engine.steps.recording import make_record
from counterscore.engine.steps.scoring import add_up, due_of, scoring
from counterscore.engine.steps.sharing import delay, reaches

P_LATE_REMOVAL = int(Purpose.LATE_REMOVAL)
C_ENTERED, C_LEFT, C_MOVED, C_REPLACED, C_LATE = (
    COUNTER[name] for name in ("entered", "left_expired", "left_moved", "left_replaced", "late_removals")
)
C_AVERTED = COUNTER["averted"]
NO_GRACE, GOES_ON, TAKES_EFFECT = range(3)


@kernel
def border_crossed(P, S, i):
    """Whether a score or grade ground of any list holds."""
    for g in range(P.ground_start[P.lists]):
        if P.ground_kind[g] > 1:
            continue
        s = P.ground_scheme[g]
        if S[i].grade[s] == NO_GRADE:
            continue
        if P.ground_kind[g] == 0:
            if S[i].score[s] < P.ground_value[g]:
                return True
        elif S[i].grade[s] >= P.ground_value[g]:
            return True
    return False


@kernel
def standing_ground(P, S, H, X, i, l):
    """The wrongness of a score or grade ground of list ``l`` that holds now, or -1 where none holds."""
    for g in range(P.ground_start[l], P.ground_start[l + 1]):
        if P.ground_kind[g] > 1:
            continue
        s = P.list_scheme[l]
        if S[i].grade[s] == NO_GRADE:
            continue
        border = P.ground_value[g]  # a grade ground is a border too: the top of the grade, plus one unit
        if P.ground_kind[g] == 0:
            holds = S[i].score[s] < border
        else:
            holds = S[i].grade[s] >= border
            border = P.grade_floor[s, border - 1] if border > 0 else NEVER * 60
        if holds:
            if max(P.scheme_floor[s], X.sums[s, 1]) >= border and X.caps[s] == 0:
                return WRONG_FACTUAL
            if max(P.scheme_floor[s], X.sums[s, 2]) >= border and X.caps[s] == 0:
                return WRONG_RULE
            return RIGHT
    return -1


@kernel
def leaving(P, S, H, F, T, Y, E, X, i, month):
    """End the stays and bars whose time has come."""
    a = P
    before = np.int64(-1)
    lists = np.int64(S[i].lists)
    p = np.int64(S[i].head)
    while p >= 0 and (lists != 0 or P.bars):  # each has one stay
        after = np.int64(F[p].next)
        gone = False
        if F[p].kind == STAY:
            l = np.int64(F[p].what)
            lists &= ~(np.int64(1) << l)
            how = -1
            if F[p].state == CORRECTED:
                how = EXIT_CORRECTED
            elif F[p].state == REPAIRED:
                how = EXIT_REPAIRED
            elif F[p].month < X.moved[P.share_level[P.list_body[l], P.list_body[l]]]:
                how = LEFT_BEHIND
            elif month >= F[p].until:
                how = PERFORMED if F[p].state == OVERDUE and F[p].points == PERFORMED else EXPIRED
            elif F[p].state != OVERDUE and P.list_performed[l] != 0 and X.person[0] & (np.int64(1) << l):
                how = PERFORMED
            elif F[p].state != OVERDUE and P.list_term[l] == 2 and standing_ground(P, S, H, X, i, l) < 0:
                how = EXPIRED
            if (how == EXPIRED or how == PERFORMED) and F[p].state != OVERDUE and a.errors:
                luck = high(mix(word(X.keys[P_LATE_REMOVAL], X.first + i) ^ P.list_hash[l]))
                if luck < a.errors_late_removal:
                    F[p].state = OVERDUE
                    F[p].truth = max(F[p].truth, WRONG_RULE) if F[p].truth != WRONG_FACTUAL else F[p].truth
                    F[p].points = how
                    F[p].until = min(NEVER, month + a.errors_late_removal_months)
                    T.counts[C_LATE] += 1
                    note(X, E, month, i, EVENT_LATE, l, how, F[p].until, F[p].truth)
                    note_more(X, E, F[p].month)
                    how = -1
            if how >= 0:
                gone = True
                _end_stay(P, S, F, T, Y, E, X, i, month, p, how)
        elif F[p].kind == BAR:
            l = P.door_behind[F[p].what]
            moved = F[p].month < X.moved[P.share_level[P.list_body[l], P.list_body[l]]]
            gone = F[p].state == CORRECTED or month >= F[p].until or moved
            if not gone:
                X.person[8] |= np.int64(1) << F[p].what
        if gone:
            drop_paper(X, F, S, H, i, before, p)
        else:
            before = p
        p = after


@kernel
def _end_stay(P, S, F, T, Y, E, X, i, month, p, how):
    """The stay of paper ``p`` is over; the paper itself is still there."""
    l = np.int64(F[p].what)
    S[i].lists &= ~(1 << l) & 0xFFFF
    if P.lists_adverse & (1 << l):
        T.counts[C_MOVED if how == LEFT_BEHIND else C_REPLACED if how == REPLACED else C_LEFT + how] += 1
    Y[(month - np.int64(F[p].month)) * layout.MAX_LISTS + l].left[how] += 1
    note(X, E, month, i, EVENT_LEAVE, l, how, F[p].truth, month - F[p].month)
    note_more(X, E, F[p].month)


@kernel
def entering(P, S, H, F, T, Y, E, X, i, month):
    """Enter lists whose grounds are met, or lengthen stays."""
    fresh = fresh_grounds(P, S, F, i, month)
    for l in range(P.lists):
        if S[i].lists & (1 << l):
            _extend(P, S, H, F, X, i, month, l)
            continue
        if S[i].lists & P.list_shut[l]:
            continue
        wrong = np.int64(-1)
        cause = 255
        made = NEVER
        if P.list_grace[l] > 0:
            waits = _end_of_grace(P, S, H, F, T, X, i, month, l)
            if waits == GOES_ON:
                continue
            if waits == TAKES_EFFECT:
                wrong = X.person[4]
                cause = X.grace_row
                made = X.grace_made
                if cause == 255:
                    wrong = standing_ground(P, S, H, X, i, l)
                if wrong < 0:
                    continue
                _enter(P, S, H, F, T, Y, E, X, i, month, l, wrong, cause, made)
                continue
        for g in range(P.ground_start[l], P.ground_start[l + 1]):
            if P.ground_kind[g] <= 1:
                continue
            if P.ground_kind[g] == 4:
                if S[i].lists & (1 << P.ground_row[g]):
                    wrong = _stay_ground(P, S, F, i, month, g)
                    if wrong >= 0:
                        break
                continue
            if fresh & (np.int64(1) << g) == 0:
                continue
            found = _record_ground(P, S, H, F, X, i, month, g, l)
            if found >= 0:
                wrong = X.person[4]
                cause = P.ground_row[g]
                made = found
                break
        if wrong < 0:
            wrong = standing_ground(P, S, H, X, i, l)
        if wrong < 0:
            continue
        if P.list_grace[l] > 0:
            ends = min(NEVER, month + P.list_grace[l])
            p = new_paper(X, F, S, H, i, WAITING, l, wrong, month, ends, 0, cause)
            F[p].decide = made
            X.person[6] = min(X.person[6], ends)
            continue
        _enter(P, S, H, F, T, Y, E, X, i, month, l, wrong, cause, made)
    if X.person[5] == 0:
        return
    scored = False
    for l in range(P.lists):
        if X.person[5] & (1 << l):
            for at in range(P.list_row_start[l], P.list_row_start[l + 1]):
                if P.row_consent[P.list_rows[at]] & ~np.int64(S[i].part):
                    continue
                truth = _truth_of_stay(S, H, F, i, l)
                make_record(P, S, H, F, T, E, X, i, month, P.list_rows[at], 0, truth)
                scored = True
    if scored:
        X.person[2] = 1
        add_up(P, S, H, F, X, i, month)
        scoring(P, S, H, E, X, i, month)


@kernel
def fresh_grounds(P, S, F, i, month):
    """The record grounds, as bits, that a record which arrives this month may meet."""
    found = np.int64(0)
    p = np.int64(S[i].head)
    while p >= 0 and (P.sharing != 0 or F[p].month == month):  # the newest papers come first
        if F[p].kind == RECORD:
            found |= P.row_grounds[F[p].what]
        p = np.int64(F[p].next)
    return found


@kernel
def _enter(P, S, H, F, T, Y, E, X, i, month, l, wrong, cause, made):
    """Begin a stay on list ``l``, on the record of row ``cause`` made in month ``made``, if it was a record."""
    until = NEVER
    if P.list_term[l] == 0:
        until = month + P.list_months[l]
    if P.list_term[l] != 1:
        until = min(until, month + P.list_most[l])
    else:
        until = min(until, month + P.list_repair_most[l])
    p = new_paper(X, F, S, H, i, STAY, l, wrong, month, min(until, NEVER), 0, cause)
    F[p].decide = made
    S[i].lists |= 1 << l
    H[i].flag |= 16
    if P.lists_adverse & (1 << l):
        if P.list_public[l]:
            H[i].flag |= 32
        T.counts[C_ENTERED] += 1
        if S[i].first_listed == NEVER:
            S[i].first_listed = month
    note(X, E, month, i, EVENT_ENTER, l, wrong, cause, until)
    note_more(X, E, F[p].month)
    X.person[5] |= 1 << l
    if P.list_bars[l] != 0:
        _begin_bars(P, S, H, F, X, i, month, l, wrong, cause, made)
    if S[i].lists & P.list_replaces[l]:
        _replace(P, S, H, F, T, Y, E, X, i, month, l)


@kernel
def _begin_bars(P, S, H, F, X, i, month, l, wrong, cause, made):
    """The doors of list ``l`` that last a time of their own close, whatever becomes of the stay."""
    for d in range(layout.MAX_DOORS):
        if P.list_bars[l] & (np.int64(1) << d):
            p = new_paper(X, F, S, H, i, BAR, d, wrong, month, min(NEVER, month + P.door_lasts[d]), 0, cause)
            F[p].decide = made
            X.person[8] |= np.int64(1) << d
            X.person[6] = min(X.person[6], np.int64(F[p].until))


@kernel
def _replace(P, S, H, F, T, Y, E, X, i, month, l):
    """Stays on lists whose place list ``l`` takes end."""
    before = np.int64(-1)
    p = np.int64(S[i].head)
    while p >= 0:
        after = np.int64(F[p].next)
        if F[p].kind == STAY and P.list_replaces[l] & (np.int64(1) << F[p].what):
            _end_stay(P, S, F, T, Y, E, X, i, month, p, REPLACED)
            drop_paper(X, F, S, H, i, before, p)
        else:
            before = p
        p = after


@kernel
def _end_of_grace(P, S, H, F, T, X, i, month, l):
    """What became of the period of grace before list ``l``: none runs, it goes on, or the entry takes effect.

    It ends without entry where the duty was performed or the record taken back. Where the entry takes effect,
    its wrongness goes to ``person[4]`` and its record to ``grace_row`` and ``grace_made``.
    """
    before = np.int64(-1)
    p = np.int64(S[i].head)
    while p >= 0 and (F[p].kind != WAITING or F[p].what != l):
        before = p
        p = np.int64(F[p].next)
    if p < 0:
        return NO_GRACE
    if F[p].state == CORRECTED:
        drop_paper(X, F, S, H, i, before, p)
        return NO_GRACE
    if P.list_performed[l] != 0 and X.person[0] & (np.int64(1) << l):
        T.counts[C_AVERTED] += P.lists_adverse >> l & 1
        drop_paper(X, F, S, H, i, before, p)
        return NO_GRACE
    if month < F[p].until:
        return GOES_ON
    X.person[4] = F[p].truth
    X.grace_row = F[p].cause
    X.grace_made = F[p].decide
    drop_paper(X, F, S, H, i, before, p)
    return TAKES_EFFECT


@kernel
def _truth_of_stay(S, H, F, i, l):
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == STAY and F[p].what == l:
            if F[p].truth == WRONG_FACTUAL:
                return NOT_HAPPENED
            return MISJUDGED if F[p].truth == WRONG_RULE else 0
        p = np.int64(F[p].next)
    return 0


@kernel
def _stay_ground(P, S, F, i, month, g):
    """The wrongness of a stay on the ground's list that now has lasted its months, or -1."""
    p = np.int64(S[i].head)
    while p >= 0:
        if F[p].kind == STAY and F[p].what == P.ground_row[g] and F[p].month + P.ground_window[g] == month:
            return np.int64(F[p].truth)
        p = np.int64(F[p].next)
    return np.int64(-1)


@kernel
def _record_ground(P, S, H, F, X, i, month, g, l):
    """The month of the record that meets a record ground, or -1; its wrongness goes to ``person[4]``."""
    row = P.ground_row[g]
    late = delay(P, row, P.list_body[l])
    fresh = False
    total = 0
    factual = 0
    right = 0
    p = np.int64(S[i].head)
    while p >= 0:
        if (
            F[p].kind == RECORD
            and F[p].what == row
            and F[p].month + late <= month < F[p].month + late + P.ground_window[g]
            and (P.sharing == 0 or reaches(P, X, i, row, P.list_body[l], np.int64(F[p].month), month))
        ):
            truth = F[p].truth
            fresh = fresh or F[p].month + late == month
            total += 1
            if truth != NOT_HAPPENED and truth != SOMEONE_ELSES:
                factual += 1
                if truth != TWICE and truth != MISJUDGED and truth != AFTER_EXPIRY:
                    right += 1
        p = np.int64(F[p].next)
    needed = P.ground_count[g]
    if not fresh or total < needed:
        return -1
    X.person[4] = RIGHT
    if factual < needed:
        X.person[4] = WRONG_FACTUAL
    elif right < needed:
        X.person[4] = WRONG_RULE
    return month - late


@kernel
def _extend(P, S, H, F, X, i, month, l):
    """A record named by the list's extension lengthens a stay that began before it."""
    body = P.list_body[l]
    added = 0
    p = np.int64(S[i].head)
    while p >= 0 and (P.sharing != 0 or F[p].month == month):  # the newest papers come first
        if F[p].kind == RECORD and P.list_extends[l, F[p].what]:
            r = np.int64(F[p].what)
            made = np.int64(F[p].month)
            if made + delay(P, r, body) == month and (P.sharing == 0 or reaches(P, X, i, r, body, made, month)):
                added += 1
        p = np.int64(F[p].next)
    if added == 0:
        return
    stay = np.int64(S[i].head)
    while F[stay].kind != STAY or F[stay].what != l:
        stay = np.int64(F[stay].next)
    if F[stay].month < month and F[stay].until != NEVER:
        most = P.list_repair_most[l] if P.list_term[l] == 1 else P.list_most[l]
        longest = F[stay].month + min(P.list_at_most[l], most)
        longer = month + P.list_by[l] if P.list_restart[l] else F[stay].until + added * P.list_by[l]
        F[stay].until = max(F[stay].until, min(longest, NEVER, longer))


@kernel
def wrongness(P, S, H, F, i):
    """The resident is wrongly listed where every stay is wrong; in fact, if any of them is wrong in fact."""
    wrong = 0
    lists = np.int64(S[i].lists) & P.lists_adverse
    p = np.int64(S[i].head)
    while p >= 0 and lists != 0:  # each has one stay
        if F[p].kind == STAY and lists >> F[p].what & 1:
            if F[p].truth == 0:
                return 0
            if wrong != WRONG_FACTUAL:
                wrong = np.int64(F[p].truth)
            lists &= ~(np.int64(1) << F[p].what)
        p = np.int64(F[p].next)
    return wrong


@kernel
def next_look(P, S, H, F, X, i, month):
    """Set the next month in which something in the file ends or falls due; ``person[6]`` has the records'."""
    due = np.int64(X.person[6])
    if X.person[2] != 0:  # lists meet a score lowered by a listing only next month
        due = month + 1
    lists = np.int64(S[i].lists)
    if lists != 0:  # stays, and records that came with them
        p = np.int64(S[i].head)
        while p >= 0 and (lists != 0 or F[p].month == month):  # the newest papers come first, each list has one stay
            if F[p].kind == STAY:
                lists &= ~(np.int64(1) << F[p].what)
                due = min(due, due_of(P, F, month, p))
            elif F[p].month == month:
                due = min(due, due_of(P, F, month, p))
            p = np.int64(F[p].next)
    for s in range(P.schemes):
        every = P.scheme_update[s]
        if every > 1:
            due = min(due, (month // every + 1) * every)
    if S[i].stops > month:
        due = min(due, np.int64(S[i].stops))
    if P.components and P.errors and P.errors_glitch_month >= month:
        glitch = P.errors_glitch_month
        due = min(due, glitch if glitch > month else month + 1)
    H[i].due = due
