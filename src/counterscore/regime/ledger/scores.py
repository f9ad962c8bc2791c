"""Score and grade, and the consent without which there are none."""

from __future__ import annotations

from collections.abc import Iterable

from counterscore.regime.cases import month_name, points_text
from counterscore.regime.ledger.file import File
from counterscore.regime.ledger.kept import Kept, Standing
from counterscore.regime.ledger.points import attribute_points, friends60, grade_called, rhythm, total60
from counterscore.regime.model import SCALE, Dimension, Score


class Scores(File):
    """Steps 3 and 4: score and grade, and the consent without which there are none."""

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
                became += f", grade {grade_called(score, standing.band)}"
            verb = "takes part" if given else "no longer takes part"
            what = f"The resident {verb} in {regime.title}{forgotten}{became}."
            self._note(what, None, regime.id, regime.participation, book, "participation")

    def _counting(self, month: int) -> list[Kept]:
        return [kept for kept in self._file if kept.counts(month) and self._by_score(kept) <= month]

    def _capping(self, month: int) -> list[Kept]:
        return [kept for kept in self._file if kept.row.cap and kept.caps(month) and self._by_score(kept) <= month]

    def _standing(self, book: int, counting: Iterable[Kept], capping: Iterable[Kept]) -> Standing | None:
        """Score and grade given the records that count and those that cap: which they are, in any order."""
        score = self._books[book].score
        if score is None or score.floor is None or score.ceiling is None or not score.known or not self._in(book):
            return None
        mine = [kept for kept in counting if kept.book == book]
        total = score.opening60 + total60(score, mine)
        if score.dimensions:
            total = score.weighted60([self._value60(score, one, mine) for one in score.dimensions])
        score60 = max(score.floor * SCALE, min(score.ceiling * SCALE, total))
        caps = [score.span_of(kept.row.cap.grade) or 0 for kept in capping if kept.book == book and kept.row.cap]
        place = next(place for place, band in enumerate(score.spans()) if band.floor * SCALE <= score60)
        return Standing(score60, max([place, *caps]), self._now)

    def _value60(self, score: Score, dimension: Dimension, counting: Iterable[Kept]) -> int:
        """The value of a dimension in 1/60 of a hundred, not yet held between 0 and 100."""
        value = (dimension.start + attribute_points(dimension, self._known)) * SCALE
        if self._friends and any(part.friends for part in dimension.parts):
            value += friends60(score, self._friends) - dimension.start * SCALE
        rows = {row for part in dimension.parts for row in part.records}
        return value + sum(kept.points60 for kept in counting if kept.row.id in rows)

    def _publish(
        self,
        book: int,
        cause: Kept | None,
        counting: Iterable[Kept] | None = None,
        capping: Iterable[Kept] | None = None,
    ) -> str:
        """Work out score and grade, if they are published this month. Returns what changed, as the end of a
        sentence. What counts is what counts now, unless said otherwise.
        """
        score, old = self._books[book].score, self._standings[book]
        if score is None or old is None:
            return ""
        since = (self._now - self._start) % rhythm(score)
        if since:
            return f"; the next score is published in {month_name(self._now + rhythm(score) - since)}"
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
            said += f"; grade{of} {grade_called(score, old.band)} -> {grade_called(score, new.band)}"
        return said

    def _publish_what_waited(self) -> None:
        """In a month of publication, first what has changed since the last one."""
        for book, regime in enumerate(self._books):
            score = regime.score
            if score is None or score.update is None or (self._now - self._start) % rhythm(score):
                continue
            last = next((kept for kept in reversed(self._file) if kept.book == book), None)
            moved = self._publish(book, last, self._counting(self._now - 1), self._capping(self._now - 1))
            if moved:
                what = f"A new score is published{moved}."
                self._note(what, last, "score", str(score.update), book, "score", "update")
