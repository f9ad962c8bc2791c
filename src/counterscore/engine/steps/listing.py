"""Step 5. Leaving lists, then entering them; and when the resident's file needs looking at again.

A list with a period of grace is entered only when that is over, unless the duty is performed before. A stay
ends with its term, with performance, by repair, or because the record behind it was taken back; one that rests on a border is
looked at again when a record from before it is taken back, and ends where the rest does not cross the border.
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
    ALL_RECORDS,
    BAR,
    CORRECTED,
    COUNTER,
    EVENT_ENTER,
    EVENT_LATE,
    EVENT_LEAVE,
    EXIT_CORRECTED,
    EXIT_REPAIRED,
    EXPIRED,
    FLAG_ENTERED,
    FLAG_NAMED,
    LEFT_BEHIND,
    MISJUDGED,
    NEVER,
    NO_GRADE,
    NO_ROW,
    NOT_HAPPENED,
    OVERDUE,
    PERFORMED,
    RECORD,
    REPAIRED,
    REPLACED,
    RIGHT,
    SCALE,
    SOMEONE_ELSES,
    STAY,
    TWICE,
    WAITING,
    WITHOUT_UNTRUE,
    WITHOUT_WRONG,
    WRONG_FACTUAL,
    WRONG_RULE,
    GroundKind,
    Term,
)
from counterscore.engine.steps.papers import drop_paper, new_paper, note, note_more
from counterscore.engine.steps.recording import make_record
from counterscore.engine.steps.scoring import add_up, due_of, grade_of, scoring
from counterscore.engine.steps.sharing import delay, reaches, tell_of

P_LATE_REMOVAL = int(Purpose.LATE_REMOVAL)
C_ENTERED, C_LEFT, C_MOVED, C_REPLACED, C_LATE = (
    COUNTER[name] for name in ("entered", "left_expired", "left_moved", "left_replaced", "late_removals")
)
C_AVERTED = COUNTER["averted"]
NO_GRACE, GOES_ON, TAKES_EFFECT = range(3)


@kernel
def border_crossed(plan, person):
    """Whether a score or grade ground of any list holds."""
    for g in range(plan.ground_start[plan.lists]):
        if plan.ground_kind[g] > GroundKind.GRADE:
            continue
        s = plan.ground_scheme[g]
        if person.grade[s] == NO_GRADE:
            continue
        if plan.ground_kind[g] == GroundKind.SCORE:
            if person.score[s] < plan.ground_value[g]:
                return True
        elif person.grade[s] >= plan.ground_value[g]:
            return True
    return False


@kernel
def standing_ground(town, i, l):
    """The wrongness of a score or grade ground of list ``l`` that holds now, or -1 where none holds."""
    plan, person, space = town.plan, town.people[i], town.space
    for g in range(plan.ground_start[l], plan.ground_start[l + 1]):
        if plan.ground_kind[g] > GroundKind.GRADE:
            continue
        s = plan.list_scheme[l]
        if person.grade[s] == NO_GRADE:
            continue
        border = plan.ground_value[g]  # a grade ground is a border too: the top of the grade, plus one unit
        if plan.ground_kind[g] == GroundKind.SCORE:
            holds = person.score[s] < border
        else:
            holds = person.grade[s] >= border
            border = plan.grade_floor[s, border - 1] if border > 0 else NEVER * SCALE
        if holds:
            if max(plan.scheme_floor[s], space.sums[s, WITHOUT_UNTRUE]) >= border and space.caps[s] == 0:
                return WRONG_FACTUAL
            if max(plan.scheme_floor[s], space.sums[s, WITHOUT_WRONG]) >= border and space.caps[s] == 0:
                return WRONG_RULE
            return RIGHT
    return -1


@kernel
def leaving(town, i, month):
    """End the stays and bars whose time has come."""
    plan, person = town.plan, town.people[i]
    papers, totals, space = town.papers, town.totals, town.space
    before = np.int64(-1)
    lists = np.int64(person.lists)
    p = np.int64(person.head)
    while p >= 0 and (lists != 0 or plan.bars):  # each has one stay
        paper = papers[p]
        after = np.int64(paper.next)
        gone = False
        if paper.kind == STAY:
            l = np.int64(paper.what)
            lists &= ~(np.int64(1) << l)
            how = -1
            if paper.state == CORRECTED:
                how = EXIT_CORRECTED
            elif paper.state == REPAIRED:
                how = EXIT_REPAIRED
            elif space.review <= paper.month and _falls_below(town, i, l, paper.cause):
                how = EXIT_CORRECTED
                if plan.list_told[l] and tell_of(town, i, month, l, paper.month):
                    space.due = min(space.due, month + 1)
            elif paper.month < space.moved[plan.share_level[plan.list_body[l], plan.list_body[l]]]:
                how = LEFT_BEHIND
            elif month >= paper.until:
                how = PERFORMED if paper.state == OVERDUE and paper.points == PERFORMED else EXPIRED
            elif paper.state != OVERDUE and plan.list_performed[l] != 0 and space.performed & (np.int64(1) << l):
                how = PERFORMED
            elif paper.state != OVERDUE and plan.list_term[l] == Term.HOLDS and standing_ground(town, i, l) < 0:
                how = EXPIRED
            if (how == EXPIRED or how == PERFORMED) and paper.state != OVERDUE and plan.errors:
                luck = high(mix(word(space.keys[P_LATE_REMOVAL], space.first + i) ^ plan.list_hash[l]))
                if luck < plan.errors_late_removal:
                    paper.state = OVERDUE
                    paper.truth = max(paper.truth, WRONG_RULE) if paper.truth != WRONG_FACTUAL else paper.truth
                    paper.points = how
                    paper.until = min(NEVER, month + plan.errors_late_removal_months)
                    totals.counts[C_LATE] += 1
                    note(town, month, i, EVENT_LATE, l, how, paper.until, paper.truth)
                    note_more(town, paper.month)
                    how = -1
            if how >= 0:
                gone = True
                _end_stay(town, i, month, p, how)
        elif paper.kind == BAR:
            l = plan.door_behind[paper.what]
            moved = paper.month < space.moved[plan.share_level[plan.list_body[l], plan.list_body[l]]]
            gone = paper.state == CORRECTED or month >= paper.until or moved
            gone = gone or (space.review <= paper.month and _falls_below(town, i, l, paper.cause))
            if not gone:
                space.bars |= np.int64(1) << paper.what
        if gone:
            drop_paper(town, i, before, p)
        else:
            before = p
        p = after


@kernel
def _falls_below(town, i, l, cause):
    """Whether a stay on list ``l`` rests on a border that the records left, after one was taken back, do not cross."""
    plan, space = town.plan, town.space
    if cause != NO_ROW or plan.list_corrected[l] == 0 or plan.list_border[l] == 0:
        return False
    s = plan.list_scheme[l]
    score = min(plan.scheme_ceiling[s], max(plan.scheme_floor[s], space.sums[s, ALL_RECORDS]))
    grade = max(grade_of(plan, s, score), space.caps[s])
    for g in range(plan.ground_start[l], plan.ground_start[l + 1]):
        if plan.ground_kind[g] == GroundKind.SCORE and score < plan.ground_value[g]:
            return False
        if plan.ground_kind[g] == GroundKind.GRADE and grade >= plan.ground_value[g]:
            return False
    return True


@kernel
def _end_stay(town, i, month, p, how):
    """The stay of paper ``p`` is over; the paper itself is still there."""
    plan, person = town.plan, town.people[i]
    paper, totals = town.papers[p], town.totals
    l = np.int64(paper.what)
    person.lists &= ~(1 << l) & 0xFFFF
    if plan.lists_adverse & (1 << l):
        totals.counts[C_MOVED if how == LEFT_BEHIND else C_REPLACED if how == REPLACED else C_LEFT + how] += 1
    town.stays[(month - np.int64(paper.month)) * layout.MAX_LISTS + l].left[how] += 1
    note(town, month, i, EVENT_LEAVE, l, how, paper.truth, month - paper.month)
    note_more(town, paper.month)


@kernel
def entering(town, i, month):
    """Enter lists whose grounds are met, or lengthen stays."""
    plan, person = town.plan, town.people[i]
    papers, space = town.papers, town.space
    fresh = fresh_grounds(town, i, month)
    for l in range(plan.lists):
        if person.lists & (1 << l):
            _extend(town, i, month, l)
            continue
        if person.lists & plan.list_shut[l]:
            continue
        wrong = np.int64(-1)
        cause = NO_ROW
        made = NEVER
        if plan.list_grace[l] > 0:
            waits = _end_of_grace(town, i, month, l)
            if waits == GOES_ON:
                continue
            if waits == TAKES_EFFECT:
                wrong = space.wrong
                cause = space.grace_row
                made = space.grace_made
                if cause == NO_ROW:
                    wrong = standing_ground(town, i, l)
                if wrong < 0:
                    continue
                _enter(town, i, month, l, wrong, cause, made)
                continue
        for g in range(plan.ground_start[l], plan.ground_start[l + 1]):
            if plan.ground_kind[g] <= GroundKind.GRADE:
                continue
            if plan.ground_kind[g] == GroundKind.STAY:
                if person.lists & (1 << plan.ground_row[g]):
                    wrong = _stay_ground(town, i, month, g)
                    if wrong >= 0:
                        break
                continue
            if fresh & (np.int64(1) << g) == 0:
                continue
            found = _record_ground(town, i, month, g, l)
            if found >= 0:
                wrong = space.wrong
                cause = plan.ground_row[g]
                made = found
                break
        if wrong < 0:
            wrong = standing_ground(town, i, l)
        if wrong < 0:
            continue
        if plan.list_grace[l] > 0:
            ends = min(NEVER, month + plan.list_grace[l])
            waiting = papers[new_paper(town, i, WAITING, l, wrong, month, ends, 0, cause)]
            waiting.decide = made
            space.due = min(space.due, ends)
            continue
        _enter(town, i, month, l, wrong, cause, made)
    if space.entered == 0:
        return
    scored = False
    for l in range(plan.lists):
        if space.entered & (1 << l):
            for at in range(plan.list_row_start[l], plan.list_row_start[l + 1]):
                if plan.row_consent[plan.list_rows[at]] & ~np.int64(person.part):
                    continue
                truth = _truth_of_stay(town, i, l)
                make_record(town, i, month, plan.list_rows[at], 0, truth)
                scored = True
    if scored:
        space.rescored = 1
        add_up(town, i, month)
        scoring(town, i, month)


@kernel
def fresh_grounds(town, i, month):
    """The record grounds, as bits, that a record which arrives this month may meet."""
    plan, person, papers = town.plan, town.people[i], town.papers
    found = np.int64(0)
    p = np.int64(person.head)
    while p >= 0 and (plan.sharing != 0 or papers[p].month + plan.told_late >= month):  # the newest papers come first
        paper = papers[p]
        if paper.kind == RECORD:
            found |= plan.row_grounds[paper.what]
        p = np.int64(paper.next)
    return found


@kernel
def _enter(town, i, month, l, wrong, cause, made):
    """Begin a stay on list ``l``, on the record of row ``cause`` made in month ``made``, if it was a record."""
    plan, person = town.plan, town.people[i]
    watch, papers = town.watch[i], town.papers
    totals, space = town.totals, town.space
    until = NEVER
    if plan.list_term[l] == Term.FIXED:
        until = month + plan.list_months[l]
    if plan.list_term[l] != Term.PERFORMED:
        until = min(until, month + plan.list_most[l])
    else:
        until = min(until, month + plan.list_repair_most[l])
    stay = papers[new_paper(town, i, STAY, l, wrong, month, min(until, NEVER), 0, cause)]
    stay.decide = made
    person.lists |= 1 << l
    watch.flag |= FLAG_ENTERED
    if plan.lists_adverse & (1 << l):
        if plan.list_public[l]:
            watch.flag |= FLAG_NAMED
        totals.counts[C_ENTERED] += 1
        if person.first_listed == NEVER:
            person.first_listed = month
    note(town, month, i, EVENT_ENTER, l, wrong, cause, until)
    note_more(town, stay.month)
    space.entered |= 1 << l
    if plan.list_bars[l] != 0:
        _begin_bars(town, i, month, l, wrong, cause, made)
    if person.lists & plan.list_replaces[l]:
        _replace(town, i, month, l)


@kernel
def _begin_bars(town, i, month, l, wrong, cause, made):
    """The doors of list ``l`` that last a time of their own close, whatever becomes of the stay."""
    plan, papers, space = town.plan, town.papers, town.space
    for d in range(layout.MAX_DOORS):
        if plan.list_bars[l] & (np.int64(1) << d):
            bar = papers[new_paper(town, i, BAR, d, wrong, month, min(NEVER, month + plan.door_lasts[d]), 0, cause)]
            bar.decide = made
            space.bars |= np.int64(1) << d
            space.due = min(space.due, np.int64(bar.until))


@kernel
def _replace(town, i, month, l):
    """Stays on lists whose place list ``l`` takes end."""
    plan, person, papers = town.plan, town.people[i], town.papers
    before = np.int64(-1)
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        after = np.int64(paper.next)
        if paper.kind == STAY and plan.list_replaces[l] & (np.int64(1) << paper.what):
            _end_stay(town, i, month, p, REPLACED)
            drop_paper(town, i, before, p)
        else:
            before = p
        p = after


@kernel
def _end_of_grace(town, i, month, l):
    """What became of the period of grace before list ``l``: none runs, it goes on, or the entry takes effect.

    It ends without entry where the duty was performed or the record taken back. Where the entry takes effect,
    its wrongness goes to ``space.wrong`` and its record to ``space.grace_row`` and ``space.grace_made``.
    """
    plan, person = town.plan, town.people[i]
    papers, totals, space = town.papers, town.totals, town.space
    before = np.int64(-1)
    p = np.int64(person.head)
    while p >= 0 and (papers[p].kind != WAITING or papers[p].what != l):
        before = p
        p = np.int64(papers[p].next)
    if p < 0:
        return NO_GRACE
    paper = papers[p]
    if paper.state == CORRECTED:
        drop_paper(town, i, before, p)
        return NO_GRACE
    if plan.list_performed[l] != 0 and space.performed & (np.int64(1) << l):
        totals.counts[C_AVERTED] += plan.lists_adverse >> l & 1
        drop_paper(town, i, before, p)
        return NO_GRACE
    if month < paper.until:
        return GOES_ON
    space.wrong = paper.truth
    space.grace_row = paper.cause
    space.grace_made = paper.decide
    drop_paper(town, i, before, p)
    return TAKES_EFFECT


@kernel
def _truth_of_stay(town, i, l):
    person, papers = town.people[i], town.papers
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == STAY and paper.what == l:
            if paper.truth == WRONG_FACTUAL:
                return NOT_HAPPENED
            return MISJUDGED if paper.truth == WRONG_RULE else 0
        p = np.int64(paper.next)
    return 0


@kernel
def _stay_ground(town, i, month, g):
    """The wrongness of a stay on the ground's list that now has lasted its months, or -1."""
    plan, person, papers = town.plan, town.people[i], town.papers
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == STAY and paper.what == plan.ground_row[g] and paper.month + plan.ground_window[g] == month:
            return np.int64(paper.truth)
        p = np.int64(paper.next)
    return np.int64(-1)


