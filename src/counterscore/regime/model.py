"""What a regime says: the types a regime file is read into.

Everything is frozen and unknown keys are refused. The classes hold plain values; which source and mark
belong to a number, and where it stands in its file, is answered by ``Regime.numbers()`` and
``Regime.at()``, which read the document the regime came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, Strict

from counterscore.errors import Position, Problem
from counterscore.quantity import Document, Number
from counterscore.regime.grammar import (
    DoorWhen,
    Duration,
    Entry,
    Term,
    known_number,
    plain_number,
    read_duration,
    read_enter,
    read_level,
    read_steps,
    read_term,
    read_when,
    whole_number,
)
from counterscore.regime.vocabulary import PRIVATE, Level, Subject

SCALE = 60  #: points are held in whole 1/60 of a point
Severity = Literal["minor", "general", "serious"]
LegalBasis = Literal["law", "regulation", "local regulation", "policy", "none", "unknown"]
Months = Annotated[Duration | None, BeforeValidator(read_duration)]
Points = Annotated[int | None, BeforeValidator(whole_number)]  #: None means "unknown", which is not zero
Known = Annotated[int, BeforeValidator(known_number)]
Truth = Annotated[bool, Strict()]
Share = Annotated[float | None, BeforeValidator(plain_number)]
PUBLIC = "public"  #: in ``sharing``: whoever deals with a resident
ShownHow = Literal["never", "may", "asked", "must"]
SHOWN: tuple[ShownHow, ...] = get_args(ShownHow)
LISTED_EXITS = ("performed", "expired", "repaired", "corrected", "never")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(_Frozen):
    """Where a number was read. ``kind`` says what sort of text it is."""

    title: str
    kind: Literal["rule text", "official figure", "specialist", "news", "assumption"]
    address: str = ""
    read: str = ""
    note: str = ""


class Authority(_Frozen):
    """A body that records acts in its contexts."""

    label: str
    contexts: tuple[str, ...]


class Discretion(_Frozen):
    """Points an official may choose between; ``least`` and ``most`` by size, both included."""

    least: Points
    most: Points


class CurveStep(_Frozen):
    """``points`` for every ``per`` units, from the end of the step before up to ``up_to`` units a year."""

    up_to: Annotated[int | None, BeforeValidator(known_number)] = None
    points: Points = 1
    per: Known


class Cap(_Frozen):
    """While the record counts, or for ``lasts``, the grade is no better than ``grade``."""

    grade: str
    lasts: Months = None


class Row(_Frozen):
    """One row of the catalogue: a recorded act, and what it does to the score.

    ``actor`` says whose act it is: the resident's own, the next of kin's, or that of another member of the group
    (the village or neighbourhood) the resident belongs to.
    ``then`` are the points of each further record while earlier ones count: of the second, the third, …; the
    last of them repeats. ``component`` names the part of the score that the points go to. ``at_least`` is the smallest
    amount, in the unit of the act, from which on it is recorded at all; an amount that is not stated is enough.
    ``watched`` is how many times likelier than usual its acts are seen because they are looked for, by whoever looks.
    """

    id: str
    label: str
    act: tuple[str, ...] = ()
    on_list: str | None = None
    authority: str
    actor: Literal["self", "kin", "group"] = "self"
    points: Points = None
    then: Annotated[tuple[int, ...], BeforeValidator(read_steps)] = ()
    component: str | None = None
    discretion: Discretion | None = None
    curve: tuple[CurveStep, ...] = ()
    per: Literal["record", "cycle", "episode"] = "record"
    severity: Severity = "general"
    validity: Months = None
    at_least: Annotated[int | None, BeforeValidator(known_number)] = None
    watched: Share = 1.0
    cap: Cap | None = None
    confirmed: Truth = True
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def unknown_points(self) -> bool:
        """True where the file says ``points: unknown``; a row without points has none, which is known."""
        return self.points is None and "points" in self.model_fields_set


class Grade(_Frozen):
    """A band of the score, both borders included; a border that nobody published is None."""

    id: str
    label: str = ""
    floor: Annotated[Points, Field(alias="from")]
    top: Annotated[Points, Field(alias="to")]
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Component(_Frozen):
    """A part of the score with a limit: its rows lose at most ``most`` points in all, or earn at most ``most``."""

    id: str
    label: str = ""
    kind: Literal["lost", "earned"]
    most: Known
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Band(_Frozen):
    """From ``floor`` of an amount on, a dimension gets ``gives`` of its hundred."""

    floor: Annotated[Known, Field(alias="from")]
    gives: Known


class Part(_Frozen):
    """What a dimension is made of: records of rows, or a visible attribute, or the scores of friends.

    An attribute of categories gives what ``values`` say, an amount what the highest of ``bands`` says that it
    reaches; friends give their mean score, from 0 at the floor to 100 at the ceiling.
    """

    records: tuple[str, ...] = ()
    attribute: str | None = None
    values: dict[str, Points] = Field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    friends: Truth = False
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Dimension(_Frozen):
    """One dimension of a weighted score: 0 to 100, of which ``start`` is there before anything is known."""

    id: str
    label: str = ""
    weight: Points
    start: Known = 0
    parts: Annotated[tuple[Part, ...], Field(alias="from")]
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Scores from ``floor`` up to the span above; ``grade`` is the place of its grade, None where no
    published border says which grade holds there.
    """

    floor: int
    grade: int | None


