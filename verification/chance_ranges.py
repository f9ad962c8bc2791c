"""Whether ranges cover as often as they say.

Many replays of a small city are cut into groups. For each group the package's own numbers are formed: the 90 % t
interval of a paired difference, and the middle 90 % of replays of a measure. The interval should hold the mean
difference over all replays nine times in ten; the middle range should hold a further replay about as often as
its number of replays allows (percentiles of few replays are too narrow: the exact rate is printed beside it).

    python verification/chance_ranges.py            # about two minutes on one core
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

from counterscore.catalog import load_city_spec, load_regime
from counterscore.city import synthesize
from counterscore.measures import Life, find_measure
from counterscore.simulation import simulate

RESIDENTS, MONTHS, REPLAYS, GROUP = 2_000, 12, 600, 12
CONFIDENCE = 0.9
MEASURES = ("misconduct", "recorded", "refusals", "mean_score")


def next_covered(n: int) -> float:
    """How often the middle 90 % of ``n`` independent replays hold the next one, whatever their law (simulated)."""
    lots = np.random.default_rng(1).random((200_000, n + 1))
    low, high = np.percentile(lots[:, :n], (5, 95), axis=1)
    return float(((lots[:, n] >= low) & (lots[:, n] <= high)).mean())


def main() -> int:
    """Print covered shares with their binomial ranges; 1 where one is off."""
    city = synthesize(load_city_spec("demo"), residents=RESIDENTS, seed=1)
    off = False
    with tempfile.TemporaryDirectory() as folder:
        run = simulate(
            load_regime("beijing-points"),
            city,
            months=MONTHS,
            replays=REPLAYS,
            seed=1,
            base=load_regime("none"),
            out=Path(folder) / "run",
        )
        world, base = run.worlds
        for name in MEASURES:
            one = find_measure(name)
            here, there = (
                np.array([one.compute(Life(run, where, r), None, None)[0] or 0.0 for r in range(REPLAYS)], float)
                for where in (world, base)
            )
            groups = (here - there).reshape(-1, GROUP)
            means, errors = groups.mean(axis=1), stats.sem(groups, axis=1)
            low, high = stats.t.interval(CONFIDENCE, GROUP - 1, loc=means, scale=errors)
            whole = (here - there).mean()
            if name != "mean_score":  # the world without a scheme has no score to compare with
                off |= _told(f"{name}, t interval of the difference", (low <= whole) & (whole <= high), CONFIDENCE)
            parts = here.reshape(-1, GROUP)
            low, high = np.percentile(parts, (5, 95), axis=1)
            following = np.roll(parts[:, 0], -1)
            off |= _told(
                f"{name}, next replay in the middle range",
                (low <= following) & (following <= high),
                next_covered(GROUP),
            )
    return int(off)


def _told(what: str, covered: np.ndarray, stated: float) -> bool:
    test = stats.binomtest(int(covered.sum()), len(covered), stated)
    off = test.pvalue < 0.001
    print(
        f"{'OFF ' if off else 'ok  '} {what}: {covered.mean():.3f} of {len(covered)} groups of {GROUP} replays, "
        f"{stated:.3f} expected, p = {test.pvalue:.2g}"
    )
    return bool(off)


if __name__ == "__main__":
    sys.exit(main())
