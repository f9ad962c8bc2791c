"""The private side of a subdistrict at its start and at its end, as NumPy columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.engine import layout
from counterscore.engine.friends import friendships
from counterscore.engine.layout import ADULT, NEVER, NO_GRADE

Columns = dict[str, npt.NDArray[Any]]
_PARTNERED = (1, 2)  #: families of two, without and with a child
_AGES = (18, 30, 45, 60)  #: where the age bands of ``adoption.age`` begin
#: Sums over ties between residents who both have a score: their number, and of their scores at the ends
#: (in points, each tie counted from both ends) the sum, the sum of squares and the sum of products.
MIXING = ("ends", "sum", "squares", "products")


def settle_private(
    plan: Any, residents: Any, people: Mapping[str, npt.NDArray[Any]], grown: Any, first: int, seed: int, replay: int
) -> npt.NDArray[Any]:
    """Who of the adults (``grown``) takes part at the start, set in ``residents``; returns the private side, without
    rows where the run has no use for it. ``first`` is the number of the subdistrict's first resident.
    """
    n = len(residents)
    for s in np.flatnonzero(plan.scheme_asks):
        key = luck.mix(luck.key("engine/taking_part", seed, replay) ^ int(plan.scheme_hash[s]))
        lots = luck.draws32(key, np.arange(first, first + n, dtype=np.uint64)).astype(np.int64)
        rate = (int(plan.scheme_begin[s]) * plan.adoption_age[np.searchsorted(_AGES, people["age"], side="right")]) >> 8
        rate = (rate * plan.adoption_file[people["file"]]) >> 8
        residents["part"] |= np.where(grown & (lots < rate), 1 << s, 0).astype(np.uint8)
    private = np.zeros(n if plan.private or plan.meeting else 0, layout.PRIVATE)
    follow(private, np.arange(len(private)), 0)
    take_private(private, slice(None), people)
    if len(private):
        private["other"] = couples_at_start(people)
        private["alone_since"] = np.where(grown & (private["partnered"] == 0), 0, NEVER)
    if len(private) and plan.shown_scheme >= 0:
        private["joined"] = np.where(grown & (residents["part"] >> int(plan.shown_scheme) & 1 == 1), 0, NEVER)
    return private


def take_private(private: Any, places: Any, people: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the attributes of ``people`` that only the private side needs into the records at ``places``."""
    if len(private) == 0:
        return
    for name in ("sex", "education", "minority", "income"):
        private[name][places] = people[name]
    private["partnered"][places] = np.isin(people["family"], _PARTNERED)


