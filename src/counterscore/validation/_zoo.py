"""Planted harms: rule books with a known fault, their clean controls, and what each measure must make of both."""

from __future__ import annotations

import fnmatch
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from counterscore import discovery
from counterscore.catalog import Assumptions, load_assumptions, read_regime
from counterscore.catalog import synthesize as residents_of
from counterscore.city import City
from counterscore.errors import Findings
from counterscore.groups import audit
from counterscore.measures import Life, all_measures, find_measure
from counterscore.quantity import Document
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document, validate
from counterscore.results import Run
from counterscore.simulation import simulate
from counterscore.validation._validation import Check

FOLDER = Path(__file__).parents[1] / "catalog" / "zoo"
FILE, CLEAN, PLANTED = "harm.yaml", "clean.yaml", "planted.yaml"
GAP = "gap"  #: the difference between groups that a regression on conduct leaves, in points of 100
_CLEAN = "without the plant"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Look(_Frozen):
    """What is looked at: a measure, or the gap at equal conduct between ``group`` and ``against``."""

    measure: str
    by: str | None = None
    group: str | None = None
    against: str | None = None
    of: str | None = None

    def __str__(self) -> str:
        return self.measure if self.by is None else f"{self.measure} by {self.by} ({self.group}, {self.of})"


class Sees(Look):
    """A measure that must find the plant: its value without it, and with it, each within ``tolerance``.

    With ``at_least`` a larger value with the plant is as good. ``why`` is the arithmetic.
    """

    clean: float
    planted: float
    tolerance: Annotated[float, Field(ge=0)]
    at_least: bool = False
    why: str


class Quiet(Look):
    """A measure that must not find what was not planted: its mean moves by no more than ``tolerance``.

    Where it is not defined without the plant, it is not defined with it.
    """

    tolerance: Annotated[float, Field(ge=0)] = 0.0


class Living(_Frozen):
    """The city and time both worlds live through, and the assumptions (patterns) that hold in both."""

    city: str = "beijing"
    residents: Annotated[int, Field(ge=100, le=200_000)] = 5000
    months: Annotated[int, Field(ge=1, le=240)] = 36
    replays: Annotated[int, Field(ge=2, le=100)] = 4
    assume: dict[str, float] = Field(default_factory=dict)


class Harm(_Frozen):
    """One planted harm. The plant is the reform ``planted.yaml`` of its folder, or ``assume``, or both.

    ``moves`` are measures that move along with the plant, each with the reason; they are not checked.
    """

    format: Literal[1]
    kind: Literal["planted harm"]
    id: str
    title: str
    planted: str
    not_planted: str
    living: Living = Living()
    assume: dict[str, float] = Field(default_factory=dict)
    sees: Annotated[tuple[Sees, ...], Field(min_length=1)]
    moves: dict[str, str] = Field(default_factory=dict)
    quiet: tuple[Quiet, ...]

    _folder: Path = PrivateAttr(default=FOLDER)

    def clean(self) -> Regime:
        """The rule book without the plant."""
        return read_regime(self._folder / CLEAN)

    def with_plant(self) -> Regime:
        """The rule book with the plant, as far as it lies in the rule book."""
        file = self._folder / PLANTED
        return read_regime(self._folder / CLEAN, with_=[str(file)] if file.exists() else [])


@cache
def _files() -> Mapping[str, Path]:
    return discovery.folders(FOLDER, FILE)


def harm_ids() -> tuple[str, ...]:
    """Ids of the planted harms, in alphabetical order."""
    return tuple(_files())


@cache
def load_harm(id_: str) -> Harm:
    """The planted harm called ``id_``; raises ``KeyError`` where there is none."""
    return read_harm(_files()[id_])


def read_harm(file: Path) -> Harm:
    """Read one from its file. Raises ``InputError`` with every mistake."""
    document = read_document(file, kind="planted harm", name=f"zoo/{file.parent.name}/{file.name}")
    harm = validate(document, Harm)
    harm._folder = file.parent
    findings = Findings(document.line)
    _check(harm, document, findings)
    findings.raise_problems()
    return harm


