"""What a person reads of a run first: at most six rows a world, one sentence a finding, and what to do next.

The interface, for commands, reports, charts and the browser laboratory alike::

    rows(run, world)        the rows of a world: measure, value, range, unit, and the difference from each other world
    by_topic(run, world)    all measures that apply, under the headings of ``measures.TOPICS``
    findings(run, world)    one sentence a finding
    prose(run)              a paragraph about all worlds, each number with denominator, range and baseline
    cautions(run)           what to read with care: a partial run, changed rule books, values out of range, echoes
    next_steps(run)         commands that fit what was run

Numbers are written by ``wording``, so that they are the same to the last digit everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterscore import wording
from counterscore.measures import TOPICS, Measure, Measured, all_measures, evaluate, find_measure, measure
from counterscore.paired import Difference, against, compare, differences
from counterscore.results import Run
from counterscore.stale import changed_files

MOST = 6  #: rows of a world that are read first


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in one world, with its difference from each world that this one is compared with.

    ``label`` names it in a few words, ``differences`` are in the order of ``paired.against``; those that cannot be
    taken (a list that the other world does not have) are left out.
    """

    label: str
    of: Measure
    found: Measured
    differences: tuple[Difference, ...]

    @property
    def value(self) -> str:
        """The value as it is printed, without its range: ``4.33``; ``none`` where there is none."""
        return wording.amount(self.found.value)

    @property
    def spread(self) -> str:
        """The range as it is printed: ``3.66 to 5.24``; empty where there is none."""
        return wording.spread(self.found.value, self.found.low, self.found.high)

    @property
    def unit(self) -> str:
        """What the value is a number of."""
        return self.found.unit

    @property
    def echo(self) -> str:
        """What the result was measured to repeat, or repeats by its definition; empty for nothing."""
        return self.found.echo or self.found.echo_of

    def difference_from(self, world: str) -> Difference | None:
        """The difference from ``world``, None where it cannot be taken."""
        return next((gap for gap in self.differences if gap.baseline == world), None)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "id": self.of.id,
            "world": self.found.world,
            "label": self.label,
            "question": self.of.question,
            "topic": self.of.topic,
            "subject": self.of.subject,
            "value": self.found.value,
            "low": self.found.low,
            "high": self.found.high,
            "unit": self.unit,
            "covers": wording.COVERS_VALUE,
            "n": self.found.n_replays,
            "text": self.found.text,
            "echo": self.echo,
            "compared": [gap.as_json() for gap in self.differences],
        }


def rows(run: Run, world: str | None = None) -> tuple[Row, ...]:
    """The at most six rows of ``world`` (the first one) that are read first, chosen by what its rule book is about.

    Three definitions of wrongly listed stand together or not at all.
    """
    where = run.worlds[0] if world is None else world
    found: list[Row] = []
    for names in _wanted(run, where):
        if len(found) < MOST:
            evaluate(run, [find_measure(name) for name in names], (where, *against(run, where)))
        for name in names if len(found) < MOST else ():
            got = measure(run, name, world=where)[0]
            if got.value is not None and (got.value or name not in _WHERE_ANY):
                found.append(_row(run, find_measure(name), got))
    return tuple(found[:MOST])


def by_topic(run: Run, world: str | None = None, topic: str | None = None) -> dict[str, tuple[Row, ...]]:
    """All measures that say something about ``world``, by topic, in the order of ``measures.TOPICS``."""
    where = run.worlds[0] if world is None else world
    chosen = [one for one in all_measures() if topic in {None, one.topic}]
    evaluate(run, chosen, (where, *against(run, where)))
    found: dict[str, list[Row]] = {name: [] for name in TOPICS}
    for one in sorted(chosen, key=lambda one: not one.headline):
        got = measure(run, one.id, world=where)[0]
        if got.value is not None:
            found[one.topic].append(_row(run, one, got))
    return {name: tuple(some) for name, some in found.items() if some}


def _row(run: Run, one: Measure, got: Measured) -> Row:
    gaps = tuple(differences(run, got.world, [one]))
    return Row(_LABELS.get(one.id, one.question.rstrip("?")), one, got, gaps)


