"""Words that a rule book takes from the vocabulary: acts, services, contexts, occupations, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterscore.errors import Position, did_you_mean, quoted
from counterscore.regime.checks._case import ACT_IDS, Case, strings, unknown
from counterscore.regime.effects import EFFECTS, PACING
from counterscore.regime.vocabulary import ACTS, CONTEXTS, INSPECTION, OCCUPATIONS, SERVICES, Subject, act, service

_NOT_OF_INSPECTIONS = tuple(effect for effect in EFFECTS if effect not in PACING)
_SERVICE_IDS = tuple(one.id for one in SERVICES)


def check_vocabulary(case: Case) -> None:
    """Acts, services, contexts and occupations come from one page."""
    for path, item in case.items("catalogue"):
        for index, word in strings(item.get("act")):
            if word not in ACT_IDS:
                unknown(
                    case.findings,
                    case.at(*path, "act", index),
                    "no act is called",
                    word,
                    ACT_IDS,
                    "All acts: counterscore list acts",
                )
    for path, item in case.items("doors"):
        service = item.get("service")
        if isinstance(service, str) and service not in _SERVICE_IDS:
            where = "All services: counterscore list services"
            unknown(case.findings, case.at(*path, "service"), "no service is called", service, _SERVICE_IDS, where)
    for path, item in case.items("authorities"):
        for index, word in strings(item.get("contexts")):
            if word not in CONTEXTS:
                where = f"Contexts: {', '.join(CONTEXTS)}."
                unknown(
                    case.findings,
                    case.at(*path, "contexts", index),
                    "no context is called",
                    word,
                    CONTEXTS,
                    where,
                )
    for path, item in case.items("scrutiny"):
        occupation = item.get("occupation")
        if isinstance(occupation, str) and occupation not in OCCUPATIONS:
            where = f"Occupations: {', '.join(OCCUPATIONS)}."
            unknown(
                case.findings,
                case.at(*path, "occupation"),
                "no occupation is called",
                occupation,
                OCCUPATIONS,
                where,
            )


#: Whose service a door may stand before, by whom it affects, in a rule book about each kind of subject.
_REACHES: Mapping[str, Mapping[str, Subject]] = {
    "residents": {"self": "residents", "kin": "residents", "firm": "firms"},
    "firms": {"self": "firms", "firm head": "residents"},
    "bodies": {"self": "bodies", "official": "residents"},
}


def check_subjects(case: Case) -> None:
    """A rule book speaks of the acts and services of its own subjects, and of those tied to them."""
    whom = case.regime.subjects
    for path, item in case.items("catalogue"):
        for index, word in strings(item.get("act")):
            if word in ACT_IDS and act(word).subject != whom:
                mine = [one.id for one in ACTS if one.subject == whom]
                _not_of(case, case.at(*path, "act", index), "an act", word, act(word).subject, mine)
        if item.get("actor") == "kin" and whom != "residents":
            case.findings.problem(
                case.at(*path, "actor"), f"{whom} have no next of kin", "Take the line out; only residents have kin."
            )
    for path, item in case.items("doors"):
        affects, reaches = str(item.get("affects", "self")), _REACHES[whom]
        if affects not in reaches and affects in {one for some in _REACHES.values() for one in some}:
            case.findings.problem(
                case.at(*path, "affects"),
                f"a rule book about {whom} has no door that affects {quoted(affects)}",
                f"Write {' or '.join(reaches)}.",
            )
        elif affects in reaches:
            word = str(item.get("service"))
            if word in _SERVICE_IDS and service(word).subject != reaches[affects]:
                mine = [one.id for one in SERVICES if one.subject == reaches[affects]]
                _not_of(case, case.at(*path, "service"), "a service", word, service(word).subject, mine)
        if item.get("service") == INSPECTION and str(item.get("effect")) in _NOT_OF_INSPECTIONS:
            case.findings.problem(
                case.at(*path, "effect"),
                "a door before inspections says how often they come",
                "Write effect: slowed and times: 3 for three times as many, or effect: opened and times: 0.2.",
            )
    if case.regime.scrutiny and whom != "residents":
        case.findings.problem(
            case.key("scrutiny"),
            "scrutiny looks at occupations of residents",
            f"Write a door: service: {INSPECTION}, effect: slowed, times: 3, when: grade D.",
        )
    if "follows" in case.document.data and whom != "firms":
        case.findings.problem(case.key("follows"), "only firms open again under a new name", "Take the line out.")
    theirs = {id_: one for id_, one in case.lists_of_stack().items() if one.subjects != whom}
    for path, item in case.items("catalogue"):
        other = theirs.get(str(item.get("on_list")))
        if other is not None:
            case.findings.problem(
                case.at(*path, "on_list"),
                f"{quoted(item['on_list'])} lists {other.subjects}, and this rule book is about {whom}",
                "Name a list of this rule book.",
            )


def _not_of(case: Case, at: Position, what: str, word: str, whose: str, mine: Sequence[str]) -> None:
    def suggestion() -> str:
        close = f"firm-{word}" if f"firm-{word}" in mine else did_you_mean(word, mine)
        told = f"Did you mean {close}?  " if close else ""
        return f"{told}All: counterscore list {what.split()[1]}s; or write subjects: {whose}."

    message = f"{quoted(word)} is {what} of {whose}, and this rule book is about {case.regime.subjects}"
    case.findings.problem(at, message, suggestion)
