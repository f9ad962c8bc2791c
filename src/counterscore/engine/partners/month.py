# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""The private side of one month, after step 9: joining and leaving, ties, showing, and singles meeting.

Each part first writes down whom this month's draws could move at all, without looking at anybody, and then looks at those.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, who_draws
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import ADULT, AHEAD, CHUNK, COUNTER, SHOWN_ASKED, SHOWN_NEVER
from counterscore.engine.partners.consent import ask, who_may_ask
from counterscore.engine.partners.meeting import meet
from counterscore.engine.partners.ties import count_askers, drop, seek, show, who_may_drop, who_may_show
from counterscore.engine.rows import fetch

P_BOAST, P_SCORE_TIE, P_SEEK = int(Purpose.BOAST), int(Purpose.SCORE_TIE), int(Purpose.SEEK)
C_PART = COUNTER["taking_part"]


@kernel
def private_month(residents, keys, month):
    """Ties rest on what was shown before this month, joining on the ties after it, showing comes last."""
    town = residents.town
    plan, totals, space = town.plan, town.totals, town.space
    n = town.size
    ours = GAMMA * np.uint64(space.first)
    if plan.shown_scheme >= 0 and plan.responses and plan.shown_friends != SHOWN_NEVER:
        for first in range(0, n, CHUNK):
            end = min(n, first + CHUNK)
            found = who_draws(space.keys[P_SEEK] + ours, plan.partners_seek, first, end, space.chosen, 0)
            for k in range(found):
                fetch(town.people, np.int64(space.chosen[min(k + AHEAD, found - 1)]))
                seek(residents, np.int64(space.chosen[k]), month)
        for first in range(0, n, CHUNK):
            found = who_may_drop(town, space.keys[P_SCORE_TIE] + ours, first, min(n, first + CHUNK))
            for k in range(found):
                fetch(town.people, np.int64(space.chosen[min(k + AHEAD, found - 1)]))
                drop(residents, np.int64(space.chosen[k]), month)
    if plan.asks and plan.responses:
        for s in range(plan.askers):
            if plan.scheme_asks[s]:
                for first in range(0, n, CHUNK):
                    found = who_may_ask(town, s, first, min(n, first + CHUNK))
                    for k in range(found):
                        fetch(town.people, np.int64(space.chosen[min(k + AHEAD, found - 1)]))
                        ask(residents, s, np.int64(space.chosen[k]), month)
    shown = plan.shown_friends != SHOWN_NEVER or plan.shown_mates != SHOWN_NEVER
    if plan.shown_scheme >= 0 and plan.responses and shown:
        if plan.shown_friends == SHOWN_ASKED:
            count_askers(residents)
        for first in range(0, n, CHUNK):
            found = who_may_show(town, space.keys[P_BOAST] + ours, first, min(n, first + CHUNK))
            for k in range(found):
                fetch(town.people, np.int64(space.chosen[min(k + AHEAD, found - 1)]))
                show(residents, np.int64(space.chosen[k]), month)
    if plan.asks:
        totals.counts[C_PART] += space.taking_part
    if plan.meeting:
        meet(residents, keys, month)


@kernel
def count_those_taking_part(town):
    """How many take part in the shown scheme as it stands, where it asks for consent."""
    plan, space = town.plan, town.space
    space.taking_part = 0
    s = plan.shown_scheme
    if s >= 0 and plan.scheme_asks[s]:
        for i in range(town.size):
            person = town.people[i]
            space.taking_part += np.int64(person.age >= ADULT) & (np.int64(person.part) >> s) & 1
