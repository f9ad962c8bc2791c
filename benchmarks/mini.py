"""A small model of a score, written three times: with the engine's kernels and draws, in NumPy columns, in Mesa.

Each month a resident may be tempted to one of 20 acts (at a rate times an own factor), is seen at the act's
rate of detection, and gets a record that lowers a score for 24 months; whoever falls below the border is listed
for 12 months; a resident may need one of 16 services, and a listed one is refused four of them. Kernel and NumPy
take the same addressed draws and must come to the same numbers; Mesa draws its own. ``regime`` is the same as a
rule book, under which the engine lives all nine steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore import luck
from counterscore.catalog import load_assumptions
from counterscore.engine.draws import high, word
from counterscore.engine.kernel import entry
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from counterscore.regime.vocabulary import ACTS, SERVICES, Kind

_FORBIDDEN = [act.id for act in ACTS if act.kind is Kind.MISCONDUCT and act.subject == "residents"]
_CLOSED = ("flight", "loan", "permit", "job")
LASTS, LISTED, BORDER, POINTS = 24, 12, 960, 15

_HEAD = """
format: 1
id: mini
title: Mini
place: Nowhere
status: scenario
sources: {a: {title: assumption, kind: assumption}}
authorities:
  office: {label: Office, contexts: [CONTEXTS]}
catalogue:
ROWS
score: {start: 1000, floor: 0, ceiling: 1100, grades: [{id: A, from: 960, to: 1100}, {id: B, from: 0, to: 959}], source: a, mark: assumed}
lists:
  low: {label: Low, enter: score < 960, term: 12 months, leave: [expired], source: a, mark: assumed}
