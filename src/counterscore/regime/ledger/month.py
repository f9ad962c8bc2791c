"""A month of a ledger: each step through the whole stack, in order."""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.regime.ledger.doors import Doors
from counterscore.regime.ledger.entries import PaperExit, PaperRecord, Step
from counterscore.regime.ledger.file import Choice
from counterscore.regime.ledger.lists import Lists
from counterscore.regime.ledger.points import Known
from counterscore.regime.model import Regime


class Ledger(Lists, Doors):
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
        super().__init__(regime, start_month, known=known, friends=friends, takes_part=takes_part, choice=choice)
        self._standings = [self._standing(book, (), ()) for book in range(len(self._books))]
        self._move_doors()
        self._steps = []

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