@kernel
def _record_ground(town, i, month, g, l):
    """The month of the record that meets a record ground, or -1; its wrongness goes to ``space.wrong``."""
    plan, person = town.plan, town.people[i]
    papers, space = town.papers, town.space
    row = plan.ground_row[g]
    late = delay(plan, row, plan.list_body[l])
    fresh = False
    total = 0
    factual = 0
    right = 0
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if (
            paper.kind == RECORD
            and paper.what == row
            and paper.month + late <= month < paper.month + late + plan.ground_window[g]
            and (plan.sharing == 0 or reaches(town, i, row, plan.list_body[l], np.int64(paper.month), month))
        ):
            truth = paper.truth
            fresh = fresh or paper.month + late == month
            total += 1
            if truth != NOT_HAPPENED and truth != SOMEONE_ELSES:
                factual += 1
                if truth != TWICE and truth != MISJUDGED and truth != AFTER_EXPIRY:
                    right += 1
        p = np.int64(paper.next)
    needed = plan.ground_count[g]
    if not fresh or total < needed:
        return -1
    space.wrong = RIGHT
    if factual < needed:
        space.wrong = WRONG_FACTUAL
    elif right < needed:
        space.wrong = WRONG_RULE
    return month - late


@kernel
def _extend(town, i, month, l):
    """A record named by the list's extension lengthens a stay that began before it."""
    plan, person, papers = town.plan, town.people[i], town.papers
    body = plan.list_body[l]
    added = 0
    p = np.int64(person.head)
    while p >= 0 and (plan.sharing != 0 or papers[p].month + plan.told_late >= month):  # the newest papers come first
        paper = papers[p]
        if paper.kind == RECORD and plan.list_extends[l, paper.what]:
            r = np.int64(paper.what)
            made = np.int64(paper.month)
            if made + delay(plan, r, body) == month and (plan.sharing == 0 or reaches(town, i, r, body, made, month)):
                added += 1
        p = np.int64(paper.next)
    if added == 0:
        return
    p = np.int64(person.head)
    while papers[p].kind != STAY or papers[p].what != l:
        p = np.int64(papers[p].next)
    stay = papers[p]
    if stay.month < month and stay.until != NEVER:
        most = plan.list_repair_most[l] if plan.list_term[l] == Term.PERFORMED else plan.list_most[l]
        longest = stay.month + min(plan.list_at_most[l], most)
        longer = month + plan.list_by[l] if plan.list_restart[l] else stay.until + added * plan.list_by[l]
        stay.until = max(stay.until, min(longest, NEVER, longer))


