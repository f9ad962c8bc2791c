"""What no margin of the joint table fixes: further columns of residents, each an addressed draw."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.arrays import Columns, Ints, Lots, Mask
from counterscore.city.columns import ADULT, AXES, COLUMNS, EVERYONE, OLDEST, column
from counterscore.city.spec import Amount, CitySpec, Margin, Table, age_range, named

_STEPS = 1024  #: multiples of amounts are rounded to whole parts of this


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


def below(draws: Lots, many: int | Ints) -> Ints:
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
