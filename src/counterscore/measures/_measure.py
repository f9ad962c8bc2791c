"""What a measure is, and the view of one world and replicate that it is computed from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from counterscore.regime.model import SCALE as SCALE
from counterscore.regime.vocabulary import SERVICES, Subject
from counterscore.results import Run, as_numpy
from counterscore.results.tables import NEVER as NEVER
from counterscore.results.tables import NO_GRADE as NO_GRADE
from counterscore.statistics import Stays

Mask = npt.NDArray[np.bool_]
Value = tuple[float | None, float]  #: the value, and the number of residents, attempts … it rests on
#: What measures are about, in the order in which they are read, with the heading over them.
TOPICS = {
    "lists": "Who is listed, and for how long",
    "scores": "Scores and grades",
    "doors": "What is closed or refused",
    "errors": "What is recorded or listed in error",
    "records": "Who is recorded",
    "conduct": "Conduct: what is deterred and what is chilled",
    "dealings": "Loans and dealings",
    "rights": "Objections, repairs and their cost",
    "ties": "Private scores, friends and partners",
    "lives": "What stays for life",
    "firms": "Firms",
    "bodies": "Public bodies",
}
_ASKED_BY = {service.id: service.subject for service in SERVICES}
YEAR = 12


class _Columns(dict[str, npt.NDArray[Any]]):
    """Columns by name; those asked for longest ago are forgotten where all would take more memory than is worth it."""

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        found = self.pop(name)
        super().__setitem__(name, found)  # the last one used stands last
        return found

    def __setitem__(self, name: str, column: npt.NDArray[Any]) -> None:
        super().__setitem__(name, column)
        held = sum(one.nbytes for one in self.values())
        for other in list(self):
            if held <= _KEPT or other == name:
                return
            held -= self.pop(other).nbytes


class Life:
    """One world of one replicate, as far as its tables tell. Columns are those of adults, in a fixed order.

    An adult is a person who was 18 or over in some month of the run: those of the start, those who came of age
    since, the dead too. Measures of the end of a run look at ``still_there``; rates go by ``adult_years``.
    """

    def __init__(self, run: Run, world: str, replay: int) -> None:
        self.run, self.world, self.replay = run, world, replay
        self._columns = _Columns()
        self._tables: dict[str, Any] = {}

    @cached_property
    def record(self) -> dict[str, Any]:
        """The world's entry in the run record."""
        found: dict[str, Any] = next(w for w in self.run.record["worlds"] if w["name"] == self.world)
        return found

    def parts(self, subjects: str) -> list[dict[str, Any]]:
        """The rule books of the world that are about ``subjects``."""
        return [part for part in self.record["parts"] if part.get("subjects", "residents") == subjects]

    @property
    def has_firms(self) -> bool:
        """Whether firms live in the run."""
        return "firms" in self.run.subjects

    @cached_property
    def firm_grades(self) -> tuple[str, ...]:
        """Grades of the first rule book that grades firms, the best first; empty where there is none."""
        return next((tuple(part["grades"]) for part in self.parts("firms") if part["grades"]), ())

    def firm(self, name: str) -> npt.NDArray[Any]:
        """A column of who the firms are; empty where none live, as the other answers about firms then are."""
        if not self.has_firms:
            return np.zeros(0, np.int64)
        if f"firm {name}" not in self._columns:
            self._columns[f"firm {name}"] = as_numpy(self.run.firms([name])[name])
        return self._columns[f"firm {name}"]

    def firm_outcome(self, name: str) -> npt.NDArray[Any]:
        """An outcome column of firms, in the order of ``firm``."""
        if not self.has_firms:
            return np.zeros(0, np.int64)
        if f"firm outcome {name}" not in self._columns:
            table = self.run.table("firm_outcomes", self.world, self.replay, [name])
            self._columns[f"firm outcome {name}"] = as_numpy(table[name])
        return self._columns[f"firm outcome {name}"]

    @cached_property
    def _firm_counts(self) -> Any:
        return self.run.table("firm_counts", self.world, self.replay)

    def firm_count(self, name: str) -> int:
        """A monthly counter of firms summed over the run."""
        if not self.has_firms:
            return 0
        return self._summed("firm_counts", self._firm_counts, name)

    def firm_refused(self, service: str) -> tuple[int, int]:
        """Attempts at a service refused by a door, and all attempts."""
        if not self.has_firms:
            return 0, 0
        rows = [row for row in self.services("firms") if row["service"] == service]
        return sum(row["refused"] for row in rows), sum(row["attempts"] for row in rows)

    @property
    def years(self) -> float:
        """Length of the run in years."""
        return float(self.run.record["months"]) / 12

    @cached_property
    def has_lists(self) -> bool:
        """Whether any rule book of the world has a list."""
        return any(part["lists"] for part in self.parts("residents"))

    def honours(self, subjects: str) -> frozenset[str]:
        """Lists about ``subjects`` on which every door favours who is listed."""
        return frozenset(name for part in self.parts(subjects) for name in part.get("honours", ()))

    @cached_property
    def scored(self) -> dict[str, Any] | None:
        """The first part of the world with a score that can be worked out, else the first with any."""
        having = [part for part in self.parts("residents") if part["grades"] is not None]
        return next((part for part in having if part.get("score_known", True)), having[0] if having else None)

    @property
    def has_score(self) -> bool:
        """Whether the world has a score that can be worked out."""
        return self.scored is not None and bool(self.scored.get("score_known", True))

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """Grades of the rule book whose score is shown, the best first; empty where there is none."""
        return tuple(self.scored["grades"]) if self.scored else ()

    @cached_property
    def adults(self) -> Mask:
        """Which rows of the tables are adults, at some time in the run."""
        grown: Mask = as_numpy(self.run.residents(["adult"])["adult"]) == 1
        return grown

    def outcome(self, name: str) -> npt.NDArray[Any]:
        """An outcome column, adults only."""
        if name not in self._columns:
            table = self.run.table("outcomes", self.world, self.replay, [name])
            self._columns[name] = as_numpy(table[name])[self.adults]
        return self._columns[name]

    @cached_property
    def conduct(self) -> npt.NDArray[np.int64]:
        """What each adult truly did that a rule book may hold against them: acts of misconduct and duties not met."""
        acts: npt.NDArray[np.int64] = self.outcome("misconduct").astype(np.int64)
        duties: npt.NDArray[np.int64] = self.outcome("duties").astype(np.int64)  # not kept by the first versions
        return acts + duties

    @cached_property
    def private_part(self) -> dict[str, Any] | None:
        """The first private part of the world with a score that can be worked out, None where there is none."""
        private = (
            part
            for part in self.record["parts"]
            if part.get("owner") == "private" and part["grades"] and part.get("score_known", True)
        )
        return next(private, None)

    @cached_property
    def rated(self) -> Mask:
        """The adults who have a score: all, but for those who do not take part where consent is asked."""
        if self.scored is None or self.scored.get("participation", "mandatory") == "mandatory":
            return np.ones(int(self.adults.sum()), bool)
        found: Mask = (self.outcome("score") != 0) | (self.outcome("grade") != NO_GRADE)
        return found

    def has_table(self, name: str) -> bool:
        """Whether the unit has a table that not every run needs: private or meetings."""
        return name in self._names_of_tables

    @cached_property
    def _names_of_tables(self) -> tuple[str, ...]:
        return self.run.tables(self.world, self.replay)

    def private(self, name: str) -> npt.NDArray[Any]:
        """A column of the private side, adults only; see ``has_table``."""
        if f"private {name}" not in self._columns:
            table = self.run.table("private", self.world, self.replay, [name])
            self._columns[f"private {name}"] = as_numpy(table[name])[self.adults]
        return self._columns[f"private {name}"]

    def resident(self, name: str) -> npt.NDArray[Any]:
        """A column of who lives there, adults only."""
        if f"resident {name}" not in self._columns:
            self._columns[f"resident {name}"] = as_numpy(self.run.residents([name])[name])[self.adults]
        return self._columns[f"resident {name}"]

    def still_there(self, mask: Mask | None) -> Mask:
        """The adults (of the mask) who are alive at the end."""
        alive: Mask = self.resident("until") == NEVER
        return alive if mask is None else alive & mask

    @cached_property
    def adult_months(self) -> npt.NDArray[np.int64]:
        """Months of the run in which each adult was 18 or over."""
        return _months_between(self.run, *(self.resident(name) for name in ("since", "age", "until")))

    @cached_property
    def adult_years(self) -> float:
        """Years lived by adults in the run."""
        return sum(int(_adult_months(self.run, part)[0].sum()) for part in self._who()) / YEAR

    @cached_property
    def alive(self) -> int:
        """How many adults are alive at the end."""
        return sum(int((_adult_months(self.run, part)[1] == NEVER).sum()) for part in self._who())

    def _who(self) -> Iterator[Any]:
        """When adults were there, a few subdistricts at a time."""
        for at in range(self.run.pieces_of("residents")):
            yield self.run.piece(at, "residents", columns=["adult", "since", "age", "until"])

    def age_in(self, months: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """How old each adult was in the month of the run given for each."""
        years = months.astype(np.int64) // YEAR - self.resident("since") // YEAR
        age: npt.NDArray[np.int64] = self.resident("age") + years
        return age

    @cached_property
    def _counts(self) -> Any:
        return self.run.table("counts", self.world, self.replay)

    def count(self, name: str) -> int:
        """A monthly counter summed over the run."""
        return self._summed("counts", self._counts, name)

    def _summed(self, called: str, table: Any, name: str) -> int:
        if name not in table.column_names:
            raise self.run.lacks(f"{called}.parquet", name)
        return int(as_numpy(table[name]).sum())

    @cached_property
    def has_bodies(self) -> bool:
        """Whether public bodies live in the run."""
        return "bodies" in self.run.subjects

    @cached_property
    def body_grades(self) -> bool:
        """Whether a rule book of the world grades public bodies."""
        return any(part["grades"] is not None for part in self.parts("bodies"))

    def body(self, name: str) -> npt.NDArray[Any]:
        """An outcome column of public bodies."""
        table = self.table("body_outcomes")
        if name not in table.column_names:
            raise self.run.lacks("body_outcomes.parquet", name)
        column: npt.NDArray[Any] = as_numpy(table[name])
        return column

    def body_count(self, name: str) -> int:
        """A monthly counter of public bodies summed over the run."""
        return self._summed("body_counts", self.table("body_counts"), name)

    def last(self, name: str) -> int:
        """A monthly counter in the last month."""
        return int(self._counts[name][-1].as_py())

    def table(self, name: str) -> Any:
        """Another table of the unit: stays, services or acts."""
        if name not in self._tables:
            self._tables[name] = self.run.table(name, self.world, self.replay)
        return self._tables[name]

    def services(self, subjects: str) -> list[dict[str, Any]]:
        """Rows of the table of services that ``subjects`` ask for."""
        return [row for row in self.table("services").to_pylist() if _ASKED_BY.get(row["service"]) == subjects]

    def stays(self) -> dict[str, Stays]:
        """The stays on each list that somebody was on."""
        table = self.table("stays")
        lists, how = (np.array(table[name].to_pylist(), dtype=np.str_) for name in ("list_id", "left"))
        months, many = (as_numpy(table[name]).astype(np.int64) for name in ("months", "stays"))
        found = {str(name): lists == name for name in np.unique(lists)}
        return {name: Stays(months[mine], how[mine], many[mine]) for name, mine in found.items()}

    def listings(self, subjects: str) -> list[Stays]:
        """The stays of ``subjects`` on lists that count against them; no honours, and no orders without a list."""
        told = self.parts(subjects)
        left_out = {name for part in told for name in (*part.get("honours", ()), *part.get("orders", ()))}
        names = {name for part in told for name in part["lists"]} - left_out
        return [stays for name, stays in self.stays().items() if name in names]

    def acts(self, column: str) -> dict[str, int]:
        """A column of the table of acts, by act."""
        table = self.table("acts")
        return dict(zip(table["act"].to_pylist(), table[column].to_pylist(), strict=True))

    def spillover(self) -> dict[tuple[str, str], int]:
        """Service-months closed or narrowed, by what is behind the door and the domain of the service."""
        table = self.table("spillover")
        pairs = zip(table["cause"].to_pylist(), table["domain"].to_pylist(), strict=True)
        return dict(zip(pairs, table["service_months"].to_pylist(), strict=True))

    @cached_property
    def assumptions(self) -> dict[str, Any]:
        """The assumptions of the run."""
        found: dict[str, Any] = self.run.record["assumptions"]
        return found


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure with all that is printed beside its numbers.

    ``subject`` is the one kind of subject that it counts, or counts things of: its number is out of residents, or out
    of firms, or out of public bodies, and never of two kinds together. ``topic`` is a key of ``TOPICS``.

    ``compute`` takes a life, a mask over its adults (or None for all) and the baseline's life (or None), and
    returns the value and what it rests on. ``needs`` says what a world must have for it to apply. ``counts`` tells
    which adults it counts, where it is a share of the adults and groups are compared by it.
    """

    id: str
    subject: Subject
    topic: str
    question: str
    unit: str
    definition: str
    limits: str
    reads: tuple[str, ...]
    compute: Callable[[Life, Mask | None, Life | None], Value]
    counts: Callable[[Life], Mask] | None = None
    needs: Literal[
        "",
        "score",
        "grade",
        "list",
        "baseline",
        "firms",
        "firm list",
        "firm score",
        "bodies",
        "honour",
        "firm honour",
        "private",
        "partners",
        "partners baseline",
        "scrutiny",
    ] = ""
    grouped: bool = True
    echo_of: str = ""
    headline: bool = False


def mean_ranks(values: npt.NDArray[Any], many: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float64]:
    """Ranks from 1, ties sharing their mean rank; ``many`` is how often each value is there, once unless given.

    As ``scipy.stats.rankdata``, whose import takes longer than a summary.

    >>> mean_ranks(np.array([30, 10, 30])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, at = np.unique(values, return_inverse=True)
    ties = np.bincount(at, many)
    mean: npt.NDArray[np.float64] = (np.cumsum(ties) - (ties - 1) / 2)[at]
    return mean


def _months_between(run: Run, since: Any, age: Any, until: Any) -> npt.NDArray[np.int64]:
    grown = since.astype(np.int64) + YEAR * np.maximum(0, 18 - age.astype(np.int64))
    months: npt.NDArray[np.int64] = np.minimum(until, int(run.record["months"])).astype(np.int64) - grown
    return months


def _adult_months(run: Run, part: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Months that the adults of some rows lived as adults, and until when."""
    grown = as_numpy(part["adult"]) == 1
    since, age, until = (as_numpy(part[name])[grown] for name in ("since", "age", "until"))
    return _months_between(run, since, age, until), until


def single(life: Life) -> Mask:
    """The adults without a partner when they are first there."""
    family = life.resident("family")
    found: Mask = (family == 0) | (family == _ALONE_WITH_CHILD)
    return found


_KEPT = 1 << 29  #: bytes of columns that are kept for the next measure; those of a nation are read again
_GOING_ON = "cut off"  #: how a stay stands in the table that the end of the run cut off
_ALONE_WITH_CHILD = 3  #: see ``city.columns.FAMILIES``


class Averaged(tuple[float | None, float]):
    """A value that is an average over what it rests on: that of a whole is the average of those of its parts."""

    __slots__ = ()


def share(life: Life, mask: Mask | None, what: Mask, per: float = 100.0) -> Value:
    """How many of the adults (of the mask) are ``what``, per ``per``."""
    chosen = what if mask is None else what[mask]
    return Averaged(((float(chosen.mean()) * per if len(chosen) else None), float(len(chosen))))


def mean(mask: Mask | None, values: npt.NDArray[Any]) -> Value:
    """Mean over adults (of the mask)."""
    chosen = values if mask is None else values[mask]
    return Averaged(((float(chosen.mean(dtype=np.float64)) if len(chosen) else None), float(len(chosen))))


def going_on(life: Life, subjects: str) -> float:
    """Stays of ``subjects`` on lists of honour that go on at the end."""
    names = life.honours(subjects)
    found = life.stays() if names else {}
    mine = [found[name] for name in names & found.keys()]
    return float(sum(one.many[one.how == _GOING_ON].sum() for one in mine))


def ratio(above: float, below: float, per: float = 1.0) -> Value:
    """``above / below * per``, None where there is nothing below."""
    return Averaged(((above / below * per if below else None), float(below)))
