"""The UK GDPR after the Data (Use and Access) Act 2025: significant decisions without meaningful human involvement."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Ask, Limb, Shown, all_of, any_of, met, needs, not_met
from counterscore.laws.limbs import gdpr
from counterscore.laws.limbs._shared import Limbs, absent_together, nothing_done, special_data


def significant_decision(book: Book) -> Limb:
    """UK-01."""
    doors = [one for one in book.harms if one.essential]
    if not doors:
        nothing = nothing_done(book)
        return nothing if nothing is not None else not_met(Shown("no essential service is affected in the file"))
    limbs = []
    for one in doors:
        answer = book.fact("automated", one.id)
        if answer is None:
            limbs.append(needs(asks=[Ask("automated", one.id)]))
        elif answer == "solely":
            limbs.append(
                met(
                    book.answered("automated", one.id),
                    book.of(one, f"{one.id} {one.effect}"),
                    witnesses=book.by([one]),
                )
            )
        elif answer == "none":
            limbs.append(not_met(book.answered("automated", one.id)))
        else:
            change = book.fact("human_can_change", one.id)
            if change == "yes" and not one.scored:
                limbs.append(not_met(book.answered("automated", one.id), book.answered("human_can_change", one.id)))
            elif change is None:
                limbs.append(needs(book.answered("automated", one.id), asks=[Ask("human_can_change", one.id)]))
            else:
                limbs.append(
                    needs(
                        book.answered("automated", one.id), book.answered("human_can_change", one.id),
                        judgement="profiling must be weighed when asking whether the involvement is meaningful",
                    )
                )  # fmt: skip
    return any_of(*limbs)


def partly_on_special(book: Book) -> Limb:
    """UK-02."""
    return all_of(significant_decision(book), special_data(book))


def missing_safeguard(book: Book) -> Limb:
    """UK-03."""
    rights = (
        book.absent("notice", "rights", "notice", "given"),
        book.absent("defence", "rights", "defence"),
        book.absent("appeal", "rights", "appeal", "available"),
        book.absent("human review", "rights", "appeal", "human_review"),
    )
    one_absent = (
        any_of(*(one for one in rights if one.met)) if any(one.met for one in rights) else absent_together(*rights)
    )
    return all_of(significant_decision(book), one_absent)


def side_by_side(book: Book) -> Limb:
    """UK-04."""
    here, there = significant_decision(book), all_of(gdpr.automated_decision(book), gdpr.no_exception(book))
    return needs(
        Shown(
            f"the limbs of Arts 22A to 22C in the UK: {here.value.words}; those of Art. 22(1) and (2) in the EU: {there.value.words}"
        ),
        *here.shown,
        *there.shown,
        judgement="the general ban is gone in the UK: printed side by side, it is no limb",
    )


LIMBS: Limbs = {
    "UK-01": significant_decision,
    "UK-02": partly_on_special,
    "UK-03": missing_safeguard,
    "UK-04": side_by_side,
}
