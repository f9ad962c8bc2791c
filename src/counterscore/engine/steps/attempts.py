"""Step 7. Needs meet doors: served, served first, delayed, refused; and what that does to the resident.

Claims: a closed door refuses every attempt, a narrowed one a share; slowed and opened doors multiply the
wait, and some save the resident a sum at each attempt served. Apart from any regime, some attempts are refused for other reasons (a loan by credit file). A served
loan adds debt or ends arrears; a served job ends unemployment; closed travel costs some of the employed
their work; what else follows is told below. With responses switched off refusals are counted and nothing follows from them.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    CLOSED,
    COUNTER,
    EMPLOYED,
    EVENT_ATTEMPT,
    EVENT_PERK,
    EVENT_WORK,
    GREEN,
    HAS_CHILD,
    HELD_UP,
    MISSED_SCHOOL,
    NARROWED,
    OPENED,
    PLAIN,
    SERVICE_REFUSED,
    SERVICE_REFUSED_ELSE,
    SERVICE_TRIED,
    SERVICE_WAITED,
    SLOWED,
    TOP8,
    TOP16,
    UNEMPLOYED,
    Loss,
    Outcome,
)
from counterscore.engine.stack import SERVICE_INDEX
from counterscore.engine.steps.aftermath import follow_up
from counterscore.engine.steps.circumstances import lose_work
from counterscore.engine.steps.doors import in_force
from counterscore.engine.steps.lending import judged_bad, request
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import kin_of
from counterscore.engine.steps.spillover import count_doors

P_SERVICE, P_JOB, P_MOBILITY = int(Purpose.SERVICE), int(Purpose.JOB), int(Purpose.MOBILITY)
LOAN, JOB, FLIGHT, RAIL, SCHOOL = (
    SERVICE_INDEX[name] for name in ("loan", "job", "flight", "high-speed-rail", "school-place")
)
C_ATTEMPTS, C_REFUSED, C_ELSE, C_WAITED = (COUNTER[name] for name in ("attempts", "refused", "refused_else", "waited"))
C_GREEN, C_GREEN_WAITED, C_PLAIN, C_PLAIN_WAITED = (
    COUNTER[name] for name in ("green_attempts", "green_waited", "plain_attempts", "plain_waited")
)
C_PERKS = COUNTER["perks"]
C_LISTED_ATTEMPTS, C_LISTED_REFUSED = COUNTER["listed_attempts"], COUNTER["listed_refused"]


@kernel
def needed_service(town, i):
    """Which service the month's need is for; the lane has named the resident a candidate. -1 for none."""
    plan, person = town.plan, town.people[i]
    watch, space = town.watch[i], town.space
    band = age_band(person.age)
    word_ = word(space.keys[P_SERVICE], space.first + i)
    x = (high(word_) * np.int64(watch.need)) >> 16
    if x >= plan.need_total[band]:
        return -1
    k = np.int64(plan.need_first[band, x >> plan.need_shift[band]])
    while x >= plan.need_cumulated[band, k]:
        k += 1
    s = plan.need_services[k]
    if s == SCHOOL and person.traits & HAS_CHILD == 0 and not has_child(town, i):
        return -1
    return s


@kernel
def has_child(town, i):
    """Whether the next of kin of resident ``i`` is a minor, who goes to the school that ``i`` asks for."""
    j = kin_of(town, i)
    return j >= 0 and town.people[j].age < ADULT


@kernel
def age_band(age):
    """0 minors, 1 up to 29, 2 up to 44, 3 up to 59, 4 older."""
    return np.int64(age >= ADULT) + np.int64(age >= 30) + np.int64(age >= 45) + np.int64(age >= 60)


@kernel
def attempt(town, i, month, s, doors, luck):
    """One attempt at service ``s``; returns whether it was served."""
    plan, person = town.plan, town.people[i]
    otherwise = low(luck) < plan.service_refusal[s, person.file]
    return attempt_judged(town, i, month, s, doors, luck, otherwise)


