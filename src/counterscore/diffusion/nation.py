"""How a rule book spreads: each year cities without it look at what cities with it report, and may adopt it.

The claims of the model are these. One city adopts first, in the second year. Every January after that a city without the
rule book looks, or does not (``spread.look``). Who looks compares what each city with it reports of the year just over with
what the same city reported in the last year before it: no city can see what would have happened otherwise. It goes by the best
report, or by the middle one (``spread.best``), and adopts where the figure has improved by more than ``spread.threshold``. Otherwise it
may still follow the others (``spread.follow``, times the share of the others that have it). Nobody gives the rule book up again.

What was really so comes from twins: the same city with the same luck without the rule book. The same is lived once more
as if reports had been true, with the same luck of looking, so that what massaged figures did can be told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from statistics import median_low
from threading import Lock
from typing import Literal

import numpy as np

from counterscore import luck
from counterscore.catalog import adopted_from, load_city_spec, synthesize
from counterscore.catalog.assume import Assumptions
from counterscore.city import City
from counterscore.diffusion.figures import YEAR, Figure, Floats
from counterscore.engine import warm_up
from counterscore.engine.plan import Plans, plans_of
from counterscore.engine.world import live_world
from counterscore.errors import UsageError
from counterscore.regime.model import Regime
from counterscore.specification import FIRST_MONTH, RunSpec, subjects_needed, world_name

FEWEST_YEARS, MOST_YEARS, MOST_CITIES = 4, 40, 64
_FIRST_YEAR = 1  #: of the run, counted from 0, in which the first city adopts: the year before is what it compares with
Why = Literal["first", "figures", "others"]


@dataclass(frozen=True)
class Place:
    """One of the cities: its name in the nation, its residents, and the seed that it lives with."""

    name: str
    city: City
    seed: int


@dataclass(frozen=True)
class Nation:
    """All that the numbers depend on. ``places`` are at least two cities, the first of which adopts ``regime`` first.

    ``base`` is in force everywhere before. ``years`` 4 … 40, ``replays`` at least 1. Raises ``UsageError`` where one is out
    of its range, and where public bodies are reported on and no rule book is about them.
    """

    regime: Regime
    base: Regime
    places: tuple[Place, ...]
    figure: Figure
    years: int
    assumptions: Assumptions
    replays: int
    seed: int
    responses: bool = True
    errors: bool = True

    def __post_init__(self) -> None:
        if not 2 <= len(self.places) <= MOST_CITIES:
            raise UsageError(
                f"a rule book spreads among 2 to {MOST_CITIES} cities, found {len(self.places)}",
                suggestion="Write for example --cities beijing,county:4: five cities, four of them counties.",
            )
        if not FEWEST_YEARS <= self.years <= MOST_YEARS:
            raise UsageError(f"it is watched for {FEWEST_YEARS} to {MOST_YEARS} years, found {self.years}")
        if self.replays < 1:
            raise UsageError(f"there must be at least 1 replicate, found {self.replays}")
        if world_name(self.regime) == world_name(self.base):
            raise UsageError(
                f"{self.regime.id} cannot spread where it is in force already", suggestion="Use another --base."
            )
        living = subjects_needed([*self.regime.stacked(), *self.base.stacked()])
        if self.figure.living not in living:
            raise UsageError(
                f"no rule book of {self.regime.id} is about {self.figure.living}, so there is nothing to report of {self.figure.label}",
                suggestion="Report another figure (--figure paid), or spread government-integrity or beijing-points.",
            )
        for at in range(len(self.places)):
            self.spec(at, None)  # firms and bodies where they are needed

    def spec(self, at: int, adopts: int | None) -> RunSpec:
        """City ``at``, adopting in January of year ``adopts`` of the run, or never: as a run of its own would have it."""
        place = self.places[at]
        world = self.regime if adopts is None else adopted_from(self.regime, month_of(adopts), base=self.base)
        return RunSpec.of(
            world,
            place.city,
            base=self.base,
            assumptions=self.assumptions,
            months=YEAR * self.years,
            replays=self.replays,
            seed=place.seed,
            responses=self.responses,
            errors=self.errors,
        )


def places_of(words: Sequence[str], residents: int, seed: int) -> tuple[Place, ...]:
    """Cities as ``("beijing", "county:3")``, each with ``residents`` or all it has; city ``k`` lives with ``seed + k``.

    Raises ``UsageError`` where no city is called so, and for a number that is none.
    """
    chosen: list[str] = []
    for word in words:
        name, colon, many = word.partition(":")
        if colon and not (many.isdecimal() and 1 <= int(many) <= MOST_CITIES):
            raise UsageError(
                f'"{word}" is no city or number of cities',
                suggestion=f"Write for example {name or 'county'}:4, at most {MOST_CITIES}.",
            )
        chosen += [name] * (int(many) if colon else 1)
    if len(chosen) > MOST_CITIES:
        raise UsageError(f"a rule book spreads among 2 to {MOST_CITIES} cities, found {len(chosen)}")
    names = [
        f"{name}-{chosen[: at + 1].count(name)}" if chosen.count(name) > 1 else name for at, name in enumerate(chosen)
    ]
    places = []
    for at, (name, id_) in enumerate(zip(names, chosen, strict=True)):
        whole = int(load_city_spec(id_)["residents"]["value"])
        places.append(Place(name, synthesize(id_, residents=min(residents, whole), seed=seed + at), seed + at))
    return tuple(places)


def month_of(year: int) -> str:
    """January of a year of the run, counted from 0, such as ``2019-01``."""
    return f"{int(FIRST_MONTH[:4]) + year}-01"


@dataclass(frozen=True, slots=True)
class Adoption:
    """One city takes the rule book over: in which year of the run, why, from whom, and on which reported gain.

    ``seen`` is the gain that persuaded it, a share of the figure before; None for the first and for who only followed. ``true`` is what
    the same report would have shown had it been true.
    """

    place: int
    year: int
    why: Why
    source: int | None = None
    seen: float | None = None
    true: float | None = None


@dataclass(frozen=True, slots=True)
class History:
    """One replicate: who adopted when, in which the year of each city is None where it never did."""

    adoptions: tuple[Adoption, ...]

    def year_of(self, place: int) -> int | None:
        """The year of the run in which a city adopted."""
        return next((one.year for one in self.adoptions if one.place == place), None)

    def share(self, year: int, places: int) -> float:
        """The share of all cities but the first that have it in a year."""
        return sum(one.year <= year and one.why != "first" for one in self.adoptions) / (places - 1)


@dataclass(frozen=True)
class Life:
    """The figure of each year of one city in one world and replicate: as it was, and as it was reported."""

    true: Floats
    reported: Floats


@dataclass
class Spread:
    """What came of it: ``histories`` as cities reported and ``honest`` as if all reports had been true, by replicate."""

    nation: Nation
    histories: list[History] = field(default_factory=list)
    honest: list[History] = field(default_factory=list)
    _lives: dict[tuple[int, int | None, int], Life] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        end, n = self.nation.years - 1, len(self.nation.places)
        shares = [100 * one.share(end, n) for one in self.histories]
        mean = f"{sum(shares) / len(shares):.0f} %" if shares else "nothing lived"
        return f"<Spread of {world_name(self.nation.regime)} over {n} cities: {mean} of the others have it after {end + 1} years>"

    def life(self, place: int, adopts: int | None, replay: int) -> Life:
        """One city that adopts in a year, or never; raises ``KeyError`` for what was never lived."""
        return self._lives[place, adopts, replay]

    def gains(self, place: int, adopts: int, replay: int) -> tuple[float, float, float]:
        """Over the years since a city adopted, in the unit of the figure and above 0 where it is better: what it reported to have
        gained since the year before, what it would have reported truly, and what the rule book really did (from the twin).
        """
        with_, without = self.life(place, adopts, replay), self.life(place, None, replay)
        since, better = slice(adopts, None), self.nation.figure.better
        before = without.reported[adopts - 1]
        reported, true = (
            float(np.nanmean(one[since] - before)) if _any(one[since]) else math.nan
            for one in (with_.reported, with_.true)
        )
        apart = with_.true[since] - without.true[since]
        real = float(np.nanmean(apart)) if _any(apart) else math.nan
        return better * reported, better * true, better * real


def _any(values: Floats) -> bool:
    return bool(np.isfinite(values).any())


Told = Callable[[int, int], None]


def spread_over(nation: Nation, *, threads: int = 1, progress: Told | None = None) -> Spread:
    """Let the rule book spread. ``progress`` is called with replicates finished and wanted; ``threads`` change no result."""
    warm_up()
    lives = _Lives(nation)
    out = Spread(nation)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        waiting = [pool.submit(_both, nation, lives, replay) for replay in range(nation.replays)]
        try:
            for replay, future in enumerate(waiting):
                as_reported, honest = future.result()
                out.histories.append(as_reported)
                out.honest.append(honest)
                if progress:
                    progress(replay + 1, nation.replays)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    out._lives.update(lives.known)
    return out


def _both(nation: Nation, lives: _Lives, replay: int) -> tuple[History, History]:
    as_reported, honest = (_spread_once(nation, lives, replay, honest=which) for which in (False, True))
    for one in as_reported.adoptions:  # nobody looks at who adopts in the last year, but what it did is told
        for adopts in (one.year, None):
            lives.of(one.place, adopts, replay)
    return as_reported, honest


class _Lives:
    """Cities are lived when they are asked for, and once: until it adopts, an adopter's life is that of its twin."""

    def __init__(self, nation: Nation) -> None:
        self._nation = nation
        self._plans: dict[tuple[int, int | None], Plans] = {}
        self._lock = Lock()
        self.known: dict[tuple[int, int | None, int], Life] = {}

    def of(self, place: int, adopts: int | None, replay: int) -> Life:
        key = (place, adopts, replay)
        if key not in self.known:
            one, figure = self._nation.places[place], self._nation.figure
            world = live_world(
                self._plans_of(place, adopts), one.city, months=YEAR * self._nation.years, seed=one.seed, replay=replay
            )
            try:
                true, reported = (figure.of(world.totals, reported=which) for which in (False, True))
            finally:
                world.close()
            self.known[key] = Life(true, reported)
        return self.known[key]

    def _plans_of(self, place: int, adopts: int | None) -> Plans:
        with self._lock:
            if (place, adopts) not in self._plans:
                spec = self._nation.spec(place, adopts)
                name = spec.baseline if adopts is None else next(iter(spec.worlds))
                assert name is not None
                self._plans[place, adopts] = plans_of(spec, name)
            return self._plans[place, adopts]


