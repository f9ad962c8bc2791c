"""Set each assumption, and each field of a rule book, to both ends where it should matter, and name those that change nothing.

An assumption is tried in the runs below, one after another, until two histories differ. A field of a rule book is changed
wherever the catalogue has it: first the plan that the engine works from is compared, then, where that differs, the
history. What is known to change nothing stands in ``DECLARED`` and ``IDLE`` with the reason; the script ends with 1
where it finds anything that is not listed.

    python verification/dead_knobs.py              # some minutes on one core
    python verification/dead_knobs.py --part fields --only rights lists
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Literal, get_args, get_origin

import numpy as np
from pydantic import BaseModel

from counterscore.catalog import load_assumptions, load_city_spec, load_regime, regime_ids
from counterscore.catalog.assume import Assumptions
from counterscore.city import City, synthesize
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import Plans, compile_plans
from counterscore.engine.world import body_columns, empty_totals, firm_columns, live_until, outcome_columns, settle_in
from counterscore.errors import CounterscoreError
from counterscore.regime.grammar import Duration
from counterscore.regime.model import Regime
from counterscore.regime.read import read_regime
from counterscore.regime.vocabulary import ACTS, Kind
from counterscore.specification import matchmaking, subjects_needed

RESIDENTS, MONTHS, SEED = 2_000, 30, 1
MORE = 8_000  #: residents of a second city, for what happens to nobody in the first
#: The runs in which an assumption is tried (a rule book, with reforms after a plus), the likeliest first; all share a city.
RUNS = (
    "every act of residents",
    "every act of firms",
    "every act of bodies",
    "beijing-points",
    "critics-scenario",
    "zhejiang-firms",
    "government-integrity",
    "customs-aeo",
    "tax-abcmd",
    "baihe-match",
    "behaviour-lending",
    "fraud-register",
    "rongcheng-village",
    "xiamen-egret",
    "rongcheng-2021",
    "market-lists",
    "travel-lists-2018",
    "court-defaulters-firms",
    "sesame-credit",
    "court-defaulters-2025",
    "beijing-points+repair-2023",
    "beijing-points+appeals-60d",
    "rongcheng-2013+group-liability",
)
#: So that what is rare happens in a small city: the same in both of the runs that are compared.
LIVELY = {
    "circumstances.default": 0.01,
    "circumstances.suit": 0.4,
    "acts.judgment-unpaid-able.detection": 0.5,
    "acts.judgment-unpaid-unable.detection": 0.5,
    "errors.untrue": 0.003,
    "errors.mix_up": 0.02,
    "errors.late_removal": 0.2,
    "errors.glitch_month": 9,
    "bodies.firms": 5,
    "bodies.sign": 1,
    "bodies.keep": 0.5,
    "bodies.stress": 0.5,
    "firms.close": 0.008,
    "firms.reopen": 0.1,
    "firms.reserve": 0.2,
    "firms.withhold": 0.2,
    "firms.pay_up": 0.1,
    "firms.awareness": 1,
}
#: Assumptions that change nothing in any run, and why they are there.
IDLE: dict[str, str] = {
    "errors.glitch_month": "both ends of its range mean that there is no glitch in a run of 30 months; a month of the run is set by hand "
    "(run --shock), and errors.glitch_share and errors.glitch_component are tried with one",
}
_WORDS = "words for readers"
_FROM = "where a number is from; printed beside it"
_LAW = "read by the legal checks and printed; nobody in the model asks for the ground of a restriction"
_PAPER = "declared: no clock of the model runs on it"
#: Fields of a rule book that change no result, by their last step or whole, and why they are there.
DECLARED: dict[str, str] = {
    **dict.fromkeys(("label", "title", "note", "about", "purpose", "place", "relation_basis", "conditions"), _WORDS),
    **dict.fromkeys(("source", "mark", "borrowed", "kind", "address", "read"), _FROM),
    **dict.fromkeys(("id", "version_of", "stack"), "names; luck and results do not hang on them"),
    "status": "history; printed",
    "level": "which reforms bind it, or how heavy a door weighs in the legal checks; nothing in a run",
    "start": "in_force is history; a run adopts a rule book with --from",
    "end": "in_force is history",
    "contexts": "whom a record belongs to on paper; luck of sharing hangs on them, nothing else",
    "severity": "of a row: read by reforms that bound records by it",
    "confirmed": _LAW,
    "legal_basis": _LAW,
    "fields": "what is published; the legal checks read it, and in the model a name is a name",
    "publicity.lasts": _PAPER,
    "notice.within": _PAPER,
    "file_within": _PAPER,
    "correction.within": _PAPER,
    "correction.given": _LAW,
    "hearing": _LAW,
    "objection": _LAW,
    "counted_from": _PAPER,
    "sharing.*.after": "the catalogue's delays are of days, one month of the clock however many; months are tried in the tests",
    "defence": _LAW,
    "reasons": _LAW,
    "compensation": _LAW,
}


@cache
def city(residents: int = RESIDENTS) -> City:
    """The city of all runs, with more repeat offenders than Beijing's and more firms that trade abroad."""
    spec = dict(load_city_spec("beijing"))
    spec["margins"] = [
        part | {"values": {"yes": {"value": 0.03, "range": [0, 1]}}} if part.get("over") == "offender" else part
        for part in spec["margins"]
    ]
    firms = spec["firms"]
    abroad = firms["abroad"] | {"values": dict.fromkeys(firms["abroad"]["values"], 0.5)}
    spec["firms"] = firms | {"abroad": abroad}
    return synthesize(spec, residents=residents, seed=SEED)


