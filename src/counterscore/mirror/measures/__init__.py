"""Measures of the mirror: one file each, found by the ``MEASURE`` it offers (``MEASURES`` where two share their rows)."""

from __future__ import annotations

from functools import cache

from counterscore import discovery
from counterscore.errors import UsageError, did_you_mean
from counterscore.mirror.measures._measure import Measure, Rows

__all__ = ["Measure", "Rows", "all_measures", "find_measure"]


@cache
def all_measures() -> tuple[Measure, ...]:
    """All measures, by number."""
    single = discovery.offered("counterscore.mirror.measures", "MEASURE")
    several = discovery.offered("counterscore.mirror.measures", "MEASURES")
    return tuple(sorted([*single, *(one for some in several for one in some)], key=lambda one: _order(one.id)))


def _order(id_: str) -> tuple[int, str]:
    digits = "".join(letter for letter in id_ if letter.isdigit())
    return int(digits), id_


def find_measure(name: str) -> Measure:
    """The measure called ``name``, such as M1; raises ``UsageError`` where there is none."""
    for one in all_measures():
        if name.lower() in {one.id.lower(), one.title.lower()}:
            return one
    close = did_you_mean(name, [one.id for one in all_measures()])
    hint = f"Did you mean {close}?  " if close else ""
    known = ", ".join(f"{one.id} {one.title}" for one in all_measures())
    raise UsageError(f'the mirror has no measure "{name}"', suggestion=f"{hint}All: {known}.")
