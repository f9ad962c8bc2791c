"""Liu, Dean, Rolf, Simchowitz and Hardt (2018): what a lender's rule does to the scores of those it lends to."""

from __future__ import annotations

import numpy as np

from counterscore.validation._fico import Floats, Group, fico_groups
from counterscore.validation._validation import Check, Validation

_LOSS = -4.0  #: what a default costs the lender, where a repayment earns 1
_UP, _DOWN = 75.0, -150.0  #: what repayment and default do to a score
_LEAST, _MOST = 300.0, 850.0
#: Share of the population, in percent, between 300, 350, 400, … 850: turns percentiles into scores.
_BETWEEN = (2.1, 4.2, 5.4, 6.5, 7.9, 9.6, 12.0, 13.8, 17.0, 15.8, 5.7)
_STEPS = 200_001
_PAPER = "Liu et al. 2018, recomputed with the authors' code"


def _scores(percentiles: Floats) -> Floats:
    edges = np.concatenate([[0.0], np.cumsum(_BETWEEN)])
    return np.asarray(np.interp(percentiles, edges, _LEAST + 50.0 * np.arange(len(edges))), np.float64)


class _Lender:
    """Sums over the highest scores of one group: selected, repayers found, profit, change of the mean score."""

    def __init__(self, group: Group) -> None:
        score = _scores(group.score)
        change = np.clip(group.repaid * _UP + (1 - group.repaid) * _DOWN, _LEAST - score, _MOST - score)
        self.selected = group.selected()
        self.found = group.true_positives()
        self.profit = group.from_the_top(group.repaid + _LOSS * (1 - group.repaid))
        self.change = group.from_the_top(change)


def _run() -> list[Check]:
    groups = fico_groups()
    a, b = groups["Black"], groups["White"]
    share = a.people / (a.people + b.people)
    lenders = (_Lender(a), _Lender(b))
    along = np.linspace(0, 1, _STEPS)

    def best(name: str) -> tuple[float, float, float, float]:
        """Where the lender earns most if the groups are equal in ``name``: selected and change of score of both."""
        earned = share * np.interp(along, getattr(lenders[0], name), lenders[0].profit)
        earned = earned + (1 - share) * np.interp(along, getattr(lenders[1], name), lenders[1].profit)
        at = along[earned.argmax()]
        out = []
        for what in ("selected", "change"):
            out += [float(np.interp(at, getattr(one, name), getattr(one, what))) for one in lenders]
        return out[0], out[1], out[2], out[3]

    free = [int(one.profit.argmax()) for one in lenders]
    found = {
        "most profit": (
            *(float(one.selected[k]) for one, k in zip(lenders, free, strict=True)),
            *(float(one.change[k]) for one, k in zip(lenders, free, strict=True)),
        ),
        "demographic parity": best("selected"),
        "equal opportunity": best("found"),
    }
    expected = {
        "most profit": (0.1677, 0.6634, 8.397, 38.666),
        "demographic parity": (0.5774, 0.5774, -17.142, 35.04),
        "equal opportunity": (0.3561, 0.6249, 6.013, 37.239),
    }
    names = (
        "selected in the smaller group",
        "selected in the larger group",
        "change of mean score, smaller group",
        "change of mean score, larger group",
    )
    return [
        Check(f"{rule}: {name}", value, found[rule][k], 1e-3 if k < 2 else 0.02, _PAPER)
        for rule, values in expected.items()
        for k, (name, value) in enumerate(zip(names, values, strict=True))
    ]


VALIDATION = Validation(
    id="delayed-impact",
    title="Delayed impact of lending rules on the TransRisk tables",
    kind="published result",
    about="A published result of others, recomputed: demographic parity would lower the mean score of the smaller group. "
    "It validates the arithmetic of score changes; it says nothing about any rule book here.",
    run=_run,
)
