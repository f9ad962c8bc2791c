"""One made-up person on paper: lines that are added one by one, as a case that the ledger works out.

A line is ``2018-03 ticket-unpaid``, perhaps with ``amount=20``, ``points=-10``, ``cycles=3`` or ``of=kin``; a way out is
``2019-01 exit:repaired``, perhaps with ``list=untrustworthy`` or ``record=1``. There is no field about a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterscore.errors import UsageError, did_you_mean, quoted
from counterscore.regime.cases import (
    EXITS,
    Case,
    Cases,
    ConsentLine,
    ExitLine,
    RecordLine,
    month_name,
    parse_cases,
    points_text,
)
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document
from counterscore.regime.vocabulary import ACTS

FILE = "this page"  #: what positions in a case made here are called
_LINE = re.compile(r"(\d{4}-\d{2}(?:-\d{2})?) +(\S+)((?: +[a-z_]+=\S+)*)")
_OPTIONS = {
    "amount": "amount",
    "points": "points",
    "cycles": "cycles",
    "of": "of",
    "list": "list",
    "record": "of_record",
    "within": "within",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """An act that a rule book records, with the rules that do, and in what an amount of it is counted."""

    act: str
    label: str
    unit: str
    rules: tuple[str, ...]


def offered(regime: Regime) -> tuple[Offered, ...]:
    """The acts that some rule of the rule book, or of those in force with it, records."""
    rules: dict[str, list[str]] = {}
    for book in regime.stacked():
        for row in book.catalogue:
            for act in row.act:
                rules.setdefault(act, []).append(row.id)
    return tuple(Offered(one.id, one.label, one.unit or "", tuple(rules[one.id])) for one in ACTS if one.id in rules)


def case_text(regime_id: str, lines: Sequence[str], until: str = "") -> str:
    """The lines as a file of cases, which ``counterscore case`` reads. Raises ``UsageError`` for what is no line."""
    records = [json.dumps(_read(line), ensure_ascii=False) for line in lines]
    end = f"\n    until: {json.dumps(until)}" if until else ""
    return (
        f"format: 1\nregime: {json.dumps(regime_id)}\nreader: made in the laboratory\nread: a made-up person\ncases:\n"
        f"  - name: on paper\n    why: to see what follows from each record{end}\n    records:\n"
        + "".join(f"      - {one}\n" for one in records)
    )


def case_of(regime: Regime, lines: Sequence[str], until: str = "") -> Case:
    """The lines as a case. Raises ``UsageError`` or ``InputError`` where one cannot be read."""
    made: Cases = parse_cases(read_document(case_text(regime.id, lines, until), kind="cases", name=FILE))
    return made.cases[0]


def lines_of(case: Case) -> tuple[str, ...]:
    """A case as lines, so that one that comes along can be gone on with."""
    return tuple(_said(one) for one in case.lines)


_EXITS_IN_WORDS = {
    "performed": "does what the judgment says",
    "repaired": "makes it good",
    "corrected": "a record is taken back",
    "reopened": "the firm is opened again under another name",
    "moved": "moves to another place",
}


def in_words(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines of a case for whoever keeps it on paper: the month, and what was recorded as people call it."""
    labels = {one.id: one.label for one in ACTS} | {f"exit:{name}": words for name, words in _EXITS_IN_WORDS.items()}
    out = []
    for line in lines:
        found = _LINE.fullmatch(line.strip())
        on, what, rest = found.groups() if found else ("", line, "")
        more = "".join(f", {option.partition('=')[2]} {option.partition('=')[0]}" for option in rest.split())
        out.append(f"{on}: {labels.get(what, what)}{more}" if on else line)
    return tuple(out)


def _read(line: str) -> dict[str, Any]:
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise UsageError(
            f"{quoted(line)} is not a dated record", suggestion="Write 2018-03 and an act, such as: 2018-03 fine-unpaid"
        )
    on, what, rest = found.groups()
    out: dict[str, Any] = {"on": on}
    if what.startswith("exit:"):
        out["exit"] = what.removeprefix("exit:")
        if out["exit"] not in EXITS:
            raise UsageError(f"{quoted(out['exit'])} is no way out", suggestion=f"Ways out: {', '.join(EXITS)}.")
    elif what.startswith("consent:"):
        out["consent"] = what.removeprefix("consent:")
    else:
        out["act"] = what
        known = [one.id for one in ACTS]
        if what not in known:
            close = did_you_mean(what, known)
            raise UsageError(f"no act is called {quoted(what)}", suggestion=f"Did you mean {close}?" if close else "")
    for option in rest.split():
        key, _, value = option.partition("=")
        if key not in _OPTIONS:
            raise UsageError(f"{quoted(key)} is nothing a record has", suggestion=f"It has {', '.join(_OPTIONS)}.")
        out[_OPTIONS[key]] = int(value) if re.fullmatch(r"[-+]?\d{1,9}", value) else value
    return out


def _said(line: RecordLine | ExitLine | ConsentLine) -> str:
    if isinstance(line, ConsentLine):
        return f"{line.on} consent:{'given' if line.given else 'withdrawn'}"
    if isinstance(line, ExitLine):
        more = f" list={line.list}" if line.list else f" record={line.of_record}" if line.of_record else ""
        more += " within=city" if line.near else ""
        return f"{line.on} exit:{line.exit}{more}"
    more = f" of={line.of}" if line.of != "self" else ""
    more += f" amount={line.amount}" if line.amount else ""
    more += f" points={points_text(line.points60)}" if line.points60 is not None else ""
    return f"{line.on} {line.act}{more}" + (f" cycles={line.cycles}" if line.cycles != 1 else "")


def months_of(case: Case) -> tuple[str, str]:
    """First and last month of a case, as they are written."""
    return month_name(case.first), month_name(case.until)
