"""Lessons: six steps each, a guess before every result, and the expected numbers, which a test works out again.

A lesson is one file ``catalog/lessons/<id>.yaml``. Its results come from the paper ledger or from a town of a
thousand residents; nothing in it is about a real person.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from counterscore import discovery
from counterscore.catalog import load_assumptions, load_regime, synthesize
from counterscore.errors import UsageError, did_you_mean, quoted
from counterscore.files import cell
from counterscore.regime import onpaper
from counterscore.regime.ledger import apply_on_paper
from counterscore.regime.read import read_document, validate

_FILES = Path(__file__).parents[1] / "catalog" / "lessons"
RESIDENTS, REPLICATES, MONTHS, SEED = 1_000, 5, 36, 1
STEPS = 6
_MOST_GUESSES = 2_000


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _texts(found: object) -> object:
    return [str(one) for one in found] if isinstance(found, list) else found


class OnPaper(_Frozen):
    """One made-up person: dated records as ``regime.onpaper`` reads them; what is asked for at the end of ``until``."""

    regime: str
    records: Annotated[tuple[str, ...], BeforeValidator(_texts)]
    until: str = ""
    result: Literal["score", "lists", "doors"] = "score"

    @property
    def told(self) -> tuple[str, ...]:
        """The records as people say them."""
        return onpaper.in_words(self.records)


class InTheCity(_Frozen):
    """A measure in a town that lives under a rule book, with reforms and assumptions that differ from the usual ones."""

    regime: str
    measure: str
    reforms: tuple[str, ...] = ()
    settings: tuple[str, ...] = Field(default=(), alias="set")
    city: str = "demo"


class Expected(_Frozen):
    """Where the result lies: between both, ends included."""

    low: float = Field(alias="from")
    high: float = Field(alias="to")


class Step(_Frozen):
    """One screen: words, and where something is worked out, what is asked first and what to notice after."""

    heading: str
    text: str
    paper: OnPaper | None = None
    city: InTheCity | None = None
    ask: str = ""
    unit: str = ""
    expected: Expected | None = None
    notice: str = ""
    sandbox: tuple[str, ...] = ()

    @property
    def predicts(self) -> bool:
        """Whether a guess is asked for before the result is shown."""
        return self.paper is not None or self.city is not None


class Lesson(_Frozen):
    """A lesson for 45 minutes or so. ``sides`` are what a proponent and a critic would say, for a debate at the end."""

    format: Literal[1]
    kind: Literal["lesson"]
    id: str
    title: str
    minutes: int = Field(ge=10, le=180)
    about: str
    steps: tuple[Step, ...] = Field(min_length=STEPS, max_length=STEPS)
    sides: tuple[str, ...] = Field(min_length=2, max_length=2)
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a step, as it is printed and as a number to compare guesses with."""

    value: float
    text: str
    unit: str
    how: str


@cache
def _lessons() -> Mapping[str, Path]:
    return discovery.files(_FILES, ".yaml")


def lesson_ids() -> tuple[str, ...]:
    """Ids of the lessons that come along."""
    return tuple(_lessons())


@cache
def load_lesson(id_: str) -> Lesson:
    """The lesson called ``id_``. Raises ``UsageError`` where there is none, ``InputError`` for mistakes in its file."""
    if id_ not in _lessons():
        close = did_you_mean(id_, _lessons())
        raise UsageError(
            f"no lesson is called {quoted(id_)}",
            suggestion=f"Did you mean {close}?" if close else f"All: {', '.join(_lessons())}.",
        )
    file = _lessons()[id_]
    return validate(read_document(file, kind="lesson", name=f"lessons/{file.name}"), Lesson)


def answer(step: Step) -> Answer:
    """The result of a step, worked out anew. Raises ``UsageError`` where the step has none."""
    if step.paper is not None:
        return _on_paper(step.paper, step.unit)
    if step.city is not None:
        return _in_the_city(step.city)
    raise UsageError(f"the step {quoted(step.heading)} works nothing out")


def _on_paper(asked: OnPaper, unit: str) -> Answer:
    regime = load_regime(asked.regime)
    paper = apply_on_paper(regime, onpaper.case_of(regime, asked.records, asked.until))
    final = paper.final
    how = f"the rule book {asked.regime}, applied on paper by its lines"
    if asked.result == "score":
        if not isinstance(final.score60, int):
            raise UsageError(f"{asked.regime} has no score that can be worked out on paper")
        return Answer(final.score60 / 60, final.score or "", unit or "points", how)
    found = final.lists if asked.result == "lists" else final.doors
    return Answer(
        float(len(found)), f"{len(found)}" + (f": {', '.join(found)}" if found else ""), unit or asked.result, how
    )


def _in_the_city(asked: InTheCity) -> Answer:
    from counterscore import simulation  # the engine takes seconds to load, and whoever reads a lesson needs none
    from counterscore.measures import measure

    assumptions = load_assumptions()
    for setting in asked.settings:
        assumptions = assumptions.with_set(setting)
    with tempfile.TemporaryDirectory(prefix="counterscore-") as folder:
        run = simulation.simulate(
            load_regime(asked.regime, with_=asked.reforms),
            synthesize(asked.city, residents=RESIDENTS, seed=SEED),
            months=MONTHS,
            replays=REPLICATES,
            seed=SEED,
            assumptions=assumptions,
            out=Path(folder) / "lesson",
        )
        found = measure(run, asked.measure)[0]
    if found.value is None:
        raise UsageError(f"{asked.measure} says nothing here: {found.note}")
    how = f"{RESIDENTS:,} synthetic residents, {MONTHS} months, {REPLICATES} replicates; the range of a larger run would be narrower"
    return Answer(found.value, f"{found.value:,.3g}", found.unit, how)


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess of nobody in particular."""

    lesson: str
    step: int
    guess: float


def add_guess(file: Path, guess: Guess) -> None:
    """Keep a guess, without a name or a time. What is above the most of a class is not kept."""
    kept = guesses(file)
    if len(kept) >= _MOST_GUESSES:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{guess.lesson},{guess.step},{guess.guess!r}\n")


def guesses(file: Path, lesson: str = "", step: int = 0) -> tuple[Guess, ...]:
    """The guesses kept, of one lesson and step where these are named; damaged lines are left out."""
    found = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    for line in lines:
        parts = line.split(",")
        try:
            one = Guess(parts[0], int(parts[1]), float(parts[2]))
        except (IndexError, ValueError):
            continue
        if (not lesson or one.lesson == lesson) and (not step or one.step == step):
            found.append(one)
    return tuple(found)


def guesses_csv(some: Sequence[Guess]) -> str:
    """Guesses as a table, without names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("lesson", "step", "guess"))
    writer.writerows((cell(one.lesson), one.step, one.guess) for one in some)
    return out.getvalue()
