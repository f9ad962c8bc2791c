"""Step 8. Notice, appeal, decision, repair, with their clocks and uptake.

Claims: who learns of a record may object, and knows of the rule book where its notice says so; objections against wrong records are likelier, and likelier to
succeed; a decision takes as long as the regime allows, and is told to whoever has a copy of the record, or of the listing that
ends with it, where sharing says so. A listed resident whose conduct is corrected may ask for repair once the shortest time has
passed.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, high, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    CLAIMED,
    CORRECTED,
    COUNTER,
    EVENT_APPEAL,
    EVENT_DECISION,
    EVENT_KNOWS,
    EVENT_NOTICE,
    EVENT_REPAIR,
    FILE_DECIDED,
    FILE_NEWS,
    FLAG_ENTERED,
    KNOWS_BY_NOTICE,
    NEVER,
    NORMAL,
    RECORD,
    REPAIRED,
    STAY,
    TOP8,
    TRUE,
)
from counterscore.engine.steps.papers import note, note_more
from counterscore.engine.steps.sharing import tell_of

P_NOTICE, P_APPEAL, P_DECISION, P_REPAIR = (
    int(Purpose.NOTICE),
    int(Purpose.APPEAL),
    int(Purpose.DECISION),
    int(Purpose.REPAIR),
)
C_STALE = COUNTER["stale_copies"]
C_NOTICED, C_APPEALS, C_WON, C_REPAIRS, C_MINUTES = (
    COUNTER[name] for name in ("noticed", "appeals", "appeals_won", "repairs", "staff_minutes")
)


@kernel
def rights(town, i, month):
    """Go through the resident's file: new records, decisions due, stays that may be repaired."""
    plan, person = town.plan, town.people[i]
    watch, papers = town.watch[i], town.papers
    totals, space = town.totals, town.space
    number = np.uint64(space.first + i)
    entered = watch.flag & FLAG_ENTERED != 0
    repairable = person.lists != 0 and person.arrears == 0 and person.judged == 0 and watch.aware <= month
    repairable = repairable and _lucky(town, i, number)
    whole = watch.file & FILE_DECIDED != 0 or entered or repairable
    if watch.file & FILE_NEWS == 0 and not whole:
        return
    won = False
    p = np.int64(person.head)
    while p >= 0 and (whole or papers[p].month == month):
        paper = papers[p]
        if paper.kind == RECORD:
            r = paper.what
            address = plan.row_hash[r] ^ np.uint64(paper.month)
            if paper.decide == month and paper.state == NORMAL:
                _decide(town, i, month, p, number, address)
                won = won or (plan.row_copied[r] != 0 and paper.state == CORRECTED)
            elif paper.points <= 0 and paper.decide == NEVER and paper.state == NORMAL:
                told = False
                if paper.month == month:
                    told = high(mix(word(space.keys[P_NOTICE], number) ^ address)) < plan.row_notice[r]
                    if told:
                        totals.counts[C_NOTICED] += 1
                        note(town, month, i, EVENT_NOTICE, r, paper.truth, 0, 0)
                        note_more(town, paper.month)
                        if plan.row_informs[r]:
                            learn(town, i, month + 1, month, KNOWS_BY_NOTICE, 0)
                if told or (entered and plan.row_lists[r] and paper.month <= month):
                    _appeal(town, i, month, p, number, address)
        elif paper.kind == STAY and paper.state == NORMAL and repairable:
            l = paper.what
            if month >= paper.month + plan.list_repair_after[l]:
                luck = high(mix(word(space.keys[P_REPAIR], number) ^ plan.list_hash[l]))
                if luck < plan.rights_repair:
                    paper.state = REPAIRED
                    watch.due = month + 1
                    totals.counts[C_REPAIRS] += 1
                    totals.counts[C_MINUTES] += plan.rights_minutes_repair
                    note(town, month, i, EVENT_REPAIR, l, 0, 0, 0)
                    note_more(town, paper.month)
        p = np.int64(paper.next)
    if won:
        pass_on(town, i, month)


