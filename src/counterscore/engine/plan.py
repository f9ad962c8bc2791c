"""From names to arrays: the only place that knows regimes, assumptions and the city's groups together.

``compile_plan`` resolves every name of a stack of regimes to an index and is the last place where a
person's mistake can be raised; after it nothing can be misspelt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.catalog.assume import Assumptions
from counterscore.city.generations import life_table
from counterscore.engine import addresses
from counterscore.engine.fixed import Q32, q8, q32
from counterscore.engine.layout import (
    ACTORS,
    ANOTHER_LIST,
    BODY_RING,
    BODY_SLOTS,
    CAUSES,
    CITY,
    CLOSED,
    DUTY_DISCLOSURE,
    DUTY_JUDGMENT,
    DUTY_TAX,
    DUTY_WAGES,
    EVERYBODY,
    FELT,
    HAS_CAR,
    HAS_CARD,
    MAKES_GOODS,
    MAX_ASKING,
    MAX_AUTHORITIES,
    MAX_COMPONENTS,
    MAX_DIMENSIONS,
    MAX_DOORS,
    MAX_GRADES,
    MAX_GROUNDS,
    MAX_LISTS,
    MAX_ROWS,
    MAX_SCHEMES,
    MAX_STEP_ROWS,
    MAX_STEPS,
    N_FILES,
    N_MEANS,
    NARROWED,
    NATION,
    NEIGHBOURHOOD,
    NEVER,
    NO_GRADE,
    OPENED,
    PLAN,
    PRICED,
    SCALARS,
    SCALE,
    SLOWED,
    THE_PUBLIC,
    TRADES_ABROAD,
)
from counterscore.engine.partners.rules import private_rules
from counterscore.errors import InputError, Problem
from counterscore.regime.model import PUBLIC, Component, Door, ListRule, Regime, Rights, Row, adverse_lists
from counterscore.regime.vocabulary import ACTS, DOMAINS, INSPECTION, OCCUPATIONS, SERVICES, Kind, Subject

ACT_INDEX = {act.id: index for index, act in enumerate(ACTS)}
SERVICE_INDEX = {service.id: index for index, service in enumerate(SERVICES)}
GROUPS = 2 * len(OCCUPATIONS)
DISTRICTS = 16
AGE_BANDS = ("minors", "to-29", "to-44", "to-59", "60-on")
FILES = ("none", "thin", "full")
EFFECTS = {"closed": CLOSED, "narrowed": NARROWED, "slowed": SLOWED, "priced": PRICED, "opened": OPENED}
_REACH = {"none": NEIGHBOURHOOD, "neighbourhood": NEIGHBOURHOOD, "city": CITY, "nation": NATION}
_NEEDS = {
    "card-overdue": HAS_CARD,
    "traffic-violation": HAS_CAR,
    "drunk-driving": HAS_CAR,
    "hit-and-run": HAS_CAR,
    "quality-failure": MAKES_GOODS,
    "customs-violation": TRADES_ABROAD,
    "smuggling": TRADES_ABROAD,
}
#: What a firm performs to leave a list that it entered on one of these acts.
_DUTIES = {
    DUTY_WAGES: ("wage-arrears", "serious-wage-arrears", "social-insurance-arrears"),
    DUTY_TAX: ("firm-tax-arrears", "firm-tax-fraud", "tax-filing-late"),
    DUTY_JUDGMENT: ("firm-judgment-unpaid", "firm-finance-judgment-unpaid", "supplier-arrears", "firm-loan-arrears"),
    DUTY_DISCLOSURE: ("annual-report-missed", "false-disclosure", "out-of-contact", "tax-abnormal-household"),
}
#: What the rules of 2010 on restricting high spending (Art. 3, as in ``court-defaulters``) close to a debtor: a list or
#: order that closes one of these to the listed is a spending ban.
_HIGH_SPENDING = frozenset(["flight", "high-speed-rail", "star-hotel", "home-purchase", "school-place"])
#: Misconduct of firms in these contexts may bring an administrative penalty.
_PENALISED = {
    "safety",
    "environment",
    "product_quality",
    "advertising",
    "registration",
    "procurement",
    "customs",
    "tax",
}
#: Doors that a rule book about one kind of subject puts before another: who holds the record, whom it stops.
_CROSSING: dict[str, tuple[Subject, Subject]] = {
    "firm": ("residents", "firms"),
    "firm head": ("firms", "residents"),
    "official": ("bodies", "residents"),
}
_SLOTS = {Kind.MISCONDUCT: 0, Kind.GOOD: 1, Kind.LAWFUL: 2}
_SLOTLESS = 3
_ABSORB_AFTER = 24
_MOST_ACTS = 32  #: acts of one resident in one month
_SPAN = 1_000  #: of a score whose floor or ceiling is unknown, in points
_FAR = 1 << 40
_BODY_ACTS = 3 * BODY_RING * BODY_SLOTS  #: the most acts of a body in a month
_NO_BORDER = -_FAR  #: of a score that no lender asks for
_KINDS = ("grade", "list", "record")
_ELSEWHERE = len(_KINDS)  #: kind of a door that rests on the file of another

Ints = npt.NDArray[np.int64]


class _Stack:
    """The rules of all regimes of a stack in one numbering."""

    def __init__(self, stack: Sequence[Regime], subject: Subject = "residents") -> None:
        self.subject = subject
        self.regimes = regimes = tuple(regime for regime in stack if regime.subjects == subject)
        self.scored = list(enumerate(regime for regime in regimes if _is_scored(regime)))
        known = iter(range(len(self.scored)))
        self.scheme = [next(known) if _is_scored(regime) else -1 for regime in regimes]
        # Rule books that ask for consent have a bit of what a resident takes part in, after those with a score,
        # where they record anything.
        self.asking = [regime for _, regime in self.scored]
        self.consent = list(self.scheme)
        for s, regime in enumerate(regimes):
            if regime.participation != "mandatory" and regime.catalogue and self.scheme[s] < 0:
                self.consent[s] = len(self.asking)
                self.asking.append(regime)
        self.rows: list[tuple[int, int, Row]] = []  # scheme, position in its catalogue, row
        self.lists: list[tuple[int, str, ListRule]] = []
        self.doors = [(s, n, door) for s, regime in enumerate(regimes) for n, door in enumerate(regime.doors)]
        self.components: list[tuple[int, Component]] = [
            (number, part) for number, regime in self.scored if regime.score for part in regime.score.components
        ]
        self.component_index = {(number, part.id): k for k, (number, part) in enumerate(self.components)}
        self.lent = _crossing(stack, to=subject)
        self.lends = _lends(stack, subject)
        for s, regime in enumerate(regimes):
            self.rows += [(s, n, row) for n, row in enumerate(regime.catalogue)]
            self.lists += [(s, name, rule) for name, rule in regime.lists.items()]
        self.row_index = {(s, row.id): k for k, (s, _, row) in enumerate(self.rows)}
        self.list_index = {name: k for k, (_, name, _) in enumerate(self.lists)}
        # Who reads records: all of whoever shares everything, the public, then the authorities that do not.
        self.bodies = [
            (s, name) for s, regime in enumerate(regimes) if regime.sharing is not None for name in regime.authorities
        ]
        self.lender = next((s for s, regime in enumerate(regimes) if regime.lending), None)
        self._refuse_what_does_not_fit()

    def body(self, s: int, authority: str | None) -> int:
        """The number of an authority of regime ``s`` as a reader of records; the score's own where none is named."""
        regime = self.regimes[s]
        named = authority or (regime.score.authority if regime.score else None)
        if regime.sharing is None or named is None:
            return EVERYBODY
        return THE_PUBLIC if named == PUBLIC else 2 + self.bodies.index((s, named))

    def _refuse_what_does_not_fit(self) -> None:
        stepped = sum(bool(row.then) for _, _, row in self.rows)
        limits = (
            ("regimes with a score in force together", len(self.scored), MAX_SCHEMES),
            ("regimes with a score, or that ask for consent, in force together", len(self.asking), MAX_ASKING),
            ("catalogue rows", len(self.rows), MAX_ROWS),
            ("lists", len(self.lists), MAX_LISTS),
            ("doors", len(self.doors) + len(self.lent), MAX_DOORS),
            ("components of scores", len(self.components), MAX_COMPONENTS),
            ("rows with points of further records", stepped, MAX_STEP_ROWS),
            ("grounds", sum(len(rule.enter) for _, _, rule in self.lists), MAX_GROUNDS),
            ("authorities in rule books that say what is shared", 2 + len(self.bodies), MAX_AUTHORITIES),
            ("rule books that judge loans", sum(bool(regime.lending) for regime in self.regimes), 1),
            (
                "dimensions of a score",
                max([len(r.score.dimensions) for r in self.regimes if r.score] or [0]),
                MAX_DIMENSIONS,
            ),
            ("matchmakers", sum(r.partners is not None for r in self.regimes), 1),
            ("grades", max([len(r.score.spans()) for _, r in self.scored if r.score] or [0]), MAX_GRADES),
        )
        problems = [
            Problem(
                position=self.regimes[0].at(),
                message=f"{found} {what}; the engine holds at most {most}",
                suggestion="Take some out, or run the parts on their own.",
            )
            for what, found, most in limits
            if found > most
        ]
        for unit in ("hours", "yuan"):
            curves = [(s, n, row) for s, n, row in self.rows if row.curve and _unit_of(row) == unit and not row.on_list]
            problems += [
                Problem(
                    position=self.regimes[s].at("catalogue", n, "curve"),
                    message=f"a second curve over {unit}; residents keep one yearly account of {unit}",
                    suggestion="Put the acts into one row.",
                )
                for s, n, _ in curves[1:]
            ]
        if problems:
            raise InputError(problems)