@cache
def book(name: str) -> Regime:
    """A rule book of the catalogue, with the reforms named after a plus."""
    if name.startswith("every act of "):
        return every_act(name.rsplit(" ", 1)[1])
    id_, *reforms = name.split("+")
    return load_regime(id_, with_=reforms)


def every_act(subjects: str) -> Regime:
    """A rule book that records all that ``subjects`` can do, so that an act which no catalogued one covers matters too."""
    acts = [act for act in ACTS if act.subject == subjects]
    contexts = ", ".join(dict.fromkeys(act.context for act in acts))
    rows = "".join(
        f"  - {{id: r-{act.id}, label: {act.id}, act: [{act.id}], authority: office, "
        f"points: {1 if act.kind is Kind.GOOD else -1}, source: a, mark: assumed}}\n"
        for act in acts
    )
    return read_regime(
        f"format: 1\nid: every-{subjects}\ntitle: every act of {subjects}\nplace: nowhere\nstatus: scenario\n"
        f"subjects: {subjects}\nsources: {{a: {{title: assumption, kind: assumption}}}}\n"
        f"authorities:\n  office: {{label: Office, contexts: [{contexts}]}}\ncatalogue:\n{rows}"
        "score: {start: 1000, floor: 0, ceiling: 2000, source: a, mark: assumed}\n",
        name=f"every-{subjects}.yaml",
    )


def lively() -> Assumptions:
    """The assumptions from which each is moved."""
    chosen = load_assumptions()
    for path, value in LIVELY.items():
        chosen = chosen.with_value(path, value)
    return chosen


def plans_of(regime: Regime, chosen: Assumptions) -> Plans:
    """What the engine works from."""
    stack = regime.stacked()
    return compile_plans(stack, chosen, seed=SEED, living=subjects_needed(stack), meeting=matchmaking([regime]))


def _bytes(plans: Plans) -> bytes:
    parts = (plans.residents, plans.firms, plans.bodies)
    return b"".join(np.asarray(part).tobytes() for part in parts if part is not None)


def digest(plans: Plans, residents: int = RESIDENTS) -> str:
    """sha256 over every column and total of everybody who lives."""
    lived = city(residents)
    hashed = hashlib.sha256()
    keys = purpose_keys(SEED, 0)
    for k in range(len(lived.subdistricts)):
        place = settle_in(plans, lived, k, seed=SEED, replay=0)
        totals = empty_totals(MONTHS)
        for until in (*range(12, MONTHS, 12), MONTHS):
            figures = np.full(layout.N_DISTRICTS, 3_000, np.int64)
            live_until(plans.residents, place, totals, keys, figures, until)
        columns = [outcome_columns(plans.residents, place)]
        columns += [firm_columns(place.firms)] if place.firms is not None else []
        columns += [body_columns(place.bodies)] if place.bodies is not None else []
        for part in columns:
            for name in sorted(part):
                hashed.update(np.ascontiguousarray(part[name]).tobytes())
        for name in sorted(totals):
            hashed.update(np.ascontiguousarray(totals[name]).tobytes())
    return hashed.hexdigest()


def ends(path: str, base: Assumptions) -> tuple[Assumptions, Assumptions]:
    """Both ends of the range of an assumption."""
    row = base.table[path]
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    high += low == high  # a month that is set by hand has no range
    return base.with_value(path, low), base.with_value(path, high)


def asked_for(path: str, only: Sequence[str]) -> bool:
    """Whether a name begins with one of those asked for."""
    return not only or any(path.startswith(one) for one in only)


def dead_assumptions(only: Sequence[str]) -> Iterator[str]:
    """The assumptions under which no run differs."""
    base = lively()
    for path in base.table:
        if not asked_for(path, only):
            continue
        low, high = ends(path, base)
        if not any(_differs(low, high, residents) for residents in (RESIDENTS, MORE)):
            yield path


def _differs(low: Assumptions, high: Assumptions, residents: int) -> bool:
    """Whether some run comes out otherwise at the other end."""
    for name in RUNS:
        one, two = plans_of(book(name), low), plans_of(book(name), high)
        if _bytes(one) != _bytes(two) and digest(one, residents) != digest(two, residents):
            return True
    return False


# ------------------------------------------------------------------------------------------- rule books

_MOST_VARIANTS = 6  #: changes of one field tried in one rule book


