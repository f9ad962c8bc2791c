"""A case worked out on paper, and what differs from what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from counterscore.errors import Position, did_you_mean, quoted
from counterscore.regime.cases import Case, ConsentLine, ExitLine, Expectation, RecordLine, month_name, points_text
from counterscore.regime.grammar import UNKNOWN
from counterscore.regime.ledger.entries import TIED, PaperExit, PaperRecord, State, Step
from counterscore.regime.ledger.file import Choice
from counterscore.regime.ledger.month import Ledger
from counterscore.regime.ledger.phrases import words_text
from counterscore.regime.model import Regime

_ENDS: tuple[Choice, Choice] = ("lowest", "highest")


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
        [door.id for book in books for door in book.doors if door.affects in of] for of in (("self",), ("kin",), TIED)
    )
    for what, wanted, are, known in (
        ("lists", expected.lists, found.lists, lists),
        ("doors", expected.doors, found.doors, own),
        ("kin_doors", expected.kin_doors, found.kin_doors, kin),
        ("tied_doors", expected.tied_doors, found.tied_doors, tied),
    ):
        if wanted is not None and set(wanted) != set(are):
            hint = _hint(what.replace("_", " ")[:-1], wanted, known)
            yield Mismatch(expected.at[what], month, what, words_text(wanted), words_text(are), hint)
    if expected.warned is not None and expected.warned != found.warned:
        told = ["a warning" if one else "no warning" for one in (expected.warned, found.warned)]
        yield Mismatch(expected.at["warned"], month, "warned", *told)
    if expected.shown_to is not None and set(expected.shown_to) != set(found.shown_to):
        told = [words_text(expected.shown_to), words_text(found.shown_to)]
        yield Mismatch(expected.at["shown_to"], month, "shown_to", *told)
    if expected.loans_refused is not None and set(expected.loans_refused) != set(found.loans_refused):
        told = [words_text(expected.loans_refused), words_text(found.loans_refused)]
        yield Mismatch(expected.at["loans_refused"], month, "loans_refused", *told)
    now = {*found.doors, *found.tied_doors}
    in_force = [door for book in books for door in book.doors if door.affects != "kin" and door.id in now]
    for name in expected.services:
        if not any(door.service == name and door.hinders for door in in_force):
            yield Mismatch(expected.at["services"], month, "services", f"{name} hindered", "no door before it")
    for name in expected.services_open:
        shut = [door.id for door in in_force if door.service == name and door.refuses]
        if shut:
            yield Mismatch(expected.at["services_open"], month, "services", f"{name} open", words_text(shut))
