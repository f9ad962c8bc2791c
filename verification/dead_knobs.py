"""Set each assumption, and each field of a rule book, to both ends where it should matter, and name those that change nothing.

An assumption is tried in the runs below, one after another, until two histories differ: first in a small city as it is, then
with whatever brings it into play made frequent (the act whose detection it is, the need that a service answers), then in
larger cities. A field of a rule book is changed, or given a value where it has none, wherever the catalogue has room for it,
until the plan that the engine works from differs and two histories with it. What is known to change nothing stands in ``DECLARED`` and ``IDLE`` with the reason; the script ends with 1 where
it finds anything that is not listed.

    python verification/dead_knobs.py                           # some minutes on one core
    python verification/dead_knobs.py --part fields --only rights lists
    python verification/dead_knobs.py --kept answers.json       # go on where the last start with this file ended

Answers are kept beside a digest of the source, and asked again once that has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
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
from counterscore.regime.vocabulary import ACTS, SERVICES, Kind
from counterscore.specification import matchmaking, subjects_needed

RESIDENTS, MONTHS, SEED = 2_000, 30, 1
LONG = 96  #: months, for fields that matter when terms and retention are over
#: Residents of the cities in which an assumption is tried, and whether what brings it into play is made frequent there.
TRIED = ((RESIDENTS, False), (RESIDENTS, True), (8_000, False), (8_000, True))
#: The runs in which an assumption is tried (a rule book, with reforms after a plus), the likeliest first; all share a city.
RUNS = (
    "every act of residents",
    "every act of firms",
    "every act of bodies",
    "every large act of residents",
    "every door of residents",
    "beijing-points",
    "critics-scenario",
    "zhejiang-firms",
    "government-integrity",
    "government-integrity+officials-on-record",
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
    "sesame-credit, asked for",
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
    "bodies.residents": 60,
    "bodies.contracts": 4,
    "bodies.keep": 0.5,
    "bodies.stress": 0.5,
    "firms.close": 0.008,
    "firms.reopen": 0.1,
    "firms.reserve": 0.2,
    "firms.withhold": 0.2,
    "firms.pay_up": 0.1,
    "firms.awareness": 1,
}
#: Set beside ``LIVELY`` when an assumption whose name begins so is made to matter; its own name is left alone.
FREQUENT: dict[str, dict[str, float]] = {
    "aftermath.": {
        "services.business-licence.need": 0.1,
        "services.hospital.need": 0.3,
        "services.market-stall.need": 0.1,
        "services.permit.need": 0.3,
        "services.rental.need": 0.3,
        "services.school-place.need": 0.3,
    },
    "acts.set-up-after-": {"firms.close": 0.1, "firms.reopen": 0.5},
    "acts.complainant-pressed": {"bodies.complaint": 0.2, "bodies.gaming": 2},
    "acts.firm-finance-judgment-unpaid": {
        "services.firm-loan.refused.none": 0,
        "services.firm-loan.refused.thin": 0,
        "services.firm-loan.refused.full": 0,
        "firms.borrow_below": 3,
        "firms.loan_size": 3,
        "firms.repay_months": 6,
        "firms.suit_after": 2,
        "firms.suit": 1,
        "firms.close": 0,
    },
    "acts.body-judgment-unpaid": {"bodies.suit_after": 3, "bodies.suit": 0.5},
}
OFTEN = 0.3  #: a month: the rate of an act and the need of a service that are made frequent
#: Assumptions that change nothing in any run, and why they are there.
IDLE: dict[str, str] = {}
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
    "youngest": "declared: which ages a scheme names on paper; in the model minors are outside every rule",
    "retention.while_listed": "the catalogue's books with a retention have no listing that outlasts it; reforms set it where one does, "
    "and the tests of the engine live it",
    "hearing": _LAW,
    "objection": _LAW,
    "counted_from": _PAPER,
    "sharing.*.corrected": "three rows of the catalogue copy another book's, of conduct that hardly anybody shows; the planted harm "
    "uncorrected-copies lives it",
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
    if name.startswith("every "):
        return every_act(name.rsplit(" ", 1)[1], large="large" in name, doors="door" in name)
    if name.endswith(", asked for"):
        return asked_to_show(name.removesuffix(", asked for"))
    id_, *reforms = name.split("+")
    return load_regime(id_, with_=reforms)


def asked_to_show(id_: str) -> Regime:
    """A private rule book of the catalogue under which others may ask to be shown the score, as no catalogued one lets them."""
    regime = load_regime(id_)
    assert regime.shown is not None
    asked = regime.model_copy(update={"shown": regime.shown.model_copy(update={"friends": "asked", "mates": "asked"})})
    asked._document, asked._stacked = regime.document, regime._stacked
    return asked


def every_act(subjects: str, *, large: bool, doors: bool = False) -> Regime:
    """A rule book that records all that ``subjects`` can do, so that an act which no catalogued one covers matters too.

    What has a size is recorded from somewhat above the least or, if ``large``, from the largest; there is a worst
    grade, a list, and for public bodies an assessment of officials with full weight. With ``doors`` the worst grade finds every
    service closed, and the school to the next of kin: what follows from a refusal that no catalogued rule makes is lived then.
    """
    acts = [act for act in ACTS if act.subject == subjects]
    contexts = ", ".join(dict.fromkeys(act.context for act in acts))
    rows = "".join(
        f"  - {{id: r-{act.id}, label: {act.id}, act: [{act.id}], authority: office, {_from_size(act.id, large)}"
        f"points: {1 if act.kind is Kind.GOOD else -1}, source: a, mark: assumed}}\n"
        for act in acts
    )
    closed = [(one.id, "self") for one in SERVICES if one.subject == subjects] + [("school-place", "kin")]
    shut = "".join(
        f"  - {{id: no-{service}-{who}, service: {service}, effect: closed, when: grade worst, affects: {who}, source: a, mark: assumed}}\n"
        for service, who in closed
    )
    assessment = "assessment: {weight: 1, source: a, mark: assumed}\n" if subjects == "bodies" else ""
    return read_regime(
        f"format: 1\nid: every-{subjects}\ntitle: every act of {subjects}\nplace: nowhere\nstatus: scenario\n"
        f"subjects: {subjects}\nsources: {{a: {{title: assumption, kind: assumption}}}}\n"
        f"authorities:\n  office: {{label: Office, contexts: [{contexts}]}}\ncatalogue:\n{rows}"
        "score:\n  start: 1000\n  floor: 0\n  ceiling: 2000\n"
        "  grades: [{id: fine, from: 1000, to: 2000}, {id: worst, from: 0, to: 999}]\n  source: a\n  mark: assumed\n"
        "lists:\n  worst: {label: Worst, enter: grade worst, term: 1 year, leave: [expired], source: a, mark: assumed}\n"
        f"{assessment}{f'doors:{chr(10)}{shut}' if doors else ''}",
        name=f"every-{subjects}.yaml",
    )


def _from_size(act: str, large: bool) -> str:
    """The smallest amount of ``act`` that is recorded, within the ranges of its least or of its most."""
    table = load_assumptions().table
    least, most = (table.get(f"acts.{act}.amount.{end}") for end in ("least", "most"))
    if least is None or most is None:
        return ""
    return f"at_least: {int(most.value if large else least.high or least.value)}, "


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


def digest(plans: Plans, residents: int = RESIDENTS, months: int = MONTHS) -> str:
    """sha256 over every column and total of everybody who lives."""
    lived = city(residents)
    hashed = hashlib.sha256()
    keys = purpose_keys(SEED, 0)
    for k in range(len(lived.subdistricts)):
        place = settle_in(plans, lived, k, seed=SEED, replay=0)
        totals = empty_totals(months)
        for until in (*range(12, months, 12), months):
            figures = np.full(layout.N_FIGURES, 3_000, np.int64)
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


def ends(path: str, base: Assumptions, *, frequent: bool = False) -> tuple[Assumptions, Assumptions]:
    """Both ends of the range of an assumption; a month of the run is a month of this one.

    A rate or need that is made ``frequent`` is moved as widely as its range, somewhere else: both ends times the same number.
    """
    row = base.table[path]
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    high = min(high, MONTHS / 2) if row.unit.startswith("month of the run") else high
    times = OFTEN / high if frequent and path.endswith((".rate", ".need")) else 1
    return base.with_value(path, low * times), base.with_value(path, high * times)


def made_frequent(path: str, base: Assumptions) -> Assumptions:
    """``base`` with what brings the assumption into play made frequent, beyond any range; the assumption itself as it was."""
    group, name, *_ = path.split(".")
    also = {f"acts.{name}.rate": OFTEN} if group == "acts" else {f"services.{name}.need": OFTEN}
    if path.endswith("amount.most"):
        also[f"acts.{name}.amount.least"] = (base.table[path].low or 0) / 2
    for start, settings in FREQUENT.items():
        also |= settings if path.startswith(start) else {}
    for other, value in also.items():
        base = base.with_value(other, value) if other in base.table and other != path else base
    return base


def asked_for(path: str, only: Sequence[str]) -> bool:
    """Whether a name begins with one of those asked for."""
    return not only or any(path.startswith(one) for one in only)


#: Where the histories at both ends differed first; empty where they never did.
Where = str


class Kept:
    """Answers in a file, so that a search that was stopped goes on; a file of another state of the source is not read."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._of = _source()
        self.answers: dict[str, Where] = {}
        if file is not None and file.exists():
            said = json.loads(file.read_text(encoding="utf-8"))
            self.answers = said["answers"] if said["source"] == self._of else {}

    def add(self, name: str, where: Where) -> None:
        """Keep one answer."""
        self.answers[name] = where
        if self._file is not None:
            text = json.dumps({"source": self._of, "answers": self.answers}, indent=1)
            self._file.write_text(text, encoding="utf-8")