def _wanted(run: Run, world: str) -> tuple[tuple[str, ...], ...]:
    """Ids of measures: those to be read first, then those that take their place where they do not apply."""
    record = next(one for one in run.record["worlds"] if one["name"] == world)
    first = _FIRST[about(record["parts"][0])]
    more = (*_RESERVE, *(one.id for one in all_measures() if one.headline))
    return first, tuple(name for name in dict.fromkeys(more) if name not in first)


def about(part: Mapping[str, Any]) -> str:
    """What is told of a rule book (an entry of ``parts`` in a run's record): whom it is about; of residents, whether
    it lists, honours, grades, or is private or a matchmaker.
    """
    if part.get("owner") == "private" and part.get("participation", "opt-in") != "mandatory":
        return "private" if part["grades"] else "partners"
    subjects = str(part.get("subjects", "residents"))
    if subjects == "residents" and part["lists"] and set(part["lists"]) == set(part.get("honours", ())):
        return "honours"
    return "grades" if subjects == "residents" and part["grades"] and not part["lists"] else subjects


def findings(run: Run, world: str | None = None) -> tuple[str, ...]:
    """One sentence a finding: what differs from the worlds this one is compared with, and what does not.

    Each sentence names the world that the difference is taken from.
    """
    where = run.worlds[0] if world is None else world
    record = next(one for one in run.record["worlds"] if one["name"] == where)
    told: list[str] = []
    for other in against(run, where):
        names: tuple[str, ...] = _GAPS[about(record["parts"][0])]
        if other != run.baseline:  # a reform beside its regime: what was counted is what it is about
            names = tuple(dict.fromkeys((*(row.of.id for row in rows(run, where)), *names)))
        told += _compared(run, where, other, names)
    return tuple(told)


def _compared(run: Run, world: str, other: str, names: Sequence[str]) -> list[str]:
    """Sentences about differences from ``other``: one for each that can be told, one for all that cannot."""
    told: list[str] = []
    unsaid: dict[str, list[str]] = {}
    for name in names:
        gap = compare(run, name, world=world, baseline=other)
        if gap.value is None:
            continue
        if gap.answer in {"distinguishable", "no interval"}:
            told.append(_sentence(gap, _than(run, other)))
        else:
            unsaid.setdefault(gap.answer, []).append(_unsaid(gap))
    for kind, what in unsaid.items():
        if kind == wording.NOT_DISTINGUISHABLE:
            told.append(f"Not distinguishable from {_than(run, other)}: {'; '.join(what)}.")
        else:
            told.append(f"{kind[:1].upper()}{kind[1:]} in {listed(what)} from {_than(run, other)}.")
    return told


def _unsaid(gap: Difference) -> str:
    """What does not differ, or cannot be told to, and what it would take."""
    label = _LABELS.get(gap.id, gap.id.replace("_", " "))
    if gap.answer != wording.NOT_DISTINGUISHABLE:
        return label
    needed = wording.needed(gap.more_replicates).removeprefix(": ")
    return f"{label}, {wording.interval(gap.value or 0.0, gap.low, gap.high)}" + (f", {needed}" if needed else "")


def _sentence(gap: Difference, than: str) -> str:
    """``2.43 fewer acts of misconduct per 1,000 adults a year than under no scheme (none) (90 % interval -2.6 to -2.3).``"""
    value = gap.value or 0.0
    size = wording.number(abs(value))
    what = _COUNTED.get(gap.id)
    if what is not None:
        text = f"{size} {'fewer' if value < 0 else 'more'} {what} than under {than}"
    else:
        label = _LABELS.get(gap.id, gap.id.replace("_", " "))
        way = "lower" if value < 0 else "higher"
        text = f"{label[:1].upper()}{label[1:]}: {size} {way} than under {than} ({gap.unit})"
    if gap.low is None or gap.high is None:
        return f"{text} on average (no interval: {wording.replicates(gap.n_replays)})."
    low, high = (wording.signed(end, value) for end in (gap.low, gap.high))
    return f"{text} (90 % interval {low} to {high})."