@kernel
def attempt_judged(town, i, month, s, doors, luck, otherwise):
    """One attempt, which is refused ``otherwise`` where no door refuses it."""
    plan, person = town.plan, town.people[i]
    totals, space = town.totals, town.space
    if person.attempts < TOP16:
        person.attempts += 1
    if person.asked < TOP8:
        person.asked += 1
    space.barred = 0
    totals.counts[C_ATTEMPTS] += 1
    listed = person.lists & plan.lists_adverse != 0
    totals.counts[C_LISTED_ATTEMPTS] += listed
    wait = plan.service_wait[s]
    standing = PLAIN
    refused = False
    saved = np.int64(0)
    if doors != 0:
        for at in range(plan.service_start[s], plan.service_start[s + 1]):
            d = plan.service_doors[at]
            if doors & (np.int64(1) << d) == 0:
                continue
            effect = plan.door_effect[d]
            if effect == CLOSED:
                refused = True
            elif effect == NARROWED:
                refused = refused or high(again(luck, s)) < plan.door_share[d]
            elif effect == SLOWED:
                wait = (wait * plan.door_times[d]) >> 8
                standing = HELD_UP
            elif effect == OPENED:
                wait = (wait * plan.door_times[d]) >> 8
                standing = GREEN if standing == PLAIN else standing
            saved = max(saved, plan.door_saves[d])
    if refused:
        space.barred = 1
        if person.refused < TOP16:
            person.refused += 1
        if person.barred < TOP8:
            person.barred += 1
        totals.counts[C_REFUSED] += 1
        totals.counts[C_LISTED_REFUSED] += listed
        totals.services[s, HELD_UP, SERVICE_TRIED] += 1
        totals.services[s, HELD_UP, SERVICE_REFUSED] += 1
        note(town, month, i, EVENT_ATTEMPT, s, Outcome.REFUSED, 0, 0)
        return False
    totals.services[s, standing, SERVICE_TRIED] += 1
    if otherwise:
        if person.refused_else < TOP16:
            person.refused_else += 1
        totals.counts[C_ELSE] += 1
        totals.services[s, standing, SERVICE_REFUSED_ELSE] += 1
        note(town, month, i, EVENT_ATTEMPT, s, Outcome.REFUSED_ELSE, 0, 0)
        return False
    space.wait = wait
    totals.services[s, standing, SERVICE_WAITED] += wait
    totals.counts[C_WAITED] += wait
    person.waited = min(TOP16, np.int64(person.waited) + wait)
    if plan.service_opened[s]:
        if standing == GREEN:
            totals.counts[C_GREEN] += 1
            totals.counts[C_GREEN_WAITED] += wait
        elif standing == PLAIN:
            totals.counts[C_PLAIN] += 1
            totals.counts[C_PLAIN_WAITED] += wait
    note(town, month, i, EVENT_ATTEMPT, s, Outcome.SERVED, wait, standing)
    if saved > 0:
        space.saved += saved
        totals.counts[C_PERKS] += saved
        note(town, month, i, EVENT_PERK, s, saved, 0, 0)
    return True


@kernel
def attempts(town, i, month, candidate):
    """The month's needs of one resident, and what closed doors do to circumstances."""
    plan, person = town.plan, town.people[i]
    space = town.space
    doors = in_force(town, i, kin_of(town, i))
    if candidate:
        s = needed_service(town, i)
        if s >= 0 and s != JOB:
            luck = again(word(space.keys[P_SERVICE], space.first + i), 1)
            if s == LOAN and plan.lending:
                bad = judged_bad(town, i, month, luck)
                served = attempt_judged(town, i, month, s, doors, luck, bad)
                request(town, i, month, served)
            else:
                served = attempt(town, i, month, s, doors, luck)
            if plan.responses and (space.barred != 0 or plan.service_gives[s]):
                follow_up(town, i, month, s, served)
            if plan.responses and served and s == LOAN and person.judged == 0:
                if person.arrears == 0:
                    person.loan = min(TOP16, np.int64(person.loan) + plan.circumstances_loan_size)
                else:
                    person.arrears = 0  # refinanced
    travel = plan.service_closed[FLIGHT] | plan.service_closed[RAIL]
    if person.work == UNEMPLOYED:
        luck = word(space.keys[P_JOB], space.first + i)
        openings = plan.circumstances_job_found
        if person.traits & MISSED_SCHOOL and plan.responses:
            openings = (openings * (256 - plan.aftermath_school)) >> 8
        if high(luck) < openings:
            hired = attempt(town, i, month, JOB, doors, again(luck, 1))
            if hired or not plan.responses:
                person.work = EMPLOYED
                note(town, month, i, EVENT_WORK, EMPLOYED, 0, 0, 0)
    elif plan.responses and person.work == EMPLOYED and doors & travel:
        if high(word(space.keys[P_MOBILITY], space.first + i)) < plan.circumstances_mobility_job_loss:
            lose_work(town, i, month, Loss.DOORS)
    if doors & plan.doors_hinder:
        count_doors(town, i, month, doors)
