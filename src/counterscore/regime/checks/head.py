"""The head of a rule book: its dates, its level, and whether anybody is asked."""

from __future__ import annotations

import re
from calendar import monthrange

from counterscore.errors import quoted
from counterscore.regime.checks._case import Case
from counterscore.regime.vocabulary import PRIVATE

_DATE = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_FULL_DATE = len("2016-01-31")


def check_dates(case: Case) -> None:
    """When a rule book was adopted, and in force from when to when."""
    adopted = case.regime.adopted
    if adopted is not None and not re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", adopted):
        case.findings.problem(case.at("adopted"), f"not a month: {quoted(adopted)}", 'Write for example "2019-06".')
    force = case.regime.in_force
    if force is None:
        return
    for key, date in (("from", force.start), ("to", force.end)):
        if date is not None and not _DATE.fullmatch(date):
            case.findings.problem(
                case.at("in_force", key),
                f"not a date: {quoted(date)}",
                'Write "2016", "2016-01" or "2016-01-31".',
            )
            return
        if date is not None and len(date) == _FULL_DATE:
            year, month, day = map(int, date.split("-"))
            last = monthrange(year, month)[1]
            if day > last:
                case.findings.problem(
                    case.at("in_force", key),
                    f"there is no {date}: that month has {last} days",
                    f'Write "{date[:7]}-{last}", its last day.',
                )
                return
    if force.end is not None and force.end < force.start[: len(force.end)]:
        case.findings.problem(
            case.at("in_force", "to"), f"ends before it starts ({force.start})", "Exchange from and to."
        )


def check_level(case: Case) -> None:
    """Only a public rule book is law of some level."""
    if case.regime.owner == PRIVATE and "level" in case.document.data:
        case.findings.problem(
            case.key("level"),
            "a private rule book is nobody's law and has no level",
            "Take the line out; reforms know it as private.",
        )


def check_participation(case: Case) -> None:
    """What follows without consent is said only where somebody is asked."""
    if case.regime.participation == "mandatory" and "without_consent" in case.document.data:
        case.findings.problem(
            case.key("without_consent"),
            "nobody is asked: participation is mandatory",
            "Remove it, or write participation: opt-in or consent.",
        )