class Score(_Frozen):
    """A score that stays within ``floor`` and ``ceiling``.

    Either it starts at ``start`` and adds up points, or it is weighted: with ``dimensions`` and no start.
    Where floor, ceiling or the start of a score of points is unknown (None), no score can be worked out.
    """

    start: Points = None
    floor: Points
    ceiling: Points
    update: Months = None
    dimensions: tuple[Dimension, ...] = ()
    components: tuple[Component, ...] = ()
    grades: tuple[Grade, ...] = ()
    authority: str | None = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None

    @property
    def known(self) -> bool:
        """Whether a score can be worked out."""
        weights = [one.weight for one in self.dimensions]
        return None not in (self.floor, self.ceiling, *weights) and (self.start is not None or bool(weights))

    def spans(self) -> tuple[Span, ...]:
        """The spans of a known score, the best first: one for each grade with known borders, and one for
        each gap between them.
        """
        if self.floor is None or self.ceiling is None:
            raise ValueError("the score is unknown")
        found: list[Span] = []
        top = self.ceiling
        for place, grade in enumerate(self.grades):
            if grade.floor is None or grade.top is None:
                continue
            if grade.top < top:
                found.append(Span(grade.top + 1, None))
            found.append(Span(grade.floor, place))
            top = grade.floor - 1
        if top >= self.floor:
            found.append(Span(self.floor, None))
        return tuple(found)

    def span_of(self, grade_id: str) -> int | None:
        """The place among ``spans()`` of the grade called so; None where its borders are unknown."""
        for place, span in enumerate(self.spans()):
            if span.grade is not None and self.grades[span.grade].id == grade_id:
                return place
        return None

    @property
    def opening60(self) -> int:
        """The score in 1/60 point of somebody of whom nothing is known."""
        if not self.dimensions:
            return (self.start or 0) * SCALE
        return self.weighted60([one.start * SCALE for one in self.dimensions])

    def weighted60(self, values60: Sequence[int]) -> int:
        """The weighted score in 1/60 point, rounded down, of values of the dimensions in 1/60 of 0 to 100.

        Values outside 0 to 100 count as the nearer end. The engine computes the same integers.
        """
        weights = [one.weight or 0 for one in self.dimensions]
        held = [min(100 * SCALE, max(0, value)) for value in values60]
        total = sum(weight * value for weight, value in zip(weights, held, strict=True))
        floor, ceiling = self.floor or 0, self.ceiling or 0
        return floor * SCALE + (ceiling - floor) * total // (100 * (sum(weights) or 1))