def _is_scored(regime: Regime) -> bool:
    return regime.score is not None and regime.score.known


def _crossing(stack: Sequence[Regime], *, to: Subject) -> list[Door]:
    """Doors that rule books about others put before ``to``, in the order of the stack."""
    return [
        door
        for regime in stack
        for door in regime.doors
        if door.affects in _CROSSING and _CROSSING[door.affects] == (regime.subjects, to) and regime.subjects != to
    ]


def doors_of(stack: Sequence[Regime], subject: Subject) -> list[tuple[Regime, int, Door]]:
    """The doors of a plan in its numbering: rule book, place in it, door. Those that others lend come last."""
    own = [(one, n, door) for one in stack if one.subjects == subject for n, door in enumerate(one.doors)]
    lent = [(one, n, door) for one in stack for n, door in enumerate(one.doors) if one.subjects != subject]
    theirs = _crossing(stack, to=subject)
    return own + [(one, n, door) for one, n, door in lent if any(door is each for each in theirs)]


def _lends(stack: Sequence[Regime], subject: Subject) -> list[tuple[int, int]]:
    """Doors held in files of ``subject`` that stop another: their number here, and their number there."""
    own = [door for regime in stack if regime.subjects == subject for door in regime.doors]
    out = []
    for affects, (holder, stopped) in _CROSSING.items():
        if holder != subject:
            continue
        base = sum(len(regime.doors) for regime in stack if regime.subjects == stopped)
        there = _crossing(stack, to=stopped)
        for number, door in enumerate(own):
            if door.affects == affects:
                place = next(k for k, one in enumerate(there) if one is door)
                out.append((number, base + place))
    return out


