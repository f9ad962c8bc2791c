"""Commands of the mirror about what is written down by hand, and what goes over to rule books: promises, notices, assumptions, rating."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli.mirror_app import (
    Body,
    Csv,
    Folder,
    SourceFile,
    command,
    definition_of,
    evaluation_of,
    print_csv,
    source_of,
)
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError, shell_word
from counterscore.files import refuse_to_replace, write_whole

if TYPE_CHECKING:
    from counterscore.mirror.source import Source


Evidence = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The file.", show_default=False)]
Into = Annotated[Path | None, typer.Option("--into", metavar="DIR", help="Keep them with the facts of a reading.")]


@command("promises")
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
    named = source_of(source)
    found = evidence.read_promises(file, named)
    when = _cut_off(cut_off, named, into)
    if into is not None:
        evidence.put(_kept_in(into), evidence.PROMISES, found)
    _show_evidence("M12", rows_of(found, when), screen, csv=csv)
    if into is not None and not screen.json and not csv:
        screen.line(f"Kept in {into}")


@command("notices")
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
    found = evidence.read_notices(file, source_of(source))
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
            {"measures": [one.as_data() for one in cells], "definition": definition_of(measure), "standing": STANDING}
        )
    names = ("body", measure.title, "of what, and why not the rest", "beside")
    table = [
        [one.body, show.number(measure, one), show.usable(one), "; ".join(show.beside(measure, one))] for one in cells
    ]
    if csv:
        return print_csv(names, table)
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


@command("assumptions")
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
    evaluation = evaluation_of(folder)
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


@command("rating")
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
    evaluation = evaluation_of(folder)
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
        return print_csv(names, rows)
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