class Publicity(_Frozen):
    """What is published about a listed resident, how far, and for how long."""

    fields: tuple[str, ...] = ()
    reach: Literal["none", "neighbourhood", "city", "nation"] = "none"
    lasts: Months = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Extension(_Frozen):
    """Records that lengthen a stay: each of ``on`` adds ``by``, the stay never passing ``at_most``.

    With ``counted: from the record`` the stay then lasts at least ``by`` from the record on: so many clean
    months are asked for.
    """

    on: tuple[str, ...]
    by: Months
    at_most: Months = None
    counted: Literal["from the end", "from the record"] = "from the end"


class ListRule(_Frozen):
    """A list (published) or an order (a restriction in force without a list).

    ``legal_basis`` is declared on paper: it changes no result of a run.
    ``grace`` is the time between a ground and its effect; who performs within it is not entered.
    ``replaces`` names lists whose place this one takes: who enters it leaves them, and cannot enter them while on it.
    """

    label: str
    kind: Literal["list", "order"] = "list"
    severity: Severity = "serious"
    enter: Annotated[tuple[Entry, ...], BeforeValidator(read_enter)]
    term: Annotated[Term, BeforeValidator(read_term)]
    extend: Extension | None = None
    leave: tuple[Literal["performed", "expired", "repaired", "corrected", "never"], ...]
    replaces: tuple[str, ...] = ()
    publicity: Publicity = Publicity()
    grace: Months = None
    legal_basis: LegalBasis = "unknown"
    authority: str | None = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


class Door(_Frozen):
    """What a service does to residents of a grade, on a list, or under a decision.

    ``affects: firm`` is a resident's door before the firms that the resident represents; ``affects: firm
    head`` a firm's door before the resident who represents it; ``affects: official`` a public body's door
    before the resident who leads it.

    ``share`` is the share of attempts refused (narrowed); ``times`` multiplies the wait (slowed, opened)
    or the price (priced); ``saves`` is what who passes the door saves at each attempt, in yuan (priced, opened).
    ``exceptions`` are clauses on paper, such as travel for work: nobody is let through by them in a run.
    A door of a list with ``lasts`` holds for so long from the entry on, whether the stay is shorter or longer.
    """

    id: str
    service: str
    effect: Literal["closed", "narrowed", "slowed", "priced", "opened"]
    when: Annotated[DoorWhen, BeforeValidator(read_when)]
    share: Share = None
    times: Share = None
    saves: Points = None
    lasts: Months = None
    affects: Literal["self", "kin", "firm", "firm head", "official"] = "self"
    authority: str | None = None
    level: Literal["ordinary", "serious"] = "ordinary"
    legal_basis: LegalBasis = "unknown"
    relation_basis: str = ""
    exceptions: tuple[str, ...] = ()
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def favours(self) -> bool:
        """Whether whoever passes the door is better off: served first, or at a lower price."""
        cheaper = self.saves is not None or (self.times is not None and self.times < 1)
        return self.effect == "opened" or (self.effect == "priced" and cheaper)

    @property
    def trigger(self) -> str:
        """What the door waits for: ``grade C or worse``, ``list untrustworthy, for 3 years from the entry on``."""
        return str(self.when) + (f", for {self.lasts} from the entry on" if self.lasts else "")


