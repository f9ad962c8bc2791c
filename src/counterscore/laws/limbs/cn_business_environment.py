"""State Council Regulation 722 on the business environment: promises and contracts of public bodies."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs

BROKEN = frozenset({"promise-broken", "public-contract-broken"})


def promises(book: Book) -> Limb:
    """CN-24."""
    if book.regime.subjects != "bodies":
        return not_met(book.here(f"its subjects are {book.regime.subjects}, not public bodies", "subjects"))
    acts = {act.id for _, act in book.acts(lambda act: act.id in BROKEN, book.rows)}
    said = book.said("rights", "compensation")
    if acts == BROKEN and said == "yes":
        return not_met(
            book.here(
                "broken promises and contracts are recorded, and compensation is written", "rights", "compensation"
            )
        )
    if not acts and said == "no":
        return met(
            book.here(
                "compensation is written as absent, and neither broken promises nor contracts are recorded",
                "rights",
                "compensation",
            ),
            witnesses=book.anything(),
        )
    if said in ("silent", "unknown"):
        return needs(Shown("the file is silent on compensation"), asks=[Ask(FILE, "rights.compensation")])
    return needs(
        Shown(f"recorded: {', '.join(sorted(acts)) or 'neither'}; compensation: {said}"),
        judgement="one of the two is written as absent, another as given",
    )


LIMBS: Limbs = {"CN-24": promises}
