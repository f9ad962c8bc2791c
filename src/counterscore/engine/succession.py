"""January's deaths and successors, and how a resident's attributes enter the engine's records.

Who dies, and who follows with which traits, comes from ``city.generations`` and is the same in every world.
Here the world's own part happens: the dead leave their stays and their outcomes, a successor starts with an
empty file, no lists, the starting score, no debts and all ties of the place, and knows of the regime or not by
an own draw. Debts end with the debtor; what was on its way to the dead is not delivered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.generations import Generations
from counterscore.engine import layout
from counterscore.engine.draws import Purpose
from counterscore.engine.friends import ALL, befriend
from counterscore.engine.kernel import in_python, readable
from counterscore.engine.layout import ADULT, COUNTER, EXITS, NEVER, NEWCOMER, NO_GRADE, OLDER
from counterscore.engine.partners.outcome import follow, grades_of, private_columns, take_private
from counterscore.engine.steps.papers import give_back
from counterscore.engine.steps.scoring import grade_of
from counterscore.regime.vocabulary import OCCUPATIONS

if TYPE_CHECKING:
    from counterscore.engine.place import Place

YEAR = 12
WITH_CHILD = 2  #: families from this code on have a child
_TRAITS = (
    (layout.HAS_CAR, "car"),
    (layout.HAS_CARD, "card"),
    (layout.HAS_HOME, "home"),
    (layout.OFFENDER, "offender"),
    (layout.CONNECTED, "connected"),
)
_TAKEN = ("district", "file", "conscientiousness", "outspokenness", "sociability", "means", "loan")

Records = npt.NDArray[Any]


def take_attributes(residents: Records, places: Any, people: Any) -> None:
    """Write the columns of ``people`` into the records at ``places``."""
    for name in _TAKEN:
        residents[name][places] = people[name]
    residents["savings"][places] = people["means"]
    residents["group"][places] = people["registration"] * len(OCCUPATIONS) + people["occupation"]
    traits = np.where(people["family"] >= WITH_CHILD, layout.HAS_CHILD, 0).astype(np.uint8)
    for bit, column in _TRAITS:
        traits |= np.where(people[column] != 0, bit, 0).astype(np.uint8)
    residents["traits"][places] = traits | (residents["traits"][places] & layout.MISSED_SCHOOL)


def start_afresh(plan: Any, residents: Records, places: Any) -> int:
    """An empty file and starting scores at ``places``; returns the doors that the starting grades bring.

    A weighted score, and one that asks for consent, is not there before somebody is known or has joined.
    """
    doors = part = 0
    for s in range(plan.askers):
        part |= (1 - int(plan.scheme_asks[s])) << s
    for s in range(plan.schemes):
        if plan.scheme_asks[s] or plan.scheme_dimensions[s]:
            residents["score"][places, s], residents["grade"][places, s] = 0, NO_GRADE
            continue
        grade = int(in_python(grade_of)(plan, s, int(plan.scheme_start[s])))
        residents["score"][places, s] = plan.scheme_start[s]
        residents["grade"][places, s] = grade
        doors |= int(plan.grade_doors[s, grade])
    residents["part"][places] = part
    residents["head"][places] = -1
    residents["ties"][places] = ALL
    residents["first_record"][places] = NEVER
    residents["first_listed"][places] = NEVER
    residents["stops"][places] = NEVER
    return doors


def turn_year(
    plan: Any,
    place: Place,
    totals: dict[str, Records],
    keys: npt.NDArray[np.uint64],
    trace: npt.NDArray[np.int64] | None,
) -> None:
    """Begin the year of ``place.month``: from the second year on, the dead go and the next come of age."""
    month, lives = place.month, place.lives
    counts = totals["counts"]
    if month > 0:
        residents, watch = place.residents, place.watch
        new = lives.january(month)
        if len(new.gone):
            place.departed.append((new.gone, lives.generation[new.gone] - 1, _leave(plan, place, new.gone, totals)))
            _successors(plan, place, new.gone)
        take_attributes(residents, new.grown, new.columns)
        take_private(place.private, new.grown, new.columns)
        aware = luck.draws32(
            luck.mix(int(keys[Purpose.AWARENESS]) + luck.GAMMA * (month + 1)),
            (lives.first + new.grown).astype(np.uint64),
        )
        knowing = new.grown[aware < plan.response_awareness]
        watch["aware"][knowing] = np.minimum(watch["aware"][knowing], month)
        _stages(plan, place, new)
        counts[month, COUNTER["died"]] += len(new.gone)
        counts[month, COUNTER["came_of_age"]] += len(new.grown)
        if trace is not None:
            _note(place, trace, new.gone, layout.EVENT_DIED)
            _note(place, trace, new.grown, layout.EVENT_GROWN)
    counts[month : month + YEAR, COUNTER["adults"]] += int((lives.age >= ADULT).sum())
    counts[month : month + YEAR, COUNTER["older"]] += int((lives.age >= OLDER).sum())


def outcomes_of(plan: Any, people: Records, watch: Records, private: Records) -> dict[str, Records]:
    """Outcome columns of these residents as they stand, with those of the private side where the run has one."""
    n = len(people)
    owing = (people["arrears"] > 0) | (people["judged"] > 0)
    columns = {
        "score": people["score"][:, 0] if plan.schemes else np.zeros(n, np.int32),
        "grade": grades_of(plan, people, 0) if plan.schemes else np.full(n, NO_GRADE, np.uint8),
        "lists": (people["lists"] & int(plan.lists_adverse)).astype(np.uint16),
        "aware": (watch["aware"] != NEVER).astype(np.uint8),
        "debt": np.where(owing, people["loan"], 0).astype(np.uint16),
    }
    columns |= {name: people[name] for name in layout.OUTCOME_TYPES}
    columns["years_unable"] = people["years_unable"] + _unable_year(plan, people)  # with the last year
    columns["own_business"] = (people["traits"] & layout.OWN_BUSINESS != 0).astype(np.uint8)
    if len(private):
        columns |= private_columns(plan, people, watch, private)
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def _unable_year(plan: Any, people: Records) -> npt.NDArray[np.uint8]:
    """``doors.unable_year`` of the year that has not been reckoned yet, where there is room to count it."""
    asked, barred = people["asked"].astype(np.int64), people["barred"].astype(np.int64)
    found = (asked >= int(plan.doors_needed)) & (barred << 8 >= asked * int(plan.doors_missed)) & (barred > 0)
    return (found & (people["years_unable"] < layout.TOP8)).astype(np.uint8)


def _leave(plan: Any, place: Place, gone: npt.NDArray[np.intp], totals: dict[str, Records]) -> dict[str, Any]:
    """Close the files of the dead; returns their outcomes."""
    residents, space, month = place.residents, place.space, place.month
    space.free, more, left = give_back(
        readable(residents),
        readable(place.papers),
        readable(stays_of(totals["stays"])),
        gone,
        month,
        int(plan.lists_adverse),
        int(space.free),
    )
    space.room += more
    totals["counts"][month, COUNTER["left_died"]] += left
    letters, waiting = place.inbox[0], int(space.inbox_now)
    kept = letters[:waiting][~np.isin(letters["to"][:waiting], gone)]
    letters[: len(kept)] = kept
    space.inbox_now = len(kept)
    private = place.private[gone] if len(place.private) else place.private
    return outcomes_of(plan, residents[gone], place.watch[gone], private)


def stays_of(table: Records) -> Records:
    """The counts of stays (list, months, exit) as records that kernels find by months and list."""
    flat: Records = table.transpose(1, 0, 2).reshape(-1, len(EXITS)).view(layout.STAYS)[:, 0]
    return flat


def _successors(plan: Any, place: Place, gone: npt.NDArray[np.intp]) -> None:
    """Nobody of 17 with a blank record at each place of the dead; the kernel's January makes it 18."""
    residents, watch = place.residents, place.watch
    residents[gone] = np.zeros(1, layout.RESIDENT)
    watch[gone] = np.zeros(1, layout.WATCH)
    start_afresh(plan, residents, gone)
    residents["age"][gone] = ADULT - 1
    residents["work"][gone] = layout.OUTSIDE
    watch["aware"][gone] = NEVER
    watch["due"][gone] = NEVER
    watch["flag"][gone] = NEWCOMER
    follow(place.private, gone)
    place.known.reshape(len(residents), -1)[gone] = np.zeros(1, layout.KNOWN)
    befriend(residents, place.space.friends, gone)


