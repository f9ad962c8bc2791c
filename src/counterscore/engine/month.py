"""One month of one subdistrict: the nine steps in order.

Two passes. The first takes each resident through circumstances, conduct, recording, scoring, listing and
doors; the second through attempts, rights and response, when everybody's doors of the month are known.
Public bodies and firms, where they live, take all their steps between the two, bodies first: what they do not pay and whom
they restrict is known before residents try their doors.
Most resident-months hold no temptation, blow, deadline or trouble and end after two comparisons.

``live`` is where Python comes in; ``_months`` below it is the month, from top to bottom. What the arguments are called and
hold stands in ``engine.town``.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.bodies.month import bodies_begin, body_month
from counterscore.engine.draws import GAMMA, Purpose, as_lane, high, mix, month_key, word
from counterscore.engine.firms.month import firm_month, firms_begin
from counterscore.engine.friends import begin_friends
from counterscore.engine.kernel import entry, kernel
from counterscore.engine.layout import (
    ADULT,
    AHEAD,
    ALIKE,
    CHUNK,
    COUNTER,
    FILE_DECIDED,
    FILE_KIN,
    FILE_NEWS,
    FLAG_ENTERED,
    FLAG_NAMED,
    FLAG_RISEN,
    FLAG_SECOND,
    FLAG_TROUBLE,
    GOOD,
    KNOWS_FROM_TALK,
    LAWFUL,
    MISCONDUCT,
    N_DISTRICTS,
    NEWCOMER,
    OFFENDER,
    OUTSIDE,
    OWN_BUSINESS,
    SHOCK,
    TOP8,
    UNBORN,
    UNEMPLOYED,
    WARNING,
)
from counterscore.engine.partners.knowing import know_all, take_known
from counterscore.engine.partners.meeting import write_seen
from counterscore.engine.partners.month import count_those_taking_part, private_month
from counterscore.engine.rows import fetch
from counterscore.engine.steps.attempts import age_band, attempts
from counterscore.engine.steps.circumstances import able, circumstances, in_trouble, pressed, shock
from counterscore.engine.steps.conduct import tempted, upper_rate
from counterscore.engine.steps.dealings import dealings, offend
from counterscore.engine.steps.doors import unable_year
from counterscore.engine.steps.lending import go_bad
from counterscore.engine.steps.recording import apply_rows, record, untrue_record
from counterscore.engine.steps.response import response
from counterscore.engine.steps.rights import learn, rights
from counterscore.engine.steps.settling import begin_file, settle_file, tally_stay
from counterscore.engine.steps.spillover import keep_behind, tell_off
from counterscore.engine.town import seen

P_TEMPTATION, P_NEED, P_TALK, P_SHARING, P_FRIENDS = (
    int(Purpose.TEMPTATION),
    int(Purpose.NEED),
    int(Purpose.TALK),
    int(Purpose.SHARING),
    int(Purpose.FRIENDS),
)
C_UNEMPLOYED, C_ARREARS, C_JUDGED, C_ABLE, C_DEBT, C_AWARE = (
    COUNTER[name] for name in ("unemployed", "in_arrears", "judged", "judged_able", "debt", "aware")
)
_FLAGS_OF_MONTH = FLAG_RISEN | FLAG_ENTERED | FLAG_NAMED
_AFTER_MONTH = 255 & ~(FLAG_SECOND | _FLAGS_OF_MONTH)
_KEEP = 255 & ~(FLAG_TROUBLE | FLAG_SECOND)
_16, _32, _48 = np.uint64(16), np.uint64(32), np.uint64(48)
_LANE = np.uint64(0xFFFF)
_DECEMBER = 11


@entry
def live(residents, firms, bodies, tables, keys, figures, month, end, at):
    """Live from ``month`` to ``end``. Returns ``(month, at)``: ``(end, -1)`` when done, else the place where
    papers or inbox ran short; the caller enlarges them and goes on from there, with the same bits.

    ``residents``, ``firms`` and ``bodies`` are the tuples of ``engine.town`` with arrays for members, ``tables`` one
    ``Monthly`` for each, in that order; ``keys`` the purposes' keys (uint64) and ``figures`` of each district a year ago
    the listed share of adults, then the share of those who met a list or a closed or narrowed door, in 1/65536.
    """
    return _months(seen(residents), seen(firms), seen(bodies), tables, keys, figures, month, end, at)


@kernel
def _months(residents, firms, bodies, tables, keys, figures, month, end, at):
    town = residents.town
    _begin(residents, firms, bodies, keys)
    while month < end:
        _draw_keys(town, keys, month)
        if at < 0:
            if month % 12 == 0:
                new_year(residents, month, figures)
            at = 0
        # ``at`` counts whom the month has dealt with: what comes in, residents, bodies, firms, each part from its start.
        start = town.space.inbox_now
        at = deliver_all(town, month, 0, at)
        at = first_halves(residents, month, start, at)  # steps 1 to 6
        start += town.size
        if bodies.town.size > 0:  # all nine steps
            at = body_months(bodies, firms, residents, month, start, at)
            start += 1 + bodies.town.size
        if firms.town.size > 0:  # all nine steps
            came = firms.town.space.inbox_now
            at = firm_months(firms, residents, month, start, at)
            start += 1 + came + firms.town.size
        if at < start:
            return month, at
        second_halves(residents, month)  # steps 7 to 9
        if month % 12 == _DECEMBER and (town.plan.doors_favour != 0 or town.plan.lists_honour != 0):
            count_favoured(town)
        if town.plan.private or town.plan.meeting:
            private_month(residents, keys, month)
        close_month(town, tables[0], month)
        close_month(firms.town, tables[1], month)
        close_month(bodies.town, tables[2], month)
        month += 1
        at = -1
    if town.plan.meeting:
        write_seen(residents)
    return month, -1


@kernel
def _begin(residents, firms, bodies, keys):
    """What may have changed since this place was last lived: the plan."""
    plan, space = residents.town.plan, residents.town.space
    begin_friends(residents.town, keys[P_FRIENDS])
    space.sharing = keys[P_SHARING]
    firms.town.space.sharing = keys[P_SHARING]
    bodies.town.space.sharing = keys[P_SHARING]
    for d in range(N_DISTRICTS):  # of firms and bodies each knows what the others meet
        firms.town.space.near[d] = 65536
        firms.town.space.near_good[d] = 65536
        bodies.town.space.near[d] = 65536
        bodies.town.space.near_good[d] = 65536
    for k in range(ALIKE):
        space.alike[k, 0] = 0
    if plan.private and space.mingled == 0:
        count_those_taking_part(residents.town)


@kernel
def _draw_keys(town, keys, month):
    """The month's luck."""
    space = town.space
    for q in range(keys.shape[0]):
        space.keys[q] = month_key(keys[q], month)


