"""``twins``: the same people with the same random numbers in two worlds, person by person."""

from __future__ import annotations

import shlex
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore import wording
from counterscore.cli import settings
from counterscore.cli.app import command
from counterscore.cli.named import assumptions_of, city_of
from counterscore.cli.orders import Order, carry_out, confirm, out_folder
from counterscore.cli.places import (
    Months,
    Replicates,
    Residents,
    Seed,
    Start,
    Yes,
    find_regime,
    find_run,
    is_run,
    split_ids,
)
from counterscore.cli.progress import Mode, Shown
from counterscore.cli.run_words import cost_in_words
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural
from counterscore.errors import UsageError, VerifyError, shell_word

if TYPE_CHECKING:
    from counterscore.paired import Difference
    from counterscore.regime.model import Regime
    from counterscore.results import Run
    from counterscore.twins import People, Placebo, Reach, RuleOut

#: What a single rule does is told by these; all others are in the run folder.
_OF_A_RULE = (
    "listed_ever",
    "wrongly_listed_factual",
    "wrongly_listed_rule",
    "wrongly_listed_spread",
    "refusals",
    "unable_to_move",
    "misconduct",
    "lawful_acts",
)
_LONGEST_UNASKED = 600.0  #: seconds; a longer leave-one-rule-out must be agreed to


