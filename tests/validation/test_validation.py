"""The laboratory's own checks come out, and would say so if they did not."""

from __future__ import annotations

import pytest

from counterscore.errors import UsageError
from counterscore.validation import Check, all_validations, delayed_impact, find_validation
from counterscore.validation._fico import fico_groups

NAMES = [one.id for one in all_validations() if one.id != "zoo"]  # tests/validation/test_zoo.py lives it


def test_there_are_some() -> None:
    assert {
        "closed-forms",
        "court-list",
        "delayed-impact",
        "equal-opportunity",
        "firm-ratings",
        "private-score",
        "second-readings",
    } <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_within_its_tolerance(name: str) -> None:
    checks = find_validation(name).run()
    assert checks
    for check in checks:
        assert check.source
        assert check.as_told, f"{check.what}: {check.found} instead of {check.expected}"


def test_a_value_outside_is_told() -> None:
    assert not Check("x", 1.0, 1.2, 0.1, "").within


def test_the_tables_are_whole() -> None:
    groups = fico_groups()
    assert {name: int(one.people) for name, one in groups.items()} == {
        "White": 133165,
        "Black": 18274,
        "Hispanic": 14702,
        "Asian": 7906,
    }
    for one in groups.values():
        assert one.share.sum() == pytest.approx(1)
        assert ((one.repaid >= 0) & (one.repaid <= 1)).all()


def test_a_loss_that_does_not_count_changes_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delayed_impact, "_LOSS", -1.0)
    assert not all(check.within for check in find_validation("delayed-impact").run())


def test_names_that_do_not_exist() -> None:
    with pytest.raises(UsageError) as told:
        find_validation("delayed-impct")
    assert "Did you mean delayed-impact" in told.value.suggestion
