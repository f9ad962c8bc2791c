"""Groups drawn by lot: how often does ``groups`` find a difference where there is none?

A few small runs are lived once. Then the residents of each are put into groups by lot, many times over, and every
statement of ``groups`` is made about them: base rates, true records, the five notions, equal conduct, wrongly listed,
stays; looked at alone (10 % should be found) and together (in at most 10 % of the parts), in ten replays and in
one, two groups of about the same size, a large and a small one, and five. Where few are met at all nothing can be
found by a rule that is seldom wrong, so the rate lies below: the table says how many residents are met.

    python verification/drawn_by_lot.py [--lots 200] [--residents 3000] [--replays 10] [--runs FOLDER] [REGIME ...]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from counterscore.catalog import load_regime, synthesize
from counterscore.groups.audit import about_of, finished, gathered, statements
from counterscore.groups.cells import Adults, adults, decision
from counterscore.groups.row import tell_shares
from counterscore.measures import Life
from counterscore.results import Run
from counterscore.simulation import simulate

REGIMES = ("beijing-points", "court-defaulters", "rongcheng-2013")
SPLITS = {"60:40": (0.6, 0.4), "95:5": (0.95, 0.05), "five": (0.5, 0.25, 0.15, 0.07, 0.03)}
NOMINAL, OFF = 0.10, 0.03


def lived(regime: str, folder: Path, residents: int, replays: int) -> Run:
    """A run of a regime, lived unless it lies in the folder."""
    out = folder / f"{regime}-{residents}-{replays}"
    if not (out / "record.json").exists():
        city = synthesize("beijing", residents=residents, seed=1)
        simulate(load_regime(regime), city, months=36, replays=replays, seed=1, base=load_regime("none"), out=out)
    return Run(out)


def by_lot(seen: Adults, shares: tuple[float, ...], lots: np.random.Generator) -> Adults:
    """The same adults in groups drawn by lot."""
    many = seen.group.shape[1]
    borders = np.round(np.cumsum((0.0, *shares)) * many).astype(int)
    group = np.zeros(many, np.int16)
    order = lots.permutation(many)
    for k, (low, high) in enumerate(pairwise(borders)):
        group[order[low:high]] = k
    names = tuple(f"lot {k}" for k in range(len(shares)))
    return Adults(seen.lives, names, np.broadcast_to(group, seen.group.shape).copy(), seen.cell)


def rates(seen: Adults, words: str, residents: int, lots: int) -> dict[tuple[str, str], list[bool]]:
    """Found where there is nothing, by split and statement (alone) or part (together)."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, shares in SPLITS.items():
        drawn = [by_lot(seen, shares, np.random.default_rng((seed, int(1000 * shares[-1])))) for seed in range(lots)]
        about = about_of(drawn[0], "lot 0", words, 1, residents)
        known = statements(drawn[0], about)
        gathered_ = [gathered(one, about, known) for one in drawn]
        told = iter(tell_shares([pair for _, pairs in gathered_ for pair in pairs], about))
        for one, (rows, pairs) in zip(drawn, gathered_, strict=True):
            parts: dict[str, list[bool]] = defaultdict(list)
            for row in finished(rows, list(islice(told, len(pairs))), one):
                if row.p_value is not None:
                    found[name, f"{row.part}: {row.id}"].append(row.p_value < NOMINAL)
                    parts[row.part].append(bool(row.distinguishable))
            for part, several in parts.items():
                found[name, f"{part}: together"].append(any(several))
    return found


def main() -> int:
    """Print the rates of each run; 1 where some are too high."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("regimes", nargs="*", default=REGIMES)
    asked.add_argument("--lots", type=int, default=200)
    asked.add_argument("--residents", type=int, default=3000)
    asked.add_argument("--replays", type=int, default=10)
    asked.add_argument("--runs", type=Path)
    asked.add_argument("--of", default=None)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        off = 0
        for regime in chosen.regimes:
            run = lived(regime, chosen.runs or Path(temporary), chosen.residents, chosen.replays)
            for replays in (chosen.replays, 1):
                lives = [Life(run, regime, replay) for replay in run.replays(regime)[:replays]]
                what = decision(lives[0], chosen.of)
                seen = adults(lives, "sex", what)
                off += told(regime, replays, rates(seen, what.words, chosen.residents, chosen.lots))
    print(
        f"{off} rates more than {100 * OFF:.0f} points above {100 * NOMINAL:.0f} %, twice the error of the lots allowed"
    )
    return int(off > 0)


def told(regime: str, replays: int, found: dict[tuple[str, str], list[bool]]) -> int:
    """Print the rates in per cent; how many are too high."""
    print(f"{regime}, {replays} replay{'s' if replays > 1 else ''}: found of 100, by split ({', '.join(SPLITS)})")
    off = 0
    for statement in dict.fromkeys(key[1] for key in found):
        cells = []
        for split in SPLITS:
            seen = found.get((split, statement), [])
            rate = float(np.mean(seen)) if seen else float("nan")
            off += bool(seen) and rate > NOMINAL + OFF + 2 * np.sqrt(NOMINAL * (1 - NOMINAL) / len(seen))
            cells.append("   -" if not seen else f"{100 * rate:5.1f}")
        print(f"  {statement:<44}{'   '.join(cells)}", flush=True)
    return off


if __name__ == "__main__":
    raise SystemExit(main())
