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
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.arrays import Bands, Columns, Floats, Ints
from counterscore.city.firms import fit_firms, settle_firms
from counterscore.city.fitting import Fit, FittedPart, age_bands, fit_rows, fitted_parts
from counterscore.city.furnish import below, furnish
from counterscore.city.spec import CitySpec, parse_city
from counterscore.errors import UsageError
from counterscore.quantity import Document
from counterscore.regime.vocabulary import OCCUPATIONS

SUBDISTRICT_MOST = 65_536
RESIDENTS_MOST = 2_000_000_000  #: numbers of residents fit 32 bits
_HALF = 1 << 18
_WEIGHT = _HALF * _HALF  #: cumulated weights are rounded to whole parts of this


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """The unit in which a city is lived: at most 65,536 residents. ``district`` is None in a small city,
    where the one subdistrict holds residents of all districts.
    """

    index: int
    district: int | None
    size: int


_REMEMBERED = 1_000_000  #: residents of the largest city that is kept once made, some 30 bytes each


@dataclass(frozen=True)
class City:
    """Synthetic residents, made subdistrict by subdistrict when asked for."""

    spec: CitySpec
    residents: int
    seed: int
    subdistricts: tuple[Subdistrict, ...] = field(repr=False)
    _parts: tuple[FittedPart, ...] = field(repr=False)
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
        ordered["age"] = low + below(luck.draws32(luck.key("city/age", self.seed), numbers), high - low + 1)
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
        return tuple(fit_rows(self.spec, self._parts, counts))

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

    def _offset(self, part: FittedPart, district: int | None) -> int:
        lot = luck.draw32(luck.key(f"city/cells {part.name}", self.seed), district or 0)
        return lot << 4  # 0 … _WEIGHT - 1

    def _counts(self, part: FittedPart) -> Ints:
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
    bands = age_bands(spec)
    parts = tuple(fitted_parts(spec, bands))
    return City(spec, wanted, seed, _subdistricts(parts, wanted), parts, bands)


def _subdistricts(parts: tuple[FittedPart, ...], residents: int) -> tuple[Subdistrict, ...]:
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
