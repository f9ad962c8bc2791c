"""Claims in planted worlds: how often does a check end in an answer where there is none, and find what it claims to see?

Results are planted where the check has what its replicates found: on the border of the claim (a planted zero), or as
far from it as another check of the same design, by what it happened to live, says that it sees. Replicates differ by luck
that settings share not at all, in half, or wholly.

    python verification/planted_claims.py [--seeds 50] [--settings 8 24]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

import numpy as np

from counterscore.claims import Claim, Found, load_claim, sum_up
from counterscore.claims.check import DEFINITE, ERROR_RATE, POWER, point_of

CLAIMS = ("sharing-stops-the-conman", "better-society", "debts-grow-on-the-list")
SETTINGS, REPLAYS, SHARED = (8, 16, 24, 32, 64), (3, 4, 6, 10), (0.0, 0.5, 1.0)


def planted(claim: Claim, settings: int, replays: int, seed: tuple[int, int], *, away: float, shared: float) -> Found:
    """A check in a world whose result lies ``away`` from the border, towards what supports the claim."""
    lots = np.random.default_rng((*seed, settings, replays, int(10 * shared), len(claim.id)))
    assert claim.supported_if is not None
    middle = claim.supported_if.value + (away if claim.supported_if.above is not None else -away)
    luck = lots.normal(size=replays)
    points = []
    for _ in range(settings + 1):  # the assumptions as they are come first
        own = lots.normal(size=replays)
        results = middle + np.sqrt(shared) * luck + np.sqrt(1 - shared) * own
        points.append(point_of(claim, {}, [float(one) for one in results]))
    return sum_up(claim, points, planned=settings, replays=replays, seed=1)


def designs(settings: Iterable[int]) -> Iterator[tuple[int, int, float]]:
    """Settings, replicates and how much of the luck of a replicate all settings share; the cheapest first."""
    yield from ((n, r, shared) for n in settings for r in REPLAYS for shared in SHARED)


def main() -> int:
    """Print a row for each design; 1 where some do not keep what they say."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=50)
    asked.add_argument("--settings", type=int, nargs="+", default=SETTINGS)
    chosen = asked.parse_args()
    seeds = chosen.seeds
    claims = [load_claim(name) for name in CLAIMS]
    worlds = [(claim, seed) for claim in claims for seed in range(seeds)]
    off = 0
    print(
        "| settings | replicates | luck shared | answers on the border | sees, in spreads of a replicate | found there |"
    )
    print("|---|---|---|---|---|---|")
    for settings, replays, shared in designs(chosen.settings):
        zero = [planted(one, settings, replays, (0, s), away=0, shared=shared) for one, s in worlds]
        wrong = float(np.mean([found.answer in DEFINITE for found in zero]))
        off += wrong > ERROR_RATE + 2 * np.sqrt(ERROR_RATE * (1 - ERROR_RATE) / len(zero))
        line = f"| {settings} | {replays} | {shared} | {100 * wrong:.1f} %"
        sees = [found.sees for found in zero]
        if sees[0] is None:
            print(f"{line} | claims to see nothing | |", flush=True)
            continue
        found = [
            planted(one, settings, replays, (1, s), away=away or 0.0, shared=shared)
            for (one, s), away in zip(worlds, sees, strict=True)
        ]
        told = float(np.mean([one.answer == "holds in this model" for one in found]))
        off += told < POWER - 2 * np.sqrt(POWER * (1 - POWER) / len(found))
        middle = float(np.median([away or 0.0 for away in sees]))
        print(f"{line} | {middle:.2f} | {100 * told:.1f} % |", flush=True)
    print(f"\n{off} do not keep what they say, twice the error of {len(worlds)} worlds allowed")
    return int(off > 0)


if __name__ == "__main__":
    raise SystemExit(main())
