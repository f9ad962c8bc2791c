"""A regime on paper: what a rule book makes of dated records, month by month.

This is the reference meaning of a rule book; the engine is compared with it. ``Ledger`` keeps the file of
one resident under a stack of rule books. A month passes in this order, each step through the whole stack:

1. Records whose time is over no longer count.
2. New records are made, one for each row of a catalogue that covers the act; records taken back no longer
   count.
3. The score is the start score plus the points of all records that count, held between floor and ceiling.
4. The grade is the band the score is in, made no better than any cap in force.
5. Lists are left: by correction, by performance or repair, when the time is over, or with the ground.
6. Lists are entered, or stays lengthened; with a period of grace, the entry takes effect when that is over,
   unless the duty is performed or the record taken back before. Rows about entering a list make their record at once.
   Lists whose place a list takes are left with the entry, and closed while on it.
7. Doors are in force while their grade, list or record is, or for a time of their own from the entry on a list.

Under a weighted score points are parts of a hundred of a dimension, beside what is known of the resident; who does
not take part in a rule book that asks for consent has no score, no grade and no doors of a grade under it.

Only the rule books of the stack that are about the same kind of subject apply. Points in a component of the
score count together no more than its limit; of a row with points of further records, the number of its records
that count says what they are worth together. A firm that opens again under a new name leaves the records and
stays of a rule book behind, unless that rule book follows the representative.

Points are whole numbers of 1/60 point; what a curve gives is rounded towards zero, step by step of the
curve. Months count from January of a year 0. Nothing depends on the order of records within a month,
unless a curve rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from counterscore.errors import Position, did_you_mean, quoted
from counterscore.regime.cases import (
    Case,
    Cases,
    ConsentLine,
    ExitKind,
    ExitLine,
    Expectation,
    Person,
    RecordLine,
    month_name,
    parse_cases,
    points_text,
    read_cases,
)
from counterscore.regime.found import Moves, copied, warns
from counterscore.regime.grammar import UNKNOWN, Entry
from counterscore.regime.model import (
    PUBLIC,
    SCALE,
    CurveStep,
    Dimension,
    Door,
    ListRule,
    Regime,
    RepairRule,
    Row,
    Score,
    adverse_lists,
)
from counterscore.regime.vocabulary import INSPECTION, service
from counterscore.regime.vocabulary import act as act_called

__all__ = [
    "Case",
    "Cases",
    "Ledger",
    "Mismatch",
    "Paper",
    "PaperExit",
    "PaperRecord",
    "State",
    "Step",
    "apply_on_paper",
    "curve_points",
    "paper_json",
    "paper_text",
    "parse_cases",
    "points_text",
    "read_cases",
]

FOREVER = 1_000_000  #: a month that never comes
_Path = tuple[str | int, ...]


# -- what goes in ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A record of an act, handed to the ledger in the month it is made.

    ``actor`` is whose act it was: the resident's own, or the next of kin's. ``amount`` is in the unit of the
    act. ``points60`` is the choice of an official in 1/60 point, None where none is known. ``episode_start``
    is False in the later months of an unbroken spell. ``on`` and ``at`` say where the record was read.
    """

    act: str
    actor: Person = "self"
    amount: int = 0
    points60: int | None = None
    episode_start: bool = True
    on: str = ""
    at: Position | None = None


@dataclass(frozen=True, slots=True)
class PaperExit:
    """A way out reported in a month: ``reopened`` is a firm's new name. ``performed`` and ``repaired`` are of ``list``, or of every list if
    None; ``moved`` leaves behind what is not shared so far; ``corrected`` takes back ``record``, counted from 0 over all records ever handed to the ledger.
    """

    kind: ExitKind
    list: str | None = None
    record: int = -1
    near: bool = False  #: of a move: within the city
    on: str = ""
    at: Position | None = None


