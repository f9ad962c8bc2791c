"""Any rule book runs in any city: every city file has firms, and residents enough to run public bodies."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.catalog import city_ids, load_regime, regime_ids, synthesize
from counterscore.engine.plan import plans_of
from counterscore.engine.world import settle_in
from counterscore.simulation import simulate
from counterscore.specification import RunSpec


@pytest.mark.parametrize("city", city_ids())
def test_every_rule_book_fits_every_city(city: str) -> None:
    place = synthesize(city, residents=600, seed=1)
    for name in regime_ids():
        spec = RunSpec.of(load_regime(name), place, months=12, base=load_regime("none"))
        plans = plans_of(spec, next(iter(spec.worlds)))
        settled = settle_in(plans, place, 0, seed=1, replay=0)
        assert ("firms" in spec.subjects) == (settled.firms is not None)
        if settled.firms is not None:
            assert len(settled.firms.own) > 0, name
        if settled.bodies is not None:
            assert len(settled.bodies.own) > 0, name
            assert len(settled.bodies.in_office()) == 2 * len(settled.bodies.own), name


@pytest.mark.parametrize(
    ("regime", "city"),
    [("beijing-points", "china-2020"), ("zhejiang-firms", "county"), ("government-integrity", "china-2020")],
)
def test_and_is_lived_there(regime: str, city: str, tmp_path: Path) -> None:
    place = synthesize(city, residents=2_500, seed=1)
    run = simulate(load_regime(regime), place, months=14, base=load_regime("none"), out=tmp_path / "run")
    records = {
        name: run.table(f"{name}_counts", run.worlds[0], 0)["records"].to_numpy().sum()
        for name, subject in (("firm", "firms"), ("body", "bodies"))
        if any(part.subjects == subject for part in load_regime(regime).stacked())
    }
    assert records
    assert all(many > 0 for many in records.values()), records
