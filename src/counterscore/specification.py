"""What a run is: one frozen description, from the command line, from Python or from a saved record to every place that lives it.

Two runs with equal specifications come to the same numbers, whoever lives them, on how many processors and in which
order; so nothing here says how a run is carried out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from counterscore.catalog import load_assumptions, load_city_spec
from counterscore.catalog.assume import Assumptions
from counterscore.city import City, synthesize
from counterscore.errors import RunError, UsageError
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import Subject
from counterscore.results.rules import regime_of

FIRST_MONTH = "2018-01"  #: of a run, where none is asked for
MOST_MONTHS = 1200


@dataclass(frozen=True)
class RunSpec:
    """All that the numbers of a run depend on.

    ``worlds`` are the rule books by name, the one asked for first, each with its stack, its reforms and the month
    in which it is adopted; ``baseline`` names the world that differences are taken from. ``months`` 1 … 1200,
    ``replays`` (replicates) at least 1, ``seed`` any whole number, ``start`` the first month (``2018-01``).
    ``assumptions`` hold the values that were set and the shocks; ``responses`` and ``errors`` tell whether residents
    respond to rules and whether records can be wrong. Raises ``UsageError`` where one is out of its range, and where
    a rule book is about firms and the city has none.
    """

    worlds: Mapping[str, Regime]
    city: City
    months: int
    replays: int = 1
    seed: int = 0
    baseline: str | None = None
    start: str = FIRST_MONTH
    assumptions: Assumptions = field(default_factory=load_assumptions)
    responses: bool = True
    errors: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MOST_MONTHS:
            raise UsageError(f"months must be 1 to {MOST_MONTHS}, found {self.months}")
        if self.replays < 1:
            raise UsageError(f"there must be at least 1 replicate, found {self.replays}")
        if "firms" in self.subjects and self.city.firms == 0:
            raise UsageError(
                f"{self.city.id} has no firms" + ("" if self.city.spec.firms else ": its file has no part about them"),
                suggestion="Use more residents."
                if self.city.spec.firms
                else "Give its file a part firms, as counterscore show beijing has it, or use a city that comes along.",
            )

    @classmethod
    def of(
        cls,
        regime: Regime,
        city: City,
        *,
        also: Sequence[Regime] = (),
        base: Regime | None = None,
        assumptions: Assumptions | None = None,
        **settings: Any,
    ) -> RunSpec:
        """The run of ``regime`` (and ``also``, and ``base``, its baseline) in ``city``; ``settings`` are the other fields.

        Raises ``UsageError`` also for two rule books with one id.
        """
        worlds, _ = distinct_worlds(regime, also, base)
        return cls(
            worlds,
            city,
            baseline=world_name(base) if base is not None else None,
            assumptions=assumptions or load_assumptions(),
            **settings,
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> RunSpec:
        """The run that a record tells of. Raises ``RunError`` where this version cannot make it again."""
        return cls(
            {told["name"]: regime_of(told) for told in record["worlds"]},
            city_of(record),
            months=record["months"],
            replays=record["replays"],
            seed=record["seed"],
            baseline=record["baseline"],
            start=record["start"],
            assumptions=assumptions_of(record),
            responses=record["switches"]["responses"],
            errors=record["switches"]["errors"],
        )

    @property
    def regime(self) -> Regime:
        """The rule book asked for."""
        return next(iter(self.worlds.values()))

    @property
    def also(self) -> tuple[Regime, ...]:
        """The worlds beside it, without the baseline."""
        return tuple(world for name, world in list(self.worlds.items())[1:] if name != self.baseline)

    @property
    def base(self) -> Regime | None:
        """The rule book of the baseline."""
        return None if self.baseline is None else self.worlds[self.baseline]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Who lives in all worlds of the run, to be compared."""
        return subjects_needed(part for world in self.worlds.values() for part in world.stacked())

    @property
    def meeting(self) -> bool:
        """Whether singles meet: where one world has a matchmaker they do so in all, to be compared."""
        return matchmaking(self.worlds.values())

    @property
    def switches(self) -> dict[str, bool]:
        """What is on or off."""
        return {"responses": self.responses, "errors": self.errors}

    @property
    def units(self) -> tuple[tuple[str, int], ...]:
        """Every world and replicate, replicate by replicate."""
        return tuple((world, replay) for replay in range(self.replays) for world in self.worlds)

    def under(self, world: str, regime: Regime) -> RunSpec:
        """The same run with another rule book in the place of ``world``."""
        return replace(self, worlds={**self.worlds, world: regime})

    def digest(self) -> str:
        """Six hex digits that differ when anything differs that the result depends on."""
        inputs = [
            [one.model_dump(mode="json") for world in self.worlds.values() for one in world.stacked()],
            self.city.digest(),
            self.assumptions.digest(),
            [self.months, self.replays, self.seed, self.responses, self.errors],
            *([self.start] if self.start != FIRST_MONTH else []),
        ]
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:6]