def _source() -> str:
    """A digest of this script and of all that a run is made from."""
    root = Path(__file__).resolve().parent.parent / "src" / "counterscore"
    hashed = hashlib.sha256(Path(__file__).read_bytes())
    for part in ("engine", "city", "regime", "catalog"):
        for file in sorted(one for one in (root / part).rglob("*") if one.suffix in {".py", ".yaml"}):
            hashed.update(file.read_bytes())
    return hashed.hexdigest()


def sure_of_the_same() -> None:
    """End with a sentence where one and the same plans come out otherwise: every knob would then seem to matter."""
    for name in RUNS:
        plans = plans_of(book(name), lively())
        if digest(plans) != digest(plans):
            sys.exit(
                f"{name} lived twice, with nothing changed, differs: what this script says of any knob means nothing"
            )


def dead_assumptions(only: Sequence[str], kept: Kept) -> Iterator[str]:
    """The assumptions under which no run differs."""
    base = lively()
    for path in base.table:
        if not asked_for(path, only) or path.startswith("spread."):  # of cities together: tests/diffusion
            continue
        if path not in kept.answers:
            kept.add(path, _differs(path, base))
        if not kept.answers[path]:
            yield path


def _differs(path: str, base: Assumptions) -> Where:
    """The first run that comes out otherwise at the other end."""
    for residents, frequent in TRIED:
        low, high = ends(path, made_frequent(path, base) if frequent else base, frequent=frequent)
        for name in RUNS:
            one, two = plans_of(book(name), low), plans_of(book(name), high)
            if _bytes(one) != _bytes(two) and digest(one, residents) != digest(two, residents):
                return f"{name}, {residents:,} residents{', made frequent' if frequent else ''}"
    return ""


