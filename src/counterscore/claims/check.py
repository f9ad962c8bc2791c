"""Testing a claim over the whole assumption space: a designed sample, the share in which it holds, what flips it.

All settings share the city and the luck of the replicates, so they are no independent witnesses: in a world in which the
measure lies on the border, luck can carry all of them to the same side at once. The replicate is the unit, and the
design has an error rate that holds whatever the settings share. A setting is *clear* of chance where the interval of
its replicates misses the border, and in a world on the border that happens to a setting with a probability of
``LEVEL``. An answer needs clear settings in ``HALF_CLEAR`` of the sample, which then happens with a probability of
``LEVEL / HALF_CLEAR`` at most (Markov's inequality needs no independence): ``ERROR_RATE``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from scipy import special, stats
from scipy.optimize import brentq
from scipy.stats import qmc

from counterscore.catalog import Assumptions, load_assumptions, synthesize
from counterscore.city import City
from counterscore.claims.claim import Claim
from counterscore.claims.flips import FEWEST, Box, Flip, Mover, find_box, find_flips, find_movers
from counterscore.diffusion import NATION_MEASURES, Nation, find_figure, places_of, spread_over
from counterscore.measures import Life, Measure, find_measure
from counterscore.results import Run
from counterscore.simulation import estimate, execute
from counterscore.simulation.estimate import usable_threads
from counterscore.specification import RunSpec

Answer = Literal[
    "holds in this model", "does not hold in this model", "depends on", "too noisy to tell", "cannot be tested here"
]
ERROR_RATE = 0.05  #: of checks in a world on the border, at most so many end in an answer
HALF_CLEAR = 0.5  #: with fewer clear settings the answer is "too noisy to tell"
LEVEL = ERROR_RATE * HALF_CLEAR  #: how often a setting on the border is taken for clear
POWER = 0.9  #: how often what the design claims to see is found
RANGE_KIND = f"mean of replicates, {100 * (1 - LEVEL):g} % t interval"
_CONFIDENCE = 0.9  #: of the share of settings
_NEARLY_ALL = 0.95  #: a claim holds where it does in at least this share of the clear settings …
_SURELY = 0.85  #: … and the interval of that share lies above this; does not hold likewise
_MANY_TIMES = 10.0  #: ranges this wide are sampled in logarithms
_FLAT = 0.05  #: middle 90 % of settings within this share of the median: the assumptions hardly matter
_NEAREST = 0.01  #: shares nearer to the border between two answers are not parted by more settings
DEFINITE: tuple[Answer, ...] = ("holds in this model", "does not hold in this model", "depends on")
POINTS, REPLAYS = 32, 6  #: settings, and replicates of each
_STEPS, _FARTHEST = 400, 1e4  #: in the search for what a design sees
_SENSIBLE_REPLAYS = 1000  #: more than these are not advised: the result lies too near the border

Told = Callable[["Point"], None]


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of the assumptions, what each replicate found there, and what follows.

    ``results`` has an entry for each replicate, None where the measure is not defined there. ``estimate`` is the mean of
    the others; ``low`` and ``high`` are its t interval at ``1 - LEVEL``. ``holds`` is None where chance hides it (the
    interval holds the border) and where the measure is not defined in every replicate: what is missing may not be like
    what is there.
    """

    values: Mapping[str, float]
    results: tuple[float | None, ...]
    estimate: float | None
    low: float | None
    high: float | None
    holds: bool | None

    @property
    def told(self) -> tuple[float, ...]:
        """The results of the replicates in which the measure is defined."""
        return tuple(one for one in self.results if one is not None)

    @property
    def whole(self) -> bool:
        """Whether the measure is defined in every replicate, and there are enough for an interval."""
        return len(self.told) == len(self.results) >= 2


