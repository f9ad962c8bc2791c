"""Hardt, Price and Srebro (2016): what each notion of equal treatment costs a lender, on the TransRisk tables."""

from __future__ import annotations

import numpy as np

from counterscore.validation._fico import Floats, fico_groups
from counterscore.validation._validation import Check, Validation

_BREAK_EVEN = 0.82  #: repayment rate at which a loan neither wins nor loses
_STEPS = 100_001
_PAPER = "Hardt, Price, Srebro 2016, figure 11 (recalled)"
_EXACT = "recomputed from the tables with exact randomised cut-offs"


def _run() -> list[Check]:
    groups = fico_groups()
    people = sum(group.people for group in groups.values())
    weights = {name: group.people / people for name, group in groups.items()}
    profit = {name: group.from_the_top(group.repaid - _BREAK_EVEN) for name, group in groups.items()}
    most = sum(weights[name] * float(profit[name].max()) for name in groups)
    same_cut = max(sum(weights[name] * float(profit[name][k]) for name in groups) for k in range(len(profit["White"])))
    along = np.linspace(0, 1, _STEPS)

    def together(what: dict[str, Floats]) -> Floats:
        return np.asarray(
            sum(weights[name] * np.interp(along, what[name], profit[name]) for name in groups), np.float64
        )

    parity = together({name: group.selected() for name, group in groups.items()})
    opportunity = together({name: group.true_positives() for name, group in groups.items()})
    return [
        Check("one cut-off for all: share of the most profit", 0.993, same_cut / most, 0.002, _PAPER),
        Check("equal opportunity: share of the most profit", 0.928, float(opportunity.max()) / most, 0.003, _PAPER),
        Check("demographic parity: share of the most profit", 0.698, float(parity.max()) / most, 0.01, _PAPER),
        Check(
            "equal opportunity: share of repayers selected", 0.7627, float(along[opportunity.argmax()]), 1e-4, _EXACT
        ),
        Check("demographic parity: share selected", 0.524, float(along[parity.argmax()]), 1e-3, _EXACT),
    ]


VALIDATION = Validation(
    id="equal-opportunity",
    title="Equality of opportunity on the TransRisk tables",
    kind="published result",
    about="A published result of others, recomputed. It validates how the laboratory handles selection by score and by group; "
    "it says nothing about any rule book here.",
    run=_run,
)
