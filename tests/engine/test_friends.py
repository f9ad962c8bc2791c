"""Who is friends with whom: a small world found at addresses, the same under every rule book."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from counterscore.catalog import load_regime
from counterscore.catalog.assume import Assumptions, load_assumptions
from counterscore.engine.friends import TIES, friends_at, lasting, network_key
from counterscore.engine.layout import FAR, NEAR
from counterscore.engine.plan import compile_plan
from tests import worlds
from tests.reference.friends import Network

SIZE = 4000


def _plan(assumptions: Assumptions | None = None) -> object:
    return compile_plan(load_regime("none").stacked(), assumptions or load_assumptions(), seed=1)


def _plan_of(near: float | None, far: float | None) -> object:
    chosen = load_assumptions()
    for name, value in (("near", near), ("far", far)):
        chosen = chosen if value is None else chosen.with_set(f"friends.{name}={value}")
    return _plan(chosen)


def _network(n: int = SIZE, near: float | None = None, far: float | None = None, seed: int = 7) -> np.ndarray:
    return friends_at(_plan_of(near, far), network_key(seed, 0, 0), n)


def _matrix(found: np.ndarray) -> csr_matrix:
    who, k = np.nonzero(found >= 0)
    return csr_matrix((np.ones(len(who), np.int64), (who, found[who, k])), shape=(len(found), len(found)))


def transitivity(found: np.ndarray) -> float:
    """Of all pairs of friends of somebody, how many are friends: three times the triangles by the triples."""
    a = _matrix(found)
    degree = (found >= 0).sum(axis=1)
    closed = (a @ a).multiply(a).sum()
    return float(closed) / float((degree * (degree - 1)).sum())


def expected_transitivity(near: float, far: float) -> float:
    """Near triangles alone: of pairs of the ten near places, 30 of 45 lie within five of each other."""
    pairs = comb(2 * NEAR, 2) * near**2 + 2 * NEAR * near * FAR * far + comb(FAR, 2) * far**2
    return 30 * near**3 / pairs


@pytest.mark.parametrize(("near", "far"), [(0.65, 0.5), (0.3, 0.1), (0.95, 0.9)])
def test_degrees_and_clustering_are_those_stated(near: float, far: float) -> None:
    found = _network(20_000, near, far)
    degree = (found >= 0).sum(axis=1)
    assert degree.mean() == pytest.approx(2 * NEAR * near + FAR * far, rel=0.01)
    assert degree.var() == pytest.approx(2 * NEAR * near * (1 - near) + FAR * far * (1 - far), rel=0.04)
    near_part, far_part = (
        np.array([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])
        for n, p in ((2 * NEAR, near), (FAR, far))
    )
    expected = np.convolve(near_part, far_part) * len(degree)
    seen = np.bincount(degree, minlength=TIES + 1)
    enough = expected > 20
    assert (np.abs(seen - expected)[enough] < 6 * np.sqrt(expected[enough])).all()
    assert transitivity(found) == pytest.approx(expected_transitivity(near, far), abs=0.01)


def test_the_default_network_is_the_one_the_assumptions_tell() -> None:
    """Eight friends on average, transitivity 0.28, as the note beside ``friends.near`` says."""
    found = _network(20_000)
    assert (found >= 0).sum(axis=1).mean() == pytest.approx(8, abs=0.05)
    assert transitivity(found) == pytest.approx(0.28, abs=0.01)


def test_distances_are_short_though_friends_know_each_other() -> None:
    """A small world: nearly as short as a random network of as many friends, where the ring alone is long."""
    found, ring = _network(), _network(far=0.0)
    lengths = [shortest_path(_matrix(one), unweighted=True, indices=np.arange(0, SIZE, 400)) for one in (found, ring)]
    reached, long_way = (one[np.isfinite(one) & (one > 0)].mean() for one in lengths)
    random = np.log(SIZE) / np.log(8)
    assert reached < 2 * random
    assert long_way > 20 * reached
    assert (np.isfinite(lengths[0])).mean() > 0.99


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 400), seed=st.integers(0, 1000))
def test_friendship_is_mutual_and_with_each_only_once(n: int, seed: int) -> None:
    found = _network(n, near=0.9, far=0.9, seed=seed)
    for i in range(n):
        mine = found[i][found[i] >= 0].tolist()
        assert len(mine) == len(set(mine)), i
        assert i not in mine
        for j in mine:
            assert i in found[j], (i, j)
    plain = Network(_plan_of(0.9, 0.9), n, 0, seed, 0)
    assert [plain.ties(i) for i in range(n)] == [set(np.flatnonzero(row >= 0).tolist()) for row in found]
    forward = friends_at(_plan_of(0.9, 0.9), network_key(seed, 0, 0), n, own=True)
    backward = slice(NEAR, 2 * NEAR)
    assert (np.delete(forward, backward, axis=1) == np.delete(found, backward, axis=1)).all()
    assert (forward[:, backward] == -1).all()


def test_who_is_friends_with_whom_does_not_depend_on_the_rule_book() -> None:
    """The same luck in both worlds: before anything ends a friendship, bit for bit, and whoever follows has the place's."""
    ties = []
    for regime in (worlds.none(), worlds.town(), worlds.club()):
        _, result = worlds.live(regime, months=13, residents=900, responses=False)
        place = result.places[0]
        assert (place.lives.generation > 0).any()
        found = friends_at(_plan(), place.space.friends, 900)
        assert (lasting(found, place.residents["ties"]) == (found >= 0)).all()
        ties.append(found)
    assert (ties[0] == ties[1]).all()
    assert (ties[0] == ties[2]).all()
