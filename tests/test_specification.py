"""One description of a run, whichever way it came about: from Python, from the command line, from a record."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.catalog import adopted_from, load_assumptions, load_city_spec, load_regime, synthesize
from counterscore.city import synthesize as of_data
from counterscore.cli import main
from counterscore.errors import RunError, UsageError
from counterscore.provenance import run_record
from counterscore.results import Run
from counterscore.simulation import again, execute, simulate
from counterscore.specification import RunSpec
from tests import worlds

ENGINE = "0" * 64


def _recorded(spec: RunSpec) -> dict[str, object]:
    record = run_record(spec, engine=ENGINE, threads=1, command="")
    told: dict[str, object] = json.loads(json.dumps(record))
    return {name: value for name, value in told.items() if name != "created"}


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from(["beijing-points", "suining-2010", "none"]),
    st.sampled_from([(), ("court-defaulters",), ("weihai-2018", "court-defaulters")]),
    st.booleans(),
    st.integers(1, 1200),
    st.integers(1, 50),
    st.integers(0, 2**63),
    st.booleans(),
    st.booleans(),
    st.floats(0.0, 0.01),
)
def test_a_record_gives_back_the_specification_it_was_made_from(
    regime: str,
    also: tuple[str, ...],
    based: bool,
    months: int,
    replays: int,
    seed: int,
    responses: bool,
    errors: bool,
    untrue: float,
) -> None:
    spec = RunSpec.of(
        load_regime(regime),
        worlds.city(1500, seed=seed),
        also=[load_regime(one) for one in also],
        base=load_regime("none") if based else None,
        assumptions=load_assumptions().with_set(f"errors.untrue={untrue}"),
        months=months,
        replays=replays,
        seed=seed,
        responses=responses,
        errors=errors,
    )
    found = RunSpec.of_record(_recorded(spec))
    assert found.digest() == spec.digest()
    assert _recorded(found) == _recorded(spec)
    assert (found.baseline, found.subjects, found.meeting, found.units) == (
        spec.baseline,
        spec.subjects,
        spec.meeting,
        spec.units,
    )


def test_an_adoption_in_mid_run_comes_back_with_the_record() -> None:
    base = load_regime("none")
    regime = adopted_from(load_regime("weihai-2018"), "2018-07", base=base)
    spec = RunSpec.of(regime, worlds.city(900), base=base, months=12)
    found = RunSpec.of_record(_recorded(spec))
    assert [one.adopted for one in found.regime.stacked()] == [one.adopted for one in regime.stacked()]
    assert (
        found.digest() == spec.digest() != RunSpec.of(load_regime("weihai-2018"), worlds.city(900), months=12).digest()
    )


@pytest.mark.parametrize(
    "other",
    [
        {"months": 13},
        {"replays": 3},
        {"seed": 2},
        {"responses": False},
        {"errors": False},
        {"start": "2019-01"},
        {"assumptions": load_assumptions().with_set("errors.untrue=0.002")},
        {"city": worlds.city(901)},
    ],
)
def test_the_digest_differs_with_everything_that_numbers_depend_on(other: dict[str, object]) -> None:
    spec = RunSpec.of(worlds.town(), worlds.city(900), months=12, replays=2, seed=1)
    assert replace(spec, **other).digest() != spec.digest()  # type: ignore[arg-type]
    assert spec.under("test-town", load_regime("suining-2010")).digest() != spec.digest()


def test_it_is_frozen_and_in_its_ranges() -> None:
    spec = RunSpec.of(worlds.town(), worlds.city(900), months=12)
    with pytest.raises(FrozenInstanceError):
        spec.months = 13  # type: ignore[misc]
    for wrong, said in (
        ({"months": 0}, "months must be 1 to 1200, found 0"),
        ({"months": 1201}, "months must be 1 to 1200, found 1201"),
        ({"replays": 0}, "at least 1 replicate, found 0"),
    ):
        with pytest.raises(UsageError, match=said):
            replace(spec, **wrong)  # type: ignore[arg-type]


def test_command_line_python_and_record_make_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["run", "suining-2010", "--city", "demo", "--residents", "400", "--months", "3", "--replicates", "2"]
    assert main([*typed, "--seed", "5", "--progress", "none", "--quiet", "--out", str(tmp_path / "typed")]) == 0
    capsys.readouterr()

    called = simulate(
        load_regime("suining-2010"),
        synthesize("demo", residents=400, seed=5),
        months=3,
        replays=2,
        seed=5,
        base=load_regime("none"),
        out=tmp_path / "called",
    )
    first = Run(tmp_path / "typed")
    repeated = again(first, tmp_path / "again")
    assert first.digest() == called.digest() == repeated.digest()
    told = [RunSpec.of_record(one.record).digest() for one in (first, called, repeated)]
    assert len(set(told)) == 1


def test_a_record_of_another_version_says_what_is_not_there(tmp_path: Path) -> None:
    run = execute(RunSpec.of(worlds.town(), worlds.city(300), months=2), tmp_path / "run")
    record = json.loads(json.dumps(run.record))
    with pytest.raises(RunError, match="no assumption errors"):
        RunSpec.of_record({**record, "assumptions": {"errors.unheard-of": {"value": 1.0, "given": False}}})
    with pytest.raises(RunError, match="its file has changed"):
        RunSpec.of_record({**record, "city": {**record["city"], "sha256": "0" * 64}})


@pytest.mark.parametrize(("file", "residents", "told"), [(True, 500, "a part firms"), (False, 5, "more residents")])
def test_a_city_without_firms_says_what_would_help(file: bool, residents: int, told: str) -> None:
    """Field: more residents were advised where the file of the city has no firms at all."""
    spec = load_city_spec("county" if file else "demo")
    spec = {name: part for name, part in spec.items() if name != "firms" or not file}
    with pytest.raises(UsageError) as found:
        RunSpec.of(load_regime("market-lists"), of_data(spec, residents=residents, seed=1), months=2, replays=1)
    assert told in found.value.suggestion
    assert ("residents" in found.value.suggestion) == (not file)
