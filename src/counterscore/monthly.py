"""A small city living: what each of the nine steps did in each month, in one subdistrict that is lived again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from counterscore.engine import layout, month_order
from counterscore.reliving import Stage
from counterscore.results import Run

#: Which events of a trace each step of a month brings about.
EVENTS_OF: dict[str, tuple[str, ...]] = {
    "circumstances": ("work", "debt", "move", "died", "born", "moved in", "came of age", "single"),
    "conduct": ("act",),
    "recording": ("record", "end", "overdue"),
    "scoring": ("score",),
    "listing": ("enter", "leave", "late"),
    "doors": ("doors",),
    "attempts": ("attempt", "loan", "dealing", "perk"),
    "rights": ("notice", "appeal", "decision", "repair"),
    "response": ("knows", "tie", "shown", "consent", "sought", "match"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """One month: events by step, who entered and left lists, how many are on one at its end, and what doors did."""

    month: str
    steps: dict[str, int]
    entered: int
    left: int
    listed: int
    doors_shut: int
    doors_reopened: int
    refused: int


@dataclass(frozen=True, slots=True)
class Lived:
    """All months of a subdistrict. ``lists`` are entries and exits by list and month, for the names on the page."""

    residents: int
    titles: dict[str, str]
    claims: dict[str, str]
    months: tuple[Month, ...]
    lists: dict[str, list[tuple[int, int]]]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"synthetic": True, **asdict(self)}


def lived(run: Run, *, world: str | None = None, replay: int = 0, subdistrict: int = 0) -> Lived:
    """The months of one subdistrict of one world and replicate, counted from its trace (residents only)."""
    history = Stage(run).relive(subdistrict, world=world, replay=replay)
    events, months = history.events, int(run.record["months"])
    kinds = {name: n for n, name in enumerate(layout.EVENTS)}

    def count(name: str, more: Any = True) -> Any:
        rows = events[(events[:, 2] == kinds[name]) & more]
        return np.bincount(rows[:, 0], minlength=months)[:months]

    steps = {
        step: sum((count(name) for name in names if name in kinds), start=np.zeros(months, np.int64))
        for step, names in EVENTS_OF.items()
    }
    before, after = events[:, 3], events[:, 4]
    shut = reopened = np.zeros(months, np.int64)
    adverse = _adverse(history)
    is_door = events[:, 2] == kinds["doors"]
    for k in adverse:
        bit = np.int64(1) << k
        shut = shut + count("doors", is_door & (after & bit != 0) & (before & bit == 0))
        reopened = reopened + count("doors", is_door & (after & bit == 0) & (before & bit != 0))
    honours = history.regime.honours()  # counted apart everywhere: being on one closes nothing
    adverse_lists = [k for k, (_, name, _) in enumerate(history.teller().lists) if name not in honours]
    is_adverse = np.isin(events[:, 3], adverse_lists)
    entered, left = count("enter", is_adverse), count("leave", is_adverse)
    listed = _on_a_list(events[is_adverse | (events[:, 2] == kinds["died"])], kinds, months)
    refused = count("attempt", events[:, 4] == 1)
    lists = {
        rule.label: list(
            zip(count("enter", events[:, 3] == k).tolist(), count("leave", events[:, 3] == k).tolist(), strict=True)
        )
        for k, (_, _, rule) in enumerate(history.teller().lists)
    }
    rows = tuple(
        Month(
            _month(run, m), {step: int(some[m]) for step, some in steps.items()}, int(entered[m]), int(left[m]),
            int(listed[m]), int(shut[m]), int(reopened[m]), int(refused[m]),
        )
        for m in range(months)
    )  # fmt: skip
    order = month_order()
    return Lived(
        len(history.start), {one.id: one.title for one in order}, {one.id: one.claim for one in order}, rows, lists
    )


def _adverse(history: Any) -> list[int]:
    """Doors that do not favour whoever passes, by place."""
    return [k for k, (_, _, door) in enumerate(history.teller().doors) if not door.favours]


def _on_a_list(events: Any, kinds: dict[str, int], months: int) -> Any:
    """How many are on some list at the end of each month."""
    held: dict[int, set[int]] = {}
    out = np.zeros(months, np.int64)
    wanted = events[np.isin(events[:, 2], [kinds["enter"], kinds["leave"], kinds["died"]])]
    at = 0
    for month in range(months):
        while at < len(wanted) and wanted[at, 0] <= month:
            row = wanted[at]
            place = int(row[1])
            if row[2] == kinds["enter"]:
                held.setdefault(place, set()).add(int(row[3]))
            elif row[2] == kinds["leave"]:
                held.get(place, set()).discard(int(row[3]))
            else:
                held.pop(place, None)
            at += 1
        out[month] = sum(bool(lists) for lists in held.values())
    return out


def _month(run: Run, month: int) -> str:
    year, first = map(int, run.record["start"].split("-"))
    at = year * 12 + first - 1 + month
    return f"{at // 12}-{at % 12 + 1:02d}"
