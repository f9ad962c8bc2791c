"""Step 9. What residents and their friends make of it: knowing, showing, dropping ties.

Deterrence, holding back, gaming and strain act in step 2 of the next month, through what is known and
which doors are closed now. Here: who enters a published list is talked about; some friends drop the tie;
who reaches a top grade may show it. A tie belongs to one of its ends (``engine.friends``) and its luck is found
there, so both ends see the same decision.
"""

from __future__ import annotations

from counterscore.engine.draws import Purpose, again, high, word
from counterscore.engine.friends import TIES, edge_of, friend, owner_of, seen_from_there
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    ADULT,
    COUNTER,
    EVENT_SHOWN,
    EVENT_TIE,
    FLAG_ENTERED,
    FLAG_NAMED,
    FLAG_RISEN,
    KNOWS_BY_LISTING,
    KNOWS_FROM_FRIEND,
    TOP8,
    Tie,
)
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.rights import learn

P_TIE, P_TOLD, P_SHOW = int(Purpose.TIE), int(Purpose.TOLD), int(Purpose.SHOW)
C_TIES, C_SHOWN = COUNTER["ties_lost"], COUNTER["shown"]


@kernel
def response(town, i, month):
    """Friends hear, show and drop."""
    plan, person = town.plan, town.people[i]
    watch, totals, space = town.watch[i], town.totals, town.space
    if not plan.responses:
        return
    entered = watch.flag & FLAG_NAMED != 0
    risen = watch.flag & FLAG_RISEN != 0
    if watch.flag & FLAG_ENTERED:
        learn(town, i, month + 1, month, KNOWS_BY_LISTING, 0)
    shows = False
    if risen and watch.aware <= month and person.age >= ADULT:
        shows = high(word(space.keys[P_SHOW], space.first + i)) < plan.response_show
        if shows:
            if person.shown < TOP8:
                person.shown += 1
            totals.counts[C_SHOWN] += 1
            note(town, month, i, EVENT_SHOWN, person.grade[0], 0, 0, 0)
    if not (entered or shows):
        return
    for k in range(TIES):
        j = friend(town, i, k)
        if j < 0:
            continue
        owner, edge = owner_of(i, j, k), edge_of(k)
        if high(again(word(space.keys[P_TOLD], space.first + i), k)) < plan.response_told:
            learn(town, j, month + 1, month, KNOWS_FROM_FRIEND, i)
        if entered and high(again(word(space.keys[P_TIE], space.first + owner), edge)) < plan.response_tie:
            other = town.people[j]
            person.ties &= ~(1 << k) & 65535
            other.ties &= ~(1 << seen_from_there(k)) & 65535
            if person.ties_lost < TOP8:
                person.ties_lost += 1
            if other.ties_lost < TOP8:
                other.ties_lost += 1
            totals.counts[C_TIES] += 1
            note(town, month, i, EVENT_TIE, j, Tie.LOST, 0, 0)
            note(town, month, j, EVENT_TIE, i, Tie.DROPPED, 0, 0)