@dataclass(frozen=True, slots=True)
class Share:
    """In how many of the sampled settings a claim holds, does not, or is hidden by chance.

    ``value`` is the share of those that are clear, ``low`` and ``high`` its 90 % Wilson interval; None where none is.
    """

    holds: int
    does_not: int
    unclear: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def clear(self) -> int:
        """Settings in which chance leaves no doubt."""
        return self.holds + self.does_not


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a claim, and all it rests on.

    ``as_they_are`` is the setting of the assumptions as their files have them; ``points`` are those sampled, of
    ``planned``. ``flips`` are assumptions that settings in which the claim holds differ in from those in which it
    does not, ``box`` is where it holds; ``few`` says why nothing is named. ``more_replays`` is how many more a
    setting would need, ``more_points`` how many more settings.
    """

    claim: Claim
    answer: Answer
    as_they_are: Point | None
    points: Sequence[Point]
    planned: int
    replays: int
    seed: int
    share: Share
    movers: Sequence[Mover]
    flips: Sequence[Flip]
    box: Box | None
    few: str
    more_replays: int | None
    more_points: int | None

    def __repr__(self) -> str:
        share = self.share
        clear = f"holds in {share.holds}, does not in {share.does_not}, not clear in {share.unclear} of {len(self.points)} settings"
        movers = ", ".join(one.path for one in self.movers[:3])
        lines = [f"<Found {self.claim.id}: {self.answer}; {clear}, {self.replays} replicates each>"]
        return "\n".join(
            [*lines, *([f"  moved most by: {movers}"] if movers else []), *([f"  {self.few}"] if self.few else [])]
        )

    @property
    def partial(self) -> bool:
        """Whether it was stopped before all settings were lived through."""
        return self.claim.testable and len(self.points) < self.planned

    @property
    def flat(self) -> bool:
        """Whether the result is nearly the same in every setting: then it repeats the rule book."""
        told = [point for point in self.points if point.whole]
        if len(told) < FEWEST or self.answer not in DEFINITE:
            return False
        low, middle, high = np.quantile([point.estimate for point in told], (0.05, 0.5, 0.95))
        # All settings share the luck of a replicate: the replicates, not the settings, say how sure the result is.
        replays = np.array([point.told for point in told]).mean(axis=0)
        chance = 2 * _reach(len(replays) - 1) * float(stats.sem(replays))
        return bool(max(high - low, chance) <= _FLAT * abs(middle))

    @property
    def undefined(self) -> int:
        """Settings in which the measure is not defined in some replicate."""
        return sum(not point.whole for point in self.points)

    @property
    def sees(self) -> float | None:
        """The distance from the border that is found in at least 90 % of checks where every setting lies so far from it.

        In the unit of the measure, from how much replicates differ within a setting (``visible``). None where too few
        settings are planned for an answer, or none is defined.
        """
        spreads = [float(np.var(point.told, ddof=1)) for point in self.points if point.whole]
        if not spreads or self.planned < fewest_settings():
            return None
        lived = max(len(point.told) for point in self.points)
        return visible(self.planned, lived) * float(np.sqrt(np.mean(spreads)))

    @property
    def design(self) -> str:
        """What the answer is worth, in a sentence."""
        rate = f"at most {100 * ERROR_RATE:g} of 100 checks of a result that lies on the border end in an answer"
        if self.sees is None:
            few = fewest_settings()
            why = f"{self.planned} settings are too few to claim to find any, {few} are needed"
            why = why if self.planned < few else "it is not defined in any setting"
            return f"{rate}; {why}."
        return f"{rate}; a distance of {self.sees:.3g} from it is found in at least {100 * POWER:g} of 100."

    @property
    def sentence(self) -> str:
        """The answer in a sentence, with what it rests on."""
        if self.answer == "cannot be tested here":
            return f"Cannot be tested here: {' '.join(self.claim.cannot_show.split())}"
        same = " It is nearly the same in every setting: an echo of the rule book." if self.flat else ""
        return f"{self._partly}{self._answered}{same}"

    @property
    def _partly(self) -> str:
        return f"Stopped after {len(self.points)} of {self.planned} settings. " if self.partial else ""

    @property
    def _answered(self) -> str:
        share, n = self.share, len(self.points)
        clear = f"{share.clear} of {n} plausible settings are clear of chance"
        if self.answer == "too noisy to tell":
            return f"Too noisy to tell: {clear} with {self.replays} replicates each{self._needed}."
        told = f"{clear}, and it holds in {share.holds} of them ({share_in_words(share)})"
        if self.answer == "depends on":
            return f"Depends on {self.condition}: {told}."
        return f"{self.answer.capitalize()}: {told}."

    @property
    def _needed(self) -> str:
        if self.undefined > HALF_CLEAR * len(self.points):
            return f"; in {self.undefined} there is nothing to measure in some replicate, so the result is not defined there"
        if self.more_points:
            mixed = self.share.holds and self.share.does_not
            agree = "they differ" if mixed else "all of them agree" if self.share.clear else "none is"
            return f"; {agree}, but a share needs about {self.more_points} more settings (--points)"
        if self.more_replays:
            return f"; about {self.more_replays:,} more replicates a setting would be needed (--replicates)"
        return "; the result lies too near the border for more replicates to part them"

    @property
    def condition(self) -> str:
        """What the answer depends on, as far as the sample names it."""
        if not self.flips:
            return self.few
        if self.box is None:
            return f"{' and '.join(flip.path for flip in self.flips[:2])} ({self.few})"
        return str(self.box)


def share_in_words(share: Share) -> str:
    """``96 %, 89 to 99``: the share of clear settings in which a claim holds, with its interval."""
    if share.value is None or share.low is None or share.high is None:
        return "no share"
    return f"{100 * share.value:.0f} %, {100 * share.low:.0f} to {100 * share.high:.0f}"


def check_claim(
    claim: Claim,
    *,
    points: int = POINTS,
    replays: int = REPLAYS,
    seed: int = 1,
    threads: int | None = None,
    known: Sequence[Point] = (),
    told: Told | None = None,
) -> Found:
    """Run ``claim`` at the assumptions as they are and at ``points`` further settings within their ranges.

    The settings are a Latin hypercube sample (SciPy), the same for the same ``seed``. Each setting is lived
    through ``replays`` times (at least 2); chance within a setting and the range over settings are kept apart.
    ``known`` are the first settings of the same check, found before; ``told`` is called with each new one, so that
    a check that is stopped can be summed up (``sum_up``) or gone on with.
    """
    found = list(known)
    if claim.testable:
        assumptions = load_assumptions()
        live = _nation_of(claim, seed) if claim.nation else _city_of(claim, seed)
        for values in sample(claim, assumptions, points, seed)[len(found) :]:
            chosen = assumptions
            for path, value in values.items():
                chosen = chosen.with_value(path, value)
            results = live(chosen, replays, threads)
            found.append(point_of(claim, values, results))
            if told:
                told(found[-1])
    return sum_up(claim, found, planned=points, replays=replays, seed=seed)


def seconds_of(claim: Claim, *, points: int = POINTS, replays: int = REPLAYS, threads: int | None = None) -> float:
    """What a check will take, in seconds of wall time, by the engine's estimate."""
    if not claim.testable:
        return 0.0
    if claim.nation:
        places = places_of(claim.nation.cities, claim.setting.residents, 1)
        specs = [_spec(claim, one.city, load_assumptions(), replays, seed=1) for one in places]
    else:
        city = synthesize(claim.setting.city, residents=claim.setting.residents, seed=1)
        specs = [_spec(claim, city, load_assumptions(), replays, seed=1)]
    return sum(_seconds_of(spec, points, replays, threads) for spec in specs)


