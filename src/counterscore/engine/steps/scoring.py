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
    ALL_RECORDS,
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
    TOP8,
    TRUE,
    WAITING,
    WITHOUT_UNTRUE,
    WITHOUT_WRONG,
    WORST_PAPER,
    WORST_POINTS,
    GroundKind,
)
from counterscore.engine.steps.papers import drop_paper, note, note_more
from counterscore.engine.steps.sharing import arrival, doors_reached, reaches, settled, stays_put

P_AFTER_EXPIRY, P_GLITCH = int(Purpose.AFTER_EXPIRY), int(Purpose.GLITCH)
WAITS, DECIDES = 1, 2
C_OVERDUE = COUNTER["overdue_records"]


@kernel
def read_file(town, i, month):
    """Go through the whole file once: drop records that were taken back or have ended (some go on counting
    after their end, an error), add up those that count, and find out when the next of them falls due. Returns
    whether a period of grace runs, and whether an objection is decided this month (``WAITS``, ``DECIDES``).
    """
    plan, person = town.plan, town.people[i]
    papers, totals, space = town.papers, town.totals, town.space
    _clear(town)
    space.review = NEVER
    due = np.int64(NEVER)
    found = np.int64(0)
    still = stays_put(plan, person)
    before = np.int64(-1)
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        after = np.int64(paper.next)
        plain = paper.kind == RECORD and plan.row_plain[paper.what] and month < paper.until < NEVER and still
        plain = plain and settled(plan, np.int64(paper.what), np.int64(paper.month), month)
        if plain and paper.state != CORRECTED and plan.row_consent[paper.what] & ~np.int64(person.part) == 0:
            _count_plain(town, p)
            due = min(due, np.int64(paper.until))
            if paper.decide > month:
                due = min(due, np.int64(paper.decide))
            elif paper.decide == month:
                found |= DECIDES
            before = p
            p = after
            continue
        gone = False
        if paper.kind == RECORD:
            r = paper.what
            if paper.state == CORRECTED:
                gone = True
                counted = np.int64(paper.points) if month <= paper.until else np.int64(0)
                note(town, month, i, EVENT_END, r, paper.truth, 1, counted)
                note_more(town, paper.month)
                _release_stays(town, i, r, paper.month)
                space.review = min(space.review, np.int64(paper.month))
            elif plan.row_consent[r] & ~np.int64(person.part):
                gone = True  # whoever takes no part any more is forgotten
                counted = np.int64(paper.points) if month <= paper.until else np.int64(0)
                note(town, month, i, EVENT_END, r, paper.truth, 1, counted)
                note_more(town, paper.month)
            elif month == paper.until and (
                (plan.row_stays[r] and _stay_rests_on(town, i, r, paper.month))
                or (month < paper.month + plan.row_while[r] and person.lists >> plan.row_list[r] & 1)
            ):
                paper.until = month + 1
            elif month == paper.until and paper.truth != AFTER_EXPIRY and plan.errors:
                number = np.uint64(space.first + i)
                luck = high(mix(word(space.keys[P_AFTER_EXPIRY], number) ^ plan.row_hash[r]))
                if luck < plan.errors_after_expiry:
                    paper.truth = AFTER_EXPIRY
                    paper.until = min(NEVER, month + plan.errors_after_expiry_months)
                    if person.rule_wrong_records < TOP8:
                        person.rule_wrong_records += 1
                    totals.counts[C_OVERDUE] += 1
                    note(town, month, i, EVENT_OVERDUE, r, paper.truth, paper.until, paper.points)
                    note_more(town, paper.month)
            if not gone and month == paper.until:
                note(town, month, i, EVENT_END, r, paper.truth, 0, paper.points)
                note_more(town, paper.month)
            if not gone and month >= paper.until and month >= paper.month + plan.row_window[r]:
                gone = True
            elif (
                not gone
                and paper.until == NEVER
                and paper.truth == TRUE
                and plan.row_kept[r] == 0
                and month >= paper.month + plan.absorb_after
                and paper.decide == NEVER
            ):
                if plan.row_scheme[r] >= 0:
                    person.absorbed[plan.row_scheme[r]] += paper.points
                gone = True
        if gone:
            drop_paper(town, i, before, p)
        else:
            if paper.kind == RECORD:
                _count(town, i, month, p)
                if paper.decide == month:
                    found |= DECIDES
            elif paper.kind == WAITING:
                found |= WAITS
            due = min(due, due_of(plan, paper, month))
            before = p
        p = after
    _add_base(town, i, month)
    space.due = due
    return found


