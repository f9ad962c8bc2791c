"""What the codes of columns stand for."""

from __future__ import annotations

from counterscore.city import COLUMNS
from counterscore.city.generations import FAMILY_NAMES
from counterscore.results import Run

_CATEGORIES = {column.name: column.categories for column in COLUMNS if column.categories} | {
    "family_name": FAMILY_NAMES
}


def categories(run: Run, column: str) -> tuple[str, ...]:
    """The names of the codes 0, 1, … of a column of residents; empty where it is no code."""
    if column == "district":
        return tuple(run.record["city"]["districts"])
    return tuple(_CATEGORIES.get(column, ()))


def labels(run: Run, column: str) -> str:
    """The codes of a column with their names, in one line: ``0 male; 1 female``."""
    return "; ".join(f"{code} {name}" for code, name in enumerate(categories(run, column)))
