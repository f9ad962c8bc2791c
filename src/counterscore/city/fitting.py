"""The joint table of a city: fitted to every margin by iterative proportional fitting."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from counterscore.city.arrays import Bands, Floats, Ints, Mask
from counterscore.city.columns import ADULT, AXES, EDUCATION, EVERYONE, NOT_IN_WORK, OLDEST
from counterscore.city.spec import CitySpec, Margin, age_range, named
from counterscore.regime.vocabulary import OCCUPATIONS

_ROUNDS = 2_000
_FITTED = 1e-12  #: no margin further off than this share of the residents: the fit is finished
_CONTRADICTION = 1e-7  #: a margin further off than this after all rounds cannot be met
_SCHOOL_FROM = (0, 6, 12, 15, ADULT)  #: the least age of each schooling, in the order of EDUCATION
_SCHOOL_AND_WORK = ("age", "education", "occupation")  #: axes tied by what is impossible


@dataclass(frozen=True, slots=True)
class Fit:
    """One published figure and what the synthetic residents have, in the same unit.

    ``use`` is ``fit`` where the table was fitted to the figure and ``check`` where it is only compared.
    """

    marginal: str
    category: str
    published: float
    achieved: float
    difference: float
    unit: str
    source: str
    mark: str
    use: str


@dataclass(frozen=True)
class FittedPart:
    """The fitted table of some axes that margins tie together; ``cells`` has one dimension for each."""

    frame: _Frame
    cells: Floats

    @property
    def name(self) -> str:
        return " ".join(self.frame.axes)

    def of_district(self, district: int | None) -> Floats:
        """The table among the residents of one district; the other districts' cells are 0."""
        if district is None or "district" not in self.frame.axes:
            return self.cells
        only = np.zeros(self.cells.shape[0])
        only[district] = 1.0
        return self.cells * only.reshape(-1, *(1 for _ in self.frame.axes[1:]))


@dataclass(frozen=True)
class _Frame:
    """Axes of a table and what their codes mean."""

    spec: CitySpec
    bands: Bands
    axes: tuple[str, ...]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        sizes = {axis: len(self.spec.categories(axis)) for axis in self.axes} | {"age": len(self.bands)}
        return tuple(sizes[axis] for axis in self.axes)

    def holds(self, axis: str, key: str) -> Mask:
        """Which cells of the flattened table belong to the categories ``key`` names on ``axis``."""
        if axis == EVERYONE:
            return np.ones(math.prod(self.shape), np.bool_)
        if axis == "age":
            low, high = age_range(key)
            here = np.array([low <= first and last <= high for first, last in self.bands])
        else:
            here = np.isin(self.spec.categories(axis), named(key))
        at = self.axes.index(axis)
        return np.broadcast_to(
            here.reshape([n if i == at else 1 for i, n in enumerate(self.shape)]), self.shape
        ).ravel()


def age_bands(spec: CitySpec) -> Bands:
    """The coarsest bands of ages, both ends included, that every margin and every school age respects."""
    edges = {*_SCHOOL_FROM, OLDEST + 1}
    for margin in spec.margins:
        if margin.over not in AXES:
            continue
        for group, shares in margin.values.items():
            for key in [group] * (margin.by == "age") + list(shares) * (margin.over == "age"):
                low, high = age_range(key)
                edges |= {low, high + 1}
    ordered = sorted(edges)
    return tuple((low, after - 1) for low, after in pairwise(ordered))


def fitted_parts(spec: CitySpec, bands: Bands) -> Iterator[FittedPart]:
    """A fitted table for each group of axes that margins tie together."""
    margins = [m for m in spec.margins if m.over in AXES]
    ties = [{m.over, m.by} - {EVERYONE} for m in margins]
    ties.append(set(_SCHOOL_AND_WORK))
    groups: list[set[str]] = [{axis} for axis in AXES]
    for tie in ties:
        joined = set[str]().union(*(group for group in groups if group & tie))
        groups = [group for group in groups if not group & tie] + [joined]
    for axes in sorted(tuple(sorted(group, key=AXES.index)) for group in groups):
        frame = _Frame(spec, bands, axes)
        yield FittedPart(frame, _fitted(frame, [m for m in margins if m.over in axes and m.use == "fit"]))


