"""Brazil's bill on artificial intelligence: not law."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, needs
from counterscore.laws.limbs._shared import Limbs


def bill(book: Book) -> Limb:
    """BR-02."""
    return needs(judgement="a bill")


LIMBS: Limbs = {"BR-02": bill}