def _unit_of(row: Row) -> str | None:
    for act in row.act:
        unit = ACTS[ACT_INDEX[act]].unit
        if unit:
            return unit
    return None


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of one world: of residents, and of firms and public bodies where these live."""

    residents: Any
    firms: Any = None
    bodies: Any = None


def lives(regimes: Iterable[Regime]) -> tuple[Subject, ...]:
    """Who has to live for ``regimes``: residents always, firms where a rule book is about them or about bodies."""
    about = {regime.subjects for regime in regimes}
    if "bodies" in about:
        return ("residents", "firms", "bodies")
    return ("residents", "firms") if "firms" in about else ("residents",)


def compile_plans(
    regimes: Sequence[Regime],
    assumptions: Assumptions,
    *,
    seed: int,
    responses: bool = True,
    errors: bool = True,
    living: Sequence[Subject] = ("residents",),
    meeting: bool = False,
) -> Plans:
    """The plans of all who live in one world; arguments and errors as of ``compile_plan``."""

    def of(subject: Subject) -> Any:
        return compile_plan(regimes, assumptions, seed=seed, responses=responses, errors=errors, subject=subject)

    firms, bodies = (of(subject) if subject in living else None for subject in ("firms", "bodies"))
    residents = compile_plan(regimes, assumptions, seed=seed, responses=responses, errors=errors, meeting=meeting)
    return Plans(residents, firms, bodies)


def compile_plan(
    regimes: Sequence[Regime],
    assumptions: Assumptions,
    *,
    seed: int,
    responses: bool = True,
    errors: bool = True,
    subject: Subject = "residents",
    meeting: bool = False,
) -> Any:
    """The plan of one kind of subject in one world, a record of type ``layout.PLAN``.

    ``regimes`` is the whole stack, the regime asked for first; only those about ``subject`` apply, with the
    doors that others put before it. The stack may be empty of rules.

    ``meeting`` lets singles meet even where no regime of the stack is a matchmaker, for comparison with one.

    Raises ``InputError`` where the stack is larger than the engine holds.
    """
    stack = _Stack(regimes, subject)
    fields: dict[str, Any] = {}
    fields |= _rows(stack, assumptions)
    fields |= _schemes(stack)
    fields |= _lists(stack)
    fields |= _doors(stack, assumptions)
    fields |= _sharing(stack)
    fields |= _lending(stack)
    fields |= _acts(stack, assumptions)
    fields |= _places(stack, assumptions, seed)
    private, scalars = private_rules(
        [regime for _, regime in stack.scored],
        stack.asking,
        [(stack.consent[s], row) for s, _, row in stack.rows],
        [door for _, _, door in stack.doors],
        [regime for regime in stack.regimes if regime.subjects == subject],
        assumptions,
        meeting=meeting,
    )
    fields |= private
    fields |= _scalars(stack, assumptions, seed, responses=responses, errors=errors, fields=fields) | scalars
    fields["row_kept"] |= fields["row_consent"] != 0
    fields["row_kept"] |= fields["row_dimension"] >= 0
    fields["row_plain"] = _plain(fields)
    plan = np.zeros(1, PLAN)
    for name in PLAN.names or ():
        value = np.asarray(fields[name])
        part = plan[name][0:1].reshape((1, *PLAN[name].shape))
        part[(slice(0, 1), *(slice(0, n) for n in value.shape))] = value
    return plan.view(np.recarray)[0]


def _plain(fields: dict[str, Any]) -> Ints:
    """The rows of which nothing counts but points, and of whose records nothing falls due but their end."""
    more = (fields["row_component"] >= 0) | (fields["row_steps"] >= 0)
    for name in ("row_doors", "row_cap", "row_window"):
        more |= fields[name] != 0
    plain: Ints = (~more & (fields["sharing"] == 0)).astype(np.int64)
    return plain


def earlier_plans(
    regimes: Sequence[Regime],
    assumptions: Assumptions,
    *,
    start: str,
    seed: int,
    responses: bool = True,
    errors: bool = True,
    living: Sequence[Subject] = ("residents",),
    meeting: bool = False,
) -> tuple[tuple[int, Plans], ...]:
    """Plans of the time before the last rule book of the stack is adopted, each with the month in which it ends.

    ``start`` is the first month of the run (``2018-01``). Rows, lists, doors and schemes have the numbers of the
    whole stack in all of them. Empty where everything is in force from the first month.
    """
    begins = {regime.id: _months_between(start, regime.adopted) if regime.adopted else 0 for regime in regimes}
    plans = []
    for month in sorted({begin for begin in begins.values() if begin > 0}):
        late = {id_ for id_, begin in begins.items() if begin >= month}
        stack = [_without_effect(regime) if regime.id in late else regime for regime in regimes]
        found = compile_plans(
            stack, assumptions, seed=seed, responses=responses, errors=errors, living=living, meeting=meeting
        )
        _join_none(found.residents, [regime.id in late for regime in asking_of(stack)])
        plans.append((month, found))
    return tuple(plans)


def scored_of(regimes: Sequence[Regime], subject: Subject = "residents") -> list[Regime]:
    """The rule books of a stack that score such subjects, in the order of a plan's schemes."""
    found = (regime for regime in regimes if regime.subjects == subject)
    return [regime for regime in found if regime.score is not None and regime.score.known]


def asking_of(regimes: Sequence[Regime], subject: Subject = "residents") -> list[Regime]:
    """The rule books of a stack that one can take part in, in the order of a plan: those with a score first."""
    return _Stack(regimes, subject).asking


def _join_none(plan: Any, late: Sequence[bool]) -> None:
    """Take the offer to take part out of the schemes that come later, and their scores from those shown to friends."""
    for s, later in enumerate(late):
        if later:
            plan["scheme_begin"][s] = plan["scheme_join"][s] = 0
            if plan["shown_scheme"] == s:
                plan["shown_scheme"] = -1


def _months_between(start: str, later: str) -> int:
    (a, b), (c, d) = (map(int, month.split("-")) for month in (start, later))
    return 12 * (c - a) + d - b


def _without_effect(regime: Regime) -> Regime:
    """A rule book that records, lists and closes nothing, with as many rows, lists, doors and schemes.

    Doors that cross to other subjects still do, so that those behind them keep their numbers.
    """
    silent = {"effect": "priced", "share": None, "times": None, "saves": None}
    return regime.model_copy(
        update={
            "catalogue": tuple(row.model_copy(update={"act": (), "on_list": None}) for row in regime.catalogue),
            "lists": {id_: rule.model_copy(update={"enter": (), "extend": None}) for id_, rule in regime.lists.items()},
            "doors": tuple(
                door.model_copy(update=silent if door.affects in _CROSSING else {**silent, "affects": "self"})
                for door in regime.doors
            ),
            "lending": (),
            "scrutiny": (),
            "assessment": None,
            "partners": None,
            "rights": Rights(),
        }
    )


def _sixtieths(points: float | None) -> int:
    return 0 if points is None else int(points * SCALE)


