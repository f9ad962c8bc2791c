"""Commands that read: list, show, copy and month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_regime, find_run, is_file, run_folders
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural, thousands
from counterscore.cli.settings import RESIDENTS
from counterscore.errors import CounterscoreError, UsageError, did_you_mean, shell_word
from counterscore.files import write_for_hand
from counterscore.regime import words

if TYPE_CHECKING:
    from counterscore.regime.model import Regime

Row = dict[str, Any]
_TITLES = {"replays": "replicates"}  #: headings of columns that are called otherwise in JSON


def _regimes() -> list[Row]:
    from counterscore.catalog import load_regime, regime_ids, review_status

    found = []
    for id_ in regime_ids():
        regime = load_regime(id_)
        found.append(
            {
                "id": id_,
                "title": regime.title,
                "status": regime.status,
                "kind": words.kind(regime),
                "contents": words.contents(regime),
                "review": review_status(id_),
            }
        )
    return found


def _reforms() -> list[Row]:
    from counterscore.catalog import load_reform, reform_ids

    return [{"id": id_, "title": load_reform(id_).title} for id_ in reform_ids()]


def _cities() -> list[Row]:
    from counterscore.catalog import city_ids, load_city_spec

    specs = [load_city_spec(id_) for id_ in city_ids()]
    return [{"id": spec["id"], "title": spec["title"], "residents": int(spec["residents"]["value"])} for spec in specs]


def _claims() -> list[Row]:
    from counterscore.claims import claim_ids, load_claim

    claims = [load_claim(name) for name in claim_ids()]
    return [
        {"id": one.id, "side": one.side, "measure": one.measure or "cannot be tested here", "claim": one.text}
        for one in claims
    ]


def _lessons() -> list[Row]:
    from counterscore.lessons import lesson_ids, load_lesson

    lessons = [load_lesson(id_) for id_ in lesson_ids()]
    return [{"id": one.id, "minutes": one.minutes, "title": one.title} for one in lessons]


def _charts() -> list[Row]:
    from counterscore.charts import all_charts

    return [{"number": one.number, "id": one.id, "question": one.question} for one in all_charts()]


def _measures() -> list[Row]:
    from counterscore.measures import all_measures

    return [{"id": one.id, "unit": one.unit, "question": one.question} for one in all_measures()]


def _acts() -> list[Row]:
    from counterscore.regime.vocabulary import ACTS

    return [
        {"id": act.id, "of": act.subject, "context": act.context, "kind": str(act.kind), "label": act.label}
        for act in ACTS
    ]


def _services() -> list[Row]:
    from counterscore.regime.vocabulary import SERVICES

    return [
        {"id": one.id, "of": one.subject, "domain": one.domain, "essential": one.essential, "label": one.label}
        for one in SERVICES
    ]


def _domains() -> list[Row]:
    from counterscore.regime.vocabulary import DOMAINS, SERVICES

    return [
        {"id": domain, "services": ", ".join(one.id for one in SERVICES if one.domain == domain)} for domain in DOMAINS
    ]


def _assumptions() -> list[Row]:
    from counterscore.catalog import load_assumptions

    return [_assumption(row) for row in load_assumptions().rows]


def _assumption(row: Any) -> Row:
    return {
        "id": row.path,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "source": row.source,
        "mark": row.mark,
    }


def _runs() -> list[Row]:
    from counterscore.results import read_record

    found: list[Row] = []
    for folder in run_folders():
        try:
            record = read_record(folder)
        except CounterscoreError as error:
            found.append({"id": folder.name, "worlds": f"not read: {error.message or error}".splitlines()[0]})
            continue
        found.append(
            {
                "id": folder.name,
                "worlds": ", ".join(world["name"] for world in record["worlds"]),
                "city": record["city"]["id"],
                "residents": record["city"]["residents"],
                "months": record["months"],
                "replays": record["replays"],
                "created": record["created"],
                "state": _state(folder),
            }
        )
    return found


def _state(folder: Path) -> str:
    """``partial: 3 of 40 parts``, ``stale: mine.yaml``, or nothing to say."""
    from counterscore.results import Run
    from counterscore.stale import changed_files

    try:
        run = Run(folder)
        told = [f"partial: {len(run.finished)} of {len(run.worlds) * int(run.record['replays'])} parts"]
        changed = changed_files(run)
    except CounterscoreError as error:
        return f"cannot be read: {str(error).splitlines()[0]}"
    return "; ".join([*(told if run.partial else []), *([f"stale: {', '.join(changed)}"] if changed else [])])


def _topics() -> list[Row]:
    from counterscore.cli.topics import TOPICS

    return [{"id": id_, "about": about} for id_, (about, _) in TOPICS.items()]


SHELVES: dict[str, Callable[[], list[Row]]] = {
    "regimes": _regimes,
    "reforms": _reforms,
    "cities": _cities,
    "measures": _measures,
    "charts": _charts,
    "claims": _claims,
    "lessons": _lessons,
    "acts": _acts,
    "services": _services,
    "domains": _domains,
    "assumptions": _assumptions,
    "runs": _runs,
    "topics": _topics,
}
_AFTER = {
    "regimes": "counterscore show suining-2010",
    "reforms": "counterscore run rongcheng-2013 --with expiry-24mo",
    "cities": "counterscore show beijing",
    "measures": "counterscore numbers latest",
    "charts": "counterscore chart doors latest",
    "claims": "counterscore claim check green-channel",
    "lessons": "counterscore lesson print who-gets-listed",
    "acts": "counterscore help acts",
    "services": "counterscore help domains",
    "domains": "counterscore help domains",
    "assumptions": "counterscore run --set errors.untrue=0.002",
    "runs": "counterscore show latest",
    "topics": "counterscore help marks",
}


@command("list")
def list_(
    what: Annotated[str, typer.Argument(help=" | ".join(SHELVES), metavar="WHAT")] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """List what there is: regimes, reforms, cities, measures, runs and more.

    counterscore list regimes         the rule books that come with it
    counterscore list assumptions     every assumption with range and source
    counterscore list runs            the runs in ./runs, newest first
    """
    screen = Screen(json, quiet, no_color)
    if not what:
        raise UsageError("say what to list", suggestion=f"Lists: {', '.join(SHELVES)}.")
    if what not in SHELVES:
        close = did_you_mean(what, SHELVES)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'there is no list of "{what}"', suggestion=f"{hint}Lists: {', '.join(SHELVES)}")
    rows = SHELVES[what]()
    if json:
        return screen.data({what: rows})
    if not rows:
        return screen.note("There is none yet.  Make one: counterscore run")
    headings = list(dict.fromkeys(key for row in rows for key in row))
    numeric = [i for i, key in enumerate(headings) if any(_is_number(row.get(key)) for row in rows)]
    titles = [_TITLES.get(one, one) for one in headings]
    screen.table(titles, [[_cell(row.get(key)) for key in headings] for row in rows], right=numeric)
    screen.next(_AFTER[what])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case int():
            return thousands(value)
        case float():
            return f"{value:g}"
    return str(value)


@command("show")
def show(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="A regime or reform (id or file), a city, a run, or assumptions.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Read a regime, a city or a run, with the source of every number.

    counterscore show suining-2010    each rule, its source and kind of source
    counterscore show beijing         published counts and how well they fit
    counterscore show latest          what was run, with what, how long it took
    counterscore show assumptions     what the model assumes, with ranges
    """
    from counterscore.catalog import city_ids, reform_ids, regime_ids

    screen = Screen(json, quiet, no_color)
    if not what:
        raise UsageError(
            "say what to show: a regime, a reform, a city, a run, or assumptions",
            suggestion="Write for example: counterscore show suining-2010, or counterscore show latest",
        )
    if what == "assumptions":
        return _show_assumptions(screen)
    if what in city_ids():
        return _show_city(what, screen)
    if what in reform_ids():
        return _show_reform(what, screen)
    if what in regime_ids() or (is_file(what) and Path(what).suffix in {".yaml", ".yml"}):
        return _show_regime(what, find_regime(what), screen)
    if what == LATEST or Path(what).is_dir() or what in {folder.name for folder in run_folders()}:
        return _show_run(find_run(what), screen)
    known = [*regime_ids(), *reform_ids(), *city_ids(), "assumptions", LATEST]
    close = did_you_mean(what, known)
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(
        f'nothing is called "{what}"',
        suggestion=f"{hint}All: counterscore list regimes, reforms, cities or runs",
    )


