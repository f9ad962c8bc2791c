"""Testing a claim over the whole assumption space: a designed sample, the share in which it holds, what flips it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from scipy import stats
from scipy.stats import qmc

from counterscore.catalog import Assumptions, load_assumptions, synthesize
from counterscore.city import City
from counterscore.claims.claim import Claim
from counterscore.claims.flips import FEWEST, Box, Flip, Mover, find_box, find_flips, find_movers
from counterscore.engine import estimate, simulate
from counterscore.measures import Life, Measure, find_measure
from counterscore.results import Run

Answer = Literal[
    "holds in this model", "does not hold in this model", "depends on", "too noisy to tell", "cannot be tested here"
]
_CONFIDENCE = 0.9
_NEARLY_ALL = 0.95  #: a claim holds where it does in at least this share of the clear settings …
_SURELY = 0.85  #: … and the interval of that share lies above this; does not hold likewise
_HALF_CLEAR = 0.5  #: with fewer clear settings the answer is "too noisy to tell"
_MANY_TIMES = 10.0  #: ranges this wide are sampled in logarithms
_FLAT = 0.05  #: middle 90 % of settings within this share of the median: the assumptions hardly matter
_SENSIBLE_REPLAYS = 1000  #: more than these are not advised: the result lies too near the border

Told = Callable[["Point"], None]


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of the assumptions, what each replay found there, and what follows.

    ``estimate`` is the mean of ``results``; ``low`` and ``high`` are its 90 % t interval. ``holds`` is None where
    chance hides it: where the interval holds the border, or there is none.
    """

    values: Mapping[str, float]
    results: tuple[float, ...]
    estimate: float | None
    low: float | None
    high: float | None
    holds: bool | None


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

    @property
    def partial(self) -> bool:
        """Whether it was stopped before all settings were lived through."""
        return self.claim.testable and len(self.points) < self.planned

    @property
    def flat(self) -> bool:
        """Whether the result is nearly the same in every setting: then it repeats the rule book."""
        told = [point.estimate for point in self.points if point.estimate is not None]
        if len(told) < FEWEST:
            return False
        low, middle, high = np.quantile(told, (0.05, 0.5, 0.95))
        return bool(high - low <= _FLAT * abs(middle))

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
            return f"Too noisy to tell: {clear} with {self.replays} replays each{self._needed}."
        told = f"{clear}, and it holds in {share.holds} of them ({share_in_words(share)})"
        if self.answer == "depends on":
            return f"Depends on {self.condition}: {told}."
        return f"{self.answer.capitalize()}: {told}."

    @property
    def _needed(self) -> str:
        empty = sum(point.estimate is None for point in self.points)
        if empty > _HALF_CLEAR * len(self.points):
            return f"; in {empty} there is nothing to measure"
        if self.more_points:
            agree = "all of them agree" if self.share.clear else "none is"
            return f"; {agree}, but a share needs about {self.more_points} more settings (--points)"
        if self.more_replays:
            return f"; about {self.more_replays:,} more replays a setting would be needed (--replays)"
        return "; the result lies too near the border for more replays to part them"

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
    points: int = 48,
    replays: int = 4,
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
        assert claim.measure is not None
        measure, assumptions = find_measure(claim.measure), load_assumptions()
        city = synthesize(claim.setting.city, residents=claim.setting.residents, seed=seed)
        for values in sample(claim, assumptions, points, seed)[len(found) :]:
            results = _live(claim, measure, assumptions, values, city, replays, seed, threads)
            found.append(point_of(claim, values, results))
            if told:
                told(found[-1])
    return sum_up(claim, found, planned=points, replays=replays, seed=seed)


def seconds_of(claim: Claim, *, points: int = 48, replays: int = 4, threads: int | None = None) -> float:
    """What a check will take, in seconds of wall time, by the engine's estimate."""
    if not claim.testable:
        return 0.0
    city = synthesize(claim.setting.city, residents=claim.setting.residents, seed=1)
    worlds = [side.load() for side in (claim.world, claim.against) if side is not None]
    one, two = (
        estimate(worlds, city, months=claim.setting.months, replays=times * replays, threads=threads).seconds
        for times in (1, 2)
    )
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