def _seconds_of(spec: RunSpec, points: int, replays: int, threads: int | None) -> float:
    one, two = (estimate(replace(spec, replays=times * replays), threads=threads).seconds for times in (1, 2))
    return (points + 1) * (two - one)  # the difference leaves out what a process does once


def sample(claim: Claim, assumptions: Assumptions, points: int, seed: int) -> list[dict[str, float]]:
    """The assumptions as they are, then ``points`` settings: a Latin hypercube within their ranges."""
    varied = claim.varied(assumptions)
    out = [{path: assumptions[path] for path in varied}]
    if not varied:
        return out
    for lots in qmc.LatinHypercube(len(varied), rng=np.random.default_rng(seed)).random(points):
        out.append({path: _within(assumptions, path, float(lot)) for path, lot in zip(varied, lots, strict=True)})
    return out


def _within(known: Assumptions, path: str, lot: float) -> float:
    row = known.table[path]
    assert row.low is not None
    assert row.high is not None
    if row.low > 0 and row.high / row.low >= _MANY_TIMES:
        return float(row.low * (row.high / row.low) ** lot)
    return row.low + (row.high - row.low) * lot


#: What each replicate says in one setting of the assumptions, None where the measure is not defined.
_Live = Callable[[Assumptions, int, int | None], list[float | None]]


