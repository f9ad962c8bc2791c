"""A rule book read against legal sources: one finding for each check, and what is said at the end of every reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from counterscore.catalog import tables
from counterscore.catalog.tables import Relatedness, Scale
from counterscore.errors import UsageError
from counterscore.laws.alone import Witness
from counterscore.laws.book import FILE, Book, trust
from counterscore.laws.facts import Answer, Facts, questions
from counterscore.laws.kleene import Ask, Limb, Shown, Value
from counterscore.laws.source import Check, Law, chosen, home_of, laws, read_date, territories
from counterscore.regime.model import Regime

if TYPE_CHECKING:
    from counterscore.laws.beside import Beside
    from counterscore.results import Run

Standing = Literal["read", "not yet law", "no longer law", "not law", "off"]
STANDING_WORDS: dict[Standing, str] = {
    "read": "",
    "not yet law": "not yet law on that date",
    "no longer law": "no longer law on that date",
    "not law": "not law",
    "off": "recalled and not read again: off",
}
DISCLAIMER = "This is no legal advice."
TODAY = "today"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one rule book.

    ``result`` is ``met``, ``not met``, ``needs facts`` or None where the check has no result (``standing`` says why).
    ``shown`` is what decided it, ``asks`` what is missing, ``choices`` the named choices it rests on, ``witnesses`` the
    fewest records that show it. ``trust`` says how far what it rests on can be trusted. ``beside`` are measured results,
    which never change it.
    """

    check: str
    source: str
    article: str
    territory: str
    start: date | None
    end: date | None
    lead: str
    limb: str
    quote: str
    reading: str
    standing: Standing
    result: str | None
    shown: tuple[Shown, ...] = ()
    asks: tuple[Ask, ...] = ()
    judgement: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    trust: str = ""
    note: str = ""
    beside: tuple[Beside, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the file, read literally, shows what the limb describes."""
        return self.result == "met"

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "check": self.check,
            "source": self.source,
            "article": self.article,
            "territory": self.territory,
            "from": None if self.start is None else self.start.isoformat(),
            "to": None if self.end is None else self.end.isoformat(),
            "lead": self.lead,
            "limb": self.limb,
            "quote": self.quote,
            "reading": self.reading,
            "standing": self.standing,
            "result": self.result,
            "trust": self.trust,
            "choices": list(self.choices),
            "shown": [
                {
                    "text": one.text,
                    "path": ".".join(map(str, one.path)),
                    "regime": one.book,
                    "file": one.at.file if one.at else None,
                    "line": one.at.line if one.at else None,
                    "column": one.at.column if one.at else None,
                    "answer": one.answer,
                }
                for one in self.shown
            ],
            "asks": [{"question": one.question, "about": one.about} for one in self.asks],
            "judgement": list(self.judgement),
            "witnesses": [
                {
                    "regime": one.book,
                    "row": one.row,
                    "act": one.act,
                    "records": one.count,
                    "months_apart": one.apart,
                    "door": one.effect,
                    "list": one.list,
                }
                for one in self.witnesses
            ],
            "note": self.note,
            "beside": [one.as_json() for one in self.beside],
        }


@dataclass(frozen=True, slots=True)
class Annex:
    """A rule book as read: its findings in the order of the sources, and what must be said with them."""

    regime: Regime
    day: date
    under: tuple[str, ...]
    findings: tuple[Finding, ...]
    facts: Facts
    related: Relatedness
    scale: Scale
    silence_means_no: bool = False
    run: str = ""

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, check: str) -> Finding:
        return next(one for one in self.findings if one.check == check)

    @property
    def met(self) -> tuple[Finding, ...]:
        """Those that the file shows."""
        return tuple(one for one in self.findings if one.result == "met")

    @property
    def open(self) -> tuple[Finding, ...]:
        """Those that need facts."""
        return tuple(one for one in self.findings if one.result == "needs facts")

    @property
    def not_met(self) -> tuple[Finding, ...]:
        """Those that the file shows not to be so."""
        return tuple(one for one in self.findings if one.result == "not met")

    @property
    def without_result(self) -> tuple[Finding, ...]:
        """Those that are not law on the day, or off."""
        return tuple(one for one in self.findings if one.result is None)

    @property
    def asks(self) -> dict[Ask, tuple[str, ...]]:
        """Every fact that is asked for, and by which checks; those about the rule book's own silence are left out."""
        found: dict[Ask, list[str]] = {}
        for one in self.findings:
            for ask in one.asks:
                if ask.question != FILE:
                    found.setdefault(ask, []).append(one.check)
        order = list(questions())
        return {ask: tuple(found[ask]) for ask in sorted(found, key=lambda ask: (order.index(ask.question), ask.about))}

    @property
    def silences(self) -> tuple[str, ...]:
        """What the rule book itself is silent on, and findings ask for."""
        return tuple(sorted({ask.about for one in self.findings for ask in one.asks if ask.question == FILE}))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers that were given."""
        return tuple(self.facts.answers.values())

    def closing(self) -> tuple[str, ...]:
        """What every reading ends with; nothing switches it off."""
        files = ", ".join(self.regime.files)
        beside = [one.id for one in self.regime.stacked()[1:]]
        used = sorted({f"{one.source} ({one.territory})" for one in self.findings if one.standing == "read"})
        unread = len(self.without_result)
        off = [one.check for one in self.findings if one.standing == "off"]
        out = [f"Read: {files}, as it stands, against {', '.join(used) or 'no source that is law on that date'}."]
        if beside:
            out.append(f"In force beside it, and read here only where it refers to them: {', '.join(beside)}.")
        out.append(
            "Not read: anything outside these files, and how the rule book is used in practice. Checks without a result, because they"
            f" are not law on that date or are off: {unread}"
            + (f" (off, recalled and not read again: {', '.join(off)})." if off else ".")
        )
        given = [one for one in self.answers if one.value != "unknown"]
        if given:
            out.append(f"Facts answered: {'; '.join(map(str, given))}.")
        else:
            out.append("Facts answered: none.")
        if self.silence_means_no:
            out.append("Silence of this scenario was read as no, as asked for (--silence-means-no).")
        if any(one.choices for one in self.findings):
            names = sorted({choice for one in self.findings for choice in one.choices})
            out.append(
                f"Choices of this laboratory that findings rest on: {', '.join(names)}. Swap them with --related FILE or --scale FILE."
            )
        out.append(
            f"{DISCLAIMER} Limbs left open: {len(self.open)} of {len(self.open) + len(self.met) + len(self.not_met)}."
        )
        return tuple(out)

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "regime": self.regime.id,
            "reforms": list(self.regime.reforms),
            "as_of": self.day.isoformat(),
            "under": list(self.under),
            "tables": {"related": self.related.id, "severity": self.scale.id},
            "run": self.run,
            "findings": [one.as_json() for one in self.findings],
            "asks": [
                {"question": ask.question, "about": ask.about, "for": list(checks)} for ask, checks in self.asks.items()
            ],
            "silent": list(self.silences),
            "answers": [str(one) for one in self.answers],
            "closing": list(self.closing()),
        }


@cache
def limbs() -> dict[str, Callable[[Book], Limb]]:
    """Check id → what decides it, of the modules named like the files of the sources.

    Raises ``ImportError`` where a source has no module, and ``LookupError`` where a check has no function.
    """
    found: dict[str, Callable[[Book], Limb]] = {}
    for law in laws():
        module = import_module(f"counterscore.laws.limbs.{law.id}")
        for check in law.checks:
            if check.id not in module.LIMBS:
                raise LookupError(f"{module.__name__} has no function for {check.id}")
            found[check.id] = module.LIMBS[check.id]
    return found


def findings(
    regime: Regime,
    *,
    under: Sequence[str] | str = (),
    as_of: date | str | None = None,
    facts: Facts | Path | str | None = None,
    run: Run | None = None,
    related: Relatedness | None = None,
    scale: Scale | None = None,
    silence_means_no: bool = False,
) -> Annex:
    """Read ``regime`` limb by limb: what the file shows, what it does not, which facts are missing.

    ``under`` names territories (``"eu,uk"`` or a sequence); the home of the rule book by default. ``as_of`` is the day the
    law is read on (a date, ``2026-04-01``, or ``today``); by default the day the rule book came into force, else today.
    ``facts`` is a file of answers or what ``read_facts`` gave, ``run`` a run whose measured results are put beside,
    ``related`` and ``scale`` other tables than those of this laboratory. ``silence_means_no`` reads what a scenario is
    silent on as absent, and every such finding says so.

    Raises ``UsageError`` for a territory that does not exist or a date before any law of those asked for, and ``InputError``
    for mistakes in the file of facts.
    """
    from counterscore.laws.beside import beside_of
    from counterscore.laws.facts import read_facts

    names = [part.strip() for part in under.split(",") if part.strip()] if isinstance(under, str) else list(under)
    places = chosen(names, regime.place, regime.level, regime.owner)
    day = _day(regime, as_of)
    read = tuple(law for law in laws() if law.territory in places)
    if as_of is not None:
        _not_before_any(read, day)
    known = facts if isinstance(facts, Facts) else Facts() if facts is None else read_facts(facts, regime)
    table, measured_by = related or tables.related(), scale or tables.scale()
    book = Book(regime, facts=known, related=table, scale=measured_by, day=day, silence_means_no=silence_means_no)
    measured = beside_of(run, table) if run is not None else None
    found = []
    for law in read:
        for check in law.checks:
            if not _concerns(law, check, regime, named=bool(names)):
                continue
            one = _find(book, law, check)
            found.append(one if measured is None else replace(one, beside=measured(check.beside)))
    return Annex(
        regime,
        day,
        places,
        tuple(found),
        known,
        table,
        measured_by,
        book.silence_means_no,
        run.path.name if run else "",
    )


def _day(regime: Regime, as_of: date | str | None) -> date:
    if isinstance(as_of, date):
        return as_of
    if as_of == TODAY:
        return date.today()
    if as_of is not None:
        try:
            return read_date(as_of)
        except ValueError:
            raise UsageError(
                f'not a date: "{as_of}"', suggestion="Write --as-of 2026-11-28, 2026-11, 2026 or today."
            ) from None
    try:
        return read_date(regime.in_force.start) if regime.in_force else date.today()
    except ValueError:
        return date.today()


class BeforeAnyLawError(UsageError):
    """The day lies before every source that was asked for."""


def _not_before_any(read: Sequence[Law], day: date) -> None:
    starts = [law.starts(check) for law in read for check in law.checks if law.standing == "in force"]
    known = [one for one in starts if one is not None]
    if starts and len(known) == len(starts) and day < min(known):
        raise BeforeAnyLawError(
            f"{day} lies before any law that is known here of these territories",
            suggestion=f"The first is of {min(known)}: --as-of {min(known)}, or --as-of today.",
        )


def _concerns(law: Law, check: Check, regime: Regime, *, named: bool) -> bool:
    """Rules of a region are read at home only where the place lies in it; where a territory is named, all are."""
    if not check.regions or named:
        return True
    _, regions = home_of(regime.place, regime.level, regime.owner)
    return bool(regions & set(check.regions))


def standing_of(law: Law, check: Check, day: date) -> Standing:
    """Whether a check gives a result on a day; who has not been read again is off whatever the day."""
    if check.reading == "recalled":
        return "off"
    if law.standing != "in force":
        return "not law"
    start, end = law.starts(check), law.ends(check)
    if start is not None and day < start:
        return "not yet law"
    return "no longer law" if end is not None and day > end else "read"


def _find(book: Book, law: Law, check: Check) -> Finding:
    standing = standing_of(law, check, book.day)
    lead = _lead(book, law, check)
    note = check.note
    if standing == "not law":
        note = f"Standing of the source: {law.standing}"
    base = Finding(
        check.id, law.short, check.article, law.territory, law.starts(check), law.ends(check), lead, check.limb,
        check.quote, check.reading, standing, None, note=note,
    )  # fmt: skip
    if standing != "read":
        return base
    limb = _without_answered(book, limbs()[check.id](book))
    return replace(
        base,
        result=limb.value.words,
        shown=limb.shown,
        asks=tuple(sorted(limb.asks)),
        judgement=limb.judgement,
        choices=tuple(sorted(limb.choices)),
        witnesses=limb.witnesses if limb.value is Value.MET else (),
        trust=_trust(book, limb),
    )


def _without_answered(book: Book, limb: Limb) -> Limb:
    """A limb that asks only for what nobody has answered; an answer that it leaves open is shown, and left to be weighed."""
    answered = sorted(
        ask for ask in limb.asks if ask.question != FILE and book.fact(ask.question, ask.about) is not None
    )
    if not answered:
        return limb
    shown = tuple(dict.fromkeys((*limb.shown, *(book.answered(ask.question, ask.about) for ask in answered))))
    judgement = (*limb.judgement, "what was answered is weighed by a court or an authority, not here")
    return replace(limb, asks=limb.asks - set(answered), shown=shown, judgement=judgement)


def _lead(book: Book, law: Law, check: Check) -> str:
    """``If this rule book were used in the EU on 2026-11-28``; nothing of the kind at home."""
    home, regions = home_of(book.regime.place, book.regime.level, book.regime.owner)
    where = territories()[law.territory].where
    if check.regions:
        where = f"in {' or '.join(check.regions)}"
    used = book.facts.get("territory", law.territory)
    at_home = law.territory == home and (not check.regions or bool(regions & set(check.regions)))
    if at_home:
        return f"{where[:1].upper()}{where[1:]}, on {book.day}"
    if used is not None and used.value == "yes":
        return f"Used {where} (answered by {used.who}), on {book.day}"
    return f"If this rule book were used {where} on {book.day}"


def _trust(book: Book, limb: Limb) -> str:
    """How far what decided a limb can be trusted, said first where it rests on assumed or borrowed parts of the file."""
    books = {one.id: one for one in book.regime.stacked()}
    found = [
        trust(books[one.book], one.path) for one in limb.shown if one.path and one.book in books and not one.answer
    ]
    weak = [mark == "assumed" or borrowed for mark, borrowed in found]
    if not any(weak):
        recalled = sum(mark == "recalled" for mark, _ in found)
        return f"{recalled} of {len(found)} places it rests on are recalled" if recalled else ""
    borrowed = sum(one for _, one in found)
    tail = f"; {borrowed} of {len(found)} are borrowed from other rule books" if borrowed else ""
    if all(weak):
        return f"Rests on assumed or borrowed parts of the file only{tail}"
    return f"{sum(weak)} of {len(found)} places it rests on are assumed or borrowed{tail}"
