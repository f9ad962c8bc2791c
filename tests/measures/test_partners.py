"""Measures of the private side and of scrutiny, on numbers worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from counterscore.measures import find_measure
from counterscore.measures._scrutiny import rate_ratio
from counterscore.measures.assortativity import newman
from counterscore.regime.vocabulary import OCCUPATIONS


def _sums(ties: list[tuple[int, int]]) -> dict[str, int]:
    ends = [pair for x, y in ties for pair in ((x, y), (y, x))]
    return {
        "ends": len(ends),
        "sum": sum(x for x, _ in ends),
        "squares": sum(x * x for x, _ in ends),
        "products": sum(x * y for x, y in ends),
    }


def test_assortativity_is_the_correlation_over_ends() -> None:
    assert newman(_sums([(600, 600), (700, 700), (800, 800)])) == pytest.approx(1)
    assert newman(_sums([(600, 800), (800, 600)])) == pytest.approx(-1)
    ties = [(600, 640), (700, 650), (800, 790), (500, 720)]
    ends = np.array([pair for x, y in ties for pair in ((x, y), (y, x))], float)
    assert newman(_sums(ties)) == pytest.approx(np.corrcoef(ends.T)[0, 1])
    assert newman(_sums([])) is None
    assert newman(_sums([(600, 600)])) is None


def _life(**columns: Any) -> Any:
    parts = columns.pop("parts")
    return SimpleNamespace(
        record={"parts": parts},
        resident=lambda name: columns[name],
        outcome=lambda name: columns[name],
        private=lambda name: columns[name],
        private_part=parts[0],
        adult_months=columns.get("months"),
        still_there=lambda mask: np.ones(len(columns["occupation"]), bool) if mask is None else mask,
    )


def test_scrutiny_is_measured_at_equal_conduct() -> None:
    """Twice the records in each stratum is two, however the named occupation is spread over the strata."""
    n = 400
    teacher, clerk = OCCUPATIONS.index("teacher"), OCCUPATIONS.index("clerk")
    occupation = np.repeat([teacher, clerk], n)
    acts = np.concatenate([np.repeat([1, 4], [300, 100]), np.repeat([1, 4], [100, 300])])
    records = acts * np.where(occupation == teacher, 2, 1)
    life = _life(occupation=occupation, parts=[{"scrutiny": {"teacher": 1.5}}])
    assert rate_ratio(life, records, acts) == (pytest.approx(2.0), n)
    assert records[:n].mean() / records[n:].mean() < 1.2  # without the strata it would hide
    assert rate_ratio(life, acts, acts)[0] == pytest.approx(1.0)
    nobody = _life(occupation=occupation, parts=[{"scrutiny": {"teacher": 1.0}}])
    assert rate_ratio(nobody, records, acts) == (None, 0.0)


def test_matches_and_views_by_grade() -> None:
    never = 65535
    life = _life(
        occupation=np.zeros(6, int),
        family=np.array([0, 0, 3, 0, 1, 2]),
        private_grade=np.array([0, 0, 1, 255, 0, 0]),
        seen=np.array([6, 4, 2, 3, 50, 50]),
        matched=np.array([3, never, 5, never, never, never]),
        couples=np.array([2, 0, 1, 0, 0, 0]),  # the first parted, and met somebody else
        alone=np.array([6, 12, 6, 12, 0, 0]),
        months=np.full(6, 12),
        parts=[{"grades": ["a", "b"]}],
    )
    base = _life(
        occupation=np.zeros(6, int), matched=np.array([3, 7, 5, 5, never, never]), parts=[{"grades": ["a", "b"]}]
    )
    assert find_measure("seen_best_grade").compute(life, None, None) == (pytest.approx(5 / 2.5), 2.0)
    assert find_measure("matches").compute(life, None, None) == (pytest.approx(1000), 3.0)
    assert find_measure("matches_best_grade").compute(life, None, base) == (pytest.approx(0.5), 2.0)
    assert find_measure("matches_other_grades").compute(life, None, base) == (pytest.approx(0.5), 2.0)


def test_perks_and_who_is_eligible() -> None:
    life = _life(
        occupation=np.zeros(4, int),
        taking_part=np.array([1, 1, 1, 0]),
        private_grade=np.array([0, 1, 2, 255]),
        perks=np.array([99, 0, 0, 0]),
        months=np.array([12, 12, 6, 6]),
        parts=[{"grades": ["a", "b", "c"], "perk_grades": ["a", "b"]}],
    )
    assert find_measure("perks_eligible").compute(life, None, None)[0] == pytest.approx(200 / 3)
    assert find_measure("perks_yuan").compute(life, None, None) == (pytest.approx(33), 3.0)
    assert find_measure("adoption").compute(life, None, None)[0] == pytest.approx(75)


def test_who_has_no_score_yet_is_not_ranked_at_0() -> None:
    """Field: 0.6 of 100 joined in the last month and stood with a score of 0 until the next."""
    seen = {
        "occupation": np.zeros(5, int),
        "taking_part": np.array([1, 1, 1, 1, 1]),
        "private_score": np.array([100, 200, 300, 400, 0]),
        "private_grade": np.array([2, 1, 1, 0, 255]),
        "income": np.array([10, 20, 30, 40, 99]),
        "months": np.full(5, 12),
        "parts": [{"grades": ["a", "b", "c"]}],
    }
    assert find_measure("score_and_wealth").compute(_life(**seen), None, None) == (pytest.approx(1), 4.0)


def test_a_private_score_in_company_is_counted_on_paper() -> None:
    """Six adults: two in the best grade, one of whom shows it; three below, one of whom does; one without."""
    life = SimpleNamespace(
        private=lambda name: np.array(
            {
                "taking_part": [1, 1, 1, 1, 1, 0],
                "private_grade": [0, 0, 1, 2, 1, 255],
                "shows": [1, 0, 1, 0, 0, 0],
                "watchers": [4, 1, 6, 0, 2, 3],
                "below": [1, 0, 4, 0, 0, 0],
                "ties": [8, 3, 9, 0, 5, 2],
                "ties_hidden": [0, 2, 0, 1, 0, 3],
            }[name]
        ),
        still_there=lambda mask: np.ones(6, bool) if mask is None else mask,
        adults=np.ones(6, bool),
        outcome=lambda name: np.zeros(6),
        count=lambda name: {"views": 900, "views_told": 300, "likes": 60, "likes_told": 30}[name],
    )
    values = {
        "score_shown_best": (50.0, 2),
        "score_shown_other": (100 / 3, 3),
        "below_when_shown": (50.0, 10),
        "watched_untold": (75.0, 4),
        "lonely": (500.0, 6),
        "ties_hidden": (1000.0, 6),
        "liked_told": (100.0, 300),
        "liked_untold": (50.0, 600),
    }
    for name, (value, rests_on) in values.items():
        found, number = find_measure(name).compute(life, None, None)
        assert found == pytest.approx(value), name
        assert number == rests_on, name


def test_what_follows_from_doors_is_counted_on_paper() -> None:
    counted = {"businesses_founded": 6, "refusal_costs": 30, "children_refused": 3}
    rows = [
        {"service": "business-licence", "refused": 2, "attempts": 30},
        {"service": "business-licence", "refused": 0, "attempts": 10},
        {"service": "loan", "refused": 9, "attempts": 9},
    ]
    life = SimpleNamespace(count=counted.__getitem__, adult_years=600.0, services=lambda subjects: rows)
    values = {"businesses_founded": 10.0, "refusal_costs": 25.0, "children_refused": 50.0, "businesses_refused": 50.0}
    for name, value in values.items():
        assert find_measure(name).compute(life, None, None)[0] == pytest.approx(value), name
