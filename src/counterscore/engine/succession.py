"""January's deaths, births and arrivals, and how a resident's attributes enter the engine's records.

Who dies, is born, moves in or moves out, and with which traits, comes from ``city.generations`` and is the same in every
world. Here the world's own part happens: the dead leave their stays and their outcomes, whoever follows starts with an
empty file, no lists, the starting score, no debts and all ties of the place, and on coming of age knows of the regime or
not by an own draw. What was on its way to the dead is not delivered; who lived with them is single again.

Claims about debts: of an unpaid judgment a share passes to one heir, the oldest adult child of a woman, else the next of kin; an
heir with a debt renounces, and what does not pass ends with the debtor, as debts without a judgment do. Who the heir is does not
depend on debts. A new-born child does not represent a firm: the next adult by place takes over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from counterscore import luck, milestones
from counterscore.city.columns import NOT_IN_WORK
from counterscore.city.generations import Demography, Generations, January
from counterscore.engine import layout
from counterscore.engine.draws import Purpose
from counterscore.engine.friends import ALL, befriend
from counterscore.engine.kernel import in_python, readable
from counterscore.engine.layout import (
    ADULT,
    COUNTER,
    EXITS,
    FLAG_TROUBLE,
    NEVER,
    NEWCOMER,
    NO_GRADE,
    OLDER,
    UNBORN,
    Debt,
    Single,
)
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
    traits = np.where(people["family"] >= WITH_CHILD, layout.HAS_CHILD, 0).astype(np.uint16)
    for bit, column in _TRAITS:
        traits |= np.where(people[column] != 0, bit, 0).astype(np.uint16)
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
    """Begin the year of ``place.month``: from the second year on, the dead go, others follow, and all grow older."""
    month, lives = place.month, place.lives
    counts = totals["counts"]
    if month > 0:
        residents, watch = place.residents, place.watch
        new = lives.january(month)
        heirs = _inherit(plan, place, new, counts[month])
        place.departed.append((new.gone, lives.generation[new.gone] - 1, _leave(plan, place, new.gone, totals)))
        widowed, lost = _successors(plan, place, new.gone)
        residents["age"][new.born], residents["age"][new.arrived] = UNBORN, lives.age[new.arrived] - 1
        residents["district"][new.moved] = new.districts
        take_attributes(residents, new.grown, new.columns)
        take_private(place.private, new.grown, new.columns)
        if len(place.private):
            alone = new.grown[place.private["partnered"][new.grown] == 0]
            place.private["alone_since"][alone] = month
        watch["due"][new.grown] = month
        watch["flag"][new.grown[lives.generation[new.grown] > 0]] = NEWCOMER
        _take_over(place, new.gone)

        def lots(purpose: Purpose) -> npt.NDArray[np.uint32]:
            key = luck.mix(int(keys[purpose]) + luck.GAMMA * (month + 1))
            return luck.draws32(key, (lives.first + new.grown).astype(np.uint64))

        residents["traits"][new.grown[lots(Purpose.ALLEGIANCE) < plan.conduct_allegiance]] |= layout.ALLIED
        knowing = new.grown[lots(Purpose.AWARENESS) < plan.response_awareness]
        watch["aware"][knowing] = np.minimum(watch["aware"][knowing], month)
        _stages(plan, place, new)
        _milestones(plan, place)
        young = new.grown[lives.since[new.grown] < month]
        for name, many in (
            ("died", new.gone),
            ("born", new.born),
            ("moved_in", new.arrived),
            ("moved_within", new.moved),
            ("came_of_age", young),
            ("widowed", widowed),
        ):
            counts[month, COUNTER[name]] += len(many)
        if trace is not None:
            generation = lives.generation
            _note(place, trace, new.gone, layout.EVENT_DIED, generation[new.gone])
            _note(place, trace, new.born, layout.EVENT_BORN, generation[new.born], new.mothers)
            _note(place, trace, new.arrived, layout.EVENT_ARRIVED, generation[new.arrived], lives.age[new.arrived])
            _note(place, trace, young, layout.EVENT_GROWN, generation[young])
            _note(place, trace, widowed, layout.EVENT_SINGLE, lost, Single.WIDOWED)
            _note(place, trace, heirs[:, 0], layout.EVENT_DEBT, Debt.INHERITED, heirs[:, 1], heirs[:, 2])
    counts[month : month + YEAR, COUNTER["adults"]] += int((lives.age >= ADULT).sum())
    counts[month : month + YEAR, COUNTER["older"]] += int((lives.age >= OLDER).sum())


def outcomes_of(plan: Any, people: Records, watch: Records, private: Records, month: int) -> dict[str, Records]:
    """Outcome columns of these residents as they stand in ``month``, with those of the private side where the run has one."""
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
    columns["allegiance"] = (people["traits"] & layout.ALLIED != 0).astype(np.uint8)
    if len(private):
        columns |= private_columns(plan, people, watch, private, month)
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
    return outcomes_of(plan, residents[gone], place.watch[gone], private, month)


def stays_of(table: Records) -> Records:
    """The counts of stays (list, months, exit) as records that kernels find by months and list."""
    flat: Records = table.transpose(1, 0, 2).reshape(-1, len(EXITS)).view(layout.STAYS)[:, 0]
    return flat


def _inherit(plan: Any, place: Place, new: January, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Pass on what the dead owe under judgment; returns the heirs, the thousand yuan they answer for, and whose it was."""
    residents, lives, n = place.residents, place.lives, len(place.residents)
    found = []
    for i in new.gone[residents["judged"][new.gone] != 0].tolist():
        owed = int(residents["loan"][i])
        children = new.orphans[(new.lost == i) & (lives.age[new.orphans] > ADULT)]
        heir = int(children[np.argmax(lives.age[children])]) if len(children) else n - 1 - i
        part = owed * int(plan.lives_heir_share) >> 16
        adult = (
            lives.age[heir] > ADULT
            and heir != i
            and lives.until[heir] > place.month
            and lives.since[heir] < place.month
        )
        if part == 0 or not adult or residents["loan"][heir] or residents["judged"][heir]:
            part = 0
        else:
            residents["loan"][heir], residents["judged"][heir] = part, 1
            place.watch["flag"][heir] |= FLAG_TROUBLE
            found.append((heir, part, i))
        counts[COUNTER["debt_inherited"]] += part
        counts[COUNTER["debt_ended"]] += owed - part
    return np.array(found, np.int64).reshape(-1, 3)


