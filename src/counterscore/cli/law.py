"""``law``: a rule book read limb by limb against legal sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.places import find_regime, find_run, split_ids
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError, VerifyError, shell_word
from counterscore.files import write_for_hand

if TYPE_CHECKING:
    from counterscore.laws import Annex
    from counterscore.laws.compare import Moved
    from counterscore.regime.model import Regime
    from counterscore.results import Run


@command("law")
def law(
    regime: Annotated[
        str | None,
        typer.Argument(metavar="[REGIME]", help="A rule book: id or file. Left out: the sources are listed."),
    ] = None,
    under: Annotated[
        str, typer.Option("--under", metavar="eu,uk,us,...", help="Under which law; that of its place by default.")
    ] = "",
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day of the law; the rule book's own, or today.")
    ] = None,
    facts: Annotated[Path | None, typer.Option("--facts", metavar="FILE", help="Answers, see --ask.")] = None,
    ask: Annotated[
        Path | None, typer.Option("--ask", metavar="FILE", help="Write every open question into a file of facts.")
    ] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="Put measured results of a run beside.")
    ] = None,
    with_: Annotated[str, typer.Option("--with", metavar="REFORM,...", help="Reforms applied first.")] = "",
    check: Annotated[str, typer.Option("--check", metavar="ID,...", help="Only these checks, told in full.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Tell every finding in full, not only those met.")] = False,
    related: Annotated[
        Path | None, typer.Option("--related", metavar="FILE", help="Another table of what is related.")
    ] = None,
    scale: Annotated[Path | None, typer.Option("--scale", metavar="FILE", help="Another scale of severity.")] = None,
    silence_means_no: Annotated[
        bool, typer.Option("--silence-means-no", help="In a scenario, take what is not written as absent.")
    ] = False,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="Write the witnesses as a file of cases.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", metavar="FILE", help="Compare with a second reading.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Read a rule book limb by limb against legal sources. Never a verdict.

      counterscore law suining-2010 --under eu --as-of today
      counterscore law mine.yaml --under eu,uk --ask facts.yaml
      counterscore law mine.yaml --under eu --facts facts.yaml --run latest
      counterscore law beijing-points --under cn --check CN-18 --as-of 2026-04-01
      counterscore law

    Each limb is met, not met, or needs facts; what the file is silent on is
    never taken as absent. Measured results stand beside and change nothing.
    """
    screen = Screen(json, quiet, no_color)
    if regime is None:
        return _sources(screen)
    from counterscore.catalog.tables import read_related, read_scale
    from counterscore.laws import asking, find_check, findings

    book = find_regime(regime, split_ids([with_]))
    if compare is not None:
        return _compare(screen, compare)
    lived = _run(run, book.id) if run is not None else None
    annex = findings(
        book,
        under=under,
        as_of=as_of,
        facts=facts,
        run=lived,
        related=read_related(related) if related else None,
        scale=read_scale(scale) if scale else None,
        silence_means_no=silence_means_no,
    )
    if ask is not None:
        write_for_hand(ask, asking(book, annex.asks, annex.facts))
        if json:
            return screen.data({"file": str(ask), "questions": len(annex.asks)})
        screen.line(f"Saved  {ask}   ({len(annex.asks)} open questions)")
        return screen.next(f"{_asked(regime, under)} --facts {shell_word(ask)}")
    if cases is not None:
        from counterscore.laws.paper import cases_text

        witnesses = [witness for one in annex.met for witness in one.witnesses]
        write_for_hand(cases, cases_text(book, witnesses))
        if json:
            return screen.data({"file": str(cases), "witnesses": len(set(witnesses))})
        screen.line(f"Saved  {cases}")
        return screen.next(f"counterscore case {shell_word(regime)} {shell_word(cases)}")
    only = split_ids([check])
    for id_ in only:
        find_check(id_)
    if json:
        data = annex.as_json()
        if only:
            data["findings"] = [one for one in data["findings"] if one["check"] in only]
        return screen.data(data)
    return _tell(screen, annex, only, full, _asked(regime, under))


def _run(name: str, book: str) -> Run:
    from counterscore.results import Run

    run = Run(find_run(name))
    if book not in {part["id"] for world in run.record["worlds"] for part in world["parts"]}:
        lives = ", ".join(run.worlds)
        raise UsageError(
            f"the run {run.path.name} has no world with {book}",
            suggestion=f"It has: {lives}. Run it: counterscore run {book}",
        )
    return run


def _asked(regime: str, under: str) -> str:
    """The command that was given, for adding to."""
    return f"counterscore law {shell_word(regime)}" + (f" --under {shell_word(under)}" if under else "")


