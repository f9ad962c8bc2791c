"""Commands about one resident, firm or public body: life and explain."""

from __future__ import annotations

import json as json_module
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterscore import wording
from counterscore.cli.app import command
from counterscore.cli.places import LATEST, World, find_run
from counterscore.cli.results import RunName
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError, shell_word
from counterscore.files import is_own_page, refuse_to_replace, write_whole

if TYPE_CHECKING:
    from counterscore.lifefile import Life
    from counterscore.lifefile.lived import LivedWorld

_OPTION = {"residents": "--resident", "firms": "--firm", "bodies": "--body"}
Replay = Annotated[int, typer.Option("--replicate", metavar="N", min=0, help="Which replicate.")]


@command("life")
def life(
    run: RunName = LATEST,
    resident: Annotated[str, typer.Option("--resident", metavar="ID", help="A resident, such as R-04187.")] = "",
    firm: Annotated[str, typer.Option("--firm", metavar="ID", help="A firm instead, such as F-00012.")] = "",
    body: Annotated[str, typer.Option("--body", metavar="ID", help="A public body instead, such as B-00003.")] = "",
    pick: Annotated[str, typer.Option("--pick", metavar="median|p10|p90", help="Choose by a rule instead.")] = "",
    of: Annotated[str, typer.Option("--of", metavar="GROUP", help="The group to pick from; see below.")] = "",
    world: World = "",
    other: Annotated[
        list[str] | None, typer.Option("--other", metavar="WORLD", help="A world to show beside it; the baseline.")
    ] = None,
    replay: Replay = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write .html or .json instead of printing.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show one life: what was done, recorded, scored, listed, refused, and why.

      counterscore life latest --pick median --of wrongly-listed
      counterscore life latest --pick p90 --of sex=female --out file.html
      counterscore life latest --resident R-04187 --replicate 3 --other none
      counterscore life latest --resident R-04187 --json
      counterscore life latest --firm F-00012

    The subdistrict is lived again from the run's record, in a second or two,
    however large the run. How the resident was picked stands on the file and
    cannot be taken off. Groups: everybody, listed, never-listed, wrongly-listed
    (factual), wrongly-listed-rule, wrongly-listed-spread, missed, recorded,
    refused, unable, behind-doors, or an attribute such as
    registration=non-local.
    """
    from counterscore import lifefile
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    named = {"--resident": (resident, "R"), "--firm": (firm, "F"), "--body": (body, "B")}
    given = [(option, text, letter) for option, (text, letter) in named.items() if text]
    if len(given) + bool(pick) != 1:
        raise UsageError(
            "name one resident, firm or public body, or let a resident be picked",
            suggestion="Write --resident R-00000, or --firm F-00000, or --pick median --of wrongly-listed.",
        )
    for option, text, letter in given:
        if text[:1].upper() in {"R", "F", "B"} - {letter}:
            right = next(one for one, (_, other) in named.items() if other == text[:1].upper())
            raise UsageError(f"{option} takes {letter}-00000, found {text}", suggestion=f"Write {right} {text}.")
    if of and not pick:
        raise UsageError("--of goes with --pick", suggestion=f"Write --pick median --of {of}.")
    if out is not None and out.suffix not in {".html", ".json"}:
        raise UsageError(f"--out must end in .html or .json, found {out}")
    name = world or found.worlds[0]
    if out is not None:
        refuse_to_replace(out, is_own_page if out.suffix == ".html" else lambda found: b'"synthetic": true' in found)
    picked = (
        lifefile.by_hand(lifefile.parse_who(found, _whole(*given[0][1:])))
        if given
        else lifefile.pick(found, pick, of or "everybody", world=name, replay=replay)
    )
    made = lifefile.life(found, picked, world=name, replay=replay, others=other)
    if out is not None:
        text = (
            lifefile.page(made, command=shlex.join(["counterscore", *sys.argv[1:]]))
            if out.suffix == ".html"
            else json_module.dumps(made.as_json(), ensure_ascii=False, indent=1)
        )
        write_whole(out, text)
        if json:
            return screen.data({"file": str(out), made.called.replace(" ", "_"): made.id, "picked": picked.how})
        screen.line(f"{made.id}, {picked.how}")
        screen.line(f"Saved  {out}")
        return screen.next(
            f"counterscore explain {shell_word(run)} {made.id}:{replay}:{_worth_explaining(made.worlds[0]):04d}"
        )
    if json:
        return screen.data(made.as_json())
    return _show(made, run, screen)


def _worth_explaining(lived: LivedWorld) -> int:
    """The number of the event that most asks for its reason: an entry on a list, else a refusal, a record, the first."""
    for what in ("enter", "record", "doors"):
        for event in lived.events:
            if event.what == what:
                return event.number
    return lived.events[0].number if lived.events else 1


def _whole(text: str, letter: str) -> str:
    """``42`` → ``F-42`` behind ``--firm``, so that the message about its form names the right letter."""
    return f"{letter}-{text}" if text[:1].isdecimal() else text


def _show(made: Life, run: str, screen: Screen) -> None:
    lived = made.worlds[0]
    screen.heading(
        f"{made.called.capitalize()} {made.id} (synthetic)   replicate {made.replay}, of {made.run.record['replays']} (from 0)"
    )
    screen.paragraph(f"Picked: {made.picked.how}.")
    screen.paragraph(", ".join(f"{name} {value}" for name, value in made.who.items()))
    for one in made.worlds:
        kept = one.outcomes()
        base = ", the baseline" if one.baseline else ""
        screen.paragraph(
            f"{one.world}{base}: {made.often(one.world)}; in this one {kept['months_listed']} months listed, "
            f"{kept['refused']} attempts refused by a door"
            + (f", {kept['records']} records." if "records" in kept else ".")  # not kept of public bodies
        )
    screen.line()
    screen.table(
        ("point", "month", "lane", "what happened", "truth", "rule and line"),
        [
            (
                f"{event.number:04d}",
                made.month(event.month),
                event.lane,
                event.detail + (f" ({made.name_of(event.other)})" if event.other is not None else ""),
                event.truth,
                f"{event.rule} {event.at}".strip(),
            )
            for event in lived.events
        ],
    )
    if lived.links:
        screen.line()
        screen.heading(
            "Firms represented, bodies led" if made.whose.subject == "residents" else "Who represents or leads it"
        )
        screen.table(
            ("point", "month", "what happened there", "where it leads", "rule and line"),
            [
                (
                    made.point(link.event, link.whose),
                    made.month(link.event.month),
                    link.event.detail,
                    link.reach,
                    f"{link.event.rule} {link.event.at}".strip(),
                )
                for link in lived.links
            ],
        )
    sums = list(lived.sums())
    if sums:
        screen.line()
        right = sum(one.ok for one in sums)
        screen.line(f"{right} of {len(sums)} published scores equal the start and the changes before them.")
        for title, steps in lived.scores():
            screen.line(f"{title}: {wording.number(steps[0][1])} at first, {wording.number(steps[-1][1])} at the end.")
    for book, why in lived.unchecked.items():
        screen.line(f"Scores of {book} are not added up: {why}.")
    screen.line()
    screen.paragraph("  ".join(made.limits))
    screen.next(
        f"counterscore explain {shell_word(run)} {made.id}:{made.replay}:{_worth_explaining(lived):04d}",
        f"counterscore life {shell_word(run)} {_OPTION[made.whose.subject]} {made.id} --replicate {made.replay} --out {made.id}.html",
    )


@command("explain")
def explain(
    run: RunName,
    point: Annotated[str, typer.Argument(metavar="POINT", help="Whose:replicate:number, such as R-04187:7:0013.")],
    world: World = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Say why one thing happened to somebody: rule, line, source, truth.

      counterscore explain latest R-04187:7:0013
      counterscore explain runs/demo R-00042:0:0003 --json

    Points are those of counterscore life, also of firms (F-) and bodies (B-).
    What is not known is named as missing.
    """
    from counterscore import lifefile
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    whose, replay, number = lifefile.parse_point(found, point)
    made = lifefile.life(found, lifefile.by_hand(whose), world=world or None, replay=replay, others=())
    told = lifefile.explain(made, number)
    if json:
        return screen.data(told.as_json())
    screen.heading(f"{told.month}  {told.whose}  {told.detail}   {told.truth.upper()}".rstrip())
    for heading, text in told.lines():
        screen.line(f"  {heading:<20}{text}")
    screen.next(f"counterscore life {shell_word(run)} {_OPTION[whose.subject]} {told.whose} --replicate {replay}")
    return None
