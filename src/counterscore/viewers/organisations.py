"""Firms and public bodies: the regulator's inspections, a firm's credit page, a department's rating."""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.lifefile.lived import door_bits
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import INSPECTION
from counterscore.reliving.trace import MONTH, is_of
from counterscore.results.ids import Who
from counterscore.viewers._file import FileAt
from counterscore.viewers._seen import Item, Section, Seen, Viewer

_MOST = 40


def inspections(file: FileAt) -> Seen:
    """Firms in the order in which they are likely to be inspected, by the doors that say how often."""
    history = file.lived.history
    teller = history.teller("firms")
    rows = history.organisations["firms"].events
    held: dict[int, dict[int, int]] = {}
    rows = rows[(rows[:, MONTH] <= file.month) & is_of(rows, layout.EVENT_DOORS)]
    for event in map(teller.event, rows):
        for k, on in door_bits(event):
            if on:
                held.setdefault(event.resident, {})[k] = event.month
            else:
                held.get(event.resident, {}).pop(k, None)
    ranked = []
    for firm in range(len(history.organisations["firms"].heads)):
        number = history.subdistrict * layout.SUBDISTRICT + firm
        doors = [teller.doors[k] for k in held.get(number, {}) if teller.doors[k][2].service == INSPECTION]
        times = (
            float(np.prod([door.times if door.times is not None else 1.0 for _, _, door in doors])) if doors else 1.0
        )
        ranked.append((times, number, doors))
    ranked.sort(key=lambda one: (-one[0], one[1]))
    items = tuple(
        Item(
            file.life.name(Who("firms", number)) + (" (this firm)" if number == file.life.whose.number else ""),
            f"{times:g} times as often as others" + (f", because of {doors[0][2].trigger}" if doors else ""),
            doors[0][2].id if doors else "",
            str(doors[0][0].at("doors", doors[0][1])) if doors else "",
        )
        for times, number, doors in ranked[:_MOST]
    )
    more = sum(times > 1 for times, _, _ in ranked)
    less = sum(times < 1 for times, _, _ in ranked)
    return Seen(
        (
            Section(
                "Firms, the likeliest to be inspected first", items,
                f"{len(ranked):,} firms in this subdistrict: {more:,} inspected more often because of a rule, {less:,} less often", ordered=True,
            ),
        ),
        (file.truth(),),
        note="Being inspected more often, a firm has more seen of it at the same conduct.",
    )  # fmt: skip


def credit_page(file: FileAt) -> Seen:
    """What anybody finds of a firm who looks it up."""
    rules = {name: rule for _, name, rule in file.lived.teller.lists}
    stays = file.stays()
    public = tuple(one for one in stays if rules[one.rule].publicity.reach != "none")
    shown = [
        Section("The firm", tuple(Item(key, value) for key, value in file.life.who.items() if key != "head")),
        Section(
            "Lists",
            tuple(Item(one.label, f"since {file.life.month(one.start)}", one.rule, one.at) for one in public),
            "" if public else "on no published list",
        ),
    ]
    rated = tuple(
        Item(
            one.part.title,
            (one.grade or one.text),
            one.part.id,
            str(one.part.at("score")),
            event=one.event.number if one.event else 0,
        )
        for one in file.standings()
    )
    shown.append(Section("Rating", rated, "" if rated else "no rating in these rules"))
    quiet = tuple(one for one in stays if one not in public)
    return Seen(
        tuple(shown),
        (
            Section("Lists that are not published", tuple(Item(one.label, "", one.rule, one.at) for one in quiet)),
            Section("Doors in force", file.doors()),
            file.unshared(()),
            file.truth(),
        ),
    )


def department(file: FileAt) -> Seen:
    """A body's rating, and what the yearly assessment makes of it for its leading official."""
    standings = file.standings()
    rating = tuple(
        Item(
            one.part.title,
            f"{one.text}" + (f", {one.grade}" if one.grade else ""),
            one.part.id,
            str(one.part.at("score")),
            event=one.event.number if one.event else 0,
        )
        for one in standings
    )
    weights = tuple(
        Item(
            "weight of the rating in the official's assessment",
            "unknown" if book.assessment.weight is None else f"{100 * book.assessment.weight:g} %",
            book.id,
            str(book.at("assessment")),
            book.assessment.source or "",
        )
        for book in file.regime.stacked()
        if book.assessment is not None
    )
    assessed = tuple(
        file.item(one) for one in reversed(file.events) if one.what == "body" and one["what"] == layout.ASSESSED
    )
    deeds = tuple(file.item(one) for one in file.recent("body") if one["what"] <= layout.BROKEN)
    led = tuple(file.item(one) for one in reversed(file.events) if one.what == "body" and one["what"] in layout.CAREER)
    lists = tuple(Item(one.label, f"since {file.life.month(one.start)}", one.rule, one.at) for one in file.stays())
    records = tuple(map(file.item, file.records()))
    return Seen(
        (
            Section("The department", tuple(Item(key, value) for key, value in file.life.who.items())),
            Section("Its rating", rating, "" if rating else "no rating in these rules"),
            Section("What the rating rests on", records, "" if records else "no record counts"),
            Section("Lists", lists, "" if lists else "on no list"),
            Section("Who has led it", led),
            Section(
                "The yearly assessment of its official",
                (*weights, *assessed[:5]),
                "" if assessed else "no assessment yet: it is every January",
            ),
        ),
        (
            Section("Contracts and promises of the last twelve months, recorded or not", deeds),
            Section("Doors in force", file.doors()),
            file.truth(),
        ),
        note="Effort and gaming are numbers of the model; the assessment sees the rating, or the official's own record.",
    )


def _inspects(regime: Regime) -> bool:
    return any(door.service == INSPECTION for book in regime.stacked() for door in book.doors)


VIEWERS = (
    Viewer(
        "inspections",
        "The market regulator's inspection list",
        "Which firms does the regulator visit first?",
        "firms",
        90,
        inspections,
        _inspects,
        "It takes a door before inspections, such as in zhejiang-firms.",
    ),
    Viewer(
        "credit-page", "A firm's public credit page", "What does anybody find of a firm?", "firms", 100, credit_page
    ),
    Viewer(
        "department",
        "A department's rating",
        "What is a department rated, and what does it do to its official?",
        "bodies",
        120,
        department,
    ),
)
