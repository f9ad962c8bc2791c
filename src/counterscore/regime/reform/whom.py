"""Which rule books a reform binds, also in words, and whether one has what a change needs."""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.regime.model import Regime
from counterscore.regime.reform.edits import Edit, Reform


def has_part(regime: Regime, edit: Edit) -> bool:
    """Whether a rule book has what a change needs."""
    if edit.of and regime.id not in edit.of:
        return False
    if edit.needs is None:
        return True
    *kinds, part = edit.needs.split()
    return part in regime.document.data and set(kinds) <= {regime.owner, regime.subjects}


def levels_in_words(binds: Sequence[str]) -> str:
    """``provincial and city rule books``; ``every rule book`` where no level is named."""
    *others, last = binds or ("every",)
    return f"{', '.join(others)}{' and ' if others else ''}{last} rule book{'s' if binds else ''}"


def unbound_in_words(reform: Reform, regime: Regime) -> str:
    """``court-defaulters, market-lists (national), sesame-credit (private)``; empty where it binds the whole stack."""
    by_level: dict[str, list[str]] = {}
    for one in reform.unbound(regime):
        by_level.setdefault(str(one.bound_as), []).append(one.id)
    return ", ".join(f"{', '.join(ids)} ({level})" for level, ids in by_level.items())
