"""Step 3. What the authorities see and write down, which is not always what happened.

Claims: an act is seen at a rate of its kind, times the scrutiny of the resident's occupation or of a firm's
standing (doors before inspections), times the leniency of the district's offices, less a favour for the connected; what an
authority itself has decided or knows as a fact is recorded at the rate of its kind alone. Records can be untrue (it did not
happen), someone else's (identity mix-up), counted twice, or misjudged (unable taken for able). What
happened and what is recorded stay two different facts: each record carries its truth, which no rule reads.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ACT,
    ACTS_DONE,
    ACTS_RECORDED,
    ACTS_UNSEEN,
    ACTS_UNTRUE,
    ADULT,
    AMOUNT,
    BEGINS,
    CLAIMED,
    CONNECTED,
    COUNTER,
    EVENT_ACT,
    EVENT_RECORD,
    FILE_NEWS,
    IN_ANOTHERS_NAME,
    MAX_STEPS,
    MISJUDGED,
    MIX_SHIFT,
    NEVER,
    NO_ROW,
    NO_RULE,
    NOT_HAPPENED,
    NOT_SEEN,
    RECORD,
    RECORDED,
    SCALE,
    SOMEONE_ELSES,
    TOP8,
    TOP16,
    TRUE,
    TRUTH,
    TWICE,
    Actor,
    Per,
    RowKind,
    Unit,
)
from counterscore.engine.stack import ACT_INDEX, SERVICE_INDEX
from counterscore.engine.steps.papers import new_paper, note, note_more
from counterscore.regime import vocabulary

P_RECORDING, P_OFFICIAL, P_UNTRUE = (
    int(Purpose.RECORDING),
    int(Purpose.OFFICIAL),
    int(Purpose.UNTRUE),
)
P_TWICE, P_MIX_UP, P_MISJUDGED = int(Purpose.TWICE), int(Purpose.MIX_UP), int(Purpose.MISJUDGED)
C_RECORDS, C_GOOD_RECORDS = COUNTER["records"], COUNTER["good_records"]
C_UNTRUE, C_TWICE, C_MISJUDGED = (
    COUNTER["untrue_records"],
    COUNTER["twice_records"],
    COUNTER["misjudged_records"],
)
C_UNRECORDED = COUNTER["unrecorded"]
INSPECTION = SERVICE_INDEX[vocabulary.INSPECTION]
UNPAID_ABLE, UNPAID_UNABLE = ACT_INDEX["judgment-unpaid-able"], ACT_INDEX["judgment-unpaid-unable"]


@kernel
def kin_of(town, i):
    """The next of kin: the resident at the mirrored place of the subdistrict (nobody, -1, in the middle)."""
    j = town.size - 1 - i
    return -1 if j == i else j


@kernel
def curve_points(plan, r, units):
    """Points in 1/60 for ``units`` in a year on the curve of row ``r``."""
    points = np.int64(0)
    below = np.int64(0)
    for step in range(plan.row_curve.shape[1]):
        per = plan.row_curve[r, step, 2]
        if per == 0:
            break
        top = min(units, plan.row_curve[r, step, 0])
        if top > below:
            points += ((top - below) * plan.row_curve[r, step, 1]) // per
            below = top
    return points


@kernel
def counting(town, i, month, r):
    """How many records of row ``r`` count."""
    person, papers = town.people[i], town.papers
    n = 0
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        n += paper.kind == RECORD and paper.what == r and month < paper.until
        p = np.int64(paper.next)
    return n


@kernel
def points_of(town, i, month, r, amount):
    """What row ``r`` gives for this record, in 1/60 point."""
    plan, person, space = town.plan, town.people[i], town.space
    if plan.row_kind[r] == RowKind.FIXED:
        w = plan.row_steps[r]
        return plan.row_points[r] if w < 0 else plan.step_points[w, min(MAX_STEPS - 1, counting(town, i, month, r))]
    if plan.row_kind[r] == RowKind.DISCRETION:
        own = high(mix(word(space.keys[P_OFFICIAL], space.first + i) ^ plan.row_hash[r])) >> 16
        harsh = (
            own * (256 - plan.recording_official) + plan.district_harsh[person.district] * plan.recording_official
        ) >> 8
        if person.traits & CONNECTED:
            harsh = (harsh * (256 - plan.recording_favour)) >> 8
        span = plan.row_most[r] - plan.row_least[r]
        whole = abs(span) // SCALE
        chosen = ((whole + 1) * harsh) >> 16
        return plan.row_least[r] + (chosen if span > 0 else -chosen) * SCALE
    if plan.row_kind[r] == RowKind.CURVE:
        before = np.int64(person.hours if plan.row_unit[r] == Unit.HOURS else person.yuan)
        after = min(TOP16, before + amount)
        if plan.row_unit[r] == Unit.HOURS:
            person.hours = after
        else:
            person.yuan = after
        return curve_points(plan, r, after) - curve_points(plan, r, before)
    return np.int64(0)


@kernel
def make_record(town, i, month, r, amount, truth):
    """Write one record of row ``r`` into the resident's file, and once more where it is counted twice."""
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    points = points_of(town, i, month, r, amount)
    twice = False
    if plan.errors:
        luck = high(mix(word(space.keys[P_TWICE], space.first + i) ^ plan.row_hash[r]))
        twice = luck < plan.errors_twice
    until = min(NEVER, month + plan.row_validity[r])
    for copy in range(2 if twice else 1):
        of = TWICE if copy == 1 and truth == TRUE else truth
        space.filed = 1
        watch.file |= FILE_NEWS
        if person.records < TOP16:
            person.records += 1
        totals.counts[C_RECORDS] += 1
        if person.first_record == NEVER:
            person.first_record = month
        if points > 0:
            if person.good_records < TOP16:
                person.good_records += 1
            totals.counts[C_GOOD_RECORDS] += 1
        if of == NOT_HAPPENED or of == SOMEONE_ELSES:
            if person.untrue_records < TOP8:
                person.untrue_records += 1
            totals.counts[C_UNTRUE] += 1
        elif of == TWICE or of == MISJUDGED:
            if person.rule_wrong_records < TOP8:
                person.rule_wrong_records += 1
            totals.counts[C_TWICE if of == TWICE else C_MISJUDGED] += 1
        note(town, month, i, EVENT_RECORD, r, of, points, until)
        note_more(town, month)
        if points > 0 and until == NEVER and plan.row_kept[r] == 0 and (of == TRUE or of == CLAIMED):
            if plan.row_scheme[r] >= 0:
                person.absorbed[plan.row_scheme[r]] += points
                space.news[plan.row_scheme[r]] += points
        else:
            new_paper(town, i, RECORD, r, of, month, until, points, NO_ROW)


