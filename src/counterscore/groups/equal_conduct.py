"""Gaps at equal conduct: a ratio pooled over strata of equally many true acts, and what a regression leaves over.

Equal means as much true conduct *in this world*: acts and duties are counted over the whole run, after a listing as well
as before it. What being listed or refused made somebody do, such as breaking a ban on spending, or losing work and falling
into arrears, is part of what is held equal, so the gap leaves out how a rule book widens the distance by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import statistics
from counterscore.groups.cells import SHAPE, Adults
from counterscore.groups.chance import Spread, enough, error_of, spread, unit, worth
from counterscore.groups.row import TOO_FEW_MET, About, Pair, Row, Side, Stated, empty, ranged, tell_number

Floats = npt.NDArray[np.float64]
_PER_STRATUM = int(np.prod(SHAPE[1:]))


def compare(seen: Adults, about: About, rows: list[Stated], pairs: list[Pair]) -> None:
    """Add two rows for each large group but the reference group; ratios go to ``pairs``, to be finished with all others."""
    for k in about.large:
        if k != about.reference:
            found = _ratio(seen, about, k)
            if isinstance(found, Pair):
                pairs.append(found)
            else:
                rows.append(Stated(found))
    rows += _adjusted(seen, about)


def _ratio(seen: Adults, about: About, k: int) -> Row | Pair:
    """Mantel and Haenszel's risk ratio: strata are replicates and numbers of acts.

    It is the ratio of two shares with the same weights of strata, so its interval is that of two shares. A resident
    pulls a share by how far being met differs from what both groups together have in the stratum.
    """
    reference = seen.names[about.reference]
    strata = seen.counts.reshape(seen.replays, len(seen.names), SHAPE[0], -1, 2).sum(axis=3).astype(np.float64)
    mine, theirs = strata[:, k], strata[:, about.reference]
    words = f"{about.met}: times the share of {reference}, among those with as many true acts or duties not met in this world"
    field = "Mantel-Haenszel, strata of 0 to 5 and 6 or more, in each replicate"
    row = empty("equal conduct", "ratio", field, words, seen.names[k], "times")
    row = replace(row, people=float(mine.sum(axis=(1, 2)).mean()))
    found = _Strata(mine, theirs)
    if not found.share_2:
        return replace(row, note=f"not defined: nobody of {reference} with as many acts is {about.met}")
    row = row if found.each is None else ranged(row, found.each)
    row = replace(row, value=found.share / found.share_2, n_replays=seen.replays)
    sides = (_spread(seen, k, found.pull(mine)), _spread(seen, about.reference, found.pull(theirs)))
    own = [unit(one.variance, found.both, of) for one, of in zip(sides, found.of, strict=True)]
    # What a group's own spread is worth goes by what is seen in it: nobody met tells nothing, whoever else is.
    shares = (found.share, found.share_2)
    met = [share * of if unit_ is not None else 0.0 for share, of, unit_ in zip(shares, found.of, own, strict=True)]
    whole = sum(many * (unit_ or 0.0) for many, unit_ in zip(met, own, strict=True)) / sum(met) if sum(met) else None
    one, two = (worth(*side, whole) for side in zip(shares, found.of, own, strict=True))
    error = error_of(found.gaps, sides)
    people = seen.people(k), seen.people(about.reference)
    pulls = (people[0], sides[0].each), (people[1], -sides[1].each)
    return Pair(row, Side(found.share, one), Side(found.share_2, two), error, 1.0, pulls, as_ratio=True)


class _Strata:
    """Two groups in strata (replicate, acts, met): their shares with the weights of Mantel and Haenszel."""

    def __init__(self, one: Floats, two: Floats) -> None:
        n, m = one.sum(axis=2), two.sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            self.weight = np.where(n + m > 0, n * m / (n + m), 0.0)
            self.met = np.where(n + m > 0, (one + two)[..., 1] / (n + m), 0.0)
            shares = [np.where(all_ > 0, part[..., 1] / all_, 0.0) for part, all_ in ((one, n), (two, m))]
            spread_of = self.met * (1 - self.met)
            variances = [float((np.where(all_ > 0, self.weight**2 * spread_of / all_, 0.0)).sum()) for all_ in (n, m)]
        self.whole = float(self.weight.sum()) / len(one)  # weight of a replicate
        above, below = ((self.weight * share).sum(axis=1) for share in shares)
        total = self.whole * len(one)
        self.share, self.share_2 = float(above.sum()) / total, float(below.sum()) / total
        self.both = float((self.weight * self.met).sum()) / total
        self.gaps: Floats = (above - below) / self.whole
        self.each: Floats | None = above / below if (below > 0).all() else None
        # So many residents have the binomial variance of the weighted share in one replicate.
        self.of = tuple(
            self.both * (1 - self.both) / (variance / len(one) / self.whole**2) if variance else 1.0
            for variance in variances
        )

    def pull(self, one: Floats) -> Floats:
        """How far an adult of a stratum (replicate, acts, met) pulls the share of the group counted in ``one``."""
        n = one.sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.where(n > 0, self.weight / n / self.whole, 0.0)
        return np.stack([-weight * self.met, weight * (1 - self.met)], axis=2)


def _spread(seen: Adults, group: int, table: Floats) -> Spread:
    people = seen.people(group)
    cell = seen.cell[:, people]
    at = (cell // _PER_STRATUM) * 2 + (cell & 1)
    pull = np.take_along_axis(table.reshape(seen.replays, -1), at.astype(np.intp), axis=1)
    return spread(pull if seen.settled else np.where(seen.inside(group), pull, 0.0))


def _adjusted(seen: Adults, about: About) -> Iterator[Stated]:
    """What a regression on conduct leaves between the reference group and each other one."""
    order = [about.reference, *(k for k in about.large if k != about.reference)]
    if len(order) < 2:
        return
    fits = [_fit(counts[order].reshape(len(order), *SHAPE)) for counts in seen.counts]
    gaps = np.stack([fit.gaps for fit in fits])
    cells = [seen.cell[:, seen.people(k)] for k in order]
    met = seen.counts[:, order].reshape(seen.replays, len(order), -1, 2)[..., 1].sum(axis=2)
    sizes = seen.counts[:, order].sum(axis=2)
    share, whole = _whole(seen, order, met, sizes)
    for k, group in enumerate(order[1:]):
        words = f"{about.met}: difference from {seen.names[about.reference]} left at equal conduct, good deeds and arrears in this world"
        field = "weighted least squares: true acts and duties not met, good deeds, ever in arrears"
        row = empty("equal conduct", "adjusted", field, words, seen.names[group], "points of 100")
        row = replace(row, people=float(sizes[:, k + 1].mean()), n_replays=seen.replays)
        gap = float(gaps[:, k].mean())
        if not enough(share, float(sizes[:, k + 1].mean()), whole):
            yield Stated(replace(row, difference=100 * gap, note=TOO_FEW_MET))
            continue
        parts = [_pulled(seen, fits, place, order[place], cell, k) for place, cell in enumerate(cells)]
        pulls = tuple((seen.people(of), part.each) for of, part in zip(order, parts, strict=True))
        yield Stated(tell_number(row, gap, error_of(gaps[:, k], parts), about, per=100), pulls)


def _fit(whole: npt.NDArray[np.int64]) -> statistics.Adjusted:
    group, acts, good, arrears = (at.ravel() for at in np.indices(whole.shape[:-1]))
    yes, of = whole[..., 1].ravel().astype(np.float64), whole.sum(axis=-1).ravel().astype(np.float64)
    return statistics.adjusted(yes, of, group, (acts, good, arrears))


def _pulled(
    seen: Adults, fits: list[statistics.Adjusted], place: int, group: int, cell: npt.NDArray[np.uint8], k: int
) -> Spread:
    """How far the adults of one group pull the difference ``k``."""
    half = int(np.prod(SHAPE[:-1]))
    span = slice(place * half, (place + 1) * half)
    pull = np.stack(
        [
            fit.pull[k, span][here >> 1] * ((here & 1) - fit.fitted[span][here >> 1])
            for fit, here in zip(fits, cell, strict=True)
        ]
    )
    return spread(pull if seen.settled else np.where(seen.inside(group), pull, 0.0))


def _whole(seen: Adults, order: list[int], met: Any, sizes: Any) -> tuple[float, float | None]:
    """The share met of all large groups together, and its unit (``chance.unit``)."""
    of = sizes.sum(axis=1).astype(np.float64)
    share = met.sum(axis=1) / of
    here = np.isin(seen.group, order)
    pull = np.where(here, (seen.cell & 1) - share[:, None], 0.0) / of[:, None]
    return float(share.mean()), unit(spread(pull).variance, float(share.mean()), float(of.mean()))
