"""What a measure of the mirror is: which rows it looks at, which of them it can use and why not the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from counterscore.mirror.facts import COPIED, KNOWN
from counterscore.mirror.tables import NONE, Facts

Words = npt.NDArray[np.object_]
#: What is told beside a number: what, value, both ends of its interval.
Beside = tuple[str, float | None, float | None, float | None]
Kind = Literal["share", "ratio", "median", "late", "published"]


@dataclass(frozen=True)
class Rows:
    """The eligible rows of a measure. ``reason`` is "" where a row counts, else ``state: why``; value is then NaN.

    ``cluster`` is what is drawn again together (the process; the contract for payments), ``stratum`` method class
    and value band, and ``more`` holds further columns that a measure tells beside its number.
    """

    body: Words
    ocid: Words
    item: Words
    reason: Words
    value: npt.NDArray[np.float64]
    cluster: Words
    stratum: Words
    more: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.body)

    def where(self, mask: npt.NDArray[np.bool_]) -> Rows:
        """The rows for which ``mask`` is true."""
        return Rows(
            self.body[mask], self.ocid[mask], self.item[mask], self.reason[mask], self.value[mask], self.cluster[mask],
            self.stratum[mask], {name: column[mask] for name, column in self.more.items()},
        )  # fmt: skip

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.reason == "", np.bool_)


Sensitivity = Callable[[Facts, Rows], "Rows | None"]


@dataclass(frozen=True, eq=False)
class Measure:
    """One measure. ``copied`` names what refuses it wholly, ``refuse`` says why it cannot be asked of these data."""

    id: str
    title: str
    question: str
    unit: str
    kind: Kind
    formula: str
    eligible: str
    matched: str
    fields: tuple[str, ...]
    limits: str
    rows: Callable[[Facts], Rows]
    copied: tuple[str, ...] = ()
    refuse: Callable[[Facts], str] = lambda _: ""
    beside: Callable[[Rows], list[Beside]] = lambda _: []
    sensitivities: Mapping[str, Sensitivity] = field(default_factory=dict)
    ranked: bool = True

    def refused(self, facts: Facts) -> str:
        """Why no number can be given, in words; empty where one can."""
        for found in facts.record["copied"]:
            if found["name"] in self.copied:
                return str(found["sentence"])
        return self.refuse(facts)


def because(state: Words, why: Words) -> Words:
    """The reasons of rows whose fact is in ``state``: "" where it is known."""
    return np.array(
        ["" if s == KNOWN else f"{s}: {w}" if w else str(s) for s, w in zip(state, why, strict=True)], dtype=object
    )


def named(what: str, why: Words) -> Words:
    """Reasons that say of what nothing is stated."""
    return np.array([f"{what} {one}" if one == "not stated" else one for one in why], dtype=object)


def first_of(*reasons: Words) -> Words:
    """Row by row the first reason that is not empty."""
    out = reasons[0].copy()
    for more in reasons[1:]:
        empty = out == ""
        out[empty] = more[empty]
    return out


def where(mask: npt.NDArray[np.bool_], reason: str) -> Words:
    """``reason`` where ``mask`` is true, "" elsewhere."""
    out = np.full(len(mask), "", dtype=object)
    out[mask] = reason
    return out


def make(
    facts: dict[str, npt.NDArray[Any]],
    reason: Words,
    value: npt.NDArray[Any],
    *,
    item: str = "ocid",
    cluster: str = "ocid",
    more: Mapping[str, npt.NDArray[Any]] | None = None,
    stratum: Words | None = None,
) -> Rows:
    """Rows from columns; values where there is a reason become NaN."""
    numbers = np.where(reason == "", np.asarray(value, np.float64), np.nan)
    groups = facts["ocid"] if cluster == "ocid" else facts["ocid"] + " " + facts[cluster]
    strata = stratum if stratum is not None else np.full(len(reason), "", dtype=object)
    return Rows(facts["body"], facts["ocid"], facts[item], reason, numbers, groups, strata, dict(more or {}))


def in_window(facts: Facts, when: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Decided inside the window of the source; everything where it names none, but for what lies after the cut-off."""
    window = facts.record["source"]["window_at"]
    if window is None:
        return np.asarray((when == NONE) | (when <= facts.cut_off), np.bool_)
    return np.asarray((when != NONE) & (when >= window[0]) & (when <= window[1]), np.bool_)


def bands(method: Words, amount: npt.NDArray[np.float64] | None, currency: Words | None) -> Words:
    """Method class and value band (powers of ten of the value in its currency)."""
    out = np.array([one or "method not known" for one in method], dtype=object)
    if amount is None or currency is None:
        return out
    for i, (value, money) in enumerate(zip(amount, currency, strict=True)):
        band = f"{money} 10^{int(np.floor(np.log10(value)))}" if money and value >= 1 else "value not known"
        out[i] = f"{out[i]}, {band}"
    return out


__all__ = [
    "COPIED",
    "Beside",
    "Measure",
    "Rows",
    "Words",
    "bands",
    "because",
    "first_of",
    "in_window",
    "make",
    "named",
    "where",
]