def _than(run: Run, world: str) -> str:
    """``no scheme (none)``: the baseline by title and name, another world by its name."""
    if world != run.baseline:
        return world
    title = next(one["title"] for one in run.record["worlds"] if one["name"] == world)
    return f"{title[:1].lower()}{title[1:]} ({world})"


def told_worlds(run: Run) -> tuple[str, ...]:
    """The worlds that are told of: all but the baseline, or the baseline where it is alone."""
    return tuple(world for world in run.worlds if world != run.baseline) or run.worlds


def prose(run: Run) -> str:
    """A paragraph about every world: a sentence for each of its rows and findings, with ranges and denominators."""
    return " ".join(paragraphs(run))


def paragraphs(run: Run) -> tuple[str, ...]:
    """The same, one paragraph a world; the first says who was followed, the last what ranges cover."""
    record = run.record
    who = (
        f"{record['city']['residents']:,} synthetic residents of {record['city']['title']} were followed over "
        f"{time_in_words(record['months'])} in {wording.replicates(len(run.replays()))}."
    )
    told = {name: one["value"] for name, one in record["assumptions"].items() if name.startswith("doors.")}
    k = f"{told.get('doors.needed', 0):g} attempts at services, {100 * told.get('doors.missed', 0):g} per cent or more"
    text = []
    for world in told_worlds(run):
        entry = next(one for one in record["worlds"] if one["name"] == world)
        said = [f"Under {rules_in_words(entry)} ({world}):"]
        said += [_told(row, k) for row in rows(run, world)] or ["Nothing is listed, scored or refused."]
        said += findings(run, world)
        if entry["parts"][0]["lists"] and sum(name.startswith("wrongly") for name in _ids(run, world)) > 1:
            said.append("The three kinds of wrongly listed are not added up.")
        text.append(" ".join(said))
    text[0] = f"{who} {text[0]}"
    text[-1] += (
        f" Ranges are the {wording.RANGE_IN_WORDS}: they cover chance, not the assumptions."
        if len(run.replays()) > 1
        else " One replicate has no range: neither chance nor the assumptions are covered."
    )
    if run.partial:
        text[-1] += " This run is partial."
    return tuple(text)


def _ids(run: Run, world: str) -> tuple[str, ...]:
    return tuple(row.of.id for row in rows(run, world))


def _told(row: Row, k: str) -> str:
    """One row as a sentence."""
    template = _SENTENCES.get(row.of.id, "")
    if not template:
        return f"{row.label[:1].upper()}{row.label[1:]}: {row.found.text} {row.unit}."
    text = template.format(row.found.text, k=k)
    return f"{text[:1].upper()}{text[1:]}."


def rules_in_words(world: Mapping[str, Any]) -> str:
    """A world's rule book with its reforms, when it was adopted, and what else is in force beside it."""
    adopted = [one.removeprefix("from-") for one in world.get("reforms", ()) if one.startswith("from-")]
    reforms = [one for one in world.get("reforms", ()) if not one.startswith("from-")]
    beside = [part["id"] for part in world["parts"][1:]]
    text = str(world["title"]) + (f" with {listed(reforms)}" if reforms else "")
    if beside:
        text += f", beside {listed(beside) if len(beside) <= _FEW else f'{len(beside)} other rule books'}"
    return text + "".join(f", adopted in {month} (the months before count too)" for month in adopted)


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def time_in_words(months: int) -> str:
    """``36`` → ``3 years``, ``14`` → ``14 months``."""
    return f"{months} months" if months % 12 or months == 12 else f"{months // 12} years"


def cautions(run: Run) -> tuple[str, ...]:
    """What a reader must know beside the numbers, one sentence each; empty where there is nothing."""
    told = []
    if run.partial:
        of = len(run.worlds) * int(run.record["replays"])
        told.append(f"Partial: {len(run.finished)} of {of} parts of this run are finished.")
    changed = changed_files(run)
    if changed:
        told.append(stale_in_words(changed))
    if outside := outside_in_words(run):
        told.append(outside)
    echoes = sorted({row.label for world in told_worlds(run) for row in rows(run, world) if row.echo})
    if echoes:
        told.append(f"Read with care: {listed(echoes)} in part repeat an input (counterscore help echo).")
    return tuple(told)