def _fitted(frame: _Frame, margins: list[Margin]) -> Floats:
    """The table closest to even that meets ``margins`` and holds nothing impossible.

    Only + * / in a fixed order (``bincount`` adds one by one), so that machines cannot differ.
    """
    cells = np.ones(frame.shape)
    if set(_SCHOOL_AND_WORK) <= set(frame.axes):
        sizes = zip(frame.axes, frame.shape, strict=True)
        cells *= _possible(frame.bands).reshape([n if axis in _SCHOOL_AND_WORK else 1 for axis, n in sizes])
    cells = cells.ravel() / cells.sum()
    steps = [step for margin in margins for step in _steps(frame, margin)]
    worst, culprit = 0.0, None
    for _ in range(_ROUNDS):
        worst, culprit = 0.0, None
        for margin, inside, labels, wanted in steps:
            weights = cells[inside]
            sums = np.bincount(labels, weights=weights, minlength=len(wanted))
            targets = wanted * math.fsum(sums)
            off = float(np.abs(sums - targets).max())
            if off > worst:
                worst, culprit = off, margin
            ratios = np.divide(targets, sums, out=np.zeros_like(sums), where=sums > 0)
            cells[inside] = weights * ratios[labels]
        if worst < _FITTED:
            break
    if culprit is not None and not worst < _CONTRADICTION:
        raise frame.spec.refuse(
            ("margins", frame.spec.margins.index(culprit)),
            f'no population meets "{culprit.title}" together with the other margins; '
            f"a share of {worst:.2g} of the residents is always wrong",
            "Compare it with the margins over the same columns: one of them asks for too much.",
        )
    table: Floats = cells.reshape(frame.shape)
    return table


def _possible(bands: Bands) -> Floats:
    """1 where a cell of age band x education x occupation can be, else 0: children are in the school of
    their age or the one before it, nobody is in a later one, and minors are not in work.
    """
    possible = np.ones((len(bands), len(EDUCATION), len(OCCUPATIONS)))
    for band, (age, _) in enumerate(bands):
        for school, least in enumerate(_SCHOOL_FROM):
            behind = age < ADULT and school + 2 < len(_SCHOOL_FROM) and age >= _SCHOOL_FROM[school + 2]
            if age < least or behind:
                possible[band, school] = 0
        if age < ADULT:
            possible[band, :, :NOT_IN_WORK] = 0
    return possible


def _steps(frame: _Frame, margin: Margin) -> Iterator[tuple[Margin, Ints, Ints, Floats]]:
    """For each group of a margin: its cells, the category of each (the last is "all others"), the shares."""
    for group, shares in margin.values.items():
        inside = np.flatnonzero(frame.holds(margin.by, group))
        labels = np.full(len(inside), len(shares))
        for label, key in enumerate(shares):
            labels[frame.holds(margin.over, key)[inside]] = label
        wanted = [figure.value / frame.spec.base(margin) for figure in shares.values()]
        if np.any(labels == len(shares)):
            wanted.append(max(0.0, 1.0 - math.fsum(wanted)))
        whole = math.fsum(wanted)
        yield margin, inside, labels, np.array([share / whole for share in wanted])


def fit_rows(spec: CitySpec, parts: tuple[FittedPart, ...], counts: list[Ints]) -> Iterator[Fit]:
    """Each figure of the margins beside what the residents have."""
    for margin in spec.margins:
        if margin.over not in AXES:
            continue
        part, have = next((p, c) for p, c in zip(parts, counts, strict=True) if margin.over in p.frame.axes)
        for group, shares in margin.values.items():
            inside = part.frame.holds(margin.by, group)
            whole = max(1, int(have[inside].sum()))
            for key, figure in shares.items():
                these = int(have[inside & part.frame.holds(margin.over, key)].sum())
                achieved = these * spec.base(margin) / whole
                yield Fit(
                    margin.title,
                    key if margin.by == EVERYONE else f"{group}: {key}",
                    figure.value,
                    achieved,
                    achieved - figure.value,
                    margin.unit,
                    figure.source or margin.source,
                    str(figure.mark or margin.mark),
                    margin.use,
                )
