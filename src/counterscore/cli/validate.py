"""``validate``: recompute the laboratory's own checks."""

from __future__ import annotations

from typing import Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural
from counterscore.errors import VerifyError


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

    Closed forms, second readings of rule books, and published results of others.
    Exit code 5 where a value lies outside its tolerance.
    """
    from counterscore.validation import all_validations, find_validation

    screen = Screen(json, quiet, no_color)
    chosen = [find_validation(name) for name in names or ()] or list(all_validations())
    found = {one.id: one.run() for one in chosen}
    outside = sum(not check.within for checks in found.values() for check in checks)
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
                                "within": check.within,
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
                        f"{check.expected:.6g}",
                        f"{check.found:.6g}",
                        f"{check.tolerance:.2g}",
                        "within" if check.within else "OUTSIDE",
                        check.source,
                    )
                    for check in found[one.id]
                ],
                right=(1, 2, 3),
            )
            screen.line()
        total = sum(len(checks) for checks in found.values())
        screen.line(f"{plural(total, 'value')}, {total - outside} within tolerance, {outside} outside.")
    if outside:
        raise typer.Exit(VerifyError.exit_code)
