"""Québec's act on personal information in the private sector: decisions made by a program alone."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, all_of, any_of
from counterscore.laws.limbs._shared import Limbs, absent_together, solely


def not_told_or_heard(book: Book) -> Limb:
    """CA-01."""
    rights = (book.absent("notice", "rights", "notice", "given"), book.absent("defence", "rights", "defence"))
    missing = (
        any_of(*(one for one in rights if one.met)) if any(one.met for one in rights) else absent_together(*rights)
    )
    return all_of(solely(book, book.harms), missing)


LIMBS: Limbs = {"CA-01": not_told_or_heard}
