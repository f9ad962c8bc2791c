"""Which findings appear, disappear or change from one rule book to another, or with a reform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counterscore.laws.check import Annex, Finding


@dataclass(frozen=True, slots=True)
class Moved:
    """One check whose result differs. ``old`` and ``new`` are results, or why there is none."""

    check: str
    source: str
    limb: str
    old: str
    new: str
    finding: Finding

    @property
    def how(self) -> str:
        """``appears``, ``disappears`` or ``changes``: whether the file now shows the limb, or no longer does."""
        if self.new == "met":
            return "appears"
        return "disappears" if self.old == "met" else "changes"

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "check": self.check,
            "source": self.source,
            "limb": self.limb,
            "old": self.old,
            "new": self.new,
            "how": self.how,
        }


def moved(a: Annex, b: Annex) -> tuple[Moved, ...]:
    """The checks that come out differently in ``b``, those that appear first, then those that disappear."""
    before = {one.check: one for one in a}
    found = []
    for now in b:
        was = before.get(now.check)
        old = "not read" if was is None else was.result or was.standing
        new = now.result or now.standing
        if old != new:
            found.append(Moved(now.check, now.source, now.limb, old, new, now))
    order = ("appears", "disappears", "changes")
    return tuple(sorted(found, key=lambda one: order.index(one.how)))


def grounds_moved(a: Annex, b: Annex) -> tuple[tuple[str, int, int], ...]:
    """Checks with the same result that rest on fewer or more places: (check, places before, places now)."""
    before = {one.check: one for one in a}
    return tuple(
        (now.check, len(before[now.check].shown), len(now.shown))
        for now in b
        if now.check in before and now.result is not None and now.result == before[now.check].result
        and len(now.shown) != len(before[now.check].shown)
    )  # fmt: skip