doors:
"""


def regime(rows: int = 20) -> Regime:
    """The same 39 acts in ``rows`` rows: in ten of them exactly the same is recorded as in 39."""
    parts: list[list[str]] = [[] for _ in range(min(rows, len(_FORBIDDEN)))]
    for at, act in enumerate(_FORBIDDEN):
        parts[at % len(parts)].append(act)
    lines = [
        f"  - {{id: row-{k}, label: Row {k}, act: [{', '.join(acts)}], authority: office, points: -{POINTS}, "
        f"validity: {LASTS} months, source: a, mark: assumed}}"
        for k, acts in enumerate(parts)
    ]
    contexts = sorted({act.context for act in ACTS if act.id in _FORBIDDEN})
    text = _HEAD.replace("CONTEXTS", ", ".join(contexts)).replace("ROWS", "\n".join(lines))
    for name in _CLOSED:
        text += f"  - {{id: no-{name}, service: {name}, effect: closed, when: list low, source: a, mark: assumed}}\n"
    return parse_regime(read_document(text, name="mini.yaml"))


class Rates:
    """The rates of the mini-model in 1/2**32, from the assumptions that the engine uses."""

    def __init__(self) -> None:
        told = load_assumptions()
        rates = np.array([told.get(f"acts.{name}.rate", 0.0) for name in _FORBIDDEN])
        order = np.argsort(-rates)[:20]
        self.acts = _cumulated(rates[order])
        self.seen = np.array([round(told[f"acts.{_FORBIDDEN[k]}.detection"] * 2**32) for k in order])
        needs = np.array([told.get(f"services.{service.id}.need", 0.0) for service in SERVICES])
        order = np.argsort(-needs)[:16]
        self.needs = _cumulated(needs[order])
        self.closed = np.array([SERVICES[k].id in _CLOSED for k in order])


def _cumulated(rates: Any) -> Any:
    return np.cumsum([round(rate * 2**32) for rate in rates]).astype(np.int64)


def _keys(month: int) -> Any:
    return np.array([luck.key(f"mini/{name}", 0, month) for name in ("tempted", "seen", "needs")], np.uint64)


def kernel_months(residents: int, months: int, rates: Rates) -> tuple[int, int]:
    """The mini-model in one compiled kernel; returns records and refusals."""
    score = np.full(residents, 1000, np.int32)
    listed_until = np.zeros(residents, np.int16)
    ending = np.zeros((LASTS, residents // 4 + 64), np.int32)
    ended = np.zeros(LASTS, np.int64)
    factor = _factors(residents)
    found = np.zeros(2, np.int64)
    for month in range(months):
        _month(
            month, _keys(month), factor, score, listed_until, ending, ended,
            rates.acts, rates.seen, rates.needs, rates.closed, found,
        )  # fmt: skip
    return int(found[0]), int(found[1])


def _factors(residents: int) -> Any:
    lots = luck.draws32(luck.key("mini/factor", 0), np.arange(residents, dtype=np.uint64))
    return (128 + (lots >> 24)).astype(np.int64)


@entry
def _month(month, keys, factor, score, listed_until, ending, ended, acts, seen, needs, closed, found):
    now = month % LASTS
    for q in range(ended[now]):
        score[ending[now, q]] += POINTS
    records = 0
    top, need = acts[acts.shape[0] - 1], needs[needs.shape[0] - 1]
    for i in range(score.shape[0]):
        lot = high(word(keys[0], i))
        if lot < (top * factor[i]) >> 8:
            y = (lot << 8) // factor[i]
            act = 0
            while act < acts.shape[0] - 1 and y >= acts[act]:
                act += 1
            if high(word(keys[1], i)) < seen[act]:
                score[i] -= POINTS
                ending[now, records] = i
                records += 1
        if score[i] < BORDER and listed_until[i] <= month:
            listed_until[i] = month + LISTED
        lot = high(word(keys[2], i))
        if lot < need:
            service = 0
            while lot >= needs[service]:
                service += 1
            found[1] += closed[service] and listed_until[i] > month
    ended[now] = records
    found[0] += records


def numpy_months(residents: int, months: int, rates: Rates) -> tuple[int, int]:
    """The mini-model on columns, without a loop over residents; returns records and refusals."""
    numbers = np.arange(residents, dtype=np.uint64)
    factor = _factors(residents)
    score = np.full(residents, 1000, np.int32)
    listed_until = np.zeros(residents, np.int16)
    ending: list[Any] = [np.zeros(0, np.int64)] * LASTS
    records = refused = 0
    for month in range(months):
        tempt, see, need = (int(key) for key in _keys(month))
        np.add.at(score, ending[month % LASTS], POINTS)
        lots = luck.draws32(tempt, numbers).astype(np.int64)
        (tempted,) = np.nonzero(lots < (rates.acts[-1] * factor) >> 8)
        act = np.searchsorted(rates.acts, (lots[tempted] << 8) // factor[tempted], side="right").clip(max=19)
        recorded = tempted[luck.draws32(see, numbers[tempted]) < rates.seen[act]]
        np.subtract.at(score, recorded, POINTS)
        ending[month % LASTS] = recorded
        records += len(recorded)
        listed_until[(score < BORDER) & (listed_until <= month)] = month + LISTED
        lots = luck.draws32(need, numbers).astype(np.int64)
        (needy,) = np.nonzero(lots < rates.needs[-1])
        service = np.searchsorted(rates.needs, lots[needy], side="right")
        refused += int((rates.closed[service] & (listed_until[needy] > month)).sum())
    return records, refused


def mesa_months(residents: int, months: int, rates: Rates, seed: int = 0) -> int:
    """The mini-model with one Mesa agent a resident; returns refusals."""
    import mesa

    tempting, needing, seen = ((part / 2**32).tolist() for part in (rates.acts, rates.needs, rates.seen))
    closed = rates.closed.tolist()

    class Person(mesa.Agent):
        def __init__(self, model: Any) -> None:
            super().__init__(model)
            self.factor = 0.5 + model.random.random()
            self.score = 1000
            self.listed_until = 0
            self.records: list[int] = []
            self.refused = 0

        def step(self) -> None:
            draw, month = self.model.random.random, self.model.month
            while self.records and self.records[0] <= month:
                self.records.pop(0)
                self.score += POINTS
            lot = draw() / self.factor
            if lot < tempting[-1]:
                act = next(k for k, top in enumerate(tempting) if lot < top)
                if draw() < seen[act]:
                    self.records.append(month + LASTS)
                    self.score -= POINTS
            if self.score < BORDER and self.listed_until <= month:
                self.listed_until = month + LISTED
            lot = draw()
            if lot < needing[-1]:
                service = next(k for k, top in enumerate(needing) if lot < top)
                self.refused += closed[service] and self.listed_until > month

    class Town(mesa.Model):
        def __init__(self) -> None:
            super().__init__(seed=seed)
            self.month = 0
            for _ in range(residents):
                Person(self)

    town = Town()
    for month in range(months):
        town.month = month
        town.agents.do("step")
    return sum(person.refused for person in town.agents)