class Assessment(_Frozen):
    """How much a rating counts in the yearly assessment of the official who leads a body, 0 (nothing) to 1 (all).

    ``of: body`` is the rating that the body has, whoever led it before. ``of: official`` is what was recorded while
    that official led, here or elsewhere; doors of a body go along with who led it when they closed.
    """

    weight: Share
    of: Literal["body", "official"] = "body"
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Scrutiny(_Frozen):
    """How many times likelier a deed of this occupation is seen, at equal conduct."""

    occupation: str
    times: Share
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Sharing(_Frozen):
    """Records of authority ``of`` that reach ``to``, another authority or the public, ``after`` a time.

    ``coverage`` is the share of records that ever arrives. ``within`` says whether they follow a resident who
    moves to another city. A rule book without the part shares everything at once and everywhere; in one that
    has it, an authority's records reach only its own office where no entry says more.

    With ``from``, ``of`` is an authority of that other rule book of the stack, and rows here about what it records are copies of
    its records, if they are of the ``kinds`` (contexts; all where none is named) and among ``rows`` (likewise): there only where it
    made one, and taken back with it only if ``corrected``; so is a row about a listing, with the listing. Rights stay those of each rule
    book.
    """

    of: str
    origin: Annotated[str | None, Field(alias="from")] = None
    kinds: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    to: str
    coverage: Share = 1.0
    after: Months = None
    within: Literal["city", "nation"] = "city"
    corrected: Truth = True
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def id(self) -> str:
        """What the entry is called where it is named: ``police to centre``, ``courts of court-defaulters to centre``."""
        of = f"{self.of} of {self.origin}" if self.origin else self.of
        kinds = f" ({', '.join((*self.kinds, *self.rows))})" if self.kinds or self.rows else ""
        return f"{of}{kinds} to {self.to}"

    @property
    def channel(self) -> tuple[str | None, str, tuple[str, ...], tuple[str, ...]]:
        """Whose records the entry is about; entries with the same one say how far these reach different readers."""
        return self.origin, self.of, self.kinds, self.rows


class Lending(_Frozen):
    """How requests for a loan are judged where the credit file is ``file``.

    Refused are those with a record that counts of a row in ``refused_on``, those with a score below ``below``,
    and ``refused`` of the rest, because nothing tells the lender more. Where the rule book says what is shared,
    the lender finds what the public finds; else every record of it.
    """

    file: Literal["none", "thin", "full"]
    refused_on: tuple[str, ...] = ()
    below: Annotated[int | None, BeforeValidator(known_number)] = None
    refused: Share = None
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


class Prominence(_Frozen):
    """How many times as often a resident of ``grade`` is shown; None where nobody published it."""

    grade: str
    times: Share
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Partners(_Frozen):
    """A matchmaker: who is shown how often, by the grades of rule book ``by``. A grade not named is shown once."""

    by: str
    prominence: tuple[Prominence, ...] = ()
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


class Shown(_Frozen):
    """To whom a private score is shown: to ``friends``, and to singles who look for somebody (``mates``).

    *Never*: to nobody. *May*: who takes part chooses. *Asked*: and may be asked to. *Must*: everybody who has a score
    is shown with it. A rule book without this shows its score to nobody.
    """

    friends: ShownHow = "never"
    mates: ShownHow = "never"
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


class _Right(_Frozen):
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Notice(_Right):
    """Whether residents are told of a record, and how soon."""

    given: Truth = True
    within: Months = None


class Appeal(_Right):
    """The way to have a record taken back. ``decide`` is the longest time a decision may take."""

    available: Truth = True
    file_within: Months = None
    decide: Months = None
    human_review: Truth = False


class RepairRule(_Right):
    """Leaving a list, or having a record deleted, before its term: between ``after`` and ``at_most``."""

    severity: Severity
    after: Months = None
    at_most: Months = None


class Repair(_Right):
    """How a list can be left, or a record deleted, before its time."""

    rules: tuple[RepairRule, ...]
    conditions: tuple[str, ...] = ()


class Retention(_Right):
    """No record counts and no listing lasts longer than ``at_most``.

    ``while_listed``: only records are bounded, and one that a stay on a list rests on counts until the stay is over.
    """

    at_most: Months = None
    while_listed: Truth = False
    counted_from: Literal["conduct", "recognition", "sentence end"] = "conduct"

    def keeps(self, row: Row) -> bool:
        """Whether a record of ``row`` is kept while a stay rests on it: where nothing ends it sooner than ``at_most``."""
        most = self.at_most
        return self.while_listed and most is not None and (not row.validity or row.validity.months >= most.months)


