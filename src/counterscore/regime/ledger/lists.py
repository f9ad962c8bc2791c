"""Lists are left and entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from counterscore.errors import quoted
from counterscore.regime.cases import month_name, points_text
from counterscore.regime.grammar import Entry
from counterscore.regime.ledger.entries import PaperExit, PaperRecord
from counterscore.regime.ledger.kept import FOREVER, Bar, End, Kept, Path, Standing, Stay, is_of, of_list
from counterscore.regime.ledger.phrases import months_text, words_text
from counterscore.regime.ledger.records import Records
from counterscore.regime.model import SCALE, ListRule, RepairRule


class Lists(Records):
    """Steps 5 and 6: lists are left and entered, and stays lengthened."""

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
                value = words_text(stay.rule.leave)
                self._note(what, stay.cause, stay.list, value, stay.book, *of_list(stay, "leave"))
        self._drop_bars(lambda stay: "corrected" in stay.rule.leave and not self._would_have_entered(stay))
        return more

    def _tell_of_correction(self, stay: Stay) -> bool:
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

    def _drop_bars(self, over: Callable[[Stay], bool]) -> None:
        for name, bars in self._bars.items():
            self._bars[name] = [one for one in bars if not over(one.stay)]

    def _on_lists(self) -> list[Stay]:
        return [self._stays[name] for name in self.lists()]

    def _leave(self, stay: Stay, source: Kept | PaperExit | None, how: str, key: str) -> None:
        value = stay.rule.term.text if key == "term" else words_text(stay.rule.leave)
        self._left(stay, source, how, value, of_list(stay, key))

    def _left(self, stay: Stay, source: Kept | PaperExit | None, how: str, value: str, path: Path) -> None:
        del self._stays[stay.list]
        self._note(f"Left: {stay.rule.label}; {how}.", source, stay.list, value, stay.book, *path)

    def _would_have_entered(self, stay: Stay) -> bool:
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

    def _perform(self, stay: Stay, asked: PaperExit, said: str) -> None:
        if stay.rule.term.kind == "performed" or "performed" in stay.rule.leave:
            self._leave(stay, asked, "performed", "term" if stay.rule.term.kind == "performed" else "leave")
        else:
            what = f"{said}; {stay.rule.label} is not left by performing."
            self._note(what, asked, stay.list, words_text(stay.rule.leave), stay.book, *of_list(stay, "leave"))

    def _perform_in_grace(self, stay: Stay, asked: PaperExit, said: str) -> None:
        if asked.kind == "performed" and "performed" in stay.rule.leave:
            self._spared(stay, asked, "performed")
        else:
            what = f"{said}; {stay.rule.label} is not entered yet, its period of grace goes on."
            self._note(what, asked, stay.list, str(stay.rule.grace), stay.book, *of_list(stay, "grace"))

    def _spared(self, stay: Stay, source: Kept | PaperExit | None, how: str) -> None:
        del self._waiting[stay.list]
        what = f"Not listed: {stay.rule.label}; {how} within {stay.rule.grace}."
        self._note(what, source, stay.list, str(stay.rule.grace), stay.book, *of_list(stay, "grace"))

    def _repair(self, stay: Stay, asked: PaperExit, said: str) -> None:
        place, rule = self._repair_rule(stay)
        path: Path = of_list(stay, "leave")
        value = words_text(stay.rule.leave)
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

    def _repair_rule(self, stay: Stay) -> tuple[int, RepairRule | None]:
        repair = self._books[stay.book].rights.repair
        for place, rule in enumerate(repair.rules if repair else ()):
            if rule.severity == stay.rule.severity:
                return place, rule
        return 0, None

    def _ends(self, stay: Stay, *, before: int) -> Iterator[End]:
        """When the stay is over at the latest; records made from month ``before`` on do not extend it."""
        yield End(FOREVER, "", "", ())
        term = stay.rule.term
        if term.kind == "fixed" and "expired" in stay.rule.leave:
            months = self._length(stay, before)
            why = (
                "its term is over"
                if months == term.months
                else f"its term, lengthened to {months_text(months)}, is over"
            )
            yield End(stay.entered + months, why, term.text, of_list(stay, "term"))
        place, repair = self._repair_rule(stay)
        if repair and repair.at_most:
            why = f"repair rules bound a listing to {repair.at_most}"
            path = ("rights", "repair", "rules", place, "at_most")
            yield End(stay.entered + repair.at_most.months, why, str(repair.at_most), path)
        retention = self._books[stay.book].rights.retention
        kept = None if retention.while_listed else retention.at_most
        if kept and term.kind != "performed":
            why = f"nothing is kept longer than {kept}"
            yield End(stay.entered + kept.months, why, str(kept), ("rights", "retention", "at_most"))

    def _length(self, stay: Stay, before: int) -> int:
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

    def _extends(self, kept: Kept, stay: Stay) -> bool:
        named = stay.rule.extend is not None and kept.row.id in stay.rule.extend.on
        return (
            named
            and kept.book == stay.book
            and not kept.taken_back
            and self._found_by_list(kept, stay.rule) > stay.entered
        )

    def _ground_still_holds(self, stay: Stay) -> bool:
        standing = self._standings[stay.book]
        grounds = [entry for entry in stay.rule.enter if entry.kind in ("score", "grade")]
        return any(self._met(stay.book, stay.rule, entry, self._now, (), standing) for entry in grounds)

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
            mine = [kept for kept in known if is_of(kept, book, entry.row)]
            cause = [kept for kept in mine if self._found_by_list(kept, rule) == self._now][-1]
        elif entry.kind == "stay":
            cause = None
        published = standing.month if standing else self._now
        stay = Stay(book, name, rule, self._now, len(self._file), published, cause, entry, self._now)
        if rule.grace and rule.grace.months:
            stay.entered += rule.grace.months
            self._waiting[name] = stay
            what = f"To be listed from {month_name(stay.entered)}: {rule.label}, unless performed before"
            what += f"; because {self._why(book, entry, standing)}."
            self._note(what, cause, name, str(rule.grace), book, *of_list(stay, "grace"))
            return False
        self._begin(stay)
        return True

    def _end_of_grace(self, stay: Stay) -> bool:
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
                self._note(what, stay.cause, stay.list, str(stay.rule.grace), stay.book, *of_list(stay, "grace"))
                return False
            stay.entry, stay.met, stay.cause = now, self._now, standing.cause
            stay.known, stay.published = len(self._file), standing.month
        self._begin(stay)
        return True

    def _begin(self, stay: Stay) -> None:
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
                self._bars.setdefault(door.id, []).append(Bar(self._now + door.lasts.months, stay))
        for other in self._on_lists():
            if other.list in stay.rule.replaces:
                path = of_list(stay, "replaces")
                self._left(other, stay.cause, f"replaced by {stay.rule.label}", stay.list, path)

    def _met(
        self,
        book: int,
        rule: ListRule,
        entry: Entry,
        month: int,
        file: Iterable[Kept],
        standing: Standing | None,
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
                mine = [self._found_by_list(kept, rule) for kept in file if is_of(kept, book, entry.row)]
                made = [one for one in mine if first <= one <= month]
                return month in made and len(made) >= entry.at_least
            case "stay":
                other = self._stays.get(entry.list)
                return other is not None and other.entered + entry.within == month

    def _why(self, book: int, entry: Entry, standing: Standing | None) -> str:
        row = next((row.label for row in self._books[book].catalogue if row.id == entry.row), entry.row)
        match entry.kind:
            case "score":
                return f"score {points_text(standing.score60) if standing else ''} < {entry.border}"
            case "grade":
                return f"grade {entry.grade} or worse"
            case "record":
                return f"of {quoted(row)}"
            case "records":
                return f"of {entry.at_least} times {quoted(row)} in {months_text(entry.within)}"
            case "stay":
                return f"of {months_text(entry.within)} on {entry.list}"

    def _lengthen(self, stay: Stay) -> None:
        mine = [kept for kept in self._file if self._extends(kept, stay)]
        new = [kept for kept in mine if self._found_by_list(kept, stay.rule) == self._now]
        extend = stay.rule.extend
        if not new or extend is None or stay.rule.term.kind != "fixed":
            return
        before = self._length(stay, self._now)
        after = self._length(stay, self._now + 1)
        limit = f", at most {extend.at_most}" if extend.at_most else ""
        what = f"{stay.rule.label}: stay of {months_text(before)} lengthened to {months_text(after)}"
        if after == before:
            what = f"{stay.rule.label}: stay not lengthened beyond {months_text(before)}"
        value = f"by {extend.by or 'unknown'}{limit}"
        self._note(f"{what}, {value}.", new[-1], stay.list, value, stay.book, *of_list(stay, "extend"))

    def _record_entry(self, stay: Stay) -> None:
        """Rows about entering this list make their record in the same month."""
        at = stay.cause.at if stay.cause else None
        on = stay.cause.on if stay.cause else ""
        for book, regime in enumerate(self._books):
            if not self._in(book) and regime.without_consent == "no records":
                continue
            for place, row in enumerate(regime.catalogue):
                if row.on_list == stay.list:
                    self._keep(book, place, row, PaperRecord("", on=on, at=at), None)
