"""What a validation is: something the laboratory can recompute, with the value it should come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One value: what it should be, what was found, how far apart they may lie, and who says so."""

    what: str
    expected: float
    found: float
    tolerance: float
    source: str

    @property
    def within(self) -> bool:
        """Whether what was found lies within the tolerance."""
        return abs(self.found - self.expected) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Validation:
    """A set of checks. ``about`` says what they can show and what they cannot."""

    id: str
    title: str
    kind: Literal["closed form", "second reading", "published range", "published result"]
    about: str
    run: Callable[[], list[Check]]
