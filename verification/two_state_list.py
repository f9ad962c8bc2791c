"""A list of fixed term with a constant rate of entry, against its exact law.

Each adult commits one recorded act a month with chance p, and enters a list of K months at the first of them that
finds the adult off the list. So "months left on the list" is a Markov chain, and the number of months spent on the
list within a run has a law that is worked out here step by step, without the engine. Compared are that law
(chi-square over residents), the share listed in the long run, K / (K + (1 - p) / p), and the share who enter.

    python verification/two_state_list.py            # about a minute on one core
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import stats

from counterscore.catalog import load_assumptions, load_city_spec
from counterscore.city import synthesize
from counterscore.engine.layout import COUNTER
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import live_world
from counterscore.regime.read import parse_regime, read_document

RATE, TERM, MONTHS, WARM, RESIDENTS, REPLAYS = 0.02, 6, 60, 24, 60_000, 5
BOOK = f"""
format: 1
id: two-states
title: A list of {TERM} months for littering
place: nowhere
status: scenario
sources: {{a: {{title: made for this check, kind: assumption}}}}
authorities: {{office: {{label: Office, contexts: [residence]}}}}
catalogue: [{{id: litter, label: Littering, act: [littering], authority: office, points: 0, validity: 1 month, source: a, mark: assumed}}]
lists: {{litter: {{label: Littered, enter: record(litter), term: {TERM} months, leave: [expired], source: a, mark: assumed}}}}
"""


def exact_law() -> np.ndarray:
    """The chance of 0, 1, … MONTHS months on the list within the run."""
    state = np.zeros((TERM + 1, MONTHS + 1))  # months left on the list, months spent on it
    state[0, 0] = 1
    for _ in range(MONTHS):
        after = np.zeros_like(state)
        for left in range(TERM + 1):
            if left > 1:  # still on the list this month
                after[left - 1, 1:] += state[left, :-1]
            else:  # off it, or its term ends now: a record this month enters
                after[TERM, 1:] += RATE * state[left, :-1]
                after[0] += (1 - RATE) * state[left]
        state = after
    return state.sum(axis=0)


def main() -> int:
    """Print each comparison; 1 where one is off."""
    assumptions = load_assumptions()
    for path in assumptions.table:
        if path.startswith("acts.") and path.endswith(".rate"):
            assumptions = assumptions.with_set(f"{path}=0")
    for setting in (
        f"acts.littering.rate={RATE}",
        "acts.littering.detection=1",
        "conduct.conscientiousness=0",
        "conduct.young=1",
        "recording.favour=0",
        "recording.leniency=0",
        "lives.death_at_sixty=0",
        "lives.death_other=0",
    ):
        assumptions = assumptions.with_set(setting)
    city = synthesize(load_city_spec("demo"), residents=RESIDENTS, seed=1)
    plan = compile_plan(
        parse_regime(read_document(BOOK, name="two-states.yaml")).stacked(),
        assumptions,
        seed=1,
        responses=False,
        errors=False,
    )
    grown = city.people(0)["age"] >= 18
    spent, listed, entered = np.zeros(MONTHS + 1), [], []
    for replay in range(REPLAYS):
        result = live_world(Plans(plan), city, months=MONTHS, seed=1, replay=replay)
        counts = result.totals["counts"][WARM:]
        listed.append(float((counts[:, COUNTER["listed"]] / counts[:, COUNTER["adults"]]).mean()))
        entered.append(float((counts[:, COUNTER["entered"]] / counts[:, COUNTER["adults"]]).mean()))
        columns = next(iter(result.outcomes(plan)))
        spent += np.bincount(columns["months_listed"][: len(grown)][grown], minlength=MONTHS + 1)
    law = exact_law() * spent.sum()
    some = law >= 5
    found, wanted = (np.append(part[some], part[~some].sum()) for part in (spent, law))
    chi2 = float(((found - wanted) ** 2 / wanted).sum())
    p = float(stats.chi2.sf(chi2, len(wanted) - 1))
    cycle = TERM + (1 - RATE) / RATE
    print(f"months on the list, {int(spent.sum()):,} adults: chi-square {chi2:.1f} on {len(wanted) - 1}, p = {p:.3f}")
    worst = p
    for what, seen, expected in (("listed", listed, TERM / cycle), ("entering in a month", entered, 1 / cycle)):
        error = float(stats.sem(seen))
        t = (float(np.mean(seen)) - expected) / error
        q = 2 * float(stats.t.sf(abs(t), len(seen) - 1))
        print(f"share {what} in the long run: {np.mean(seen):.5f}, exact {expected:.5f}, t = {t:+.2f}, p = {q:.3f}")
        worst = min(worst, q)
    return int(worst < 0.001)


if __name__ == "__main__":
    sys.exit(main())
