"""From assumptions to the arrays of a plan: acts and what rules do to them, needs, districts and lives."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore import luck
from counterscore.catalog.assume import Assumptions
from counterscore.city.generations import birth_table, life_table
from counterscore.engine.fixed import Q16, Q32, q8, q32
from counterscore.engine.layout import (
    FELT,
    GOOD,
    HAS_CAR,
    HAS_CARD,
    LAWFUL,
    MAKES_GOODS,
    MAX_ASKING,
    MEANS_ALLIED,
    MISCONDUCT,
    N_ACTS,
    N_MEANS,
    TRADES_ABROAD,
)
from counterscore.engine.stack import ACT_INDEX, Ints, Stack, blank
from counterscore.engine.weights import burden_and_reward, share_recorded
from counterscore.regime.vocabulary import ACTS, OCCUPATIONS, Kind

GROUPS = 2 * len(OCCUPATIONS)
DISTRICTS = 16
AGE_BANDS = ("minors", "to-29", "to-44", "to-59", "60-on")
_NEEDS = {
    "card-overdue": HAS_CARD,
    "traffic-violation": HAS_CAR,
    "drunk-driving": HAS_CAR,
    "hit-and-run": HAS_CAR,
    "quality-failure": MAKES_GOODS,
    "customs-violation": TRADES_ABROAD,
    "smuggling": TRADES_ABROAD,
    "allegiance-shown": MEANS_ALLIED,
}
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
_SLOTS = {Kind.MISCONDUCT: MISCONDUCT, Kind.GOOD: GOOD, Kind.LAWFUL: LAWFUL}
_SLOTLESS = 3
#: What is felt of a rule: the assumption that says how strongly at most, and the side of a row that it goes by.
_FELT = {
    "deter": ("deterrence", "burden"),
    "chill": ("chilling", "burden"),
    "uplift": ("reward", "reward"),
    "game": ("gaming", "reward"),
}


def acts(stack: Stack, assumptions: Assumptions) -> dict[str, Any]:
    """What is done how often, how it is seen, and what rules do to it in the eyes of those who know."""
    count = len(ACTS)
    out = blank("act_", N_ACTS, count)
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
        out["act_detect"][k] = q32(min(1.0, assumptions[f"acts.{act.id}.detection"] * _watched(stack, act.id)))
        amount[k] = (
            int(assumptions.get(f"acts.{act.id}.amount.least", 0)),
            int(assumptions.get(f"acts.{act.id}.amount.most", 0)),
        )
        rate[k] = q32(assumptions.get(f"acts.{act.id}.rate", 0.0))
    known = {name: out[f"act_{name}"] for name in FELT}
    asked = np.zeros((MAX_ASKING, len(FELT), count), np.int64)
    for s, _, row in stack.rows:
        burden, reward = burden_and_reward(stack, s, row, assumptions)
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
            recorded = share_recorded(row, name, assumptions)
            for what, (most, weight) in _FELT.items():
                size = assumptions[f"response.{most}"] * (burden if weight == "burden" else reward) * recorded
                felt[what][k] = max(felt[what][k], round(size * Q16))
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
    untrue = np.where(out["act_slot"] == MISCONDUCT, rate, 0)
    return {
        **out,
        "asked_felt": asked,
        "act_amount": amount,
        "slot_cumulated": cumulated,
        **guide("slot", cumulated),
        "slot_acts": order,
        "slot_total": cumulated[:, :, -1].copy(),
        "untrue_cumulated": np.concatenate([[0], np.cumsum(untrue)]).astype(np.int64),
    }


def guide(name: str, cumulated: Ints) -> dict[str, Any]:
    """Where the search for a value among ``cumulated`` begins, by the value's leading bits: mostly at its end."""
    totals = cumulated[..., -1]
    shift = np.array([max(0, int(total).bit_length() - 8) for total in totals.ravel()], np.int64)
    parts = zip(cumulated.reshape(-1, cumulated.shape[-1]), shift, strict=True)
    first = [np.searchsorted(part, np.arange(256) << by, side="right") for part, by in parts]
    return {
        f"{name}_shift": shift.reshape(totals.shape),
        f"{name}_first": np.array(first, np.uint8).reshape(*totals.shape, 256),
    }


def _watched(stack: Stack, act: str) -> float:
    """How many times likelier than usual an act is seen, since some row has it looked for."""
    return max([1.0, *(row.watched or 1.0 for _, _, row in stack.rows if act in row.act)])


def places(stack: Stack, assumptions: Assumptions, seed: int) -> dict[str, Any]:
    """Scrutiny of occupations, leniency of districts, how long people live, and when children are born."""
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
        "births": birth_table(assumptions["lives.children"], assumptions["lives.mothers_age"]),
        "district_harsh": np.array([int(u * 65536) for u in lots[DISTRICTS:]], np.int64),
    }
