"""Two worlds, the same residents, the same random numbers: differences replicate by replicate, and the numbers of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from counterscore import wording
from counterscore.errors import NotKeptError, UsageError
from counterscore.measures import (
    FEWEST_REPLAYS,
    Life,
    Measured,
    all_measures,
    evaluate,
    find_measure,
    inapplicable,
    measure,
    value_of,
)
from counterscore.measures._measure import Measure
from counterscore.results import Run

_CONFIDENCE = 0.9
_NORMAL_95 = 1.6448536269514722  #: the normal quantile that leaves 5 % on one side
_OF_LISTS = frozenset(["list", "firm list", "honour", "firm honour"])  #: what measures need that are 0 without a list
RANGE_KIND = "mean of paired replicates, 90 % t interval"


@dataclass(frozen=True, slots=True)
class Difference:
    """``world`` less ``baseline``, paired replicate by replicate; low and high are a 90 % t interval of the mean.

    ``baseline`` is the world that it is taken from, which need not be the run's baseline. ``distinguishable`` is None
    with too few replicates for an interval; ``same`` is whether every replicate had exactly no difference, and
    ``more_replicates`` how many further ones would tell it from none, None where nobody can say. ``covers`` says what
    the interval is about. ``echo`` names the inputs that the difference was measured to repeat
    (``echo.measure_echoes``). ``undefined`` are replicates that one of the worlds has no value in: they are left out, and
    said. ``text`` and ``answer`` are what every output prints.
    """

    id: str
    world: str
    baseline: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    range_kind: str
    n_replays: int
    distinguishable: bool | None
    note: str = ""
    echo: str = ""
    same: bool = False
    more_replicates: int | None = None
    covers: str = wording.COVERS_DIFFERENCE
    undefined: int = 0

    @property
    def answer(self) -> wording.Answer:
        """``distinguishable``, ``not distinguishable``, ``exactly no difference``, and so on."""
        return wording.answer(self.value, self.low, self.high, same=self.same)

    @property
    def text(self) -> str:
        """The difference as every output prints it, empty where there is no value."""
        text = wording.difference(
            self.value, self.low, self.high, n=self.n_replays, same=self.same, more=self.more_replicates
        )
        if text and self.undefined:
            return f"{text}; not defined in {self.undefined} of {wording.replicates(self.n_replays + self.undefined)}"
        return text

    def __repr__(self) -> str:
        told = self.text or self.note
        return f"<Difference {self.id}: {told}; {self.unit}; {self.world} less {self.baseline}, {self.n_replays} replicates>"

    def as_json(self) -> dict[str, Any]:
        """Plain data, with the names that the numbers of a run are published under."""
        named = {"against": self.baseline, "n": self.n_replays, "answer": self.answer, "text": self.text}
        return asdict(self) | named


def compare(run: Run, name: str, *, world: str | None = None, baseline: str | None = None) -> Difference:
    """How a measure differs between a world and its baseline, or the world named by ``baseline``.

    Raises ``UsageError`` where there is nothing to compare with, and for a measure or world that does not exist.
    """
    one = find_measure(name)
    where = run.worlds[0] if world is None else world
    base = run.baseline if baseline is None else baseline
    for named in (where, base):
        if named is not None and named not in run.worlds:
            raise UsageError(f'the run has no world "{named}"', suggestion=f"It has: {', '.join(run.worlds)}.")
    if base is None:
        raise UsageError(
            "the run has no baseline", suggestion=f"Name a world to compare with: {', '.join(run.worlds)}."
        )
    return _difference(run, one, where, base)


def against(run: Run, world: str) -> tuple[str, ...]:
    """The worlds that ``world`` is compared with: the baseline, and the first world for those beside it.

    Nothing is compared with itself, and the baseline with nothing.
    """
    if world == run.baseline:
        return ()
    others = (run.baseline, run.worlds[0])
    return tuple(dict.fromkeys(name for name in others if name is not None and name != world))


def _difference(run: Run, one: Measure, world: str, base: str) -> Difference:
    gaps: list[float] = []
    why, missing = "", 0
    for replay in run.replays():
        lives = [Life(run, name, replay) for name in (world, base)]
        beside = Life(run, run.baseline, replay) if run.baseline else None
        own = [None if beside is None or life.world == beside.world else beside for life in lives]
        found = [inapplicable(one, life, of) for life, of in zip(lives, own, strict=True)]
        reasons = [reason for reason in found if reason]
        # Nobody is listed where there is no list, which is a number; a score that does not exist is none.
        if len(reasons) > (one.needs in _OF_LISTS):
            why = reasons[0]
            break
        try:
            here, there = (value_of(one, life, of)[0] for life, of in zip(lives, own, strict=True))
        except NotKeptError as error:
            why = error.message
            break
        if here is not None and there is not None:
            gaps.append(wording.settled(here - there, [here, there]))
        else:
            missing += 1
    value, low, high, sure, note = interval(gaps)
    return Difference(
        one.id,
        world,
        base,
        value,
        low,
        high,
        one.unit,
        RANGE_KIND,
        len(gaps),
        sure,
        f"cannot be compared; {why}" if why else note,
        run.echo(one.id, world, "difference") if base == run.baseline else "",
        same=bool(gaps) and not any(gaps),
        more_replicates=more_needed(gaps) if sure is False else None,
        undefined=missing if gaps else 0,
    )


def interval(gaps: Sequence[float]) -> tuple[float | None, float | None, float | None, bool | None, str]:
    """Mean of paired differences, ends of its 90 % t interval, whether it excludes 0, and a note; a replicate is the unit.

    There is no interval from fewer than ``FEWEST_REPLAYS`` replicates. Differences that are all the same have none to
    speak of: both ends are the mean. Differences that cancel have mean 0, whatever floating-point sums leave of it.
    """
    if not gaps:
        return None, None, None, None, "not defined, because one world has no value"
    middle = wording.settled(math.fsum(gaps) / len(gaps), list(gaps))
    if len(gaps) < FEWEST_REPLAYS:
        exact = "exactly no difference; " if not any(gaps) else ""
        few = f"no interval: {wording.replicates(len(gaps))}, at least {FEWEST_REPLAYS} are needed"
        return middle, None, None, None, f"{exact}{few}"
    error = float(np.std(gaps, ddof=1)) / math.sqrt(len(gaps))
    if error <= 1e-12 * abs(middle):  # all the same, but for the last bits
        low = high = middle
    else:
        from scipy.special import stdtrit  # takes a quarter of a second, and not every command compares

        reach = float(stdtrit(len(gaps) - 1, 0.5 + _CONFIDENCE / 2)) * error
        low, high = middle - reach, middle + reach
    sure = not low <= 0 <= high
    if not any(gaps):
        return middle, low, high, sure, wording.EXACTLY_NONE
    if middle == 0:
        return middle, low, high, sure, wording.NONE_ON_AVERAGE
    return middle, low, high, sure, "" if sure else wording.NOT_DISTINGUISHABLE + wording.needed(more_needed(gaps))


def more_needed(gaps: Sequence[float]) -> int | None:
    """How many more replicates it would take to tell this difference from none, if it is one; None where nobody can say."""
    if len(gaps) < FEWEST_REPLAYS:
        return None
    middle = wording.settled(math.fsum(gaps) / len(gaps), list(gaps))
    spread = float(np.std(gaps, ddof=1))
    if middle == 0 or spread == 0:
        return None
    needed = math.ceil((_NORMAL_95 * spread / middle) ** 2)
    return max(1, needed - len(gaps)) if needed < _HOPELESS else None


_HOPELESS = 100_000  #: replicates from which on no number of them is told


def differences(run: Run, world: str, measures: Sequence[Measure] | None = None) -> list[Difference]:
    """The differences of a world from the worlds it is compared with, for all measures that apply to both."""
    chosen = all_measures() if measures is None else measures
    found = [_difference(run, one, world, base) for base in against(run, world) for one in chosen]
    return [gap for gap in found if not gap.note.startswith("cannot be compared; ")]


def numbers(run: Run) -> dict[str, Any]:
    """Every measure of every world, and its differences from the baseline and the first world, as plain data."""
    out: dict[str, Any] = {
        "run": str(run.path),
        "baseline": run.baseline,
        "partial": run.partial,
        "replays": int(run.record["replays"]),
        "measures": [],
        "differences": [],
    }
    evaluate(run, all_measures())
    asked = [world for world in run.worlds if world != run.baseline] or list(run.worlds)
    for world in asked:
        for one in all_measures():
            found = measure(run, one.id, world=world)[0]
            out["measures"].append(
                asdict(found)
                | {
                    "subject": one.subject,
                    "topic": one.topic,
                    "question": one.question,
                    "covers": wording.COVERS_VALUE,
                    "text": found.text,
                }
            )
        out["differences"] += [gap.as_json() for gap in differences(run, world)]
    return out


@dataclass(frozen=True, slots=True)
class InCity:
    """A measure of one rule book in one city, and its difference from the baseline in the same city (None
    without one, and where the measure is none that can be compared).
    """

    city: str
    run: str
    measured: Measured
    difference: Difference | None


def across(runs: Sequence[Run]) -> dict[str, tuple[InCity, ...]]:
    """Every measure of the same rule book in several cities, by the measure's id, a city for each run.

    Each city is compared with its own baseline, which is the same rule book everywhere; cities are not drawn from
    each other's luck, so they are set side by side and never subtracted. Raises ``UsageError`` for fewer than two
    runs, and for runs that differ in more than their city.
    """
    if len(runs) < 2:
        raise UsageError("one run is no comparison of cities", suggestion="Name the runs of at least two cities.")
    first = runs[0]
    for other in runs[1:]:
        differ = _differ(first, other)
        if differ:
            raise UsageError(
                f"{other.path} differs from {first.path} in {', '.join(differ)}, not only in its city",
                suggestion="Make them together: counterscore run REGIME --city A --city B",
            )
    found: dict[str, tuple[InCity, ...]] = {}
    for one in all_measures():
        row = []
        for run in runs:
            world = run.worlds[0]
            gap = None
            if run.baseline and run.baseline != world and one.needs == "":
                gap = _difference(run, one, world, run.baseline)
            row.append(InCity(run.record["city"]["id"], str(run.path), measure(run, one.id, world=world)[0], gap))
        found[one.id] = tuple(row)
    return found


def _differ(one: Run, other: Run) -> list[str]:
    """What two runs do not have in common, apart from their city."""

    def rules(run: Run) -> Any:
        asked = {run.worlds[0], run.baseline}
        return [(w["name"], [p["files"] for p in w["parts"]]) for w in run.record["worlds"] if w["name"] in asked]

    named = {"months": "months", "start": "their first month", "assumptions_sha256": "assumptions"}
    differ = [what for key, what in named.items() if one.record[key] != other.record[key]]
    if one.record["switches"] != other.record["switches"]:
        differ.append("switches")
    if one.baseline != other.baseline:
        differ.append("their baseline")
    return differ if rules(one) == rules(other) else ["the rule book or its baseline", *differ]
