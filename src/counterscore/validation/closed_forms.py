"""Small rule books whose long run is known by arithmetic, lived by the engine."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from counterscore.catalog import load_assumptions, load_city_spec
from counterscore.city import synthesize
from counterscore.measures import Life
from counterscore.regime.read import parse_regime, read_document
from counterscore.simulation import simulate
from counterscore.validation._validation import Check, Validation

_RATE, _TERM, _MONTHS, _FROM, _RESIDENTS, _REPLAYS = 0.02, 6, 48, 24, 20_000, 2
_READ = ("adults", "listed", "entered")
_BOOK = f"""
format: 1
id: two-states
title: A list of {_TERM} months for littering
place: nowhere
status: scenario
sources: {{a: {{title: made for this check, kind: assumption}}}}
authorities: {{office: {{label: Office, contexts: [residence]}}}}
catalogue: [{{id: litter, label: Littering, act: [littering], authority: office, points: 0, validity: 1 month, source: a, mark: assumed}}]
lists: {{litter: {{label: Littered, enter: record(litter), term: {_TERM} months, leave: [expired], source: a, mark: assumed}}}}
"""


def _run() -> list[Check]:
    assumptions = load_assumptions()
    for path in assumptions.table:
        if path.startswith("acts.") and path.endswith(".rate"):
            assumptions = assumptions.with_set(f"{path}=0")
    for setting in (
        f"acts.littering.rate={_RATE}",
        "acts.littering.detection=1",
        "conduct.conscientiousness=0",
        "conduct.young=1",
        "recording.favour=0",
        "recording.leniency=0",
        "lives.death_at_sixty=0",
        "lives.death_other=0",
    ):
        assumptions = assumptions.with_set(setting)
    city = synthesize(load_city_spec("demo"), residents=_RESIDENTS, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        run = simulate(
            parse_regime(read_document(_BOOK, name="two-states.yaml")),
            city,
            months=_MONTHS,
            replays=_REPLAYS,
            seed=1,
            assumptions=assumptions,
            responses=False,
            errors=False,
            out=Path(folder) / "run",
        )
        lives = [Life(run, run.worlds[0], replay) for replay in run.replays()]
        counts = [{name: life.table("counts")[name].to_numpy()[_FROM:] for name in _READ} for life in lives]
    adults = float(np.mean([one["adults"] for one in counts]))
    listed, entered = (float(np.mean([one[name] / one["adults"] for one in counts])) for name in _READ[1:])
    # On the list for the term, off it for a geometric time of mean (1 - p) / p: a renewal process.
    cycle = _TERM + (1 - _RATE) / _RATE
    own = "renewal process with a fixed term and a constant rate"
    spread = 5 * np.sqrt(_RATE / (adults * _REPLAYS))
    return [
        Check("share of adults listed in the long run", _TERM / cycle, listed, float(spread), own),
        Check("share of adults who enter in a month", 1 / cycle, entered, float(spread), own),
    ]


VALIDATION = Validation(
    id="closed-forms",
    title="A list with a fixed term and a constant rate",
    kind="closed form",
    about="The engine against arithmetic, for a rule book simple enough to have some. Tolerance: about five standard errors.",
    run=_run,
)