@kernel
def wrongness(town, i):
    """The resident is wrongly listed where every stay is wrong; in fact, if any of them is wrong in fact."""
    plan, person, papers = town.plan, town.people[i], town.papers
    wrong = 0
    lists = np.int64(person.lists) & plan.lists_adverse
    p = np.int64(person.head)
    while p >= 0 and lists != 0:  # each has one stay
        paper = papers[p]
        if paper.kind == STAY and lists >> paper.what & 1:
            if paper.truth == 0:
                return 0
            if wrong != WRONG_FACTUAL:
                wrong = np.int64(paper.truth)
            lists &= ~(np.int64(1) << paper.what)
        p = np.int64(paper.next)
    return wrong


@kernel
def next_look(town, i, month):
    """Set the next month in which something in the file ends or falls due; ``space.due`` has the records'."""
    plan, person = town.plan, town.people[i]
    watch, papers, space = town.watch[i], town.papers, town.space
    due = np.int64(space.due)
    if space.rescored != 0:  # lists meet a score lowered by a listing only next month
        due = month + 1
    lists = np.int64(person.lists)
    if lists != 0:  # stays, and records that came with them
        p = np.int64(person.head)
        while p >= 0 and (
            lists != 0 or papers[p].month == month
        ):  # the newest papers come first, each list has one stay
            paper = papers[p]
            if paper.kind == STAY:
                lists &= ~(np.int64(1) << paper.what)
                due = min(due, due_of(plan, paper, month))
            elif paper.month == month:
                due = min(due, due_of(plan, paper, month))
            p = np.int64(paper.next)
    for s in range(plan.schemes):
        every = plan.scheme_update[s]
        if every > 1:
            due = min(due, (month // every + 1) * every)
    if person.stops > month:
        due = min(due, np.int64(person.stops))
    if plan.components and plan.errors and plan.errors_glitch_month >= month:
        glitch = plan.errors_glitch_month
        due = min(due, glitch if glitch > month else month + 1)
    watch.due = due