def _show_regime(asked: str, regime: Regime, screen: Screen) -> None:
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
                    words.effect(door),
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


def _show_reform(id_: str, screen: Screen) -> None:
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


def _show_city(id_: str, screen: Screen) -> None:
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


def _show_assumptions(screen: Screen) -> None:
    from counterscore.catalog import load_assumptions

    rows = load_assumptions().rows
    if screen.json:
        return screen.data({"assumptions": [{**_assumption(row), "note": row.note} for row in rows]})
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


def _show_run(folder: Path, screen: Screen) -> None:
    from counterscore.cli.results import describe

    describe(folder, screen)


@command("copy")
def copy(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="A regime that comes with counterscore.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; an existing one is never replaced.")],
    new_id: Annotated[
        str, typer.Option("--id", metavar="ID", help="The id of your rule book; made from FILE's name by default.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Start your own rule book from one that exists.

    counterscore copy suining-2010 mine.yaml
    counterscore check mine.yaml
    counterscore run mine.yaml --also suining-2010

    The copy has an id of its own, so that both can be run side by side; until it is
    changed, all that they do is the same.
    """
    from counterscore.catalog import load_regime, own_copy

    screen = Screen(json, quiet, no_color)
    load_regime(preset)  # an unknown id is told with a suggestion
    text = own_copy(preset, file, new_id)
    write_for_hand(file, text)
    id_ = next(line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: "))
    if json:
        return screen.data({"copied": preset, "file": str(file), "id": id_})
    screen.line(f"Copied {preset} to {file}, as {id_}")
    screen.next(f"counterscore check {shell_word(file)}", f"counterscore diff {shell_word(preset)} {shell_word(file)}")


@command("month")
def month(json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Print the steps of one month in their order, with what each reads and writes.

    counterscore month
    counterscore month --json
    """
    from counterscore.engine import FIRM_STEPS, month_order

    screen = Screen(json, quiet, no_color)
    steps = month_order()
    if json:
        return screen.data({"steps": [asdict(step) for step in steps]})
    screen.line("Every month, every resident, in this order:")
    for step in steps:
        screen.line()
        screen.heading(f"{step.number}. {step.title}")
        screen.paragraph(step.claim, indent=3)
        for name, items in (("reads", step.reads), ("writes", step.writes), ("assumes", step.assumptions)):
            if items:
                screen.paragraph(f"{name:<8} {', '.join(items)}", indent=3)
    screen.line()
    screen.line("Firms, where a rule book is about them, take the same steps between 6 and 7, with these differences:")
    for title, claim in FIRM_STEPS:
        screen.line()
        screen.heading(title)
        screen.paragraph(claim, indent=3)
    screen.next("counterscore list assumptions", "counterscore method latest")
