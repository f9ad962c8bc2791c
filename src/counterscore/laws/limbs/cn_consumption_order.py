"""The order of the Supreme People's Court that restricts high spending."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, needs, not_met
from counterscore.laws.limbs._shared import Limbs


def no_exception(book: Book) -> Limb:
    """CN-23."""
    orders = [
        one
        for one in book.harms
        if one.kind == "door" and one.list in book.regime.lists and book.regime.lists[one.list].kind == "order"
    ]
    if not orders:
        return not_met(Shown("no order restricts spending in the file"))
    without = [one for one in orders if one.door is not None and not one.door.exceptions]
    if not without:
        return needs(
            *(book.of(one, f"{one.id}: {'; '.join(one.door.exceptions)}") for one in orders if one.door),
            judgement="whether the exceptions cover needs of life and work",
        )
    return needs(
        *(book.of(one, f"{one.id}: no exception is written") for one in without),
        asks=[Ask(FILE, f"exceptions of {one.id}") for one in without],
    )


LIMBS: Limbs = {"CN-23": no_exception}