@kernel
def _stay_rests_on(town, i, row, made):
    """Whether the resident is on a list because of the record of ``row`` made in month ``made``."""
    person, papers = town.people[i], town.papers
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == STAY and paper.cause == row and paper.decide == made:
            return True
        p = np.int64(paper.next)
    return False


@kernel
def _release_stays(town, i, row, made):
    """Stays and bars that rest on a record that was taken back end now; ``made`` is the record's month."""
    plan, person, papers = town.plan, town.people[i], town.papers
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind != RECORD and paper.cause == row and paper.month >= made and paper.decide == made:
            if plan.list_corrected[plan.door_behind[paper.what] if paper.kind == BAR else paper.what]:
                paper.state = CORRECTED
        p = np.int64(paper.next)


@kernel
def read_news(town, i, month):
    """Where nothing in the file falls due and this month's records are the only news: the sum of all records
    follows from the published score. Returns whether that is so; if not, the whole file has to be read.
    """
    plan, person = town.plan, town.people[i]
    watch, papers, space = town.watch[i], town.papers, town.space
    if plan.components or plan.step_rows or not stays_put(plan, person):
        return False
    if watch.due <= month or watch.file & FILE_SPECIAL or person.lists != 0 or space.performed != 0:
        return False
    for s in range(plan.schemes):
        space.sums[s, ALL_RECORDS] = 0
        space.caps[s] = 0
        if person.part & (1 << s) == 0:
            continue
        score = np.int64(person.score[s])
        if plan.scheme_update[s] == 1 and (score <= plan.scheme_floor[s] or score >= plan.scheme_ceiling[s]):
            return False
        space.sums[s, ALL_RECORDS] = score + space.news[s]
    space.record_doors = 0
    due = np.int64(watch.due)
    p = np.int64(person.head)
    while p >= 0 and papers[p].month == month:  # the newest papers come first
        paper = papers[p]
        r = paper.what
        if (
            plan.row_lists[r]
            or not settled(plan, np.int64(r), month, month)
            or plan.row_doors[r]
            or plan.row_cap[r]
            or plan.row_dimension[r] >= 0
            or paper.until <= month
        ):
            return False
        if plan.row_scheme[r] >= 0:
            space.sums[plan.row_scheme[r], ALL_RECORDS] += paper.points
        due = min(due, due_of(plan, paper, month))
        p = np.int64(paper.next)
    space.due = due
    return True


@kernel
def due_of(plan, paper, month):
    """The next month in which this paper ends or something in it falls due, or ``NEVER``."""
    due = np.int64(NEVER)
    if paper.until > month:
        due = np.int64(paper.until)
    if paper.kind == RECORD:
        r = paper.what
        if paper.decide > month:
            due = min(due, paper.decide)
        window = paper.month + plan.row_window[r]
        if window > month and plan.row_window[r] > 0:
            due = min(due, window)
        if plan.row_cap[r] != 0 and paper.month + plan.row_cap_lasts[r] > month:
            due = min(due, paper.month + plan.row_cap_lasts[r])
        if paper.until == NEVER and paper.truth == TRUE and not plan.row_kept[r]:
            due = min(due, max(month + 1, paper.month + plan.absorb_after))
        if plan.sharing != 0:
            due = min(due, arrival(plan, month, np.int64(r), np.int64(paper.month)))
    elif paper.kind == STAY and plan.list_watch[paper.what]:
        for g in range(plan.ground_start[plan.lists]):
            reached = paper.month + plan.ground_window[g]
            if plan.ground_kind[g] == GroundKind.STAY and plan.ground_row[g] == paper.what and reached > month:
                due = min(due, reached)
    return due


