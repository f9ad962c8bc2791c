"""From names to arrays: the only place that knows regimes, assumptions and the city's groups together.

``compile_plan`` resolves every name of a stack of regimes to an index and is the last place where a
person's mistake can be raised; after it nothing can be misspelt. What a plan holds is the table of ``fields``; ``stack`` numbers the
rule books, ``rules`` and ``rates`` fill arrays from rule books and from assumptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterscore import luck
from counterscore.catalog.assume import Assumptions
from counterscore.engine import rates, rules
from counterscore.engine.fields import FIELDS, HELD, SCALARS
from counterscore.engine.fixed import Q16, Q32, q8, q32
from counterscore.engine.layout import BODY_RING, BODY_SLOTS, NEVER, PLAN
from counterscore.engine.partners.rules import private_rules
from counterscore.engine.rules import ABSORB_AFTER
from counterscore.engine.stack import ACT_INDEX as ACT_INDEX
from counterscore.engine.stack import CROSSING, Ints, Stack
from counterscore.engine.stack import FILES as FILES
from counterscore.engine.stack import SERVICE_INDEX as SERVICE_INDEX
from counterscore.engine.stack import asking_of as asking_of
from counterscore.engine.stack import doors_of as doors_of
from counterscore.engine.stack import scored_of as scored_of
from counterscore.regime.model import Regime, Rights
from counterscore.regime.vocabulary import Subject
from counterscore.specification import FIRST_MONTH, RunSpec

_MOST_ACTS = 32  #: acts of one resident in one month
_BODY_ACTS = 3 * BODY_RING * BODY_SLOTS  #: the most acts of a body in a month


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of one world: of residents, and of firms and public bodies where these live.

    ``earlier`` are those of the time before the last rule book is adopted, each with the month in which it ends. Rows,
    lists, doors and schemes have the numbers of the whole stack in all of them.
    """

    residents: Any
    firms: Any = None
    bodies: Any = None
    earlier: tuple[tuple[int, Plans], ...] = ()


def plans_of(spec: RunSpec, world: str) -> Plans:
    """The plans of one world of a run. Raises ``InputError`` where its rule books do not fit the engine."""
    return compile_plans(
        spec.worlds[world].stacked(),
        spec.assumptions,
        seed=spec.seed,
        start=spec.start,
        living=spec.subjects,
        meeting=spec.meeting,
        **spec.switches,
    )


def compile_plans(
    regimes: Sequence[Regime],
    assumptions: Assumptions,
    *,
    seed: int,
    start: str = FIRST_MONTH,
    responses: bool = True,
    errors: bool = True,
    living: Sequence[Subject] = ("residents",),
    meeting: bool = False,
) -> Plans:
    """The plans of all who live in one world from the month ``start``; other arguments and errors as of ``compile_plan``."""

    def of(stack: Sequence[Regime], earlier: tuple[tuple[int, Plans], ...] = ()) -> Plans:
        def one(subject: Subject) -> Any:
            return compile_plan(
                stack,
                assumptions,
                seed=seed,
                responses=responses,
                errors=errors,
                subject=subject,
                meeting=meeting and subject == "residents",
            )

        firms, bodies = (one(subject) if subject in living else None for subject in ("firms", "bodies"))
        return Plans(one("residents"), firms, bodies, earlier)

    begins = {regime.id: _months_between(start, regime.adopted) if regime.adopted else 0 for regime in regimes}
    earlier = []
    for month in sorted({begin for begin in begins.values() if begin > 0}):
        late = {id_ for id_, begin in begins.items() if begin >= month}
        stack = [_without_effect(regime) if regime.id in late else regime for regime in regimes]
        found = of(stack)
        _join_none(found.residents, [regime.id in late for regime in asking_of(stack)])
        earlier.append((month, found))
    return of(regimes, tuple(earlier))


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
    stack = Stack(regimes, subject)
    fields: dict[str, Any] = {}
    fields |= rules.rows(stack, assumptions)
    fields |= rules.schemes(stack)
    fields |= rules.lists(stack)
    fields |= rules.doors(stack, assumptions)
    fields |= rules.sharing(stack)
    fields |= rules.lending(stack)
    fields |= rates.acts(stack, assumptions)
    fields |= rates.places(stack, assumptions, seed)
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
    fields["sharing_partial"] = _partial(stack, fields)
    fields["row_plain"] = _plain(fields)
    fields["row_settles"] = _settles(stack, fields)
    plan = np.zeros(1, PLAN)
    for field in FIELDS:
        value = np.asarray(fields[field.name])
        part = plan[field.name][0:1].reshape((1, *field.shape))
        part[(slice(0, 1), *(slice(0, n) for n in value.shape))] = value
    return plan.view(np.recarray)[0]


