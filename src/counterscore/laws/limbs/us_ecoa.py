"""The US Equal Credit Opportunity Act and Regulation B: reasons for a refusal, and what a credit score may not read."""

from __future__ import annotations

from datetime import date

from counterscore.laws.book import Book
from counterscore.laws.effects import Effect
from counterscore.laws.kleene import Ask, Limb, Shown, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs

PROHIBITED = frozenset({"sex", "family", "minority"})
PROXIES = frozenset({"registration", "occupation", "education"})
EFFECTS_TEST_ENDED = date(2026, 7, 21)


def _credit(book: Book) -> list[Effect]:
    return [one for one in book.harms if one.service in ("loan", "credit-card")]


def specific_reasons(book: Book) -> Limb:
    """US-04."""
    doors = _credit(book)
    if not doors:
        return not_met(Shown("no credit is refused in the file"))
    limb = book.absent("reasons", "rights", "reasons")
    below = [one for one in doors if one.kind == "lending" and one.by == "score"]
    if limb.value.name == "NOT_MET" and below:
        return needs(
            *limb.shown,
            *(book.of(one, f"{one.id}: refused below a score, which is no specific reason") for one in below),
            asks=[Ask("explained")],
        )
    return limb


def prohibited_bases(book: Book) -> Limb:
    """US-05."""
    scores = [one for one in book.everything if one.kind == "attribute" and one.part[:1] == ("score",)]
    bad = [one for one in scores if one.attribute in PROHIBITED]
    proxies = [one for one in scores if one.attribute in PROXIES]
    doors = [one for one in _credit(book) if one.scored]
    if doors and bad:
        return met(
            *(book.row_shown(one, f"the score reads {one.attribute}") for one in bad),
            *(book.of(one, f"{one.id} decides credit by it") for one in doors),
            witnesses=book.by(doors),
        )
    if bad:
        return needs(
            *(
                book.row_shown(one, f"the score reads {one.attribute}; no door of the file decides credit by it")
                for one in bad
            ),
            asks=[Ask("relied_on", one.id) for one in book.effects if one.scored] or [Ask("relied_on", "all")],
        )
    if proxies and doors:
        if book.day < EFFECTS_TEST_ENDED:
            words = "a proxy, which the effects test reached until 20 July 2026"
        else:
            words = "a proxy; since 21 July 2026 only intent counts"
        return needs(
            *(book.row_shown(one, f"the score reads {one.attribute}: {words}") for one in proxies),
            asks=[Ask("necessity", one.id) for one in doors],
        )
    return not_met(Shown("no such attribute is read by a score in the file"))


LIMBS: Limbs = {"US-04": specific_reasons, "US-05": prohibited_bases}
