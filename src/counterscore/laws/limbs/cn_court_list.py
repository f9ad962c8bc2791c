"""The rules of the Supreme People's Court on the list of judgment defaulters."""

from __future__ import annotations

from counterscore.laws.book import Book
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, adverse

UNABLE, ABLE = "judgment-unpaid-unable", "judgment-unpaid-able"


def unable_listed(book: Book) -> Limb:
    """CN-22."""
    limbs = []
    for name in adverse(book):
        rule = book.regime.lists[name]
        if rule.kind == "order":
            continue
        for read in book.of_list(name):
            acts = {act.id for act in read.acts()}
            grounds = {ground.row for ground in rule.enter}
            if read.kind != "row" or read.row.id not in grounds or UNABLE not in acts:
                continue
            said = book.row_shown(read, f"{name} is entered by {read.row.id}, which records {', '.join(sorted(acts))}")
            if ABLE in acts:
                limbs.append(
                    needs(
                        said,
                        asks=[Ask("necessity", f"publicity-{name}")]
                        if f"publicity-{name}" in {one.id for one in book.effects}
                        else [Ask("necessity", "all")],
                    )
                )
            else:
                limbs.append(met(said, witnesses=book.recorded([read])))
    return any_of(*limbs) if limbs else not_met(Shown("no list of the file is entered by inability"))


LIMBS: Limbs = {"CN-22": unable_listed}