def _check(harm: Harm, document: Document, findings: Findings) -> None:
    if not harm.assume and not (harm._folder / PLANTED).exists():
        findings.problem(
            document.at(("planted",)), "nothing is planted", f"Say it in {PLANTED} (a reform) or under assume."
        )
    known = {one.id for one in all_measures()} | {GAP}
    for part, looks in (("sees", harm.sees), ("quiet", harm.quiet)):
        for k, look in enumerate(looks):
            if look.measure == GAP and None in {look.by, look.group, look.against, look.of}:
                at = document.at((part, k, "measure"))
                findings.problem(at, "a gap is between two groups", "Say by, group, against and of.")
            if look.measure not in known:
                at = document.at((part, k, "measure"))
                findings.problem(at, f'no measure is called "{look.measure}"', "All: counterscore list measures")
    for where, chosen in ((("assume",), harm.assume), (("living", "assume"), harm.living.assume)):
        for path in chosen:
            if not any(fnmatch.fnmatchcase(one, path) for one in load_assumptions().table):
                at = document.at((*where, path))
                findings.problem(at, f'no assumption fits "{path}"', "All: counterscore list assumptions")


def live(harm: Harm, city: City, out: Path, *, planted: bool) -> Run:
    """One of the two worlds. Both have the same residents and random numbers."""
    assumptions = _assumed(load_assumptions(), harm.living.assume)
    if planted:
        assumptions = _assumed(assumptions, harm.assume)
    return simulate(
        harm.with_plant() if planted else harm.clean(),
        city,
        months=harm.living.months,
        replays=harm.living.replays,
        seed=1,
        assumptions=assumptions,
        responses=False,
        out=out,
    )


def _assumed(assumptions: Assumptions, chosen: Mapping[str, float]) -> Assumptions:
    for pattern, value in chosen.items():
        for path in [one for one in assumptions.table if fnmatch.fnmatchcase(one, pattern)]:
            assumptions = assumptions.with_set(f"{path}={value!r}")
    return assumptions


def looked_at(run: Run, look: Look) -> float | None:
    """What one measure says of a run: its mean over replicates; None where it is not defined in any of them."""
    world = run.worlds[0]
    if look.measure == GAP:
        seen = audit(run, str(look.by), reference=look.against, of=look.of)
        return next(row.difference for row in seen.rows if row.id == "adjusted" and row.group == look.group)
    one = find_measure(look.measure)
    values = [one.compute(Life(run, world, replay), None, None)[0] for replay in run.replays()]
    found = [value for value in values if value is not None]
    return float(np.mean(found)) if found else None


def compare(harm: Harm) -> Iterator[Check]:
    """Live both worlds, and check every measure named by the harm."""
    city = residents_of(harm.living.city, residents=harm.living.residents, seed=1)
    with tempfile.TemporaryDirectory(prefix="counterscore-zoo-") as folder:
        clean = live(harm, city, Path(folder) / "clean", planted=False)
        planted = live(harm, city, Path(folder) / "planted", planted=True)
        yield from checks(harm, clean, planted)


def checks(harm: Harm, clean: Run, planted: Run) -> Iterator[Check]:
    """What the measures say of the two worlds of a harm."""
    for one in harm.sees:
        rule: Any = "at least" if one.at_least else "equal"
        yield Check(f"{harm.id}: {one}, clean", one.clean, looked_at(clean, one), one.tolerance, _CLEAN)
        yield Check(
            f"{harm.id}: {one}, planted",
            one.planted,
            looked_at(planted, one),
            0.0 if one.at_least else one.tolerance,
            one.why,
            rule,
        )
    for still in harm.quiet:
        before, after = looked_at(clean, still), looked_at(planted, still)
        if before is None:
            yield Check(f"{harm.id}: {still}, appeared", None, after, still.tolerance, "not planted")
        else:
            moved = None if after is None else after - before
            yield Check(f"{harm.id}: {still}, moved", 0.0, moved, still.tolerance, "not planted")
