"""The laboratory's own checks: closed forms, second readings, published ranges and published results of others.

One file each, found by the ``VALIDATION`` it offers.
"""

from __future__ import annotations

from functools import cache

from counterscore import discovery
from counterscore.errors import UsageError, did_you_mean
from counterscore.validation._validation import Check, Validation

__all__ = ["Check", "Validation", "all_validations", "find_validation"]


@cache
def all_validations() -> tuple[Validation, ...]:
    """All validations, by id."""
    return tuple(sorted(discovery.offered("counterscore.validation", "VALIDATION"), key=lambda one: one.id))


def find_validation(name: str) -> Validation:
    """The validation called ``name``; raises ``UsageError`` where there is none."""
    for one in all_validations():
        if one.id == name:
            return one
    known = [one.id for one in all_validations()]
    close = did_you_mean(name, known)
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'no validation is called "{name}"', suggestion=f"{hint}All: {', '.join(known)}.")
