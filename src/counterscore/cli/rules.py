"""Commands about rule books without a city: check, diff and case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.places import With, find_regime, find_run, is_file, is_run, split_ids
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural
from counterscore.errors import InputError, Problem, UsageError, VerifyError, render, shell_word

if TYPE_CHECKING:
    from counterscore.regime.cases import Cases

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Regime, reform, case or city files.")]


@command("check")
def check(files: Files, json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Say what is wrong in files, with line, column and what to write instead.

      counterscore check mine.yaml
      counterscore check mine.yaml reforms/shorter.yaml --json

    Exit code 0 where nothing is wrong (warnings may be), else 3. Nothing is run.
    """
    screen = Screen(json, quiet, no_color)
    reports = [_checked(file) for file in files]
    wrong = any(found.severity == "problem" for _, _, problems in reports for found in problems)
    if json:
        screen.data(
            {
                "ok": not wrong,
                "files": [
                    {"file": str(file), "kind": kind, "problems": [found.as_json() for found in problems]}
                    for file, kind, problems in reports
                ],
            }
        )
    else:
        for file, kind, problems in reports:
            for found in problems:
                screen.line(render(found))
                screen.line()
            bad = sum(found.severity == "problem" for found in problems)
            tally = f"{plural(bad, 'problem')}, {plural(len(problems) - bad, 'warning')} in {file}"
            screen.line(f"{tally}.  Nothing was run." if bad else f"{file}: {kind}, can be used.  {tally}.")
    if wrong:
        raise typer.Exit(InputError.exit_code)


def _checked(file: Path) -> tuple[Path, str, tuple[Problem, ...]]:
    """The kind of a file and what is wrong with it, warnings included."""
    from counterscore.catalog import read_regime
    from counterscore.city import read_city
    from counterscore.regime.cases import read_cases
    from counterscore.regime.read import read_document
    from counterscore.regime.reform import read_reform

    try:
        data = read_document(file).data
        if "changes" in data or data.get("kind") == "reform":
            read_reform(file)
            return file, "a reform", ()
        if "cases" in data:
            read_cases(file)
            return file, "a file of cases", ()
        if data.get("kind") == "city":
            read_city(file)
            return file, "a city", ()
        return file, "a rule book", read_regime(file).warnings
    except InputError as error:
        return file, "not usable", error.problems


