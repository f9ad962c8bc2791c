"""Residents from published counts.

1. The joint table of district x registration x sex x age x education x occupation is fitted to every margin
   of the city file by iterative proportional fitting (Deming and Stephan 1940), in doubles and with sums in
   a fixed order, so that every machine gets the same table. Columns that no margin ties together are
   independent: their tables are fitted apart and never multiplied out.
2. Residents are cut from it by systematic sampling: resident j of N takes the cell at (j + u) / N of the
   cumulated weights, which are rounded to integers first. So every margin holds almost to the resident, in
   the city and in each of its subdistricts, and how many residents a cell gets is known without drawing them.
   Each table is dealt out in an order of its own, so that neighbours are no more alike than others.
3. A subdistrict is drawn alone, when asked for. What no margin fixes (an age inside its band, income, a car)
   is an addressed draw.

Subdistricts hold at most 65,536 residents. A city of at most that size is one subdistrict in which all
districts are mixed; in a larger one each subdistrict lies in one district, and the subdistricts of a
district are equal but for one resident.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.columns import (
    ADULT,
    AXES,
    COLUMNS,
    EDUCATION,
    EVERYONE,
    NOT_IN_WORK,
    OLDEST,
    column,
)
from counterscore.city.firms import fit_firms, settle_firms
from counterscore.city.spec import Amount, CitySpec, Margin, Table, age_range, named, parse_city
from counterscore.errors import UsageError
from counterscore.quantity import Document
from counterscore.regime.vocabulary import OCCUPATIONS

SUBDISTRICT_MOST = 65_536
RESIDENTS_MOST = 2_000_000_000  #: numbers of residents fit 32 bits

_HALF = 1 << 18
_WEIGHT = _HALF * _HALF  #: cumulated weights are rounded to whole parts of this
_ROUNDS = 2_000
_FITTED = 1e-12  #: no margin further off than this share of the residents: the fit is finished
_CONTRADICTION = 1e-7  #: a margin further off than this after all rounds cannot be met
_STEPS = 1024  #: multiples of amounts are rounded to whole parts of this
_SCHOOL_FROM = (0, 6, 12, 15, ADULT)  #: the least age of each schooling, in the order of EDUCATION
_SCHOOL_AND_WORK = ("age", "education", "occupation")  #: axes tied by what is impossible

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Lots = npt.NDArray[np.uint32]
Columns = dict[str, npt.NDArray[Any]]
Bands = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """The unit in which a city is lived: at most 65,536 residents. ``district`` is None in a small city,
    where the one subdistrict holds residents of all districts.
    """

    index: int
    district: int | None
    size: int


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


_REMEMBERED = 1_000_000  #: residents of the largest city that is kept once made, some 30 bytes each


@dataclass(frozen=True)
class _Part:
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
class City:
    """Synthetic residents, made subdistrict by subdistrict when asked for."""

    spec: CitySpec
    residents: int
    seed: int
    subdistricts: tuple[Subdistrict, ...] = field(repr=False)
    _parts: tuple[_Part, ...] = field(repr=False)
    _bands: Bands = field(repr=False)

    def __repr__(self) -> str:
        return f"<City {self.id}: {self.title}, {self.residents:,} synthetic residents, seed {self.seed}>"

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def title(self) -> str:
        return self.spec.title

    @property
    def districts(self) -> tuple[str, ...]:
        """Names of the codes of the district column."""
        return self.spec.districts

    def digest(self) -> str:
        """sha256 of what the city file says, the number of residents and the seed: all a city depends on."""
        return hashlib.sha256(f"{self.spec.digest()} {self.residents} {self.seed}".encode()).hexdigest()

    def people(self, k: int) -> Columns:
        """The columns of subdistrict ``k`` (see ``city.columns``), one entry for each of its residents.

        Residents are ordered by group (registration x 16 + occupation), within a group by chance. The
        resident at position ``i`` has the number ``k * 65536 + i``. Raises ``IndexError`` where there is
        no subdistrict ``k``. The columns cannot be written to: worlds and replays of a city that is not large share them.
        """
        if k not in self._made:
            columns = self._make(k)
            for column in columns.values():
                column.setflags(write=False)
            if self.residents > _REMEMBERED:
                return columns
            self._made[k] = columns
        return dict(self._made[k])

    @cached_property
    def _made(self) -> dict[int, Columns]:
        return {}

    def _make(self, k: int) -> Columns:
        here = self.subdistricts[k]
        siblings = self._siblings[here.district]
        among, stride = here.index - siblings[0], len(siblings)
        total = self._totals[here.district]
        numbers = here.index * SUBDISTRICT_MOST + np.arange(here.size, dtype=np.uint64)
        codes: dict[str, Ints] = {}
        for part in self._parts:
            rows = np.arange(here.size, dtype=np.int64) * stride + among
            at = _place_of(rows, self._offset(part, here.district), total)
            cell = np.searchsorted(self._borders[part.name, here.district], at, side="right")
            # Each part deals its cells in an order of its own; 64-bit lots of one key never tie.
            cell = cell[np.argsort(luck.draws64(luck.key(f"city/deal {part.name}", self.seed), numbers))]
            codes |= dict(zip(part.frame.axes, np.unravel_index(cell, part.cells.shape), strict=True))
        group = codes["registration"] * len(OCCUPATIONS) + codes["occupation"]
        order = np.argsort(group.astype(np.uint8), kind="stable")
        ordered = {name: of[order] for name, of in codes.items()}
        low, high = np.array(self._bands)[ordered["age"]].T
        ordered["age"] = low + _within(luck.draws32(luck.key("city/age", self.seed), numbers), high - low + 1)
        return furnish(self.spec, ordered, numbers, self.seed)

    def table_of(self, axis: str) -> tuple[tuple[str, ...], Floats, Bands]:
        """The fitted table that holds ``axis``: its axes, its weights, and the ages of its age bands."""
        part = next(part for part in self._parts if axis in part.frame.axes)
        return part.frame.axes, part.cells, self._bands

    @property
    def firms(self) -> int:
        """How many firms the city has; 0 where its file says nothing about firms."""
        return self._firms_before(len(self.subdistricts))

    def _firms_before(self, k: int) -> int:
        """Firms of the subdistricts before ``k``: in proportion to residents, rounded once for the city."""
        if self.spec.firms is None:
            return 0
        before = sum(one.size for one in self.subdistricts[:k])
        return before * int(self.spec.firms.count.value) // int(self.spec.residents.value)

    def firms_of(self, k: int, people: Columns) -> tuple[Columns, npt.NDArray[np.int32]]:
        """The firms of subdistrict ``k`` (see ``city.columns.FIRM_COLUMNS``), and the employer of each resident.

        ``people`` are the residents of ``k``. A firm at position ``i`` has the number ``k * 65536 + i``; an
        employer is a position, -1 for none. ``head`` is the position of the representative.
        """
        many = self._firms_before(k + 1) - self._firms_before(k)
        return settle_firms(self.spec, many, k * SUBDISTRICT_MOST, people, self.seed)

    def fit(self) -> tuple[Fit, ...]:
        """Each figure of the margins beside what the residents have, counted over the whole city.

        At full size no category is off by more than a few residents in each district. In a city of N
        residents expect rounding of about ten residents in all, whatever N.
        """
        counts = [self._counts(part) for part in self._parts]
        return tuple(_fit_rows(self.spec, self._parts, counts))

    def firm_fit(self) -> tuple[Fit, ...]:
        """Each published figure of firms beside what the city has; none where its file has no firms."""
        sizes = [self._firms_before(k + 1) - self._firms_before(k) for k in range(len(self.subdistricts))]
        return tuple(fit_firms(self.spec, sizes, self.seed, Fit))

    def describe(self) -> str:
        """Two sentences on who lives here."""
        parts, districts = len(self.subdistricts), len(self.districts)
        return (
            f"{self.title}: {self.residents:,} synthetic residents in {parts:,} "
            f"subdistrict{'s' if parts > 1 else ''} and {districts} district{'s' if districts > 1 else ''}"
            f"{f', and {self.firms:,} firms' if self.firms else ''}. "
            "No real person is among them."
        )

    @cached_property
    def _totals(self) -> dict[int | None, int]:
        """Residents by district, or of the whole small city under None."""
        totals: dict[int | None, int] = {}
        for one in self.subdistricts:
            totals[one.district] = totals.get(one.district, 0) + one.size
        return totals

    @cached_property
    def _siblings(self) -> dict[int | None, range]:
        """The subdistricts of each district; they follow each other."""
        numbers: dict[int | None, list[int]] = {}
        for one in self.subdistricts:
            numbers.setdefault(one.district, []).append(one.index)
        return {district: range(of[0], of[-1] + 1) for district, of in numbers.items()}

    @cached_property
    def _borders(self) -> dict[tuple[str, int | None], Ints]:
        return {
            (part.name, district): _borders(part.of_district(district))
            for part in self._parts
            for district in self._totals
        }

    def _offset(self, part: _Part, district: int | None) -> int:
        lot = luck.draw32(luck.key(f"city/cells {part.name}", self.seed), district or 0)
        return lot << 4  # 0 … _WEIGHT - 1

    def _counts(self, part: _Part) -> Ints:
        """How many residents of the city each cell gets: j has cell c if j * W + u < border(c) * N first."""
        counts = np.zeros(part.cells.size, np.int64)
        for district, total in self._totals.items():
            borders = self._borders[part.name, district]
            ends = [-((self._offset(part, district) - int(border) * total) // _WEIGHT) for border in borders]
            within = np.clip(np.array(ends, np.int64), 0, total)
            counts += within - np.concatenate(([0], within[:-1]))
        return counts


def synthesize(spec: CitySpec | Mapping[str, Any], *, residents: int | None = None, seed: int = 0) -> City:
    """Fit the city that ``spec`` describes and cut it into subdistricts; nobody is drawn yet.

    ``spec`` is a read city file (``read_city``) or the same in plain data. ``residents`` asks for a city of
    that size in the same proportions; by default it is as large as the place. Raises ``InputError`` for a
    spec with mistakes or with margins that contradict each other, ``UsageError`` for a number of residents
    below 1 or above 2,000 million.
    """
    if not isinstance(spec, CitySpec):
        spec = parse_city(Document("", (), dict(spec)))
    wanted = int(spec.residents.value) if residents is None else residents
    if not 1 <= wanted <= RESIDENTS_MOST:
        raise UsageError(
            f"a city has 1 to {RESIDENTS_MOST:,} residents, found {wanted:,}",
            suggestion="Leave residents out for a city as large as the place.",
        )
    bands = _age_bands(spec)
    parts = tuple(_fitted_parts(spec, bands))
    return City(spec, wanted, seed, _subdistricts(parts, wanted), parts, bands)


def _subdistricts(parts: tuple[_Part, ...], residents: int) -> tuple[Subdistrict, ...]:
    if residents <= SUBDISTRICT_MOST:
        return (Subdistrict(0, None, residents),)
    part = next(part for part in parts if "district" in part.frame.axes)
    shares = [math.fsum(cells.ravel()) for cells in part.cells]
    places: list[Subdistrict] = []
    for district, count in enumerate(_largest_remainder(shares, residents)):
        pieces = -(-count // SUBDISTRICT_MOST)
        for piece in range(pieces):
            places.append(Subdistrict(len(places), district, len(range(piece, count, pieces))))
    return tuple(places)


def _place_of(rows: Ints, offset: int, total: int) -> Ints:
    """(rows x ``_WEIGHT`` + offset) // total, in two steps: resident x weight may be more than 2**63."""
    whole, rest = np.divmod(rows * _HALF, total)
    found: Ints = whole * _HALF + (rest * _HALF + offset) // total
    return found


