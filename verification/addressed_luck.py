"""The draws: even, independent of neighbours in every direction, and without more repeats than chance has.

For all purposes of the engine and the months of sixty years: chi-square of high, low and 16-bit parts; correlation
between one resident and the next, one month and the next, one purpose and the next, one replay and the next;
64-bit words that occur twice (none is expected); 32-bit draws that occur twice (their number is a Poisson variable).

    python verification/addressed_luck.py            # about a minute on one core
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import stats

from counterscore import luck
from counterscore.engine.draws import Purpose

PEOPLE = 1 << 16
MONTHS = (0, 1, 2, 11, 12, 13, 119, 120, 359, 719)
NUMBERS = np.arange(PEOPLE, dtype=np.uint64)
FAMILY = 0.001  #: how often a sound generator may fail the whole of one line


def words(purpose: Purpose, month: int, replay: int = 0, seed: int = 1) -> np.ndarray:
    """The 64-bit words of everybody for one purpose, month and replay."""
    return luck.draws64(luck.key(f"engine/{purpose.name.lower()}", seed, replay, month), NUMBERS)


def even(values: np.ndarray, bins: int) -> float:
    """The p value of a chi-square test of evenness of 16-bit values."""
    counts = np.bincount((values.astype(np.int64) * bins) >> 16, minlength=bins)
    return float(stats.chisquare(counts).pvalue)


def report(what: str, p_values: list[float]) -> bool:
    """Print one line: how many tests, the smallest p value, whether they are even among themselves."""
    least, together = min(p_values), float(stats.kstest(p_values, "uniform").pvalue)
    sound = least > FAMILY / len(p_values) and together > FAMILY
    print(
        f"{'ok  ' if sound else 'OFF '} {what}: {len(p_values)} tests, smallest p {least:.2g}, p values even: p = {together:.2g}"
    )
    return sound


def correlated(one: np.ndarray, two: np.ndarray) -> float:
    """The p value of no correlation between two series of words."""
    r = np.corrcoef(one.astype(np.float64), two.astype(np.float64))[0, 1]
    return float(2 * stats.norm.sf(abs(r) * np.sqrt(len(one))))


def main() -> int:
    """Print one line for each family of tests; 1 where one is off."""
    purposes = list(Purpose)
    sound = []
    parts: dict[str, list[float]] = {"high 16 bits": [], "bits 32-47": [], "bits 16-31": [], "low 16 bits": []}
    for purpose in purposes:
        for month in MONTHS:
            lot = words(purpose, month)
            for shift, name in zip((48, 32, 16, 0), parts, strict=True):
                parts[name].append(even((lot >> np.uint64(shift)) & np.uint64(0xFFFF), 64))
    for name, p_values in parts.items():
        sound.append(report(f"{name} even over residents", p_values))
    sound.append(report("next resident", [correlated(w[:-1], w[1:]) for w in (words(p, 7) for p in purposes)]))
    sound.append(report("next month", [correlated(words(p, m), words(p, m + 1)) for p in purposes for m in MONTHS]))
    sound.append(report("next replay", [correlated(words(p, 5, 0), words(p, 5, 1)) for p in purposes]))
    sound.append(report("next seed", [correlated(words(p, 5), words(p, 5, seed=2)) for p in purposes]))
    pairs = [(a, b) for at, a in enumerate(purposes) for b in purposes[at + 1 :]]
    sound.append(report("every two purposes", [correlated(words(a, 3), words(b, 3)) for a, b in pairs]))
    over_time = []
    for purpose in purposes:
        lots = np.array([luck.draw32(luck.key(f"engine/{purpose.name.lower()}", 1, 0, m), 4711) for m in range(1200)])
        over_time.append(even(np.asarray(lots >> 16, np.uint64), 16))
    sound.append(report("one resident over 1,200 months", over_time))
    everything = np.concatenate([words(p, m) for p in purposes for m in MONTHS])
    repeats = len(everything) - len(np.unique(everything))
    print(f"{'ok  ' if repeats == 0 else 'OFF '} {len(everything):,} words of 64 bits: {repeats} occur twice")
    sound.append(repeats == 0)
    twice = []
    for purpose in purposes:
        lots = np.concatenate([words(purpose, m) >> np.uint64(32) for m in MONTHS[:4]])
        found, expected = len(lots) - len(np.unique(lots)), len(lots) ** 2 / 2**33
        low, high = stats.poisson.cdf(found, expected), stats.poisson.sf(found - 1, expected)
        twice.append(float(min(1.0, 2 * min(low, high))))
    least = min(twice)
    print(
        f"{'ok  ' if least > FAMILY / len(twice) else 'OFF '} repeats of 32-bit draws: {len(twice)} counts, smallest p {least:.2g}"
    )
    sound.append(least > FAMILY / len(twice))
    return int(not all(sound))


if __name__ == "__main__":
    sys.exit(main())