def stale_in_words(changed: Sequence[str]) -> str:
    """That rule books were edited after a run, in one sentence."""
    verb, it = ("has", "it") if len(changed) == 1 else ("have", "they")
    was = "was" if len(changed) == 1 else "were"
    return f"Stale: {listed(list(changed))} {verb} changed since this run; its numbers are those of the rules as {it} {was}."


def outside_in_words(run: Run) -> str:
    """Which assumptions were set outside their stated range, in one sentence; empty where none was."""
    odd = [f"{path} = {row['value']:g}" for path, row in run.record["assumptions"].items() if row.get("outside_range")]
    return f"Set outside the stated range: {listed(odd)}." if odd else ""


def next_steps(run: Run) -> tuple[str, ...]:
    """Commands that fit what was run, the most useful first; at most four."""
    path = _quoted(run)
    world = run.record["worlds"][0]
    steps = [f"counterscore numbers {path}"]
    if run.partial:
        steps.insert(0, f"counterscore run --resume {path}")
    else:
        more = _replicates_wanted(run)
        if more:
            steps.append(f"counterscore run --resume {path} --replicates {more}")
    kind = about(world["parts"][0])
    if kind == "firms":
        steps.append(f"counterscore life {path} --firm F-00000")
    elif kind == "bodies":
        steps.append(f"counterscore life {path} --body B-00000")
    elif world["parts"][0]["lists"] and kind != "honours":
        steps.append(f"counterscore life {path} --pick median --of listed")
    elif world["parts"][0]["grades"]:
        steps.append(f"counterscore chart score-spread {path}")
    told = told_worlds(run)
    if len(told) > 1:
        steps.append(f"counterscore chart reforms {path}")
    elif any(part["doors"] for part in world["parts"]) and kind not in {"firms", "bodies"}:
        steps.append(f"counterscore chart doors {path}")
    steps.append(f"counterscore report {path}")
    return tuple(steps[:3] + steps[-1:] if len(steps) > 4 else steps)


def _replicates_wanted(run: Run) -> int:
    """How many replicates in all would give ranges, or tell the first difference that is not told; 0 for enough."""
    have = int(run.record["replays"])
    if have < _FOR_RANGES:
        return _FOR_RANGES
    needed = [
        gap.more_replicates
        for world in told_worlds(run)
        for row in rows(run, world)
        for gap in row.differences
        if gap.answer == wording.NOT_DISTINGUISHABLE and gap.more_replicates is not None
    ]
    return have + min(needed) if needed and min(needed) <= _WORTHWHILE * have else 0


def _quoted(run: Run) -> str:
    import shlex

    return shlex.quote(str(run.path))


