"""Columns of the tables, and what their meaning says of them."""

from __future__ import annotations

from counterscore.results.tables import NEVER, OR_NEVER, OUTCOMES, RESIDENTS


def test_months_that_may_never_come_are_named_once() -> None:
    """``OR_NEVER`` is what frames leave empty, what is not added up, and what starts at ``NEVER``."""
    assert {field.name for field in (*RESIDENTS, *OUTCOMES) if str(NEVER) in field.meaning} == OR_NEVER
    assert all(field.unit == "month" for field in (*RESIDENTS, *OUTCOMES) if field.name in OR_NEVER)
