"""Rules in a few words, for cells of tables: those of the command line and those of pages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterscore.quantity import Number
    from counterscore.regime.model import ListRule, Part, Regime, Row, Score

ARROW = "->"


def points(row: Row) -> str:
    """``-5``, ``-5 to -50 (official's choice)``, ``1 per 20 hours, …`` or ``unknown``."""
    if row.discretion:
        return f"{_number(row.discretion.least)} to {_number(row.discretion.most)}, official's choice"
    if row.curve:
        parts = [
            f"{_number(step.points)} per {step.per}" + (f" up to {step.up_to}" if step.up_to else " beyond")
            for step in row.curve
        ]
        return ", ".join(parts) + " a year"
    if row.points is None:
        return "unknown" if row.unknown_points else "none"
    if row.then:
        return f"{_number(row.points)}, then {', '.join(_number(step) for step in row.then)}"
    per = {"record": "", "cycle": " a monthly cycle", "episode": " a spell"}[row.per]
    return f"{_number(row.points)}{per}"


def _number(value: int | None) -> str:
    return "unknown" if value is None else f"{value:+d}"


def in_force(regime: Regime) -> str:
    """``from 2013 to 2021``, as the rule book has it; empty where it says nothing."""
    if regime.in_force is None:
        return ""
    return f"from {regime.in_force.start}" + (f" to {regime.in_force.end}" if regime.in_force.end else "")


def outside_time_in_force(regime: Regime, first: str, last: str) -> str:
    """A sentence where months from ``first`` to ``last`` (``2018-01``) lie outside the time in force; empty where none does.

    A year alone stands for all of its months.
    """
    if regime.in_force is None:
        return ""
    start, end = regime.in_force.start, regime.in_force.end
    begins = start[:7] if len(start) > 4 else f"{start}-01"
    ends = "9999-12" if end is None else end[:7] if len(end) > 4 else f"{end}-12"
    if begins <= first and last <= ends:
        return ""
    lie = "lie outside that" if last < begins or ends < first else "lie partly outside that"
    return (
        f"{regime.id} was in force {in_force(regime)}; the months lived, {first} to {last}, {lie}. "
        "Its rules are lived all the same, with the city's other numbers as they are."
    )


def known(value: int | None) -> str:
    """A number, or the word unknown."""
    return "unknown" if value is None else str(value)


def opening(score: Score) -> str:
    """What somebody has of whom nothing is known."""
    return f"{score.opening60 / 60:g}" if score.known else known(score.start)


def entry(rule: ListRule) -> str:
    """The grounds for a list as the file words them."""
    words = []
    for ground in rule.enter:
        match ground.kind:
            case "score":
                words.append(f"score < {ground.border}")
            case "grade":
                words.append(f"grade {ground.grade} or worse")
            case "record":
                words.append(f"a record of {ground.row}")
            case "records":
                words.append(f"{ground.at_least} records of {ground.row} within {ground.within} months")
            case "stay":
                words.append(f"{ground.within} months on {ground.list}")
    grace = f", after {rule.grace} of grace" if rule.grace else ""
    return " or ".join(words) + grace


def part(found: Part) -> str:
    """What a dimension is made of: ``records of card-overdue``, ``income: +10 from 5,000``, ``friends' mean score``."""
    if found.records:
        return f"records of {', '.join(found.records)}"
    if found.friends:
        return "friends' mean score of an earlier month, instead of the start"
    given = [f"{name} {_number(gives)}" for name, gives in found.values.items()]
    given += [f"{band.gives:+d} from {band.floor:,}" for band in found.bands]
    return f"{found.attribute}: {', '.join(given)}"


def sourced(item: Any, regime: Regime) -> str:
    """Source and its kind: ``notice-7 (rule text)``."""
    if not item.source:
        return ""
    source = regime.sources.get(item.source)
    return f"{item.source} ({source.kind})" if source else str(item.source)


def marked(item: Any, regime: Regime | None = None, *path: str | int) -> str:
    """The mark, whether it was borrowed, and the marks of those of the item's numbers (at ``path``) that have another."""
    told = f"{item.mark or ''}, borrowed" if item.borrowed else str(item.mark or "")
    numbers = [one for one in regime.numbers() if one.path[: len(path)] == path] if regime else []
    others = dict.fromkeys(str(one.mark) for one in numbers if one.mark != item.mark and one.value is not None)
    return told + "".join(f"; a number {mark}" for mark in others)


def counts_for(regime: Regime, row: Row) -> str:
    """How long a record counts: ``for 2 years``, ``until deleted after 5 years``, ``for ever``."""
    kept = regime.rights.retention.at_most
    if row.validity is None:
        return f"until deleted after {kept}" if kept else "for ever"
    shorter = kept is not None and kept.months < row.validity.months
    return f"for {row.validity}" + (f", deleted after {kept}" if shorter else "")


def tally(numbers: Iterable[Number]) -> dict[str, int]:
    """How many numbers carry each mark, and how many are unknown."""
    counts: Counter[str] = Counter()
    for number in numbers:
        counts["unknown" if number.value is None else str(number.mark or "without a mark")] += 1
    order = ("verified", "derived", "recalled", "assumed", "unknown", "without a mark")
    return {name: counts[name] for name in order if counts[name]}


def tally_in_words(numbers: Iterable[Number]) -> str:
    """``41 of 60 numbers verified; 10 recalled, 9 assumed``."""
    counts = tally(numbers)
    total = sum(counts.values())
    if not total:
        return "no numbers"
    rest = ", ".join(f"{count} {name}" for name, count in counts.items() if name != "verified")
    return f"{counts.get('verified', 0)} of {total} numbers verified" + (f"; {rest}" if rest else "")


#: What a rule book says of showing its score.
SHOWN = {
    "never": "the score is shown to none of them",
    "may": "who takes part may show the score, and stops in the lowest grade",
    "asked": "who takes part may show the score, and may be asked to",
    "must": "the score of everybody who takes part is shown",
}


def kind(regime: Regime) -> str:
    """``points, lists`` and whom they are about where these are not residents; of this rule book, not its stack."""
    has = {
        "points": regime.score is not None,
        "lists": bool(regime.lists),
        "matchmaking": regime.partners is not None,
        "lending": bool(regime.lending),
        "records": bool(regime.catalogue) and regime.score is None and not regime.lists,
    }
    said = ", ".join(name for name, there in has.items() if there) or "none"
    return said if regime.subjects == "residents" else f"{said} ({regime.subjects})"


def contents(regime: Regime) -> str:
    """``28 rules, 2 lists, 6 doors`` of a regime and all it stacks."""
    stack = regime.stacked()
    counts = {
        "rule": sum(len(one.catalogue) for one in stack),
        "list": sum(len(one.lists) for one in stack),
        "door": sum(len(one.doors) for one in stack),
    }
    return ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in counts.items())


def level(regime: Regime) -> str:
    """``national law``, ``private`` or ``level not said``."""
    known_as = regime.bound_as
    return "level not said" if known_as is None else known_as if regime.level is None else f"{known_as} law"
