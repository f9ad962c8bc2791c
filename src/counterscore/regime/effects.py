"""What a door may do to a service: the one table of effects, and the one function that puts one into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from counterscore.regime.vocabulary import INSPECTION

if TYPE_CHECKING:
    from counterscore.regime.model import Door

DoorEffect = Literal["closed", "narrowed", "slowed", "priced", "opened"]
Style = Literal["table", "step", "sentence"]


class Kind(NamedTuple):
    """One effect: the number of a door that says how much, an example of it, and what the effect is about.

    ``refuses``: some or all attempts. ``hinders``: somebody is worse off; every effect that is not a favour. ``paces``: how soon
    or how often. ``saves``: who passes may be spared a sum.
    """

    number: Literal["share", "times"] | None
    example: str
    refuses: bool = False
    hinders: bool = True
    paces: bool = False
    saves: bool = False


EFFECTS: Mapping[DoorEffect, Kind] = {
    "closed": Kind(None, "", refuses=True),
    "narrowed": Kind("share", "0.5", refuses=True),
    "slowed": Kind("times", "2", paces=True),
    "priced": Kind("times", "2", saves=True),
    "opened": Kind("times", "0.5", hinders=False, paces=True, saves=True),
}
REFUSING = tuple(effect for effect, kind in EFFECTS.items() if kind.refuses)
HINDERING = tuple(effect for effect, kind in EFFECTS.items() if kind.hinders)
SAVING = tuple(effect for effect, kind in EFFECTS.items() if kind.saves)
PACING = tuple(effect for effect, kind in EFFECTS.items() if kind.paces)

#: By the number that says how much: a cell of a table, a step of a ledger, a sentence. Only sentences say that a number is unknown.
_WORDS: Mapping[Style, Mapping[str, str]] = {
    "table": {
        "often": "x {size:g} as often",
        "saves": "{effect}, {size:,} yuan saved",
        "share": "{effect}, {size:.0%} refused",
        "times": "{effect}, x {size:g}",
    },
    "step": {
        "often": "{more} frequent, {size:g} times as often",
        "saves": "{effect}, {size:,} yuan saved",
        "share": "{effect}, {size:.0%} of attempts refused",
        "times": "{effect}, {size:g} times the {what}",
    },
    "sentence": {
        "often": "{size:g} times as frequent",
        "saves": "{effect} ({size:,} yuan saved)",
        "share": "{effect} ({size:.0%} of attempts refused)",
        "times": "{effect} ({size:g} times the {what})",
        "often unknown": "of unknown number",
        "saves unknown": "{effect} (an unknown sum saved)",
        "share unknown": "{effect}, by how much is unknown",
        "times unknown": "{effect}, by how much is unknown",
    },
}


def in_words(door: Door, style: Style) -> str:
    """What a door does, with the number that says how much: ``narrowed, 20% refused`` in a table."""
    words = _WORDS[style]
    for name, size in _sizes(door):
        found = words.get(f"{name} unknown" if size is None else name)
        if found is not None:
            more = "more" if size is not None and size > 1 else "less"
            what = "price" if door.effect == "priced" else "wait"
            return found.format(effect=door.effect, size=size, more=more, what=what)
    return door.effect


def _sizes(door: Door) -> Iterator[tuple[str, float | None]]:
    """The numbers that may say how much a door does, those that say more first; None for one that is unknown."""
    if door.service == INSPECTION:
        yield "often", door.times
    if "saves" in door.model_fields_set:
        yield "saves", door.saves
    number = EFFECTS[door.effect].number
    if number is not None:
        yield number, door.share if number == "share" else door.times