def _rows(stack: _Stack, assumptions: Assumptions) -> dict[str, Any]:
    count = max(1, len(stack.rows))
    out: dict[str, Ints] = {
        name: np.zeros(count, np.int64)
        for name in [
            "row_scheme",
            "row_kind",
            "row_points",
            "row_least",
            "row_most",
            "row_validity",
            "row_per",
            "row_cap",
            "row_cap_lasts",
            "row_kin",
            "row_window",
            "row_unit",
            "row_doors",
            "row_kept",
            "row_lists",
            "row_appeal",
            "row_follows",
            "row_authority",
            "row_warns",
            "row_lends",
            "row_context",
            "row_list",
            "row_stays",
            "row_while",
            "row_notice",
            "row_informs",
            "row_won_wrong",
            "row_at_least",
        ]
    }
    out["row_component"], out["row_steps"] = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    step_points: list[list[int]] = []
    curve = np.zeros((count, 4, 3), np.int64)
    hashes = np.zeros(count, np.uint64)
    out["row_list"][:] = -1
    by_act: list[list[int]] = [[] for _ in ACTS]
    by_list: list[list[int]] = [[] for _ in range(max(1, len(stack.lists)))]
    for k, (s, _, row) in enumerate(stack.rows):
        regime = stack.regimes[s]
        out["row_scheme"][k] = stack.scheme[s]
        appeal = regime.rights.appeal
        clock = appeal.decide.months if appeal.decide else 1
        told, won = regime.rights.notice.given, assumptions["rights.won_wrong"]
        out["row_informs"][k] = told
        out["row_notice"][k] = q32(assumptions["rights.notice" if told else "rights.notice_without"])
        out["row_won_wrong"][k] = q32(
            min(1.0, won + assumptions["rights.human_review"]) if appeal.human_review else won
        )
        out["row_at_least"][k] = row.at_least or 0
        out["row_appeal"][k] = max(1, clock) if appeal.available else NEVER
        hashes[k] = addresses.of_row(row)
        if row.curve:
            out["row_kind"][k] = 2
            for step, part in enumerate(row.curve):
                curve[k, step] = (part.up_to or _FAR, _sixtieths(part.points), part.per)
            out["row_unit"][k] = 1 if _unit_of(row) == "hours" else 2
        elif row.discretion and row.discretion.least is not None and row.discretion.most is not None:
            out["row_kind"][k] = 1
            out["row_least"][k] = _sixtieths(row.discretion.least)
            out["row_most"][k] = _sixtieths(row.discretion.most)
        elif row.points is None:
            out["row_kind"][k] = 3
        else:
            out["row_points"][k] = _sixtieths(row.points)
            if row.then:
                steps = [row.points, *row.then]
                out["row_steps"][k] = len(step_points)
                step_points.append([_sixtieths(steps[min(n, len(steps) - 1)]) for n in range(MAX_STEPS)])
                out["row_kept"][k] = 1
        if row.component and stack.scheme[s] >= 0:
            out["row_component"][k] = stack.component_index[stack.scheme[s], row.component]
            out["row_kept"][k] = 1
        out["row_follows"][k] = regime.follows == "representative"
        kept = regime.rights.retention.at_most
        out["row_stays"][k] = regime.rights.retention.keeps(row)
        validity = min(row.validity.months if row.validity else NEVER, kept.months if kept else NEVER, NEVER)
        out["row_validity"][k] = validity
        out["row_per"][k] = ("record", "cycle", "episode").index(row.per)
        out["row_kin"][k] = ACTORS.index(row.actor)
        band = regime.score.span_of(row.cap.grade) if row.cap and regime.score and regime.score.known else None
        if row.cap and band is not None:
            out["row_cap"][k] = band
            out["row_cap_lasts"][k] = row.cap.lasts.months if row.cap.lasts else NEVER
            out["row_kept"][k] |= row.cap.lasts is None or row.cap.lasts.months > _ABSORB_AFTER
        shared = regime.sharing is not None
        out["row_authority"][k] = stack.body(s, row.authority)
        out["row_kept"][k] |= shared  # who moves leaves it behind, so it must stay apart from the score
        kinds = {ACTS[ACT_INDEX[name]].kind for name in row.act}
        adverse = not kinds & {Kind.GOOD, Kind.STATUS} and (row.points or 0) <= 0
        out["row_warns"][k] = shared and adverse and row.actor == "self"
        out["row_context"][k] = CAUSES.index(ACTS[ACT_INDEX[row.act[0]]].context) if row.act else ANOTHER_LIST
        for act in row.act:
            by_act[ACT_INDEX[act]].append(k)
        if row.on_list:
            by_list[stack.list_index[row.on_list]].append(k)
            out["row_list"][k] = stack.list_index[row.on_list]
            out["row_while"][k] = kept.months if kept else NEVER
    for s, _, rule in stack.lists:
        for ground in rule.enter:
            if ground.row:
                k = stack.row_index[s, ground.row]
                out["row_lists"][k] = 1
                late = _delay(stack, s, stack.rows[k][2].authority, rule.authority)
                out["row_window"][k] = max(
                    out["row_window"][k], late + max(1, ground.within) if late else ground.within
                )
    out["row_kept"] |= out["row_window"] > _ABSORB_AFTER
    for number, (s, _, door) in enumerate(stack.doors):
        if door.when.kind == "record":
            k = stack.row_index[s, door.when.name]
            out["row_doors"][k] |= 1 << number
            out["row_kept"][k] = 1
    act_start, act_rows = _ragged(by_act)
    list_row_start, list_rows = _ragged(by_list)
    return {
        **out,
        "row_curve": curve,
        "row_hash": hashes,
        "step_points": np.array(step_points or [[0] * MAX_STEPS], np.int64),
        "act_start": act_start,
        "act_rows": act_rows,
        "list_row_start": list_row_start,
        "list_rows": list_rows,
    }


def _delay(stack: _Stack, s: int, of: str, to: str | None) -> int:
    """Months until a record of authority ``of`` is with ``to``; none where it is its own or all is shared."""
    for one in stack.regimes[s].sharing or ():
        if (one.of, one.to) == (of, to) and of != to:
            return one.after.months if one.after else 0
    return 0


def _sharing(stack: _Stack) -> dict[str, Any]:
    """Who finds whose records: how far they follow a resident, after how many months, and which share of them."""
    level, after, cover = (np.zeros((MAX_AUTHORITIES, MAX_AUTHORITIES), np.int64) for _ in range(3))
    level[EVERYBODY, EVERYBODY], cover[EVERYBODY, EVERYBODY] = NATION, Q32
    hashes = np.zeros(MAX_AUTHORITIES, np.uint64)
    hashes[THE_PUBLIC] = luck.purpose_number(PUBLIC)
    for number, (s, name) in enumerate(stack.bodies):
        hashes[2 + number] = addresses.of_authority(stack.regimes[s].authorities[name])
    public = any(rule.kind == "list" and rule.publicity.reach != "none" for _, _, rule in stack.lists)
    for s, regime in enumerate(stack.regimes):
        for one in regime.sharing or ():
            at = stack.body(s, one.of), stack.body(s, one.to)
            level[at] = NATION if one.within == "nation" else CITY
            after[at] = one.after.months if one.after else 0
            cover[at] = q32(1.0 if one.coverage is None else one.coverage)
            public |= at[1] == THE_PUBLIC
    return {
        "share_level": level,
        "share_after": after,
        "share_cover": cover,
        "body_hash": hashes,
        "bodies": 2 + len(stack.bodies),
        "sharing": int(any(regime.sharing is not None for regime in stack.regimes)),
        "public": int(public),
    }


