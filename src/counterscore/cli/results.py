"""Commands that look at a run folder: numbers, verify, digest and method."""

from __future__ import annotations

import shlex
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore import wording
from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural, seconds_in_words
from counterscore.errors import CounterscoreError, RunError, UsageError, VerifyError, did_you_mean
from counterscore.run_folder import MANIFEST

if TYPE_CHECKING:
    from counterscore.headlines import Row
    from counterscore.paired import Difference, InCity
    from counterscore.results import Run

RunName = Annotated[str, typer.Argument(help="A run folder, its name in runs/, or latest.", metavar="RUN")]


@command("numbers")
def numbers(
    run: RunName = LATEST,
    topic: Annotated[str, typer.Option("--topic", metavar="TOPIC", help="One topic only, such as lists.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="All measures of all worlds, also those that do not apply.")
    ] = False,
    world: Annotated[str, typer.Option("--world", metavar="WORLD", help="Topics of this world.")] = "",
    prose: Annotated[bool, typer.Option("--prose", help="Sentences with denominators and ranges.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="GROUP", help="Split by a group of residents.")] = "",
    measure: Annotated[str, typer.Option("--measure", metavar="ID", help="One measure; needed with --by.")] = "",
    echo: Annotated[
        bool, typer.Option("--echo", help="First measure which results only repeat an input; takes minutes, once.")
    ] = False,
    inputs: Annotated[
        str, typer.Option("--inputs", metavar="PATTERN,...", help="Inputs for --echo; all of them by default.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print what a run found, with ranges, compared with its baseline.

      counterscore numbers latest                 six headlines a world, then topics
      counterscore numbers latest --topic errors
      counterscore numbers latest --all
      counterscore numbers latest --prose
      counterscore numbers latest --by registration --measure listed_ever
      counterscore numbers runs/demo --json
      counterscore numbers latest --echo --inputs "errors.*,response.*"

    A range is the middle 90 % of replicates (counterscore help ranges).  With
    --echo each input is moved a little in a small sample city; a result that
    moves by as much (elasticity 0.8 to 1.2) is an echo of it.  That is kept with
    the run, so that later outputs say so too.
    """
    from counterscore import headlines, paired
    from counterscore.measures import TOPICS
    from counterscore.results import Run
    from counterscore.stale import changed_files

    screen = Screen(json, quiet, no_color)
    if topic and topic not in TOPICS:
        close = did_you_mean(topic, TOPICS)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no topic is called "{topic}"', suggestion=f"{hint}Topics: {', '.join(TOPICS)}.")
    found = Run(find_run(run))
    caution(found, screen)
    if inputs and not echo:
        raise UsageError("--inputs belongs to --echo", suggestion="Write: counterscore numbers RUN --echo --inputs ...")
    if world and world not in found.worlds:
        raise UsageError(f'the run has no world "{world}"', suggestion=f"It has: {', '.join(found.worlds)}.")
    if echo:
        _measure_echoes(found, tuple(one.strip() for one in inputs.split(",") if one.strip()), screen)
        found = Run(found.path)
    if by or measure:
        return _one_measure(found, measure or "listed_ever", by, screen, world)
    if prose and not json:
        return screen.paragraph(headlines.prose(found))
    if json:
        return screen.data(
            paired.numbers(found)
            | {
                "headlines": [
                    row.as_json() for name in headlines.told_worlds(found) for row in headlines.rows(found, name)
                ],
                "prose": headlines.prose(found),
                "stale": list(changed_files(found)),
            }
        )
    if topic:
        for name in (world,) if world else headlines.told_worlds(found):
            show_topics(found, name, screen, topic)
        return None
    show_headlines(found, screen)
    worlds = (world,) if world else headlines.told_worlds(found)
    for name in worlds if everything or world else worlds[:1]:
        show_topics(found, name, screen)
    if everything:
        show_unsaid(found, screen)
    _footnotes(found, screen, everything)
    path = shlex.quote(run)
    more = [] if everything else [f"counterscore numbers {path} --all"]
    return screen.next(*more, f"counterscore numbers {path} --by registration --measure listed_ever")


def _measure_echoes(found: Run, inputs: tuple[str, ...], screen: Screen) -> None:
    from counterscore.echo import measure_echoes, planned

    many, seconds = planned(found, inputs=inputs)
    fewer = "" if inputs else '; fewer: --inputs "errors.*,response.*"'
    screen.note(f"echoes   {plural(many, 'input')} to move, about {seconds_in_words(seconds)} in all{fewer}")
    began = time.monotonic()

    def progress(done: int, total: int) -> None:
        if done in {1, total} or done % max(1, total // 10) == 0:
            left = (time.monotonic() - began) / done * (total - done)
            screen.note(f"echoes   {done}/{total} inputs moved   about {seconds_in_words(left)} left")

    measure_echoes(found, inputs=inputs, progress=progress)


def show_headlines(found: Run, screen: Screen, *, findings: bool = False) -> None:
    """The six rows of every world: value, range, what it is compared with, unit; and a sentence for each finding."""
    from counterscore import headlines

    for world in headlines.told_worlds(found):
        rows = headlines.rows(found, world)
        entry = next(one for one in found.record["worlds"] if one["name"] == world)
        screen.heading(f"{headlines.rules_in_words(entry)}  ({world})")
        _show_rows(found, world, rows, screen, [row.label for row in rows])
        screen.line()
        if findings:
            for sentence in headlines.findings(found, world):
                screen.paragraph(sentence)
            screen.line()


def show_topics(found: Run, world: str, screen: Screen, topic: str = "") -> None:
    """All measures that say something about a world, by topic, the questions as labels."""
    from counterscore import headlines
    from counterscore.measures import TOPICS

    for name, rows in headlines.by_topic(found, world, topic or None).items():
        screen.heading(f"{TOPICS[name]}   ({world}, --topic {name})")
        _show_rows(found, world, rows, screen, [row.of.question for row in rows], ids=True)
        screen.line()


def _show_rows(
    found: Run, world: str, rows: Sequence[Row], screen: Screen, labels: Sequence[str], *, ids: bool = False
) -> None:
    from counterscore.paired import against

    others = against(found, world)
    many = len(found.replays(world))
    table = []
    for label, row in zip(labels, rows, strict=True):
        gaps = [row.difference_from(other) for other in others]
        table.append(
            (
                *((row.of.id,) if ids else ()),
                label,
                row.value,
                row.spread,
                *(gap.text or gap.note if gap else "" for gap in gaps),
                row.unit + _echo(row, gaps),
            )
        )
    headings = (
        *(("id",) if ids else ()),
        "",
        "mean",
        f"middle 90 % of {many} replicates",
        *(f"compared with {other} (90 % interval)" for other in others),
        "unit",
    )
    screen.table(headings, table, right=(2, 3) if ids else (1, 2))


def show_unsaid(found: Run, screen: Screen) -> None:
    """Measures that say nothing about a world, with the reason."""
    from counterscore import headlines
    from counterscore.measures import all_measures, measure

    for world in headlines.told_worlds(found):
        told: dict[str, list[str]] = {}
        for one in all_measures():
            got = measure(found, one.id, world=world)[0]
            if got.value is None:
                told.setdefault(got.note, []).append(one.id)
        for note, names in told.items():
            screen.paragraph(f"{world}: {note}:  {', '.join(names)}.", indent=2)
        screen.line()


def _footnotes(found: Run, screen: Screen, everything: bool) -> None:
    from counterscore import headlines, wording

    if everything:
        declared = sorted(
            {
                f"{row.of.id} ({row.found.echo_of})"
                for world in headlines.told_worlds(found)
                for rows in headlines.by_topic(found, world).values()
                for row in rows
                if row.found.echo_of and not row.found.echo
            }
        )
        if declared:
            screen.paragraph(f"* echo by its definition: repeats an input in part.  {'; '.join(declared)}.")
    else:
        screen.paragraph("* echo by its definition: repeats an input in part (counterscore help echo).")
    sample = found.echoes.get("city")
    screen.paragraph(
        f"Echoes were measured in {sample['residents']:,} residents and {wording.replicates(sample['replays'])}, one input "
        "at a time."
        if sample
        else "Which results repeat an input was not measured here: counterscore numbers RUN --echo"
    )
    screen.paragraph(
        "Residents and luck are the same in all worlds.  Ranges cover chance between replicates, not the assumptions.  "
        "Limits of each measure: counterscore help ID"
    )


def _echo(row: Row, gaps: Sequence[Difference | None]) -> str:
    """What a result repeats, as a tag behind its unit."""
    tags = [f"echo of {row.found.echo}"] if row.found.echo else []
    tags += [f"difference: echo of {gap.echo}" for gap in gaps if gap is not None and gap.echo]
    return ("   " + "; ".join(tags) if tags else "") + (" *" if row.found.echo_of and not row.found.echo else "")


@command("cities")
def cities(
    runs: Annotated[list[str], typer.Argument(help="Runs of the same rule book, one for each city.", metavar="RUN...")],
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Set the same rule book in several cities side by side.

      counterscore cities runs/in-beijing runs/in-the-county

    Each city is compared with its own baseline.  The runs may differ in nothing
    but their city: counterscore run REGIME --city beijing --city county
    """
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = [Run(find_run(run)) for run in runs]
    for run in found:
        caution(run, screen)
    show_cities(found, screen)


def show_cities(runs: list[Run], screen: Screen) -> None:
    """One row for each measure, one column for each city, with the difference from the baseline there."""
    from counterscore import paired

    found = paired.across(runs)
    base = runs[0].baseline
    if screen.json:
        rows = {name: [asdict(one) for one in row] for name, row in found.items()}
        return screen.data({"world": runs[0].worlds[0], "baseline": base, "measures": rows})
    of = f"   (in brackets: difference from {base} in the same city)" if base else ""
    screen.heading(f"{runs[0].worlds[0]}{of}")
    names = [run.record["city"]["id"] for run in runs]
    table = []
    for name, row in found.items():
        if any(one.measured.value is not None for one in row):
            cells = [_in_city(one) for one in row]
            table.append((name.replace("_", " "), *cells, row[0].measured.unit))
    screen.table(("measure", *names, "unit"), table, right=tuple(range(1, len(names) + 1)))
    unsaid = {f"{name.replace('_', ' ')}: {row[0].measured.note}" for name, row in found.items() if not _any(row)}
    for sentence in sorted(unsaid):
        screen.line(f"  {sentence}")
    screen.paragraph(
        "Cities have their own residents and luck: they are set side by side, not subtracted from each other.  "
        "Ranges and limits: counterscore numbers RUN"
    )
    return None


def _any(row: Any) -> bool:
    return any(one.measured.value is not None for one in row)


def _in_city(row: InCity) -> str:
    if row.measured.value is None:
        return "-"
    told = wording.number(row.measured.value)
    return f"{told} ({row.difference.text})" if row.difference and row.difference.text else told


def describe(folder: Path, screen: Screen) -> None:
    """What a run was: worlds, city, length, what is finished and what it took."""
    from counterscore.results import Run
    from counterscore.stale import changed_files

    found = Run(folder)
    record = found.record
    if screen.json:
        return screen.data(
            {
                "run": str(folder),
                "record": record,
                "finished": sorted(found.finished),
                "partial": found.partial,
                "stale": list(changed_files(found)),
                "resources": found.resources,
                "problems": found.problems(),
            }
        )
    screen.heading(str(folder))
    for world in record["worlds"]:
        named = " (the baseline)" if world["name"] == found.baseline else ""
        screen.line(f"  {world['name']}{named}: {world['title']}")
    city = record["city"]
    screen.line(
        f"  {city['residents']:,} synthetic residents of {city['title']}, {record['months']} months from {record['start']}"
    )
    of = len(found.worlds) * int(record["replays"])
    state = f"partial: {len(found.finished)} of {of} parts are finished" if found.partial else "complete"
    screen.line(
        f"  {wording.replicates(record['replays'])}, random seed {record['seed']}; {state}; {record['created']}"
    )
    for key, value in found.resources.items():
        screen.line(f"  {key.replace('_', ' ')}: {value:,}")
    for sentence in found.problems():
        screen.warn(sentence)
    warn_of_changes(found, screen)
    if found.partial:
        screen.next(f"counterscore run --resume {shlex.quote(str(folder))}")
    return None


def _one_measure(found: Run, name: str, by: str, screen: Screen, world: str = "") -> None:
    from counterscore.measures import find_measure, measure

    rows = measure(found, name, by=by or None, world=world or None)
    if screen.json:
        return screen.data(
            {"run": str(found.path), "measure": name, "by": by or None, "rows": [asdict(row) for row in rows]}
        )
    one = find_measure(name)
    screen.heading(f"{one.question}   {one.unit}, {world or found.worlds[0]}")
    screen.table(
        (by or "who", "mean (middle 90 % of replicates)", "rests on", ""),
        [(row.group, row.text if row.value is not None else "-", f"{row.rests_on:,.0f}", row.note) for row in rows],
        right=(1, 2),
    )
    screen.paragraph(f"{one.definition}.  Limits: {one.limits}.")
    return None


def caution(found: Run, screen: Screen) -> None:
    """What a reader must know before the numbers: missing or damaged parts."""
    problems = found.problems()
    if problems:
        raise RunError(problems[0], suggestion=found.remedy(problems[0]))
    if not found.finished:
        raise RunError(
            f"{found.path} has no finished replicate",
            suggestion=f"Go on: counterscore run --resume {shlex.quote(str(found.path))}",
        )
    if found.partial:
        total = len(found.worlds) * int(found.record["replays"])
        screen.warn(f"Partial: {len(found.finished)} of {total} parts of this run are finished.")
    warn_of_changes(found, screen)


def warn_of_changes(found: Run, screen: Screen) -> None:
    """Say that rule books were edited after the run (its numbers are stale), or that assumptions are out of range."""
    from counterscore.headlines import outside_in_words, stale_in_words
    from counterscore.stale import changed_files

    changed = changed_files(found)
    if changed:
        screen.warn(f"{stale_in_words(changed)}  Again: {found.record['command'] or 'counterscore run'}")
    if outside := outside_in_words(found):
        screen.warn(outside)


@command("verify")
def verify(
    run: Annotated[str, typer.Argument(help="A run, latest, or a bundle (.zip).", metavar="RUN|BUNDLE")] = LATEST,
    other: Annotated[str, typer.Argument(metavar="[RUN]", help="Compare with this run instead of re-running.")] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Run again from the record and compare every cell; exit code 5 where one differs.

    counterscore verify latest
    counterscore verify runs/demo runs/demo-2
    counterscore verify evidence.zip
    """
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    if Path(run).suffix == ".zip":
        return _verify_bundle(Path(run), screen)
    found = Run(find_run(run), checked=False)  # what has changed is named by its cell
    changed = found.problems()
    if not changed:
        caution(found, screen)
    with tempfile.TemporaryDirectory(prefix="counterscore-verify-") as folder:
        try:
            second = Run(find_run(other), checked=False) if other else _again(found, Path(folder) / "run")
        except CounterscoreError:
            if changed and not other:  # a damaged record asks for what nobody has: that is not what is wrong
                raise VerifyError(
                    f"runs differ: {changed[0]}", suggestion="Make the run again, in another folder, and compare."
                ) from None
            raise
        changed += second.problems()
        difference = first_difference(found, second, changed)
        seconds = second.resources.get("seconds", 0.0)
    same = difference is None
    if json:
        screen.data(
            {"run": str(found.path), "identical": same, "first_difference": difference, "problems": changed}
            | ({"digest": list(found.digest())} if same else {})
        )
    elif same:
        screen.line(
            f"Same inputs, version {found.record['software']['counterscore']}.  Re-ran in {seconds_in_words(seconds)}."
        )
        screen.line(f"All tables identical.   sha256 {found.digest()[0]}")
    if not same:
        raise VerifyError(f"runs differ: {difference}", suggestion="Compare the versions in both record.json files.")


def first_difference(found: Run, second: Run, changed: Sequence[str]) -> str | None:
    """The first cell at which two runs differ; where that can't be told, or no cell does, the first damaged file.

    A damaged manifest is told before anything: what it no longer names only looks as if it were missing.
    """
    for fault in changed:
        if MANIFEST in fault:
            return fault
    try:
        difference = found.first_difference(second)
    except RunError as error:
        return changed[0] if changed else error.message
    return difference or (changed[0] if changed else None)


def _verify_bundle(file: Path, screen: Screen) -> None:
    from counterscore.bundle import is_bundle
    from counterscore.bundle import verify as check

    if not file.exists():
        raise UsageError(
            f"{file} does not exist", suggestion="Make one: counterscore export latest --bundle evidence.zip"
        )
    if not is_bundle(file):
        raise RunError(f"{file} is not a bundle: it contains no run", suggestion="See: counterscore export --help")
    found = check(file)
    if screen.json:
        screen.data({"bundle": str(file), **found.as_json()})
    elif found.identical:
        screen.line(f"Same inputs, version {found.versions[0]}.  Re-ran in {seconds_in_words(found.seconds)}.")
        screen.line(str(found))
    if not found.identical:
        here, there = found.versions
        raise VerifyError(f"{file}: {found}", suggestion=f"Versions: {here} here, {there} in the bundle.")


def _again(found: Run, out: Path) -> Run:
    """The same run once more, from nothing but its record."""
    from counterscore.simulation import again

    return again(found, out)


@command("digest")
def digest(run: RunName = LATEST, json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Print one sha256 over all columns of residents and one over all counts.

      counterscore digest latest

    Equal for equal inputs, whatever the threads, the machine, or stops on the way.
    """
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    columns, counts = Run(find_run(run)).digest()
    if json:
        return screen.data({"columns": columns, "counts": counts})
    screen.line(f"{columns}  columns")
    return screen.line(f"{counts}  counts")


@command("method")
def method(
    run: RunName = LATEST,
    words: Annotated[int, typer.Option("--words", metavar="N", help="At most this many words.")] = 0,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print how a run was made, in the seven headings of the ODD protocol.

    counterscore method latest
    counterscore method latest --words 150
    """
    from counterscore import odd
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    sections = odd.sections(Run(find_run(run)).record)
    if json:
        return screen.data(dict(sections))
    if words:
        if words < odd.FEWEST_WORDS:
            raise UsageError(
                f"--words must be at least {odd.FEWEST_WORDS}", suggestion="Write for example --words 150."
            )
        return screen.paragraph(odd.within(sections, words))
    for heading, paragraphs in sections:
        screen.heading(heading)
        for paragraph in paragraphs:
            screen.paragraph(paragraph)
        screen.line()
    return None