def _take_over(place: Place, gone: npt.NDArray[np.intp]) -> None:
    """Let adults represent firms, and public bodies know which officials have died (``bodies.careers``)."""
    age = place.lives.age
    if place.firms is not None:
        head = place.firms.own["head"]
        young = np.flatnonzero(age[head] < ADULT)
        grown = np.flatnonzero(age >= ADULT) if len(young) else young
        if len(grown):
            head[young] = grown[np.searchsorted(grown, head[young]) % len(grown)]
    if place.bodies is not None:
        officials = place.bodies.in_office()
        officials["died"] |= np.isin(officials["resident"], gone)


def _milestones(plan: Any, place: Place) -> None:
    """Note where those stand who turn 25 or 50."""
    residents, lives = place.residents, place.lives
    young, middle = (np.flatnonzero(lives.age == age) for age in (milestones.YOUNG, milestones.MIDDLE))
    young, middle = (who[lives.since[who] < place.month] for who in (young, middle))
    against = residents["records"][young] > residents["good_records"][young]
    residents["milestones"][young] = milestones.SEEN_YOUNG + milestones.RECORDED_YOUNG * against
    work = residents["work"][middle]
    standing = {
        milestones.WORKS: work == layout.EMPLOYED,
        milestones.SEEKS: work == layout.UNEMPLOYED,
        milestones.LISTED: residents["lists"][middle] & int(plan.lists_adverse) != 0,
        milestones.OWES: (residents["arrears"][middle] > 0) | (residents["judged"][middle] > 0),
    }
    if len(place.private):
        standing[milestones.PARTNERED] = place.private["partnered"][middle] != 0
    noted = residents["milestones"][middle] | milestones.SEEN_MIDDLE
    for bit, so in standing.items():
        noted |= np.uint8(bit) * so
    residents["milestones"][middle] = noted


def _successors(
    plan: Any, place: Place, gone: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Nobody with a blank record at each place of the dead; returns who is widowed, and of whom."""
    residents, watch = place.residents, place.watch
    residents[gone] = np.zeros(1, layout.RESIDENT)
    watch[gone] = np.zeros(1, layout.WATCH)
    start_afresh(plan, residents, gone)
    people = place.lives.people
    residents["district"][gone] = people["district"][gone]
    residents["group"][gone] = people["registration"][gone] * len(OCCUPATIONS) + NOT_IN_WORK
    residents["work"][gone] = layout.OUTSIDE
    watch["aware"][gone] = NEVER
    watch["due"][gone] = NEVER
    widowed = follow(place.private, gone, place.month)
    place.known.reshape(len(residents), -1)[gone] = np.zeros(1, layout.KNOWN)
    befriend(residents, place.space.friends, gone)
    return widowed


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
    others = residents["traits"][at] & (65535 ^ gone).astype(np.uint16)
    residents["traits"][at] = others | np.where(new.child, layout.HAS_CHILD, 0).astype(np.uint16)


def _note(place: Place, trace: npt.NDArray[np.int64], places: npt.NDArray[Any], event: int, *details: Any) -> None:
    used = int(place.space.trace_used)
    rows = trace[used : used + len(places)]
    rows[:, 0], rows[:, 1], rows[:, 2] = place.month, places[: len(rows)], event
    for column, detail in enumerate(details, start=3):
        rows[:, column] = np.broadcast_to(detail, len(places))[: len(rows)]
    place.space.trace_used = used + len(places)


def demography_of(plan: Any) -> Demography:
    """What the plan says of the course of lives, the same in every world of a run."""
    survivors, births = (np.asarray(table, np.int64) for table in (plan.survivors, plan.births))
    return Demography(survivors, births, int(plan.lives_move_out), int(plan.lives_move_in_oldest))


def settle_lives(plan: Any, city: Any, k: int) -> Generations:
    """Who lives in subdistrict ``k`` of ``city``, under the plan's demography."""
    return Generations(city, k, demography_of(plan))
