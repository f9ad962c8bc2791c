"""``mirror``: public bodies looked at through the contract data they publish."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from counterscore.cli.app import app
from counterscore.cli.page import Page
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, is_terminal, mib_in_words, plural
from counterscore.errors import UsageError, shell_word
from counterscore.files import refuse_to_replace, write_whole

if TYPE_CHECKING:
    from counterscore.mirror.evaluate import Evaluation
    from counterscore.mirror.source import Source

Function = TypeVar("Function", bound=Callable[..., None])
NOT_ALL_READ = 1  #: exit code: done, but a file had to be left out

_ABOUT = """\
Public bodies through the contract data they publish: coverage first.

  counterscore mirror read data/ --source source.yaml --out seen
  counterscore mirror coverage seen
  counterscore mirror measure seen --body "Ministry of Works"
  counterscore mirror report seen

Three lines that are not crossed:
  1. No data about real persons: only organisations are read, by a whitelist of
     fields; contact points, officials and suppliers' names are dropped unread.
  2. No live service: it reads files that you give it and fetches nothing.
  3. No verdicts: a high value is a question to the body, not a finding against it.
"""


class _MirrorPage(TyperGroup):
    """``counterscore mirror --help``: what it is, what it never does, and its commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        ctx.ensure_object(dict)
        formatter.write(_ABOUT)
        with formatter.section("Commands"):
            formatter.write_dl([(str(one.name), one.get_short_help_str(60)) for one in self.commands.values()])
        formatter.write("\nEvery command takes --json and --help; those that print a table take --csv.\n")


mirror = typer.Typer(cls=_MirrorPage, rich_markup_mode=None, invoke_without_command=True, add_completion=False)
app.add_typer(mirror, name="mirror", short_help="Public bodies through their published contracts.")

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that mirror read made.", show_default=False)]
Csv = Annotated[bool, typer.Option("--csv", help="Print comma-separated values instead of text.")]
SourceFile = Annotated[
    Path | None,
    typer.Option("--source", metavar="FILE", help="Who published the data; source.yaml beside them by default."),
]
Body = Annotated[str, typer.Option("--body", metavar="NAME", help="One body; all by default.")]


def _command(name: str) -> Callable[[Function], Function]:
    return mirror.command(name, cls=Page)


@mirror.callback()
def _front(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@_command("read")
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
        _print_csv(("what", "found"), what_was_read(record))
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


@_command("coverage")
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
    evaluation = _evaluation(folder)
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
        return _print_csv(heads, rows)
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


@_command("measure")
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
    evaluation = _evaluation(folder, only)
    bodies = _bodies(evaluation, body)
    if ocids:
        found = (row for one in evaluation.measures for row in show.ocids(evaluation, one, bodies[0]))
        if json:
            return screen.data([dict(zip(show.OCID_COLUMNS, row, strict=True)) for row in found])
        if csv:
            return _print_csv(show.OCID_COLUMNS, found)
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
                "definitions": [_definition(one) for one in evaluation.measures],
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
            return _print_csv(names, rows)
        screen.table(names, rows)
        return screen.line(f"The weights are yours. {STANDING}")
    stood = comparing.standings(evaluation)
    if screen.json:
        return screen.data(
            {"standings": [one.as_data() for one in stood], "why": "" if stood else comparing.why_none(evaluation)}
        )
    if csv:
        return _print_csv(
            list(comparing.Standing.__dataclass_fields__), [list(one.as_data().values()) for one in stood]
        )
    if not stood:
        return screen.line(comparing.why_none(evaluation))
    screen.table(show.STANDING_HEADS, [show.standing_row(evaluation, one) for one in stood])
    return screen.line(f"Rank 1 has the highest value. Holm over {plural(len(stood), 'test')}. {STANDING}")


@_command("report")
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
        _evaluation(folder), out or folder / "mirror.html", command=f"counterscore mirror report {shell_word(folder)}"
    )
    if json:
        return screen.data({"files": [{"file": str(one), "bytes": one.stat().st_size} for one in made]})
    for one in made:
        screen.line(f"Saved  {one}   ({mib_in_words(one.stat().st_size / 2**20)})")
    return screen.next(f"open {made[0]} in a browser")


Evidence = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The file.", show_default=False)]
Into = Annotated[Path | None, typer.Option("--into", metavar="DIR", help="Keep them with the facts of a reading.")]


