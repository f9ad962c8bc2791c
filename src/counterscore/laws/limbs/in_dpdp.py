"""India's act on digital personal data: it has no general right about automated decisions."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Limb, needs
from counterscore.laws.limbs._shared import Limbs


def substance(book: Book) -> Limb:
    """IN-01."""
    return needs(judgement="no limb about automated decisions was read in the act")


LIMBS: Limbs = {"IN-01": substance}
