"""China's Credit Reporting Industry Regulation."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, days_of, months_of

MOST_MONTHS, MOST_DAYS = 60, 20


def kept_or_late(book: Book) -> Limb:
    """CN-21."""
    regime = book.regime
    if not (regime.lending or regime.owner == "private"):
        return not_met(Shown("no register of credit in the file: no lending rule, and no private keeper"))
    if not book.rows:
        return not_met(Shown("the file records nothing of its own"))
    kept = []
    most = months_of(regime.rights.retention.at_most)
    for one in book.rows:
        months = min((n for n in (months_of(one.row.validity), most) if n is not None), default=None)
        said = book.row_shown(
            one, f"{one.row.id}: {'how long is not written' if months is None else f'{months} months'}"
        )
        if months is None:
            kept.append(needs(said, asks=[Ask(FILE, "rights.retention.at_most")]))
        else:
            kept.append(met(said, witnesses=book.recorded([one])) if months > MOST_MONTHS else not_met(said))
    decide = regime.rights.appeal.decide
    if book.said("rights", "appeal", "decide") != "yes" or decide is None:
        late = needs(
            Shown("when an objection is decided is not written, or is unknown"),
            asks=[Ask(FILE, "rights.appeal.decide")],
        )
    else:
        said = book.here(f"an objection is decided within {decide}", "rights", "appeal", "decide")
        late = met(said, witnesses=book.anything()) if days_of(decide) > MOST_DAYS else not_met(said)
    return any_of(*kept, late)


LIMBS: Limbs = {"CN-21": kept_or_late}