def _city_of(claim: Claim, seed: int) -> _Live:
    """The city of a claim, to be lived in."""
    assert claim.measure is not None
    measure = find_measure(claim.measure)
    city = synthesize(claim.setting.city, residents=claim.setting.residents, seed=seed)

    def live(chosen: Assumptions, replays: int, threads: int | None) -> list[float | None]:
        with tempfile.TemporaryDirectory(prefix="counterscore-claim-") as folder:
            run = execute(_spec(claim, city, chosen, replays, seed), Path(folder) / "run", threads=threads)
            return _results(claim, measure, run)

    return live


def _nation_of(claim: Claim, seed: int) -> _Live:
    """The cities of a claim, among which its rule book spreads."""
    assert claim.nation is not None
    assert claim.world is not None
    assert claim.against is not None
    assert claim.measure is not None
    measure = NATION_MEASURES[claim.measure]
    regime, base = claim.world.load(), claim.against.load()
    places = places_of(claim.nation.cities, claim.setting.residents, seed)
    figure, years = find_figure(claim.nation.figure), claim.setting.months // 12

    def live(chosen: Assumptions, replays: int, threads: int | None) -> list[float | None]:
        nation = Nation(regime, base, places, figure, years, chosen, replays, seed)
        return measure.results(spread_over(nation, threads=threads or usable_threads()))

    return live


def _spec(claim: Claim, city: City, assumptions: Assumptions, replays: int, seed: int) -> RunSpec:
    """The run that answers a claim in one setting."""
    assert claim.world is not None
    base = claim.against.load() if claim.against else None
    months = claim.setting.months
    return RunSpec.of(
        claim.world.load(), city, base=base, assumptions=assumptions, months=months, replays=replays, seed=seed
    )


def _results(claim: Claim, measure: Measure, run: Run) -> list[float | None]:
    world, base = run.worlds[0], run.baseline
    out: list[float | None] = []
    for replay in run.replays():
        life = Life(run, world, replay)
        other = Life(run, base, replay) if base and base != world else life
        mine = measure.compute(life, None, None if other is life else other)[0]
        theirs = None if claim.what == "value" else measure.compute(other, None, None)[0]
        if mine is None or (theirs is None and claim.what != "value"):
            out.append(None)
        elif claim.what == "value":
            out.append(mine)
        elif claim.what == "difference":
            out.append(mine - float(theirs or 0.0))
        else:
            out.append(mine / theirs if theirs else None)
    return out


def point_of(claim: Claim, values: Mapping[str, float], results: Sequence[float | None]) -> Point:
    """What ``results``, one for each replicate, say about the border of ``claim``; None and NaN are not defined."""
    assert claim.supported_if is not None
    every = tuple(None if one is None or not np.isfinite(one) else float(one) for one in results)
    kept = [one for one in every if one is not None]
    if len(kept) < 2:
        return Point(values, every, kept[0] if kept else None, None, None, None)
    middle = float(np.mean(kept))
    half = _reach(len(kept) - 1) * float(np.std(kept, ddof=1) / np.sqrt(len(kept)))
    low, high = middle - half, middle + half
    side = claim.supported_if.side_of(low, high) if len(kept) == len(every) else None
    return Point(values, every, middle, low, high, side)


@cache
def _reach(df: int) -> float:
    """Standard errors that an interval at ``1 - LEVEL`` reaches to either side."""
    return float(stats.t.ppf(1 - LEVEL / 2, df))


@cache
def visible(settings: int, replays: int) -> float:
    """How far from the border a result must lie to be found in 90 % of checks, in estimated standard deviations.

    Two things are not known beforehand. Settings may share all or none of the luck of a replicate: by Markov's
    inequality too few are clear in at most ``1 - POWER`` of checks if each is clear with the probability used here. And
    the standard deviation is itself estimated, in the worst case from ``replays - 1`` degrees of freedom: the
    probability is the mean over what could be estimated. ``settings`` are at least ``fewest_settings()``.
    """
    needed = max(fewest_settings(), int(np.ceil(HALF_CLEAR * settings)))
    each = 1 - (1 - POWER) * (settings - needed + 1) / settings
    df = replays - 1
    border = _reach(df)
    spreads = np.sqrt(stats.chi2.ppf((np.arange(_STEPS) + 0.5) / _STEPS, df) / df)

    def found(away: float) -> float:
        told = special.ndtr(away * spreads[:, None] - border * spreads[None, :])
        return float(told.mean()) - each

    return float(brentq(found, 0.0, _FARTHEST * border, rtol=1e-6)) / float(np.sqrt(replays))


