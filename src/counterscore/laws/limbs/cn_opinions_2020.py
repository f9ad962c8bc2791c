"""Guobanfa 2020/49: what may be included, which lists there may be, and which measures."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, adverse


def included(book: Book) -> Limb:
    """CN-08."""
    rows = [one for one in book.rows if one.row.act]
    if not rows:
        return not_met(Shown("the file records nothing of its own"))
    rows.sort(key=lambda one: one.row.confirmed)
    limbs = []
    for one in rows:
        answer = book.fact("catalogue_listed", one.row.id)
        if answer is None:
            words = f"{one.row.id}: written as not confirmed" if not one.row.confirmed else one.row.id
            limbs.append(needs(book.row_shown(one, words), asks=[Ask("catalogue_listed", one.row.id)]))
        elif answer == "no":
            limbs.append(met(book.answered("catalogue_listed", one.row.id), witnesses=book.recorded([one])))
        else:
            limbs.append(not_met(book.answered("catalogue_listed", one.row.id)))
    return any_of(*limbs)


def serious_lists(book: Book) -> Limb:
    """CN-09."""
    regime = book.regime
    lists = [name for name in adverse(book) if regime.lists[name].severity == "serious"]
    if not lists or regime.owner == "private":
        return not_met(Shown("no serious list of a public body in the file"))
    limbs = []
    for name in lists:
        rule = regime.lists[name]
        said = book.here(f"{name} is a serious list, level {regime.level or 'not written'}", "lists", name)
        doors = [one for one in book.effects if one.kind == "door" and one.list == name]
        bases = {one.legal_basis for one in doors}
        if "legal_basis" in rule.model_fields_set:
            bases = {rule.legal_basis}
        answer = book.fact("local_regulation", name)
        if answer == "yes":
            limbs.append(not_met(said, book.answered("local_regulation", name)))
        elif bases & {"law", "regulation", "local regulation"}:
            limbs.append(
                not_met(
                    said,
                    *(
                        book.of(one, f"{one.id}: {one.legal_basis}")
                        for one in doors
                        if one.legal_basis in ("law", "regulation", "local regulation")
                    ),
                )
            )
        elif "severity" not in rule.model_fields_set or regime.level is None:
            limbs.append(needs(said, asks=[Ask(FILE, f"severity of {name} and level")]))
        elif regime.level == "national":
            limbs.append(
                needs(
                    said,
                    asks=[Ask(FILE, f"the field of {name}")],
                    judgement="whether the list is in one of the four fields",
                )
            )
        elif answer == "no" or (bases and bases <= {"none", "policy"}):
            limbs.append(
                met(
                    said,
                    *(book.of(one, f"{one.id}: {one.legal_basis}") for one in doors),
                    witnesses=book.onto(name),
                )
            )
        else:
            limbs.append(needs(said, asks=[Ask("local_regulation", name)]))
    return any_of(*limbs)


def widened(book: Book) -> Limb:
    """CN-10."""
    doors = [one for one in book.harms if one.kind == "door"]
    if not doors:
        return not_met(Shown("no adverse door in the file"))
    limbs = []
    for one in doors:
        answer = book.fact("measure_listed", one.id)
        if answer is None:
            limbs.append(
                needs(
                    book.of(one, f"{one.id}; the edition is that of {book.day}"), asks=[Ask("measure_listed", one.id)]
                )
            )
        elif answer == "no":
            limbs.append(met(book.answered("measure_listed", one.id), witnesses=book.by([one])))
        else:
            limbs.append(not_met(book.answered("measure_listed", one.id)))
    return any_of(*limbs)


LIMBS: Limbs = {"CN-08": included, "CN-09": serious_lists, "CN-10": widened}