@command("diff")
def diff(
    a: Annotated[str, typer.Argument(metavar="REGIME|RUN", help="A regime (id or file), or a run.")],
    b: Annotated[str, typer.Argument(metavar="REGIME|RUN", help="Another one.")],
    with_: Annotated[str, typer.Option("--with", metavar="REFORM,...", help="Reforms applied to the second.")] = "",
    under: Annotated[
        str, typer.Option("--under", metavar="eu,uk,...", help="Law to read both by; that of the place by default.")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Day of that law.")] = "today",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Say what differs between two rule books, or where two runs part.

      counterscore diff rongcheng-2013 mine.yaml
      counterscore diff beijing-points beijing-points --with expiry-24mo
      counterscore diff runs/one runs/two

    Also which findings of law appear, disappear or change (counterscore law).
    Two runs: what they were given differently, and the first month, step, column
    and person at which they differ, found by living that part again in both.
    """
    from counterscore.catalog import load_reform
    from counterscore.cli.law import moved_between, tell_moved
    from counterscore.regime.difference import difference, in_words
    from counterscore.regime.reform import levels_in_words, unbound_in_words

    screen = Screen(json, quiet, no_color)
    if all(is_run(one) or Path(one).is_dir() for one in (a, b)):  # a folder is no rule book
        return _runs(a, b, screen)
    reforms = [load_reform(one) for one in split_ids([with_])]
    other = find_regime(b, split_ids([with_]))
    first = find_regime(a)
    changes = difference(first, other)
    limbs = moved_between(first, other, under, as_of)
    if json:
        return screen.data(
            {
                "a": a,
                "b": b,
                "not_bound": {one.id: [book.id for book in one.unbound(other)] for one in reforms},
                "changes": [
                    {
                        "regime": one.regime,
                        "part": one.part,
                        "id": one.id,
                        "field": one.field,
                        "kind": one.kind,
                        "old": one.old,
                        "new": one.new,
                        "file": one.at.file,
                        "line": one.at.line,
                        "column": one.at.column,
                        "affects_results": one.affects,
                    }
                    for one in changes
                ],
                "findings": None if limbs is None else [{"regime": book, **one.as_json()} for book, one in limbs],
            }
        )
    screen.line(in_words(other, changes))
    for reform in reforms:
        if alone := unbound_in_words(reform, other):
            screen.paragraph(f"{reform.id} binds {levels_in_words(reform.binds)} and leaves alone {alone}.")
    screen.table(
        ("rule", "what", "change", "where"),
        [
            (one.id, one.field, one.kind if one.kind != "changed" else f"{one.old} -> {one.new}", str(one.at))
            for one in changes
        ],
    )
    return tell_moved(screen, limbs, other.place)


def _runs(a: str, b: str, screen: Screen) -> None:
    from counterscore.results import Run
    from counterscore.twins import differing_inputs, part

    one, two = Run(find_run(a)), Run(find_run(b))
    found = part(one, two)
    if screen.json:
        inputs = list(differing_inputs(one, two))
        parting = found.as_json() if found else None
        return screen.data(
            {"a": str(one.path), "b": str(two.path), "identical": found is None, "inputs": inputs, "parting": parting}
        )
    for text in differing_inputs(one, two):
        screen.line(f"given      {text}")
    if found is None:
        return screen.line("All tables that both runs have are identical.")
    if found.worlds:
        names = (
            found.worlds[0]
            if found.worlds[0] == found.worlds[1]
            else f"{found.worlds[0]} here, {found.worlds[1]} there"
        )
        screen.line(f"world      {names}, replicate {found.replay}")
    screen.line(found.words)
    if found.month is not None:
        screen.line(f"  here     {found.here}")
        screen.line(f"  there    {found.there}")
        who = f"{plural(found.persons, 'person', 'people')} of that subdistrict"
        screen.line(f"  {who} {'differs' if found.persons == 1 else 'differ'} from this month on, nobody before.")
    if found.cell:
        screen.line(f"  in the tables: {found.cell}")
    if found.month is not None:
        screen.next(
            f"counterscore life {shell_word(a)} --resident {found.resident} --replicate {found.replay} --world {shell_word((found.worlds or ('',))[0])}",
            f"counterscore life {shell_word(b)} --resident {found.resident} --replicate {found.replay} --world {shell_word((found.worlds or ('', ''))[1])}",
        )
    return None


@command("case")
def case(
    regime: Annotated[str, typer.Argument(metavar="REGIME", help="A regime: id or file.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="CASES", help="A file of cases; the regime's own by default.")
    ] = None,
    with_: With = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Apply a rule book to made-up records on paper, with rule and line.

      counterscore case suining-2010
      counterscore case mine.yaml cases.yaml
      counterscore case court-defaulters cases.yaml --json
      counterscore case rongcheng-2013 --with expiry-24mo

    Cases that say what to expect are compared: exit code 5 where one differs.
    With a reform they are only told: what to expect was written for the rules as
    they are.
    """
    from counterscore.regime.ledger import apply_on_paper, paper_json, paper_text

    screen = Screen(json, quiet, no_color)
    reforms = split_ids(with_)
    book = find_regime(regime, reforms)
    papers = [apply_on_paper(book, one) for cases in _cases(regime, file) for one in cases.cases]
    if json:
        screen.data({"cases": [paper_json(paper) for paper in papers]})
    else:
        for paper in papers:
            screen.line(paper_text(paper))
            screen.line()
        wrong = sum(not paper.ok for paper in papers)
        reformed = f"As they were expected to be without {', '.join(reforms)}: {len(papers) - wrong} of {len(papers)}."
        verdict = (
            reformed
            if reforms
            else (
                "All expectations came out." if not wrong else f"{plural(wrong, 'case')} differ from what was expected."
            )
        )
        screen.line(f"{plural(len(papers), 'case')}.  {verdict}")
    if not reforms and not all(paper.ok for paper in papers):
        raise typer.Exit(VerifyError.exit_code)


def _cases(regime: str, file: Path | None) -> list[Cases]:
    from counterscore.catalog import regime_folder
    from counterscore.regime.cases import read_cases

    if file is not None:
        return [read_cases(file)]
    if is_file(regime):
        raise UsageError(
            f"{regime} has no cases of its own",
            suggestion=f"Name a file of cases: counterscore case {shell_word(regime)} cases.yaml",
        )
    folder: Any = regime_folder(regime)
    return [read_cases(folder / name) for name in ("cases.yaml", "second_reading.yaml") if (folder / name).exists()]