@command("twins")
def twins(
    a: Annotated[str, typer.Argument(metavar="A", help="A regime, a regime+reform, or a run with two worlds.")],
    b: Annotated[str, typer.Argument(metavar="[B]", help="What A is compared with: none, a regime or reforms.")] = "",
    each_rule: Annotated[
        bool, typer.Option("--each-rule", help="Take out each rule of A in turn; what it does, rule by rule.")
    ] = False,
    rules: Annotated[
        list[str] | None, typer.Option("--rules", metavar="ID,...", help="Only these rules; implies --each-rule.")
    ] = None,
    reach_replays: Annotated[
        int, typer.Option("--reach", metavar="N", min=0, help="Replicates to trace the reach of the change through.")
    ] = 1,
    no_placebo: Annotated[bool, typer.Option("--no-placebo", help="Leave the placebo twin out.")] = False,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Placebo and reach in every subdistrict of a city of more than 32.")
    ] = False,
    city: Annotated[str, typer.Option("--city", metavar="CITY", help="beijing or demo.")] = settings.CITY,
    residents: Residents = None,
    months: Months = settings.MONTHS,
    start: Start = settings.START,
    replays: Replicates = settings.REPLAYS,
    seed: Seed = settings.SEED,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Override an assumption.")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", metavar="N", min=1, help="Processors.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The run folder.")] = None,
    progress: Shown = "auto",
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Compare two worlds person by person: same people, same random numbers.

      counterscore twins beijing-points none
      counterscore twins beijing-points+appeals-60d beijing-points --replicates 40
      counterscore twins suining-2010 expiry-24mo --city demo
      counterscore twins latest
      counterscore twins suining-2010 --each-rule --city demo

    Differences are A less B. Printed beside them: how many residents do not
    differ at all; a placebo twin, which must differ by exactly 0 (exit code 5 if
    not); whom the change reached directly, whom through kin, friends or others,
    and a certificate that it reached nobody else. In a city of more than 32
    subdistricts (two million residents) these two are made in 32 of them, evenly
    spread, unless --everywhere is added.
    """
    screen = Screen(json, quiet, no_color)
    only = split_ids(rules)
    if each_rule or only:
        if b:
            raise UsageError("--each-rule compares A with itself without a rule", suggestion="Leave B out.")
    elif not b and not is_run(a):
        raise UsageError(
            f"{a} is compared with what?",
            suggestion=f"Write for example: counterscore twins {shell_word(a)} none, or add --each-rule.",
        )
    if is_run(a):
        if each_rule or only:
            raise UsageError("--each-rule needs a regime, not a run")
        from counterscore.results import Run

        found = Run(find_run(a))
        found.require_whole()  # told now rather than after the twins were lived
        return _show(found, *_worlds_of(found, b), reach_replays, no_placebo, everywhere, threads, screen)
    if city == settings.CITY and residents is None:
        residents = settings.RESIDENTS
    from counterscore.specification import RunSpec, distinct_worlds, world_name

    head = _regime(a)
    spec = RunSpec.of(
        head,
        city_of(city, residents, seed),
        assumptions=assumptions_of(set_),
        months=months,
        replays=replays,
        seed=seed,
        start=start,
    )
    order = Order(spec, out, threads)
    if each_rule or only:
        return _each_rule(order, only, progress, yes, screen)
    other = _other(b, a)
    if world_name(other) == world_name(head):
        return _against_itself(_live(order, progress, yes, screen), everywhere, threads, screen)
    worlds, _ = distinct_worlds(head, base=other)
    run = _live(replace(order, spec=replace(spec, worlds=worlds, baseline=world_name(other))), progress, yes, screen)
    return _show(run, run.worlds[0], run.worlds[1], reach_replays, no_placebo, everywhere, threads, screen)


def _worlds_of(run: Run, b: str) -> tuple[str, str]:
    """The two worlds of a run that are compared: the first, and ``b`` or the baseline."""
    base = b or run.baseline or next(iter(run.worlds[1:]), None)
    if base is None or base not in run.worlds or base == run.worlds[0]:
        others = [world for world in run.worlds if world != run.worlds[0]]
        raise UsageError(
            f"{run.path} has no two worlds to compare" if not others else f'the run has no other world "{b}"',
            suggestion=f"It has: {', '.join(run.worlds)}.",
        )
    return run.worlds[0], base


def _regime(text: str) -> Regime:
    """``beijing-points+appeals-60d``: a regime with the reforms after the plus signs."""
    name, *reforms = text.split("+")
    return find_regime(name, tuple(reforms))


def _other(text: str, a: str) -> Regime:
    """A regime, or reforms of A."""
    from counterscore.catalog import reform_ids

    names = split_ids([text])
    if names and set(names) <= set(reform_ids()):
        return _regime("+".join([a, *names]))
    return _regime(text)


def _live(order: Order, mode: Mode, yes: bool, screen: Screen, *, bounded: bool = False) -> Run:
    """Say what it will take, then simulate."""
    from counterscore.simulation import estimate

    spec = order.spec
    cost = estimate(spec, threads=order.threads)
    folder = out_folder(order, screen)
    screen.note(
        f"{plural(len(spec.worlds), 'world')}, {spec.replays} replicates, {spec.city.residents:,} residents: "
        f"{cost_in_words(cost)}."
    )
    confirm(cost, folder, yes, screen)
    if bounded and cost.seconds > _LONGEST_UNASKED and not yes:
        raise UsageError(
            f"this takes {cost_in_words(cost)}",
            suggestion="Add --yes, name --rules, or use fewer --residents or --replicates.",
        )
    return carry_out(order, folder, mode, screen)


def _against_itself(run: Run, everywhere: bool, threads: int | None, screen: Screen) -> None:
    """Nothing but the placebo twin."""
    from counterscore.reliving import MOST_AGAIN
    from counterscore.twins import placebo

    check = placebo(run, run.worlds[0], threads=threads, most=None if everywhere else MOST_AGAIN)
    if screen.json:
        screen.data({"run": str(run.path), "world": check.world, "placebo": {**asdict(check), "holds": check.holds}})
    else:
        screen.paragraph(f"{check}.")
    if not check.holds:
        raise VerifyError(str(check), suggestion="Please report this with the run's record.json.")


# ---- two worlds -------------------------------------------------------------------------------------------------


def _show(
    run: Run,
    world: str,
    baseline: str,
    reach_replays: int,
    no_placebo: bool,
    everywhere: bool,
    threads: int | None,
    screen: Screen,
) -> None:
    from counterscore.reliving import MOST_AGAIN
    from counterscore.twins import compare_people, placebo, reach

    most = None if everywhere else MOST_AGAIN
    effects = _effects(run, world, baseline)
    people = compare_people(run, world, baseline)
    check = None if no_placebo else placebo(run, world, threads=threads, most=most)
    reached = reach(run, world, baseline, replays=reach_replays, most=most) if reach_replays else None
    if screen.json:
        screen.data(
            {
                "run": str(run.path),
                "world": world,
                "baseline": baseline,
                "effects": [asdict(one) for one in effects],
                "people": people.as_json(),
                "placebo": {**asdict(check), "holds": check.holds, "text": str(check)} if check else None,
                "reach": reached.as_json() if reached else None,
            }
        )
    else:
        _print(run, effects, people, check, reached, screen)
    if check and not check.holds:
        raise VerifyError(str(check), suggestion="Please report this with the run's record.json.")


def _effects(run: Run, world: str, baseline: str) -> list[Difference]:
    from counterscore.measures import Life, all_measures, applies, evaluate
    from counterscore.paired import compare

    both = [Life(run, name, run.replays(name)[0]) for name in (world, baseline)]
    # Nobody is listed where there is no list, which is a number; a score that does not exist is none.
    wanted = [one for one in all_measures() if applies(one, both[0]) and (one.needs == "list" or applies(one, both[1]))]
    evaluate(run, wanted, (world, baseline))
    return [compare(run, one.id, world=world, baseline=baseline) for one in wanted]


def _print(
    run: Run, effects: list[Difference], people: People, check: Placebo | None, reached: Reach | None, screen: Screen
) -> None:
    base = people.baseline
    screen.heading(
        f"{people.world} compared with {base}: the same {people.residents:,} people, the same random numbers"
    )
    told_apart = [one for one in effects if one.value]
    screen.table(
        ("measure", f"difference from {base} (90 % interval)", "unit", ""),
        [
            (one.id.replace("_", " "), one.text, one.unit, one.note if one.answer == "no value" else "")
            for one in told_apart
        ],
        right=(1,),
    )
    _others("measures", [one.id for one in effects if one.value == 0], screen)
    screen.line()
    screen.heading("Person by person (means over replicates)")
    screen.table(
        ("column", f"more than in {base}", "less", "same", "mean difference (90 % interval)", "unit"),
        [
            (
                one.column,
                f"{one.more:,.1f}",
                f"{one.less:,.1f}",
                f"{one.same:,.1f}",
                "" if one.mean is None else _range(one.mean, one.low, one.high),
                one.unit if one.mean is not None else "",
            )
            for one in people.columns
            if one.more or one.less
        ],
        right=(1, 2, 3, 4),
    )
    _others("columns", [one.column for one in people.columns if not (one.more or one.less)], screen)
    for column, why in people.left_out.items():
        screen.line(f"  {column} is left out: {why}.")
    screen.line()
    told = people.as_json()["no_difference"]
    screen.paragraph(
        f"Exactly no difference: {_range(told['mean'], told['low'], told['high'], plus=False)} of {people.residents:,} "
        f"residents{_where(people.replays)}. {told['note']}"
    )
    if check:
        screen.paragraph(str(check) + ("." if check.holds else ""))
    if reached:
        screen.line()
        _print_reach(reached, screen)
    screen.line()
    screen.paragraph(
        f"Every difference is {people.world} less {base}. Intervals are for the average over replicates, paired "
        "replicate by replicate (90 %, t); they cover chance, not the assumptions."
    )
    screen.next(f"counterscore life {shlex.quote(str(run.path))} --pick median --of listed --other {base}")


def _others(what: str, names: list[str], screen: Screen) -> None:
    if names:
        listed = ", ".join(name.replace("_", " ") for name in names)
        screen.paragraph(f"Exactly no difference in {len(names)} {what}: {listed}.", indent=2)


def _where(replays: tuple[int, ...]) -> str:
    return f" (mean of {len(replays)} replicates)" if len(replays) > 1 else ""


def _print_reach(reached: Reach, screen: Screen) -> None:
    where = f"replicate {reached.replays[0]}" if len(reached.replays) == 1 else f"{len(reached.replays)} replicates"
    screen.heading(f"Whom the change reached ({where}{reached.where.rstrip(',')})")
    rows: list[tuple[str, str, str]] = [
        ("no difference at all", f"{reached.unchanged:,}", ""),
        ("directly, by a changed rule", f"{reached.direct:,}", _examples(reached, "directly")),
        *((f"through {how}", f"{count:,}", _examples(reached, how)) for how, count in reached.through.items() if count),
        ("unexplained", f"{len(reached.unexplained):,}", _examples(reached, "unexplained")),
    ]
    screen.table(("how", "lives", "for example, and from which month of the run"), rows, right=(1,))
    screen.line(f"  Met by a changed rule, differing or not: {reached.touched:,}.")
    for subject, counts in reached.others.items():
        called = {"firms": "Firms", "bodies": "Public bodies"}[subject]
        screen.line(
            f"  {called}: {counts['compared']:,} compared, {counts['identical']:,} identical, {counts['directly']:,} met "
            f"by a changed rule, {counts['linked']:,} linked to somebody who differed before."
        )
    if reached.rules:
        most = sorted(reached.rules.items(), key=lambda item: (-item[1], item[0]))[:12]
        screen.paragraph(
            "Which rules met those who differ directly (one life may meet several): "
            + "; ".join(f"{rule} {count:,}" for rule, count in most)
            + (f"; and {len(reached.rules) - 12} more" if len(reached.rules) > 12 else "")
            + ".",
            indent=2,
        )
    screen.paragraph(reached.certificate())


def _examples(reached: Reach, how: str) -> str:
    return ", ".join(f"{one.resident} ({one.month})" for one in reached.examples.get(how, [])[:3])


def _range(value: float, low: float | None, high: float | None, *, plus: bool = True) -> str:
    if not plus:
        return wording.amount(value, low, high)
    return "0" if value == 0 and not low and not high else wording.interval(value, low, high)


# ---- each rule --------------------------------------------------------------------------------------------------


def _each_rule(order: Order, only: tuple[str, ...], mode: Mode, yes: bool, screen: Screen) -> None:
    from counterscore.specification import distinct_worlds, world_name
    from counterscore.twins import rules_out

    head = order.spec.regime
    outs = list(rules_out(head, only))
    lived = [one for one in outs if one.regime is not None]
    worlds, _ = distinct_worlds(head, [one.regime for one in lived if one.regime is not None])
    run = _live(replace(order, spec=replace(order.spec, worlds=worlds)), mode, yes, screen, bounded=True)
    rows = [(one, *_of_rule(run, world_name(head), world_name(one.regime))) for one in lived if one.regime is not None]
    if screen.json:
        return screen.data(
            {
                "run": str(run.path),
                "regime": world_name(head),
                "rules": [_rule_json(*row) for row in rows],
                "not_taken_out": [
                    {"id": one.id, "kind": one.kind, "why": one.why_not} for one in outs if one.regime is None
                ],
            }
        )
    return _print_rules(world_name(head), rows, [one for one in outs if one.regime is None], run, screen)


def _of_rule(run: Run, whole: str, without: str) -> tuple[dict[str, Difference], People]:
    from counterscore.paired import compare
    from counterscore.twins import compare_people

    return (
        {name: compare(run, name, world=whole, baseline=without) for name in _OF_A_RULE},
        compare_people(run, whole, without),
    )


def _rule_json(one: RuleOut, effects: dict[str, Difference], people: People) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "label": one.label,
        "at": one.at,
        "taken_out_with_it": list(one.with_it),
        "changed_residents": list(people.changed),
        "effects": {name: asdict(found) for name, found in effects.items()},
    }


def _print_rules(whole: str, rows: list[Any], left: list[RuleOut], run: Run, screen: Screen) -> None:
    screen.heading(
        f"What each rule of {whole} does: the whole less the whole without the rule, same people, same random numbers"
    )
    screen.table(
        ("rule", "line", "changed", *(name.replace("_", " ") for name in _OF_A_RULE)),
        [
            (
                one.id + (f" (with {len(one.with_it)} more)" if one.with_it else ""),
                one.at,
                f"{sum(people.changed) / max(1, len(people.changed)):,.1f}",
                *(_short(found) for found in effects.values()),
            )
            for one, effects, people in rows
        ],
        right=tuple(range(2, 3 + len(_OF_A_RULE))),
    )
    for one, _, _ in rows:
        if one.with_it:
            screen.paragraph(f"{one.id} goes with {', '.join(one.with_it)}.", indent=2)
    for one in left:
        screen.paragraph(f"{one.id} cannot be taken out alone: {one.why_not}", indent=2)
    screen.line()
    units = {name: found.unit for _, effects, _ in rows[:1] for name, found in effects.items()}
    screen.paragraph("Units: " + "; ".join(f"{name.replace('_', ' ')} {unit}" for name, unit in units.items()) + ".")
    screen.paragraph(
        "changed: residents with any difference, mean over replicates. ~ cannot be told from no difference; 0 is exactly "
        "none. Effects of rules do not add up to the effect of the whole. Intervals: --json."
    )
    screen.next(
        f"counterscore twins {shlex.quote(str(run.path))} {rows[0][0] and run.worlds[-1] if rows else ''}".rstrip()
    )


def _short(found: Difference) -> str:
    if found.value is None:
        return "-"
    if found.value == 0:
        return "0"
    text = f"{found.value:+.2f}"
    return f"~{text}" if found.distinguishable is False else text