def _live(
    claim: Claim,
    measure: Measure,
    known: Assumptions,
    values: Mapping[str, float],
    city: City,
    replays: int,
    seed: int,
    threads: int | None,
) -> list[float]:
    """What each replay says in one setting."""
    assert claim.world is not None
    chosen = known
    for path, value in values.items():
        chosen = chosen.with_value(path, value)
    with tempfile.TemporaryDirectory(prefix="counterscore-claim-") as folder:
        run = simulate(
            claim.world.load(),
            city,
            months=claim.setting.months,
            replays=replays,
            seed=seed,
            base=claim.against.load() if claim.against else None,
            assumptions=chosen,
            threads=threads,
            out=Path(folder) / "run",
        )
        return _results(claim, measure, run)


def _results(claim: Claim, measure: Measure, run: Run) -> list[float]:
    world, base = run.worlds[0], run.baseline
    out = []
    for replay in run.replays():
        life = Life(run, world, replay)
        other = Life(run, base, replay) if base and base != world else life
        mine = measure.compute(life, None, None if other is life else other)[0]
        if mine is None:
            continue
        if claim.what == "value":
            out.append(mine)
            continue
        theirs = measure.compute(other, None, None)[0]
        if theirs is not None and claim.what == "difference":
            out.append(mine - theirs)
        elif theirs:
            out.append(mine / theirs)
    return out


def point_of(claim: Claim, values: Mapping[str, float], results: Sequence[float]) -> Point:
    """What ``results``, one for each replay that has one, say about the border of ``claim``."""
    assert claim.supported_if is not None
    kept = tuple(float(one) for one in results)
    if len(kept) < 2:
        return Point(values, kept, float(kept[0]) if kept else None, None, None, None)
    middle = float(np.mean(kept))
    half = float(stats.t.ppf((1 + _CONFIDENCE) / 2, len(kept) - 1)) * float(stats.sem(kept))
    low, high = middle - half, middle + half
    return Point(values, kept, middle, low, high, claim.supported_if.side_of(low, high))


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
    if share.value is None or share.low is None or share.high is None or share.clear < _HALF_CLEAR * len(points):
        return "too noisy to tell"
    if share.value >= _NEARLY_ALL and share.low >= _SURELY:
        return "holds in this model"
    if share.value <= 1 - _NEARLY_ALL and share.high <= 1 - _SURELY:
        return "does not hold in this model"
    return "depends on" if share.holds and share.does_not else "too noisy to tell"


def _more_points(share: Share, points: int) -> int | None:
    """How many more settings a share would need that is 1 or 0 so far; None where settings are not what is missing."""
    if share.clear < _HALF_CLEAR * points or (share.holds and share.does_not):
        return None
    z = float(stats.norm.ppf((1 + _CONFIDENCE) / 2))
    needed = z * z * _SURELY / (1 - _SURELY)  # n / (n + z²) is the lower end of Wilson's interval for n of n
    rate = share.clear / points if points else 1.0
    return max(1, int(np.ceil(needed / rate)) - points)


def _more_replays(claim: Claim, points: Sequence[Point]) -> int | None:
    """How many more replays the middle setting would need to be clear of the border; None where no number helps.

    Distances from the border as found are too large by chance, so they are shrunk by what chance adds to them.
    """
    assert claim.supported_if is not None
    told = [point for point in points if len(point.results) >= 2]
    if not told:
        return None
    away = np.array([np.mean(point.results) - claim.supported_if.value for point in told], np.float64)
    spread = float(np.mean([np.var(point.results, ddof=1) for point in told]))
    lived = max(len(point.results) for point in told)
    whole = float(np.mean(away**2))
    kept = max(0.0, 1 - spread / lived / whole) if whole else 0.0
    middle = kept * float(np.median(np.abs(away))) ** 2
    needed = float(stats.norm.ppf((1 + _CONFIDENCE) / 2)) ** 2 * spread
    if needed > _SENSIBLE_REPLAYS * middle:
        return None
    return max(1, int(np.ceil(needed / middle)) - lived) if middle else None