class Correction(_Right):
    """How soon a wrong record is taken back once it is known. ``given: false`` says on paper that none is."""

    given: Truth = True
    within: Months = None


class Review(_Right):
    """Whether and how often somebody looks again at whether a listing is still needed; ``every`` is None where unknown."""

    every: Months = None


class Rights(_Frozen):
    """What residents can do about records and lists. What a rule book does not name does not exist in a run.

    ``hearing`` (before anything takes effect), ``objection`` (to being rated at all) and ``review`` are declared on
    paper: they change no result of a run.
    """

    notice: Notice = Notice(given=False)
    defence: Truth = False
    reasons: Truth = False
    appeal: Appeal = Appeal(available=False)
    repair: Repair | None = None
    correction: Correction = Correction()
    compensation: Truth = False
    hearing: Truth = False
    objection: Truth = False
    review: Review | None = None
    retention: Retention = Retention()


class Decided(_Frozen):
    """How it is decided: by rules that people wrote or by a learned model, and how far without anybody. On paper only."""

    by: Literal["rules", "model", "unknown"] = "unknown"
    automated: Literal["none", "partly", "solely", "unknown"] = "unknown"


class InForce(_Frozen):
    """From when to when; dates as written, such as 2016 or 2016-01."""

    start: Annotated[str, Field(alias="from")]
    end: Annotated[str | None, Field(alias="to")] = None


