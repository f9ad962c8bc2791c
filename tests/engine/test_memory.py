"""How much memory a resident takes, counted from the records and not from a clock or a meter."""

from __future__ import annotations

from counterscore.catalog import load_regime
from counterscore.catalog.assume import load_assumptions
from counterscore.engine import layout
from counterscore.engine.plan import compile_plan
from tests import worlds

STATED = {"none": 175, "beijing-points": 322}  #: bytes a resident after five years, as in docs/concepts/speed.md


def test_bytes_of_a_resident_are_as_stated() -> None:
    assert layout.RESIDENT.itemsize + layout.WATCH.itemsize <= 150
    assert layout.PAPER.itemsize <= 24
    for name, most in STATED.items():
        plan = compile_plan(load_regime(name).stacked(), load_assumptions(), seed=1)
        _, result = worlds.live(load_regime(name), residents=20_000, months=60, assumptions=load_assumptions())
        held = [place.bytes_per_resident() for place in result.places]
        assert max(held) <= most, (name, held, int(plan.reserve))
        assert max(held) > layout.RESIDENT.itemsize + layout.WATCH.itemsize
