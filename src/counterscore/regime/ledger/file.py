"""The file of one resident, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from counterscore.regime.cases import month_name
from counterscore.regime.found import Moves, copied, warns
from counterscore.regime.ledger.entries import TIED, PaperExit, PaperRecord, State, Step
from counterscore.regime.ledger.kept import Bar, Kept, Standing, Stay, is_of
from counterscore.regime.ledger.points import Known, grade_called
from counterscore.regime.model import PUBLIC, SCALE, Door, ListRule, Regime, adverse_lists

Choice = Literal["middle", "lowest", "highest"]  #: of the points an official may give, where a case does not say


class File:
    """The file of one resident under a stack of rule books: what it holds, what can be asked of it, and what is noted."""

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
        self._file: list[Kept] = []
        self._handed = 0
        self._units: dict[tuple[int, int, int], int] = {}  # rule book, row, year: units so far
        self._moves = Moves()
        self._copies = [[copied(book, row, self._books) for row in book.catalogue] for book in self._books]
        self._adverse = adverse_lists(self._books)
        self._stays: dict[str, Stay] = {}
        self._waiting: dict[str, Stay] = {}  # entries whose period of grace runs
        self._bars: dict[str, list[Bar]] = {}  # doors of a list that last a time of their own
        self._in_force: dict[str, Door] = {}
        self._steps: list[Step] = []
        self._standings: list[Standing | None] = []  # of each rule book
        self._behind: dict[str, Kept | None] = {}  # door: the record that last moved it

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
        return tuple(name for one in TIED for name in self._door_ids(one))

    def state(self) -> State:
        """Where the resident stands now."""
        shown = self._shown()
        standing = None if shown is None else self._standings[shown]
        score = None if shown is None else self._books[shown].score
        grade = grade_called(score, standing.band) if score and standing and score.grades else None
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
                if low or any(is_of(kept, book, name) for kept in seen for name in rule.refused_on):
                    found.append(rule.file)
        return tuple(found)

    def _found(self, kept: Kept, reader: str | None) -> int:
        """The month from which ``reader``, or whoever asks where none is named, finds a record."""
        copy = self._copies[kept.book][kept.place]
        return self._moves.found_from(self._books[kept.book], kept.row.authority, reader, kept.made, copy)

    def _found_by_list(self, kept: Kept, rule: ListRule) -> int:
        """The month from which the keeper of a list finds a record; lists meet what tells of a listing only next month."""
        return max(self._found(kept, rule.authority), kept.made + (kept.row.on_list is not None))

    def _by_score(self, kept: Kept) -> int:
        """The month from which a record counts in the score."""
        score = self._books[kept.book].score
        return self._found(kept, score.authority if score else None)

    def _published(self, regime_id: str) -> Standing:
        for book, standing in zip(self._books, self._standings, strict=True):
            if book.id == regime_id and standing:
                return standing
        raise KeyError(regime_id)

    def _door_ids(self, affects: str) -> tuple[str, ...]:
        return tuple(name for name, door in self._in_force.items() if door.affects == affects)

    def _in(self, book: int) -> bool:
        """Whether the resident takes part in a rule book: always, where nobody is asked."""
        return self._takes_part or self._books[book].participation == "mandatory"

    def _shown(self) -> int | None:
        """Find the first rule book with a score: its score and grade are the ones shown in steps."""
        return next((number for number, book in enumerate(self._books) if book.score and book.score.known), None)

    def _note(
        self,
        what: str,
        source: PaperRecord | PaperExit | Kept | None,
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
