"""Brazil's general data-protection act: review of automated decisions."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, any_of
from counterscore.laws.limbs._shared import Limbs, absent_together


def no_review(book: Book) -> Limb:
    """BR-01."""
    rights = (book.absent("appeal", "rights", "appeal", "available"), book.absent("reasons", "rights", "reasons"))
    return any_of(*(one for one in rights if one.met)) if any(one.met for one in rights) else absent_together(*rights)


LIMBS: Limbs = {"BR-01": no_review}
