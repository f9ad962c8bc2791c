"""Two worlds, the same residents, the same luck: differences replay by replay, and the numbers of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from counterscore.errors import UsageError
from counterscore.measures import FEWEST_REPLAYS, Life, Measured, all_measures, find_measure, measure
from counterscore.measures._measure import Measure
from counterscore.results import Run
from counterscore.statistics import CHANCE_ONLY

_CONFIDENCE = 0.9
_RESIDUE = 1e-9  #: of the largest difference; a mean smaller than that is 0
RANGE_KIND = "mean of paired replays, 90 % t interval"


@dataclass(frozen=True, slots=True)
class Difference:
    """``world`` less ``baseline``, paired replay by replay; low and high are a 90 % t interval of the mean.

    ``covers`` says that the interval is one of luck alone: the residents are the same in both worlds and in all
    replays. ``distinguishable`` is None with too few replays for an interval. ``echo`` names the inputs that the difference
    was measured to repeat (``echo.measure_echoes``).
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
    covers: str = CHANCE_ONLY


def compare(run: Run, name: str, *, world: str | None = None, baseline: str | None = None) -> Difference:
    """How a measure differs between a world and its baseline. Raises ``UsageError`` without a baseline."""
    one = find_measure(name)
    where = world or run.worlds[0]
    base = baseline or run.baseline
    if base is None or base not in run.worlds:
        raise UsageError("the run has no baseline", suggestion="Run it with --base none, or name a world.")
    return _difference(run, one, where, base)


def _difference(run: Run, one: Measure, world: str, base: str) -> Difference:
    gaps = []
    for replay in run.replays():
        pair = [one.compute(Life(run, name, replay), None, None)[0] for name in (world, base)]
        if pair[0] is not None and pair[1] is not None:
            gaps.append(pair[0] - pair[1])
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
        note,
        run.echo(one.id, world, "difference") if base == run.baseline else "",
    )


def interval(gaps: Sequence[float]) -> tuple[float | None, float | None, float | None, bool | None, str]:
    """Mean of paired differences, ends of its 90 % t interval, whether it excludes 0, and a note; the replay is the unit.

    There is no interval from fewer than ``FEWEST_REPLAYS`` replays. Differences that are all the same have none to
    speak of: both ends are the mean.
    """
    if not gaps:
        return None, None, None, None, "cannot be compared: one world has no value"
    middle = math.fsum(gaps) / len(gaps)
    if abs(middle) <= _RESIDUE * max(abs(gap) for gap in gaps):
        middle = 0.0  # differences cancel but for what binary fractions leave over
    if len(gaps) < FEWEST_REPLAYS:
        exact = "exactly no difference; " if not any(gaps) else ""
        return (
            middle,
            None,
            None,
            None,
            f"{exact}no interval: {len(gaps)} replays, at least {FEWEST_REPLAYS} are needed",
        )
    error = float(stats.sem(gaps))
    if error == 0:
        low = high = middle
    else:
        low, high = (float(v) for v in stats.t.interval(_CONFIDENCE, len(gaps) - 1, loc=middle, scale=error))
    sure = not low <= 0 <= high
    if not any(gaps):
        return middle, low, high, sure, "exactly no difference"
    return middle, low, high, sure, "" if sure else "not distinguishable from no difference" + _more(gaps)


def _more(gaps: Sequence[float]) -> str:
    """How many more replays it would take to tell this difference from none, if it is one."""
    middle, spread = float(np.mean(gaps)), float(np.std(gaps, ddof=1))
    if middle == 0 or spread == 0:
        return ""
    needed = int(np.ceil((stats.norm.ppf(0.5 + _CONFIDENCE / 2) * spread / middle) ** 2))
    more = max(1, needed - len(gaps))
    return f"; about {more:,} more replay{'s' if more > 1 else ''} needed" if needed < 100_000 else ""


def numbers(run: Run) -> dict[str, Any]:
    """Every measure of every world, and its difference from the baseline, as plain data."""
    out: dict[str, Any] = {
        "run": str(run.path),
        "baseline": run.baseline,
        "partial": run.partial,
        "replays": int(run.record["replays"]),
        "measures": [],
        "differences": [],
    }
    asked = [world for world in run.worlds if world != run.baseline] or list(run.worlds)
    for world in asked:
        for one in all_measures():
            out["measures"].append(asdict(measure(run, one.id, world=world)[0]))
            applies = one.needs == "" or one.needs in run.subjects
            if run.baseline and run.baseline != world and applies:
                out["differences"].append(asdict(_difference(run, one, world, run.baseline)))
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


