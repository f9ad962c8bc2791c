"""The matchmaker's page of singles, in the order in which a client sees them, with and without prominence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from counterscore import luck
from counterscore.city.columns import FAMILIES
from counterscore.engine import layout
from counterscore.engine.partners.meeting import closeness
from counterscore.lifefile import Pick
from counterscore.regime.model import Regime
from counterscore.results import Run, as_numpy
from counterscore.results.ids import Who
from counterscore.results.run import GENERATION
from counterscore.viewers._file import FileAt, grade_of
from counterscore.viewers._seen import Item, Section, Seen, Viewer

_SINGLE = [n for n, name in enumerate(FAMILIES) if name.startswith("single")]
_closeness = getattr(
    closeness, "py_func", closeness
)  #: the rule itself; its compiled form takes the engine's own records only
_MOST = 20  #: profiles of a page


def page_of_singles(file: FileAt) -> Seen:
    """Singles near enough in age and schooling, drawn one after another: by prominence, and by nothing.

    The order is that of drawing without return with the chances that the model gives each profile to come up; both
    orders use the same random numbers, so that they differ by prominence alone.
    """
    at = next(book for book in file.regime.stacked() if book.partners is not None)
    people, private = file.living.place.residents, file.living.place.private
    plan, place = file.lived.plan, file.place
    s = int(plan.prominent_scheme)
    book = file.lived.teller.scored[s] if s >= 0 else None
    singles = _near(plan, people, private, place)
    first = file.lived.history.subdistrict * layout.SUBDISTRICT
    key = luck.key("viewers/page_of_singles", int(file.run.record["seed"]), file.life.replay, file.month) ^ (
        first + place
    )
    lots = (luck.draws32(key, (first + singles).astype(np.uint64)).astype(float) + 0.5) / 2**32
    grades = people["grade"][singles, s].astype(int) if s >= 0 else np.full(len(singles), layout.NO_GRADE)
    weights = np.array([plan.prominence[layout.MAX_GRADES if g == layout.NO_GRADE else g] for g in grades], float)

    def told(order: Any) -> tuple[Item, ...]:
        out = []
        for k in order[:_MOST]:
            j = int(singles[k])
            shown = ""
            if book is not None and book.score is not None and grades[k] != layout.NO_GRADE:
                shown = f"; {grade_of(book.score, int(people['score'][j, s]))}"
            out.append(
                Item(
                    file.life.name(Who("residents", first + j)),
                    f"{int(people['age'][j])} years{shown}",
                    "partners",
                    str(at.at("partners", "prominence")),
                )
            )
        return tuple(out)

    with_, without = (np.argsort(-np.log(lots) / chance, kind="stable") for chance in (weights, np.ones(len(singles))))
    top = {int(singles[k]) for k in with_[:_MOST]} & {int(singles[k]) for k in without[:_MOST]}
    beside = (
        Section("As it is: by prominence", told(with_), "high scores come up more often", ordered=True),
        Section("Without prominence", told(without), "the same random numbers, everybody as likely", ordered=True),
    )
    ratio = float(weights.max() / weights.min()) if len(weights) and weights.min() > 0 else math.nan
    words = (
        f"{len(singles):,} singles are near enough in age and schooling; {len(top)} of {min(_MOST, len(singles))} are on both pages. "
        f"A prominent profile comes up {ratio:g} times as often as one that is not."
        if len(singles)
        else "Nobody near enough is single, or the client has a partner or is a child."
    )
    hidden = (
        Section(
            "What the client does not see",
            (),
            "Who was left out, and how much more often others are shown: it was never published.",
        ),
        file.truth(),
    )
    return Seen(
        (Section("The client's page", (), words),),
        hidden,
        beside,
        note="Who is seen depends on the score here; who likes whom does so where a rule book has scores shown to singles.",
    )


def _near(plan: Any, people: Any, private: Any, place: int) -> Any:
    """The places of singles of the other sex of whom the matchmaker would show a profile to who lives at ``place``."""
    if int(people["age"][place]) < 18 or private["partnered"][place] or len(private) == 0:
        return np.zeros(0, np.intp)
    found = np.flatnonzero(
        (people["age"] >= 18) & (private["partnered"] == 0) & (private["sex"] != private["sex"][place])
    )
    age, school = int(people["age"][place]), int(private["education"][place])
    near = [_closeness(plan, age - int(people["age"][j]), school - int(private["education"][j])) > 0 for j in found]
    return found[np.array(near, bool)] if len(found) else found


def somebody_single(run: Run) -> Pick:
    """Somebody to look with: the middle by number of the singles between 20 and 40 at the start."""
    people = run.residents(["resident", "age", "family"])
    number, age, family = (as_numpy(people.column(name)) for name in ("resident", "age", "family"))
    found = np.sort(number[(age >= 20) & (age <= 40) & np.isin(family, _SINGLE) & (number < GENERATION)])
    return Pick(
        Who("residents", int(found[len(found) // 2]) if len(found) else 0),
        "the middle by number of the singles between 20 and 40",
        hand_picked=False,
    )


def _matches(regime: Regime) -> bool:
    return any(book.partners is not None for book in regime.stacked())


VIEWERS = (
    Viewer(
        "matchmaker",
        "The matchmaker's page",
        "Whom does a client of the matchmaker see, in which order?",
        "residents",
        30,
        page_of_singles,
        _matches,
        "It takes a matchmaker, such as baihe-match.",
        somebody_single,
    ),
)
