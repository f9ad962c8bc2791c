"""NDRC Order 58 on credit repair, until March 2026."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, adverse, ends

MOST = 36  #: months


def too_long(book: Book) -> Limb:
    """CN-20."""
    lists = adverse(book)
    if not lists:
        return not_met(Shown("no adverse list in the file"))
    limbs = []
    for name in lists:
        rule = book.regime.lists[name]
        said = book.here(f"{name}: {rule.term.text}", "lists", name, "term")
        if ends(rule) != "fixed":
            limbs.append(needs(said, asks=[Ask(FILE, f"term and sector of {name}")]))
        elif rule.term.months > MOST:
            witnesses = book.witnesses(pair for one in book.effects if one.list == name for pair in book.pairs_of(one))
            limbs.append(met(said, witnesses=witnesses))
        else:
            limbs.append(not_met(said))
    return any_of(*limbs)


LIMBS: Limbs = {"CN-20": too_long}
