"""The Council of Europe convention on artificial intelligence: expectations only, since it is not in force."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, needs
from counterscore.laws.limbs._shared import Limbs


def expectation(book: Book) -> Limb:
    """COE-01."""
    return needs(judgement="expectations of a convention that is not in force")


LIMBS: Limbs = {"COE-01": expectation}
