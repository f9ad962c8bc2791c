# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""The private side of one month, after step 9: joining and leaving, ties, showing, and singles meeting."""

from __future__ import annotations

from counterscore.engine.kernel import kernel
from counterscore.engine.partners.consent import ask
from counterscore.engine.partners.meeting import meet
from counterscore.engine.partners.ties import drop, seek, show


@kernel
def private_month(P, S, H, Q, T, V, E, X, keys, month):
    """Ties rest on what was shown before this month, joining on the ties after it, showing comes last."""
    n = S.shape[0]
    if P.shown_scheme >= 0 and P.responses:
        for i in range(n):
            if S[i].age >= 18:
                seek(P, S, H, Q, T, E, X, i, month)
        for i in range(n):
            drop(P, S, H, Q, T, E, X, i, month)
    if P.asks:
        for i in range(n):
            if S[i].age >= 18:
                ask(P, S, H, Q, T, E, X, i, month)
    if P.shown_scheme >= 0 and P.responses:
        for i in range(n):
            if S[i].age >= 18:
                show(P, S, H, Q, T, E, X, i, month)
    if P.meeting:
        meet(P, S, H, Q, T, V, E, X, keys, month)
