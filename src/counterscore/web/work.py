"""What helpers are asked to do: each asks one module and gives plain data back."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def overview(run: Path) -> dict[str, Any]:
    """The paragraph about a run."""
    from counterscore import paired
    from counterscore.results import Run

    found = Run(run)
    return {"prose": paired.prose(found), "problems": list(found.problems())}