def couples_at_start(people: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.int32]:
    """With whom of the subdistrict each resident with a partner lives, by age; -1 where the partner lives elsewhere."""
    out = np.full(len(people["age"]), -1, np.int32)
    partnered = np.isin(people["family"], _PARTNERED)
    both = [np.flatnonzero(partnered & (people["sex"] == sex)) for sex in (0, 1)]
    many = min(map(len, both))
    one, two = (
        who[np.argsort(people["age"][who], kind="stable")][np.arange(many) * len(who) // max(1, many)] for who in both
    )
    out[one], out[two] = two, one
    return out


def follow(private: Any, gone: npt.NDArray[np.intp], month: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Begin anew at the places of the dead; who sought them as friends has lost them, and who lived with them is single.

    Returns the places of those widowed, and of whom.
    """
    none = np.zeros(0, np.intp)
    if len(private) == 0:
        return none, none
    dead = gone[(private["partnered"][gone] != 0) & (private["other"][gone] >= 0)]
    widowed = private["other"][dead].astype(np.intp)
    alive = ~np.isin(widowed, gone)
    dead, widowed = dead[alive], widowed[alive]
    private["partnered"][widowed] = 0
    private["other"][widowed] = -1
    private["alone_since"][widowed] = month
    private[gone] = np.zeros(1, layout.PRIVATE)
    for name in ("joined", "left", "matched", "alone_since"):
        private[name][gone] = NEVER
    private["sought"][gone] = private["other"][gone] = -1
    lost = np.isin(private["sought"], gone)
    private["sought"][lost] = -1
    return widowed, dead


def grades_of(plan: Any, residents: Any, s: int) -> npt.NDArray[np.uint8]:
    """The grade of each resident in scheme ``s`` as the file numbers them; ``NO_GRADE`` where there is none."""
    codes = np.full(NO_GRADE + 1, NO_GRADE, np.uint8)
    codes[: plan.grade_code.shape[1]] = plan.grade_code[s]
    found: npt.NDArray[np.uint8] = codes[residents["grade"][:, s]]
    return found


def private_columns(plan: Any, residents: Any, watch: Any, private: Any, month: int) -> Columns:
    """What a run keeps of each resident's private side at the end, which is in ``month``."""
    n = len(residents)
    s = int(plan.shown_scheme)
    nobody = np.full(n, NO_GRADE, np.uint8)
    columns = {
        "taking_part": residents["part"] >> s & 1 if s >= 0 else np.zeros(n, np.uint8),
        "private_score": residents["score"][:, s] if s >= 0 else np.zeros(n, np.int32),
        "private_grade": grades_of(plan, residents, s) if s >= 0 else nobody,
        "partnered": private["partnered"],
        "shows": (watch["file"] & layout.FILE_SHOWN != 0).astype(np.uint8),
    }
    columns["taking_part"] = np.where(residents["age"] >= ADULT, columns["taking_part"], 0).astype(np.uint8)
    columns |= {name: private[name] for name in ("joined", "left", "perks", "ties_low", "ties_new")}
    columns |= {name: private[name] for name in ("seen", "matched", "ties_hidden", "couples")}
    columns |= {"profile": _on_profile(plan, residents, private)}
    columns |= dict.fromkeys(
        ("ties", "watchers", "below"), np.zeros(n, np.uint8)
    )  # of those alive at the end: ``company``
    now = np.where(private["alone_since"] == NEVER, 0, month - private["alone_since"].astype(np.int64))
    columns["alone"] = (private["alone"] + now).astype(np.uint16)
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def _on_profile(plan: Any, residents: Any, private: Any) -> npt.NDArray[np.uint8]:
    """1 where singles who look see the score, as ``ties.on_profile`` has it."""
    s, rule = int(plan.shown_scheme), int(plan.shown_mates)
    if s < 0 or rule == layout.SHOWN_NEVER:
        return np.zeros(len(residents), np.uint8)
    grade, worst = residents["grade"][:, s].astype(int), int(plan.scheme_grades[s]) - 1
    rated = (grade != NO_GRADE) & (residents["part"] >> s & 1 == 1) & (residents["age"] >= ADULT)
    chosen = (private["profile"] != 0) & ((grade != worst) | (worst <= 0))
    return (rated & (chosen | (rule == layout.SHOWN_MUST))).astype(np.uint8)


class Ties(NamedTuple):
    """Each tie of a subdistrict once."""

    one: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]
    before: npt.NDArray[np.bool_]  #: whether it was there at the start
    now: npt.NDArray[np.bool_]
    sought: npt.NDArray[np.bool_]  #: whether ``one`` sought it by the score


def company(plan: Any, place: Any) -> Columns:
    """Of each who lives there now: how many ties there are, of these how many to friends who show their score, and how many
    of those see a lower one.
    """
    residents, private = place.residents, place.private
    n = len(residents)
    watchers, lower = np.zeros(n, np.int64), np.zeros(n, np.int64)
    ties = ties_of(plan, place)
    one, other, sought = ties.one[ties.now], ties.other[ties.now], ties.sought[ties.now]
    s = int(plan.shown_scheme)
    if len(private) and s >= 0:
        shows = (place.watch["file"] & layout.FILE_SHOWN != 0) & (residents["grade"][:, s] != NO_GRADE)
        score, grown = residents["score"][:, s].astype(np.int64), residents["age"] >= ADULT
        for subject, observer in ((one, other), (other, one)):
            sees = shows[observer] & grown[subject]
            watchers += _count(subject, sees, n)
            apart = score[observer] - score[subject] >= int(plan.partners_gap)
            lower += _count(subject, sees & shows[subject] & apart, n)
    top = layout.TOP8
    return {
        "ties": (np.bincount(one, minlength=n) + _count(other, ~sought, n)).astype(np.uint8),
        "watchers": np.minimum(watchers, top).astype(np.uint8),
        "below": np.minimum(lower, top).astype(np.uint8),
    }


def _count(who: npt.NDArray[np.int64], where: npt.NDArray[np.bool_], n: int) -> npt.NDArray[np.int64]:
    """How often each of ``n`` residents is in ``who``, of the places ``where`` alone."""
    found: npt.NDArray[np.int64] = np.bincount(who[where], minlength=n)
    return found


def ties_of(plan: Any, place: Any) -> Ties:
    """The ties of a subdistrict: friendships, and on the private side those that were sought."""
    residents, private = place.residents, place.private
    one, other, bit = friendships(plan, place.space.friends, len(residents))
    seekers, column = np.nonzero(private["sought"] >= 0) if len(private) else (np.zeros(0, np.int64),) * 2
    sought = np.repeat([False, True], [len(one), len(seekers)])
    return Ties(
        np.concatenate([one, seekers]),
        np.concatenate([other, private["sought"][seekers, column] if len(private) else column]),
        ~sought,
        np.concatenate([residents["ties"][one] & bit != 0, np.ones(len(seekers), bool)]),
        sought,
    )


def mixing(plan: Any, place: Any) -> npt.NDArray[np.int64]:
    """The sums of ``MIXING`` by the shown score, else that of the first scheme, as they are now: over the ties that
    there were at the start, and over those that there are.
    """
    residents = place.residents
    out = np.zeros((2, len(MIXING)), np.int64)
    if plan.schemes == 0:
        return out
    s = max(0, int(plan.shown_scheme))
    score = residents["score"][:, s].astype(np.int64) // layout.SCALE
    scored = (residents["grade"][:, s] != NO_GRADE) & (residents["age"] >= ADULT)
    ties = ties_of(plan, place)
    rated = scored[ties.one] & scored[ties.other]
    for at, where in enumerate((ties.before, ties.now)):
        both = where & rated
        x, y = score[ties.one[both]], score[ties.other[both]]
        out[at] = (2 * len(x), (x + y).sum(), (x * x + y * y).sum(), 2 * (x * y).sum())
    return out