@kernel
def pass_on(town, i, month):
    """What was taken back this month is taken back where it was copied to, or goes on counting there: copies of the record,
    and records that tell of a listing which ends with it.
    """
    plan, person = town.plan, town.people[i]
    watch, papers, totals = town.watch[i], town.papers, town.totals
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == RECORD and paper.state == CORRECTED and paper.decide == month and plan.row_copied[paper.what]:
            q = np.int64(person.head)
            while q >= 0:
                copy = papers[q]
                kin = copy.kind == RECORD and copy.month == paper.month and copy.truth == paper.truth
                kin = kin and plan.row_copy[copy.what] != 0 and copy.what != paper.what
                if kin and copy.state == NORMAL and plan.row_family[copy.what] == plan.row_family[paper.what]:
                    if plan.row_corrects[copy.what]:
                        copy.state = CORRECTED
                        copy.decide = NEVER
                        watch.due = month + 1
                    elif month + 1 < copy.until:
                        totals.counts[C_STALE] += 1
                q = np.int64(copy.next)
        p = np.int64(paper.next)
    while _tell_listings(town, i, month):  # a listing that ends with a copy may have been told of in its turn
        pass


@kernel
def _tell_listings(town, i, month):
    """Take back, or leave standing, what tells of listings that end next month because their record was taken back; returns
    whether a record was taken back.
    """
    plan, person = town.plan, town.people[i]
    watch, papers = town.watch[i], town.papers
    more = False
    p = np.int64(person.head)
    while p >= 0:
        stay = papers[p]
        l = np.int64(stay.what)
        if stay.kind == STAY and stay.state != CORRECTED and plan.list_told[l] and plan.list_corrected[l]:
            if _falls(town, i, stay.cause, stay.decide):
                stay.state = CORRECTED  # as when the file is read next; nobody is told of it twice
                watch.due = month + 1
                more |= tell_of(town, i, month, l, stay.month)
        p = np.int64(stay.next)
    return more


@kernel
def _falls(town, i, row, made):
    """Whether the record of ``row`` made in month ``made`` has been taken back."""
    person, papers = town.people[i], town.papers
    p = np.int64(person.head)
    while p >= 0:
        paper = papers[p]
        if paper.kind == RECORD and paper.state == CORRECTED and paper.what == row and paper.month == made:
            return True
        p = np.int64(paper.next)
    return False


@kernel
def _lucky(town, i, number):
    """Whether a repair would be granted on any list, if its shortest time has passed; the file is not read for that."""
    plan, person, space = town.plan, town.people[i], town.space
    luck = word(space.keys[P_REPAIR], number)
    lists = np.int64(person.lists)
    lucky = False
    for l in range(plan.lists):
        lucky = lucky or (lists >> l & 1 != 0 and high(mix(luck ^ plan.list_hash[l])) < plan.rights_repair)
    return lucky


@kernel
def _appeal(town, i, month, p, number, address):
    """Whether the resident objects to a record just learnt of."""
    plan, person = town.plan, town.people[i]
    watch, paper = town.watch[i], town.papers[p]
    totals, space = town.totals, town.space
    clock = plan.row_appeal[paper.what]
    if clock == NEVER:
        return
    wrong = paper.truth != TRUE and paper.truth != CLAIMED
    uptake = plan.rights_appeal_wrong if wrong else plan.rights_appeal_right
    if high(mix(word(space.keys[P_APPEAL], number) ^ address)) >= uptake:
        return
    paper.decide = month + max(1, clock)
    watch.due = min(np.int64(watch.due), month + max(1, clock))
    if person.appeals < TOP8:
        person.appeals += 1
    totals.counts[C_APPEALS] += 1
    totals.counts[C_MINUTES] += plan.rights_minutes_appeal
    note(town, month, i, EVENT_APPEAL, paper.what, paper.truth, paper.decide, 0)
    note_more(town, paper.month)


@kernel
def _decide(town, i, month, p, number, address):
    """The decision on an objection: a record taken back stops counting from next month."""
    plan, person = town.plan, town.people[i]
    watch, paper = town.watch[i], town.papers[p]
    totals, space = town.totals, town.space
    wrong = paper.truth != TRUE and paper.truth != CLAIMED
    chance = plan.row_won_wrong[paper.what] if wrong else plan.rights_won_right
    won = high(mix(word(space.keys[P_DECISION], number) ^ address)) < chance
    if won:
        paper.state = CORRECTED
        watch.due = month + 1
        if person.appeals_won < TOP8:
            person.appeals_won += 1
        totals.counts[C_WON] += 1
    note(town, month, i, EVENT_DECISION, paper.what, paper.truth, won, 0)
    note_more(town, paper.month)


@kernel
def learn(town, i, since, month, how, friend):
    """From month ``since`` on resident ``i`` knows of the regime, unless it was known before."""
    watch = town.watch[i]
    if since < watch.aware:
        watch.aware = since
        note(town, month, i, EVENT_KNOWS, how, friend, since, 0)
