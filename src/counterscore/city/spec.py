"""What a city file says: published counts and assumed ones, each number with source, mark and range.

A city file holds tables of counts. It has no place for rows about persons: unknown keys are refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from counterscore.city.columns import (
    ADULT,
    AXES,
    COLUMNS,
    EVERYONE,
    MOST_DISTRICTS,
    MOST_SECTORS,
    OLDEST,
    SIZES,
    column,
)
from counterscore.errors import Findings, InputError, Problem, did_you_mean, quoted
from counterscore.quantity import Document, Mark
from counterscore.quantity import Path as Place
from counterscore.regime.read import read_document
from counterscore.regime.vocabulary import OCCUPATIONS

_SUM_TOLERANCE = 1e-3  #: shares of all categories may miss the whole by rounding, not by more
_IN_WORK = tuple(name for name in OCCUPATIONS if name != "not in work")
_SHARED = tuple(entry.name for entry in COLUMNS if entry.origin in ("fitted", "share"))
_NO_PERSONS = "A city file holds tables of counts, nothing about persons. See: counterscore help city"
_BASES = {"share": 1.0, "per 100,000": 100_000.0}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """Where a number was read."""

    title: str
    kind: Literal["official figure", "specialist", "news", "assumption"]
    address: str = ""
    read: str = ""
    note: str = ""


class Figure(_Frozen):
    """One number; a plain number in the file is ``value`` alone. ``range`` is the span thought possible.
    ``source`` and ``mark`` are given where they differ from those of the section.
    """

    value: float = Field(strict=True, allow_inf_nan=False, ge=0)
    range: tuple[float, float] | None = None
    source: str | None = None
    mark: Mark | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return data if isinstance(data, Mapping) else {"value": data}


class _Section(_Frozen):
    """``range_times`` gives the range of every number without its own: these multiples of its value."""

    source: str
    mark: Mark
    note: str = ""
    range_times: tuple[float, float] | None = None


class Residents(Figure):
    """How many people live in the place."""

    unit: Literal["residents"]
    source: str
    mark: Mark


class Margin(_Section):
    """Shares or counts of the categories of one column, among everyone or ``by`` category of another.

    Categories left out of ``values`` share what is left. Ages are ranges such as ``60-99``; several
    categories may be written as one, with commas, and all occupations but "not in work" as "in work".
    With ``by`` the same column as ``over`` the shares are those within a group of its own categories.
    ``use: check`` compares without fitting, for a figure that only repeats others with more rounding.
    """

    title: str
    over: str
    by: str = EVERYONE
    unit: Literal["share", "per 100,000", "residents"] = "share"
    use: Literal["fit", "check"] = "fit"
    values: dict[str, dict[str, Figure]]

    @model_validator(mode="before")
    @classmethod
    def _by_everyone(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "by" not in data and "values" in data:
            return {**data, "values": {EVERYONE: data["values"]}}
        return data


class Table(_Frozen):
    """One number for every category of column ``by``, or one for everyone."""

    by: str = EVERYONE
    values: dict[str, Figure]


class Amount(_Section):
    """An amount drawn for each adult: ``middle`` x ``times`` x a multiple between those of ``spread``.

    ``spread`` gives the multiples at equal steps from the lowest resident to the highest; between them it
    is a straight line. ``share`` says how many have any such amount at all.
    """

    unit: str
    middle: Table
    spread: tuple[float, ...] = Field(min_length=2)
    times: Table | None = None
    share: Table | None = None


class Amounts(_Frozen):
    """Amounts of adults. The unit of ``loan`` is months of income."""

    income: Amount
    means: Amount
    loan: Amount


class Counted(Figure):
    """One count of the whole place."""

    unit: Literal["legal units", "employees"]
    source: str
    mark: Mark


class Sectors(_Section):
    """Legal units of the sectors that are published; the last sector takes the rest."""

    values: dict[str, Figure] = Field(min_length=1)
    rest: str


class Size(_Frozen):
    """How many firms are of a size, and how many work in one of them on average."""

    share: Figure
    employees: Figure


class Sizes(_Section):
    """Sizes of firms, the smallest first; their shares add up to 1."""

    values: dict[str, Size]


class FirmShares(_Section):
    """The share of firms of each sector of which something is true."""

    values: dict[str, Figure]


class FirmAges(_Section):
    """Ages in years at equal steps from the youngest firm to the oldest."""

    spread: tuple[float, ...] = Field(min_length=2)


class Firms(_Frozen):
    """The firms of a place: published counts, and what is assumed of each firm."""

    count: Counted
    employees: Counted
    sectors: Sectors
    sizes: Sizes
    ages: FirmAges
    goods: FirmShares
    abroad: FirmShares

    @property
    def sector_names(self) -> tuple[str, ...]:
        """Names of the codes of the sectors."""
        return (*self.sectors.values, self.sectors.rest)


@dataclass(frozen=True, slots=True)
class Stated:
    """One number of a city file with its range, for printing. ``low`` and ``high`` are None where the
    number is no assumption.
    """

    section: str
    category: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    mark: Mark


class CitySpec(_Frozen):
    """A city file. ``spec["section"]`` gives a section as the file has it, in plain data."""

    format: Literal[1]
    kind: Literal["city"]
    id: str
    title: str
    about: str = ""
    sources: dict[str, Source]
    residents: Residents
    margins: tuple[Margin, ...]
    amounts: Amounts
    firms: Firms | None = None

    _document: Document = PrivateAttr(default_factory=Document.empty)

    def __getitem__(self, section: str) -> Any:
        return self._document.data[section]

    @property
    def districts(self) -> tuple[str, ...]:
        """Their names, in the order of the first margin over districts."""
        first = next((m for m in self.margins if m.over == "district" and m.by == EVERYONE), None)
        return tuple(first.values[EVERYONE]) if first else ()

    def categories(self, name: str) -> tuple[str, ...]:
        """The names of the codes of column ``name``; none for an age or an amount."""
        return self.districts if name == "district" else column(name).categories

    def base(self, margin: Margin) -> float:
        """What counts as the whole in the unit of ``margin``."""
        return self.residents.value if margin.unit == "residents" else _BASES[margin.unit]

    def refuse(self, where: Place, message: str, suggestion: str = "") -> InputError:
        """The error of one mistake at a place of the file."""
        at = self._document.at(where)
        return InputError([Problem(at, message, suggestion, line_text=self._document.line(at))])

    def digest(self) -> str:
        """sha256 of what the file says; comments and layout do not count."""
        text = json.dumps(self._document.data, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def stated(self) -> tuple[Stated, ...]:
        """Every number of the file that is not fitted, with range, source and mark."""
        return tuple(_stated(self))


def age_range(text: str) -> tuple[int, int]:
    """``"60-99"`` as ``(60, 99)``, both included; raises ``ValueError`` where it is no range of ages."""
    low, dash, high = text.partition("-")
    if not (dash and low.isdecimal() and high.isdecimal() and int(low) <= int(high) <= OLDEST):
        raise ValueError(f'"{text}" is no range of ages between 0 and {OLDEST}, such as 60-99')
    return int(low), int(high)


def named(key: str) -> list[str]:
    """The categories that a key names: one, several with commas, or all the occupations "in work"."""
    return [name for part in key.split(", ") for name in (_IN_WORK if part == "in work" else (part,))]


def read_city(path: str | Path) -> CitySpec:
    """Read a city file; raises ``InputError`` with every mistake and its place."""
    return parse_city(read_document(Path(path), kind="city"))


def parse_city(document: Document) -> CitySpec:
    """The city a document describes; raises ``InputError`` with every mistake and its place."""
    findings = Findings(document.line)
    try:
        spec = CitySpec.model_validate(document.data)
    except ValidationError as error:
        for one in error.errors():
            where: Place = tuple(part for part in one["loc"] if part not in (EVERYONE, "value"))
            if one["type"] == "extra_forbidden":
                at, message = document.at(where, key=True), f"unknown key {quoted(where[-1])}"
                findings.problem(at, message, _NO_PERSONS)
            elif one["type"] == "missing":
                findings.problem(document.at(where[:-1]), f"{quoted(where[-1])} is missing here")
            else:
                said = one["msg"].removeprefix("Input ")
                findings.problem(document.at(where), f"this {said}, found {quoted(one['input'])}")
    else:
        spec._document = document
        _Checker(spec, document, findings).check()
    findings.raise_problems()
    return spec


class _Checker:
    """Everything that the models of the single parts cannot see."""

    def __init__(self, spec: CitySpec, document: Document, findings: Findings) -> None:
        self.spec = spec
        self.document = document
        self.findings = findings

    def wrong(self, where: Place, message: str, suggestion: str = "") -> None:
        self.findings.problem(self.document.at(where), message, suggestion)

    def unknown(self, where: Place, message: str, word: str, known: Iterable[str]) -> None:
        known = tuple(known)
        close = did_you_mean(word, known)
        self.wrong(where, message, f"Did you mean {close}?" if close else f"Known: {', '.join(known)}.")

    def check(self) -> None:
        found = len(self.spec.districts)
        if not 1 <= found <= MOST_DISTRICTS:
            self.wrong(("margins",), f"a city has 1 to {MOST_DISTRICTS} districts, found {found}")
        for where, section, figure in _figures(self.spec):
            self.figure(where, section, figure)
        for index, margin in enumerate(self.spec.margins):
            self.margin(("margins", index), margin)
        given = [margin.over for margin in self.spec.margins if margin.use == "fit"]
        for name in _SHARED:
            if name not in given:
                self.wrong(("margins",), f"{name} needs a margin, found none")
            elif name not in AXES and given.count(name) > 1:
                self.wrong(("margins",), f"{name} is drawn and needs one margin, found {given.count(name)}")
        for name, part, _, table in _tables(self.spec):
            self.table(("amounts", name, part), table)
        if self.spec.firms is not None:
            self.firms(self.spec.firms)

    def firms(self, firms: Firms) -> None:
        names, counts = firms.sector_names, firms.sectors.values
        if not 2 <= len(names) <= MOST_SECTORS:
            self.wrong(("firms", "sectors"), f"a city has 2 to {MOST_SECTORS} sectors, found {len(names)}")
        if firms.sectors.rest in counts:
            self.wrong(("firms", "sectors", "rest"), f"{quoted(firms.sectors.rest)} is also given a count")
        total = math.fsum(figure.value for figure in counts.values())
        if total > firms.count.value:
            message = f"the sectors add up to {total:,g}, all legal units are {firms.count.value:,g}"
            self.wrong(("firms", "sectors", "values"), message)
        if tuple(firms.sizes.values) != SIZES:
            message = f"the sizes are {', '.join(SIZES)}, found {', '.join(firms.sizes.values)}"
            self.wrong(("firms", "sizes", "values"), message)
        shares = math.fsum(size.share.value for size in firms.sizes.values.values())
        if abs(shares - 1) > _SUM_TOLERANCE:
            self.wrong(("firms", "sizes", "values"), f"the shares add up to {shares:g}, not to 1")
        for name in ("goods", "abroad"):
            table: FirmShares = getattr(firms, name)
            for key, figure in table.values.items():
                if key not in names:
                    self.unknown(("firms", name, "values", key), f"no sector is called {quoted(key)}", key, names)
                if figure.value > 1:
                    self.wrong(("firms", name, "values", key), f"a share is at most 1, found {figure.value:g}")
            absent = [one for one in names if one not in table.values]
            if absent:
                self.wrong(("firms", name, "values"), f"sector {quoted(absent[0])} has no value")

    def figure(self, where: Place, section: _Section | Residents | Counted, figure: Figure) -> None:
        source = figure.source or section.source
        if source not in self.spec.sources:
            self.unknown(where, f"no source is called {quoted(source)}", source, self.spec.sources)
        ranged = figure.range or (isinstance(section, _Section) and section.range_times)
        if (figure.mark or section.mark) is Mark.ASSUMED and not ranged:
            self.wrong(where, "an assumed number needs a range", "Write range: [low, high] or range_times.")
        if figure.range and not figure.range[0] <= figure.value <= figure.range[1]:
            self.wrong((*where, "range"), f"{figure.value:g} lies outside its own range")

    def margin(self, where: Place, margin: Margin) -> None:
        over, by = margin.over, margin.by
        if over not in _SHARED:
            self.unknown((*where, "over"), f"no shares of {quoted(over)} can be given", over, _SHARED)
            return
        givers = AXES if over in AXES else tuple(name for name in (*AXES, "file") if name != over)
        if by not in (EVERYONE, *givers):
            self.unknown((*where, "by"), f"{over} cannot be given by {quoted(by)}", by, givers)
            return
        if margin.unit == "residents" and by != EVERYONE:
            self.wrong((*where, "unit"), "counts within a group are given as shares", "Write unit: share.")
        base, known = self.spec.base(margin), self.spec.categories(over)
        for group, shares in margin.values.items():
            below: Place = (*where, "values")
            if by != EVERYONE:
                below = (*below, group)
                self.name(below, by, group)
            for key in shares:
                self.name((*below, key), over, key)
            names = [name for key in shares for name in named(key)]
            if len(set(names)) < len(names):
                self.wrong(below, "a category is given twice")
            total = math.fsum(figure.value for figure in shares.values())
            full = over != by and bool(known) and set(names) >= set(known)
            if total > base * (1 + _SUM_TOLERANCE) or (full and total < base * (1 - _SUM_TOLERANCE)):
                self.wrong(below, f"the values add up to {total:,g}, the whole is {base:,g}")
            if over not in AXES and len(names) < len(known) - 1:
                self.wrong(below, "at most one category may be left out", f"Known: {', '.join(known)}.")
        if over not in AXES and by != EVERYONE:
            self.coverage((*where, "values"), by, margin.values)

    def table(self, where: Place, table: Table) -> None:
        if table.by == EVERYONE:
            if set(table.values) != {EVERYONE}:
                self.wrong((*where, "values"), f"without by: the one value is called {EVERYONE}")
        elif table.by not in (*AXES, "file"):
            message = f"amounts cannot be given by {quoted(table.by)}"
            self.unknown((*where, "by"), message, table.by, (*AXES, "file"))
        else:
            for key in table.values:
                self.name((*where, "values", key), table.by, key)
            self.coverage((*where, "values"), table.by, table.values)

    def coverage(self, where: Place, by: str, groups: Iterable[str]) -> None:
        """Every adult is in exactly one group; ages below 18 may be left out."""
        if by == "age":
            try:
                ranges = [age_range(group) for group in groups]
            except ValueError:
                return  # told where the range stands
            wanted: Iterable[Any] = range(ADULT, OLDEST + 1)
            needed = f"every age from {ADULT} to {OLDEST}"
            found: list[Any] = [age for low, high in ranges for age in range(low, high + 1)]
        else:
            wanted = self.spec.categories(by)
            needed = ", ".join(wanted)
            found = [name for group in groups for name in named(group)]
        absent = [str(one) for one in wanted if one not in found]
        if absent:
            self.wrong(where, f"{by} {absent[0]} has no value", f"One is needed for {needed}.")
        if len(set(found)) < len(found):
            self.wrong(where, f"a category of {by} is in two groups")

    def name(self, where: Place, column_name: str, key: str) -> None:
        if column_name == "age":
            try:
                age_range(key)
            except ValueError as error:
                self.wrong(where, str(error))
            return
        known = self.spec.categories(column_name)
        for part in named(key):
            if part not in known:
                self.unknown(where, f"{column_name} has no category {quoted(part)}", part, known)


def _tables(spec: CitySpec) -> Iterator[tuple[str, str, Amount, Table]]:
    for name in ("income", "means", "loan"):
        amount: Amount = getattr(spec.amounts, name)
        for part in ("middle", "times", "share"):
            table: Table | None = getattr(amount, part)
            if table is not None:
                yield name, part, amount, table


def _figures(spec: CitySpec) -> Iterator[tuple[Place, _Section | Residents | Counted, Figure]]:
    """Every number with its place in the file and the section it stands in."""
    yield from _firm_figures(spec.firms)
    yield ("residents",), spec.residents, spec.residents
    for index, margin in enumerate(spec.margins):
        for group, shares in margin.values.items():
            below: Place = () if margin.by == EVERYONE else (group,)
            for key, figure in shares.items():
                yield ("margins", index, "values", *below, key), margin, figure
    for name, part, amount, table in _tables(spec):
        for key, figure in table.values.items():
            yield ("amounts", name, part, "values", key), amount, figure


def _firm_figures(firms: Firms | None) -> Iterator[tuple[Place, _Section | Counted, Figure]]:
    if firms is None:
        return
    for name in ("count", "employees"):
        counted: Counted = getattr(firms, name)
        yield ("firms", name), counted, counted
    for name in ("sectors", "goods", "abroad"):
        section: Sectors | FirmShares = getattr(firms, name)
        for key, figure in section.values.items():
            yield ("firms", name, "values", key), section, figure
    for key, size in firms.sizes.values.items():
        yield ("firms", "sizes", "values", key, "share"), firms.sizes, size.share
        yield ("firms", "sizes", "values", key, "employees"), firms.sizes, size.employees


def _stated(spec: CitySpec) -> Iterator[Stated]:
    for where, section, figure in _figures(spec):
        most = math.inf
        if isinstance(section, Margin) and section.over not in AXES:
            name, unit, most = section.title, str(section.unit), spec.base(section)
            category = ": ".join(str(part) for part in where[3:])
        elif isinstance(section, Amount):
            name, category = f"{where[1]}, {where[2]}", str(where[-1])
            unit = section.unit if where[2] == "middle" else str(where[2])
            most = 1.0 if where[2] == "share" else most
        elif where[0] == "firms" and where[1] in ("sizes", "goods", "abroad"):
            unit = str(where[-1]) if where[1] == "sizes" else "share"
            name, category = f"firms, {where[1]}", str(where[3])
            most = 1.0 if unit == "share" else most
        else:
            continue
        mark = figure.mark or section.mark
        low, high = figure.range or (None, None)
        if mark is Mark.ASSUMED and figure.range is None and isinstance(section, _Section) and section.range_times:
            low, high = (figure.value * times for times in section.range_times)
            high = min(most, high)
        yield Stated(name, category, figure.value, low, high, unit, figure.source or section.source, mark)