@kernel
def add_up(town, i, month):
    """Compute the sums of all records that count, and which rows with doors of their own have one."""
    person, papers = town.people[i], town.papers
    _clear(town)
    p = np.int64(person.head)
    while p >= 0:
        _count(town, i, month, p)
        p = np.int64(papers[p].next)
    _add_base(town, i, month)


@kernel
def _clear(town):
    plan, space = town.plan, town.space
    for s in range(plan.schemes):
        for k in range(3):
            space.sums[s, k] = 0
        space.worst[s, WORST_POINTS] = 0
        space.caps[s] = 0
        for d in range(plan.scheme_dimensions[s]):
            for k in range(3):
                space.values[s, d, k] = space.known[s, d]
    for c in range(plan.components):
        for k in range(3):
            space.parts[c, k] = 0
    for w in range(plan.step_rows):
        for k in range(3):
            space.steps[w, k] = 0
    space.record_doors = 0
    space.glitched = 0


@kernel
def _add_base(town, i, month):
    plan, person, space = town.plan, town.people[i], town.space
    for s in range(plan.schemes):
        for k in range(3):
            if plan.scheme_dimensions[s] > 0:
                space.sums[s, k] = weighted(town, s, k)
            else:
                space.sums[s, k] += plan.scheme_start[s] + person.absorbed[s]
    if plan.components:
        _add_components(town, i, month)


@kernel
def weighted(town, s, k):
    """The weighted score of scheme ``s``, rounded down, from the ``k``-th values of its dimensions."""
    plan, space = town.plan, town.space
    total = np.int64(0)
    weights = np.int64(0)
    for d in range(plan.scheme_dimensions[s]):
        value = min(100 * SCALE, max(0, space.values[s, d, k]))
        total += plan.dimension_weight[s, d] * value
        weights += plan.dimension_weight[s, d]
    span = (plan.scheme_ceiling[s] - plan.scheme_floor[s]) // SCALE
    return plan.scheme_floor[s] + span * total // (100 * weights)


@kernel
def _count(town, i, month, p):
    """Add paper ``p`` to the sums, where it is a record that counts; a cap can last longer than the points."""
    plan, paper, space = town.plan, town.papers[p], town.space
    if paper.kind != RECORD:
        return
    r = paper.what
    if month >= paper.until:
        if plan.row_cap[r] != 0 and plan.row_cap_lasts[r] != NEVER:
            _cap(town, i, month, paper)
        return
    if (
        plan.row_plain[r]
        and stays_put(plan, town.people[i])
        and settled(plan, np.int64(r), np.int64(paper.month), month)
    ):
        _count_plain(town, p)
        return
    s = plan.row_scheme[r]
    if plan.sharing == 0:
        space.record_doors |= plan.row_doors[r]
    elif plan.row_doors[r] != 0:
        space.record_doors |= doors_reached(town, i, np.int64(r), np.int64(paper.month), month)
    if s < 0:
        return
    if plan.sharing != 0 and not reaches(town, i, np.int64(r), plan.scheme_body[s], np.int64(paper.month), month):
        return
    truth = paper.truth
    points = np.int64(paper.points)
    if points < space.worst[s, WORST_POINTS]:
        space.worst[s, WORST_POINTS] = points
        space.worst[s, WORST_PAPER] = p
    d = plan.row_dimension[r]
    part = plan.row_component[r] >= 0 or plan.row_steps[r] >= 0
    for k in range(3):
        if k == 1 and (truth == NOT_HAPPENED or truth == SOMEONE_ELSES):
            continue
        if k == 2 and truth != TRUE and truth != CLAIMED:
            continue
        if d >= 0:
            space.values[s, d, k] += points
        elif part:
            _count_in_part(town, r, s, k, points)
        else:
            space.sums[s, k] += points
    if plan.row_cap[r] != 0:
        _cap(town, i, month, paper)


