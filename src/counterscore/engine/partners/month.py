# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""The private side of one month, after step 9: joining and leaving, ties, showing, and singles meeting.

Each part first writes down whom this month's draws could move at all, without looking at anybody, and then looks at those.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import GAMMA, Purpose, who_draws
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import AHEAD, CHUNK, COUNTER
from counterscore.engine.partners.consent import ask, who_may_ask
from counterscore.engine.partners.meeting import meet
from counterscore.engine.partners.ties import drop, seek, show, who_may_drop, who_may_show
from counterscore.engine.rows import fetch

P_BOAST, P_SCORE_TIE, P_SEEK = int(Purpose.BOAST), int(Purpose.SCORE_TIE), int(Purpose.SEEK)
C_PART = COUNTER["taking_part"]


@kernel
def private_month(P, S, H, Q, K, U, T, V, E, X, keys, month):
    """Ties rest on what was shown before this month, joining on the ties after it, showing comes last."""
    n = S.shape[0]
    ours = GAMMA * np.uint64(X.first)
    if P.shown_scheme >= 0 and P.responses:
        for first in range(0, n, CHUNK):
            end = min(n, first + CHUNK)
            found = who_draws(X.keys[P_SEEK] + ours, P.partners_seek, first, end, X.chosen, 0)
            for k in range(found):
                fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
                seek(P, S, H, Q, T, E, X, np.int64(X.chosen[k]), month)
        for first in range(0, n, CHUNK):
            found = who_may_drop(P, X, X.keys[P_SCORE_TIE] + ours, first, min(n, first + CHUNK))
            for k in range(found):
                fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
                drop(P, S, H, Q, T, E, X, np.int64(X.chosen[k]), month)
    if P.asks and P.responses:
        for s in range(P.askers):
            if P.scheme_asks[s]:
                for first in range(0, n, CHUNK):
                    found = who_may_ask(P, X, s, first, min(n, first + CHUNK))
                    for k in range(found):
                        fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
                        ask(P, S, H, Q, K, T, E, X, s, np.int64(X.chosen[k]), month)
    if P.shown_scheme >= 0 and P.responses:
        for first in range(0, n, CHUNK):
            found = who_may_show(P, H, X, X.keys[P_BOAST] + ours, first, min(n, first + CHUNK))
            for k in range(found):
                fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
                show(P, S, H, Q, T, E, X, np.int64(X.chosen[k]), month)
    if P.asks:
        T.counts[C_PART] += X.taking_part
    if P.meeting:
        meet(P, S, H, Q, U, T, V, E, X, keys, month)


@kernel
def count_those_taking_part(P, S, X):
    """How many take part in the shown scheme as it stands, where it asks for consent."""
    X.taking_part = 0
    s = P.shown_scheme
    if s >= 0 and P.scheme_asks[s]:
        for i in range(S.shape[0]):
            X.taking_part += np.int64(S[i].age >= 18) & (np.int64(S[i].part) >> s) & 1