@kernel
def _makes(plan, person, r, amount, first, truth):
    """Whether row ``r`` makes a record of such an act of one's own."""
    if plan.row_per[r] == Per.EPISODE and not first:
        return False
    if plan.row_consent[r] & ~np.int64(person.part):
        return False
    return amount >= plan.row_at_least[r] or (amount == 0 and truth != NOT_HAPPENED)  # what is made up is mostly small


@kernel
def apply_rows(town, i, month, act, amount, first, truth, kin):
    """Every row of the catalogue that this act falls under makes a record; returns how many did."""
    plan, person = town.plan, town.people[i]
    made = 0
    for at in range(plan.act_start[act], plan.act_start[act + 1]):
        r = plan.act_rows[at]
        if plan.row_kin[r] != kin or not _makes(plan, person, r, amount, first, truth):
            continue
        source = plan.act_source[at]
        if source >= 0 and not _makes(plan, person, source, amount, first, truth):
            continue
        make_record(town, i, month, r, amount, truth)
        made += 1
    return made


@kernel
def send(town, i, act, amount, truth, kin):
    """Let a record reach resident ``i`` next month."""
    space = town.space
    letter = town.outbox[space.inbox_next]
    letter.to = i
    letter.act = act
    letter.amount = amount
    letter.truth = truth
    letter.kin = kin
    space.inbox_next += 1