# ------------------------------------------------------------------------------------------- rule books

_MOST_VARIANTS = 6  #: changes of one field tried in one rule book


#: Values for a field that has none, by its type.
_IF_NONE: dict[Any, list[Any]] = {
    Duration: [Duration(2, "months"), Duration(2, "years")],
    int: [3, 30],
    float: [0.5, 2.0],
    bool: [True, False],
}


def others(value: Any, annotation: Any) -> list[Any]:
    """Other values that a field could have."""
    plain = [one for one in get_args(annotation) if one is not type(None)] if get_origin(annotation) else []
    literal = (
        annotation if get_origin(annotation) is Literal else next((p for p in plain if get_origin(p) is Literal), None)
    )
    if literal is not None:
        return [one for one in get_args(literal) if one != value]
    match value:
        case None:
            kinds = [get_origin(one) or one for one in plain]
            return [one for kind in kinds for one in _IF_NONE.get(kind, [])]
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
    """The fields of which no change makes another history, those that only ever change the plan with "(plan only)" behind."""
    seen: set[str] = set()
    planned: set[str] = set()
    alive: set[str] = set()
    base = lively()
    histories: dict[tuple[str, int], str] = {}

    def lived(name: str, months: int, plans: Plans) -> str:
        if (name, months) not in histories:
            histories[name, months] = digest(plans, months=months)
        return histories[name, months]

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
                    if path not in _MEASURED_ANYWAY:
                        alive.add(path)  # refused: the engine looks at it
                        break
                    continue
                if _bytes(after) == _bytes(before):
                    continue
                planned.add(path)
                if any(digest(after, months=months) != lived(name, months, before) for months in (MONTHS, LONG)):
                    alive.add(path)
                    break
    yield from sorted(path + (PLAN_ONLY if path in planned else "") for path in seen - alive)


PLAN_ONLY = " (plan only)"
#: Fields for which a refusal proves nothing: a value that is no word of the grammar is refused whatever the engine does.
_MEASURED_ANYWAY = frozenset(["authorities.*.contexts"])


def compare(what: str, found: Sequence[str], listed: dict[str, str], only: Sequence[str]) -> bool:
    """Print what was found beside the list; whether they agree."""
    print(f"\n{what}: {len(found)} without effect")
    unlisted = []
    for one in found:
        names = one.removesuffix(PLAN_ONLY).split(".")
        why = next((listed[key] for key in (".".join(names), ".".join(names[-2:]), names[-1]) if key in listed), "")
        unlisted += [] if why else [one]
        print(f"  {one}: {why or 'NOT LISTED'}")
    idle = [
        one
        for one in listed
        if not any(
            path.removesuffix(PLAN_ONLY) == one or path.removesuffix(PLAN_ONLY).endswith(f".{one}") for path in found
        )
    ]
    for one in () if only else idle:
        print(f"  {one}: listed, but it has an effect or no rule book has it")
    return not unlisted


def main() -> int:
    """Both parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of the names to look at")
    parser.add_argument("--part", choices=("fields", "assumptions", "both"), default="both", help="what to look at")
    parser.add_argument("--kept", type=Path, help="a file of answers, to go on with and to add to")
    chosen = parser.parse_args()
    only, good, kept = chosen.only, True, Kept(chosen.kept)
    sure_of_the_same()
    if chosen.part != "assumptions":
        good &= compare("Fields of a rule book", list(fields_without_effect(only)), DECLARED, only)
    if chosen.part != "fields":
        good &= compare("Assumptions", list(dead_assumptions(only, kept)), IDLE, only)
        found = Counter(where for path, where in kept.answers.items() if where and asked_for(path, only))
        print(f"\n{found.total()} assumptions matter, found in:")
        for where, many in found.most_common():
            print(f"  {many:4}  {where}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
