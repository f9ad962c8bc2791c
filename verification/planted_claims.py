"""Claims in planted worlds: how often does a check end in an answer where there is none, and find what it claims to see?

Responses are planted where the check has what its replays found: at the border of the claim (a planted zero), or as
far from it as the design says it sees. Replays differ by luck that settings share not at all, in half, or wholly.

    python verification/planted_claims.py [--seeds 50]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from counterscore.claims import Claim, Found, load_claim, sum_up
from counterscore.claims.check import DEFINITE, ERROR_RATE, POWER, point_of, visible

CLAIMS = ("sharing-stops-the-conman", "better-society", "debts-grow-on-the-list")
SETTINGS, REPLAYS, SHARED = (8, 16, 24, 32, 64), (3, 4, 6, 10), (0.0, 0.5, 1.0)


def planted(claim: Claim, settings: int, replays: int, seed: int, *, away: float, shared: float) -> Found:
    """A check in a world whose result lies ``away`` from the border, towards what supports the claim."""
    lots = np.random.default_rng((seed, settings, replays, int(10 * shared), len(claim.id)))
    assert claim.supported_if is not None
    middle = claim.supported_if.value + (away if claim.supported_if.above is not None else -away)
    luck = lots.normal(size=replays)
    points = []
    for _ in range(settings + 1):  # the assumptions as they are come first
        own = lots.normal(size=replays)
        results = middle + np.sqrt(shared) * luck + np.sqrt(1 - shared) * own
        points.append(point_of(claim, {}, [float(one) for one in results]))
    return sum_up(claim, points, planned=settings, replays=replays, seed=seed)


def designs() -> Iterator[tuple[int, int, float]]:
    """Settings, replays and how much of the luck of a replay all settings share."""
    yield from ((n, r, shared) for n in SETTINGS for r in REPLAYS for shared in SHARED)


def main() -> int:
    """Print a row for each design; the number of designs that do not keep what they say."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=50)
    seeds = asked.parse_args().seeds
    claims = [load_claim(name) for name in CLAIMS]
    off = 0
    print("settings replays  shared   answers at the border   found at the distance it sees   echoes at the border")
    for settings, replays, shared in designs():
        zero = [planted(one, settings, replays, s, away=0, shared=shared) for one in claims for s in range(seeds)]
        wrong = float(np.mean([found.answer in DEFINITE for found in zero]))
        line = f"{settings:8d} {replays:7d} {shared:7.1f} {100 * wrong:20.1f} %"
        error = 2 * np.sqrt(ERROR_RATE * (1 - ERROR_RATE) / len(zero))
        off += wrong > ERROR_RATE + error
        if zero[0].sees is None:
            line += "          says that it sees nothing"
        else:
            away = visible(replays)
            seen = [
                planted(one, settings, replays, s, away=away, shared=shared) for one in claims for s in range(seeds)
            ]
            found = float(np.mean([one.answer == "holds in this model" for one in seen]))
            line += f" {100 * found:26.1f} %"
            off += found < POWER - 2 * np.sqrt(POWER * (1 - POWER) / len(seen))
        print(f"{line}   {sum(one.flat for one in zero)}", flush=True)
    print(f"{off} designs do not keep what they say, twice the error of {seeds * len(claims)} worlds allowed")
    return int(off > 0)


if __name__ == "__main__":
    raise SystemExit(main())