class Regime(_Frozen):
    """One rule book. ``stack`` names the other rule books that are in force beside it.

    ``in_force`` is history and changes no result; ``adopted`` (such as 2019-06) is the month of a run from which the
    rule book is in force there: until then a world lives as if it were not in the stack. Cases on paper are read
    as if it were in force.
    ``level`` says whose law a public rule book is, so that a reform can bind some levels and leave others alone;
    it changes no result by itself.
    ``decided`` (how, and how automated) and ``youngest`` (the least age of its subjects) are declared on paper.
    ``subjects`` says whom it is about. ``follows`` is for firms: whether records and lists stay with a firm's
    name, or go with its legal representative to the next firm.
    """

    format: Literal[1]
    id: str
    title: str
    place: str
    status: Literal["in force", "piloted", "announced", "scenario", "superseded"]
    level: Annotated[Level | None, BeforeValidator(read_level)] = None
    subjects: Subject = "residents"
    follows: Literal["firm", "representative"] = "firm"
    in_force: InForce | None = None
    adopted: str | None = None
    version_of: str | None = None
    owner: Literal["public", "private"] = "public"
    participation: Literal["mandatory", "consent", "opt-in"] = "mandatory"
    without_consent: Literal["no records", "records kept"] = "no records"
    decided: Decided | None = None
    youngest: Points = None
    purpose: str = ""
    about: str = ""
    stack: tuple[str, ...] = ()
    sources: dict[str, Source] = Field(default_factory=dict)
    authorities: dict[str, Authority] = Field(default_factory=dict)
    catalogue: tuple[Row, ...] = ()
    score: Score | None = None
    lists: dict[str, ListRule] = Field(default_factory=dict)
    doors: tuple[Door, ...] = ()
    sharing: tuple[Sharing, ...] | None = None
    lending: tuple[Lending, ...] = ()
    scrutiny: tuple[Scrutiny, ...] = ()
    assessment: Assessment | None = None
    partners: Partners | None = None
    shown: Shown | None = None
    rights: Rights = Rights()

    _document: Document = PrivateAttr(default_factory=Document.empty)
    _stacked: tuple[Regime, ...] = PrivateAttr(default=())
    _reforms: tuple[str, ...] = PrivateAttr(default=())
    _warnings: tuple[Problem, ...] = PrivateAttr(default=())

    def __repr__(self) -> str:
        beside = f", beside {len(self.stacked()) - 1} more" if len(self.stacked()) > 1 else ""
        reformed = f" with {', '.join(self.reforms)}" if self.reforms else ""
        lines = [f"<Regime {self.id}{reformed}: {self.title} ({self.place}, {self.status}{beside})"]
        lines.append(
            f"  about {self.subjects}: {len(self.catalogue)} rules, {len(self.lists)} lists, {len(self.doors)} doors"
        )
        if self.score:
            grades = ", ".join(grade.id for grade in self.score.grades) or "none"
            lines.append(f"  score from {self.score.floor} to {self.score.ceiling}; grades {grades}")
        if self.lists:
            lines.append(f"  lists {', '.join(self.lists)}"[:150])
        return "\n".join(lines) + ">"

    def __str__(self) -> str:
        return repr(self)

    def __dir__(self) -> list[str]:
        """Names of a rule book, without those of the library that reads it."""
        return sorted(set(super().__dir__()) - set(dir(BaseModel)))

    @property
    def bound_as(self) -> str | None:
        """The level a reform looks at: ``private``, the level of a public rule book, or None where none is said."""
        return PRIVATE if self.owner == PRIVATE else self.level

    @property
    def document(self) -> Document:
        """The file as plain data with positions; after a reform, with the reform's changes in it."""
        return self._document

    @property
    def files(self) -> Mapping[str, str]:
        """Name and full text of the file, and of every reform applied to it."""
        return self._document.files

    @property
    def reforms(self) -> tuple[str, ...]:
        """Ids of the reforms applied, in order."""
        return self._reforms

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the reader would look at again; of this file only, not of those stacked."""
        return self._warnings

    def at(self, *path: str | int) -> Position:
        """Where ``path`` stands in the file, for traces and messages; the nearest parent where unknown."""
        return self._document.at(path)

    def numbers(self) -> tuple[Number, ...]:
        """Every number of the file with its unit, source, mark and position."""
        return self._document.numbers()

    def stacked(self) -> tuple[Regime, ...]:
        """Return this regime and those in force beside it, itself first."""
        return (self, *self._stacked)

    def honours(self) -> frozenset[str]:
        """Lists of this regime and of those beside it on which every door favours who is listed."""
        books = self.stacked()
        return frozenset(name for book in books for name in book.lists) - adverse_lists(books)


def adverse_lists(books: Sequence[Regime]) -> frozenset[str]:
    """Lists that are not an honour: some door on them does not favour who is listed, or none stands on them."""
    favours: dict[str, set[bool]] = {name: set() for book in books for name in book.lists}
    for book in books:
        for door in book.doors:
            if door.when.kind == "list":
                favours.setdefault(door.when.name, set()).add(door.favours)
    return frozenset(name for name, found in favours.items() if found != {True})


def fields_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that may stand at ``path`` of a file read as ``model``; none where that is no mapping of keys."""
    found = type_at(model, path)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return []
    return [field.alias or name for name, field in found.model_fields.items()]


def type_at(model: type[BaseModel], path: Sequence[str | int]) -> Any:
    """The type of what stands at ``path``; any step is an item of a list or of a mapping of ids. None if nothing."""
    found: Any = model
    for step in path:
        if found is Any:
            return Any
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = next((one for name, one in found.model_fields.items() if (one.alias or name) == step), None)
            found = _bare(field.annotation) if field else None
        elif get_origin(found) in (tuple, dict):
            found = _bare(get_args(found)[-1 if get_origin(found) is dict else 0])
        else:
            return None
    return found


def _bare(annotation: Any) -> Any:
    """``X`` of ``Annotated[X, …]`` and ``X | None``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    parts = [one for one in get_args(annotation) if one is not type(None)]
    return _bare(parts[0]) if get_origin(annotation) is UnionType and len(parts) == 1 else annotation
