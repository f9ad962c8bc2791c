"""``validate``: recompute the laboratory's own checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural
from counterscore.errors import VerifyError

if TYPE_CHECKING:
    from counterscore.validation import Check


@command("validate")
def validate(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which ones; all by default.")] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Recompute the laboratory's own checks and print expected, found, tolerance.

      counterscore validate
      counterscore validate delayed-impact --json

      counterscore validate zoo                     planted harms and clean controls

    Closed forms, second readings of rule books, published ranges, published results
    of others, and a zoo of planted harms.  Published figures that the model is
    known to miss are shown as missed, with the reason.  Exit code 5 where a value
    lies outside its tolerance, or inside although it is said to be missed.
    """
    from counterscore.validation import all_validations, find_validation

    screen = Screen(json, quiet, no_color)
    chosen = [find_validation(name) for name in names or ()] or list(all_validations())
    found = {one.id: one.run() for one in chosen}
    every = [check for checks in found.values() for check in checks]
    outside = sum(not check.as_told for check in every)
    if json:
        screen.data(
            {
                "validations": [
                    {
                        "id": one.id,
                        "title": one.title,
                        "kind": one.kind,
                        "about": one.about,
                        "checks": [
                            {
                                "what": check.what,
                                "expected": check.expected,
                                "found": check.found,
                                "tolerance": check.tolerance,
                                "rule": check.rule,
                                "within": check.within,
                                "missed": check.missed,
                                "source": check.source,
                            }
                            for check in found[one.id]
                        ],
                    }
                    for one in chosen
                ],
                "outside": outside,
            }
        )
    else:
        for one in chosen:
            screen.heading(f"{one.title}   ({one.kind})")
            screen.paragraph(one.about)
            screen.table(
                ("what", "expected", "found", "tolerance", "", "source"),
                [
                    (
                        check.what,
                        ("at least " if check.rule == "at least" else "") + _number(check.expected),
                        _number(check.found),
                        f"{check.tolerance:.2g}",
                        _verdict(check),
                        check.source,
                    )
                    for check in found[one.id]
                ],
                right=(1, 2, 3),
            )
            for check in found[one.id]:
                if check.missed:
                    screen.paragraph(f"{check.what}: {check.missed}.", indent=2)
            screen.line()
        within, missed = sum(one.within for one in every), sum(bool(one.missed) and not one.within for one in every)
        known = f", {missed} missed and said to be" if missed else ""
        screen.line(f"{plural(len(every), 'value')}, {within} within tolerance{known}, {outside} otherwise.")
    if outside:
        raise typer.Exit(VerifyError.exit_code)


def _number(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.6g}"


def _verdict(check: Check) -> str:
    if check.missed:
        return "missed" if not check.within else "WITHIN, though said to be missed"
    return "within" if check.within else "OUTSIDE"