@cache
def fewest_settings() -> int:
    """Settings of which all must be clear and agree for an answer."""
    z = float(stats.norm.ppf((1 + _CONFIDENCE) / 2))
    return int(
        np.ceil(z * z * _SURELY / (1 - _SURELY))
    )  # n / (n + z²) is the lower end of Wilson's interval for n of n


def sum_up(claim: Claim, found: Sequence[Point], *, planned: int, replays: int, seed: int) -> Found:
    """The answer from the settings lived through: ``found`` begins with the assumptions as they are."""
    first, points = (found[0] if found else None), list(found[1:])
    share = _share(points)
    answer = _answer(claim, points, share)
    varied = tuple(first.values) if first else ()
    movers = find_movers(points, varied)
    flips: tuple[Flip, ...] = ()
    box, few = None, ""
    if answer == "depends on":
        flips, few = find_flips(points, varied)
        if flips:
            box, few = find_box(points, flips)
    noisy = answer == "too noisy to tell"
    return Found(
        claim=claim,
        answer=answer,
        as_they_are=first,
        points=points,
        planned=planned,
        replays=replays,
        seed=seed,
        share=share,
        movers=movers,
        flips=flips,
        box=box,
        few=few,
        more_replays=_more_replays(claim, points) if noisy else None,
        more_points=_more_points(share, len(points)) if noisy else None,
    )


def _share(points: Sequence[Point]) -> Share:
    holds = sum(point.holds is True for point in points)
    does_not = sum(point.holds is False for point in points)
    clear = holds + does_not
    if not clear:
        return Share(holds, does_not, len(points), None, None, None)
    interval = stats.binomtest(holds, clear).proportion_ci(_CONFIDENCE, method="wilson")
    return Share(holds, does_not, len(points) - clear, holds / clear, float(interval.low), float(interval.high))


def _answer(claim: Claim, points: Sequence[Point], share: Share) -> Answer:
    if not claim.testable:
        return "cannot be tested here"
    if share.value is None or share.low is None or share.high is None or share.clear < HALF_CLEAR * len(points):
        return "too noisy to tell"
    if share.value >= _NEARLY_ALL and share.low >= _SURELY:
        return "holds in this model"
    if share.value <= 1 - _NEARLY_ALL and share.high <= 1 - _SURELY:
        return "does not hold in this model"
    some = share.low > 1 - _NEARLY_ALL and share.high < _NEARLY_ALL
    return "depends on" if share.holds and share.does_not and some else "too noisy to tell"


def _more_points(share: Share, points: int) -> int | None:
    """How many more settings the share would need for an answer; None where settings are not what is missing."""
    if share.clear < HALF_CLEAR * points:
        return None
    needed = float(fewest_settings())
    if share.holds and share.does_not and share.value is not None:
        z = float(stats.norm.ppf((1 + _CONFIDENCE) / 2))
        away = min(abs(share.value - edge) for edge in (_NEARLY_ALL, 1 - _NEARLY_ALL))
        needed = max(needed, z * z * share.value * (1 - share.value) / max(away, _NEAREST) ** 2)
    rate = share.clear / points if points else 1.0
    return max(1, int(np.ceil(needed / rate)) - points)


def _more_replays(claim: Claim, points: Sequence[Point]) -> int | None:
    """How many more replicates the middle setting would need to be clear of the border; None where no number helps.

    Distances from the border as found are too large by chance, so they are shrunk by what chance adds to them.
    """
    assert claim.supported_if is not None
    told = [point for point in points if point.whole]
    if not told:
        return None
    away = np.array([np.mean(point.told) - claim.supported_if.value for point in told], np.float64)
    spread = float(np.mean([np.var(point.told, ddof=1) for point in told]))
    lived = max(len(point.told) for point in told)
    whole = float(np.mean(away**2))
    kept = max(0.0, 1 - spread / lived / whole) if whole else 0.0
    middle = kept * float(np.median(np.abs(away))) ** 2
    needed = float(stats.norm.ppf(1 - LEVEL / 2)) ** 2 * spread
    if needed > _SENSIBLE_REPLAYS * middle:
        return None
    return max(1, int(np.ceil(needed / middle)) - lived) if middle else None
