"""A rule book, reform, city, run or the assumptions on the screen, with the source of every number."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterscore.cli.screen import Screen, plural, thousands
from counterscore.cli.settings import RESIDENTS
from counterscore.cli.shelves import assumption_row
from counterscore.errors import shell_word
from counterscore.regime import effects, words

if TYPE_CHECKING:
    from counterscore.regime.model import Regime


def show_regime(asked: str, regime: Regime, screen: Screen) -> None:
    """A rule book and those stacked with it, each rule with its source."""
    from counterscore.catalog import regime_ids, review_status

    review = review_status(regime.id) if regime.id in regime_ids() else "unreviewed"
    numbers = [number for one in regime.stacked() for number in one.numbers()]
    if screen.json:
        return screen.data(
            {
                "id": regime.id,
                "review": review,
                "marks": words.tally(numbers),
                "regimes": [one.model_dump(mode="json", by_alias=True) for one in regime.stacked()],
                "numbers": [
                    {
                        "path": ".".join(str(part) for part in number.path),
                        "value": number.value,
                        "unit": number.unit,
                        "source": number.source,
                        "mark": number.mark,
                        "borrowed": number.borrowed,
                        "file": number.at.file,
                        "line": number.at.line,
                        "column": number.at.column,
                    }
                    for number in numbers
                ],
            }
        )
    screen.heading(f"{regime.title}  ({regime.id})")
    when = f", {words.in_force(regime)}" if regime.in_force else ""
    screen.line(f"{regime.place}; {words.level(regime)}; {regime.status}{when}; {review}.")
    screen.line(f"{words.contents(regime)}.  {words.tally_in_words(numbers)}.")
    for text in (regime.purpose, regime.about):
        if text:
            screen.line()
            screen.paragraph(text.strip())
    for one in regime.stacked():
        if one is not regime:
            screen.line()
            screen.heading(f"Stacked: {one.title}  ({one.id}; {words.level(one)})")
        _show_parts(one, screen)
    copyable = regime.id if regime.id in regime_ids() else "suining-2010"
    return screen.next(f"counterscore run {shell_word(asked)}", f"counterscore copy {copyable} mine.yaml")


def _show_parts(regime: Regime, screen: Screen) -> None:
    """The tables of one rule book, without those that it stacks."""
    if regime.score:
        score = regime.score
        rhythm = f", published every {score.update}" if score.update else ""
        if regime.participation != "mandatory":
            rhythm += f"; {regime.participation}, {regime.without_consent} without consent"
        screen.line()
        screen.heading("Score")
        screen.line(
            f"  starts at {words.opening(score)}, between {words.known(score.floor)} and "
            f"{words.known(score.ceiling)}{rhythm}   "
            f"{words.sourced(score, regime)}  {words.marked(score)}"
        )
        for part in score.components:
            screen.line(f"  {part.id}: at most {part.most} {part.kind}   {words.marked(part)}   {part.label}".rstrip())
        for grade in score.grades:
            borders = f"{words.known(grade.floor)} to {words.known(grade.top)}"
            screen.line(f"  grade {grade.id:<4} {borders}   {grade.label}".rstrip())
        if not score.known:
            screen.line("  No score can be worked out from what was published.")
        elif any(span.grade is None for span in score.spans()) and score.grades:
            screen.line("  Where the borders are unknown, who has which grade cannot be said.")
        if score.dimensions:
            screen.line()
            screen.heading("Dimensions")
            screen.table(
                ("dimension", "weight", "starts at", "made of", "source (kind)", "mark"),
                [
                    (
                        one.id if m == 0 else "",
                        words.known(one.weight) if m == 0 else "",
                        f"{one.start} of 100" if m == 0 else "",
                        words.part(part),
                        words.sourced(part if part.source else one, regime),
                        words.marked(part if part.source else one),
                    )
                    for one in score.dimensions
                    for m, part in enumerate(one.parts)
                ],
                right=(1,),
            )
    if regime.catalogue:
        screen.line()
        screen.heading("Recorded acts")
        screen.table(
            ("rule", "points", "counts for", "source (kind)", "mark"),
            [
                (
                    row.id,
                    words.points(row),
                    words.counts_for(regime, row).removeprefix("for "),
                    words.sourced(row, regime),
                    words.marked(row, regime, "catalogue", n),
                )
                for n, row in enumerate(regime.catalogue)
            ],
        )
    if regime.lists:
        screen.line()
        screen.heading("Lists")
        screen.table(
            ("list", "entered on", "term", "left when", "source (kind)", "mark"),
            [
                (
                    id_,
                    words.entry(rule),
                    rule.term.text,
                    ", ".join(rule.leave) + (f"; replaces {', '.join(rule.replaces)}" if rule.replaces else ""),
                    words.sourced(rule, regime),
                    words.marked(rule, regime, "lists", id_),
                )
                for id_, rule in regime.lists.items()
            ],
        )
    if regime.doors:
        screen.line()
        screen.heading("Doors")
        screen.table(
            ("service", "effect", "when", "legal basis", "source (kind)", "mark"),
            [
                (
                    door.service + ("" if door.affects == "self" else f" (of {door.affects})"),
                    effects.in_words(door, "table"),
                    door.trigger,
                    door.legal_basis,
                    words.sourced(door, regime),
                    words.marked(door, regime, "doors", n),
                )
                for n, door in enumerate(regime.doors)
            ],
        )
    if regime.partners:
        shown = regime.partners
        screen.line()
        screen.heading("Matchmaking")
        screen.line(f"  by the grades of {shown.by}   {words.sourced(shown, regime)}  {words.marked(shown)}")
        screen.table(
            ("grade", "shown", "source (kind)", "mark"),
            [
                (
                    one.grade,
                    "unknown" if one.times is None else f"{one.times:g} times as often",
                    words.sourced(one, regime),
                    words.marked(one),
                )
                for one in shown.prominence
            ],
        )
    if regime.shown:
        screen.line()
        screen.heading("Shown to others")
        said = ((who, words.SHOWN[getattr(regime.shown, who)]) for who in ("friends", "mates"))
        screen.table(
            ("to", "rule", "source (kind)", "mark"),
            [(who, how, words.sourced(regime.shown, regime), words.marked(regime.shown)) for who, how in said],
        )
    _show_sharing(regime, screen)
    _show_rights(regime, screen)
    if regime.sources:
        screen.line()
        screen.heading("Sources")
        screen.table(
            ("source", "kind", "title", "read"),
            [(id_, one.kind, one.title, one.read) for id_, one in regime.sources.items()],
        )


def _show_sharing(regime: Regime, screen: Screen) -> None:
    """Who finds whose records, and how loans are judged."""
    if regime.sharing is None:
        if regime.catalogue:
            screen.line()
            screen.line("Sharing: not said, so every record counts at once wherever this rule book asks for it.")
    else:
        screen.line()
        screen.heading("Sharing")
        screen.table(
            ("records of", "reach", "after", "share", "within", "source (kind)", "mark"),
            [
                (
                    one.of,
                    "whoever deals with one" if one.to == "public" else one.to,
                    str(one.after or "at once"),
                    "unknown" if one.coverage is None else f"{one.coverage:.0%}",
                    one.within,
                    words.sourced(one, regime),
                    words.marked(one),
                )
                for one in regime.sharing
            ],
        )
        screen.line("  Any other record stays with the office that made it.")
    if regime.lending:
        screen.line()
        screen.heading("Loans")
        screen.table(
            ("credit file", "refused on", "score below", "refused of the rest", "source (kind)", "mark"),
            [
                (
                    one.file,
                    ", ".join(one.refused_on) or "-",
                    "-" if one.below is None else str(one.below),
                    "unknown" if one.refused is None else f"{one.refused:.0%}",
                    words.sourced(one, regime),
                    words.marked(one),
                )
                for one in regime.lending
            ],
        )


def _show_rights(regime: Regime, screen: Screen) -> None:
    rights = regime.rights
    rows: list[tuple[str, str, Any]] = []
    if rights.notice.given:
        rows.append(("notice", f"within {rights.notice.within or 'unknown time'}", rights.notice))
    if rights.appeal.available:
        human = ", by a human" if rights.appeal.human_review else ""
        rows.append(("appeal", f"decided within {rights.appeal.decide or 'unknown time'}{human}", rights.appeal))
    for rule in rights.repair.rules if rights.repair else ():
        most = f", at most {rule.at_most}" if rule.at_most else ""
        rows.append(("repair", f"{rule.severity}: after {rule.after or 'unknown time'}{most}", rule))
    if rights.retention.at_most:
        kept = f"at most {rights.retention.at_most} from {rights.retention.counted_from}"
        kept += ", longer while listed" if rights.retention.while_listed else ""
        rows.append(("retention", kept, rights.retention))
    if not (rows or regime.catalogue or regime.lists):
        return None
    screen.line()
    screen.heading("Rights")
    if not rows:
        return screen.line("  No notice, appeal, repair or limit of retention is in this rule book.")
    screen.table(
        ("right", "what", "source (kind)", "mark"),
        [(name, what, words.sourced(right, regime), words.marked(right)) for name, what, right in rows],
    )


def show_reform(id_: str, screen: Screen) -> None:
    """A reform, its changes and whom it binds."""
    from counterscore.catalog import load_reform
    from counterscore.regime.reform import levels_in_words

    reform = load_reform(id_)
    if screen.json:
        return screen.data(reform.model_dump(mode="json", by_alias=True))
    screen.heading(f"{reform.title}  ({reform.id})")
    screen.line(f"Binds {levels_in_words(reform.binds)}.")
    if reform.about:
        screen.paragraph(reform.about.strip())
    screen.line()
    for change in reform.changes:
        screen.line(f"  {change}")
    return screen.next(f"counterscore run rongcheng-2013 --with {id_}")


def show_city(id_: str, screen: Screen) -> None:
    """A city: published counts, what is assumed, and how well they fit."""
    from counterscore.catalog import load_city_spec
    from counterscore.city import synthesize

    city = synthesize(load_city_spec(id_))
    rows = (*city.fit(), *city.firm_fit())
    if screen.json:
        return screen.data(
            {
                "id": city.id,
                "title": city.title,
                "residents": city.residents,
                "sources": city.spec["sources"],
                "fit": [asdict(row) for row in rows],
            }
        )
    screen.heading(f"{city.title}  ({city.id})")
    screen.paragraph(city.describe())
    screen.line()
    screen.table(
        ("count", "category", "published", "achieved", "unit", "source", "mark"),
        [(r.marginal, r.category, _amount(r.published), _amount(r.achieved), r.unit, r.source, r.mark) for r in rows],
        right=(2, 3),
    )
    screen.line()
    screen.heading("Sources")
    screen.table(
        ("source", "kind", "title"),
        [(key, one.get("kind", ""), one.get("title", "")) for key, one in city.spec["sources"].items()],
    )
    return screen.next(f"counterscore run --city {id_} --residents {min(RESIDENTS, city.residents)}")


def _amount(value: float) -> str:
    return thousands(value) if value >= 10 else f"{value:.4f}"


def show_assumptions(screen: Screen) -> None:
    """Every assumption with its range and source."""
    from counterscore.catalog import load_assumptions

    rows = load_assumptions().rows
    if screen.json:
        return screen.data({"assumptions": [{**assumption_row(row), "note": row.note} for row in rows]})
    marks: dict[str, int] = {}
    for row in rows:
        marks[row.mark] = marks.get(row.mark, 0) + 1
    screen.heading(f"{plural(len(rows), 'assumption')} of the model")
    screen.line(", ".join(f"{count} {mark}" for mark, count in marks.items()) + ".")
    screen.line()
    screen.table(
        ("path", "value", "range", "unit", "source", "mark"),
        [(row.path, f"{row.value:g}", _range(row), row.unit, row.source, row.mark) for row in rows],
        right=(1,),
    )
    return screen.next("counterscore run --set errors.untrue=0.002")


def _range(row: Any) -> str:
    return "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"


def show_run(folder: Path, screen: Screen) -> None:
    """What was run, with what, and how long it took."""
    from counterscore.cli.results import describe

    describe(folder, screen)