#: What is told of a run in words, by whom its first rule book is about.
_TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "residents": (
        ("listed_ever", "{} of 100 adults are listed at some time"),
        ("listed_now", "{} of 100 are listed at the end"),
        ("honoured", "{} stays on lists of honour go on at the end for every 100"),
        ("wrongly_listed_factual", "{} of 10,000 are listed at some time though the record is not true (factual)"),
        ("wrongly_listed_rule", "{} of 10,000 against the rule book's own rule (rule)"),
        (
            "wrongly_listed_spread",
            "{} of 10,000 meet closed doors only because of next of kin (spread{three})",
        ),
        ("unable_to_move", "{} of 100 meet at least {k} closed essential services in one month"),
        ("refusals", "{} of 1,000 attempts at a service are refused because of a rule"),
        ("loans_refused", "{} of 100 requests for a loan that a rule book judges are refused"),
        ("frauds_stopped", "{} of 100 frauds tried are stopped by a record or list"),
        ("dealings_refused", "{} of 1,000 honest adults are refused a dealing because of one"),
    ),
    "honours": (
        ("recorded", "{} of 100 adults have something recorded about them"),
        ("honoured", "{} stays on lists of honour go on at the end for every 100"),
        ("refusals", "{} of 1,000 attempts at a service are refused because of a rule"),
    ),
    "grades": (
        ("recorded", "{} of 100 adults have something recorded about them"),
        ("best_grade", "{} of 100 are in the best grade at the end"),
        ("worst_grade", "{} of 100 in the worst"),
        ("unable_to_move", "{} of 100 meet at least {k} closed essential services in one month"),
        ("refusals", "{} of 1,000 attempts at a service are refused because of a rule"),
        ("loans_refused", "{} of 100 requests for a loan that a rule book judges are refused"),
        ("frauds_stopped", "{} of 100 frauds tried are stopped by a record or list"),
        ("dealings_refused", "{} of 1,000 honest adults are refused a dealing because of one"),
    ),
    "firms": (
        ("firms_listed_ever", "{} of 100 firms are listed at some time"),
        ("firms_honoured", "{} stays on lists of honour go on at the end for every 100"),
        ("firm_worst_grade", "{} of 100 are in the worst grade at the end"),
        ("firm_refusals", "{} of 1,000 attempts of firms at a service are refused because of a rule"),
        ("heads_restricted", "{} of 1,000 representatives are restricted through their firm"),
        ("firms_escaped", "{} of 100 firms that opened again left a record or a list behind"),
    ),
    "private": (
        ("adoption", "{} of 100 adults take part at the end"),
        ("perks_yuan", "{} yuan an adult a year are not handed over because of the score"),
        ("score_shown", "{} of 100 who take part show their score to friends"),
        ("ties_low", "{} ties of 1,000 adults are dropped because of a low score"),
        ("ties_sought", "{} of 1,000 are sought because of a high one"),
        ("refusals", "{} of 1,000 attempts at a service are refused because of a rule"),
    ),
    "partners": (
        ("matches", "{} of 1,000 singles a year find a partner"),
        ("seen_best_grade", "singles in the best grade are shown {} times as often as other singles"),
        ("matches_best_grade", "{} times as many of them find a partner as without the rule book"),
        ("matches_other_grades", "of the others {} times as many"),
        ("adoption", "{} of 100 adults take part in the score it goes by"),
    ),
    "bodies": (
        ("contracts_on_time", "public bodies pay {} of 100 contracts with firms by the day they are due"),
        ("promises_kept", "keep {} of 100 written promises by their date"),
        ("arrears_days", "and let firms wait {} days for each contract that falls due"),
        ("arrears_seen", "{} of 100 months of arrears and late promises are in their record"),
        ("bodies_listed", "{} of 100 bodies are on the courts' list at some time"),
    ),
}
#: Of these, what is told only where there is any.
_WHERE_ANY = frozenset(["frauds_stopped", "dealings_refused"])
_FEW = 3  #: rule books that are named
#: Measures whose difference from the baseline is told: what it is a number of, and of how many.
_GAPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "residents": (
        ("misconduct", "acts of misconduct", "of 1,000 adults a year"),
        ("lawful_acts", "lawful acts", "of 1,000 adults a year"),
    ),
    "grades": (
        ("misconduct", "acts of misconduct", "of 1,000 adults a year"),
        ("good_deeds", "good deeds", "of 1,000 adults a year"),
        ("lawful_acts", "lawful acts", "of 1,000 adults a year"),
    ),
    "honours": (("good_deeds", "good deeds", "of 1,000 adults a year"),),
    "private": (
        ("assortativity_of_ties", "likeness of the scores of friends", "as a correlation"),
        ("misconduct", "acts of misconduct", "of 1,000 adults a year"),
    ),
    "partners": (("matches", "couples", "of 1,000 singles a year"),),
    "firms": (
        ("firms_owing_wages", "firm-months with unpaid wages", "of 1,000"),
        ("misconduct", "acts of misconduct of residents", "of 1,000 adults a year"),
    ),
    "bodies": (
        ("contracts_on_time", "contracts paid in time", "of 100 due"),
        ("promises_kept", "promises kept in time", "of 100 due"),
    ),
}


