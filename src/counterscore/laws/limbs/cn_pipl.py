"""China's Personal Information Protection Law; it has no gate of artificial intelligence."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Ask, Limb, Shown, all_of, any_of, met, needs, not_met
from counterscore.laws.limbs import gdpr
from counterscore.laws.limbs._shared import Limbs, absent_together, heavy, nothing_done

KEPT = 36  #: months for which the report of an assessment is kept
SENSITIVE_ACTS = frozenset({"blood-donation", "medical-disturbance", "flight-misconduct", "rail-misconduct"})
SENSITIVE_ATTRIBUTES = frozenset({"loan", "card", "minority"})


def purpose(book: Book) -> Limb:
    """CN-01."""
    return gdpr.purpose(book)


def terms_of_trade(book: Book) -> Limb:
    """CN-02."""
    priced = [one for one in book.effects if one.effect == "priced" and one.scored]
    if not priced:
        return not_met(Shown("no price follows a grade in the file"))
    return needs(
        *(book.of(one, f"{one.id}: priced by {one.by}") for one in priced),
        asks=[Ask("necessity", one.id) for one in priced],
        judgement="whether the difference is unreasonable",
    )


def major_effect(book: Book) -> Limb:
    """CN-03."""
    doors = heavy(book)
    if not doors:
        nothing = nothing_done(book)
        return (
            nothing if nothing is not None else not_met(Shown("no essential service is closed or narrowed in the file"))
        )
    reasons = book.absent("reasons", "rights", "reasons")
    human = book.absent("human review", "rights", "appeal", "human_review")
    rights = absent_together(reasons, human)
    if rights.value.name == "NOT_MET":
        return rights
    limbs = []
    for one in doors:
        answer = book.fact("automated", one.id)
        if answer is None:
            limbs.append(needs(asks=[Ask("automated", one.id)]))
        elif answer == "solely":
            limbs.append(met(book.answered("automated", one.id), witnesses=book.by([one])))
        else:
            limbs.append(not_met(book.answered("automated", one.id)))
    return all_of(rights, any_of(*limbs))


def made_public(book: Book) -> Limb:
    """CN-04."""
    if not book.about_people:
        return not_met(book.here(f"its subjects are {book.regime.subjects}", "subjects"))
    lists = [
        name
        for name in book.regime.lists
        if book.regime.lists[name].publicity.reach in ("city", "nation", "neighbourhood")
    ]
    if not lists:
        return not_met(Shown("no list of residents is published in the file"))
    limbs = []
    for name in lists:
        rule = book.regime.lists[name]
        said = book.here(f"{name} is published to the {rule.publicity.reach}", "lists", name, "publicity")
        bases = {one.legal_basis for one in book.effects if one.kind == "door"}
        if "legal_basis" in rule.model_fields_set:
            bases = {rule.legal_basis}
        answer = book.fact("basis_text", f"publicity-{name}")
        if answer == "none":
            limbs.append(met(said, book.answered("basis_text", f"publicity-{name}"), witnesses=book.onto(name)))
        elif bases == {"none"} and rule.publicity.reach in ("city", "nation"):
            limbs.append(met(said, Shown("every basis that the file names is none"), witnesses=book.onto(name)))
        elif answer is None:
            limbs.append(
                needs(
                    said,
                    asks=[
                        Ask(
                            "basis_text",
                            f"publicity-{name}" if f"publicity-{name}" in {e.id for e in book.effects} else "all",
                        )
                    ],
                )
            )
        else:
            limbs.append(
                needs(
                    said,
                    book.answered("basis_text", f"publicity-{name}"),
                    judgement="whether the provision lets it be made public",
                )
            )
    return any_of(*limbs)


def sensitive(book: Book) -> Limb:
    """CN-05."""
    found = [
        read for read in book.everything
        if (read.kind == "attribute" and read.attribute in SENSITIVE_ATTRIBUTES)
        or any(act.id in SENSITIVE_ACTS for act in read.acts())
        or (read.kind == "row" and book.fact("special", read.row.id) == "yes")
    ]  # fmt: skip
    if not found:
        return not_met(Shown("no such item is read in the file"))
    return needs(
        *(book.row_shown(one, f"{one.name} may be sensitive") for one in found),
        asks=[Ask("consent"), *(Ask("special", one.name) for one in found if one.kind == "row")],
        judgement="whether it is necessary for the purpose",
    )


def assessment(book: Book) -> Limb:
    """CN-06."""
    decides = book.about_people and (
        book.harms
        or book.regime.score is not None
        or book.regime.sharing
        or any(rule.publicity.reach != "none" for rule in book.regime.lists.values())
    )
    if not decides:
        return not_met(Shown("no decision about residents, provision or publication in the file"))
    answer = book.fact("pia")
    if answer is None:
        return needs(asks=[Ask("pia")])
    said = book.answered("pia")
    if answer == "none" or (isinstance(answer, int) and answer < KEPT):
        return met(said, witnesses=book.anything())
    return not_met(said)


def corrected(book: Book) -> Limb:
    """CN-07."""
    return absent_together(
        book.absent("appeal", "rights", "appeal", "available"),
        book.no_correction(),
    )


LIMBS: Limbs = {
    "CN-01": purpose,
    "CN-02": terms_of_trade,
    "CN-03": major_effect,
    "CN-04": made_public,
    "CN-05": sensitive,
    "CN-06": assessment,
    "CN-07": corrected,
}