# -- what comes out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """Where a resident stands. Score (in 1/60 point) and grade are those of the first rule book of the stack
    that has a score that can be worked out, None without one; the grade is "unknown" where no published border
    says which it is. ``doors`` are in force on the resident, ``kin_doors`` on the next of
    kin because of the resident, ``tied_doors`` on a firm's representative because of the firm, or on the firms
    that the resident represents.
    """

    score60: int | None
    grade: str | None
    lists: tuple[str, ...]
    doors: tuple[str, ...]
    kin_doors: tuple[str, ...] = ()
    tied_doors: tuple[str, ...] = ()
    warned: bool = False  #: whether whoever deals with the resident finds a warning
    shown_to: tuple[str, ...] = ()  #: of friends and mates, those to whom a private score may or must be shown
    loans_refused: tuple[str, ...] = ()  #: credit files with which a loan would be refused on what is recorded

    @property
    def score(self) -> str | None:
        """The score as people write it, such as ``580`` or ``1000 1/3``."""
        return None if self.score60 is None else points_text(self.score60)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: ``what`` in a sentence, by which ``rule`` (id of the row, list or door), the
    rule's ``value`` and its ``file`` and ``line``, and the ``record`` behind it (file:line). ``on`` is the
    date as given; ``state`` is where the resident stands after it.
    """

    month: str
    on: str
    what: str
    rule: str
    value: str
    file: str
    line: int
    record: str
    state: State

    @property
    def score(self) -> str | None:
        """The score after this step, as people write it."""
        return self.state.score

    @property
    def grade(self) -> str | None:
        """The grade after this step."""
        return self.state.grade

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists the resident is on after this step."""
        return self.state.lists

    @property
    def doors(self) -> tuple[str, ...]:
        """The doors in force on the resident after this step."""
        return self.state.doors


# -- what the ledger keeps -------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Kept:
    """A record in the file: made by row ``row`` of rule book ``book``, it counts in the months ``made`` to
    ``ends`` - 1, its cap holds in ``made`` to ``cap_ends`` - 1. ``number`` is the record handed in that it
    came from, None for the entry on a list.
    """

    book: int
    row: Row
    place: int
    made: int
    ends: int
    cap_ends: int
    points60: int
    number: int | None
    on: str
    at: Position | None
    taken_back: bool = False
    first_end: int = field(init=False)  #: the month in which it ends where no listing keeps it

    def __post_init__(self) -> None:
        self.first_end = self.ends

    def counts(self, month: int) -> bool:
        return self.made <= month < self.ends and not self.taken_back

    def caps(self, month: int) -> bool:
        return self.made <= month < self.cap_ends and not self.taken_back


@dataclass(slots=True)
class _Stay:
    """A stay on a list since month ``entered``, on the ground ``entry`` that was met in month ``met``, found with
    the first ``known`` records of the file and the score published in month ``published``. ``cause`` is the
    record that brought it about. While a period of grace runs, ``entered`` is the month when it will be over.
    """

    book: int
    list: str
    rule: ListRule
    entered: int
    known: int
    published: int
    cause: _Kept | None
    entry: Entry
    met: int


@dataclass(frozen=True, slots=True)
class _Bar:
    """A door that holds until before month ``ends``, because of the entry on a list with which ``stay`` began."""

    ends: int
    stay: _Stay


@dataclass(slots=True)
class _Standing:
    """The published score and band (its place among ``Score.spans()``, the best is 0) of one rule book."""

    score60: int
    band: int
    month: int
    cause: _Kept | None = None  #: the record that last moved it


@dataclass(frozen=True, slots=True)
class _End:
    """The month in which a stay is over at the latest, why, and where that is written."""

    month: int
    why: str
    value: str
    path: _Path


Known = Mapping[str, str | int]  #: attribute id -> its category, or its amount
Choice = Literal["middle", "lowest", "highest"]  #: of the points an official may give, where a case does not say
_ENDS: tuple[Choice, Choice] = ("lowest", "highest")


def attribute_points(dimension: Dimension, known: Known) -> int:
    """What a dimension gets of its hundred for the attributes of a resident; what is not known gives nothing."""
    points = 0
    for part in dimension.parts:
        found = known.get(part.attribute or "")
        if isinstance(found, str):
            points += part.values.get(found) or 0
        elif found is not None:
            points += next((band.gives for band in reversed(part.bands) if found >= band.floor), 0)
    return points


def friends60(score: Score, friends: Sequence[int]) -> int:
    """The mean of friends' scores (1/60 point) as 1/60 of a hundred, 0 at the floor and 100 at the ceiling."""
    floor, ceiling = score.floor or 0, score.ceiling or 0
    return (sum(friends) // len(friends) - floor * SCALE) * 100 // (ceiling - floor)


def curve_points(curve: Sequence[CurveStep], units: int) -> int:
    """Points in 1/60 for ``units`` of one calendar year; each step of the curve rounds towards zero."""
    points60 = below = 0
    for step in curve:
        top = units if step.up_to is None else min(units, step.up_to)
        if top > below:
            points60 += _towards_zero((top - below) * (step.points or 0) * SCALE, step.per)
            below = top
    return points60


class Ledger:
    """The file of one resident under ``regime`` and the rule books stacked with it.

    ``start_month`` is the first month the ledger can be given; a score with an update rhythm is published in
    it and every so many months later. ``known`` and ``friends`` (their scores in 1/60 point) are what a weighted
    score knows of the resident; ``takes_part`` is whether the resident takes part where consent is asked; ``choice``
    is what is taken of points that an official may choose and nobody has stated.
    """

    def __init__(
        self,
        regime: Regime,
        start_month: int = 0,
        *,
        known: Known | None = None,
        friends: Sequence[int] = (),
        takes_part: bool = True,
        choice: Choice = "middle",
    ) -> None:
        self._books = tuple(book for book in regime.stacked() if book.subjects == regime.subjects)
        self._who = {"residents": "resident", "firms": "firm", "bodies": "body"}[regime.subjects]
        self._known, self._friends, self._takes_part = dict(known or {}), tuple(friends), takes_part
        self._choice = choice
        self.chose = False  #: whether points were chosen that nobody had stated
        self._start = start_month  # a rhythm of publication is counted from here
        self._now = start_month - 1
        self._file: list[_Kept] = []
        self._handed = 0
        self._units: dict[tuple[int, int, int], int] = {}  # rule book, row, year: units so far
        self._moves = Moves()
        self._copies = [[copied(book, row, self._books) for row in book.catalogue] for book in self._books]
        self._adverse = adverse_lists(self._books)
        self._stays: dict[str, _Stay] = {}
        self._waiting: dict[str, _Stay] = {}  # entries whose period of grace runs
        self._bars: dict[str, list[_Bar]] = {}  # doors of a list that last a time of their own
        self._in_force: dict[str, Door] = {}
        self._steps: list[Step] = []
        self._standings = [self._standing(book, (), ()) for book in range(len(self._books))]
        self._behind: dict[str, _Kept | None] = {}  # door: the record that last moved it
        self._move_doors()
        self._steps = []

    # -- what can be asked -------------------------------------------------------------------------------

    def score60(self, regime_id: str) -> int:
        """Return its published score in 1/60 point. Raises ``KeyError`` where it has none."""
        return self._published(regime_id).score60

    def grade(self, regime_id: str) -> int | None:
        """Return its published grade as a place, 0 the best; None where none is known. Raises ``KeyError``."""
        standing = self._published(regime_id)
        score = next(book.score for book in self._books if book.id == regime_id)
        return score.spans()[standing.band].grade if score else None

    def lists(self) -> tuple[str, ...]:
        """Ids of the lists the resident is on, in the order of the rule books."""
        return tuple(name for book in self._books for name in book.lists if name in self._stays)

    def doors(self) -> tuple[str, ...]:
        """Ids of the doors in force on the resident, in the order of the rule books."""
        return self._door_ids("self")

    def kin_doors(self) -> tuple[str, ...]:
        """Ids of the doors in force on the next of kin because of this resident."""
        return self._door_ids("kin")

    def tied_doors(self) -> tuple[str, ...]:
        """Ids of the doors in force on a firm's representative, or on the firms that a resident represents."""
        return tuple(name for one in _OTHERS for name in self._door_ids(one))

    def state(self) -> State:
        """Where the resident stands now."""
        shown = self._shown()
        standing = None if shown is None else self._standings[shown]
        score = None if shown is None else self._books[shown].score
        grade = _grade(score, standing.band) if score and standing and score.grades else None
        score60 = standing.score60 if standing else None
        return State(
            score60,
            grade,
            self.lists(),
            self.doors(),
            self.kin_doors(),
            self.tied_doors(),
            self.warned(),
            self.shown_to(),
            self.loans_refused(),
        )

    def warned(self) -> bool:
        """Whether whoever deals with the resident finds an adverse record or published list."""
        for kept in self._file:
            if kept.counts(self._now) and warns(self._books[kept.book], kept.row):
                if self._found(kept, PUBLIC) <= self._now:
                    return True
        stays = [stay for name, stay in self._stays.items() if name in self._adverse]
        return any(self._moves.published(stay.rule, stay.entered) for stay in stays)

    def shown_to(self) -> tuple[str, ...]:
        """Of friends and singles who look, those to whom a private score may be shown as it stands, or is by rule."""
        for book, regime in enumerate(self._books):
            standing, score = self._standings[book], regime.score
            if regime.shown is None or standing is None or score is None or not self._in(book):
                continue
            last = len(score.spans()) - 1
            lowest = standing.band == last > 0
            rules = {"friends": regime.shown.friends, "mates": regime.shown.mates}
            return tuple(who for who, rule in rules.items() if rule == "must" or (rule != "never" and not lowest))
        return ()

    def loans_refused(self) -> tuple[str, ...]:
        """Credit files with which a request for a loan would be refused on a record or score."""
        found = []
        for book, regime in enumerate(self._books):
            reader = PUBLIC if regime.sharing is not None else None
            seen = [kept for kept in self._file if kept.counts(self._now) and self._found(kept, reader) <= self._now]
            standing = self._standings[book]
            for rule in regime.lending:
                low = rule.below is not None and standing is not None and standing.score60 < rule.below * SCALE
                if low or any(_is_of(kept, book, name) for kept in seen for name in rule.refused_on):
                    found.append(rule.file)
        return tuple(found)

    def _found(self, kept: _Kept, reader: str | None) -> int:
        """The month from which ``reader``, or whoever asks where none is named, finds a record."""
        copy = self._copies[kept.book][kept.place]
        return self._moves.found_from(self._books[kept.book], kept.row.authority, reader, kept.made, copy)

    def _found_by_list(self, kept: _Kept, rule: ListRule) -> int:
        """The month from which the keeper of a list finds a record; lists meet what tells of a listing only next month."""
        return max(self._found(kept, rule.authority), kept.made + (kept.row.on_list is not None))

    def _not_at_source(self, book: int, place: int, record: PaperRecord) -> str:
        """Why a row that copies another rule book's records makes none: there was none to copy. Empty if there was."""
        copy = self._copies[book][place]
        source = copy.rows.get(record.act) if copy else None
        if copy is None or source is None:
            return ""
        kept_out = copy.book.without_consent == "no records" and not self._in(self._books.index(copy.book))
        small = source.at_least is not None and 0 < record.amount < source.at_least
        late = source.per == "episode" and not record.episode_start
        return f"{copy.entry.of} of {copy.book.id} made no record to copy" if kept_out or small or late else ""

    def _by_score(self, kept: _Kept) -> int:
        """The month from which a record counts in the score."""
        score = self._books[kept.book].score
        return self._found(kept, score.authority if score else None)

    def _published(self, regime_id: str) -> _Standing:
        for book, standing in zip(self._books, self._standings, strict=True):
            if book.id == regime_id and standing:
                return standing
        raise KeyError(regime_id)

    def _door_ids(self, affects: str) -> tuple[str, ...]:
        return tuple(name for name, door in self._in_force.items() if door.affects == affects)

    # -- a month -----------------------------------------------------------------------------------------

    def month(
        self,
        t: int,
        records: Sequence[PaperRecord] = (),
        exits: Sequence[PaperExit] = (),
        *,
        known: Known | None = None,
        friends: Sequence[int] | None = None,
        takes_part: bool | None = None,
    ) -> list[Step]:
        """Live month ``t``, and before it the months since the last call, in which nothing was handed in.

        ``known``, ``friends`` and ``takes_part`` say what is so from this month on, where it has changed. Returns
        what happened, in order. Raises ``ValueError`` where ``t`` has been lived already.
        """
        if t <= self._now:
            raise ValueError(f"month {t} has been lived already; the last was {self._now}")
        self._steps = []
        while self._now < t - 1:
            self._live((), ())
        if known is not None or friends is not None:
            self._known = self._known if known is None else dict(known)
            self._friends = self._friends if friends is None else tuple(friends)
        self._live(records, exits, takes_part)
        return self._steps

    def _live(self, records: Sequence[PaperRecord], exits: Sequence[PaperExit], takes_part: bool | None = None) -> None:
        self._now += 1
        self._ask_for_consent(takes_part)
        self._publish_what_waited()
        for one in exits:
            if one.kind == "reopened":
                self._reopen(one)
            elif one.kind == "moved":
                self._move(one)
        self._end_records()
        self._take_in()
        for record in records:
            self._make_records(record)
        corrections = [one for one in exits if one.kind == "corrected"]
        for one in corrections:
            self._take_back(one)
        self._leave_lists(exits, corrected=bool(corrections))
        self._enter_lists()
        self._move_doors()

    # -- consent ----------------------------------------------------------------------------------------

    def _in(self, book: int) -> bool:
        """Whether the resident takes part in a rule book: always, where nobody is asked."""
        return self._takes_part or self._books[book].participation == "mandatory"

    def _ask_for_consent(self, given: bool | None) -> None:
        if given is None or given == self._takes_part:
            return
        self._takes_part = given
        for book, regime in enumerate(self._books):
            if regime.participation == "mandatory":
                continue
            forgotten = ""
            if not given and regime.without_consent == "no records":
                mine = [kept for kept in self._file if kept.book == book and not kept.taken_back]
                for kept in mine:
                    kept.taken_back = True
                forgotten = f"; {len(mine)} {'record is' if len(mine) == 1 else 'records are'} deleted"
            standing = self._standing(book, self._counting(self._now), self._capping(self._now))
            self._standings[book] = standing
            score = regime.score
            became = f"; score {points_text(standing.score60)}" if standing else "; no score" if score else ""
            if standing and score:
                became += f", grade {_grade(score, standing.band)}"
            verb = "takes part" if given else "no longer takes part"
            what = f"The resident {verb} in {regime.title}{forgotten}{became}."
            self._note(what, None, regime.id, regime.participation, book, "participation")

    # -- steps 1 and 2: records --------------------------------------------------------------------------

    def _end_records(self) -> None:
        counting, capping = self._counting(self._now - 1), self._capping(self._now - 1)
        for kept in [one for one in counting if one.ends == self._now]:
            if self._listed_on(kept):
                self._keep_while_listed(kept)
                continue
            counting.remove(kept)
            if kept.cap_ends == self._now and kept in capping:
                capping.remove(kept)
            moved = self._publish(kept.book, kept, counting, capping)
            path: _Path = ("catalogue", kept.place, "validity")
            if kept.row.validity is None or kept.row.validity.months > kept.ends - kept.made:
                path = ("rights", "retention", "at_most")
            what = f"{kept.row.label} of {month_name(kept.made)} no longer counts{moved}."
            self._note(what, kept, kept.row.id, _months(kept.ends - kept.made), kept.book, *path)
        for kept in [one for one in capping if one.cap_ends == self._now]:
            capping.remove(kept)
            moved = self._publish(kept.book, kept, counting, capping)
            what = f"{kept.row.label} of {month_name(kept.made)} no longer caps the grade{moved}."
            cap = kept.row.cap.grade if kept.row.cap else ""
            self._note(what, kept, kept.row.id, cap, kept.book, "catalogue", kept.place, "cap")

    def _listed_on(self, kept: _Kept) -> bool:
        """Whether a record is kept as long as a stay: one that rests on it, or the stay that the record is about."""
        if kept.row.on_list in self._stays:
            most = self._books[kept.book].rights.retention.at_most
            return most is None or self._now < kept.made + most.months
        rests = [one for one in self._stays.values() if one.cause is kept and one.entry.kind in ("record", "records")]
        return self._books[kept.book].rights.retention.keeps(kept.row) and bool(rests)

    def _keep_while_listed(self, kept: _Kept) -> None:
        if kept.ends == kept.first_end:
            path: tuple[str | int, ...] = ("rights", "retention", "while_listed")
            why = "while a listing rests on it"
            if kept.row.on_list:
                path, why = ("catalogue", kept.place, "on_list"), "while the listing goes on"
            what = f"{kept.row.label} of {month_name(kept.made)} goes on counting {why}."
            self._note(what, kept, kept.row.id, "while listed", kept.book, *path)
        if kept.cap_ends == kept.ends:
            kept.cap_ends += 1
        kept.ends += 1

    def _make_records(self, record: PaperRecord) -> None:
        number = self._handed
        self._handed += 1
        covered = False
        for book, regime in enumerate(self._books):
            for place, row in enumerate(regime.catalogue):
                if record.act not in row.act or row.actor != record.actor:
                    continue
                covered = True
                if not self._in(book) and regime.without_consent == "no records":
                    what = f"{row.label}: no record of somebody who does not take part."
                    self._note(what, record, row.id, regime.without_consent, book, "participation")
                elif row.at_least is not None and 0 < record.amount < row.at_least:
                    unit = act_called(row.act[0]).unit
                    what = f"{row.label}: no record, {record.amount:,} {unit} is less than {row.at_least:,}."
                    self._note(what, record, row.id, f"{row.at_least:,} {unit}", book, "catalogue", place, "at_least")
                elif row.per == "episode" and not record.episode_start:
                    what = f"{row.label}: nothing, a spell counts once."
                    self._note(what, record, row.id, "per episode", book, "catalogue", place, "per")
                elif why := self._not_at_source(book, place, record):
                    self._note(f"{row.label}: nothing, {why}.", record, row.id, "no record", book, "sharing")
                else:
                    self._keep(book, place, row, record, number)
        if not covered:
            whose = {"kin": " of the next of kin", "group": " of another member of the group"}.get(record.actor, "")
            self._note(f"No rule covers: {act_called(record.act).label}{whose}.", record, "", "", 0)

    def _keep(self, book: int, place: int, row: Row, record: PaperRecord, number: int | None) -> None:
        points60, how, value, key = self._points(book, place, row, record)
        kept_for = self._books[book].rights.retention.at_most
        at_most = kept_for.months if kept_for else FOREVER
        ends = cap_ends = self._now + min(row.validity.months if row.validity else FOREVER, at_most)
        if row.cap and row.cap.lasts:
            cap_ends = self._now + min(row.cap.lasts.months, at_most)
        kept = _Kept(book, row, place, self._now, ends, cap_ends, points60, number, record.on, record.at)
        self._file.append(kept)
        how += self._of_dimension(book, row)
        cap = f", grade no better than {row.cap.grade}" if row.cap else ""
        moved = self._publish(book, kept)
        self._note(f"{row.label}: {how}{cap}{moved}.", kept, row.id, value, book, "catalogue", place, key)

    def _of_dimension(self, book: int, row: Row) -> str:
        score = self._books[book].score
        for one in score.dimensions if score else ():
            if any(row.id in part.records for part in one.parts):
                return f" of the hundred of {one.label or one.id}"
        return ""

    def _reopen(self, asked: PaperExit) -> None:
        """The firm has closed, and its representative opens another."""
        for book, regime in enumerate(self._books):
            if regime.follows == "representative":
                what = f"A new name: the file under {regime.title} follows the representative."
                self._note(what, asked, regime.id, regime.follows, book, "follows")
                continue
            for kept in self._file:
                kept.taken_back = kept.taken_back or kept.book == book
            for name in [one for one in regime.lists if one in self._stays]:
                del self._stays[name]
            for door in regime.doors:
                self._bars.pop(door.id, None)
            self._standings[book] = self._standing(book, (), ())
            what = f"A new name: the file under {regime.title} stays with the old one."
            self._note(what, asked, regime.id, regime.follows, book, "follows")

    def _move(self, asked: PaperExit) -> None:
        """The resident moves: what is not shared that far is not found any more."""
        self._moves.move(self._now, far=not asked.near)
        where = "part of the city" if asked.near else "city"
        self._note(f"Moved to another {where}.", asked, "", "moved", 0)
        for waiting in list(self._waiting.values()):
            if self._moves.leaves(self._books[waiting.book], waiting.rule, waiting.met):
                self._spared(waiting, asked, "it is not kept together that far")
        for stay in self._on_lists():
            if self._moves.leaves(self._books[stay.book], stay.rule, stay.entered):
                self._left(stay, asked, "left behind: it is not kept together that far", "moved", ("sharing",))
        self._drop_bars(lambda stay: self._moves.leaves(self._books[stay.book], stay.rule, stay.entered))
        for book, regime in enumerate(self._books):
            moved = self._publish(book, None) if regime.sharing is not None else ""
            if moved:
                self._note(f"What is not shared that far no longer counts{moved}.", asked, "", "moved", book, "sharing")

    def _take_in(self) -> None:
        """Records that come from another authority this month."""
        for kept in self._file:
            if kept.made < self._now == self._by_score(kept) and kept.counts(self._now):
                moved = self._publish(kept.book, kept)
                what = f"{kept.row.label} of {month_name(kept.made)} has come to the keeper of the score{moved}."
                self._note(what, kept, kept.row.id, "shared", kept.book, "sharing")

    def _points(self, book: int, place: int, row: Row, record: PaperRecord) -> tuple[int, str, str, str]:
        """Work out the points of one record in 1/60, how they came about, and the rule's value and key."""
        if row.curve:
            return self._points_of_curve(book, place, row, record)
        if row.discretion:
            least, most = row.discretion.least, row.discretion.most
            if least is None or most is None:
                return 0, "points unknown: not applied", "unknown", "discretion"
            value = f"{_signed(least * SCALE)} to {_signed(most * SCALE)}"
            if record.points60 is None:
                self.chose |= least != most
                ends = {
                    "middle": _towards_zero(least + most, 2),
                    "lowest": min(least, most),
                    "highest": max(least, most),
                }
                chosen = ends[self._choice] * SCALE
                how = f"{_points(chosen)}, the {self._choice} of {value}, as no choice is given"
                return chosen, how, value, "discretion"
            low, high = sorted((least * SCALE, most * SCALE))
            chosen = min(high, max(low, record.points60))
            how = f"{_points(chosen)}, chosen from {value}"
            if chosen != record.points60:
                how = f"{_points(chosen)}, the nearest to {_signed(record.points60)} that {value} allows"
            return chosen, how, value, "discretion"
        if row.points is None:
            known = "points unknown: not applied" if row.unknown_points else "recorded, without points"
            return 0, known, "unknown" if row.unknown_points else "none", "points"
        if row.then:
            steps = (row.points, *row.then)
            before = sum(_is_of(kept, book, row.id) for kept in self._counting(self._now))
            points60 = steps[min(before, len(steps) - 1)] * SCALE
            return points60, f"{_points(points60)}, as record {before + 1} that counts", _steps(steps), "then"
        points60 = row.points * SCALE
        how = _points(points60)
        if record.points60 not in (None, points60):
            how += f", fixed by the rule (not {_signed(record.points60 or 0)})"
        return points60, how, _signed(points60), "points"

    def _points_of_curve(self, book: int, place: int, row: Row, record: PaperRecord) -> tuple[int, str, str, str]:
        if any(step.points is None for step in row.curve):
            return 0, "points unknown: not applied", "unknown", "curve"
        year = self._now // 12
        before = self._units.get((book, place, year), 0)
        after = self._units[book, place, year] = before + record.amount
        points60 = curve_points(row.curve, after) - curve_points(row.curve, before)
        unit = act_called(record.act).unit if record.act else ""
        how = f"{_points(points60)} for {record.amount:,} {unit}, {after:,} in {year:04d}"
        return points60, how, _curve(row.curve), "curve"

    def _take_back(self, asked: PaperExit) -> None:
        """Take back a record: it stops counting at once; units it added to a yearly account stay there."""
        found = [kept for kept in self._file if kept.number == asked.record and not kept.taken_back]
        for kept in found:
            copy = self._copies[kept.book][kept.place]
            if copy and not copy.entry.corrected:
                where = ("sharing", list(self._books[kept.book].sharing or ()).index(copy.entry), "corrected")
                what = f"{kept.row.label} of {month_name(kept.made)} goes on counting: copies are not taken back."
                self._note(what, asked, kept.row.id, "not corrected", kept.book, *where)
                continue
            kept.taken_back = True
            moved = self._publish(kept.book, kept)
            what = f"{kept.row.label} of {month_name(kept.made)} is taken back{moved}."
            self._note(what, asked, kept.row.id, "corrected", kept.book, "catalogue", kept.place)
        if not found:
            self._note("There is no record to take back.", asked, "", "corrected", 0)

    # -- steps 3 and 4: score and grade ------------------------------------------------------------------

    def _counting(self, month: int) -> list[_Kept]:
        return [kept for kept in self._file if kept.counts(month) and self._by_score(kept) <= month]

    def _capping(self, month: int) -> list[_Kept]:
        return [kept for kept in self._file if kept.row.cap and kept.caps(month) and self._by_score(kept) <= month]

    def _standing(self, book: int, counting: Iterable[_Kept], capping: Iterable[_Kept]) -> _Standing | None:
        """Score and grade given the records that count and those that cap: which they are, in any order."""
        score = self._books[book].score
        if score is None or score.floor is None or score.ceiling is None or not score.known or not self._in(book):
            return None
        mine = [kept for kept in counting if kept.book == book]
        total = score.opening60 + _total60(score, mine)
        if score.dimensions:
            total = score.weighted60([self._value60(score, one, mine) for one in score.dimensions])
        score60 = max(score.floor * SCALE, min(score.ceiling * SCALE, total))
        caps = [score.span_of(kept.row.cap.grade) or 0 for kept in capping if kept.book == book and kept.row.cap]
        place = next(place for place, band in enumerate(score.spans()) if band.floor * SCALE <= score60)
        return _Standing(score60, max([place, *caps]), self._now)

    def _value60(self, score: Score, dimension: Dimension, counting: Iterable[_Kept]) -> int:
        """The value of a dimension in 1/60 of a hundred, not yet held between 0 and 100."""
        value = (dimension.start + attribute_points(dimension, self._known)) * SCALE
        if self._friends and any(part.friends for part in dimension.parts):
            value += friends60(score, self._friends) - dimension.start * SCALE
        rows = {row for part in dimension.parts for row in part.records}
        return value + sum(kept.points60 for kept in counting if kept.row.id in rows)

    def _publish(
        self,
        book: int,
        cause: _Kept | None,
        counting: Iterable[_Kept] | None = None,
        capping: Iterable[_Kept] | None = None,
    ) -> str:
        """Work out score and grade, if they are published this month. Returns what changed, as the end of a
        sentence. What counts is what counts now, unless said otherwise.
        """
        score, old = self._books[book].score, self._standings[book]
        if score is None or old is None:
            return ""
        since = (self._now - self._start) % _every(score)
        if since:
            return f"; the next score is published in {month_name(self._now + _every(score) - since)}"
        new = self._standing(
            book,
            self._counting(self._now) if counting is None else counting,
            self._capping(self._now) if capping is None else capping,
        )
        assert new is not None  # who has a standing takes part
        self._standings[book] = new
        new.cause = old.cause if (new.score60, new.band) == (old.score60, old.band) else cause
        of = "" if self._shown() == book else f" of {self._books[book].id}"
        said = ""
        if old.score60 != new.score60:
            said = f"; score{of} {points_text(old.score60)} -> {points_text(new.score60)}"
        if old.band != new.band:
            said += f"; grade{of} {_grade(score, old.band)} -> {_grade(score, new.band)}"
        return said

    def _shown(self) -> int | None:
        """Find the first rule book with a score: its score and grade are the ones shown in steps."""
        return next((number for number, book in enumerate(self._books) if book.score and book.score.known), None)

    def _publish_what_waited(self) -> None:
        """In a month of publication, first what has changed since the last one."""
        for book, regime in enumerate(self._books):
            score = regime.score
            if score is None or score.update is None or (self._now - self._start) % _every(score):
                continue
            last = next((kept for kept in reversed(self._file) if kept.book == book), None)
            moved = self._publish(book, last, self._counting(self._now - 1), self._capping(self._now - 1))
            if moved:
                what = f"A new score is published{moved}."
                self._note(what, last, "score", str(score.update), book, "score", "update")

    # -- step 5: lists are left --------------------------------------------------------------------------

    def _leave_lists(self, exits: Sequence[PaperExit], *, corrected: bool) -> None:
        while corrected:
            corrected = self._leave_with_records()
        for asked in exits:
            if asked.kind not in ("corrected", "reopened", "moved"):
                self._ask_to_leave(asked)
        for stay in self._on_lists():
            end = min(self._ends(stay, before=self._now), key=lambda one: one.month)
            if end.month <= self._now:
                self._left(stay, stay.cause, f"expired: {end.why}", end.value, end.path)
            elif stay.rule.term.kind == "holds" and not self._ground_still_holds(stay):
                cause = self._standings[stay.book]
                self._leave(stay, cause.cause if cause else None, "expired: its ground no longer holds", "term")

    def _leave_with_records(self) -> bool:
        """Leave lists whose records were taken back; returns whether that takes back records of rule books told of it."""
        for stay in list(self._waiting.values()):
            if "corrected" in stay.rule.leave and not self._would_have_entered(stay):
                self._spared(stay, stay.cause, "its ground was taken back")
        more = False
        for stay in self._on_lists():
            if self._would_have_entered(stay):
                continue
            if "corrected" in stay.rule.leave:
                self._leave(stay, stay.cause, "corrected: no other ground was met on entry", "leave")
                more |= self._tell_of_correction(stay)
            else:
                what = f"{stay.rule.label}: stays, as it is not left by correction."
                value = _words(stay.rule.leave)
                self._note(what, stay.cause, stay.list, value, stay.book, *_list(stay, "leave"))
        self._drop_bars(lambda stay: "corrected" in stay.rule.leave and not self._would_have_entered(stay))
        return more

    def _tell_of_correction(self, stay: _Stay) -> bool:
        """What other rule books were told of a listing is taken back with it, or goes on counting; whether any is taken back."""
        more = False
        for kept in self._file:
            copy = self._copies[kept.book][kept.place]
            if copy is None or kept.row.on_list != stay.list or kept.made != stay.entered or kept.taken_back:
                continue
            if copy.entry.corrected:
                kept.taken_back = more = True
                moved = self._publish(kept.book, kept)
                what = f"{kept.row.label} of {month_name(kept.made)} is taken back with the listing{moved}."
                self._note(what, kept, kept.row.id, "corrected", kept.book, "catalogue", kept.place)
            else:
                where = ("sharing", list(self._books[kept.book].sharing or ()).index(copy.entry), "corrected")
                what = f"{kept.row.label} of {month_name(kept.made)} goes on counting: copies are not taken back."
                self._note(what, kept, kept.row.id, "not corrected", kept.book, *where)
        return more

    def _drop_bars(self, over: Callable[[_Stay], bool]) -> None:
        for name, bars in self._bars.items():
            self._bars[name] = [one for one in bars if not over(one.stay)]

    def _on_lists(self) -> list[_Stay]:
        return [self._stays[name] for name in self.lists()]

    def _leave(self, stay: _Stay, source: _Kept | PaperExit | None, how: str, key: str) -> None:
        value = stay.rule.term.text if key == "term" else _words(stay.rule.leave)
        self._left(stay, source, how, value, _list(stay, key))

    def _left(self, stay: _Stay, source: _Kept | PaperExit | None, how: str, value: str, path: _Path) -> None:
        del self._stays[stay.list]
        self._note(f"Left: {stay.rule.label}; {how}.", source, stay.list, value, stay.book, *path)

    def _would_have_entered(self, stay: _Stay) -> bool:
        """Whether what was known on entry, and has not been taken back since, meets a ground."""
        if any(entry.kind == "stay" for entry in stay.rule.enter) and stay.cause is None:
            return True  # it rests on another stay, not on a record
        known = [kept for kept in self._file[: stay.known] if not kept.taken_back]
        counting = [kept for kept in known if kept.counts(stay.published)]
        standing = self._standing(stay.book, counting, [kept for kept in known if kept.caps(stay.published)])
        return any(self._met(stay.book, stay.rule, entry, stay.met, known, standing) for entry in stay.rule.enter)

    def _ask_to_leave(self, asked: PaperExit) -> None:
        names = (asked.list,) if asked.list else (*self.lists(), *self._waiting)
        said = "Performance is reported" if asked.kind == "performed" else "Repair is asked for"
        if not names:
            self._note(f"{said}; the {self._who} is on no list.", asked, "", asked.kind, 0)
        for name in names:
            stay = self._stays.get(name)
            if name in self._waiting:
                self._perform_in_grace(self._waiting[name], asked, said)
            elif stay is None:
                known = any(name in book.lists for book in self._books)
                where = f"the {self._who} is not on {name}" if known else f"there is no list {quoted(name)}"
                self._note(f"{said}; {where}.", asked, name if known else "", asked.kind, 0)
            elif asked.kind == "performed":
                self._perform(stay, asked, said)
            else:
                self._repair(stay, asked, said)

    def _perform(self, stay: _Stay, asked: PaperExit, said: str) -> None:
        if stay.rule.term.kind == "performed" or "performed" in stay.rule.leave:
            self._leave(stay, asked, "performed", "term" if stay.rule.term.kind == "performed" else "leave")
        else:
            what = f"{said}; {stay.rule.label} is not left by performing."
            self._note(what, asked, stay.list, _words(stay.rule.leave), stay.book, *_list(stay, "leave"))

    def _perform_in_grace(self, stay: _Stay, asked: PaperExit, said: str) -> None:
        if asked.kind == "performed" and "performed" in stay.rule.leave:
            self._spared(stay, asked, "performed")
        else:
            what = f"{said}; {stay.rule.label} is not entered yet, its period of grace goes on."
            self._note(what, asked, stay.list, str(stay.rule.grace), stay.book, *_list(stay, "grace"))

    def _spared(self, stay: _Stay, source: _Kept | PaperExit | None, how: str) -> None:
        del self._waiting[stay.list]
        what = f"Not listed: {stay.rule.label}; {how} within {stay.rule.grace}."
        self._note(what, source, stay.list, str(stay.rule.grace), stay.book, *_list(stay, "grace"))

    def _repair(self, stay: _Stay, asked: PaperExit, said: str) -> None:
        place, rule = self._repair_rule(stay)
        path: _Path = _list(stay, "leave")
        value = _words(stay.rule.leave)
        if "repaired" not in stay.rule.leave:
            refusal = f"{stay.rule.label} is not left by repair"
        elif rule is None:
            refusal = f"no repair rule is for a list called {stay.rule.severity}"
        else:
            path, value = ("rights", "repair", "rules", place, "after"), str(rule.after or "no shortest time")
            possible = stay.entered + (rule.after.months if rule.after else 0)
            if possible <= self._now:
                self._left(stay, asked, "repaired", value, path)
                return
            refusal = f"it is possible from {month_name(possible)}"
        self._note(f"{said}; {refusal}.", asked, stay.list, value, stay.book, *path)

    def _repair_rule(self, stay: _Stay) -> tuple[int, RepairRule | None]:
        repair = self._books[stay.book].rights.repair
        for place, rule in enumerate(repair.rules if repair else ()):
            if rule.severity == stay.rule.severity:
                return place, rule
        return 0, None

    def _ends(self, stay: _Stay, *, before: int) -> Iterator[_End]:
        """When the stay is over at the latest; records made from month ``before`` on do not extend it."""
        yield _End(FOREVER, "", "", ())
        term = stay.rule.term
        if term.kind == "fixed" and "expired" in stay.rule.leave:
            months = self._length(stay, before)
            why = "its term is over" if months == term.months else f"its term, lengthened to {_months(months)}, is over"
            yield _End(stay.entered + months, why, term.text, _list(stay, "term"))
        place, repair = self._repair_rule(stay)
        if repair and repair.at_most:
            why = f"repair rules bound a listing to {repair.at_most}"
            path = ("rights", "repair", "rules", place, "at_most")
            yield _End(stay.entered + repair.at_most.months, why, str(repair.at_most), path)
        retention = self._books[stay.book].rights.retention
        kept = None if retention.while_listed else retention.at_most
        if kept and term.kind != "performed":
            why = f"nothing is kept longer than {kept}"
            yield _End(stay.entered + kept.months, why, str(kept), ("rights", "retention", "at_most"))

    def _length(self, stay: _Stay, before: int) -> int:
        """Months of a fixed term, each record that extends it counted, the whole never beyond its limit."""
        term, extend = stay.rule.term.months, stay.rule.extend
        if extend is None or extend.by is None:
            return term
        made = [self._found_by_list(kept, stay.rule) for kept in self._file if self._extends(kept, stay)]
        made = [one for one in made if one < before]
        at_most = extend.at_most.months if extend.at_most else FOREVER
        longer = term + len(made) * extend.by.months
        if extend.counted == "from the record":
            longer = max([term, *(one - stay.entered + extend.by.months for one in made)])
        return max(term, min(at_most, longer))

    def _extends(self, kept: _Kept, stay: _Stay) -> bool:
        named = stay.rule.extend is not None and kept.row.id in stay.rule.extend.on
        return (
            named
            and kept.book == stay.book
            and not kept.taken_back
            and self._found_by_list(kept, stay.rule) > stay.entered
        )

    def _ground_still_holds(self, stay: _Stay) -> bool:
        standing = self._standings[stay.book]
        grounds = [entry for entry in stay.rule.enter if entry.kind in ("score", "grade")]
        return any(self._met(stay.book, stay.rule, entry, self._now, (), standing) for entry in grounds)

    # -- step 6: lists are entered -----------------------------------------------------------------------

    def _enter_lists(self) -> None:
        entered = []
        for book, regime in enumerate(self._books):
            for name, rule in regime.lists.items():
                if name in self._stays:
                    self._lengthen(self._stays[name])
                elif self._enter(book, name, rule):
                    entered.append(self._stays[name])
        for stay in entered:
            self._record_entry(stay)

    def _enter(self, book: int, name: str, rule: ListRule) -> bool:
        if any(name in stay.rule.replaces for stay in self._stays.values()):
            return False
        if name in self._waiting:
            return self._end_of_grace(self._waiting[name])
        standing = self._standings[book]
        known = [kept for kept in self._file if not kept.taken_back]
        # A record stays what it is; a score may rise again before a period of grace is over.
        order = sorted(rule.enter, key=lambda one: one.kind in ("score", "grade")) if rule.grace else rule.enter
        entry = next((one for one in order if self._met(book, rule, one, self._now, known, standing)), None)
        if entry is None:
            return False
        cause = standing.cause if standing else None
        if entry.kind in ("record", "records"):
            mine = [kept for kept in known if _is_of(kept, book, entry.row)]
            cause = [kept for kept in mine if self._found_by_list(kept, rule) == self._now][-1]
        elif entry.kind == "stay":
            cause = None
        published = standing.month if standing else self._now
        stay = _Stay(book, name, rule, self._now, len(self._file), published, cause, entry, self._now)
        if rule.grace and rule.grace.months:
            stay.entered += rule.grace.months
            self._waiting[name] = stay
            what = f"To be listed from {month_name(stay.entered)}: {rule.label}, unless performed before"
            what += f"; because {self._why(book, entry, standing)}."
            self._note(what, cause, name, str(rule.grace), book, *_list(stay, "grace"))
            return False
        self._begin(stay)
        return True

    def _end_of_grace(self, stay: _Stay) -> bool:
        """Whether an entry takes effect now, its period of grace being over."""
        if stay.entered > self._now:
            return False
        del self._waiting[stay.list]
        if stay.entry.kind in ("score", "grade"):
            standing = self._standings[stay.book]
            grounds = [one for one in stay.rule.enter if one.kind in ("score", "grade")]
            now = next((one for one in grounds if self._met(stay.book, stay.rule, one, self._now, (), standing)), None)
            if now is None or standing is None:
                what = f"Not listed: {stay.rule.label}; its ground no longer holds after {stay.rule.grace}."
                self._note(what, stay.cause, stay.list, str(stay.rule.grace), stay.book, *_list(stay, "grace"))
                return False
            stay.entry, stay.met, stay.cause = now, self._now, standing.cause
            stay.known, stay.published = len(self._file), standing.month
        self._begin(stay)
        return True

    def _begin(self, stay: _Stay) -> None:
        self._stays[stay.list] = stay
        until = ""
        end = min(self._ends(stay, before=self._now), key=lambda one: one.month)
        if end.month < FOREVER:
            until = f" until {month_name(end.month - 1)}"
        why = self._why(stay.book, stay.entry, self._standings[stay.book])
        what = f"Listed: {stay.rule.label}{until}; because {why}."
        self._note(what, stay.cause, stay.list, why, stay.book, "lists", stay.list, "enter")
        for door in self._books[stay.book].doors:
            if door.lasts and door.when.name == stay.list:
                self._bars.setdefault(door.id, []).append(_Bar(self._now + door.lasts.months, stay))
        for other in self._on_lists():
            if other.list in stay.rule.replaces:
                path = _list(stay, "replaces")
                self._left(other, stay.cause, f"replaced by {stay.rule.label}", stay.list, path)

    def _met(
        self,
        book: int,
        rule: ListRule,
        entry: Entry,
        month: int,
        file: Iterable[_Kept],
        standing: _Standing | None,
    ) -> bool:
        """Whether a ground is met in ``month`` by the records in ``file`` and the published ``standing``."""
        score = self._books[book].score
        match entry.kind:
            case "score":
                return standing is not None and standing.score60 < entry.border * SCALE
            case "grade":
                at = score.span_of(entry.grade) if standing and score else None
                return standing is not None and at is not None and standing.band >= at
            case "record" | "records":
                first = month if entry.kind == "record" else month - entry.within + 1
                mine = [self._found_by_list(kept, rule) for kept in file if _is_of(kept, book, entry.row)]
                made = [one for one in mine if first <= one <= month]
                return month in made and len(made) >= entry.at_least
            case "stay":
                other = self._stays.get(entry.list)
                return other is not None and other.entered + entry.within == month

    def _why(self, book: int, entry: Entry, standing: _Standing | None) -> str:
        row = next((row.label for row in self._books[book].catalogue if row.id == entry.row), entry.row)
        match entry.kind:
            case "score":
                return f"score {points_text(standing.score60) if standing else ''} < {entry.border}"
            case "grade":
                return f"grade {entry.grade} or worse"
            case "record":
                return f"of {quoted(row)}"
            case "records":
                return f"of {entry.at_least} times {quoted(row)} in {_months(entry.within)}"
            case "stay":
                return f"of {_months(entry.within)} on {entry.list}"

    def _lengthen(self, stay: _Stay) -> None:
        mine = [kept for kept in self._file if self._extends(kept, stay)]
        new = [kept for kept in mine if self._found_by_list(kept, stay.rule) == self._now]
        extend = stay.rule.extend
        if not new or extend is None or stay.rule.term.kind != "fixed":
            return
        before = self._length(stay, self._now)
        after = self._length(stay, self._now + 1)
        limit = f", at most {extend.at_most}" if extend.at_most else ""
        what = f"{stay.rule.label}: stay of {_months(before)} lengthened to {_months(after)}"
        if after == before:
            what = f"{stay.rule.label}: stay not lengthened beyond {_months(before)}"
        value = f"by {extend.by or 'unknown'}{limit}"
        self._note(f"{what}, {value}.", new[-1], stay.list, value, stay.book, *_list(stay, "extend"))

    def _record_entry(self, stay: _Stay) -> None:
        """Rows about entering this list make their record in the same month."""
        at = stay.cause.at if stay.cause else None
        on = stay.cause.on if stay.cause else ""
        for book, regime in enumerate(self._books):
            if not self._in(book) and regime.without_consent == "no records":
                continue
            for place, row in enumerate(regime.catalogue):
                if row.on_list == stay.list:
                    self._keep(book, place, row, PaperRecord("", on=on, at=at), None)

    # -- step 7: doors -----------------------------------------------------------------------------------

    def _move_doors(self) -> None:
        was, self._in_force = self._in_force, {}
        moved = []
        for book, regime in enumerate(self._books):
            for place, door in enumerate(regime.doors):
                holds, cause = self._holds(book, door)
                if holds:
                    self._in_force[door.id] = door
                if holds != (door.id in was):
                    self._behind[door.id] = cause or self._behind.get(door.id)
                    moved.append((book, place, door))
        for book, place, door in moved:
            now = "is" if door.id in self._in_force else "is no longer"
            kin = _FOR_WHOM.get(door.affects, "")
            effect = _effect(door) if door.id in self._in_force else door.effect
            what = f"{kin}{service(door.service).label} {now} {effect} ({door.trigger})."
            self._note(what, self._behind[door.id], door.id, _effect(door), book, "doors", place)

    def _holds(self, book: int, door: Door) -> tuple[bool, _Kept | None]:
        """Whether the door is in force, and the record behind that, where it is known."""
        when = door.when
        if door.lasts:
            bars = [one for one in self._bars.get(door.id, ()) if self._now < one.ends]
            return bool(bars), bars[-1].stay.cause if bars else None
        if when.kind == "list":
            stay = self._stays.get(when.name)
            return stay is not None, stay.cause if stay else None
        if when.kind == "record":
            mine = [kept for kept in self._file if _is_of(kept, book, when.name) and kept.counts(self._now)]
            found = [kept for kept in mine if self._found(kept, door.authority) <= self._now]
            return bool(found), found[-1] if found else None
        standing, score = self._standings[book], self._books[book].score
        at = score.span_of(when.name) if standing and score else None
        if standing is None or at is None:
            return False, None
        reaches = {
            "exactly": standing.band == at,
            "worse": standing.band >= at,
            "better": standing.band <= at,
        }
        return reaches[when.reach], standing.cause

    # -- telling -----------------------------------------------------------------------------------------

    def _note(
        self,
        what: str,
        source: PaperRecord | PaperExit | _Kept | None,
        rule: str,
        value: str,
        book: int,
        *path: str | int,
    ) -> None:
        where = self._books[book].at(*path) if path else None
        record = f"{source.at.file}:{source.at.line}" if source and source.at else ""
        month = month_name(self._now)
        given = source.on if source and source.on.startswith(month) else ""
        self._steps.append(
            Step(
                month=month,
                on=given or month,
                what=what[0].upper() + what[1:],
                rule=rule,
                value=value,
                file=where.file if where else "",
                line=where.line if where else 0,
                record=record,
                state=self.state(),
            )
        )


_OTHERS = ("firm", "firm head", "official")  #: whom a door of a file may affect besides its own subject and kin
_FOR_WHOM = {
    "kin": "for the next of kin, ",
    "firm": "for the firms of this representative, ",
    "firm head": "for the representative, ",
    "official": "for the leading official, ",
}


def _total60(score: Score, counting: Sequence[_Kept]) -> int:
    """The points of records that count, of one rule book, in 1/60."""
    parts = {part.id: 0 for part in score.components}
    seen: dict[str, int] = {}
    total = 0
    for kept in counting:
        points60, row = kept.points60, kept.row
        if row.then and row.points is not None:
            steps = (row.points, *row.then)
            before = seen.get(row.id, 0)
            seen[row.id] = before + 1
            points60 = steps[min(before, len(steps) - 1)] * SCALE
        if row.component in parts:
            parts[row.component] += points60
        else:
            total += points60
    for part in score.components:
        most = part.most * SCALE
        low, high = (-most, 0) if part.kind == "lost" else (0, most)
        total += max(low, min(high, parts[part.id]))
    return total


def _is_of(kept: _Kept, book: int, row: str) -> bool:
    return kept.book == book and kept.row.id == row


def _towards_zero(number: int, divisor: int) -> int:
    return number // divisor if number >= 0 else -(-number // divisor)


def _every(score: Score) -> int:
    return max(1, score.update.months) if score.update else 1


def _grade(score: Score, band: int) -> str:
    place = score.spans()[band].grade
    return UNKNOWN if place is None else score.grades[place].id


def _list(stay: _Stay, key: str) -> _Path:
    return ("lists", stay.list, key)


# -- words -----------------------------------------------------------------------------------------------


def _signed(points60: int) -> str:
    return f"+{points_text(points60)}" if points60 > 0 else points_text(points60)


def _points(points60: int) -> str:
    return f"{_signed(points60)} {'point' if abs(points60) == SCALE else 'points'}"


def _months(months: int) -> str:
    return f"{months} {'month' if months == 1 else 'months'}"


def _words(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _curve(curve: Sequence[CurveStep]) -> str:
    parts = []
    for step in curve:
        upto = "beyond" if step.up_to is None else f"to {step.up_to}"
        parts.append(f"{upto}: {step.points} per {step.per}")
    return "; ".join(parts)


def _steps(steps: Sequence[int]) -> str:
    return f"{_signed(steps[0] * SCALE)}, then {', '.join(_signed(step * SCALE) for step in steps[1:])}"


def _effect(door: Door) -> str:
    if door.service == INSPECTION and door.times is not None:
        return f"{'more' if door.times > 1 else 'less'} frequent, {door.times:g} times as often"
    if door.saves is not None:
        return f"{door.effect}, {door.saves:,} yuan saved"
    if door.share is not None:
        return f"{door.effect}, {door.share:.0%} of attempts refused"
    if door.times is not None:
        return f"{door.effect}, {door.times:g} times the {'price' if door.effect == 'priced' else 'wait'}"
    return door.effect


# -- a case on paper -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A thing that came out otherwise than expected: ``what`` (score, grade, lists, doors, kin_doors, services, list)
    at the end of ``month``, and where the expectation stands.
    """

    at: Position
    month: str
    what: str
    expected: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        said = f"{self.at}: {self.what} at the end of {self.month}: expected {self.expected}, found {self.found}"
        return f"{said}\n  {self.hint}" if self.hint else said


@dataclass(frozen=True, slots=True)
class Paper:
    """A case worked out: every step, where it ends, and what differs from what was expected.

    Where an official chooses points and the case does not say which, the middle is taken, and ``ends`` holds where the
    case ends with the lowest and with the highest of them each time; None where nothing is left to anybody.
    """

    case: Case
    regime: str
    steps: tuple[Step, ...]
    final: State
    mismatches: tuple[Mismatch, ...]
    ends: tuple[State, State] | None = None

    @property
    def name(self) -> str:
        """The name of the case."""
        return self.case.name

    @property
    def ok(self) -> bool:
        """True where everything expected came out; also where nothing is expected."""
        return not self.mismatches


def apply_on_paper(regime: Regime, case: Case) -> Paper:
    """Work out what ``regime``, with the rule books stacked on it, makes of ``case``, month by month."""
    paper, chose = _worked_out(regime, case, "middle")
    if not chose:
        return paper
    lowest, highest = (_worked_out(regime, case, choice)[0].final for choice in _ENDS)
    return replace(paper, ends=(lowest, highest))


def _worked_out(regime: Regime, case: Case, choice: Choice) -> tuple[Paper, bool]:
    """The case with one choice throughout, and whether there was any to be made."""
    asked = next((line.given for line in case.lines if isinstance(line, ConsentLine)), None)
    ledger = Ledger(
        regime, case.first, known=case.known, friends=case.friends, takes_part=asked is not True, choice=choice
    )
    steps: list[Step] = []
    mismatches = [found for line in case.lines if (found := _unknown_list(regime, line))]
    numbers: dict[int, list[int]] = {}  # line of the case: the records it became
    taken_back: set[int] = set()
    last_seen: dict[tuple[str, str], int] = {}
    handed = 0
    for month in range(case.first, case.until + 1):
        records, exits = [], []
        for line in case.lines:
            if isinstance(line, RecordLine) and line.month <= month <= line.last and line.number not in taken_back:
                before = last_seen.get((line.act, line.of), month - 2)
                last_seen[line.act, line.of] = month
                records.append(_record(line, episode_start=before < month - 1))
                numbers.setdefault(line.number, []).append(handed)
                handed += 1
        for line in case.lines:
            if isinstance(line, ExitLine) and line.month == month:
                exits += _exits(line, numbers)
                taken_back |= {line.of_record}
        consent = next((one.given for one in case.lines if isinstance(one, ConsentLine) and one.month == month), None)
        steps += ledger.month(month, records, exits, takes_part=consent)
        for expected in case.expect:
            if expected.month == month:
                mismatches += _compare(regime, expected, ledger.state())
    return Paper(case, regime.id, tuple(steps), ledger.state(), tuple(mismatches)), ledger.chose


def _record(line: RecordLine, *, episode_start: bool) -> PaperRecord:
    return PaperRecord(line.act, line.of, line.amount, line.points60, episode_start, line.on, line.at)


def _exits(line: ExitLine, numbers: dict[int, list[int]]) -> list[PaperExit]:
    if line.exit == "corrected":
        made = numbers.get(line.of_record, [])
        return [PaperExit("corrected", record=number, on=line.on, at=line.at) for number in made]
    return [PaperExit(line.exit, line.list, near=line.near, on=line.on, at=line.at)]


def _unknown_list(regime: Regime, line: RecordLine | ExitLine | ConsentLine) -> Mismatch | None:
    known = [name for book in regime.stacked() for name in book.lists]
    if not isinstance(line, ExitLine) or line.list is None or line.list in known:
        return None
    return Mismatch(
        line.at, month_name(line.month), "list", line.list, "no such list", _hint("list", [line.list], known)
    )


def _hint(what: str, ids: Iterable[str], known: Sequence[str]) -> str:
    """Say which ids no rule book of the stack has."""
    hints = []
    for one in ids:
        if one not in known:
            close = did_you_mean(one, known)
            hints.append(f"There is no {what} {quoted(one)}." + (f"  Did you mean {close}?" if close else ""))
    return "  ".join(hints)


def _compare(regime: Regime, expected: Expectation, found: State) -> Iterator[Mismatch]:
    """Everything expected of this month that is not so."""
    books = regime.stacked()
    month = month_name(expected.month)
    if expected.score60 is not None and expected.score60 != (UNKNOWN if found.score60 is None else found.score60):
        wanted_score = expected.score60 if isinstance(expected.score60, str) else points_text(expected.score60)
        yield Mismatch(expected.at["score"], month, "score", wanted_score, found.score or "no score")
    if expected.grade is not None and expected.grade != found.grade:
        grades = [grade.id for book in books if book.score for grade in book.score.grades]
        hint = _hint("grade", [expected.grade], grades)
        yield Mismatch(expected.at["grade"], month, "grade", expected.grade, found.grade or "no grade", hint)
    lists = [name for book in books for name in book.lists]
    own, kin, tied = (
        [door.id for book in books for door in book.doors if door.affects in of]
        for of in (("self",), ("kin",), _OTHERS)
    )
    for what, wanted, are, known in (
        ("lists", expected.lists, found.lists, lists),
        ("doors", expected.doors, found.doors, own),
        ("kin_doors", expected.kin_doors, found.kin_doors, kin),
        ("tied_doors", expected.tied_doors, found.tied_doors, tied),
    ):
        if wanted is not None and set(wanted) != set(are):
            hint = _hint(what.replace("_", " ")[:-1], wanted, known)
            yield Mismatch(expected.at[what], month, what, _words(wanted), _words(are), hint)
    if expected.warned is not None and expected.warned != found.warned:
        told = ["a warning" if one else "no warning" for one in (expected.warned, found.warned)]
        yield Mismatch(expected.at["warned"], month, "warned", *told)
    if expected.shown_to is not None and set(expected.shown_to) != set(found.shown_to):
        told = [_words(expected.shown_to), _words(found.shown_to)]
        yield Mismatch(expected.at["shown_to"], month, "shown_to", *told)
    if expected.loans_refused is not None and set(expected.loans_refused) != set(found.loans_refused):
        told = [_words(expected.loans_refused), _words(found.loans_refused)]
        yield Mismatch(expected.at["loans_refused"], month, "loans_refused", *told)
    now = {*found.doors, *found.tied_doors}
    in_force = [door for book in books for door in book.doors if door.affects != "kin" and door.id in now]
    for name in expected.services:
        if not any(door.service == name and door.effect != "opened" for door in in_force):
            yield Mismatch(expected.at["services"], month, "services", f"{name} hindered", "no door before it")
    for name in expected.services_open:
        shut = [door.id for door in in_force if door.service == name and door.effect in {"closed", "narrowed"}]
        if shut:
            yield Mismatch(expected.at["services_open"], month, "services", f"{name} open", _words(shut))


def paper_text(paper: Paper) -> str:
    """Write the case as plain text: each step, where it ends, and what differs."""
    out = [f"{paper.name}  ({paper.regime})"]
    if paper.case.why:
        out.append(f"  {paper.case.why}")
    for step in paper.steps:
        where = f"{step.rule}  {step.file}:{step.line}" if step.rule else "no rule"
        behind = f"  from {step.record}" if step.record else ""
        out += [f"  {step.on:<10}  {step.what}", f"  {'':<10}    {where}{behind}"]
    final = paper.final
    standing = [f"score {final.score}"] if final.score else []
    standing += [f"grade {final.grade}"] if final.grade else []
    standing += [f"lists {_words(final.lists)}", f"doors {_words(final.doors)}"]
    standing += [f"doors of the next of kin {_words(final.kin_doors)}"] if final.kin_doors else []
    standing += [f"doors of the one tied to it {_words(final.tied_doors)}"] if final.tied_doors else []
    standing += ["whoever deals with the resident is warned"] if final.warned else []
    standing += [f"the score may be shown to {' and '.join(final.shown_to)}"] if final.shown_to else []
    standing += [f"loans refused to credit files {_words(final.loans_refused)}"] if final.loans_refused else []
    out.append(f"  End of {month_name(paper.case.until)}: {'; '.join(standing)}.")
    if paper.ends is not None:
        out.append(f"  As the official chooses: {'; '.join(_from_to(*paper.ends))}.")
    if paper.case.expect:
        out.append("  As expected." if paper.ok else "  Not as expected:")
    out += [f"    {line}" for found in paper.mismatches for line in str(found).splitlines()]
    return "\n".join(out)


def _from_to(low: State, high: State) -> Iterator[str]:
    """What the lowest and the highest choice of points lead to."""
    if low.score or high.score:
        yield f"score {low.score or 'none'} to {high.score or 'none'}"
    if low.grade or high.grade:
        same = low.grade == high.grade
        yield f"grade {low.grade or 'none'}" + ("" if same else f" to {high.grade or 'none'}")
    for what in ("lists", "doors"):
        one, two = (_words(getattr(state, what)) for state in (low, high))
        if one != two:
            yield f"{what} {one}, or {two}"


def paper_json(paper: Paper) -> dict[str, Any]:
    """Write the case as plain data, for ``counterscore case --json``.

    A score that is not whole is rounded to four digits; the sentences have it exactly.
    """
    return {
        "name": paper.name,
        "regime": paper.regime,
        "steps": [
            {
                "month": step.month,
                "on": step.on,
                "what": step.what,
                "rule": step.rule,
                "value": step.value,
                "file": step.file,
                "line": step.line,
                "record": step.record,
                **_state_json(step.state),
            }
            for step in paper.steps
        ],
        "final": _state_json(paper.final),
        "as_the_official_chooses": [_state_json(end) for end in paper.ends] if paper.ends else None,
        "ok": paper.ok,
        "mismatches": [
            {
                "file": found.at.file,
                "line": found.at.line,
                "column": found.at.column,
                "month": found.month,
                "what": found.what,
                "expected": found.expected,
                "found": found.found,
                "hint": found.hint,
            }
            for found in paper.mismatches
        ],
    }


def _state_json(state: State) -> dict[str, Any]:
    score: int | float | None = state.score60
    if state.score60 is not None:
        whole, rest = divmod(state.score60, SCALE)
        score = round(state.score60 / SCALE, 4) if rest else whole
    return {
        "score": score,
        "grade": state.grade,
        "lists": list(state.lists),
        "doors": list(state.doors),
        "kin_doors": list(state.kin_doors),
        "tied_doors": list(state.tied_doors),
        "warned": state.warned,
        "loans_refused": list(state.loans_refused),
    }
