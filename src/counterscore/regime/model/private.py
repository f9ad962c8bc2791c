"""Private schemes: a matchmaker that goes by grades, and scores that residents show each other."""

from __future__ import annotations

from typing import Literal, get_args

from counterscore.regime.model._values import Frozen, Share

ShownHow = Literal["never", "may", "asked", "must"]
SHOWN: tuple[ShownHow, ...] = get_args(ShownHow)


class Prominence(Frozen):
    """How many times as often a resident of ``grade`` is shown; None where nobody published it."""

    grade: str
    times: Share
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None


class Partners(Frozen):
    """A matchmaker: who is shown how often, by the grades of rule book ``by``. A grade not named is shown once."""

    by: str
    prominence: tuple[Prominence, ...] = ()
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""


class Shown(Frozen):
    """To whom a private score is shown: to ``friends``, and to singles who look for somebody (``mates``).

    *Never*: to nobody. *May*: who takes part chooses. *Asked*: and may be asked to. *Must*: everybody who has a score
    is shown with it. A rule book without this shows its score to nobody.
    """

    friends: ShownHow = "never"
    mates: ShownHow = "never"
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""
