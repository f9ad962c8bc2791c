"""Witnesses on paper: each is a case that ``counterscore case`` can work out, step by step, with rule and line."""

from __future__ import annotations

from collections.abc import Iterable

from counterscore.laws.alone import Witness
from counterscore.regime.cases import MOST_CASES, MOST_LINES, Case, parse_cases
from counterscore.regime.ledger import apply_on_paper
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document
from counterscore.regime.vocabulary import act

_START = 2020 * 12  #: the month of the first record; any would do
_UNITS = 1000  #: of an act that is counted in hours or money, so that the record is not of nothing


def case_text(book: Regime, witness: Witness) -> str:
    """The witness as one case of a file of cases. What it shows is expected where a service says it."""
    records = []
    month = _START
    if not witness.count:
        return f"  - name: {witness}\n    records: [{{on: 2020-01-15, exit: performed}}]"
    rows = (row for one in book.stacked() if one.id == witness.book for row in one.catalogue if row.id == witness.row)
    least = next((row.at_least or 0 for row in rows), 0)
    for _ in range(witness.count):
        parts = [f"on: {month // 12:04d}-{month % 12 + 1:02d}-15", f"act: {witness.act}"]
        parts += [f"of: {witness.actor}"] if witness.actor != "self" else []
        parts += [f"amount: {max(_UNITS, least)}"] if act(witness.act).unit else []
        parts += [f"points: {witness.points}"] if witness.points is not None else []
        records.append("{" + ", ".join(parts) + "}")
        month += witness.apart
    last = month - witness.apart
    rhythm = book.score.update.months if book.score and book.score.update else 1
    early = last - rhythm * -(-(last - _START) // rhythm)
    if early < _START:  # so that the last record falls into a month in which the score is published
        records.insert(0, f"{{on: {early // 12:04d}-{early % 12 + 1:02d}-15, exit: performed}}")
    door = next((one for one in book.doors if one.id == witness.effect), None)
    at_once = door is not None and door.when.kind != "list" and book.sharing is None
    until = last if at_once else last + max(map(_waits, book.stacked()))
    lines = [
        f"  - name: {witness}",
        f"    why: the fewest records of {witness.row} that show it",
        "    records:",
        *(f"      - {one}" for one in records),
    ]
    if door is not None and door.affects == "self" and not door.favours and until == last:
        lines.append(f"    expect: {{services: [{door.service}]}}")
    return "\n".join([*lines, f"    until: {until // 12:04d}-{until % 12 + 1:02d}"])


def _waits(book: Regime) -> int:
    """Months until what was recorded has its effect: the rhythm of a score, a grace, the time of sharing."""
    rhythm = book.score.update.months - 1 if book.score and book.score.update else 0
    grace = max((rule.grace.months for rule in book.lists.values() if rule.grace), default=0)
    stay = max(
        (ground.within for rule in book.lists.values() for ground in rule.enter if ground.kind == "stay"), default=0
    )
    shared = max((one.after.months for one in book.sharing or () if one.after), default=0)
    return rhythm + grace + stay + shared


def cases_text(book: Regime, witnesses: Iterable[Witness]) -> str:
    """A file of cases with each witness once, as many as such a file may hold."""
    each = [one for one in dict.fromkeys(witnesses) if one.count <= MOST_LINES][:MOST_CASES]
    head = ["format: 1", f"regime: {book.id}", "reader: the reading of law", "cases:"]
    return "\n".join([*head, *(case_text(book, one) for one in each)]) + "\n"


def reproduced(book: Regime, witness: Witness) -> bool:
    """Whether the rule book on paper makes of the records what the witness says."""
    document = read_document(cases_text(book, [witness]), kind="cases", name="witness")
    case: Case = parse_cases(document).cases[0]
    paper = apply_on_paper(book, case)
    stated = [one.state for one in paper.steps] + [paper.final]
    if not witness.count:
        return not any(one.rule for one in paper.steps)
    if witness.effect:
        return any(witness.effect in (*one.doors, *one.kin_doors, *one.tied_doors) for one in stated)
    if witness.list:
        return any(witness.list in one.lists for one in stated)
    return any(one.rule == witness.row for one in paper.steps)
