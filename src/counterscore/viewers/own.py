"""The resident's own page, and a friend to whom the score is shown."""

from __future__ import annotations

from counterscore.engine import layout
from counterscore.lifefile.lived import Span
from counterscore.regime.model import Dimension, Regime
from counterscore.viewers._file import FileAt, Standing
from counterscore.viewers._seen import Item, Section, Seen, Viewer


def own_page(file: FileAt) -> Seen:
    """Score, band, dimensions and perks; records only where somebody told of them."""
    standings = file.standings()
    shown: list[Section] = []
    for one in standings:
        assert one.part.score is not None
        at = str(one.part.at("score"))
        items = [Item("score", one.text, one.part.id, at, event=one.event.number if one.event else 0)]
        if one.grade:
            items.append(
                Item(
                    "band" if one.part.score.dimensions else "grade",
                    one.grade,
                    one.part.id,
                    str(one.part.at("score", "grades")),
                )
            )
        shown.append(
            Section(one.part.title, tuple(items), f"{one.part.score.floor} to {one.part.score.ceiling} points")
        )
        if one.part.score.dimensions:
            shown.append(
                Section("Its dimensions", dimensions(file, one), "each of 100, with its weight", ordered=False)
            )
    if not standings:
        shown.append(Section("No score", (), "There is no score in these rules, or this resident takes no part in it."))
    perks = tuple(file.item(one) for one in file.recent("perk"))
    shown.append(Section("Perks of the last twelve months", perks, "" if perks else "none used"))
    told = file.noticed()
    known = tuple(one for one in file.records() if one.paper in told)
    shown.append(
        Section("Records that the resident was told of", tuple(map(file.item, known)), "" if known else "none")
    )
    lists = tuple(Item(one.label, f"since {file.life.month(one.start)}", one.rule, one.at) for one in file.stays())
    shown.append(Section("Lists the resident is on", lists, "" if lists else "none"))
    hidden = (
        file.unshared(known),
        Section("Doors in force, of which one learns where one is met", file.doors()),
        file.truth(),
    )
    return Seen(tuple(shown), hidden)


def dimensions(file: FileAt, standing: Standing) -> tuple[Item, ...]:
    """The value of each dimension at the end of the month, as the model holds it."""
    part = standing.part
    assert part.score is not None
    scored = list(file.lived.teller.scored)
    s = scored.index(part)
    plan, known = file.lived.plan, file.living.place.known
    first = file.place * int(plan.dimensions) + int(plan.scheme_known[s])
    weights = sum(one.weight or 0 for one in part.score.dimensions)
    out = []
    for d, one in enumerate(part.score.dimensions):
        rows = {row for made in one.parts for row in made.records}
        counting = [record for record in file.records() if record.regime == part.id and record.rule in rows]
        value60 = int(known["of"][first + d]) + sum(record.points or 0 for record in counting)
        held = min(100 * layout.SCALE, max(0, value60)) / layout.SCALE
        share = 100 * (one.weight or 0) / (weights or 1)
        out.append(
            Item(
                one.label or one.id,
                f"{held:.0f} of 100, weight {share:.0f} %" + _made_of(one, len(counting)),
                one.id,
                str(part.at("score", "dimensions", d)),
                one.source or "",
            )
        )
    return tuple(out)


def _made_of(one: Dimension, records: int) -> str:
    said = []
    if any(part.attribute for part in one.parts):
        said.append("from " + ", ".join(part.attribute for part in one.parts if part.attribute))
    if any(part.friends for part in one.parts):
        said.append("from the scores of friends")
    if any(part.records for part in one.parts):
        said.append(f"from {records} {'record' if records == 1 else 'records'}")
    return "; " + " and ".join(said) if said else ""


def friend(file: FileAt) -> Seen:
    """A friend sees the band where the resident shows it, and nothing else."""
    shown = next((one for one in reversed(file.events) if one.what in {"shown", "consent"}), None)
    shows = shown is not None and shown.what == "shown"
    seen = [one for one in file.standings() if one.part.owner == "private"] if shows else []
    items = tuple(
        Item(
            one.part.title,
            f"{one.text}" + (f", {one.grade}" if one.grade else ""),
            one.part.id,
            str(one.part.at("score")),
            event=shown.number if shown else 0,
        )
        for one in seen
    )
    listed = tuple(Item(one.label, f"since {file.life.month(one.start)}", one.rule, one.at) for one in published(file))
    words = "" if items else "The resident does not show the score."
    return Seen(
        (
            Section("What the resident shows", items, words),
            Section("What the neighbourhood or the city is told", listed, "" if listed else "nothing published"),
        ),
        (
            Section(
                "Scores that are not shown",
                tuple(
                    Item(one.part.title, one.text, one.part.id, str(one.part.at("score")))
                    for one in file.standings()
                    if one not in seen
                ),
            ),
            file.unshared(()),
            file.truth(),
        ),
        note="In the model some friends who show a score drop a tie to whoever shows a lower one or none, and some seek one to whoever shows a higher one.",
    )


def published(file: FileAt) -> list[Span]:
    """The stays on lists that are published at all."""
    rules = {name: rule for _, name, rule in file.lived.teller.lists}
    return [one for one in file.stays() if rules[one.rule].publicity.reach != "none"]


def has_score(regime: Regime) -> bool:
    """Whether some rule book scores residents."""
    return any(one.score is not None and one.subjects == "residents" for one in regime.stacked())


def has_private(regime: Regime) -> bool:
    """Whether some private rule book scores residents."""
    return any(
        one.score is not None and one.owner == "private" and one.subjects == "residents" for one in regime.stacked()
    )


VIEWERS = (
    Viewer(
        "own-page",
        "The resident's own page",
        "What does a resident see on opening the page?",
        "residents",
        10,
        own_page,
    ),
    Viewer(
        "friend",
        "A friend",
        "What does a friend see to whom the score is shown?",
        "residents",
        20,
        friend,
        has_private,
        "It takes a private score, such as sesame-credit.",
    ),
)