def _spread_once(nation: Nation, lives: _Lives, replay: int, *, honest: bool) -> History:
    chosen = {name: nation.assumptions[f"spread.{name}"] for name in ("look", "threshold", "best", "follow")}
    adoptions = [Adoption(0, _FIRST_YEAR, "first")]
    for year in range(_FIRST_YEAR + 1, nation.years):
        have = list(adoptions)
        reports = _reports(nation, lives, replay, have, year - 1, honest)
        for place in range(1, len(nation.places)):
            if any(one.place == place for one in have):
                continue
            lot = _Lots(nation.seed, replay, place, year)
            if lot("look") >= chosen["look"]:
                continue
            seen = _seen(reports, best=lot("best") < chosen["best"])
            if seen is not None and seen.seen is not None and seen.seen > chosen["threshold"]:
                adoptions.append(replace(seen, place=place, year=year))
            elif lot("follow") < chosen["follow"] * len(have) / (len(nation.places) - 1):
                adoptions.append(Adoption(place, year, "others"))
    return History(tuple(adoptions))


class _Lots:
    """The luck of one city's look in one year; it does not hang on what anybody reports."""

    def __init__(self, seed: int, replay: int, place: int, year: int) -> None:
        self._at = seed, replay, year
        self._place = place

    def __call__(self, what: str) -> float:
        return luck.draw32(luck.key(f"spread/{what}", *self._at), self._place) / 2.0**32


def _reports(
    nation: Nation, lives: _Lives, replay: int, have: Sequence[Adoption], year: int, honest: bool
) -> list[Adoption]:
    """What each city that has the rule book reports of ``year``, against its last year before: shares of the figure before."""
    out = []
    for one in have:
        now, before = lives.of(one.place, one.year, replay), lives.of(one.place, None, replay)
        then = before.reported[one.year - 1]
        if not math.isfinite(then) or then == 0:
            continue
        reported, true = (
            nation.figure.better * (float(part[year]) - then) / abs(then) for part in (now.reported, now.true)
        )
        told = true if honest else reported
        if math.isfinite(told):
            out.append(Adoption(-1, -1, "figures", one.place, told, true))
    return out


def _seen(reports: Sequence[Adoption], *, best: bool) -> Adoption | None:
    """The report that a city goes by: the best, or the middle one (the lower of two)."""
    if not reports:
        return None
    ordered = sorted(reports, key=lambda one: (one.seen, one.source))
    return ordered[-1] if best else ordered[median_low(range(len(ordered)))]
