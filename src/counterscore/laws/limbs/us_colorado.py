"""The Colorado act on automated decisions of 2026."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, all_of, any_of
from counterscore.laws.limbs._shared import Limbs, absent_together, heavy, solely


def missing_duty(book: Book) -> Limb:
    """US-06."""
    duties = (
        book.absent("notice", "rights", "notice", "given"),
        book.absent("reasons", "rights", "reasons"),
        book.absent("human review", "rights", "appeal", "human_review"),
    )
    missing = (
        any_of(*(one for one in duties if one.met)) if any(one.met for one in duties) else absent_together(*duties)
    )
    return all_of(solely(book, heavy(book)), missing)


LIMBS: Limbs = {"US-06": missing_duty}
