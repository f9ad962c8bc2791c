"""``mirror``: public bodies looked at through the contract data they publish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterscore.cli.app import app
from counterscore.cli.mirror_app import (
    Body,
    Csv,
    Folder,
    SourceFile,
    command,
    definition_of,
    evaluation_of,
    mirror,
    print_csv,
)
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, is_terminal, mib_in_words, plural
from counterscore.errors import UsageError, shell_word

if TYPE_CHECKING:
    from counterscore.mirror.evaluate import Evaluation


NOT_ALL_READ = 1  #: exit code: done, but a file had to be left out


app.add_typer(mirror, name="mirror", short_help="Public bodies through their published contracts.")


@command("read")
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="JSON, JSON Lines, .gz or .zip; or folders.")],
    source: SourceFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="A new folder for the facts.")] = None,
    json: Json = False,
    csv: Csv = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Read published contract data (OCDS) into a folder of facts.

      counterscore mirror read releases.jsonl.gz --source source.yaml --out seen
      counterscore mirror read data/ --source source.yaml --out seen

    Packages, records, bare releases, lists and lines; OCDS 1.0, 1.1 and the draft
    of 2014. source.yaml says who published, where, when, under which licence, what
    the data cover and the cut-off date; also the register of bodies and the meaning
    of local words. Files that cannot be read are named and left out (exit code 1).
    Nothing is fetched: linked releases are counted as not here.
    """
    from counterscore.mirror import read as read_files
    from counterscore.mirror import read_source
    from counterscore.mirror.present import what_was_read

    screen = Screen(json or csv, quiet, no_color)
    if out is None:
        raise UsageError("say where the facts go", suggestion="Write --out DIR, a folder that does not exist yet.")
    found = read_source(_source_beside(files, source))

    def progress(name: str, many: int) -> None:
        if is_terminal(sys.stderr):
            screen.note(f"  {name}: {many:,} releases")

    facts = read_files(files, found, out, progress=progress)
    record = facts.record
    refused = [one for one in record["files"] if one["state"] != "read"]
    if json:
        screen.data({"folder": str(out), **record})
    elif csv:
        print_csv(("what", "found"), what_was_read(record))
    else:
        screen.table(("what was read", ""), [list(row) for row in what_was_read(record)])
        for one in record["copied"]:
            screen.line(f"Copied: {one['sentence']}")
    for one in refused:
        place = f":{one['line']}:{one['column']}" if one["line"] else ""
        screen.warn(f"{one['name']}{place}: {one['what']}" + (f"\n  {one['hint']}" if one["hint"] else ""))
    if not screen.json:
        screen.line(f"Saved  {out}")
        screen.next(f"counterscore mirror coverage {shell_word(out)}", f"counterscore mirror report {shell_word(out)}")
    if any(one["state"] == "refused" for one in record["files"]):
        raise typer.Exit(NOT_ALL_READ)


def _source_beside(files: list[Path], source: Path | None) -> Path:
    if source is not None:
        return source
    for path in files:
        beside = (path if path.is_dir() else path.parent) / "source.yaml"
        if beside.is_file():
            return beside
    raise UsageError(
        "data alone do not say who published them, when and under which licence",
        suggestion="Write a source.yaml beside them, or name it with --source. What it holds: counterscore help mirror-source",
    )


