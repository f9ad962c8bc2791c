"""``simulate`` as Python users call it: lengths as people write them, and errors in the caller's words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from counterscore import engine
from counterscore.amounts import months_of
from counterscore.city import City
from counterscore.errors import UsageError
from counterscore.regime.model import Regime
from counterscore.results import Run

MOST_MONTHS = 1200


@wraps(engine.simulate)
def simulate(
    regime: Regime,
    city: City,
    *,
    months: int | str,
    replays: int = 1,
    out: str | Path,
    also: Sequence[Regime] = (),
    base: Regime | None = None,
    **settings: Any,
) -> Run:
    """``engine.simulate``, with ``months`` also as ``"3y"`` and whatever it is given looked at first."""
    length = months_of(months)
    if not 1 <= length <= MOST_MONTHS:
        raise UsageError(f"months must be 1 to {MOST_MONTHS}, found {months}")
    if isinstance(replays, bool) or not isinstance(replays, int) or replays < 1:
        raise UsageError(f"replays must be a whole number of at least 1, found {replays!r}")
    for name, one in (("regime", regime), *(("also", other) for other in also), *((("base", base),) if base else ())):
        if not isinstance(one, Regime):
            raise UsageError(
                f"{name} must be a Regime, found {type(one).__name__} {one!r}"[:160],
                suggestion='Write load_regime("beijing-points"), or read_regime("mine.yaml").',
            )
    if not isinstance(city, City):
        raise UsageError(
            f"city must be a City, found {type(city).__name__} {city!r}"[:160],
            suggestion='Write synthesize("beijing", residents=20_000, seed=1).',
        )
    return engine.simulate(regime, city, months=length, replays=replays, out=out, also=also, base=base, **settings)
