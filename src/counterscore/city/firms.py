"""Firms from published counts of legal units, inside the city's subdistricts.

Sectors and sizes are dealt out by systematic sampling in each subdistrict, so that both hold almost to the
firm. The legal representative is an adult in work, each of at most one firm while there are enough; everybody
else in work is dealt to the firms in proportion to what their size employs. Public servants and farm workers
work elsewhere. All draws are addressed by the firm's number, so that a subdistrict can be made alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.columns import FIRM_COLUMNS, NOT_IN_WORK
from counterscore.city.spec import CitySpec, Firms
from counterscore.regime.vocabulary import OCCUPATIONS

_WEIGHT = 1 << 32
_ELSEWHERE = tuple(OCCUPATIONS.index(name) for name in ("civil servant", "farm worker"))
_STEPS = 1024

Ints = npt.NDArray[np.int64]
Columns = dict[str, npt.NDArray[Any]]


def settle_firms(
    spec: CitySpec, many: int, first: int, people: Columns, seed: int
) -> tuple[Columns, npt.NDArray[np.int32]]:
    """``many`` firms whose numbers start at ``first``, and the employer of each of ``people`` (-1 for none)."""
    workers = np.flatnonzero(people["occupation"] != NOT_IN_WORK)
    many = many if len(workers) else 0
    employer = np.full(len(people["age"]), -1, np.int32)
    numbers = first + np.arange(many, dtype=np.uint64)
    if many == 0 or spec.firms is None:
        return {entry.name: np.zeros(0, entry.dtype) for entry in FIRM_COLUMNS}, employer

    def lots(name: str) -> npt.NDArray[np.uint32]:
        return luck.draws32(luck.key(f"city/firm {name}", seed), numbers)

    firms = spec.firms
    out: dict[str, npt.NDArray[Any]] = {
        "sector": _dealt(_sector_shares(firms), many, first, seed, "sector"),
        "size": _dealt([size.share.value for size in firms.sizes.values.values()], many, first, seed, "size"),
        "firm_age": _along(firms.ages.spread, lots("age")),
        "compliance": lots("compliance") >> np.uint32(24),
        "generosity": lots("generosity") >> np.uint32(24),
    }
    for name in ("goods", "abroad"):
        table = getattr(firms, name).values
        border = np.array([round(table[sector].value * 2.0**32) for sector in firms.sector_names], np.int64)
        out[name] = lots(name) < border[out["sector"]]
    queue = workers[np.argsort(luck.draws64(luck.key("city/firm head", seed), first + workers.astype(np.uint64)))]
    out["head"] = queue[np.arange(many) % len(queue)]
    out["district"] = people["district"][out["head"]]
    staff = queue[many:]
    staff = staff[~np.isin(people["occupation"][staff], _ELSEWHERE)]
    wanted = np.array([round(size.employees.value * _STEPS) for size in firms.sizes.values.values()], np.int64)
    borders = np.cumsum(np.maximum(0, wanted[out["size"]] - _STEPS))
    if len(staff) and borders[-1]:
        at = (np.arange(len(staff), dtype=np.int64) * 2 + 1) * borders[-1] // (2 * len(staff))
        employer[staff] = np.searchsorted(borders, at, side="right")
    employer[out["head"][::-1]] = np.arange(many)[::-1]
    out["employees"] = np.bincount(employer[employer >= 0], minlength=many)
    return {entry.name: out[entry.name].astype(entry.dtype) for entry in FIRM_COLUMNS}, employer


def fit_firms(spec: CitySpec, sizes: list[int], seed: int, row: Callable[..., Any]) -> Iterator[Any]:
    """Published counts of firms beside what a city has whose subdistricts hold ``sizes`` firms each."""
    firms = spec.firms
    if firms is None:
        return
    total = sum(sizes)
    scale = firms.count.value / max(1, total)
    yield row("Firms", "legal units", firms.count.value, total * scale, 0.0, "legal units",
              firms.count.source, str(firms.count.mark), "fit")  # fmt: skip
    shares = _sector_shares(firms)
    counts = sum(_counts(shares, many, k << 16, seed, "sector") for k, many in enumerate(sizes))
    for code, (name, figure) in enumerate(firms.sectors.values.items()):
        achieved = float(np.asarray(counts)[code]) * scale
        source, mark = figure.source or firms.sectors.source, str(figure.mark or firms.sectors.mark)
        yield row("Firms by sector", name, figure.value, achieved, achieved - figure.value, "legal units",
                  source, mark, "fit")  # fmt: skip
    per_unit = firms.employees.value / firms.count.value
    mean = math.fsum(size.share.value * size.employees.value for size in firms.sizes.values.values())
    yield row("Employees", "a legal unit", per_unit, mean, mean - per_unit, "employees",
              firms.employees.source, str(firms.employees.mark), "check")  # fmt: skip


def _sector_shares(firms: Firms) -> list[float]:
    counts = [figure.value for figure in firms.sectors.values.values()]
    return [one / firms.count.value for one in (*counts, firms.count.value - math.fsum(counts))]


def _borders(shares: list[float]) -> Ints:
    edges: Ints = np.rint(np.cumsum(shares) / math.fsum(shares) * _WEIGHT).astype(np.int64)
    return edges


def _codes(shares: list[float], many: int, first: int, seed: int, name: str) -> Ints:
    """Codes by systematic sampling, in the order of the codes."""
    offset = luck.draw32(luck.key(f"city/firm {name} cells", seed), first)
    at = (np.arange(many, dtype=np.int64) * _WEIGHT + offset) // max(1, many)
    codes: Ints = np.searchsorted(_borders(shares), at, side="right")
    return codes


def _counts(shares: list[float], many: int, first: int, seed: int, name: str) -> Ints:
    counts: Ints = np.bincount(_codes(shares, many, first, seed, name), minlength=len(shares))
    return counts


def _dealt(shares: list[float], many: int, first: int, seed: int, name: str) -> Ints:
    """The codes in an order of their own, so that sector and size are not tied together."""
    numbers = first + np.arange(many, dtype=np.uint64)
    order = np.argsort(luck.draws64(luck.key(f"city/firm {name} deal", seed), numbers))
    dealt: Ints = _codes(shares, many, first, seed, name)[order]
    return dealt


def _along(spread: tuple[float, ...], draws: npt.NDArray[np.uint32]) -> Ints:
    """Values on the straight lines between the knots of ``spread``, rounded down."""
    knots = np.array([round(value * _STEPS) for value in spread], np.int64)
    along = draws.astype(np.int64) * (len(knots) - 1)
    at, part = along >> 32, (along >> 16) & 0xFFFF
    values: Ints = (knots[at] + (((knots[at + 1] - knots[at]) * part) >> 16)) // _STEPS
    return values
