"""What holds of every ledger: sums, order within a month, monotony, and sources of every change."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.regime.ledger import Ledger, Step
from counterscore.regime.model import Regime
from tests.regime.books import ARREARS, BLOOD, DRUNK, TICKET, VOLUNTEER, a_list, door, rec, regime, row

ACTS = (TICKET, DRUNK, ARREARS, BLOOD, VOLUNTEER)
MONTHS = 18
record_months = st.lists(st.lists(st.sampled_from(ACTS), max_size=3), min_size=MONTHS, max_size=MONTHS)
row_points = st.fixed_dictionaries({act: st.integers(-400, 400) for act in ACTS})
row_validity = st.fixed_dictionaries({act: st.one_of(st.none(), st.integers(1, 12)) for act in ACTS})


def rules_of(points_of: dict[str, int], validity: dict[str, int | None], **parts: Any) -> Regime:
    rows = []
    for act, value in points_of.items():
        months = validity[act]
        rows.append(row(act, points=value, **({"validity": f"{months} months"} if months else {})))
    return regime(*rows, **parts)


def scores(rules: Regime, months: list[list[str]]) -> list[int]:
    ledger = Ledger(rules)
    out = []
    for month, acts in enumerate(months):
        ledger.month(month, [rec(act) for act in acts])
        out.append(ledger.score60("town"))
    return out


@settings(deadline=None, max_examples=60)
@given(row_points, row_validity, record_months)
def test_the_score_is_the_held_sum_of_what_counts(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    found = scores(rules_of(points_of, validity), months)
    for month, score60 in enumerate(found):
        total = 1000
        for made, acts in enumerate(months[: month + 1]):
            total += sum(points_of[act] for act in acts if month < made + (validity[act] or 10_000))
        assert score60 == 60 * max(0, min(1300, total))


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months, st.randoms(use_true_random=False))
def test_the_order_within_a_month_does_not_matter(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]], luck: Any
) -> None:
    rules = rules_of(
        points_of,
        validity,
        lists={"low": a_list(f"score < 700 or record({DRUNK})", "4 months")},
        doors=[door("d", "grade C or worse"), door("l", "list low"), door("r", f"record {TICKET}")],
    )
    first, second = Ledger(rules), Ledger(rules)
    for month, acts in enumerate(months):
        mixed = luck.sample(acts, len(acts))
        first.month(month, [rec(act) for act in acts])
        second.month(month, [rec(act) for act in mixed])
        assert first.state() == second.state()


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months)
def test_halving_what_is_lost_never_lowers_the_score(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    halved = {act: value if value > 0 else -(-value // 2) for act, value in points_of.items()}
    before, after = (scores(rules_of(one, validity), months) for one in (points_of, halved))
    assert all(one <= other for one, other in zip(before, after, strict=True))


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months)
def test_every_change_names_its_rule_and_follows_from_the_step_before(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    rules = rules_of(
        points_of,
        validity,
        lists={"low": a_list(f"score < 700 or records({DRUNK}, 2 in 3 months)", "4 months")},
        doors=[door("d", "grade C or worse"), door("l", "list low"), door("r", f"record {TICKET}")],
    )
    ledger = Ledger(rules)
    last = ledger.state()
    for month, acts in enumerate(months):
        steps: list[Step] = ledger.month(month, [rec(act) for act in acts])
        for step in steps:
            changed = [
                step.state.score60 != last.score60 or step.grade != last.grade,
                step.lists != last.lists,
                step.rule in ("d", "l", "r"),
            ]
            assert sum(changed) <= 1
            if any(changed):
                assert step.rule
            if changed[0]:
                assert f"{last.score}" in step.what or f"grade {last.grade}" in step.what
            last = step.state
        assert ledger.state() == last


@settings(deadline=None, max_examples=40)
@given(row_points, row_validity, record_months)
def test_months_may_be_skipped(
    points_of: dict[str, int], validity: dict[str, int | None], months: list[list[str]]
) -> None:
    rules = rules_of(
        points_of, validity, lists={"low": a_list("score < 700", "4 months")}, score={"update": "5 months"}
    )
    each, skipping = Ledger(rules), Ledger(rules)
    steps, jumped = [], []
    for month, acts in enumerate(months):
        steps += each.month(month, [rec(act) for act in acts])
        if acts:
            jumped += skipping.month(month, [rec(act) for act in acts])
    if months[-1]:
        assert steps == jumped
        assert each.state() == skipping.state()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.booleans(), min_size=90, max_size=90), st.integers(1, 30), st.integers(1, 60))
def test_a_stay_is_never_longer_than_its_limit(breaches: list[bool], by: int, at_most: int) -> None:
    extend = {"on": [DRUNK], "by": f"{by} months", "at_most": f"{at_most} months"}
    rule = a_list(f"record({TICKET})", "12 months", extend=extend)
    ledger = Ledger(regime(row(TICKET), row(DRUNK), score=None, lists={"seen": rule}))
    ledger.month(0, [rec(TICKET)])
    stay = 1
    for month, breach in enumerate(breaches, start=1):
        ledger.month(month, [rec(DRUNK)] if breach else ())
        stay += bool(ledger.lists())
    assert 12 <= stay <= max(12, at_most)
