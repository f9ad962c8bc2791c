"""Records are made, end, and are taken back."""

from __future__ import annotations

from counterscore.regime.cases import month_name
from counterscore.regime.ledger.entries import PaperExit, PaperRecord
from counterscore.regime.ledger.kept import FOREVER, Kept, Path, is_of
from counterscore.regime.ledger.phrases import curve_text, gain_text, months_text, signed_text, steps_text
from counterscore.regime.ledger.points import curve_points, towards_zero
from counterscore.regime.ledger.scores import Scores
from counterscore.regime.model import SCALE, Row
from counterscore.regime.vocabulary import act as act_called


class Records(Scores):
    """Steps 1 and 2: records end, and others are made or taken back."""

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
            path: Path = ("catalogue", kept.place, "validity")
            if kept.row.validity is None or kept.row.validity.months > kept.ends - kept.made:
                path = ("rights", "retention", "at_most")
            what = f"{kept.row.label} of {month_name(kept.made)} no longer counts{moved}."
            self._note(what, kept, kept.row.id, months_text(kept.ends - kept.made), kept.book, *path)
        for kept in [one for one in capping if one.cap_ends == self._now]:
            capping.remove(kept)
            moved = self._publish(kept.book, kept, counting, capping)
            what = f"{kept.row.label} of {month_name(kept.made)} no longer caps the grade{moved}."
            cap = kept.row.cap.grade if kept.row.cap else ""
            self._note(what, kept, kept.row.id, cap, kept.book, "catalogue", kept.place, "cap")

    def _listed_on(self, kept: Kept) -> bool:
        """Whether a record is kept as long as a stay: one that rests on it, or the stay that the record is about."""
        if kept.row.on_list in self._stays:
            most = self._books[kept.book].rights.retention.at_most
            return most is None or self._now < kept.made + most.months
        rests = [one for one in self._stays.values() if one.cause is kept and one.entry.kind in ("record", "records")]
        return self._books[kept.book].rights.retention.keeps(kept.row) and bool(rests)

    def _keep_while_listed(self, kept: Kept) -> None:
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
        kept = Kept(book, row, place, self._now, ends, cap_ends, points60, number, record.on, record.at)
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
            value = f"{signed_text(least * SCALE)} to {signed_text(most * SCALE)}"
            if record.points60 is None:
                self.chose |= least != most
                ends = {
                    "middle": towards_zero(least + most, 2),
                    "lowest": min(least, most),
                    "highest": max(least, most),
                }
                chosen = ends[self._choice] * SCALE
                how = f"{gain_text(chosen)}, the {self._choice} of {value}, as no choice is given"
                return chosen, how, value, "discretion"
            low, high = sorted((least * SCALE, most * SCALE))
            chosen = min(high, max(low, record.points60))
            how = f"{gain_text(chosen)}, chosen from {value}"
            if chosen != record.points60:
                how = f"{gain_text(chosen)}, the nearest to {signed_text(record.points60)} that {value} allows"
            return chosen, how, value, "discretion"
        if row.points is None:
            known = "points unknown: not applied" if row.unknown_points else "recorded, without points"
            return 0, known, "unknown" if row.unknown_points else "none", "points"
        if row.then:
            steps = (row.points, *row.then)
            before = sum(is_of(kept, book, row.id) for kept in self._counting(self._now))
            points60 = steps[min(before, len(steps) - 1)] * SCALE
            return points60, f"{gain_text(points60)}, as record {before + 1} that counts", steps_text(steps), "then"
        points60 = row.points * SCALE
        how = gain_text(points60)
        if record.points60 not in (None, points60):
            how += f", fixed by the rule (not {signed_text(record.points60 or 0)})"
        return points60, how, signed_text(points60), "points"

    def _points_of_curve(self, book: int, place: int, row: Row, record: PaperRecord) -> tuple[int, str, str, str]:
        if any(step.points is None for step in row.curve):
            return 0, "points unknown: not applied", "unknown", "curve"
        year = self._now // 12
        before = self._units.get((book, place, year), 0)
        after = self._units[book, place, year] = before + record.amount
        points60 = curve_points(row.curve, after) - curve_points(row.curve, before)
        unit = act_called(record.act).unit if record.act else ""
        how = f"{gain_text(points60)} for {record.amount:,} {unit}, {after:,} in {year:04d}"
        return points60, how, curve_text(row.curve), "curve"

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