_FEW = 3  #: rule books that are named
_FOR_RANGES = 20  #: replicates that are advised to who ran too few for ranges
_WORTHWHILE = 4  #: times as many replicates are advised at most
_WRONGLY = ("wrongly_listed_factual", "wrongly_listed_rule", "wrongly_listed_spread")
#: What is read first of a world, by what its rule book is about; see ``about``.
_FIRST: dict[str, tuple[str, ...]] = {
    "residents": ("listed_ever", *_WRONGLY, "refusals", "misconduct"),
    "honours": ("recorded", "honoured", "refusals", "good_deeds", "misconduct", "lawful_acts"),
    "grades": ("recorded", "best_grade", "worst_grade", "refusals", "misconduct", "chilled", "good_deeds"),
    "firms": (
        "firms_listed_ever",
        "firm_worst_grade",
        "firm_refusals",
        "heads_restricted",
        "firms_owing_wages",
        "firms_escaped",
        "misconduct",
    ),
    "private": ("adoption", "perks_yuan", "score_shown", "ties_low", "ties_sought", "assortativity_of_ties"),
    "partners": ("matches", "seen_best_grade", "matches_best_grade", "matches_other_grades", "adoption", "ties_low"),
    "bodies": (
        "contracts_on_time",
        "promises_kept",
        "arrears_days",
        "arrears_seen",
        "figures_massaged",
        "bodies_listed",
    ),
}
#: What takes the place of rows that do not apply, before the measures that are marked as headlines.
_RESERVE = ("loans_refused", "unable_to_move", "recorded", "lawful_acts")
#: Of these, what is told only where there is any.
_WHERE_ANY = frozenset(["chilled", "frauds_stopped", "dealings_refused"])
#: Measures in a few words, as the first column of a table says them.
_LABELS = {
    "listed_ever": "ever listed",
    "listed_now": "listed at the end",
    "wrongly_listed_factual": "wrongly listed: record not true (factual)",
    "wrongly_listed_rule": "wrongly listed: against the rule itself (rule)",
    "wrongly_listed_spread": "doors closed only through next of kin (spread)",
    "refusals": "attempts refused because of a rule",
    "misconduct": "acts of misconduct",
    "good_deeds": "good deeds",
    "lawful_acts": "lawful acts",
    "unable_to_move": "unable to move a step",
    "recorded": "recorded at least once",
    "best_grade": "in the best grade at the end",
    "worst_grade": "in the worst grade at the end",
    "chilled": "lawful acts chilled",
    "honoured": "on lists of honour at the end",
    "loans_refused": "requests for a loan refused",
    "firms_listed_ever": "firms ever listed",
    "firm_worst_grade": "firms in the worst grade at the end",
    "firm_refusals": "firms' attempts refused because of a rule",
    "heads_restricted": "representatives restricted through their firm",
    "firms_owing_wages": "firm-months with unpaid wages",
    "firms_escaped": "reopened firms that left their record behind",
    "adoption": "taking part in the private score at the end",
    "perks_yuan": "withheld because of the score",
    "score_shown": "showing their score to friends",
    "ties_low": "ties dropped because of a low score",
    "ties_sought": "ties sought because of a high score",
    "assortativity_of_ties": "likeness of friends' scores",
    "matches": "singles who find a partner",
    "seen_best_grade": "how much more often the best grade is shown",
    "matches_best_grade": "partners found in the best grade, against none",
    "matches_other_grades": "partners found in other grades, against none",
    "contracts_on_time": "contracts paid on time",
    "promises_kept": "promises kept on time",
    "arrears_days": "wait for overdue money",
    "arrears_seen": "arrears that are in the record",
    "figures_massaged": "overdue dues reported as kept",
    "bodies_listed": "public bodies ever on the courts' list",
}
#: The same as sentences, the figure in braces.
_SENTENCES = {
    "listed_ever": "{} of 100 adults are listed at some time",
    "listed_now": "{} of 100 adults are listed at the end",
    "honoured": "{} spells on lists of honour are open at the end for every 100 adults",
    "wrongly_listed_factual": "{} of 10,000 adults are listed at some time though the record is not true (factual)",
    "wrongly_listed_rule": "{} of 10,000 adults are listed against the rule book's own rule (rule)",
    "wrongly_listed_spread": "{} of 10,000 adults meet closed doors only because of next of kin (spread)",
    "unable_to_move": "{} of 100 adults are unable to move a step: a rule refuses them, in some year and of at least {k}",
    "refusals": "{} of 1,000 attempts at a service are refused because of a rule",
    "loans_refused": "{} of 100 requests for a loan that a rule book judges are refused",
    "recorded": "{} of 100 adults have something recorded about them",
    "best_grade": "{} of 100 adults are in the best grade at the end",
    "worst_grade": "{} of 100 adults are in the worst grade at the end",
    "misconduct": "{} acts of misconduct are done per 1,000 adults a year",
    "good_deeds": "{} good deeds are done per 1,000 adults a year",
    "lawful_acts": "{} lawful acts of speech, reading, petition and purchase are done per 1,000 adults a year",
    "chilled": "{} lawful acts per 1,000 adults a year are not done because of the rules",
    "firms_listed_ever": "{} of 100 firms are listed at some time",
    "firm_worst_grade": "{} of 100 firms are in the worst grade at the end",
    "firm_refusals": "{} of 1,000 attempts of firms at a service are refused because of a rule",
    "heads_restricted": "{} of 1,000 representatives are restricted through their firm",
    "firms_owing_wages": "{} of 1,000 firm-months pass with unpaid wages",
    "firms_escaped": "{} of 100 firms that opened again left a record or a list behind",
    "adoption": "{} of 100 adults take part at the end",
    "perks_yuan": "{} yuan an adult a year are withheld because of the score",
    "score_shown": "{} of 100 who take part show their score to friends",
    "ties_low": "{} ties per 1,000 adults are dropped because of a low score",
    "ties_sought": "{} ties per 1,000 adults are sought because of a high score",
    "matches": "{} of 1,000 singles a year find a partner",
    "seen_best_grade": "singles in the best grade are shown {} times as often as other singles",
    "matches_best_grade": "{} times as many singles in the best grade find a partner as without the rule book",
    "matches_other_grades": "{} times as many singles in the other grades find a partner as without the rule book",
    "contracts_on_time": "public bodies pay {} of 100 contracts with firms by the day they are due",
    "promises_kept": "public bodies keep {} of 100 written promises by their date",
    "arrears_days": "firms wait {} days for each contract of a public body that falls due",
    "arrears_seen": "{} of 100 months of arrears and late promises are in public bodies' record",
    "figures_massaged": "{} of 1,000 months of arrears and late promises are reported as if kept",
    "bodies_listed": "{} of 100 public bodies are on the courts' list at some time",
}
#: Measures whose difference from the baseline is told.
_GAPS: dict[str, tuple[str, ...]] = {
    "residents": ("misconduct", "lawful_acts"),
    "grades": ("misconduct", "good_deeds", "lawful_acts"),
    "honours": ("good_deeds",),
    "private": ("assortativity_of_ties", "misconduct"),
    "partners": ("matches",),
    "firms": ("firms_owing_wages", "misconduct"),
    "bodies": ("contracts_on_time", "promises_kept"),
}
#: What there is more or fewer of, behind a number; measures that are not counts are told by their label.
_COUNTED = {
    "misconduct": "acts of misconduct per 1,000 adults a year",
    "good_deeds": "good deeds per 1,000 adults a year",
    "lawful_acts": "lawful acts per 1,000 adults a year",
    "chilled": "lawful acts chilled per 1,000 adults a year",
    "listed_ever": "of 100 adults are ever listed",
    "listed_now": "of 100 adults are listed at the end",
    "wrongly_listed_factual": "of 10,000 adults are listed on a record that is not true (factual)",
    "wrongly_listed_rule": "of 10,000 adults are listed against the rule itself (rule)",
    "wrongly_listed_spread": "of 10,000 adults meet closed doors only through next of kin (spread)",
    "unable_to_move": "of 100 adults are unable to move a step",
    "refusals": "of 1,000 attempts are refused because of a rule",
    "recorded": "of 100 adults are recorded",
    "best_grade": "of 100 adults end in the best grade",
    "worst_grade": "of 100 adults end in the worst grade",
    "loans_refused": "of 100 requests for a loan are refused",
    "firms_listed_ever": "of 100 firms are ever listed",
    "firm_worst_grade": "of 100 firms end in the worst grade",
    "firm_refusals": "of 1,000 attempts of firms are refused because of a rule",
    "heads_restricted": "of 1,000 representatives are restricted through their firm",
    "firms_owing_wages": "of 1,000 firm-months pass with unpaid wages",
    "firms_escaped": "of 100 reopened firms leave their record behind",
    "matches": "of 1,000 singles a year find a partner",
    "contracts_on_time": "of 100 contracts due are paid on time",
    "promises_kept": "of 100 promises due are kept on time",
    "bodies_listed": "of 100 public bodies are ever listed",
    "ties_low": "ties per 1,000 adults are dropped because of a low score",
    "ties_sought": "ties per 1,000 adults are sought because of a high score",
    "adoption": "of 100 adults take part at the end",
    "score_shown": "of 100 who take part show their score",
}
