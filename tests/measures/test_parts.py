"""A measure worked out from parts of a run is that of the whole."""

from __future__ import annotations

import math

import pytest

from counterscore import measures
from counterscore.catalog import load_regime
from counterscore.measures import Life, all_measures, inapplicable, measure, value_of
from counterscore.measures._measure import Averaged
from counterscore.measures._parts import in_parts
from counterscore.results import Run
from counterscore.results import run as run_
from counterscore.simulation import execute
from counterscore.specification import RunSpec
from tests import worlds


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Sixteen subdistricts with all kinds of rule books."""
    regime, base = load_regime("beijing-points"), load_regime("none")
    spec = RunSpec.of(regime, worlds.city(66_000, seed=2), base=base, assumptions=worlds.busy(), months=14, seed=2)
    return execute(spec, tmp_path_factory.mktemp("large") / "run", threads=2)


def test_every_measure_is_the_same_in_parts(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    life, base = Life(large, "beijing-points", 0), Life(large, "none", 0)
    in_pieces, apart = [], []
    for one in all_measures():
        if inapplicable(one, life, base):
            continue
        value, basis = one.compute(life, None, base)
        found = in_parts(one, life, base)
        if found is None:
            continue
        in_pieces.append(one.id)
        same = (value is None) == (found[0] is None) and math.isclose(basis, found[1], rel_tol=1e-9)
        if not same or (value is not None and not math.isclose(value, float(found[0] or 0), rel_tol=1e-9)):
            apart.append((one.id, (value, basis), found))
    assert not apart
    assert len(in_pieces) > 20
    assert {"listed_ever", "misconduct", "wrongly_listed_factual", "refusals"} & set(in_pieces)


def test_a_nation_is_measured_in_parts(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measure(large, "listed_ever", world="beijing-points")[0].value
    monkeypatch.setattr(measures, "_NATION", 10_000)
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    again = Run(large.path)
    life = Life(again, "beijing-points", 0)
    found = value_of(next(one for one in all_measures() if one.id == "listed_ever"), life, None)
    assert isinstance(found, Averaged)
    assert not life._columns
    assert found[0] == pytest.approx(whole, rel=1e-12)
