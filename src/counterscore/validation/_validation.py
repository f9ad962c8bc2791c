"""What a validation is: something the laboratory can recompute, with the value it should come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One value: what it should be, what was found, how far apart they may lie, and who says so.

    ``rule`` "at least" means that a larger value is as good. ``missed`` is why a value is known to lie outside: a
    model that misses a published figure says so, and goes on missing it in the open. None is *not defined*: there was
    nothing to measure, which is not 0.
    """

    what: str
    expected: float | None
    found: float | None
    tolerance: float
    source: str
    rule: Literal["equal", "at least"] = "equal"
    missed: str = ""

    @property
    def within(self) -> bool:
        """Whether what was found lies within the tolerance; what is not defined does where that was expected, and only there."""
        if self.expected is None or self.found is None:
            return self.expected is self.found
        if self.rule == "at least":
            return self.found >= self.expected - self.tolerance
        return abs(self.found - self.expected) <= self.tolerance

    @property
    def as_told(self) -> bool:
        """Whether it lies within, or outside as it is known to."""
        return self.within != bool(self.missed)


@dataclass(frozen=True, slots=True)
class Validation:
    """A set of checks. ``about`` says what they can show and what they cannot."""

    id: str
    title: str
    kind: Literal["closed form", "second reading", "published range", "published result", "planted harm"]
    about: str
    run: Callable[[], list[Check]]
