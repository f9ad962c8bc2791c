"""``spread``: cities beside each other, and a rule book that spreads by what those who have it report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterscore import wording
from counterscore.cli import settings
from counterscore.cli.app import command
from counterscore.cli.places import Override, Residents, Seed, Threads, With, find_regime, split_ids
from counterscore.cli.progress import Progress
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural
from counterscore.errors import UsageError
from counterscore.files import refuse_to_replace, write_whole

if TYPE_CHECKING:
    from counterscore.diffusion import Nation, Spread


@command("spread")
def spread(
    regime: Annotated[
        str, typer.Argument(metavar="REGIME", help="A regime (id or file).", show_default=False)
    ] = settings.SPREAD.regime,
    cities: Annotated[
        list[str] | None,
        typer.Option("--cities", metavar="CITY[:N],...", help="Cities; the first adopts first; N of a kind."),
    ] = None,
    with_: With = None,
    base: Annotated[
        str, typer.Option("--base", metavar="none|REGIME", help="What is in force everywhere before.")
    ] = settings.BASE,
    figure: Annotated[
        str, typer.Option("--figure", metavar="FIGURE", help="What cities report: kept, paid, victims.")
    ] = "kept",
    years: Annotated[int, typer.Option("--years", metavar="N", help="Years that are lived.")] = settings.SPREAD.months
    // 12,
    residents: Residents = None,
    replays: Annotated[
        int, typer.Option("--replicates", metavar="N", min=1, max=999, help="Number of replicates.")
    ] = settings.SPREAD.replays,
    seed: Seed = settings.SEED,
    threads: Threads = None,
    set_: Override = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Every adoption of every replicate, as .json.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Let a regime spread from city to city by what cities report of it.

      counterscore spread
      counterscore spread government-integrity --cities beijing,county:4
      counterscore spread court-defaulters --figure paid --years 10
      counterscore spread beijing-points --set spread.threshold=0.1 --out found.json

    Every city lives as in a run of its own. The first one adopts the regime in the
    second year. Each January after that the others may look at what those who
    have it report of the year before, against their last year without it, and adopt
    it where the gain is large enough (assumptions spread.*). Beside what was
    reported stands what was really so: the same city and luck without the regime.
    """
    from counterscore.cli.named import assumptions_of
    from counterscore.diffusion import Nation, document, find_figure, places_of, spread_over
    from counterscore.provenance import portable_command
    from counterscore.simulation.estimate import usable_threads

    screen = Screen(json, quiet, no_color)
    if out is not None:
        if out.suffix != ".json":
            raise UsageError(f"--out writes .json, found {out.name}", suggestion="Write for example spread.json.")
        refuse_to_replace(out, lambda found: b'"kind": "spread"' in found[:200])
    nation = Nation(
        regime=find_regime(regime, split_ids(with_)),
        base=find_regime(base),
        places=places_of(split_ids(cities) or settings.SPREAD_CITIES, residents or settings.SPREAD_RESIDENTS, seed),
        figure=find_figure(figure),
        years=years,
        assumptions=assumptions_of(set_),
        replays=replays,
        seed=seed,
    )
    if not json:
        _announce(nation, screen)
    with Progress("auto", screen, replays) as told:
        found = spread_over(
            nation, threads=threads or usable_threads(), progress=lambda done, total: told(done, total, None, {})
        )
    data = document(found, command=portable_command(["counterscore", *sys.argv[1:]]))
    if out is not None:
        import json as json_module

        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, json_module.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    if json:
        return screen.data(data)
    _say(found, screen)
    if out is not None:
        screen.line(f"Saved  {out}")
    other = nation.places[1]
    screen.next(
        f"counterscore run {regime} --city {other.city.id} --residents {other.city.residents} --seed {other.seed} "
        f"--from 2020-01 --months {12 * years}",
        "counterscore claim check model-for-the-nation",
    )
    return None


def _announce(nation: Nation, screen: Screen) -> None:
    """What spreads, from where to where, and by which figure."""
    from counterscore.diffusion import month_of
    from counterscore.specification import world_name

    cities = ", ".join(f"{one.name} ({one.city.residents:,})" for one in nation.places)
    screen.line(f"{nation.regime.title} ({world_name(nation.regime)}) spreads from {nation.places[0].name}.")
    screen.paragraph(f"Cities, with synthetic residents: {cities}.  Before: {nation.base.title}.")
    screen.paragraph(
        f"{month_of(0)} to {month_of(nation.years - 1)[:4]}-12, {plural(nation.replays, 'replicate')}.  Reported: "
        f"{nation.figure.label}, {nation.figure.unit}."
    )


def _say(found: Spread, screen: Screen) -> None:
    from counterscore.diffusion import NATION_MEASURES, month_of, of_city, share_by_year
    from counterscore.diffusion.told import Range, of_measure

    def told(one: Range, *, sign: bool = False) -> str:
        if one.mean is None:
            return "-"
        return wording.interval(one.mean, one.low, one.high) if sign else wording.amount(one.mean, one.low, one.high)

    nation = found.nation
    screen.line()
    rows = []
    for at in range(len(nation.places)):
        one = of_city(found, at)
        when = "-" if one.years is None else one.years[1][:4]
        if one.years and one.years[0] != one.years[2]:
            when += f" ({one.years[0][:4]} to {one.years[2][:4]})"
        why = "first" if at == 0 else f"{one.over_figures} of {one.adopted}" if one.adopted else "-"
        gains = (told(gain, sign=True) for gain in (one.reported, one.measured, one.real))
        rows.append((one.name, f"{one.adopted} of {one.replays}", when, why, *gains))
    screen.table(
        ("city", "adopts in", "year", "over figures", "gain it reports", "gain it truly has", "the rule book's doing"),
        rows,
        right=(1, 3, 4, 5, 6),
    )
    screen.paragraph(
        f"Gains: {nation.figure.label}, {nation.figure.unit}, above 0 for better; mean over the years since adoption and over the "
        "replicates in which the city adopts, with 95 % intervals of chance.  Reported and true gains compare with the city's own last "
        "year before; the rule book's doing compares with the same city and luck without it.  Years: middle of replicates "
        "(eight of ten lie within the brackets)."
    )
    screen.line()
    table = [
        (month_of(year)[:4], told(one), told(other))
        for year, (one, other) in enumerate(zip(share_by_year(found), share_by_year(found, honest=True), strict=True))
    ]
    screen.table(("year", "of 100 other cities have it", "had reports been true"), table, right=(1, 2))
    screen.line()
    for measure in NATION_MEASURES.values():
        value = told(of_measure(found, measure))
        echo = f"  (echo of {measure.echo_of})" if measure.echo_of else ""
        screen.line(
            f"{measure.question}  {value} {measure.unit or nation.figure.unit}{echo}"
            if value != "-"
            else f"{measure.question}  nothing to measure"
        )
    screen.paragraph(
        "Why one city copies another is assumed (counterscore list assumptions, spread.*); one figure is not all that a rule book "
        f"does.  {nation.figure.limits.capitalize()}."
    )