def _about(part: Mapping[str, Any]) -> str:
    """What is told of a rule book: whom it is about; of residents, whether it lists, honours, grades, or is
    private or a matchmaker.
    """
    if part.get("owner") == "private" and part.get("participation", "opt-in") != "mandatory":
        return "private" if part["grades"] else "partners"
    about = str(part.get("subjects", "residents"))
    if about == "residents" and part["lists"] and set(part["lists"]) == set(part.get("honours", ())):
        return "honours"
    return "grades" if about == "residents" and part["grades"] and not part["lists"] else about


def prose(run: Run) -> str:
    """One paragraph: what was found, compared with what, with ranges and limits."""
    record = run.record
    world = run.worlds[0]
    about = _about(record["worlds"][0]["parts"][0])
    k = f"{record['assumptions']['doors.unable_at']['value']:g}"
    start = (
        f"In {record['city']['residents']:,} synthetic residents of {record['city']['title']}, "
        f"over {_time(record['months'])} and {len(run.replays())} replays under {_rules_of(record['worlds'][0])}: "
    )
    three = "; the three are not added up" if record["worlds"][0]["parts"][0]["lists"] else ""
    told = []
    for name, sentence in _TOLD[about]:
        found = measure(run, name, world=world)[0]
        if found.value is not None and (found.value or name not in _WHERE_ANY):
            told.append(sentence.format(figure(found), k=k, three=three))
    text = start + ("; ".join(told) or "nothing is listed, scored or refused") + "."
    if run.baseline and run.baseline != world:
        parts = [_gap_in_words(compare(run, name, world=world), what, of) for name, what, of in _GAPS[about]]
        title = next(w["title"] for w in record["worlds"] if w["name"] == run.baseline)
        compared = _listed([part for part in parts if part])
        text += f" Compared with the same residents and luck under {title.lower()} ({run.baseline}): {compared}."
    return text + (
        " Ranges are the middle 90 % of replays: they cover chance, not the assumptions."
        + (" This run is partial." if run.partial else "")
    )


def _rules_of(world: Mapping[str, Any]) -> str:
    """A world's rule book with its reforms, when it was adopted, and what else is in force beside it."""
    adopted = [one.removeprefix("from-") for one in world.get("reforms", ()) if one.startswith("from-")]
    reforms = [one for one in world.get("reforms", ()) if not one.startswith("from-")]
    beside = [part["id"] for part in world["parts"][1:]]
    text = str(world["title"]) + (f" with {_listed(reforms)}" if reforms else "")
    if beside:
        text += f", beside {_listed(beside) if len(beside) <= _FEW else f'{len(beside)} other rule books'}"
    return text + "".join(f", adopted in {month} (the months before count too)" for month in adopted)


def _listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def _gap_in_words(gap: Difference, what: str, of: str) -> str:
    if gap.value is None:
        return ""
    way = "fewer" if gap.value < 0 else "more"
    size = _short(abs(gap.value))
    if gap.distinguishable and gap.low is not None and gap.high is not None:
        ends = [f"{'-' if end < 0 else '+'}{_short(abs(end))}" for end in (gap.low, gap.high)]
        return f"{size} {way} {what} {of} (90 % interval {ends[0]} to {ends[1]})"
    if gap.value == 0:
        exactly = "exactly no difference" if gap.note.startswith("exactly") else "no difference on average"
        return f"{exactly} in {what}"
    if gap.distinguishable is None:
        return f"{size} {way} {what} {of} on average (no interval: {gap.n_replays} replays are too few)"
    return f"no difference in {what} that can be told from chance"


def _short(size: float) -> str:
    """One decimal, or of less than one its first two digits: ``12.3``, ``0.25``, ``0.0031``."""
    if size >= 1 or size == 0:
        return f"{size:.1f}"
    return np.format_float_positional(size, precision=2, fractional=False, trim="-")


def _time(months: int) -> str:
    """``36`` → ``3 years``, ``14`` → ``14 months``."""
    return f"{months} months" if months % 12 or months == 12 else f"{months // 12} years"


def figure(found: Measured | Difference) -> str:
    """``1.83 (1.70 to 1.95)``; without a range where there is none."""
    if found.value is None:
        return "none"
    digits = 0 if abs(found.value) >= 100 else 1 if abs(found.value) >= 10 else 2
    text = f"{found.value:,.{digits}f}"
    return text if found.low is None else f"{text} ({found.low:,.{digits}f} to {found.high:,.{digits}f})"
