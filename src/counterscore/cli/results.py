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

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, seconds_in_words
from counterscore.errors import RunError, UsageError, VerifyError

if TYPE_CHECKING:
    from counterscore.results import Run

RunName = Annotated[str, typer.Argument(help="A run folder, its name in runs/, or latest.", metavar="RUN")]


@command("numbers")
def numbers(
    run: RunName = LATEST,
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

      counterscore numbers latest
      counterscore numbers latest --prose
      counterscore numbers latest --by registration --measure listed_ever
      counterscore numbers runs/demo --json
      counterscore numbers latest --echo --inputs "errors.*,response.*"

    A range is the middle 90 % of the replays (counterscore help ranges).  With
    --echo each input is moved a little in a small sample city; a result that
    moves by as much (elasticity 0.8 to 1.2) is an echo of it.  That is kept with
    the run, so that later outputs say so too.
    """
    from counterscore import paired
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    caution(found, screen)
    if inputs and not echo:
        raise UsageError("--inputs belongs to --echo", suggestion="Write: counterscore numbers RUN --echo --inputs ...")
    if echo:
        _measure_echoes(found, tuple(one.strip() for one in inputs.split(",") if one.strip()), screen)
        found = Run(found.path)
    if by or measure:
        return _one_measure(found, measure or "listed_ever", by, screen)
    if prose and not json:
        return screen.paragraph(paired.prose(found))
    if json:
        return screen.data(paired.numbers(found) | {"prose": paired.prose(found)})
    return show_numbers(found, screen)


def _measure_echoes(found: Run, inputs: tuple[str, ...], screen: Screen) -> None:
    from counterscore.echo import measure_echoes

    began = time.monotonic()

    def progress(done: int, total: int) -> None:
        if done in {1, total} or done % max(1, total // 10) == 0:
            left = (time.monotonic() - began) / done * (total - done)
            screen.note(f"echoes   {done}/{total} inputs moved   about {seconds_in_words(left)} left")

    measure_echoes(found, inputs=inputs, progress=progress)


def show_numbers(found: Run, screen: Screen) -> None:
    """The table of measures, one part for each world that is not the baseline."""
    from counterscore import paired

    data = paired.numbers(found)
    gaps = {(gap["world"], gap["id"]): gap for gap in data["differences"]}
    for world in dict.fromkeys(row["world"] for row in data["measures"]):
        of = f"   (difference: from {found.baseline}, same residents, same luck)" if found.baseline else ""
        screen.heading(f"{world}{of}")
        rows = []
        for row in data["measures"]:
            if row["world"] == world and not row["note"].startswith(_NOT_HERE):
                gap = gaps.get((world, row["id"]))
                rows.append(
                    (
                        row["id"].replace("_", " "),
                        _amount(row),
                        _gap(gap, row),
                        row["unit"] + _echo(row, gap),
                    )
                )
        from_base = f"from {found.baseline}" if found.baseline else ""
        screen.table(("measure", "mean (middle 90 % of replays)", from_base, "unit"), rows, right=(1, 2))
        told: dict[str, list[str]] = {}
        for row in data["measures"]:
            if row["world"] == world and row["note"]:
                told.setdefault(row["note"], []).append(row["id"].replace("_", " "))
        for note, names in told.items():
            screen.paragraph(f"{note[0].upper()}{note[1:]}.  {', '.join(names)}.", indent=2)
        screen.line()
    told_echoes = sorted({f"{row['id']} ({row['echo_of']})" for row in data["measures"] if _only_declared(row)})
    if told_echoes:
        screen.paragraph(f"* echo by its definition: repeats an input in part.  {'; '.join(told_echoes)}.")
    sample = found.echoes.get("city")
    screen.paragraph(
        f"Echoes were measured in {sample['residents']:,} residents and {sample['replays']} replays, one input at a time."
        if sample
        else "Which results repeat an input was not measured here: counterscore numbers RUN --echo"
    )
    screen.paragraph(
        "Ranges cover chance between replays, not the assumptions.  Limits of each: counterscore numbers --json"
    )


_NOT_HERE = "not applicable"


def _echo(row: dict[str, Any], gap: dict[str, Any] | None) -> str:
    """What a result repeats, as a tag behind its unit."""
    tags = [f"echo of {row['echo']}"] if row["echo"] else []
    if gap is not None and gap["echo"]:
        tags.append(f"difference: echo of {gap['echo']}")
    return ("   " + "; ".join(tags) if tags else "") + (" *" if _only_declared(row) else "")


def _only_declared(row: dict[str, Any]) -> bool:
    return bool(row["echo_of"]) and not row["echo"]


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
            cells = [_in_city(asdict(one.measured), asdict(one.difference) if one.difference else None) for one in row]
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


def _in_city(row: dict[str, Any], gap: dict[str, Any] | None) -> str:
    if row["value"] is None:
        return "-"
    told = f"{row['value']:,.{_digits(row['value'])}f}"
    return f"{told} ({_gap(gap, row)})" if _gap(gap, row) else told


def _amount(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return "-"
    digits = _digits(row["value"])
    text = f"{row['value']:,.{digits}f}"
    return text if row["low"] is None else f"{text} ({row['low']:,.{digits}f} to {row['high']:,.{digits}f})"


def _gap(gap: dict[str, Any] | None, row: dict[str, Any]) -> str:
    if gap is None or gap["value"] is None:
        return ""
    if gap["distinguishable"] is False:
        return "none told"
    return f"{gap['value']:+,.{_digits(row['value'] or 0)}f}"


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def describe(folder: Path, screen: Screen) -> None:
    """What a run was: worlds, city, length, what is finished and what it took."""
    from counterscore.results import Run

    found = Run(folder)
    record = found.record
    if screen.json:
        return screen.data(
            {
                "run": str(folder),
                "record": record,
                "finished": sorted(found.finished),
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
    screen.line(
        f"  {record['replays']} replays, seed {record['seed']}; {len(found.finished)} parts finished; {record['created']}"
    )
    for key, value in found.resources.items():
        screen.line(f"  {key.replace('_', ' ')}: {value:,}")
    for sentence in found.problems():
        screen.warn(sentence)
    return None


def _one_measure(found: Run, name: str, by: str, screen: Screen) -> None:
    from counterscore.measures import find_measure, measure

    rows = measure(found, name, by=by or None)
    if screen.json:
        return screen.data(
            {"run": str(found.path), "measure": name, "by": by or None, "rows": [asdict(row) for row in rows]}
        )
    one = find_measure(name)
    screen.heading(f"{one.question}   {one.unit}, {found.worlds[0]}")
    screen.table(
        (by or "who", "mean (middle 90 % of replays)", "rests on", ""),
        [(row.group, _amount(asdict(row)), f"{row.rests_on:,.0f}", row.note) for row in rows],
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
            f"{found.path} has no finished replay",
            suggestion=f"Go on: counterscore run --resume {shlex.quote(str(found.path))}",
        )
    if found.partial:
        total = len(found.worlds) * int(found.record["replays"])
        screen.warn(f"Partial: {len(found.finished)} of {total} parts of this run are finished.")


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
        second = Run(find_run(other), checked=False) if other else _again(found, Path(folder) / "run")
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
    """The first cell at which two runs differ; where that can't be told, or no cell does, the first damaged file."""
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
        raise RunError(f"{file} is no bundle: it holds no run", suggestion="See: counterscore export --help")
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
    from counterscore.reliving import again

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
        text = " ".join(paragraph for _, paragraphs in sections for paragraph in paragraphs).split()
        if words < 20:
            raise UsageError("--words must be at least 20")
        return screen.paragraph(" ".join(text[:words]) + (" …" if len(text) > words else ""))
    for heading, paragraphs in sections:
        screen.heading(heading)
        for paragraph in paragraphs:
            screen.paragraph(paragraph)
        screen.line()
    return None