@kernel
def _cap(town, i, month, paper):
    """While the cap of this record lasts, the grade is no better than it says."""
    plan, space = town.plan, town.space
    r = np.int64(paper.what)
    s = plan.row_scheme[r]
    if s < 0 or month >= paper.month + plan.row_cap_lasts[r]:
        return
    if plan.sharing == 0 or reaches(town, i, r, plan.scheme_body[s], np.int64(paper.month), month):
        space.caps[s] = max(space.caps[s], plan.row_cap[r])


@kernel
def _count_plain(town, p):
    """Add the points of paper ``p``, a record that counts, of a row of which nothing counts but its points."""
    plan, paper, space = town.plan, town.papers[p], town.space
    s = plan.row_scheme[paper.what]
    if s < 0:
        return
    truth = paper.truth
    points = np.int64(paper.points)
    factual = points if truth != NOT_HAPPENED and truth != SOMEONE_ELSES else np.int64(0)
    right = points if truth == TRUE or truth == CLAIMED else np.int64(0)
    d = plan.row_dimension[paper.what]
    if d >= 0:
        space.values[s, d, ALL_RECORDS] += points
        space.values[s, d, WITHOUT_UNTRUE] += factual
        space.values[s, d, WITHOUT_WRONG] += right
    else:
        space.sums[s, ALL_RECORDS] += points
        space.sums[s, WITHOUT_UNTRUE] += factual
        space.sums[s, WITHOUT_WRONG] += right
    if points < space.worst[s, WORST_POINTS]:
        space.worst[s, WORST_POINTS] = points
        space.worst[s, WORST_PAPER] = p


@kernel
def scoring(town, i, month):
    """Publish the scores that the sums give, and their grades."""
    plan, person, space = town.plan, town.people[i], town.space
    for s in range(plan.schemes):
        if person.part & (1 << s) == 0:
            person.score[s] = 0
            person.grade[s] = NO_GRADE
            continue
        joins = person.grade[s] == NO_GRADE
        if plan.scheme_grades[s] == 0 or (month % plan.scheme_update[s] != 0 and not joins):
            continue
        score = min(plan.scheme_ceiling[s], max(plan.scheme_floor[s], space.sums[s, ALL_RECORDS]))
        if score != person.score[s]:
            note(town, month, i, EVENT_SCORE, s, person.score[s], score, 0)
        person.score[s] = score
        person.grade[s] = max(grade_of(plan, s, score), space.caps[s])


@kernel
def _count_in_part(town, r, s, k, points):
    """Count a record of row ``r`` in sum ``k``: by how many of its row there are, and in its component."""
    plan, space = town.plan, town.space
    w = plan.row_steps[r]
    if w >= 0:
        n = space.steps[w, k]
        points = plan.step_points[w, min(n, MAX_STEPS - 1)]
        space.steps[w, k] = n + 1
    if plan.row_component[r] >= 0:
        space.parts[plan.row_component[r], k] += points
    else:
        space.sums[s, k] += points


@kernel
def _add_components(town, i, month):
    """Add what each component comes to; a glitch shows one as empty, against the regime's own rule."""
    plan, space = town.plan, town.space
    glitch = np.int64(-1)
    if plan.errors and month == plan.errors_glitch_month:
        if high(word(space.keys[P_GLITCH], space.first + i)) < plan.errors_glitch_share:
            glitch = plan.glitch_component
    for c in range(plan.components):
        low, top = plan.component_low[c], plan.component_high[c]
        for k in range(3):
            points = min(top, max(low, space.parts[c, k]))
            if c == glitch and k < 2:
                if k == 0 and points != low:
                    space.glitched = 1
                points = low
            space.sums[plan.component_scheme[c], k] += points


@kernel
def grade_of(plan, s, score):
    """Index of the band that holds ``score``, 0 the best."""
    for g in range(plan.scheme_grades[s]):
        if score >= plan.grade_floor[s, g]:
            return g
    return plan.scheme_grades[s] - 1
