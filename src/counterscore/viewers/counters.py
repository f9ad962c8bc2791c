"""Those who serve or refuse: the ticket counter, the lender, the employer, the school."""

from __future__ import annotations

from collections.abc import Callable

from counterscore.regime.model import Door, Lending, Regime
from counterscore.regime.vocabulary import SERVICES
from counterscore.viewers._file import FileAt
from counterscore.viewers._seen import Item, Section, Seen, Viewer
from counterscore.viewers.own import published


def _services(*domains: str) -> frozenset[str]:
    return frozenset(one.id for one in SERVICES if one.subject == "residents" and one.domain in domains)


TRAVEL, FINANCE = _services("travel"), _services("finance")
WORK, SCHOOL = _services("employment"), _services("education")


def counter(services: frozenset[str], note: str, *, searches: bool = False) -> Callable[[FileAt], Seen]:
    """What a counter sees that asks whether to serve: the doors of its own services, and no reason beyond the trigger."""

    def look(file: FileAt) -> Seen:
        doors = file.doors(services)
        free = sorted(services - {one.service for one in _in_force(file)})
        served = tuple(Item(next(s.label for s in SERVICES if s.id == name), "served like anybody") for name in free)
        shown = [Section("What the screen says", (*doors, *served))]
        if searches:
            found = tuple(
                Item(one.label, f"since {file.life.month(one.start)}", one.rule, one.at) for one in published(file)
            )
            shown.append(Section("What a search of published lists finds", found, "" if found else "nothing"))
        tried = tuple(file.item(one) for one in file.recent("attempt") if _of(one.detail, services))
        shown.append(Section("Asked for here in the last twelve months", tried, "" if tried else "nothing"))
        scores = tuple(
            Item(one.part.title, f"{one.text} {one.grade}".strip(), one.part.id, str(one.part.at("score")))
            for one in file.standings()
        )
        why = tuple(
            Item(one.label, f"since {file.life.month(one.start)}: {one.note}", one.rule, one.at)
            for one in file.stays()
            if not searches or one not in published(file)
        )
        return Seen(
            tuple(shown),
            (Section("The score", scores), Section("Why the lists came about", why), file.unshared(()), file.truth()),
            note=note,
        )

    return look


def _in_force(file: FileAt) -> list[Door]:
    held = {one.rule for one in file.doors()}
    return [door for _, _, door in file.lived.teller.doors if door.id in held]


def _of(detail: str, services: frozenset[str]) -> bool:
    return any(detail.startswith(one.label) for one in SERVICES if one.id in services)


def lender(file: FileAt) -> Seen:
    """The rules for loans, applied to what the lender finds."""
    rules = [(part, n, rule) for part in file.regime.stacked() for n, rule in enumerate(part.lending)]
    refused_on = {row for _, _, rule in rules for row in rule.refused_on}
    found = tuple(one for one in file.records() if one.rule in refused_on)
    judged = tuple(
        Item(
            f"credit file {rule.file}",
            _judged(rule),
            f"lending {rule.file}",
            str(part.at("lending", n)),
            rule.source or "",
        )
        for part, n, rule in rules
    )
    asked = tuple(file.item(one) for one in file.recent("loan"))
    base = counter(FINANCE, "")(file)
    return Seen(
        (
            Section(
                "Records that stand in the way of a loan", tuple(map(file.item, found)), "" if found else "none found"
            ),
            *base.shown,
            Section("Loans asked for in the last twelve months", asked, "" if asked else "none"),
            Section("How a request is judged", judged, "" if judged else "These rules say nothing about it."),
        ),
        (base.hidden[0], file.unshared(found), file.truth()),
        note="Where the rules say what is shared, a lender finds less than all: part of the records never arrives.",
    )


def _judged(rule: Lending) -> str:
    said = []
    if rule.refused_on:
        said.append("refused on " + ", ".join(rule.refused_on))
    if rule.below is not None:
        said.append(f"refused below {rule.below}")
    if rule.refused is not None:
        said.append(f"{100 * rule.refused:g} % of the rest refused")
    return "; ".join(said) or "not refused"


def guards(services: frozenset[str]) -> Callable[[Regime], bool]:
    """Whether some door stands before one of the services."""
    return lambda regime: any(door.service in services for book in regime.stacked() for door in book.doors)


def _lends(regime: Regime) -> bool:
    return any(book.lending for book in regime.stacked()) or guards(FINANCE)(regime)


VIEWERS = (
    Viewer("ticket-counter", "The ticket counter", "What does whoever sells a ticket see?", "residents", 40,
           counter(TRAVEL, "Whoever sells a ticket sees that it cannot be sold, and neither score nor record."), guards(TRAVEL), "It takes a door before travel."),
    Viewer("lender", "The lender", "What does a bank see that is asked for a loan?", "residents", 50, lender, _lends, "It takes rules for loans or doors before them."),
    Viewer("employer", "The employer", "What does an employer see of an applicant?", "residents", 60,
           counter(WORK, "An employer may search published lists; the score itself is not shown to it.", searches=True), guards(WORK), "It takes a door before work."),
    Viewer("school", "The school", "What does a school see of a parent?", "residents", 70,
           counter(SCHOOL, "A school sees that a parent is kept from it; the child's own file holds nothing."), guards(SCHOOL), "It takes a door before schools."),
)  # fmt: skip
