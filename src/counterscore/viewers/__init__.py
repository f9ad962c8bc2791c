"""Through their eyes: what somebody sees of a resident, a firm or a public body in one month, and what not.

Each module offers ``VIEWERS``: who looks, at whom, and a function that gives what is seen as plain ``Seen`` data, every
item with the rule behind it. Everything is synthetic; the record of a run and the life of one subdistrict are all it needs.
"""

from __future__ import annotations

from functools import cache

from counterscore import discovery
from counterscore.errors import UsageError, did_you_mean
from counterscore.lifefile import Pick, Who, by_hand, pick
from counterscore.results import Run
from counterscore.results.rules import regime_of
from counterscore.viewers._file import opened
from counterscore.viewers._seen import Item, Section, Seen, Viewer

__all__ = [
    "Item",
    "Section",
    "Seen",
    "Viewer",
    "all_viewers",
    "applicable",
    "find_viewer",
    "seen",
    "somebody",
]


@cache
def all_viewers() -> tuple[Viewer, ...]:
    """Everybody who can look, in the order in which they are told of."""
    found = [one for some in discovery.offered(__name__, "VIEWERS") for one in some]
    return tuple(sorted(found, key=lambda one: one.order))


def find_viewer(id_: str) -> Viewer:
    """The viewer called ``id_``. Raises ``UsageError`` where there is none."""
    for one in all_viewers():
        if one.id == id_:
            return one
    close = did_you_mean(id_, [one.id for one in all_viewers()])
    raise UsageError(
        f'no viewer is called "{id_}"',
        suggestion=f"Did you mean {close}?" if close else f"All: {', '.join(one.id for one in all_viewers())}.",
    )


def applicable(run: Run, world: str | None = None) -> tuple[Viewer, ...]:
    """The viewers who have something to look at in a world of the run. Raises ``UsageError`` where there is no such."""
    name = world or run.worlds[0]
    if name not in run.worlds:
        raise UsageError(f'the run has no world "{name}"', suggestion=f"It has: {', '.join(run.worlds)}.")
    regime = regime_of(next(one for one in run.record["worlds"] if one["name"] == name))
    return tuple(one for one in all_viewers() if one.about in run.record["subjects"] and one.applies(regime))


def seen(
    run: Run, picked: Pick | str, viewer: Viewer | str, month: int | str, *, world: str | None = None, replay: int = 0
) -> Seen:
    """What a viewer sees of somebody at the end of a month (0 for the first, or such as ``2019-06``).

    Raises ``UsageError`` where the viewer does not look at such a subject, or the month is not of the run.
    """
    one = find_viewer(viewer) if isinstance(viewer, str) else viewer
    whose = _hand_picked(run, picked) if isinstance(picked, str) else picked
    file = opened(run, whose, _month(run, month), world=world, replay=replay)
    if file.subject != one.about:
        raise UsageError(
            f"{one.title} looks at {one.about}, not at {file.subject}", suggestion="Choose another viewer."
        )
    if not one.applies(file.regime):
        raise UsageError(
            f"{one.title}: the rules of {file.lived.title} have nothing that it could see", suggestion=one.needs
        )
    return one.look(file).of(one, file)


def somebody(run: Run, viewer: Viewer | str, *, world: str | None = None, replay: int = 0) -> Pick:
    """Somebody for a viewer to look at where nobody was asked for: the middle of those it is mostly about."""
    one = find_viewer(viewer) if isinstance(viewer, str) else viewer
    if one.somebody is not None:
        return one.somebody(run)
    if one.about == "residents":
        return pick(run, "median", "everybody", world=world or run.worlds[0], replay=replay)
    return Pick(Who(one.about, 0), "the first by number, which means nothing", hand_picked=False)


def _hand_picked(run: Run, who: str) -> Pick:
    from counterscore.lifefile import parse_who

    return by_hand(parse_who(run, who))


def _month(run: Run, month: int | str) -> int:
    months = int(run.record["months"])
    if isinstance(month, str) and "-" in month.strip("-"):
        year, first = map(int, run.record["start"].split("-"))
        try:
            asked = [int(part) for part in month.split("-")[:2]]
        except ValueError:
            raise UsageError(f'a month is written as 2018-01, found "{month}"') from None
        at = (asked[0] - year) * 12 + asked[1] - first
    else:
        try:
            at = int(month)
        except ValueError:
            raise UsageError(f'a month is written as 2018-01 or as a number from 0, found "{month}"') from None
    if not 0 <= at < months:
        raise UsageError(
            f"the run has months 0 to {months - 1}, from {run.record['start']}", suggestion="Choose one of them."
        )
    return at