def _largest_remainder(shares: list[float], total: int) -> list[int]:
    """Whole numbers in the proportions of ``shares`` that add up to ``total``."""
    whole = math.fsum(shares)
    exact = [round(share / whole * _WEIGHT) * total for share in shares]
    counts = [parts // _WEIGHT for parts in exact]
    by_remainder = sorted(range(len(shares)), key=lambda at: (-(exact[at] % _WEIGHT), at))
    for at in by_remainder[: total - sum(counts)]:
        counts[at] += 1
    return counts


def _borders(cells: Floats) -> Ints:
    """Cumulated weights as whole parts of ``_WEIGHT``; a cell without weight gets nobody."""
    flat = np.cumsum(cells.ravel())
    borders: Ints = np.rint(flat / flat[-1] * _WEIGHT).astype(np.int64)
    return borders


# ---- the joint table -------------------------------------------------------------------------------------


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


def _age_bands(spec: CitySpec) -> Bands:
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


def _fitted_parts(spec: CitySpec, bands: Bands) -> Iterator[_Part]:
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
        yield _Part(frame, _fitted(frame, [m for m in margins if m.over in axes and m.use == "fit"]))


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


def _fit_rows(spec: CitySpec, parts: tuple[_Part, ...], counts: list[Ints]) -> Iterator[Fit]:
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


# ---- what no margin fixes --------------------------------------------------------------------------------


def furnish(spec: CitySpec, codes: dict[str, Ints], numbers: npt.NDArray[np.uint64], seed: int) -> Columns:
    """All columns of the residents with these joint codes (``age`` in years) and identities."""

    def lots(name: str) -> Lots:
        return luck.draws32(luck.key(f"city/{name}", seed), numbers)

    out: dict[str, npt.NDArray[Any]] = dict(codes)
    adult = out["age"] >= ADULT
    shares = {margin.over: margin for margin in spec.margins if margin.over not in AXES}
    for name in sorted(shares, key=lambda name: name != "file"):  # a card may depend on the credit file
        drawn = choose(spec, shares[name], out, lots(name))
        out[name] = drawn if name == "minority" else np.where(adult, drawn, 0)
    for entry in COLUMNS:
        if entry.origin == "even":
            out[entry.name] = lots(entry.name) >> np.uint32(24)
    amounts = spec.amounts
    out["income"] = np.where(adult, _amount(spec, amounts.income, out, lots("income")) // _STEPS, 0)
    out["means"] = np.where(adult, _amount(spec, amounts.means, out, lots("means")) // _STEPS, 0)
    # tens of yuan a month x months of income / 100 = thousand yuan
    months = _amount(spec, amounts.loan, out, lots("loan size"))
    owed = np.maximum(1, np.minimum(out["income"], 65_535) * months // (100 * _STEPS))
    out["loan"] = np.where(adult & _has(spec, amounts.loan, out, lots("loan")), owed, 0)
    return {entry.name: _narrow(out[entry.name], entry.dtype) for entry in COLUMNS}


def _narrow(values: npt.NDArray[Any], dtype: str) -> npt.NDArray[Any]:
    """As ``dtype``; what is larger stays at the type's top."""
    narrow: npt.NDArray[Any] = np.minimum(values, np.iinfo(dtype).max).astype(dtype)
    return narrow


def _within(draws: Lots, many: int | Ints) -> Ints:
    """Draws as whole numbers 0 … many-1."""
    return (draws.astype(np.int64) * many) >> 32


def choose(spec: CitySpec, margin: Margin, out: Mapping[str, npt.NDArray[Any]], draws: Lots) -> Ints:
    """The code of each resident, drawn with the shares of the resident's group."""
    borders, groups = _tables_of(spec, margin)
    mine = np.zeros(len(draws), np.int64) if groups is None else groups[out[margin.by]]
    codes = np.zeros(len(draws), np.int64)
    for border in borders:
        codes += draws >= border[mine]
    return codes


#: What ``choose`` goes by, by margin, whole and names of districts; the margin is kept beside it, so that no other one can have its address.
_TABLES: dict[tuple[int, float, tuple[str, ...]], tuple[Margin, list[Ints], Ints | None]] = {}
_MOST_TABLES = 512


def _tables_of(spec: CitySpec, margin: Margin) -> tuple[list[Ints], Ints | None]:
    """Borders and groups of a margin, worked out once: each January asks for them in each subdistrict."""
    key = (id(margin), spec.base(margin), spec.districts)
    found = _TABLES.get(key)
    if found is None:
        if len(_TABLES) >= _MOST_TABLES:
            _TABLES.clear()
        found = _TABLES[key] = (margin, _shares(spec, margin), _groups(spec, margin.by, list(margin.values)))
    return found[1], found[2]


def _shares(spec: CitySpec, margin: Margin) -> list[Ints]:
    """Where each code but the last ends among draws of 32 bits, by group."""
    names = column(margin.over).categories
    table = np.zeros((len(margin.values), len(names)))
    for row, shares in zip(table, margin.values.values(), strict=True):
        for key, figure in shares.items():
            row[names.index(key)] = figure.value / spec.base(margin)
        left_out = [code for code, name in enumerate(names) if name not in shares]
        if left_out:
            row[left_out[0]] = max(0.0, 1.0 - math.fsum(row))
    borders = np.cumsum(np.rint(table * 2.0**32).astype(np.int64), axis=1)
    return [np.ascontiguousarray(border) for border in borders.T[:-1]]


def _groups(spec: CitySpec, by: str, groups: list[str]) -> Ints | None:
    """Which of ``groups`` each code, or year of age, of column ``by`` is in; None where all are in one."""
    if by == EVERYONE:
        return None
    if by == "age":
        at = np.zeros(OLDEST + 1, np.int64)
        for code, (low, high) in enumerate(map(age_range, groups)):
            at[low : high + 1] = code
        return at
    codes = {name: code for code, group in enumerate(groups) for name in named(group)}
    return np.array([codes[name] for name in spec.categories(by)], np.int64)


def _group_of(spec: CitySpec, by: str, groups: list[str], out: Mapping[str, npt.NDArray[Any]]) -> Ints:
    """Which of ``groups`` (categories of column ``by``) each resident is in; minors may be in any."""
    found = _groups(spec, by, groups)
    mine: Ints = np.zeros(len(out["age"]), np.int64) if found is None else found[out[by]]
    return mine


def _per_group(spec: CitySpec, table: Table, scale: float, out: Mapping[str, npt.NDArray[Any]]) -> Ints:
    """The value of each resident's group, in whole parts of ``1 / scale``."""
    values = np.array([round(figure.value * scale) for figure in table.values.values()], np.int64)
    mine: Ints = values[_group_of(spec, table.by, list(table.values), out)]
    return mine


def _amount(spec: CitySpec, amount: Amount, out: Mapping[str, npt.NDArray[Any]], draws: Lots) -> Ints:
    """Middle x times x a multiple of the spread, in 1 / ``_STEPS``."""
    knots = np.array([round(multiple * _STEPS) for multiple in amount.spread], np.int64)
    along = draws.astype(np.int64) * (len(knots) - 1)
    at, part = along >> 32, (along >> 16) & 0xFFFF
    multiple = knots[at] + (((knots[at + 1] - knots[at]) * part) >> 16)
    value: Ints = _per_group(spec, amount.middle, _STEPS, out) * multiple // _STEPS
    if amount.times is not None:
        value = value * _per_group(spec, amount.times, _STEPS, out) // _STEPS
    return value


def _has(spec: CitySpec, amount: Amount, out: Mapping[str, npt.NDArray[Any]], draws: Lots) -> Mask:
    if amount.share is None:
        return np.ones(len(draws), np.bool_)
    return draws < _per_group(spec, amount.share, 2.0**32, out)
