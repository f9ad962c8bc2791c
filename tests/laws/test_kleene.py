"""Strong Kleene logic: the truth tables, and what is still asked for."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from counterscore.laws.kleene import Ask, Limb, Shown, Value, all_of, any_of, met, needs, not_met

F, U, T = Value.NOT_MET, Value.NEEDS, Value.MET
AND = {(F, F): F, (F, U): F, (F, T): F, (U, F): F, (U, U): U, (U, T): U, (T, F): F, (T, U): U, (T, T): T}
OR = {(F, F): F, (F, U): U, (F, T): T, (U, F): U, (U, U): U, (U, T): T, (T, F): T, (T, U): T, (T, T): T}

limbs = st.builds(
    Limb,
    st.sampled_from(Value),
    asks=st.frozensets(st.builds(Ask, st.sampled_from("abc")), max_size=2),
    choices=st.frozensets(st.sampled_from(["by table", "by scale"]), max_size=1),
)


def of(value: Value, name: str = "x") -> Limb:
    return {F: not_met(Shown(name)), U: needs(asks=[Ask(name)]), T: met(Shown(name))}[value]


def test_truth_tables():
    for a, b in product(Value, Value):
        assert all_of(of(a), of(b)).value is AND[a, b]
        assert any_of(of(a), of(b)).value is OR[a, b]
    assert all_of().value is T
    assert any_of().value is F


def test_a_limb_that_settles_it_asks_for_nothing():
    assert all_of(of(F), of(U)).asks == frozenset()
    assert any_of(of(T), of(U)).asks == frozenset()
    assert all_of(of(T), of(U, "a"), of(U, "b")).asks == {Ask("a"), Ask("b")}
    assert any_of(of(F), of(U, "a")).asks == {Ask("a")}
    assert all_of(of(U, "a"), any_of(of(T), of(U, "b"))).asks == {Ask("a")}
    assert all_of(of(U, "a"), any_of(of(F), of(U, "b"))).asks == {Ask("a"), Ask("b")}


def test_what_is_shown_is_what_decided():
    assert [one.text for one in all_of(of(F, "no"), of(T, "yes")).shown] == ["no"]
    assert [one.text for one in any_of(of(F, "no"), of(T, "yes")).shown] == ["yes"]
    assert [one.text for one in all_of(of(T, "one"), of(T, "two")).shown] == ["one", "two"]


@given(st.lists(limbs, max_size=4), st.lists(limbs, max_size=4))
def test_order_and_grouping_do_not_matter(some, others):
    for join in (all_of, any_of):
        whole, turned = join(*some, *others), join(*others[::-1], *some[::-1])
        grouped = join(join(*some), join(*others))
        assert (whole.value, whole.asks, whole.choices) == (turned.value, turned.asks, turned.choices)
        assert (whole.value, whole.asks) == (grouped.value, grouped.asks)


@given(st.lists(limbs, min_size=1, max_size=4))
def test_only_an_open_limb_asks(some):
    for join in (all_of, any_of):
        found = join(*some)
        assert found.value is U or not found.asks
        assert found.asks <= {ask for one in some for ask in one.asks}
