"""The US Fair Credit Reporting Act: how long adverse items may be reported, and what follows an objection."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.effects import Read
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, days_of
from counterscore.regime.vocabulary import Kind

SUIT, ADVERSE, CONVICTION = 84, 84, None  #: months; a conviction has no limit
#: The acts of the vocabulary by the item they are reported as; an act that is not here has no mapping.
ITEMS: dict[str, tuple[str, int | None]] = {
    "loan-arrears": ("collection or charge-off", ADVERSE),
    "card-overdue": ("collection or charge-off", ADVERSE),
    "lending-contract-breach": ("collection or charge-off", ADVERSE),
    "private-lending-breach": ("other adverse item", ADVERSE),
    "guarantor-breach": ("other adverse item", ADVERSE),
    "utility-arrears": ("other adverse item", ADVERSE),
    "property-fee-arrears": ("other adverse item", ADVERSE),
    "traffic-violation": ("other adverse item", ADVERSE),
    "fare-evasion": ("other adverse item", ADVERSE),
    "utility-arrears-judged": ("judgment", SUIT),
    "contract-breach-judged": ("judgment", SUIT),
    "sued-for-debt": ("suit", SUIT),
    "judgment-unpaid-able": ("judgment", SUIT),
    "judgment-unpaid-unable": ("judgment", SUIT),
    "tax-arrears": ("tax lien, from payment", ADVERSE),
    "crime": ("conviction", CONVICTION),
}


def obsolete(book: Book) -> Limb:
    """US-01."""
    regime = book.regime
    adverse = [one for one in book.rows if one.row.act and not _good(one)]
    if not adverse:
        return not_met(Shown("no adverse item is recorded in the file"))
    if book.public is not False:
        return needs(Shown("the keeper is public, or the file does not say"), asks=[Ask("operator")])
    limbs = []
    for one in adverse:
        kept = book.alone.keeps(regime, one.row)
        for act in one.row.act:
            if act not in ITEMS:
                limbs.append(
                    needs(
                        book.row_shown(one, f"{one.row.id} ({act}): no item of the statute is mapped to it"),
                        asks=[Ask(FILE, f"what {one.row.id} is reported as")],
                    )
                )
                continue
            item, limit = ITEMS[act]
            if limit is None:
                limbs.append(not_met(book.row_shown(one, f"{one.row.id}: a {item} has no limit")))
            elif kept > limit:
                said = book.row_shown(
                    one,
                    f"{one.row.id}: kept {'without end' if kept == float('inf') else f'{kept:g} months'}, {item}: {limit} months",
                )
                if book.fact("transaction") == "yes":
                    limbs.append(not_met(said, book.answered("transaction")))
                elif kept == float("inf") and book.said("rights", "retention", "at_most") != "no":
                    limbs.append(needs(said, asks=[Ask(FILE, "rights.retention.at_most")]))
                else:
                    limbs.append(met(said, witnesses=book.recorded([one])))
            else:
                limbs.append(
                    not_met(book.row_shown(one, f"{one.row.id}: kept {kept:g} months, {item}: {limit} months"))
                )
    return any_of(*limbs)


def _good(read: Read) -> bool:
    return all(act.kind in (Kind.GOOD, Kind.STATUS) for act in read.acts()) or bool(
        read.row.points and read.row.points > 0
    )


def _decided_within(book: Book, days: int) -> Limb:
    """Whether an objection is decided later than so many days, which is met by a longer time that is written."""
    decide = book.regime.rights.appeal.decide
    if book.said("rights", "appeal", "decide") != "yes" or decide is None:
        return needs(
            Shown("when an objection is decided is not written, or is unknown"),
            asks=[Ask(FILE, "rights.appeal.decide")],
        )
    said = book.here(f"decided within {decide}", "rights", "appeal", "decide")
    return met(said, witnesses=book.anything()) if days_of(decide) > days else not_met(said)


def disputed(book: Book) -> Limb:
    """US-02."""
    return _decided_within(book, 30)


def adverse_action(book: Book) -> Limb:
    """US-03."""
    if not book.harms:
        return not_met(Shown("no lending rule and no adverse door in the file"))
    return book.absent("notice", "rights", "notice", "given")


LIMBS: Limbs = {"US-01": obsolete, "US-02": disputed, "US-03": adverse_action}
