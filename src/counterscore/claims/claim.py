"""A claim is a file: who says it, the measure fixed before the run, the worlds compared, what would support it."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from counterscore import discovery
from counterscore.catalog import Assumptions, city_ids, load_assumptions, load_regime, read_regime
from counterscore.claims.template import find_gaps
from counterscore.diffusion import NATION_MEASURES, NationMeasure, find_figure, places_of
from counterscore.errors import Findings, InputError, UsageError, did_you_mean, quoted
from counterscore.measures import Measure, all_measures, find_measure
from counterscore.quantity import Document
from counterscore.regime.model import Regime, Source
from counterscore.regime.read import read_document, validate

_FOLDER = Path(__file__).parents[1] / "catalog" / "claims"
MOST_POINTS = 4096
Side = Literal["supporters", "critics", "plan", "reporting"]


def _tuple(found: Any) -> Any:
    return (found,) if isinstance(found, str) else found


Names = Annotated[tuple[str, ...], BeforeValidator(_tuple)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class World(_Frozen):
    """A regime with reforms, as one side of a comparison."""

    regime: str
    reforms: Annotated[Names, Field(alias="with")] = ()

    def load(self) -> Regime:
        """The regime with its reforms. Raises ``UsageError`` where there is none."""
        if self.regime.endswith((".yaml", ".yml")):
            return read_regime(Path(self.regime), with_=self.reforms)
        return load_regime(self.regime, with_=self.reforms)

    def __str__(self) -> str:
        return " + ".join([self.regime, *self.reforms])


class Setting(_Frozen):
    """The city and the time the claim is tested in."""

    city: str = "beijing"
    residents: Annotated[int, Field(ge=100, le=5_000_000)] = 5_000
    months: Annotated[int, Field(ge=1, le=1200)] = 36


class Nation(_Frozen):
    """Cities among which the rule book spreads, as ``counterscore spread`` has it: the first adopts first."""

    cities: Names
    figure: str = "kept"

    def __str__(self) -> str:
        return f"{', '.join(self.cities)} (spreading by {self.figure})"


class Border(_Frozen):
    """What would support the claim: the measure lies above, or below, this value."""

    above: float | None = None
    below: float | None = None

    @property
    def value(self) -> float:
        """The border itself."""
        return float(self.below if self.above is None else self.above)  # type: ignore[arg-type]

    def side_of(self, low: float, high: float) -> bool | None:
        """True or False where the whole interval lies on one side, None where it does not."""
        if low > self.value or (low == high == self.value and self.above is None):
            return self.above is not None
        if high < self.value or low == high == self.value:
            return self.above is None
        return None

    def __str__(self) -> str:
        return f"{'above' if self.above is not None else 'below'} {self.value:g}"


class Claim(_Frozen):
    """One claim. With ``testable: false`` it says under ``cannot_show`` why the model cannot answer it.

    With ``nation`` the rule book of ``world`` spreads over several cities, in which ``against`` was in force before; the measure is one of
    those of ``counterscore.diffusion``, and ``setting`` gives residents of each city and months, full years.

    ``what`` is the measure's own value in ``world``, or its paired difference from ``against``, or its ratio to
    it. ``would_hold`` and ``would_not_hold`` say in words what would make it so; ``echo`` which part of the answer
    repeats an input. ``vary`` are patterns of assumptions, such as ``errors.*``; each is varied over its whole range.
    """

    format: Literal[1]
    kind: Literal["claim"]
    id: str
    text: str
    speaker: str
    side: Side
    source: Source
    written: str
    testable: bool = True
    reading: str = ""
    measure: str | None = None
    what: Literal["value", "difference", "ratio"] = "value"
    world: World | None = None
    against: World | None = None
    setting: Setting = Setting()
    nation: Nation | None = None
    supported_if: Border | None = None
    would_hold: str = ""
    would_not_hold: str = ""
    vary: Names = ()
    echo: str = ""
    cannot_show: str

    _document: Document = PrivateAttr(default_factory=Document.empty)

    @property
    def document(self) -> Document:
        """The file as plain data with positions."""
        return self._document

    @property
    def measured(self) -> Measure | NationMeasure | None:
        """The measure, of a city or of several; None where nothing is tested."""
        if self.measure is None:
            return None
        return NATION_MEASURES[self.measure] if self.nation else find_measure(self.measure)

    @property
    def where(self) -> str:
        """The city or cities it is tested in, in words."""
        return str(self.nation) if self.nation else self.setting.city

    def varied(self, assumptions: Assumptions) -> tuple[str, ...]:
        """Paths of the assumptions that are varied: those of ``vary`` that have a range."""
        rows = assumptions.rows
        return tuple(
            row.path
            for row in rows
            if any(fnmatch.fnmatchcase(row.path, pattern) for pattern in self.vary)
            and row.low is not None
            and row.high is not None
            and row.low < row.high
        )


@cache
def _files() -> Mapping[str, Path]:
    return discovery.files(_FOLDER, ".yaml")


def claim_ids() -> tuple[str, ...]:
    """Ids of the claims that come along, in alphabetical order."""
    return tuple(_files())


def load_claim(name: str) -> Claim:
    """The claim called ``name``, or the one in a file where ``name`` is a path ending in .yaml."""
    if name.endswith((".yaml", ".yml")):
        return read_claim(Path(name))
    if name not in _files():
        close = did_you_mean(name, claim_ids())
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no claim is called "{name}"', suggestion=f"{hint}All: counterscore list claims")
    return read_claim(_files()[name], name=f"claims/{name}.yaml")


def read_claim(source: Path | str, *, name: str | None = None) -> Claim:
    """Read a claim from a file (``Path``) or its text. Raises ``InputError`` with every mistake."""
    document = read_document(source, kind="claim", name=name)
    unfilled = Findings(document.line)
    find_gaps(document, unfilled)
    unfilled.raise_problems()
    claim = validate(document, Claim)
    claim._document = document
    findings = Findings(document.line)
    if claim.testable:
        _check(claim, document, findings)
    findings.raise_problems()
    return claim


def _check(claim: Claim, document: Document, findings: Findings) -> None:
    for key, example in (
        ("measure", "listed_ever"),
        ("world", "{regime: beijing-points}"),
        ("supported_if", "{above: 1}"),
        ("reading", "how the words became this measure"),
        ("would_hold", "what would make it hold"),
        ("would_not_hold", "what would make it not hold"),
    ):
        if not getattr(claim, key):
            findings.problem(
                document.at(()), f'a claim that is tested needs "{key}"', f"Add {key}: {example}, or testable: false."
            )
    if claim.nation is not None:
        _check_nation(claim, claim.nation, document, findings)
    measures = list(NATION_MEASURES) if claim.nation else [one.id for one in all_measures()]
    if claim.measure and claim.measure not in measures:
        close = did_you_mean(claim.measure, measures)
        hint = f"Did you mean {close}?  " if close else ""
        findings.problem(
            document.at(("measure",)),
            f"no measure is called {quoted(claim.measure)}",
            f"{hint}All: {', '.join(measures) if claim.nation else 'counterscore list measures'}",
        )
    if claim.supported_if and (claim.supported_if.above is None) == (claim.supported_if.below is None):
        findings.problem(document.at(("supported_if",)), "supported_if has one of above and below", "Write {above: 1}.")
    if claim.what != "value" and claim.against is None:
        findings.problem(
            document.at(("what",)), f"a {claim.what} needs a world to compare with", "Add against: {regime: none}."
        )
    if claim.setting.city not in city_ids():
        findings.problem(
            document.at(("setting", "city")),
            f"no city is called {quoted(claim.setting.city)}",
            "All: counterscore list cities",
        )
    for key in ("world", "against"):
        side: World | None = getattr(claim, key)
        try:
            if side is not None:
                side.load()
        except (UsageError, InputError) as error:
            findings.problem(document.at((key,)), str(error).splitlines()[0], getattr(error, "suggestion", "") or "")
    known = load_assumptions()
    for index, pattern in enumerate(claim.vary):
        if not any(fnmatch.fnmatchcase(row.path, pattern) for row in known.rows):
            findings.problem(
                document.at(("vary", index)),
                f"no assumption fits {quoted(pattern)}",
                "All: counterscore list assumptions",
            )


def _check_nation(claim: Claim, nation: Nation, document: Document, findings: Findings) -> None:
    """What a claim about several cities needs besides."""
    if claim.what != "value" or claim.against is None:
        findings.problem(
            document.at(("nation",)),
            "a claim about several cities has what: value, and against: what was in force before",
            "Write what: value and against: {regime: none}.",
        )
    if claim.setting.months % 12:
        findings.problem(document.at(("setting", "months")), "cities report once a year", "Write full years: 72.")
    try:
        find_figure(nation.figure)
        places_of(nation.cities, 100, 0)
    except UsageError as error:
        findings.problem(document.at(("nation",)), error.message, error.suggestion)
