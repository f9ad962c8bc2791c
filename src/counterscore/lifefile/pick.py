"""Choosing a resident by a stated rule, so that a life file is typical of something and says of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterscore.errors import UsageError, did_you_mean
from counterscore.measures import GROUPS, Life, groups
from counterscore.measures._measure import NEVER
from counterscore.results import Run
from counterscore.results.ids import Who
from counterscore.results.run import GENERATION

#: What may stand after --of, beside attributes such as registration=non-local.
GROUP_WORDS: Mapping[str, str] = {
    "everybody": "all adults",
    "listed": "adults who are ever listed",
    "never-listed": "adults who are never listed",
    "wrongly-listed": "adults wrongly listed (factual: the record behind it is not true)",
    "wrongly-listed-rule": "adults wrongly listed (rule: against the regime's own rule)",
    "wrongly-listed-spread": "adults wrongly listed (spread: a door closed only because of next of kin)",
    "missed": "adults with an act a rule covers and no record of any",
    "recorded": "adults with at least one record",
    "refused": "adults refused by a door at least once",
    "unable": "adults unable to move a step in some year, by what they tried and a rule refused",
    "behind-doors": "adults with a month in which at least k essential services are closed",
}
PLACES: Mapping[str, float] = {"median": 0.5, "p10": 0.1, "p90": 0.9}
_ORDER = "months listed, then attempts refused, then records, then number"


@dataclass(frozen=True, slots=True)
class Pick:
    """Whose life it is and the sentence that says how it was picked; it stands on every life file."""

    whose: Who
    how: str
    hand_picked: bool


def by_hand(whose: Who | int) -> Pick:
    """Whom somebody named: a resident by identity, or a firm or body."""
    who = whose if isinstance(whose, Who) else Who("residents", whose)
    return Pick(who, "hand-picked: named by whoever made this file, not chosen by a rule", True)


def pick(run: Run, place: str, group: str, *, world: str | None = None, replay: int = 0) -> Pick:
    """The resident at ``place`` (median, p10 or p90) of a group, in one world and replicate.

    The group is a word of ``GROUP_WORDS`` or an attribute such as ``registration=non-local``. Raises ``UsageError``
    for what does not exist and for a group nobody is in.
    """
    if place not in PLACES:
        raise UsageError(f"pick takes {', '.join(PLACES)}; found {place}")
    name = world or run.worlds[0]
    if (name, replay) not in run.finished:
        raise UsageError(f"the run has no finished replicate {replay} of {name}")
    view = Life(run, name, replay)
    mask, words = _members(view, group)
    at = np.flatnonzero(mask)
    if not len(at):
        others = [r for r in run.replays(name) if r != replay and _members(Life(run, name, r), group)[0].any()]
        shown = ", ".join(str(r) for r in others[:8])
        hint = f"There is somebody in replicate {shown}." if others else "In no replicate of it either."
        raise UsageError(f"nobody is in the group {group} in replicate {replay} of {name}", suggestion=hint)
    numbers = view.resident("resident")[at] + view.resident("generation")[at].astype(np.uint64) * np.uint64(GENERATION)
    keys = [view.outcome(column)[at] for column in ("records", "refused", "months_listed")]
    order = np.lexsort((numbers, *keys))
    rank = min(len(order) - 1, int(PLACES[place] * len(order)))
    told = {"median": "the middle", "p10": "the 10th percentile", "p90": "the 90th percentile"}[place]
    of = f"{told} of {len(at):,}" if len(at) > 1 else "the only one of"
    how = f"{of} {words.removeprefix('all ') if len(at) > 1 else words}, in the order of {_ORDER}; world {name}, replicate {replay}"
    return Pick(Who("residents", int(numbers[order[rank]])), how, False)


def _members(view: Life, group: str) -> tuple[npt.NDArray[np.bool_], str]:
    attribute, equals, value = group.partition("=")
    if equals:
        found = dict(groups(view, attribute))
        if value not in found:
            close = did_you_mean(value, list(found))
            hint = f"Did you mean {attribute}={close}?  " if close else ""
            raise UsageError(f"nobody has {group}", suggestion=f"{hint}There are: {', '.join(found)}.")
        return found[value], f"adults with {attribute} {value}"
    if group not in GROUP_WORDS:
        known = [*GROUP_WORDS, *(f"{one}=…" for one in GROUPS)]
        close = did_you_mean(group, list(GROUP_WORDS))
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no group is called "{group}"', suggestion=f"{hint}Groups: {', '.join(known)}.")
    outcome = view.outcome
    match group:
        case "everybody":
            mask = np.ones(len(outcome("records")), np.bool_)
        case "listed":
            mask = outcome("first_listed") != NEVER
        case "never-listed":
            mask = outcome("first_listed") == NEVER
        case "wrongly-listed":
            mask = outcome("wrong_factual") > 0
        case "wrongly-listed-rule":
            mask = outcome("wrong_rule") > 0
        case "wrongly-listed-spread":
            mask = outcome("wrong_spread") > 0
        case "missed":
            mask = (outcome("unrecorded") > 0) & (outcome("records") == 0)
        case "recorded":
            mask = outcome("records") > 0
        case "refused":
            mask = outcome("refused") > 0
        case "unable":
            mask = outcome("years_unable") > 0
        case _:
            mask = outcome("months_unable") > 0
    return mask, GROUP_WORDS[group]