def city_of(record: Mapping[str, Any]) -> City:
    """The residents of a run record. Raises ``RunError`` where the city's file has changed since."""
    told = record["city"]
    seed = told.get("seed", record["seed"])
    city = synthesize(load_city_spec(told["id"]), residents=told["residents"], seed=seed)
    if city.digest() != told["sha256"]:
        raise RunError(
            f"the city {told['id']} is not the one of this run: its file has changed",
            suggestion=f"Use counterscore {record['software']['counterscore']}.",
        )
    return city


def assumptions_of(record: Mapping[str, Any]) -> Assumptions:
    """The values of a run record; ranges and sources come with them. Raises ``RunError`` for one that is not known."""
    found = load_assumptions()
    table = dict(found.table)
    for path, row in record["assumptions"].items():
        if path not in table:
            raise RunError(f"this version has no assumption {path}", suggestion="Use the version that made the run.")
        table[path] = replace(table[path], value=row["value"], given=row["given"])
    return replace(found, table=table)


def world_name(regime: Regime) -> str:
    """The regime's id, with the reforms applied to it."""
    return "+".join([regime.id, *regime.reforms])


def distinct_worlds(
    regime: Regime, also: Sequence[Regime] = (), base: Regime | None = None
) -> tuple[dict[str, Regime], tuple[str, ...]]:
    """The worlds of a run by name, and the names of those given more than once with the same rules.

    Raises ``UsageError`` where two rule books, or two reforms, that are not the same have one id: one of them would
    stand for both.
    """
    worlds: dict[str, Regime] = {}
    twice: list[str] = []
    for part in (regime, *also, *([base] if base is not None else [])):
        name = world_name(part)
        if name not in worlds:
            worlds[name] = part
            continue
        first = worlds[name]
        if [one.model_dump() for one in first.stacked()] != [one.model_dump() for one in part.stacked()]:
            files = [" with ".join(one.files) or one.title for one in (first, part)]
            raise UsageError(
                f'two different rule books are called "{name}": {files[0]} and {files[1]}',
                suggestion=f"Give one of them an id of its own, such as id: my-{part.id}; luck does not hang on ids.",
            )
        if name not in twice:
            twice.append(name)
    return worlds, tuple(twice)


def subjects_needed(regimes: Iterable[Regime]) -> tuple[Subject, ...]:
    """Who has to live for ``regimes``: residents always, firms where a rule book is about them or about bodies."""
    about = {regime.subjects for regime in regimes}
    if "bodies" in about:
        return ("residents", "firms", "bodies")
    return ("residents", "firms") if "firms" in about else ("residents",)


def matchmaking(worlds: Iterable[Regime]) -> bool:
    """Whether a rule book of these worlds has singles meet."""
    return any(part.partners is not None for world in worlds for part in world.stacked())
