"""NDRC Order 36 on credit repair: how long is published and used, and the right to repair."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, adverse, ends, months_of
from counterscore.regime.model import Repair

LONGEST = {"minor": 3, "general": 12, "serious": 36}  #: months


def too_long(book: Book) -> Limb:
    """CN-18."""
    regime = book.regime
    lists = adverse(book)
    if not lists:
        return not_met(Shown("no adverse list in the file"))
    limbs = []
    for name in lists:
        rule = regime.lists[name]
        top = LONGEST[rule.severity]
        lasts = months_of(rule.publicity.lasts)
        path: tuple[str | int, ...] = ("lists", name, "publicity", "lasts")
        if lasts is None and "lasts" in rule.publicity.model_fields_set:
            limbs.append(
                needs(
                    book.here(f"{name}: how long it is published is unknown", *path),
                    asks=[Ask(FILE, f"publicity.lasts of {name}")],
                )
            )
            continue
        if lasts is None:
            path = ("lists", name, "term")
            if ends(rule) == "fixed":
                lasts = rule.term.months
            elif ends(rule) == "performed":
                limbs.append(
                    needs(
                        book.here(f"{name}: until performed", *path), judgement="court lists follow rules of their own"
                    )
                )
                continue
            elif ends(rule) != "never":
                limbs.append(needs(book.here(f"{name}: {rule.term.text}", *path), asks=[Ask(FILE, f"term of {name}")]))
                continue
        if "severity" not in rule.model_fields_set:
            limbs.append(
                needs(
                    book.here(f"{name}: severity is not written", "lists", name),
                    asks=[Ask(FILE, f"severity of {name}")],
                )
            )
            continue
        bound = _bounded(book, rule.severity)
        said = book.here(
            f"{name} ({rule.severity}): {'no end' if lasts is None else f'{lasts} months'}, the class ends at {top}",
            *path,
        )
        if bound is not None and (lasts is None or lasts > bound):
            said = book.here(
                f"{name} ({rule.severity}): repair ends it after {bound} months, the class ends at {top}",
                "rights",
                "repair",
            )
            lasts = bound
        longer = lasts is None or lasts > top
        limbs.append(met(said, witnesses=book.onto(name)) if longer else not_met(said))
    return any_of(*limbs)


def _bounded(book: Book, severity: str) -> int | None:
    """Months after which a repair rule of the rule book ends a listing of this class; None where none does."""
    repair = book.regime.rights.repair
    found = [one.at_most.months for one in repair.rules if one.severity == severity and one.at_most] if repair else []
    return min(found, default=None)


def repair_denied(book: Book) -> Limb:
    """CN-19."""
    regime = book.regime
    lists = [name for name in adverse(book) if regime.lists[name].severity == "serious"]
    if not lists:
        return not_met(Shown("no serious list in the file"))
    written = book.said("rights", "repair")
    limbs = []
    for name in lists:
        rule = regime.lists[name]
        if "severity" not in rule.model_fields_set:
            here = book.here(f"{name}: severity is not written", "lists", name)
            limbs.append(needs(here, asks=[Ask(FILE, f"severity of {name}")]))
            continue
        said = book.here(f"{name} is left when {', '.join(rule.leave)}", "lists", name, "leave")
        leaves = "repaired" in rule.leave
        if written == "no" and not leaves:
            limbs.append(
                met(said, book.here("repair: written as absent", "rights", "repair"), witnesses=book.onto(name))
            )
        elif written == "yes" and leaves and _within(regime.rights.repair, rule.severity):
            limbs.append(not_met(said, book.here("a repair rule within the range", "rights", "repair")))
        else:
            limbs.append(
                needs(
                    said,
                    asks=[Ask(FILE, "rights.repair" if written != "yes" else f"leave of {name}")],
                    judgement="Zhejiang bars repair of a serious list: which prevails is open",
                )
            )
    return any_of(*limbs)


def _within(repair: Repair | None, severity: str) -> bool:
    rules = [one for one in repair.rules if one.severity == severity] if repair else []
    return any((months_of(one.after) or 0) <= LONGEST[severity] for one in rules)


LIMBS: Limbs = {"CN-18": too_long, "CN-19": repair_denied}
