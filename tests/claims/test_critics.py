"""Claims of the critics can hold and can fail: one setting within the ranges of assumptions in which each does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterscore.catalog import load_assumptions
from counterscore.claims import load_claim
from counterscore.measures import Life, find_measure
from counterscore.simulation import simulate
from tests import worlds

LAWFUL = ("critical-post", "political-reading", "critical-reading", "allegiance-shown", "blocking-avoided", "leisure-purchase", "long-gaming")  # fmt: skip
#: The claim, a setting in which it holds and one in which it fails; "low" is the lower end of a range, "high" the upper.
SETTINGS = {
    "control-over-whole-lives": (
        {"errors.untrue": "high", "errors.mix_up": "high", "rights.appeal_wrong": "low"},
        {"errors.untrue": "low", "errors.mix_up": "low"},
    ),
    "people-hold-back": (
        {"response.awareness": "high", "response.chilling": "high", "response.severe": "low"},
        {},
    ),
    "reading-widens-control": (
        {},
        {f"acts.{act}.{what}": "low" for act in LAWFUL for what in ("rate", "detection")},
    ),
}


RARE = frozenset({"control-over-whole-lives"})  #: about ten in ten thousand: of 8,000 one more or less decides


@pytest.mark.parametrize("name", SETTINGS)
def test_it_holds_and_it_fails(name: str, tmp_path: Path) -> None:
    claim = load_claim(name)
    assert claim.world is not None
    assert claim.measure is not None
    assert claim.supported_if is not None
    measure = find_measure(claim.measure)
    found = []
    for n, setting in enumerate(SETTINGS[name]):
        assumptions = load_assumptions()
        for path, end in setting.items():
            row = assumptions.table[path]
            value = row.low if end == "low" else row.high
            assert value is not None
            assumptions = assumptions.with_value(path, value)
        run = simulate(
            claim.world.load(),
            worlds.city(12_000 if name in RARE else 8000),
            base=claim.against.load() if claim.against else None,
            months=claim.setting.months,
            assumptions=assumptions,
            out=tmp_path / str(n),
        )
        values = []
        for replay in run.replays():
            here = measure.compute(Life(run, run.worlds[0], replay), None, None)[0]
            there = measure.compute(Life(run, str(run.baseline), replay), None, None)[0] if claim.against else None
            assert here is not None
            values.append(here if there is None else here - there if claim.what == "difference" else here / there)
        mean = float(np.mean(values))
        found.append(claim.supported_if.side_of(mean, mean))
    assert found == [True, False]
