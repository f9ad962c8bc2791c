"""Legal sources as files: one for each under ``catalog/laws``, with the checks that are read from it.

What a check looks for is a function of the module under ``laws.limbs`` that has the name of its file. A check that nobody has
read again in its source (``reading: recalled``) stays off, and is listed as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr
from pydantic_core import PydanticCustomError

from counterscore import catalog, discovery
from counterscore.errors import Findings, Position, UsageError, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.regime.read import read_document, validate

MOST_QUOTED = 25  #: words of a quoted limb
Reading = Literal["statute", "secondary", "derived", "recalled", "choice"]
READINGS: Mapping[str, str] = {
    "statute": "read in the text of the statute or judgment",
    "secondary": "read in a second text that quotes or paraphrases it",
    "derived": "worked out from texts that were read",
    "recalled": "recalled and not read again: off until somebody reads it",
    "choice": "a choice of this laboratory",
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def read_date(text: str) -> date:
    """``2026``, ``2026-04`` or ``2026-04-01`` as the first day meant. Raises ``ValueError`` for anything else."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))


def _day(found: Any) -> Any:
    if found is None or isinstance(found, date):
        return found
    try:
        return read_date(str(found))
    except ValueError:
        raise PydanticCustomError(
            "counterscore",
            "{message}",
            {"message": f"not a date: {quoted(found)}", "suggestion": "Write 2026-04-01.", "start": 0, "end": 0},
        ) from None


Day = Annotated[date | None, BeforeValidator(_day)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Check(_Frozen):
    """One limb of one source, phrased as the condition of a prohibition, or as a duty whose fulfilment is written as absent.

    ``met``, ``not_met`` and ``open`` say in words when each value comes out; empty where it never does. ``regions`` are
    where it is home law, if that is less than the territory. ``beside`` are measures printed with it.
    """

    id: str
    article: str
    limb: str
    quote: str = ""
    start: Day = None
    end: Day = None
    regions: tuple[str, ...] = ()
    met: str = ""
    not_met: str = ""
    open: str = ""
    asks: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    reading: Reading
    note: str = ""


class Law(_Frozen):
    """One legal source. ``standing`` says whether it is law anywhere yet; a bill never gives a result."""

    format: Literal[1]
    kind: Literal["law"]
    id: str
    title: str
    short: str
    territory: str
    standing: Literal["in force", "not in force", "bill"] = "in force"
    start: Day = None
    end: Day = None
    address: str = ""
    read: str = ""
    about: str = ""
    checks: tuple[Check, ...]

    _document: Document = PrivateAttr(default_factory=Document.empty)

    def at(self, *path: str | int) -> Position:
        """Where ``path`` stands in the file."""
        return self._document.at(path)

    def starts(self, check: Check) -> date | None:
        """From which day a check is law; None where it was before any date that matters here."""
        return check.start or self.start

    def ends(self, check: Check) -> date | None:
        """The last day on which a check is law."""
        return check.end or self.end


class Territory(_Frozen):
    """Where a law holds: ``where`` is how it is said (``in the EU``), ``places`` are words of a place that lies there."""

    where: str
    places: tuple[str, ...] = ()
    regions: dict[str, tuple[str, ...]] = {}


class _Territories(_Frozen):
    format: Literal[1]
    kind: Literal["territories"]
    territories: dict[str, Territory]


def _folder() -> Path:
    return Path(str(resources.files(catalog))) / "laws"


@cache
def territories() -> Mapping[str, Territory]:
    """Id → territory, in the order of the file."""
    file = _folder().parent / "tables" / "territories.yaml"
    document = read_document(file, kind="table", name="tables/territories.yaml")
    return validate(document, _Territories).territories


@cache
def laws() -> tuple[Law, ...]:
    """All sources that come along, by territory in the order of the territories, then by their first check."""
    order = list(territories())
    found = [read_law(file, name=f"laws/{file.name}") for file in discovery.files(_folder(), ".yaml").values()]
    return tuple(sorted(found, key=lambda one: (order.index(one.territory), one.checks[0].id)))


def read_law(source: Path | str, *, name: str | None = None) -> Law:
    """A source in a file (``Path``) or its text. Raises ``InputError`` with every mistake."""
    document = read_document(source, kind="law", name=name)
    law = validate(document, Law)
    findings = Findings(document.line)
    if law.territory not in territories():
        findings.problem(
            document.at(("territory",)),
            f"no territory is called {quoted(law.territory)}",
            f"One of: {', '.join(territories())}.",
        )
    seen: set[str] = set()
    for index, check in enumerate(law.checks):
        if check.id in seen:
            findings.problem(document.at(("checks", index, "id")), f"{check.id} is there twice", "Give it another id.")
        seen.add(check.id)
        if len(check.quote.split()) > MOST_QUOTED:
            findings.problem(
                document.at(("checks", index, "quote")),
                f"a quoted limb has at most {MOST_QUOTED} words, found {len(check.quote.split())}",
                "Shorten it to the words that matter.",
            )
    findings.raise_problems()
    law._document = document
    return law


def find_check(id_: str) -> tuple[Law, Check]:
    """The check called ``id_`` and its source. Raises ``UsageError`` where there is none."""
    for law in laws():
        for check in law.checks:
            if check.id == id_:
                return law, check
    known = [check.id for law in laws() for check in law.checks]
    close = did_you_mean(id_, known)
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f"no check is called {quoted(id_)}", suggestion=f"{hint}All: counterscore law")


@cache
def home_of(place: str, level: str | None, owner: str) -> tuple[str | None, frozenset[str]]:
    """The territory that a place lies in, and which of its regions; None and nothing where it lies in none.

    The rules of a region bind no national rule book, whatever its place.
    """
    words = set(re.findall(r"[\w-]+", place.lower()))
    for name, territory in territories().items():
        regions = {
            region for region, places in territory.regions.items() if words & {one.lower() for one in (region, *places)}
        }
        if regions or words & {one.lower() for one in territory.places}:
            return name, frozenset() if level == "national" and owner != "private" else frozenset(regions)
    return None, frozenset()


def chosen(under: Sequence[str], place: str, level: str | None, owner: str) -> tuple[str, ...]:
    """The territories to read: those named, else the home of the rule book.

    Raises ``UsageError`` for a name that does not exist, and where nothing is named and the place lies nowhere.
    """
    known = tuple(territories())
    for one in under:
        if one not in known:
            close = did_you_mean(one, known)
            hint = f"Did you mean {close}?  " if close else ""
            raise UsageError(
                f"no territory is called {quoted(one)}", suggestion=f"{hint}One or more of: {','.join(known)}."
            )
    if under:
        return tuple(dict.fromkeys(under))
    home, _ = home_of(place, level, owner)
    if home is None:
        raise UsageError(
            f"{quoted(place)} lies in no territory that is known here",
            suggestion=f"Say under which law to read it: --under {known[0]}  (one or more of: {','.join(known)})",
        )
    return (home,)