def _lending(stack: _Stack) -> dict[str, Any]:
    """How loans are judged, by credit file; a file nothing is said of is refused to nobody."""
    border, share = np.full(N_FILES, _NO_BORDER, np.int64), np.zeros(N_FILES, np.int64)
    lends = np.zeros(max(1, len(stack.rows)), np.int64)
    s = stack.lender
    rules = stack.regimes[s].lending if s is not None else ()
    for one in rules:
        file = FILES.index(one.file)
        if one.below is not None:
            border[file] = one.below * SCALE
        share[file] = q32(one.refused or 0.0)
        for name in one.refused_on:
            assert s is not None
            lends[stack.row_index[s, name]] |= 1 << file
    return {
        "lend_border": border,
        "lend_share": share,
        "row_lends": lends,
        "lending": int(s is not None),
        "lend_scheme": max(0, stack.scheme[s]) if s is not None else 0,
        "lend_body": THE_PUBLIC if s is not None and stack.regimes[s].sharing is not None else EVERYBODY,
    }


def _ragged(parts: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    start = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    flat = [item for part in parts for item in part]
    return start, np.array(flat or [0], np.int64)


def _schemes(stack: _Stack) -> dict[str, Any]:
    start, floor, ceiling, update, grades, follows, body = (np.zeros(MAX_SCHEMES, np.int64) for _ in range(7))
    update[:] = 1
    grade_floor = np.zeros((MAX_SCHEMES, MAX_GRADES), np.int64)
    grade_code = np.full((MAX_SCHEMES, MAX_GRADES), NO_GRADE, np.int64)
    grade_doors = np.zeros((MAX_SCHEMES, MAX_GRADES), np.int64)
    for s, regime in stack.scored:
        score = regime.score
        assert score is not None
        start[s], floor[s], ceiling[s] = score.opening60, (score.floor or 0) * SCALE, (score.ceiling or 0) * SCALE
        update[s] = score.update.months if score.update else 1
        follows[s] = regime.follows == "representative"
        body[s] = stack.body(stack.scheme.index(s), score.authority)
        bands = score.spans()
        grades[s] = len(bands)
        for g, band in enumerate(bands):
            grade_floor[s, g] = band.floor * SCALE
            grade_code[s, g] = NO_GRADE if band.grade is None else band.grade
    for number, (s, _, door) in enumerate(stack.doors):
        score = stack.regimes[s].score
        if door.when.kind != "grade" or score is None or not score.known:
            continue
        at = score.span_of(door.when.name)
        if at is None:
            continue  # nobody can say who has this grade
        chosen = {"exactly": range(at, at + 1), "worse": range(at, len(score.spans())), "better": range(at + 1)}
        for g in chosen[door.when.reach]:
            grade_doors[stack.scheme[s], g] |= 1 << number
    most = np.array([part.most * SCALE for _, part in stack.components] or [0], np.int64)
    lost = np.array([part.kind == "lost" for _, part in stack.components] or [False])
    return {
        "component_scheme": np.array([s for s, _ in stack.components] or [0], np.int64),
        "component_low": np.where(lost, -most, 0),
        "component_high": np.where(lost, 0, most),
        "scheme_follows": follows,
        "scheme_start": start,
        "scheme_floor": floor,
        "scheme_ceiling": ceiling,
        "scheme_update": update,
        "scheme_grades": grades,
        "scheme_body": body,
        "grade_floor": grade_floor,
        "grade_code": grade_code,
        "grade_doors": grade_doors,
    }


def _lists(stack: _Stack) -> dict[str, Any]:
    count = max(1, len(stack.lists))
    names = [
        "list_scheme",
        "list_term",
        "list_months",
        "list_most",
        "list_by",
        "list_at_most",
        "list_corrected",
        "list_performed",
        "list_repair_after",
        "list_repair_most",
        "list_public",
        "list_grace",
        "list_doors",
        "list_bars",
        "list_replaces",
        "list_shut",
        "list_restart",
        "list_watch",
        "list_duty",
        "list_follows",
        "list_body",
        "list_level",
    ]
    out: dict[str, Ints] = {name: np.zeros(count, np.int64) for name in names}
    hashes = np.zeros(count, np.uint64)
    out["list_most"][:] = NEVER
    out["list_repair_most"][:] = NEVER
    out["list_repair_after"][:] = _FAR
    extends = np.zeros((count, max(1, len(stack.rows))), np.int64)
    grounds: list[list[tuple[int, ...]]] = [[] for _ in range(count)]
    for k, (s, name, rule) in enumerate(stack.lists):
        regime = stack.regimes[s]
        hashes[k] = addresses.of_list(rule.kind)
        out["list_scheme"][k] = stack.scheme[s]
        out["list_term"][k] = ("fixed", "performed", "holds", "endless").index(rule.term.kind)
        out["list_months"][k] = rule.term.months
        out["list_corrected"][k] = "corrected" in rule.leave
        out["list_performed"][k] = "performed" in rule.leave
        out["list_grace"][k] = rule.grace.months if rule.grace else 0
        out["list_public"][k] = rule.kind == "list" and rule.publicity.reach != "none"
        out["list_body"][k] = stack.body(s, rule.authority)
        out["list_level"][k] = _REACH[rule.publicity.reach]
        repair = next(
            (r for r in (regime.rights.repair.rules if regime.rights.repair else ()) if r.severity == rule.severity),
            None,
        )
        if repair and "repaired" in rule.leave:
            out["list_repair_after"][k] = repair.after.months if repair.after else 0
        if repair and repair.at_most:
            out["list_repair_most"][k] = repair.at_most.months
        retention = regime.rights.retention
        kept = None if retention.while_listed else retention.at_most
        out["list_most"][k] = min(int(out["list_repair_most"][k]), kept.months if kept else NEVER)
        for other in rule.replaces:
            out["list_replaces"][k] |= 1 << stack.list_index[other]
            out["list_shut"][stack.list_index[other]] |= 1 << k
        if rule.extend:
            out["list_by"][k] = rule.extend.by.months if rule.extend.by else 0
            out["list_at_most"][k] = rule.extend.at_most.months if rule.extend.at_most else NEVER
            out["list_restart"][k] = rule.extend.counted == "from the record"
            for name in rule.extend.on:
                extends[k, stack.row_index[s, name]] = 1
        out["list_follows"][k] = regime.follows == "representative"
        for ground in rule.enter:
            row = stack.row_index[s, ground.row] if ground.row else -1
            acts = stack.rows[row][2].act if ground.row else ()
            for duty, performed in _DUTIES.items():
                out["list_duty"][k] |= duty if set(performed) & set(acts) else 0
            match ground.kind:
                case "score" if stack.scheme[s] >= 0:
                    grounds[k].append((0, ground.border * SCALE, -1, 0, 0))
                case "grade":
                    at = regime.score.span_of(ground.grade) if regime.score and regime.score.known else None
                    if at is not None:
                        grounds[k].append((1, at, -1, 0, 0))
                case "record":
                    grounds[k].append((2, 0, row, 1, 1))
                case "records":
                    grounds[k].append((3, 0, row, ground.at_least, ground.within))
                case "stay":
                    watched = stack.list_index[ground.list]
                    out["list_watch"][watched] = 1
                    grounds[k].append((4, 0, watched, 1, ground.within))
    for number, (_, _, door) in enumerate(stack.doors):
        if door.when.kind == "list":
            out["list_bars" if door.lasts else "list_doors"][stack.list_index[door.when.name]] |= 1 << number
    hindering = {
        door.when.name
        for _, _, door in stack.doors
        if door.when.kind == "list" and door.effect in {"closed", "narrowed"}
    }
    banning = {
        door.when.name
        for _, _, door in stack.doors
        if door.when.kind == "list"
        and door.effect == "closed"
        and door.affects == "self"
        and door.service in _HIGH_SPENDING
    }
    burdens = adverse_lists(stack.regimes)  # being on an honour is not counted as being listed
    adverse = sum(1 << k for k, (_, name, _) in enumerate(stack.lists) if name in burdens)
    start = np.concatenate([[0], np.cumsum([len(part) for part in grounds])]).astype(np.int64)
    flat = np.array([item for part in grounds for item in part] or [(0, 0, -1, 0, 0)], np.int64)
    met = np.zeros(max(1, len(stack.rows)), np.int64)
    for g, (kind, _, row, _, _) in enumerate(flat):
        if kind in (2, 3):
            met[row] |= 1 << g
    return {
        **out,
        "bars": int(out["list_bars"].any()),
        "row_grounds": met,
        "lists_adverse": adverse,
        "lists_hinder": sum(1 << k for k, (_, name, _) in enumerate(stack.lists) if name in hindering),
        "lists_ban": sum(1 << k for k, (_, name, _) in enumerate(stack.lists) if name in banning),
        "lists_named": sum(1 << k for k in range(len(stack.lists)) if adverse >> k & 1 and out["list_public"][k]),
        "list_hash": hashes,
        "list_extends": extends,
        "ground_start": start,
        "ground_kind": flat[:, 0].copy(),
        "ground_scheme": np.repeat(out["list_scheme"], [len(part) for part in grounds]),
        "ground_value": flat[:, 1].copy(),
        "ground_row": flat[:, 2].copy(),
        "ground_count": flat[:, 3].copy(),
        "ground_window": flat[:, 4].copy(),
    }


def _doors(stack: _Stack, assumptions: Assumptions) -> dict[str, Any]:
    closed, opened, hindered = (np.zeros(len(SERVICES), np.int64) for _ in range(3))
    by_service: list[list[int]] = [[] for _ in SERVICES]
    own = kin = hinder = inspect = 0
    lent = sum(1 << len(stack.doors) + k for k in range(len(stack.lent)))
    count = max(1, len(stack.doors) + len(stack.lent))
    effect, share, times, saves, body, kind, behind, lasts = (np.zeros(count, np.int64) for _ in range(8))
    kind[:] = _ELSEWHERE
    for d, (part, _, door) in enumerate(stack.doors):
        body[d] = stack.body(part, door.authority)
        kind[d] = _KINDS.index(door.when.kind)
        lasts[d] = door.lasts.months if door.lasts else 0
        match door.when.kind:
            case "grade":
                behind[d] = stack.scheme[part]
            case "list":
                behind[d] = stack.list_index[door.when.name]
            case "record":
                behind[d] = stack.row_index[part, door.when.name]
    for d, door in enumerate([*(door for _, _, door in stack.doors), *stack.lent]):
        bit = 1 << d
        s = SERVICE_INDEX[door.service]
        effect[d] = EFFECTS[door.effect]
        saves[d] = door.saves or 0
        if door.effect == "opened" and door.times is None:
            effect[d] = PRICED  # money and no shorter wait: no green channel
        share[d] = q32(1.0 if door.share is None else door.share)
        times[d] = q8(1.0 if door.times is None else door.times)
        if door.affects in _CROSSING and not bit & lent:
            continue  # kept in this file, but it stops somebody else
        by_service[s].append(d)
        if door.affects == "kin":
            kin |= bit
        else:
            own |= bit
        if door.service == INSPECTION:
            inspect |= bit
        if door.effect == "closed":
            closed[s] |= bit
        if effect[d] == OPENED:
            opened[s] |= bit
        if door.effect in {"closed", "narrowed"}:
            hindered[s] |= bit
            hinder |= bit
    service_start, service_doors = _ragged(by_service)
    bands = len(AGE_BANDS)
    mine = [v.subject == stack.subject for v in SERVICES]
    needs = np.array([assumptions.get(f"services.{v.id}.need", 0.0) for v in SERVICES]) * mine
    order = np.argsort(-needs, kind="stable")
    cumulated = np.zeros((bands, len(SERVICES)), np.int64)
    for band, name in enumerate(AGE_BANDS):
        factor = (
            assumptions.get(f"age_factors.{name}", 0.0) if stack.subject == "residents" else 1.0
        )  # minors need nothing
        cumulated[band] = np.cumsum([q32(float(needs[s]) * factor) for s in order])
    refusal = np.array(
        [[q32(assumptions.get(f"services.{v.id}.refused.{f}", 0.0)) for f in FILES] for v in SERVICES], np.int64
    )
    lends = np.array(stack.lends or [(0, 0)], np.int64)
    return {
        "lend_from": lends[:, 0].copy(),
        "lend_to": lends[:, 1].copy(),
        "lends": len(stack.lends),
        "doors_lent": lent,
        "doors_inspect": inspect,
        "doors_self": own,
        "doors_kin": kin,
        "doors_hinder": hinder,
        "service_start": service_start,
        "service_doors": service_doors,
        "door_effect": effect,
        "door_share": share,
        "door_times": times,
        "door_body": body,
        "door_kind": kind,
        "door_behind": behind,
        "door_saves": saves,
        "door_lasts": lasts,
        "service_closed": closed,
        "service_opened": opened,
        "service_hindered": hindered,
        "service_domain": np.array([DOMAINS.index(v.domain) for v in SERVICES], np.int64),
        "service_essential": np.array([v.essential and own for v, own in zip(SERVICES, mine, strict=True)], np.int64),
        "service_wait": np.array([int(assumptions.get(f"services.{v.id}.wait", 0)) for v in SERVICES], np.int64),
        "service_refusal": refusal,
        "need_services": order,
        "need_cumulated": cumulated,
        **_guide("need", cumulated),
        "need_total": cumulated[:, -1].copy(),
    }


def _acts(stack: _Stack, assumptions: Assumptions) -> dict[str, Any]:
    count = len(ACTS)
    names = [
        "act_asked",
        "act_detect",
        "act_deter",
        "act_chill",
        "act_uplift",
        "act_game",
        "act_covered",
        "act_kin",
        "act_group",
        "act_slot",
        "act_penalty",
    ]
    out: dict[str, Ints] = {name: np.zeros(count, np.int64) for name in names}
    amount = np.zeros((count, 2), np.int64)
    out["act_own"] = np.array([act.kind is Kind.STATUS for act in ACTS], np.int64)
    out["act_tail"] = np.array([act.unit is not None and act.kind is Kind.MISCONDUCT for act in ACTS], np.int64)
    rate = np.zeros(count, np.int64)
    for k, act in enumerate(ACTS):
        if act.subject != stack.subject:
            out["act_slot"][k] = _SLOTLESS
            continue
        out["act_slot"][k] = _SLOTS.get(act.kind, _SLOTLESS)
        out["act_penalty"][k] = act.subject == "firms" and act.kind is Kind.MISCONDUCT and act.context in _PENALISED
        out["act_detect"][k] = q32(assumptions[f"acts.{act.id}.detection"])
        amount[k] = (
            int(assumptions.get(f"acts.{act.id}.amount.least", 0)),
            int(assumptions.get(f"acts.{act.id}.amount.most", 0)),
        )
        rate[k] = q32(assumptions.get(f"acts.{act.id}.rate", 0.0))
    known = {name: out[f"act_{name}"] for name in FELT}
    asked = np.zeros((MAX_ASKING, len(FELT), count), np.int64)
    for s, _, row in stack.rows:
        weight, good = _felt(stack, s, row, assumptions)
        scheme, regime = stack.consent[s], stack.regimes[s]
        asks = scheme >= 0 and regime.participation != "mandatory"
        felt = dict(zip(FELT, asked[scheme], strict=True)) if asks else known
        for name in row.act:
            k = ACT_INDEX[name]
            if row.actor != "self":
                out["act_kin" if row.actor == "kin" else "act_group"][k] = 1
            if asks and regime.without_consent == "no records":
                out["act_asked"][k] |= 1 << scheme
            else:
                out["act_covered"][k] = 1
            if row.actor != "self":
                continue
            if good:
                felt["uplift"][k] = q8(assumptions["response.reward"])
                felt["game"][k] = q8(assumptions["response.gaming"])
            else:
                felt["deter"][k] = max(felt["deter"][k], round(q8(assumptions["response.deterrence"]) * weight))
                felt["chill"][k] = q8(assumptions["response.chilling"])
    # Whoever records the able may take one who is unable for one of them.
    unable, able = ACT_INDEX["judgment-unpaid-unable"], ACT_INDEX["judgment-unpaid-able"]
    for name in ("act_covered", "act_asked"):
        out[name][unable] |= out[name][able]
    order = np.array([np.argsort(-np.where(out["act_slot"] == slot, rate, 0), kind="stable") for slot in range(3)])
    cumulated = np.zeros((3, N_MEANS, count), np.int64)
    for slot in range(3):
        for having in range(N_MEANS):
            possible = [
                rate[k] if out["act_slot"][k] == slot and _NEEDS.get(ACTS[k].id, 0) & ~having == 0 else 0
                for k in order[slot]
            ]
            cumulated[slot, having] = np.cumsum(possible)
    untrue = np.where(out["act_slot"] == 0, rate, 0)
    return {
        **out,
        "asked_felt": asked,
        "act_amount": amount,
        "slot_cumulated": cumulated,
        **_guide("slot", cumulated),
        "slot_acts": order,
        "slot_total": cumulated[:, :, -1].copy(),
        "untrue_cumulated": np.concatenate([[0], np.cumsum(untrue)]).astype(np.int64),
    }


def _guide(name: str, cumulated: Ints) -> dict[str, Any]:
    """Where the search for a value among ``cumulated`` begins, by the value's leading bits: mostly at its end."""
    totals = cumulated[..., -1]
    shift = np.array([max(0, int(total).bit_length() - 8) for total in totals.ravel()], np.int64)
    parts = zip(cumulated.reshape(-1, cumulated.shape[-1]), shift, strict=True)
    first = [np.searchsorted(part, np.arange(256) << by, side="right") for part, by in parts]
    return {
        f"{name}_shift": shift.reshape(totals.shape),
        f"{name}_first": np.array(first, np.uint8).reshape(*totals.shape, 256),
    }


def _felt(stack: _Stack, s: int, row: Row, assumptions: Assumptions) -> tuple[float, bool]:
    """How much weight a row has in people's eyes, 0 … 1, and whether it rewards."""
    if row.curve or (row.points or 0) > 0 or _honours(stack, s, row):
        return 0.0, True
    worst = row.discretion.most if row.discretion else row.points
    regime = stack.regimes[s]
    score = regime.score
    span = score.ceiling - score.floor if score and score.ceiling is not None and score.floor is not None else _SPAN
    weight = min(1.0, abs(worst or 0) / max(1.0, assumptions["response.severe"] * span))
    for rule in regime.lists.values():
        if any(ground.row == row.id for ground in rule.enter):
            weight = 1.0
    if any(door.when.kind == "record" and door.when.name == row.id for door in regime.doors):
        weight = 1.0
    return weight, False


def _honours(stack: _Stack, s: int, row: Row) -> bool:
    """Whether a record of the row leads to a list of honour, or opens a door by itself, and to nothing else."""
    regime, burdens = stack.regimes[s], adverse_lists(stack.regimes)
    lists = [id_ for id_, rule in regime.lists.items() if any(ground.row == row.id for ground in rule.enter)]
    doors = [door for door in regime.doors if door.when.kind == "record" and door.when.name == row.id]
    good = [*(id_ not in burdens for id_ in lists), *(door.favours for door in doors)]
    return bool(good) and all(good) and (row.points or 0) == 0 and not row.discretion


def _places(stack: _Stack, assumptions: Assumptions, seed: int) -> dict[str, Any]:
    scrutiny = np.full(GROUPS, 256, np.int64)
    for regime in stack.regimes:
        for rule in regime.scrutiny:
            at = OCCUPATIONS.index(rule.occupation)
            for group in (at, at + len(OCCUPATIONS)):
                scrutiny[group] = max(scrutiny[group], q8(rule.times or 1.0))
    spread = assumptions["recording.leniency"]
    key = luck.key("engine/district", seed)
    lots = [luck.draw32(key, district) / Q32 for district in range(2 * DISTRICTS)]
    return {
        "group_scrutiny": scrutiny,
        "district_leniency": np.array([q8(1 + spread * (u - 0.5)) for u in lots[:DISTRICTS]], np.int64),
        "survivors": life_table(*(assumptions[f"lives.death_{part}"] for part in ("at_sixty", "doubling", "other"))),
        "district_harsh": np.array([int(u * 65536) for u in lots[DISTRICTS:]], np.int64),
    }


_WHOLE = frozenset(
    [
        "circumstances_expense_size",
        "circumstances_suit_after",
        "circumstances_able_savings",
        "circumstances_retirement_age",
        "circumstances_loan_size",
        "errors_after_expiry_months",
        "errors_late_removal_months",
        "errors_glitch_month",
        "rights_minutes_appeal",
        "rights_minutes_repair",
        "recording_group",
        "doors_unable_at",
        "firms_turnover",
        "firms_wage",
        "firms_suit_after",
        "firms_repay_months",
        "bodies_due_least",
        "bodies_due_most",
        "bodies_firms",
        "bodies_small",
        "bodies_suit_after",
        "response_shame_below",
        "lending_bad_after",
        "partners_views",
    ]
)
#: Shares of a firm's monthly turnover, in 1/65536.
_OF_TURNOVER = frozenset(
    [
        "firms_margin",
        "firms_year_spread",
        "firms_sector_spread",
        "firms_month_spread",
        "bodies_amount_least",
        "bodies_amount_most",
    ]
)
#: Shares of a body's dues, in 1/65536.
_OF_DUES = frozenset(["bodies_stress", "bodies_year_spread", "bodies_district_spread", "bodies_shortfall"])
_FACTORS = frozenset(
    [
        "conduct_conscientiousness",
        "conduct_outspokenness",
        "conduct_sociability",
        "adoption_friend",
        "adoption_leave_lowest",
        "conduct_young",
        "partners_age",
        "partners_schooling",
        "recording_favour",
        "recording_official",
        "response_strain",
        "response_strain_most",
        "firms_steady",
        "firms_reserve",
        "firms_suppliers",
        "firms_taxes",
        "firms_fail_after",
        "firms_borrow_below",
        "firms_loan_size",
        "firms_tender_gain",
        "firms_access_gain",
        "firms_funds_gain",
        "firms_licence_loss",
        "firms_invoice_loss",
        "bodies_cost",
        "bodies_effort",
        "bodies_gaming",
        "bodies_pressing",
        "lending_means",
    ]
)


def _scalars(
    stack: _Stack, assumptions: Assumptions, seed: int, *, responses: bool, errors: bool, fields: dict[str, Any]
) -> dict[str, int]:
    values: dict[str, int] = {name: fields[name] for name in SCALARS if name in fields}
    for name in SCALARS:
        path = name.replace("_", ".", 1)
        if path not in assumptions.table:
            continue
        value = assumptions[path]
        if name in _WHOLE:
            values[name] = int(value)
        elif name in _FACTORS:
            values[name] = q8(value)
        elif name in _OF_TURNOVER or name in _OF_DUES:
            values[name] = round(value * 65536)
        else:
            values[name] = q32(value)
    values["circumstances_interest"] = round(assumptions["circumstances.interest"] * 65536)
    values["errors_untrue_bound"] = (values["errors_untrue"] + 65535) >> 16 if errors else 0
    values["response_talk"] = q32(min(1.0, assumptions["response.talk"]))
    strain = q8(assumptions["response.strain_most"])
    gain = q8(assumptions["response.reward"]) + q8(assumptions["response.gaming"])
    values["response_headroom_misconduct"] = 256 + strain
    values["response_headroom_good"] = 256 + gain
    weights = [regime.assessment.weight or 0.0 for regime in stack.regimes if regime.assessment]
    values["bodies_weight"] = q8(max(weights, default=0.0))
    if stack.subject == "firms":
        values["response_awareness"] = q32(assumptions["firms.awareness"])
    asked = int(assumptions["errors.glitch_component"])
    parts = len(stack.components)
    values["glitch_component"] = asked if asked >= 0 else luck.draw32(luck.key("engine/glitch", seed), 0) * parts >> 32
    rows_of_act = int(np.diff(fields["act_start"]).max(initial=0))
    letters = _MOST_ACTS * values["recording_group"] if fields["act_group"].any() else 0
    values |= {
        "responses": int(responses),
        "errors": int(errors),
        "schemes": len(stack.scored),
        "askers": len(stack.asking),
        "lists": len(stack.lists),
        "absorb_after": _ABSORB_AFTER,
        "components": parts,
        "step_rows": int((fields["row_steps"] >= 0).sum()),
        **{name: fields[name] for name in ("bars", "lends", "doors_lent", "doors_inspect")},
        "reserve": letters
        + (_BODY_ACTS if stack.subject == "bodies" else 32) * (rows_of_act + 1)
        + 4 * len(stack.lists)
        + len(stack.doors)
        + 2 * len(stack.rows)
        + 64,
    }
    return {name: values.get(name, 0) for name in SCALARS}
