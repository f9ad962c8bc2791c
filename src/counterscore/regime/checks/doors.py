"""Doors, and closer scrutiny: numbers that fit the effect, and conditions that can hold."""

from __future__ import annotations

from counterscore.regime.checks._case import Case
from counterscore.regime.effects import EFFECTS, SAVING


def check_doors(case: Case) -> None:
    """A door has the number that its effect needs, no other, and a condition that not everybody meets."""
    for path, door in case.doors():
        raw = case.document.data["doors"][path[1]]
        kind = EFFECTS[door.effect]
        needed = kind.number
        if needed and needed not in raw and not (door.effect in SAVING and "saves" in raw):
            what = "the share of attempts refused" if needed == "share" else "how many times as long or dear"
            case.findings.problem(
                case.at(*path, "effect"),
                f"{_article(door.effect)} {door.effect} door needs {needed}: {what}",
                f"Add {needed}: {kind.example}, or {needed}: unknown.",
            )
        for key in ("share", "times"):
            if key in raw and key != needed:
                case.findings.problem(
                    case.key(*path, key),
                    f"{key} says nothing about {_article(door.effect)} {door.effect} door",
                    f"Remove {key}.",
                )
        if "saves" in raw and door.effect not in SAVING:
            case.findings.problem(
                case.key(*path, "saves"),
                f"nothing is saved at {_article(door.effect)} {door.effect} door",
                f"Remove saves, or write effect: {' or effect: '.join(SAVING)}.",
            )
        elif door.saves is not None and door.saves <= 0:
            case.findings.problem(
                case.at(*path, "saves"),
                f"saves must be above 0 yuan, found {door.saves}",
                "A higher price is times: 2.",
            )
        if door.share is not None and not 0 < door.share <= 1:
            case.findings.problem(
                case.at(*path, "share"),
                f"share must be above 0 and at most 1, found {door.share:g}",
                f"Write {door.share / 100:g}." if 1 < door.share <= 100 else "",
            )
        if door.times is not None and door.times <= 0:
            case.findings.problem(
                case.at(*path, "times"),
                f"times must be above 0, found {door.times:g}",
                "Write 2 for twice, 0.5 for half.",
            )
        elif door.times is not None and needed == "times" and _backwards(door.effect, door.times):
            case.findings.problem(
                case.at(*path, "times"),
                f"times {door.times:g} means {'sooner' if door.times < 1 else 'later'}, but the door is {door.effect}",
                "Write effect: opened." if door.effect == "slowed" else "Write effect: slowed.",
            )
        if door.lasts and door.when.kind != "list":
            case.findings.problem(
                case.key(*path, "lasts"),
                f"a time of its own begins with the entry on a list, and this door waits for a {door.when.kind}",
                "Write when: list list-id, or remove lasts."
                + (" How long a record counts is its validity." if door.when.kind == "record" else ""),
            )
        elif door.lasts and door.lasts.months == 0:
            case.findings.problem(case.at(*path, "lasts"), "a door of no time has no effect", "Write: 3 years.")
        score = case.regime.score
        if door.when.kind == "grade" and score is not None and score.grades:
            everybody = {"worse": score.grades[0].id, "better": score.grades[-1].id}.get(door.when.reach)
            if door.when.name == everybody:
                case.findings.warning(
                    case.at(*path, "when"),
                    f"grade {everybody} or {door.when.reach} is everybody",
                    "Check the grade.",
                )


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _backwards(effect: str, times: float) -> bool:
    return (effect == "slowed" and times < 1) or (effect == "opened" and times > 1)


def check_scrutiny(case: Case) -> None:
    """Closer scrutiny is a number of times above 0."""
    for path, one in case.scrutiny():
        if one.times is not None and one.times <= 0:
            case.findings.problem(
                case.at(*path, "times"),
                f"times must be above 0, found {one.times:g}",
                "Write 1 for no difference.",
            )
