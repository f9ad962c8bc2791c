"""The EU directive on consumer credit: what creditworthiness may be judged by."""

from __future__ import annotations

from counterscore.laws.book import Book, Pair
from counterscore.laws.kleene import Ask, Limb, Shown, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs

FINANCIAL = frozenset({"finance"})
OPEN = frozenset({"court_judgment", "utilities", "tax", "residence", "contract", "labour"})
MONEY = frozenset({"income", "loan", "card", "credit-file", "work"})


def _loans(book: Book) -> list[Pair]:
    """Pairs of the doors and lending rules that decide a loan of a person."""
    return [pair for pair in book.pairs if pair.effect.service in ("loan", "credit-card")]


def financial_data_only(book: Book) -> Limb:
    """CCD-01."""
    pairs = _loans(book)
    if not pairs:
        return not_met(Shown("no loan of a person is decided in the file"))
    other, unclear = [], []
    for pair in pairs:
        if pair.read.kind == "friends" or (pair.read.kind == "attribute" and pair.read.attribute == "family"):
            other.append(pair)
        elif pair.read.kind == "attribute":
            unclear += [] if pair.read.attribute in MONEY else [pair]
        elif pair.context in OPEN:
            unclear.append(pair)
        elif pair.context not in FINANCIAL:
            other.append(pair)
    if other:
        return met(*_said(book, other, "is not about finance"), witnesses=book.witnesses(other))
    if unclear:
        return needs(
            *_said(book, unclear, "may be about finance"), asks=[Ask("necessity", one.effect.id) for one in unclear]
        )
    return not_met(*_said(book, pairs, "is about finance"))


def _said(book: Book, pairs: list[Pair], words: str) -> list[Shown]:
    found = {(one.read.name, one.effect.id): book.row_shown(one.read, f"{one}: {words}") for one in pairs}
    return list(found.values())


def human_on_refusal(book: Book) -> Limb:
    """CCD-02."""
    scored = [one for one in book.effects if one.kind == "lending" and one.by == "score"]
    if not scored:
        return not_met(Shown("no lending rule of the file refuses below a score"))
    limb = book.absent("human review", "rights", "appeal", "human_review")
    return limb.but(*(book.of(one, f"{one.id}: refused below a score") for one in scored))


LIMBS: Limbs = {"CCD-01": financial_data_only, "CCD-02": human_on_refusal}