def _stages(plan: Any, place: Place, new: Any) -> None:
    """Work taken up or given up, and children at home, at the ages where the city's figures change."""
    residents, at = place.residents, new.turned
    registration = residents["group"][at] // len(OCCUPATIONS)
    residents["group"][at] = registration * len(OCCUPATIONS) + new.occupation
    work = residents["work"][at]
    begins = (work == layout.OUTSIDE) & (place.lives.age[at] < int(plan.circumstances_retirement_age))
    work = np.where(begins, layout.EMPLOYED, work)
    residents["work"][at] = np.where(new.in_work, work, layout.OUTSIDE)
    gone = layout.HAS_CHILD + np.where(new.in_work, 0, layout.OWN_BUSINESS)
    others = residents["traits"][at] & (255 ^ gone).astype(np.uint8)
    residents["traits"][at] = others | np.where(new.child, layout.HAS_CHILD, 0).astype(np.uint8)


def _note(place: Place, trace: npt.NDArray[np.int64], places: npt.NDArray[np.intp], event: int) -> None:
    used = int(place.space.trace_used)
    rows = trace[used : used + len(places)]
    rows[:, 0], rows[:, 1], rows[:, 2] = place.month, places[: len(rows)], event
    rows[:, 3] = place.lives.generation[places[: len(rows)]]
    place.space.trace_used = used + len(places)


def settle_lives(plan: Any, city: Any, k: int) -> Generations:
    """Who lives in subdistrict ``k`` of ``city``, under the plan's table of survivors."""
    return Generations(city, k, np.asarray(plan.survivors, np.int64))