@kernel
def felt_near(plan, share):
    """What is felt of a consequence that a ``share`` of the district met a year ago, 1/65536 both."""
    met = min(65536, (share << 16) // plan.response_familiar)
    return plan.response_unmet + (((65536 - plan.response_unmet) * met) >> 16)


@kernel
def new_year(residents, month, figures):
    """January: residents age, yearly accounts start again, loans are paid down, word gets round."""
    town = residents.town
    plan, space = town.plan, town.space
    for d in range(N_DISTRICTS):
        space.near[d] = felt_near(plan, figures[N_DISTRICTS + d])
        favoured = plan.doors_favour != 0 or plan.lists_honour != 0
        space.near_good[d] = felt_near(plan, figures[2 * N_DISTRICTS + d]) if favoured else space.near[d]
    for i in range(town.size):
        person, watch = town.people[i], town.watch[i]
        if month > 0:
            if person.age != 120:
                person.age = (np.int64(person.age) + 1) & UNBORN
            if person.loan > 0 and person.arrears == 0 and person.judged == 0:
                paid = ((np.int64(person.loan) + plan.circumstances_loan_size) * plan.circumstances_repaid) >> 32
                person.loan = max(0, np.int64(person.loan) - max(1, paid))
            if person.work != OUTSIDE and person.age >= plan.circumstances_retirement_age:
                person.work = OUTSIDE
                person.traits &= 65535 & ~OWN_BUSINESS
            if unable_year(plan, person) and person.years_unable < TOP8:
                person.years_unable += 1
            person.asked = 0
            person.barred = 0
        person.hours = 0
        person.yuan = 0
        for slot in range(3):
            watch.bound[slot] = upper_rate(plan, person, slot)
        if person.age >= ADULT:
            rate = plan.circumstances_job_loss + plan.circumstances_expense + plan.circumstances_default * 2
            watch.bound[SHOCK] = as_lane(rate)
        band = age_band(person.age)
        watch.need = as_lane(plan.need_total[band])
        if plan.responses and person.age >= ADULT and watch.aware > month:
            talk = (plan.response_talk * figures[person.district]) >> 16
            if high(word(space.keys[P_TALK], space.first + i)) < talk:
                learn(town, i, month, month, KNOWS_FROM_TALK, 0)
    if plan.private:
        know_all(residents, month)


@kernel
def no_room(town):
    """Whether papers or letters might run short with one more subject."""
    plan, space = town.plan, town.space
    return space.room < plan.reserve or space.outbox_room - space.inbox_next < plan.reserve


@kernel
def deliver_all(town, month, start, at):
    """Records on their way since last month arrive, from letter ``at`` on; returns where the month now stands."""
    space = town.space
    while at < start + space.inbox_now:
        if no_room(town):
            return at
        deliver(town, at - start, month)
        at += 1
    return at


@kernel
def deliver(town, k, month):
    """A record that reached a resident from elsewhere: a mix-up, or an act of the next of kin."""
    letter = town.inbox[k]
    i = letter.to
    if town.people[i].age < ADULT:
        return
    apply_rows(town, i, month, letter.act, letter.amount, True, letter.truth, letter.kin)
    watch = town.watch[i]
    watch.due = min(np.int64(watch.due), month)


@kernel
def first_halves(residents, month, start, at):
    """Steps 1 to 6 of the residents from place ``at - start`` on; returns where the month now stands."""
    town = residents.town
    plan, space, n = town.plan, town.space, town.size
    if at < start:
        return at
    while at < start + n:
        first = at - start
        end = min(n, first + CHUNK)
        found = first_candidates(town, month, first, end)
        for k in range(found):
            ahead = np.int64(space.chosen[min(k + AHEAD, found - 1)])
            fetch(town.people, ahead)
            fetch(town.papers, np.int64(town.people[np.int64(space.chosen[min(k + AHEAD // 2, found - 1)])].head))
            if plan.private:
                fetch(residents.known, ahead * plan.dimensions)
            i = np.int64(space.chosen[k])
            if no_room(town):
                return start + i
            first_half(residents, i, month, word(space.keys[P_TEMPTATION], space.first + i))
        at = start + end
    return at


@kernel
def first_candidates(town, month, first, end):
    """Write down who of ``first`` to ``end`` has anything in steps 1 to 6 this month; returns how many.

    Without a branch, so that this pass costs the same whoever they are.
    """
    plan, space = town.plan, town.space
    key = space.keys[P_TEMPTATION] + GAMMA * np.uint64(space.first)
    untrue = 65536 - plan.errors_untrue_bound
    found = 0
    for i in range(first, end):
        watch = town.watch[i]
        lanes = mix(key + GAMMA * np.uint64(i))
        blow = np.int64(lanes >> _48)
        space.chosen[found] = i
        found += (
            np.int64(np.int64(lanes & _LANE) < watch.bound[MISCONDUCT])
            | np.int64(np.int64((lanes >> _16) & _LANE) < watch.bound[GOOD])
            | np.int64(np.int64((lanes >> _32) & _LANE) < watch.bound[LAWFUL])
            | np.int64(blow < watch.bound[SHOCK])
            | np.int64(blow >= untrue)
            | np.int64(watch.due <= month)
            | (watch.flag & FLAG_TROUBLE)
        )
    return found


@kernel
def first_half(residents, i, month, lanes):
    """Steps 1 to 6 of one resident; ``lanes`` are the month's four draws of 16 bits that say what may come up."""
    town = residents.town
    plan, person = town.plan, town.people[i]
    watch, space = town.watch[i], town.space
    begin_file(town, i)
    n = 0
    blow = np.int64(lanes >> _48)
    # 1. Circumstances
    if blow < watch.bound[SHOCK]:
        shock(town, i, month)
    if plan.lending and person.stops <= month:
        go_bad(town, i, month)
    if in_trouble(person) or month == 0 or watch.flag & NEWCOMER:
        n = circumstances(town, i, month, n)
        if person.traits & OFFENDER and person.age >= ADULT:
            n = offend(town, i, month, n)
    # 2. Conduct
    if np.int64(lanes & _LANE) < watch.bound[MISCONDUCT]:
        n = tempted(town, i, month, MISCONDUCT, n)
    if np.int64((lanes >> _16) & _LANE) < watch.bound[GOOD]:
        n = tempted(town, i, month, GOOD, n)
    if np.int64((lanes >> _32) & _LANE) < watch.bound[LAWFUL]:
        n = tempted(town, i, month, LAWFUL, n)
    # 3. Recording
    for k in range(n):
        record(town, i, month, k)
    if blow >= 65536 - plan.errors_untrue_bound:
        untrue_record(town, i, month)
    # 4. Scoring, 5. Listing, 6. Doors
    looked = watch.due <= month or space.filed != 0 or space.performed != 0
    if looked:
        if plan.private:
            take_known(residents, i)
        added_up = settle_file(town, i, month)
        keep_behind(town, i, month, added_up)
    flag = watch.flag & _KEEP
    if in_trouble(person):
        flag |= FLAG_TROUBLE
    if looked or pressed(person) or person.lists != 0 or person.doors & plan.doors_hinder != 0 or flag & WARNING:
        flag |= FLAG_SECOND
    watch.flag = flag


@kernel
def body_months(bodies, firms, residents, month, start, at):
    """The month of all public bodies, after one place of ``at`` for its beginning; returns where the month now stands."""
    town = bodies.town
    if at < start:
        return at
    if at == start:
        bodies_begin(bodies, residents, month)
        at += 1
    while at <= start + town.size:
        if no_room(town):
            return at
        body_month(bodies, firms, residents, at - start - 1, month)
        at += 1
    return at


@kernel
def firm_months(firms, residents, month, start, at):
    """The month of all firms, what comes in first; returns where the month now stands."""
    town = firms.town
    if at < start:
        return at
    if at == start:
        firms_begin(firms, residents, month)
        at += 1
    came = town.space.inbox_now
    at = deliver_all(town, month, start + 1, at)
    while start + came < at <= start + came + town.size:
        if no_room(town):
            return at
        firm_month(firms, residents, at - start - 1 - came, month)
        at += 1
    return at


@kernel
def second_halves(residents, month):
    """Steps 7 to 9 of all residents."""
    town = residents.town
    space, n = town.space, town.size
    for first in range(0, n, CHUNK):
        found = second_candidates(town, month, first, min(n, first + CHUNK))
        for k in range(found):
            fetch(town.people, np.int64(space.chosen[min(k + AHEAD, found - 1)]))
            fetch(town.papers, np.int64(town.people[np.int64(space.chosen[min(k + AHEAD // 2, found - 1)])].head))
            i = np.int64(space.chosen[k])
            needs = np.int64(word(space.keys[P_NEED], space.first + i) >> _48) < town.watch[i].need
            second_half(town, i, month, needs)
            if space.saved > 0:
                residents.private[i].perks += space.saved
                space.saved = 0
    for k in range(ALIKE):
        tell_off(town, k)


@kernel
def second_candidates(town, month, first, end):
    """Write down who of ``first`` to ``end`` has anything in steps 7 to 9 this month; returns how many."""
    totals, space, n = town.totals, town.space, town.size
    key = space.keys[P_NEED] + GAMMA * np.uint64(space.first)
    found = 0
    aware = 0
    for i in range(first, end):
        watch, kin = town.watch[i], town.watch[n - 1 - i]
        aware += np.int64(watch.aware <= month)
        needs = np.int64(np.int64(mix(key + GAMMA * np.uint64(i)) >> _48) < watch.need)
        space.chosen[found] = i
        found += needs | np.int64(watch.flag & FLAG_SECOND != 0) | np.int64(kin.file & FILE_KIN != 0)
    totals.counts[C_AWARE] += aware
    return found


@kernel
def count_favoured(town):
    """How many adults of each district hold what favours: an honour, or a door that opens or saves."""
    plan, totals = town.plan, town.totals
    for i in range(town.size):
        person = town.people[i]
        held = person.doors & plan.doors_favour != 0 or person.lists & plan.lists_honour != 0
        totals.listed_by_district[2 * N_DISTRICTS + person.district] += held and person.age >= ADULT


@kernel
def second_half(town, i, month, candidate):
    """Steps 7 to 9 of one resident, and the month's tallies; ``candidate`` is whether the month may hold a need."""
    plan, person = town.plan, town.people[i]
    watch, totals = town.watch[i], town.totals
    # 7. Attempts
    attempts(town, i, month, candidate)
    if watch.flag & FLAG_SECOND == 0 and not pressed(person):  # doors of the next of kin can cost the work
        return
    # 8. Rights
    if watch.file & (FILE_NEWS | FILE_DECIDED) or person.lists != 0:  # who enters a list is on it
        rights(town, i, month)
    # 9. Response
    if watch.flag & _FLAGS_OF_MONTH:
        response(town, i, month)
    if watch.flag & WARNING:
        dealings(town, i, month)
    watch.file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
    if in_trouble(person):
        watch.flag |= FLAG_TROUBLE
    stays = person.lists != 0 or person.doors & plan.doors_hinder != 0 or watch.flag & WARNING != 0
    watch.flag = watch.flag & (_AFTER_MONTH | FLAG_SECOND if stays else _AFTER_MONTH)
    listed = person.lists & plan.lists_adverse != 0
    if listed:
        tally_stay(town, i)
    if month % 12 == _DECEMBER and (listed or person.doors & plan.doors_hinder != 0):
        totals.listed_by_district[person.district] += listed
        totals.listed_by_district[N_DISTRICTS + person.district] += 1
    if person.work == UNEMPLOYED:
        totals.counts[C_UNEMPLOYED] += 1
    if person.arrears > 0:
        totals.counts[C_ARREARS] += 1
        totals.counts[C_DEBT] += person.loan
    if person.judged > 0:
        totals.counts[C_JUDGED] += 1
        totals.counts[C_DEBT] += person.loan
        if able(plan, person):
            totals.counts[C_ABLE] += 1


@kernel
def close_month(town, monthly, month):
    """The end of the month of one kind of subject: records on their way, and the month's counts."""
    totals, space = town.totals, town.space
    hand_over(town)
    for c in range(monthly.counts.shape[1]):
        monthly.counts[month, c] += totals.counts[c]
        totals.counts[c] = 0
    for c in range(monthly.doors.shape[1]):
        monthly.doors[month, c] += totals.door_months[c]
        totals.door_months[c] = 0
    for c in range(monthly.tally.shape[1]):
        monthly.tally[month, c] += space.tally[c]
        space.tally[c] = 0
    for c in range(monthly.listed.shape[1]):
        monthly.listed[month // 12, c] += totals.listed_by_district[c]
        totals.listed_by_district[c] = 0


@kernel
def hand_over(town):
    """What was sent this month arrives in the next."""
    space = town.space
    for q in range(space.inbox_next):
        arrives, sent = town.inbox[q], town.outbox[q]
        arrives.to = sent.to
        arrives.act = sent.act
        arrives.amount = sent.amount
        arrives.truth = sent.truth
        arrives.kin = sent.kin
    space.inbox_now = space.inbox_next
    space.inbox_next = 0