def _tell(screen: Screen, annex: Annex, only: tuple[str, ...], full: bool, command_: str) -> None:
    from counterscore.laws import words

    for line in words.heading(annex):
        screen.paragraph(line)
    screen.line()
    if only:
        wanted = [one for one in annex if one.check in only]
        if not wanted:
            raise UsageError(f"{', '.join(only)} is not read under {', '.join(annex.under)}", suggestion="Add --under.")
    else:
        wanted = list(annex) if full else list(annex.met)
        screen.table(("check", "source", "result", "limb"), words.rows(annex))
    for one in wanted:
        screen.line()
        for line in words.prose(one):
            indent = len(line) - len(line.lstrip())
            screen.paragraph(line.lstrip(), indent + (2 if line.lstrip().startswith("- ") else 0))
    asked = words.questions_open(annex)
    if asked and not only:
        screen.line()
        screen.heading("Open questions")
        screen.table(("question", "about", "for", "who could know"), asked)
    screen.line()
    for line in annex.closing():
        screen.paragraph(line)
    hints = []
    if asked:
        hints.append(f"{command_} --ask facts.yaml")
    if any(one.standing == "not yet law" for one in annex) and not annex.met and not annex.open:
        hints.insert(0, f"{command_} --as-of today")
    if not only and not full:
        hints.append(f"{command_} --full")
    if hints:
        screen.next(*hints)


def moved_between(a: Regime, b: Regime, under: str, as_of: str) -> list[tuple[str, Moved]] | None:
    """The findings that come out differently, of the heads and of the rule books both stack; None where no law is named."""
    from counterscore.laws import findings
    from counterscore.laws.compare import moved
    from counterscore.laws.source import home_of

    if not under and home_of(b.place, b.level, b.owner)[0] is None:
        return None
    theirs = {one.id: one for one in b.stacked()[1:]}
    pairs = [(a, b), *((one, theirs[one.id]) for one in a.stacked()[1:] if one.id in theirs)]
    found = []
    for one, other in pairs:
        names = under or home_of(other.place, other.level, other.owner)[0]
        if names:
            readings = [findings(book, under=names, as_of=as_of) for book in (one, other)]
            found += [(other.id, differs) for differs in moved(*readings)]
    return found


def tell_moved(screen: Screen, found: list[tuple[str, Moved]] | None, place: str) -> None:
    """Which findings appear and disappear, after what differs between two rule books."""
    screen.line()
    if found is None:
        return screen.paragraph(
            f'Findings of law: none were read, since "{place}" lies in no territory known here. Add --under eu.'
        )
    if not found:
        return screen.line("Findings of law: none appears, disappears or changes.")
    counts = {how: sum(one.how == how for _, one in found) for how in ("appears", "disappears", "changes")}
    screen.line(
        "Findings of law: " + ", ".join(f"{n} {how.removesuffix('s') if n != 1 else how}" for how, n in counts.items())
    )
    screen.table(
        ("check", "how", "result", "limb", "rule book"),
        [(one.check, one.how, f"{one.old} -> {one.new}", one.limb, book) for book, one in found],
    )
    return screen.paragraph("Findings are no verdicts. This is no legal advice.")


def _sources(screen: Screen) -> None:
    from counterscore.laws import laws, territories

    rows = []
    for one in laws():
        off = [check.id for check in one.checks if check.reading == "recalled"]
        rows.append(
            {
                "territory": one.territory,
                "source": one.short,
                "title": one.title,
                "standing": one.standing,
                "from": "" if one.start is None else one.start.isoformat(),
                "to": "" if one.end is None else one.end.isoformat(),
                "checks": [check.id for check in one.checks],
                "off": off,
            }
        )
    if screen.json:
        return screen.data({"territories": {name: one.where for name, one in territories().items()}, "sources": rows})
    screen.table(
        ("under", "source", "from", "checks", "off: recalled, not read again"),
        [
            (
                str(one["territory"]),
                str(one["source"]),
                str(one["from"] or one["standing"]) + (f" to {one['to']}" if one["to"] else ""),
                f"{one['checks'][0]} to {one['checks'][-1]}" if len(one["checks"]) > 1 else one["checks"][0],
                ", ".join(one["off"]),
            )
            for one in rows
        ],
    )
    return screen.next("counterscore law suining-2010 --under eu --as-of today")


def _compare(screen: Screen, file: Path) -> None:
    from counterscore.laws.second_reading import compared, read_second_reading

    found = compared(read_second_reading(file))
    differ = [one for one in found if not one.agrees]
    if screen.json:
        screen.data({"file": str(file), "compared": len(found), "differ": [one.as_json() for one in differ]})
    else:
        for one in differ:
            screen.paragraph(str(one))
        screen.line(f"{len(found)} expected results compared, {len(differ)} differ.")
    if differ:
        raise typer.Exit(VerifyError.exit_code)