def others(value: Any, annotation: Any) -> list[Any]:
    """Other values that a field could have."""
    plain = [one for one in get_args(annotation) if one is not type(None)] if get_origin(annotation) else []
    literal = (
        annotation if get_origin(annotation) is Literal else next((p for p in plain if get_origin(p) is Literal), None)
    )
    if literal is not None:
        return [one for one in get_args(literal) if one != value]
    match value:
        case bool():
            return [not value]
        case int():
            return [2 * value + 1, value - 1]
        case float():
            return [value / 2, min(1.0, 2 * value + 0.1)]
        case Duration():
            return [Duration(3 * value.amount + 1, value.unit), Duration(max(1, value.amount // 3), value.unit)]
        case str():
            return ["another"]
        case tuple() if value and isinstance(value[0], str):
            return [value[:-1], (*value, "another")]
    return []


def changed(item: Any, name: str, change: Callable[[Any, Any], list[Any]]) -> list[Any]:
    """``item`` with its field ``name`` changed, in every way."""
    field = type(item).model_fields[name]
    value = getattr(item, name)
    values = change(value, field.annotation)
    return [item.model_copy(update={name: one}) for one in values]


def variants(regime: Regime) -> Iterator[tuple[str, list[Regime]]]:
    """Each field that the rule book uses, by its place, and rule books in which it is changed everywhere."""

    def walk(item: BaseModel, path: str, put: Callable[[Any], Any]) -> Iterator[tuple[str, Callable[[], Regime]]]:
        for name in type(item).model_fields:
            value = getattr(item, name)
            here = f"{path}.{name}".strip(".")
            for other in changed(item, name, others):
                yield here, lambda other=other: put(other)
            if isinstance(value, BaseModel):
                yield from walk(value, here, lambda new, n=name: put(item.model_copy(update={n: new})))
            elif isinstance(value, dict):
                for key, child in value.items():
                    if isinstance(child, BaseModel):
                        yield from walk(
                            child,
                            f"{here}.*",
                            lambda new, k=key, n=name: put(item.model_copy(update={n: {**getattr(item, n), k: new}})),
                        )
            elif isinstance(value, tuple):
                for at, child in enumerate(value):
                    if isinstance(child, BaseModel):
                        yield from walk(
                            child,
                            f"{here}.*",
                            lambda new, a=at, n=name: put(
                                item.model_copy(update={n: (*getattr(item, n)[:a], new, *getattr(item, n)[a + 1 :])})
                            ),
                        )

    found: dict[str, list[Callable[[], Regime]]] = {}
    for path, make in walk(regime, "", lambda new: new):
        found.setdefault(path, []).append(make)
    for path, makes in found.items():
        yield path, [make() for make in (*makes[:_MOST_VARIANTS], *makes[_MOST_VARIANTS:][-1:])]


def _leans_on_others(regime: Regime) -> bool:
    """Whether a rule book cannot be read without those beside it."""
    own = set(regime.lists)
    return regime.partners is not None or any(row.on_list and row.on_list not in own for row in regime.catalogue)


def fields_without_effect(only: Sequence[str]) -> Iterator[str]:
    """The fields that no change of theirs makes the engine see."""
    seen: set[str] = set()
    alive: set[str] = set()
    base = lively()
    for name in regime_ids():
        regime = load_regime(name)
        stacked = regime._stacked if _leans_on_others(regime) else ()
        alone = regime.model_copy()
        alone._document, alone._stacked = regime.document, stacked
        before = plans_of(alone, base)
        for path, books in variants(regime):
            if not asked_for(path, only) or path in alive:
                continue
            seen.add(path)
            for book in books:
                book._document, book._stacked = regime.document, stacked
                try:
                    after = plans_of(book, base)
                except (CounterscoreError, KeyError, ValueError, StopIteration, TypeError, AttributeError, IndexError):
                    alive.add(path)  # refused: the engine looks at it
                    break
                if _bytes(after) != _bytes(before):
                    alive.add(path)
                    break
    yield from sorted(seen - alive)


def compare(what: str, found: Sequence[str], listed: dict[str, str], only: Sequence[str]) -> bool:
    """Print what was found beside the list; whether they agree."""
    print(f"\n{what}: {len(found)} without effect")
    unlisted = []
    for one in found:
        names = one.split(".")
        why = next((listed[key] for key in (one, ".".join(names[-2:]), names[-1]) if key in listed), "")
        unlisted += [] if why else [one]
        print(f"  {one}: {why or 'NOT LISTED'}")
    idle = [one for one in listed if not any(path == one or path.endswith(f".{one}") for path in found)]
    for one in () if only else idle:
        print(f"  {one}: listed, but it has an effect or no rule book has it")
    return not unlisted


def main() -> int:
    """Both parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of the names to look at")
    parser.add_argument("--part", choices=("fields", "assumptions", "both"), default="both", help="what to look at")
    chosen = parser.parse_args()
    only, good = chosen.only, True
    if chosen.part != "assumptions":
        good &= compare("Fields of a rule book", list(fields_without_effect(only)), DECLARED, only)
    if chosen.part != "fields":
        good &= compare("Assumptions", list(dead_assumptions(only)), IDLE, only)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
