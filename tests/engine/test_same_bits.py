"""G1 and G2: luck has an address, and the same inputs give the same bits however the work is cut."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore import luck
from counterscore.engine import draws, layout, world
from counterscore.engine import place as place_
from counterscore.engine.kernel import entry
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import columns_digest, empty_totals, live_until, settle_in
from tests import worlds


def test_known_draws() -> None:
    assert luck.draw32(luck.key("engine/temptation", 1, 2, 3), 4) == 3382931736
    assert luck.mix(0) == 0
    assert luck.mix(luck.GAMMA) == 0xE220A8397B1DCDAF  # first output of SplitMix64 from state 0


def test_purposes_are_unique() -> None:
    keys = draws.purpose_keys(0, 0)
    assert len(set(keys.tolist())) == len(draws.Purpose)


@entry
def _drawn(key, month, person):  # type: ignore[no-untyped-def]
    return draws.high(draws.word(draws.month_key(key, month), person))


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 2**63), st.integers(0, 500), st.integers(0, 1200), st.integers(0, 2**40))
def test_compiled_draws_equal_plain_ones(seed: int, replay: int, month: int, person: int) -> None:
    purpose = draws.Purpose.RECORDING
    with np.errstate(over="ignore"):
        drawn = _drawn(draws.purpose_keys(seed, replay)[purpose], month, np.int64(person))
    assert int(drawn) == luck.draw32(luck.key("engine/recording", seed, replay, month), person)


def test_draws_are_even() -> None:
    lots = luck.draws32(luck.key("test", 7), np.arange(200_000, dtype=np.uint64))
    counts, _ = np.histogram(lots, bins=64, range=(0, 2**32))
    chi2 = ((counts - 200_000 / 64) ** 2 / (200_000 / 64)).sum()
    assert 25 < chi2 < 120  # 63 degrees of freedom


def test_one_thread_and_two() -> None:
    digests = set()
    for threads in (1, 2):
        plan, result = worlds.live(residents=70_000, months=13, threads=threads)
        digests.add((columns_digest(result.outcomes(plan)), result.totals["counts"].tobytes()))
    assert len(digests) == 1


def test_larger_than_memory(tmp_path: Path) -> None:
    """Subdistricts that stay on disk between years: the same bits, and nothing is left behind."""
    plan, held = worlds.live(residents=70_000, months=26)
    _, put_away = worlds.live(residents=70_000, months=26, folder=tmp_path / "aside")
    assert len(list((tmp_path / "aside").iterdir())) == len(put_away.places) == len(held.places) > 1
    assert columns_digest(put_away.outcomes(plan)) == columns_digest(held.outcomes(plan))
    for name, table in held.totals.items():
        assert table.tobytes() == put_away.totals[name].tobytes(), name
    assert held.figures[2].any()
    assert (held.figures == put_away.figures).all()
    put_away.places.close()
    assert not (tmp_path / "aside").exists()


def test_month_by_month_and_short_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Years or months in a call, plenty of room or none to spare: the same bits."""
    plan, whole = worlds.live(months=24)
    monkeypatch.setattr(place_, "INBOX", 0)
    place = settle_in(Plans(plan), worlds.city(), 0, seed=1, replay=0)
    spare = int(plan.reserve) + 8
    place.papers = place_.free_papers(spare)
    place.space.room = spare
    totals = empty_totals(24)
    figures = whole.figures
    for month in range(1, 25):
        live_until(plan, place, totals, draws.purpose_keys(1, 0), figures[(month - 1) // 12], month)
    assert len(place.papers) > spare
    assert columns_digest(iter([world.outcome_columns(plan, place)])) == columns_digest(whole.outcomes(plan))
    assert (totals["counts"] == whole.totals["counts"]).all()


_SMALL = """
import sys; sys.path.insert(0, {root!r})
from tests import worlds
from counterscore.engine.world import columns_digest
plan, result = worlds.live(months=7, residents=120)
print(columns_digest(result.outcomes(plan)), result.totals["counts"].sum())
"""


@pytest.mark.parametrize("many", [0, 2 * layout.N_DISTRICTS, layout.N_FIGURES + 1])
def test_figures_that_a_kernel_would_read_past_are_refused(many: int) -> None:
    plan, _ = worlds.live(months=1, residents=120)
    place = settle_in(Plans(plan), worlds.city(120), 0, seed=1, replay=0)
    with pytest.raises(ValueError, match="figures of shape"):
        live_until(plan, place, empty_totals(1), draws.purpose_keys(1, 0), np.zeros(many, np.int64), 1)


def test_compiled_and_interpreted() -> None:
    root = str(Path(__file__).parents[2])
    out = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", _SMALL.format(root=root)],
            env={**os.environ, "NUMBA_DISABLE_JIT": flag},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for flag in ("0", "1")
    ]
    assert out[0] == out[1]
    assert len(out[0]) > 64


def test_replays_differ_and_seeds_differ() -> None:
    digests = set()
    for seed, replay in ((1, 0), (1, 1), (2, 0), (0, 0)):
        plan, result = worlds.live(months=6, seed=seed, replay=replay)
        digests.add(columns_digest(result.outcomes(plan)))
    assert len(digests) == 4


def test_plan_does_not_depend_on_file_order_of_labels() -> None:
    one = compile_plan(worlds.town().stacked(), worlds.busy(), seed=1)
    other = worlds.regime_of(worlds.TOWN.replace("label: Ticket", "label: Something else"))
    assert one.tobytes() == compile_plan(other.stacked(), worlds.busy(), seed=1).tobytes()


def test_no_field_is_called_as_what_every_record_has() -> None:
    """``record.size`` is NumPy's in Python and the field in a kernel: interpreted and compiled would differ."""
    kinds = {name: kind for name, kind in vars(layout).items() if isinstance(kind, np.dtype) and kind.names}
    assert len(kinds) > 10
    taken = {(name, field) for name, kind in kinds.items() for field in kind.names or () if hasattr(np.record, field)}
    assert not taken