@command("coverage")
def coverage(
    folder: Folder,
    body: Body = "",
    json: Json = False,
    csv: Csv = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Say first what can be seen at all: of which body, by which measure, and why not.

      counterscore mirror coverage seen
      counterscore mirror coverage seen --body "Ministry of Works"

    A percentage is the share of contracts (or processes, payments, promises) that a
    measure can use. Refused measures are told with their reason.
    """
    from counterscore.mirror.present import coverage_table, not_rated, reasons, refusals, what_was_read

    screen = Screen(json, quiet, no_color)
    evaluation = evaluation_of(folder)
    bodies = _bodies(evaluation, body)
    record = evaluation.facts.record
    if json:
        return screen.data(
            {
                "read": dict(what_was_read(record)),
                "refused": [{"measure": one.id, "why": why} for one, why in refusals(evaluation)],
                "coverage": [
                    {
                        key: value
                        for key, value in evaluation.cell(one, name).as_data().items()
                        if key in {"measure", "body", "state", "n", "eligible", "coverage", "reasons", "why"}
                    }
                    for one in evaluation.measures
                    for name in bodies
                ],
                "bodies": record["bodies"],
            }
        )
    heads, rows = coverage_table(evaluation, bodies)
    if csv:
        return print_csv(heads, rows)
    screen.table(("what was read", ""), [list(row) for row in what_was_read(record)])
    screen.line()
    # A row for each measure: thirteen columns do not fit a terminal.
    shown = bodies if len(bodies) <= 4 else bodies[:4]
    named = {row[0]: row[1:] for row in rows}
    across = [
        [one.id, one.title, *(named[name][number] for name in shown)] for number, one in enumerate(evaluation.measures)
    ]
    screen.table(("coverage", "", *shown), across)
    if len(shown) < len(bodies):
        screen.line(
            f"… and {plural(len(bodies) - len(shown), 'body', 'bodies')} more: --csv, --json or mirror report show all."
        )
    screen.line()
    for one, why in refusals(evaluation):
        screen.line(f"{one.id} {one.title}: {why}.")
    if body:
        for one in evaluation.measures:
            cell = evaluation.cell(one, bodies[0])
            if cell.state != "refused" and cell.reasons:
                screen.line(f"{one.id} {one.title}, not used: {'; '.join(reasons(cell))}.")
    if told := not_rated(record):
        screen.line(told)
    return screen.next(f"counterscore mirror measure {shell_word(folder)}")


@command("measure")
def measure(
    folder: Folder,
    body: Body = "",
    only: Annotated[str, typer.Option("--measure", metavar="ID,...", help="Some measures, such as M1,M6.")] = "",
    ocids: Annotated[
        bool, typer.Option("--ocids", help="List every process behind the numbers, and what it gave.")
    ] = False,
    compare: Annotated[bool, typer.Option("--compare", help="Bodies side by side: ranks as intervals, Holm.")] = False,
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE", help="Your own weights of measures, for one number.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Measure what the data let be seen, each number with n, coverage and interval.

      counterscore mirror measure seen
      counterscore mirror measure seen --body "Ministry of Works" --measure M1,M2
      counterscore mirror measure seen --measure M1 --ocids --csv
      counterscore mirror measure seen --compare

    No number is printed for fewer than 10 usable rows. Bodies are compared from 30
    and half the rows on, and ranked only as an interval of ranks. One number over
    several measures exists only with weights that you write (measures: {M1: 0.5}).
    """
    from counterscore.mirror import STANDING
    from counterscore.mirror import present as show

    screen = Screen(json, quiet, no_color)
    evaluation = evaluation_of(folder, only)
    bodies = _bodies(evaluation, body)
    if ocids:
        found = (row for one in evaluation.measures for row in show.ocids(evaluation, one, bodies[0]))
        if json:
            return screen.data([dict(zip(show.OCID_COLUMNS, row, strict=True)) for row in found])
        if csv:
            return print_csv(show.OCID_COLUMNS, found)
        return screen.table(show.OCID_COLUMNS, [list(row) for row in found])
    if compare or weights:
        return _compare(evaluation, bodies, weights, screen, csv=csv)
    lines = [line for name in bodies for line in evaluation.sensitivity(name)]
    if json:
        return screen.data(
            {
                "read": dict(show.what_was_read(evaluation.facts.record)),
                "refused": [{"measure": one.id, "why": why} for one, why in show.refusals(evaluation)],
                "measures": [cell.as_data() for cell in evaluation.cells(bodies)],
                "sensitivity": [{key: getattr(one, key) for key in one.__dataclass_fields__} for one in lines],
                "definitions": [definition_of(one) for one in evaluation.measures],
                "standing": STANDING,
            }
        )
    if csv:
        return print(show.cells_csv(evaluation, bodies), end="")
    screen.line(STANDING)
    screen.line()
    for one, why in show.refusals(evaluation):
        screen.line(f"{one.id} {one.title}, refused: {why}.")
    screen.line()
    rows = show.measure_rows(evaluation, bodies)
    screen.table(
        ("measure", "body", "value (95 % interval)", "of what, and why not the rest", "beside"),
        [
            [
                f"{one.id} {one.title}",
                cell.body,
                show.number(one, cell),
                show.usable(cell),
                "; ".join(show.beside(one, cell)),
            ]
            for one, cell in rows
        ],
    )
    if lines:
        screen.line()
        screen.table(
            ("other reading", "body", "of the data", "would give"),
            [list(show.sensitivity_words(evaluation, one)) for one in lines],
        )
    screen.line()
    screen.line(show.THRESHOLDS)
    return screen.next(
        f"counterscore mirror measure {shell_word(folder)} --measure M1 --ocids --csv",
        f"counterscore mirror report {shell_word(folder)}",
    )


def _compare(evaluation: Evaluation, bodies: list[str], weights: Path | None, screen: Screen, *, csv: bool) -> None:
    from counterscore.mirror import STANDING
    from counterscore.mirror import compare as comparing
    from counterscore.mirror import present as show

    if weights is not None:
        wished = comparing.read_weights(weights, evaluation.measures)
        found = comparing.weighed(evaluation, wished, bodies)
        if screen.json:
            return screen.data([{key: getattr(one, key) for key in one.__dataclass_fields__} for one in found])
        names = ("body", "by your weights", "of the weight rests on nothing", "measures used")
        rows = [
            [
                one.body,
                "none" if one.value is None else show.percent(one.value),
                show.percent(one.on_nothing),
                " ".join(one.used),
            ]
            for one in found
        ]
        if csv:
            return print_csv(names, rows)
        screen.table(names, rows)
        return screen.line(f"The weights are yours. {STANDING}")
    stood = comparing.standings(evaluation)
    if screen.json:
        return screen.data(
            {"standings": [one.as_data() for one in stood], "why": "" if stood else comparing.why_none(evaluation)}
        )
    if csv:
        return print_csv(list(comparing.Standing.__dataclass_fields__), [list(one.as_data().values()) for one in stood])
    if not stood:
        return screen.line(comparing.why_none(evaluation))
    screen.table(show.STANDING_HEADS, [show.standing_row(evaluation, one) for one in stood])
    return screen.line(f"Rank 1 has the highest value. Holm over {plural(len(stood), 'test')}. {STANDING}")


@command("report")
def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The page; DIR/mirror.html by default.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Write one HTML page, and beside it CSV files with every number and every ocid.

      counterscore mirror report seen
      counterscore mirror report seen --out works.html

    Coverage first, then what is refused and why, then measures with intervals, then
    what other readings of the data would give. No scripts, no network.
    """
    from counterscore.mirror.page import write

    screen = Screen(json, quiet, no_color)
    made = write(
        evaluation_of(folder), out or folder / "mirror.html", command=f"counterscore mirror report {shell_word(folder)}"
    )
    if json:
        return screen.data({"files": [{"file": str(one), "bytes": one.stat().st_size} for one in made]})
    for one in made:
        screen.line(f"Saved  {one}   ({mib_in_words(one.stat().st_size / 2**20)})")
    return screen.next(f"open {made[0]} in a browser")


def _bodies(evaluation: Evaluation, body: str) -> list[str]:
    from counterscore.mirror.evaluate import ALL

    return [evaluation.find_body(body)] if body else [ALL, *evaluation.bodies]