def _plain(fields: dict[str, Any]) -> Ints:
    """The rows of which nothing counts but points, and of whose records nothing falls due but their end and arrival."""
    more = (fields["row_component"] >= 0) | (fields["row_steps"] >= 0)
    for name in ("row_doors", "row_cap", "row_window"):
        more |= fields[name] != 0
    plain: Ints = (~more).astype(np.int64)
    return plain


def _settles(stack: Stack, fields: dict[str, Any]) -> Ints:
    """Of each row after how many months a record of somebody who never moves has arrived wherever it does; ``NEVER`` where
    the score finds it by luck or not at all.
    """
    out: Ints = np.zeros_like(fields["row_authority"])
    if not fields["sharing"]:
        return out
    for k, owner in enumerate(fields["row_authority"][: len(stack.rows)]):
        scheme = fields["row_scheme"][k]
        body = fields["scheme_body"][scheme] if scheme >= 0 else owner
        found = owner == body or fields["share_cover"][owner, body] >= Q32
        out[k] = fields["share_after"][owner, : fields["bodies"]].max() if found else NEVER
    return out


def _partial(stack: Stack, fields: dict[str, Any]) -> int:
    """Whether some reader finds some record late or never, even of somebody who never moves."""
    if not fields["sharing"]:
        return 0
    readers: list[set[int]] = [set() for _ in stack.rows]
    for k, (s, _, row) in enumerate(stack.rows):
        regime = stack.regimes[s]
        if stack.scheme[s] >= 0:
            readers[k].add(int(fields["scheme_body"][stack.scheme[s]]))
        if any(row.id in one.refused_on for one in regime.lending):
            readers[k].add(int(fields["lend_body"]))
        for n, name in enumerate(one for _, one, _ in stack.lists):
            if name in regime.lists and any(ground.row == row.id for ground in regime.lists[name].enter):
                readers[k].add(int(fields["list_body"][n]))
        for n, (of, _, door) in enumerate(stack.doors):
            if of == s and door.when.kind == "record" and door.when.name == row.id:
                readers[k].add(int(fields["door_body"][n]))
    owners = fields["row_authority"]
    return int(
        any(
            owners[k] != body
            and (fields["share_cover"][owners[k], body] < Q32 or fields["share_after"][owners[k], body])
            for k, found in enumerate(readers)
            for body in found
        )
    )


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
                door.model_copy(update=silent if door.affects in CROSSING else {**silent, "affects": "self"})
                for door in regime.doors
            ),
            "lending": (),
            "scrutiny": (),
            "assessment": None,
            "partners": None,
            "rights": Rights(),
        }
    )


def _scalars(
    stack: Stack, assumptions: Assumptions, seed: int, *, responses: bool, errors: bool, fields: dict[str, Any]
) -> dict[str, int]:
    values: dict[str, int] = {name: fields[name] for name in SCALARS if name in fields}
    values |= {name: held.of(assumptions[name.replace("_", ".", 1)]) for name, held in HELD.items()}
    values["errors_untrue_bound"] = -(-values["errors_untrue"] >> 16) if errors else 0
    strain = q8(assumptions["response.strain_most"])
    gain = q8(assumptions["response.reward"]) + q8(assumptions["response.gaming"])
    for name in ("certain", "familiar"):
        values[f"response_{name}"] = max(1, round(assumptions[f"response.{name}"] * Q16))
    values["response_headroom_misconduct"] = 256 + strain
    values["response_headroom_good"] = 256 + gain
    weights = [regime.assessment.weight or 0.0 for regime in stack.regimes if regime.assessment]
    values["bodies_weight"] = q8(max(weights, default=0.0))
    values["bodies_own"] = int(
        any(one.assessment is not None and one.assessment.of == "official" for one in stack.regimes)
    )
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
        "absorb_after": ABSORB_AFTER,
        "components": parts,
        "step_rows": int((fields["row_steps"] >= 0).sum()),
        **{name: fields[name] for name in ("bars", "told_late", "lends", "doors_lent", "doors_inspect")},
        "reserve": letters
        + (_BODY_ACTS if stack.subject == "bodies" else 32) * (rows_of_act + 1)
        + 4 * len(stack.lists)
        + len(stack.doors)
        + 2 * len(stack.rows)
        + 64,
    }
    return {name: values.get(name, 0) for name in SCALARS}