@kernel
def inspected(plan, person, rate):
    """``rate`` as the doors before inspections multiply it."""
    for at in range(plan.service_start[INSPECTION], plan.service_start[INSPECTION + 1]):
        d = plan.service_doors[at]
        if person.doors & (np.int64(1) << d):
            rate = (rate * plan.door_times[d]) >> 8
    return rate


@kernel
def chance_of(plan, person, act):
    """How likely the authority in whose field act ``act`` lies sees it when this person does it, 1/2**32."""
    chance = plan.act_detect[act]
    if plan.act_own[act] == 0:
        chance = (chance * plan.group_scrutiny[person.group]) >> 8
        chance = (chance * plan.district_leniency[person.district]) >> 8
        if person.doors & plan.doors_inspect and plan.act_slot[act] != layout.GOOD:
            chance = inspected(plan, person, chance)
        if person.traits & CONNECTED and plan.act_slot[act] != layout.GOOD:
            chance = (chance * (256 - plan.recording_favour)) >> 8
    return chance


@kernel
def record(town, i, month, k):
    """One act on the pile meets the authority in whose field it lies."""
    plan, person = town.plan, town.people[i]
    totals, space = town.totals, town.space
    act = space.done[k, ACT]
    amount = space.done[k, AMOUNT]
    first = space.done[k, BEGINS] != 0
    truth = space.done[k, TRUTH]
    number = space.first + i
    totals.acts[act, ACTS_DONE] += truth != CLAIMED
    if not plan.act_covered[act] and plan.act_asked[act] & person.part == 0:
        note(town, month, i, EVENT_ACT, act, amount, truth, NO_RULE)
        note_more(town, first)
        return
    seen = high(again(word(space.keys[P_RECORDING], number), act)) < chance_of(plan, person, act)
    if seen and plan.errors and high(again(word(space.keys[P_MIX_UP], number), act)) < plan.errors_mix_up:
        send(town, (i + MIX_SHIFT) % town.size, act, amount, SOMEONE_ELSES, Actor.SELF)
        seen = False
        note(town, month, i, EVENT_ACT, act, amount, truth, IN_ANOTHERS_NAME)
    else:
        note(town, month, i, EVENT_ACT, act, amount, truth, RECORDED if seen else NOT_SEEN)
    note_more(town, first)
    if not seen:
        if first and plan.act_start[act] < plan.act_start[act + 1]:
            if person.unrecorded < TOP16:
                person.unrecorded += 1
            totals.counts[C_UNRECORDED] += 1
            totals.acts[act, ACTS_UNSEEN] += 1
        return
    totals.acts[act, ACTS_RECORDED] += 1
    apply_rows(town, i, month, act, amount, first, truth, Actor.SELF)
    if plan.act_kin[act]:
        kin = kin_of(town, i)
        if kin >= 0:
            send(town, kin, act, amount, truth, Actor.KIN)
    if plan.act_group[act]:
        size = max(1, plan.recording_group)
        first_member = (i // size) * size
        for member in range(first_member, min(town.size, first_member + size)):
            if member != i:
                send(town, member, act, amount, truth, Actor.GROUP)
    if act == UNPAID_UNABLE and plan.errors:
        if high(word(space.keys[P_MISJUDGED], number)) < plan.errors_misjudged:
            apply_rows(town, i, month, UNPAID_ABLE, 0, first, MISJUDGED, Actor.SELF)


@kernel
def untrue_record(town, i, month):
    """Perhaps a record of something that did not happen; the lane has named the resident a candidate."""
    plan, person = town.plan, town.people[i]
    totals, space = town.totals, town.space
    if not plan.errors or person.age < ADULT:
        return
    luck = word(space.keys[P_UNTRUE], space.first + i)
    if (high(luck) * plan.errors_untrue_bound) >> 16 >= plan.errors_untrue:
        return
    total = plan.untrue_cumulated[plan.untrue_cumulated.shape[0] - 1]
    y = (low(luck) * total) >> 32
    act = np.searchsorted(plan.untrue_cumulated, y, side="right") - 1
    totals.acts[act, ACTS_UNTRUE] += apply_rows(town, i, month, act, 0, True, NOT_HAPPENED, Actor.SELF)
