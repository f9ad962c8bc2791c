"""``eyes``: what somebody sees of a resident, a firm or a public body in one month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.lives import Replay
from counterscore.cli.places import LATEST, World, find_run
from counterscore.cli.results import RunName
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import shell_word

if TYPE_CHECKING:
    from counterscore.viewers import Section


@command("eyes")
def eyes(
    run: RunName = LATEST,
    viewer: Annotated[str, typer.Option("--viewer", metavar="ID", help="Who looks; all, if left out.")] = "",
    who: Annotated[str, typer.Option("--who", metavar="ID", help="At whom: R-04187, F-00012, B-00003.")] = "",
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="Such as 2019-06; the last.")] = "",
    world: World = "",
    replay: Replay = 0,
    reveal: Annotated[bool, typer.Option("--reveal", help="Also what this viewer cannot see.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what somebody sees of one resident, firm or public body.

      counterscore eyes latest
      counterscore eyes latest --viewer own-page --who R-04187 --month 2019-06
      counterscore eyes latest --viewer matchmaker --reveal
      counterscore eyes latest --viewer department --json

    Without --viewer it lists who can look in this world. Everybody is synthetic;
    every item names the rule behind it, and what a viewer cannot see (the true
    record, files not shared) is named.
    """
    from counterscore import viewers
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    if not viewer:
        can = viewers.applicable(found, world or None)
        if json:
            return screen.data({"viewers": [{"id": one.id, "title": one.title, "about": one.about} for one in can]})
        screen.table(("viewer", "looks at", "question"), [(one.id, one.about, one.question) for one in can])
        return screen.next(f"counterscore eyes {shell_word(run)} --viewer {can[0].id}") if can else None
    whose = who or viewers.somebody(found, viewer, world=world or None, replay=replay)
    at = month or str(int(found.record["months"]) - 1)
    seen = viewers.seen(found, whose, viewer, at, world=world or None, replay=replay)
    if json:
        return screen.data(seen.as_json())
    screen.line(f"{seen.title}: {seen.called} {seen.who} at the end of {seen.month}, replicate {seen.replay}")
    screen.paragraph(seen.sentence)
    screen.line(f"{seen.picked}; {seen.rules}")
    for section in (*seen.shown, *seen.beside):
        _show(section, screen)
    if seen.note:
        screen.line()
        screen.paragraph(seen.note)
    screen.line()
    if reveal:
        screen.line("What this viewer cannot see")
        for section in seen.hidden:
            _show(section, screen)
    else:
        screen.line("What this viewer cannot see (--reveal shows it)")
        for section in seen.hidden:
            screen.line(f"  {section.heading}")
    return None


def _show(section: Section, screen: Screen) -> None:
    screen.line()
    screen.line(section.heading + (f"  ({section.words})" if section.words else ""))
    for n, one in enumerate(section.items, start=1):
        lead = f"{n:>3} " if section.ordered else "    "
        rule = f"   {one.rule} {one.at}".rstrip() if one.rule or one.at else ""
        screen.line(f"{lead}{one.label}{': ' if one.value else ''}{one.value}{rule}")
