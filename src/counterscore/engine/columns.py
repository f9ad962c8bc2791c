"""What a run keeps of each resident, firm and public body, as columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.engine.layout import NEVER
from counterscore.engine.partners.outcome import company
from counterscore.engine.place import Bodies, Firms, Place
from counterscore.engine.succession import outcomes_of

FIRM_FILE = (
    "records",
    "good_records",
    "untrue_records",
    "rule_wrong_records",
    "unrecorded",
    "misconduct",
    "good_deeds",
    "first_record",
    "first_listed",
    "months_listed",
    "wrong_factual",
    "wrong_rule",
    "doors_most",
    "months_unable",
    "attempts",
    "refused",
    "refused_else",
    "waited",
    "appeals",
    "appeals_won",
    "gamed",
)
FIRM_OWN = (
    "cash",
    "owed",
    "name",
    "closed_months",
    "escaped",
    "failed",
    "wage_months",
    "inspections",
    "penalties",
    "head_months",
)


_OF_THE_YEAR = {"year", "left", "since", "up"}


def outcome_columns(plan: Any, place: Place) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of everybody who lived in one subdistrict: generation 0 by place, then 1, …"""
    now = (
        np.arange(len(place.residents)),
        place.lives.generation,
        outcomes_of(plan, place.residents, place.watch, place.private, place.month),
    )
    if len(place.private):
        now[2].update(company(plan, place))
    parts = [*place.departed, now]
    where, when = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    order = np.lexsort((where, when))
    return {name: np.concatenate([part[2][name] for part in parts])[order] for name in now[2]}


def firm_columns(firms: Firms) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of each firm of one subdistrict."""
    plan, files, own = firms.plan, firms.files.residents, firms.own
    n = len(files)
    columns = {
        "score": files["score"][:, 0] if plan.schemes else np.zeros(n, np.int32),
        "grade": np.full(n, layout.NO_GRADE, np.uint8),
        "lists": (files["lists"] & int(plan.lists_adverse)).astype(np.uint16),
        "aware": (firms.files.watch["aware"] != NEVER).astype(np.uint8),
        "closed": (own["closed_in"] != NEVER).astype(np.uint8),
    }
    if plan.schemes:
        columns["grade"] = plan.grade_code[0, files["grade"][:, 0]].astype(np.uint8)
    columns |= {name: files[name] for name in FIRM_FILE} | {name: own[name] for name in FIRM_OWN}
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def body_columns(bodies: Bodies) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of each public body of one subdistrict."""
    plan, files, own = bodies.plan, bodies.files.residents, bodies.own
    n = len(files)
    columns = {
        "kind": own["kind"],
        "district": files["district"],
        "score": files["score"][:, 0] if plan.schemes else np.zeros(n, np.int32),
        "grade": np.full(n, layout.NO_GRADE, np.uint8),
        "lists": (files["lists"] & int(plan.lists_adverse)).astype(np.uint16),
        "months_listed": files["months_listed"],
        "attempts": files["attempts"],
        "refused": files["refused"],
    }
    if plan.schemes:
        columns["grade"] = plan.grade_code[0, files["grade"][:, 0]].astype(np.uint8)
    of_now = {"head", "kind", "leader", "deputy", "led_since"}
    columns |= {name: own[name] for name in layout.BODY.names or () if name not in of_now}
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def official_columns(bodies: Bodies) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of each official of one subdistrict, in the order in which they came into office."""
    officials, first = bodies.in_office(), int(bodies.files.space.first) - layout.BODY_FIRST
    columns = {name: officials[name] for name in layout.OFFICIAL.names or () if name not in _OF_THE_YEAR}
    columns["own"] = officials["own"] + officials["year"]
    for name in ("resident", "body"):
        columns[name] = officials[name].astype(np.uint64) + np.uint64(first)
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def columns_digest(columns: Iterator[dict[str, npt.NDArray[Any]]]) -> str:
    """sha256 over per-resident columns, whatever the subdistricts they come in."""
    digests: dict[str, Any] = {}
    for part in columns:
        for name, array in part.items():
            little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
            digests.setdefault(name, hashlib.sha256()).update(little.tobytes())
    joined = "".join(f"{name}={digests[name].hexdigest()}\n" for name in sorted(digests))
    return hashlib.sha256(joined.encode()).hexdigest()
