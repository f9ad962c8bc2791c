"""What options of a run name: worlds, cities and their size, assumptions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counterscore.cli import settings
from counterscore.cli.places import find_city, find_regime, is_file, is_reform, split_ids
from counterscore.cli.screen import Screen
from counterscore.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from counterscore.catalog.assume import Assumptions
    from counterscore.city import City
    from counterscore.regime.model import Regime


def sample_of(city: str) -> int | None:
    """Residents where none are asked for: a sample of a large place, all of a small one."""
    from counterscore.catalog import load_city_spec

    whole = int(load_city_spec(find_city(city))["residents"]["value"])
    return settings.RESIDENTS if whole > settings.RESIDENTS else None


def enough_residents(city: str, *, wish: str, seed: int, screen: Screen) -> int:
    """Residents of a city in which each group of ``ATTRIBUTE[=GROUP,...]`` can be compared; says how many of each."""
    from counterscore.catalog import load_city_spec
    from counterscore.city import residents_for

    name, _, values = wish.partition("=")
    found, counts = residents_for(
        load_city_spec(find_city(city)), name, split_ids([values]), at_least=settings.ENOUGH_OF_A_GROUP, seed=seed
    )
    told = ", ".join(f"{value} {count:,}" for value, count in sorted(counts.items(), key=lambda one: one[1])[:6])
    screen.note(f"{found:,} residents, so that groups of {name} can be compared; the smallest, in adults: {told}.")
    return found


def other_world(text: str, regime: str, reforms: tuple[str, ...]) -> Regime:
    """What ``--also`` names: a regime, or the regime that is run with further reforms."""
    from counterscore.catalog import reform_ids, regime_ids

    names = split_ids([text])
    if names and all(map(is_reform, names)):
        return find_regime(regime, (*reforms, *names))
    if not is_file(text) and text not in regime_ids():
        close = did_you_mean(text.replace("=", "-"), [*reform_ids(), *regime_ids()])
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(
            f'no regime or reform is called "{text}"',
            suggestion=f"{hint}All: counterscore list regimes, counterscore list reforms",
        )
    return find_regime(text)


def baseline_of(base: str, regime: str, reforms: tuple[str, ...]) -> Regime | None:
    """The baseline, or None where it would be the very regime that is run."""
    return None if base == regime and not reforms and base == settings.BASE else find_regime(base)


def adopted_in(world: Regime, month: str, base: Regime | None, start: str, months: int) -> Regime:
    """A world that comes into force in ``month``, which must lie within the run."""
    from counterscore.catalog import adopted_from

    if not start < month <= last_month(start, months):
        raise UsageError(
            f"--from {month} is not after the first month of the run and within it ({start} to {last_month(start, months)})",
            suggestion="Choose a month between them, or leave --from out.",
        )
    return adopted_from(world, month, base=base)


def city_of(city: str, residents: int | None, seed: int) -> City:
    """The synthetic residents that --city and --residents name."""
    from counterscore.catalog import load_city_spec
    from counterscore.city import synthesize

    spec = load_city_spec(find_city(city))
    whole = int(spec["residents"]["value"])
    if residents is not None and residents > whole:
        raise UsageError(
            f"--residents {residents:,} is more than {spec['title']} has ({whole:,})",
            suggestion="A proportional city is at most as large as the place.",
        )
    return synthesize(spec, residents=residents, seed=seed)


def assumptions_of(overrides: list[str] | None, file: Path | None = None) -> Assumptions:
    """The model's assumptions, with those of a file and then those of --set in place."""
    from counterscore.catalog import load_assumptions

    found = load_assumptions() if file is None else load_assumptions().with_file(file)
    for text in overrides or ():
        found = found.with_set(text)
    return found


def last_month(start: str, months: int) -> str:
    """The last month of a run, such as 2020-12."""
    year, month = map(int, start.split("-"))
    last = year * 12 + month - 1 + months - 1
    return f"{last // 12:04d}-{last % 12 + 1:02d}"
