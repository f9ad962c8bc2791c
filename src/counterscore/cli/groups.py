"""``groups`` and ``spells``: do groups differ and in what sense, and how long do listing spells last."""

from __future__ import annotations

import csv
import io
import shlex
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, World, find_run
from counterscore.cli.results import RunName, caution
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError
from counterscore.files import begins_like, cells, refuse_to_replace, write_whole

if TYPE_CHECKING:
    from counterscore.exits import Exits
    from counterscore.groups import Audit, Row

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the rows as a table.")]
_PARTS = {
    "base rates": "What the groups truly did   (known to the laboratory, never to a regime)",
    "true records": "What is truly recorded of it",
    "definitions": "Five notions of equal treatment   (which of them should hold is not for a program to say)",
    "equal conduct": "At equal conduct   (as counted in this world, what a listing brought about included)",
    "wrongly listed": "Wrongly listed, by three definitions   (never added up: one resident can fall under several)",
    "stays": "How long they are on lists",
}


@command("groups")
def groups(
    run: RunName = LATEST,
    by: Annotated[str, typer.Option("--by", metavar="GROUP", help="How residents are grouped.")] = "registration",
    against: Annotated[
        str, typer.Option("--against", metavar="NAME", help="The reference group; the largest by default.")
    ] = "",
    of: Annotated[
        str,
        typer.Option("--of", metavar="WHAT", help="What is compared: listed, worst-grade, recorded or refused."),
    ] = "",
    conduct: Annotated[
        int,
        typer.Option("--conduct", metavar="N", min=1, max=6, help="True acts or duties not met that count as some."),
    ] = 1,
    replay: Annotated[int, typer.Option("--replicate", metavar="N", min=-1, help="One replicate alone.")] = -1,
    world: World = "",
    out: Out = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Compare groups of residents, in several senses of equal treatment at once.

      counterscore groups latest --by registration
      counterscore groups latest --by occupation --against clerk --of recorded
      counterscore groups latest --by income --conduct 3 --out gaps.csv
      counterscore groups latest --replicate 0       one replicate alone

    Base rates of true misconduct and duties not met, five notions of equal
    treatment, gaps at equal conduct (Mantel-Haenszel, regression), three
    definitions of wrongly listed, time on lists. Differences are from the
    reference group, and about groups in general: intervals cover the draw of
    residents and chance. There is no verdict: where base rates differ the notions
    cannot all be met at once.
    Groups: sex, age, registration, education, occupation, income, district, file,
    minority, connected, first_record_age, allegiance.
    """
    from counterscore.groups import audit
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    caution(found, screen)
    seen = audit(
        found,
        by,
        reference=against or None,
        world=world or None,
        of=of or None,
        conduct=conduct,
        replay=None if replay < 0 else replay,
    )
    if out is not None:
        _write(out, [asdict(row) for row in seen.rows], [field.name for field in fields(type(seen.rows[0]))])
    if json:
        return screen.data(_plain(seen, str(found.path)))
    from counterscore.city.enough import NAMED
    from counterscore.measures import SMALLEST_GROUP

    _show(seen, screen)
    if seen.by in NAMED and min(seen.sizes.values()) < SMALLEST_GROUP:
        screen.next(f"counterscore run {shlex.quote(seen.world)} --enough-for {seen.by}")
    if out is not None:
        screen.note(f"Wrote  {out}")
    return None


def _plain(seen: Audit, run: str) -> dict[str, Any]:
    from counterscore import statistics
    from counterscore.groups.chance import REPLAYS, RESIDENTS

    return {
        "run": run,
        "world": seen.world,
        "by": seen.by,
        "reference": seen.reference,
        "decision": seen.decision.words,
        "conduct": seen.did_it,
        "replay": seen.replay,
        "groups": dict(seen.sizes),
        "error": statistics.ERROR,
        "would_find": {"replays": REPLAYS, "residents": RESIDENTS, "power": statistics.POWER},
        "rows": [asdict(row) for row in seen.rows],
    }


def _show(seen: Audit, screen: Screen) -> None:
    from counterscore import statistics
    from counterscore.groups.chance import REPLAYS, RESIDENTS

    many = max(row.n_replays for row in seen.rows)
    unit = f"{many} replicates" if seen.replay is None else f"replicate {seen.replay} alone"
    screen.heading(f"{seen.world}, adults by {seen.by}, compared with {seen.reference}   ({unit})")
    screen.line()
    for part, title in _PARTS.items():
        rows = list(seen.of(part))  # type: ignore[arg-type]
        if not rows:
            continue
        screen.heading(title)
        for id_ in dict.fromkeys(row.id for row in rows):
            mine = [row for row in rows if row.id == id_]
            screen.line(f"  {mine[0].words}, {mine[0].unit}   [{mine[0].field}]")
            screen.table(
                ("", mine[0].range_kind or "", f"from {seen.reference}", "would find", "people", ""),
                [_cells(row) for row in mine],
                right=(1, 2, 3, 4),
            )
        screen.line()
    told = [row for row in seen.rows if row.p_value is not None]
    covers = f"covers {told[0].covers}" if told else "could not be given for any difference"
    screen.paragraph(
        f"From {seen.reference}: the 90 % interval {covers}. "
        + (
            f"In a part without any difference at least one is told with a probability of {100 * statistics.ERROR:.0f} % at most. "
            if told
            else ""
        )
        + f"Would find: the difference that {REPLAYS} replicates of a city of {RESIDENTS:,} residents find with a probability "
        f"of {100 * statistics.POWER:.0f} %. Ranges beside values cover "
        + ("chance only, for these residents" if seen.replay is None else "residents and chance")
        + ". None covers the assumptions. Groups of fewer than 30 residents, and shares that rest on fewer, are withheld, not dropped."
    )


def _cells(row: Row) -> tuple[str, str, str, str, str, str]:
    return (
        f"    {row.group}",
        _ranged(row.value, row.low, row.high),
        _ranged(row.difference, row.difference_low, row.difference_high, "+"),
        "" if row.would_find is None else _ranged(row.would_find, None, None),
        f"{row.people:,.0f}",
        row.note,
    )


def _ranged(value: float | None, low: float | None, high: float | None, sign: str = "") -> str:
    if value is None:
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:{sign},.{digits}f}"
    if low is None:
        return text
    end = "no end" if high is None else f"{high:{sign},.{digits}f}"
    return f"{text} ({low:{sign},.{digits}f} to {end})"


def _write(file: Path, rows: list[dict[str, Any]], names: list[str]) -> None:
    if file.suffix != ".csv":
        raise UsageError(f"a table cannot be written as {file.name}", suggestion="Use a name that ends in .csv.")
    handle = io.StringIO()
    writer = csv.DictWriter(handle, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(cells, rows))
    refuse_to_replace(file, begins_like(handle.getvalue()))
    write_whole(file, handle.getvalue())


@command("spells")
def stays(
    run: RunName = LATEST,
    on: Annotated[str, typer.Option("--list", metavar="LIST", help="One list; all by default.")] = "",
    every: Annotated[int, typer.Option("--every", metavar="MONTHS", min=1, help="Rows are so far apart.")] = 6,
    world: World = "",
    out: Out = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """How long listing spells last, how they end, and how many are cut off.

      counterscore spells latest
      counterscore spells latest --list court-defaulters --every 3 --out spells.csv

    Kaplan-Meier for the share still on it, Aalen-Johansen for each way of leaving,
    so that all shares add up to 100. Beside them the extended risk table: how many
    stays are still going on, have ended by each way, and went out of sight (cut
    off by the end of the run, or by death). Stays are not told apart by group.
    """
    from counterscore.exits import exits
    from counterscore.measures import SMALLEST_GROUP
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    caution(found, screen)
    seen = exits(found, world=world or None, on=on or None, every=every)
    if out is not None:
        rows = [_flat(one, row) for one in seen for row in one.rows]
        _write(out, rows, list(dict.fromkeys(name for row in rows for name in row)))
    if json:
        return screen.data({"run": str(found.path), "lists": [asdict(one) for one in seen]})
    shown = [one for one in seen if on or one.stays * one.n_replays >= SMALLEST_GROUP]
    for one in shown:
        _show_stays(one, screen)
    few = [one.list_id for one in seen if one not in shown]
    if few:
        screen.paragraph(f"Fewer than {SMALLEST_GROUP} spells in all replicates, shown with --list: {', '.join(few)}.")
    screen.paragraph(
        "Shares are of spells that would be seen to their end; the middle 90 % of replicates covers chance, not the assumptions.  "
        "Counts are means over replicates."
    )
    return None


def _flat(one: Exits, row: Any) -> dict[str, Any]:
    """A row of the risk table with one number a cell: ``left_expired``, ``ended_cut_off``."""
    plain = asdict(row)
    left, ended = plain.pop("left"), plain.pop("ended")
    ways = {f"left_{way.replace(' ', '_')}": share for way, share in left.items()}
    return plain | ways | {f"ended_{way.replace(' ', '_')}": many for way, many in ended.items()}


def _show_stays(one: Exits, screen: Screen) -> None:
    half = (
        "fewer than half have left by the end" if one.median is None else f"half have left after {one.median:g} months"
    )
    screen.heading(
        f"{one.list_id}, {one.world}   ({one.stays:,.1f} spells a replicate, {one.n_replays} replicates; {half})"
    )
    screen.table(
        ("months", "still on it, of 100", "going on", *one.ways, *one.out_of_sight),
        [
            (
                str(row.months),
                _ranged(row.still_on, row.low, row.high),
                f"{row.going_on:,.1f}",
                *(f"{row.left[way]:.1f} ({row.ended[way]:,.1f})" for way in one.ways),
                *(f"{row.ended[way]:,.1f}" for way in one.out_of_sight),
            )
            for row in one.rows
        ],
        right=tuple(range(3 + len(one.ways) + len(one.out_of_sight))),
    )
    if one.ways:
        screen.paragraph("Under each way of leaving: of 100 (and how many spells).", indent=2)
    screen.line()
