"""The draft Social Credit Law of November 2022: not law."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, needs
from counterscore.laws.limbs._shared import Limbs


def bill(book: Book) -> Limb:
    """CN-25."""
    return needs(judgement="a bill")


LIMBS: Limbs = {"CN-25": bill}