@_command("promises")
def promises(
    file: Evidence,
    source: SourceFile = None,
    into: Into = None,
    cut_off: Annotated[
        str, typer.Option("--cut-off", metavar="DATE", help="What is due by then counts; with --source, its own.")
    ] = "",
    json: Json = False,
    csv: Csv = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Count promises of bodies kept, late and broken, by dated evidence (M12).

      counterscore mirror promises promises.csv --cut-off 2018-12-31
      counterscore mirror promises promises.csv --into seen

    Columns: body, promise, due, and evidence (the day it was fulfilled), outcome
    (kept or broken), source (where the evidence is). Nothing about persons is read.
    A promise without evidence is not broken.
    """
    from counterscore.mirror import evidence
    from counterscore.mirror.measures.promises import rows_of

    screen = Screen(json, quiet, no_color)
    named = _source_of(source)
    found = evidence.read_promises(file, named)
    when = _cut_off(cut_off, named, into)
    if into is not None:
        evidence.put(_kept_in(into), evidence.PROMISES, found)
    _show_evidence("M12", rows_of(found, when), screen, csv=csv)
    if into is not None and not screen.json and not csv:
        screen.line(f"Kept in {into}")


@_command("notices")
def notices(
    file: Evidence,
    source: SourceFile = None,
    into: Into = None,
    json: Json = False,
    csv: Csv = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Read what bodies publish of how they pay, such as compliance notices (M13).

      counterscore mirror notices notices.csv
      counterscore mirror notices notices.csv --into seen

    Columns: body, from, to, n (invoices), share_30 (paid within 30 days), mean_days.
    The numbers are the bodies' own, and are marked self-reported.
    """
    from counterscore.mirror import evidence
    from counterscore.mirror.measures.notices import rows_of

    screen = Screen(json, quiet, no_color)
    found = evidence.read_notices(file, _source_of(source))
    if into is not None:
        evidence.put(_kept_in(into), evidence.NOTICES, found)
    _show_evidence("M13", rows_of(found, 2**62), screen, csv=csv)
    if into is not None and not screen.json and not csv:
        screen.line(f"Kept in {into}")


def _show_evidence(id_: str, rows: Any, screen: Screen, *, csv: bool) -> None:
    """The cells of a measure made of one file alone."""
    from counterscore.mirror import STANDING
    from counterscore.mirror import present as show
    from counterscore.mirror.evaluate import ALL, cell_of
    from counterscore.mirror.measures import find_measure

    measure = find_measure(id_)
    bodies = [ALL, *sorted(set(rows.body))]
    cells = [cell_of(measure, one, rows if one == ALL else rows.where(rows.body == one)) for one in bodies]
    if screen.json:
        return screen.data(
            {"measures": [one.as_data() for one in cells], "definition": _definition(measure), "standing": STANDING}
        )
    names = ("body", measure.title, "of what, and why not the rest", "beside")
    table = [
        [one.body, show.number(measure, one), show.usable(one), "; ".join(show.beside(measure, one))] for one in cells
    ]
    if csv:
        return _print_csv(names, table)
    screen.table(names, table)
    return screen.line(STANDING)


def _kept_in(folder: Path) -> Path:
    from counterscore.mirror import Facts

    _ = Facts(folder).record
    return folder


def _cut_off(text: str, source: Source | None, into: Path | None) -> int:
    from counterscore.mirror import Facts
    from counterscore.mirror.dates import read_instant

    if text:
        found = read_instant(text)
        if found is None:
            raise UsageError("--cut-off must be a date", suggestion="Write for example 2018-12-31.")
        return found.order
    if source is not None:
        return source.cut_off.order
    if into is not None:
        return Facts(into).cut_off
    raise UsageError(
        "say until when promises were due", suggestion="Write --cut-off 2018-12-31, or --source or --into."
    )


@_command("assumptions")
def assumptions(
    folder: Folder,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The file; printed if left out.")] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Hand measured lateness over to the synthetic bodies of government-integrity.

      counterscore mirror assumptions seen --out arrears.yaml
      counterscore run government-integrity --assumptions arrears.yaml

    The values are marked derived, with their source, range and arithmetic. A run
    with them repeats them: punctuality is then an echo of this file.
    """
    from counterscore.catalog import load_assumptions
    from counterscore.mirror.assumptions import as_file, derived, lateness

    screen = Screen(json, quiet, no_color)
    evaluation = _evaluation(folder)
    stress = load_assumptions()["bodies.stress"]
    text = as_file(evaluation, stress)
    if out is not None:
        refuse_to_replace(out, lambda found: b"\nid: measured-arrears\n" in found)
        write_whole(out, text)
    if json:
        measure, found = lateness(evaluation)
        return screen.data(
            {
                "measure": measure.id,
                "values": {
                    one.path: {"value": one.value, "low": one.low, "high": one.high, "note": one.note}
                    for one in derived(found, stress)
                },
                "measured": [{key: getattr(one, key) for key in one.__dataclass_fields__} for one in found],
                "file": str(out) if out else None,
            }
        )
    if out is None:
        return print(text, end="")
    screen.line(f"Saved  {out}")
    return screen.next(f"counterscore run government-integrity --assumptions {shell_word(out)}")


@_command("rating")
def rating(
    folder: Folder,
    body: Body = "",
    regime: Annotated[
        str, typer.Option("--regime", metavar="REGIME", help="A rule book about public bodies.")
    ] = "government-integrity",
    json: Json = False,
    csv: Csv = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Apply a rule book's points to what is known of real bodies, and say what rests on nothing.

      counterscore mirror rating seen --body "Ministry of Works"
      counterscore mirror rating seen --csv

    The points are the rule book's own, declared and assumed; most of its records
    (complaints, judgments, false figures) are in no published contract data.
    """
    from counterscore.cli.places import find_regime
    from counterscore.mirror import STANDING
    from counterscore.mirror.present import percent
    from counterscore.mirror.rating import rate

    screen = Screen(json, quiet, no_color)
    evaluation = _evaluation(folder)
    book = find_regime(regime)
    if book.subjects != "bodies" or book.score is None:
        raise UsageError(
            f"{book.id} does not rate public bodies with points", suggestion="Write --regime government-integrity."
        )
    bodies = [evaluation.find_body(body)] if body else list(evaluation.bodies)
    if not bodies:
        raise UsageError(
            "no body is rated in these data", suggestion="Name them in the register (bodies: in source.yaml)."
        )
    found = [rate(evaluation, one, book) for one in bodies]
    if json:
        return screen.data(
            [
                {key: getattr(one, key) for key in one.__dataclass_fields__ if key != "inputs"}
                | {"inputs": [{key: getattr(row, key) for key in row.__dataclass_fields__} for row in one.inputs]}
                for one in found
            ]
        )
    names = ("body", "score", "grade", "of the weight rests on nothing", "note")
    rows = [[one.body, one.score or "none", one.grade or "none", percent(one.on_nothing), one.note] for one in found]
    if csv:
        return _print_csv(names, rows)
    screen.table(names, rows)
    if len(found) == 1:
        screen.line()
        screen.table(
            ("row of the rule book", "points", "records", "can be seen", "why not"),
            [
                [one.label, f"{one.points:+g}", f"{one.records:,}", percent(one.coverage), one.why]
                for one in found[0].inputs
            ],
            right=(1, 2),
        )
    return screen.line(f"The points are those of {book.id}, where they are marked assumed. {STANDING}")


def _definition(one: Any) -> dict[str, Any]:
    names = ("id", "title", "question", "unit", "formula", "eligible", "matched", "fields", "limits")
    return {name: getattr(one, name) for name in names}


def _evaluation(folder: Path, only: str = "") -> Evaluation:
    from counterscore.mirror import Facts
    from counterscore.mirror.evaluate import Evaluation
    from counterscore.mirror.measures import find_measure

    wanted = [find_measure(one.strip()) for one in only.split(",") if one.strip()]
    return Evaluation(Facts(folder), wanted or None)


def _bodies(evaluation: Evaluation, body: str) -> list[str]:
    from counterscore.mirror.evaluate import ALL

    return [evaluation.find_body(body)] if body else [ALL, *evaluation.bodies]


def _print_csv(names: Any, rows: Any) -> None:
    from counterscore.mirror.present import table_csv

    print(table_csv(names, rows), end="")


def _source_of(source: Path | None) -> Source | None:
    from counterscore.mirror import read_source

    return read_source(source) if source else None
