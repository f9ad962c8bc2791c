"""Private schemes: matchmaking by grade, and scores that residents show each other."""

from __future__ import annotations

from counterscore.regime.checks._case import Case, undefined
from counterscore.regime.vocabulary import PRIVATE


def check_partners(case: Case) -> None:
    """A matchmaker goes by the grades of a rule book that is in force beside it."""
    partners = case.regime.partners
    if partners is None or case.broken & {"stack", "score"}:
        return
    scored = {one.id: one for one in (case.regime, *case.stacked) if one.score is not None and one.score.known}
    if partners.by not in scored:
        known = {id_: case.at("id") if one is case.regime else one.at("id") for id_, one in scored.items()}
        undefined(
            case.findings, case.at("partners", "by"), "no rule book in force here has a score:", partners.by, known
        )
        return
    by = scored[partners.by]
    assert by.score is not None
    grades = {one.id: by.at("score", "grades", n, "id") for n, one in enumerate(by.score.grades)}
    for n, shown in enumerate(partners.prominence):
        here = ("partners", "prominence", n)
        if shown.grade not in grades:
            undefined(case.findings, case.at(*here, "grade"), "no grade is called", shown.grade, grades)
        if shown.times is not None and shown.times <= 0:
            at = case.at(*here, "times")
            case.findings.problem(at, f"times must be above 0, found {shown.times:g}", "Write 1 for no difference.")


def check_shown(case: Case) -> None:
    """What residents show each other is a private score of this very rule book."""
    regime = case.regime
    if regime.shown is None:
        return
    if regime.owner != PRIVATE:
        case.findings.problem(
            case.key("shown"),
            "only a private score is shown to friends and singles; this rule book is public",
            "Take it out, or write owner: private. Who learns of a public list is said by its publicity.",
        )
    if "score" not in case.document.data:
        case.findings.problem(
            case.key("shown"),
            "this rule book has no score that could be shown",
            "Take it out, and write it in the rule book whose score it is.",
        )
