"""Steps 4 to 6 of one file, in their order, and what a month on a list comes to."""

from __future__ import annotations

from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    COUNTER,
    FILE_DECIDED,
    FILE_HIDES,
    FILE_KIN,
    FILE_NEWS,
    FILE_SHOWN,
    FILE_SPECIAL,
    FILE_WRONG,
    FLAG_RISEN,
    NO_GRADE,
    TOP16,
    WRONG_FACTUAL,
    WRONG_RULE,
)
from counterscore.engine.partners.ties import may_show
from counterscore.engine.steps.dealings import look_up
from counterscore.engine.steps.doors import doors
from counterscore.engine.steps.listing import border_crossed, entering, fresh_grounds, leaving, next_look, wrongness
from counterscore.engine.steps.scoring import DECIDES, WAITS, add_up, read_file, read_news, scoring
from counterscore.engine.steps.sharing import find_moves

C_LISTED, C_FACTUAL, C_RULE = (COUNTER[name] for name in ("listed", "listed_wrong_factual", "listed_wrong_rule"))


@kernel
def begin_file(town, i):
    """Before step 1: nothing has been performed, recorded or entered this month."""
    plan, space = town.plan, town.space
    space.performed = 0
    space.filed = 0
    space.rescored = 0
    space.entered = 0
    space.glitched = 0
    for s in range(plan.schemes):
        space.news[s] = 0


@kernel
def settle_file(town, i, month):
    """Steps 4 to 6: the file is read, lists are left and entered, doors brought up to date.

    Returns whether the whole file was added up.
    """
    plan, person = town.plan, town.people[i]
    watch, space = town.watch[i], town.space
    had = person.grade[0]
    known = 0
    added_up = True
    space.bars = 0
    find_moves(town, i)
    if read_news(town, i, month):
        scoring(town, i, month)
        added_up = border_crossed(plan, person)
        if added_up:
            add_up(town, i, month)
            entering(town, i, month)
    else:
        found = read_file(town, i, month)
        if found & DECIDES:
            known |= FILE_DECIDED
        scoring(town, i, month)
        listed = person.lists != 0
        if listed or plan.bars:
            leaving(town, i, month)
        if listed or found & WAITS or fresh_grounds(town, i, month) or border_crossed(plan, person):
            entering(town, i, month)
    special = space.record_doors != 0 or space.bars != 0
    for s in range(plan.schemes):
        special = special or space.caps[s] != 0
    if special:
        known |= FILE_SPECIAL
    doors(town, i, month)
    if plan.public:
        look_up(town, i, month)
    next_look(town, i, month)
    if person.doors & plan.doors_kin != 0:
        known |= FILE_KIN
    if watch.file & FILE_SHOWN and not may_show(plan, person, plan.shown_friends):
        known |= FILE_HIDES
    if person.lists & plan.lists_adverse != 0:
        known |= wrongness(town, i)
    watch.file = known | (watch.file & (FILE_NEWS | FILE_SHOWN))
    if person.grade[0] < had and had != NO_GRADE and plan.shown_scheme < 0:
        watch.flag |= FLAG_RISEN
    return added_up


@kernel
def tally_stay(town, i):
    """Count a month on a list, and whether the listing is wrong."""
    person, watch, totals = town.people[i], town.watch[i], town.totals
    if person.months_listed < TOP16:
        person.months_listed += 1
    totals.counts[C_LISTED] += 1
    wrong = watch.file & FILE_WRONG
    if wrong == WRONG_FACTUAL:
        if person.wrong_factual < TOP16:
            person.wrong_factual += 1
        totals.counts[C_FACTUAL] += 1
    elif wrong == WRONG_RULE:
        if person.wrong_rule < TOP16:
            person.wrong_rule += 1
        totals.counts[C_RULE] += 1
