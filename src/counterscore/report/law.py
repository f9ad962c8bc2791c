"""The law section of a report: what the rule book of a run shows limb by limb, with the measured results beside.

It goes by the day the run was made, so that a report of the same run says the same. The assessment has the findings in the
order of the fields of Article 27 of the EU AI Act and Article 35 GDPR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from counterscore import catalog
from counterscore.laws import Annex, Finding, findings
from counterscore.laws import words as in_words
from counterscore.laws.compare import moved
from counterscore.laws.source import home_of, laws, territories
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document, validate
from counterscore.results import Run
from counterscore.results.rules import regime_of

TO_WRITE = "✎ to be written by the controller"
OVERLAY = "eu"  #: laid over every rule book, beside the law of its place
_SHORT = ("brief", "classroom")


class _Field(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    parts: tuple[str, ...] = ()
    checks: tuple[str, ...]
    measures: tuple[str, ...] = ()
    write: str


class _Fields(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    kind: Literal["fields"]
    fields: tuple[_Field, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How the section of a report reads the law: territories, a file of answers, a day. Nothing given means the usual."""

    under: tuple[str, ...] = ()
    facts: Path | None = None
    as_of: str | None = None


USUAL = Asked()


@cache
def fields() -> tuple[_Field, ...]:
    """The fields of Articles 27(1) and 35(7) in order."""
    file = Path(str(resources.files(catalog))) / "tables" / "fields.yaml"
    return validate(read_document(file, kind="table", name="tables/fields.yaml"), _Fields).fields


def read_for(run: Run, asked: Asked = USUAL, *, world: int = 0) -> Annex:
    """The rule book of a world of a run, read by its home law and the overlay, or as asked for."""
    regime = regime_of(run.record["worlds"][world])
    home, regions = home_of(regime.place, regime.level, regime.owner)
    under = asked.under or tuple(name for name in territories() if name in {home, OVERLAY})
    day = asked.as_of or str(run.record["created"])[:10]
    annex = findings(regime, under=under, as_of=day, facts=asked.facts, run=run)
    if asked.under:
        return annex
    # At home the rules of a region are read only where the place lies in it, as ``counterscore law`` does unasked.
    theirs = {
        check.id: set(check.regions) for law in laws() if law.territory == home for check in law.checks if check.regions
    }
    return replace(
        annex,
        findings=tuple(one for one in annex if theirs.get(one.check, regions) & regions or one.check not in theirs),
    )


def told(run: Run, template: str, asked: Asked = USUAL) -> dict[str, Any]:
    """What the section is filled with; short in briefs and for classes, in the order of the fields in an assessment."""
    annex = read_for(run, asked)
    others = []
    for n, world in enumerate(run.record["worlds"]):
        if n and world["name"] != run.baseline:
            other = read_for(run, Asked(asked.under or annex.under, None, asked.as_of), world=n)
            others.append((world["name"], [one for one in moved(annex, other) if "met" in (one.old, one.new)]))
    shown = annex.met if template in _SHORT else annex.findings
    return {
        "heading": in_words.heading(annex),
        "fields": [_field(annex, one) for one in fields()] if template == "assessment" else [],
        "rows": [_row(one) for one in shown],
        "short": template in _SHORT,
        "asks": in_words.questions_open(annex),
        "answers": [str(one) for one in annex.answers],
        "others": others,
        "closing": annex.closing(),
    }


def _row(one: Finding) -> dict[str, Any]:
    lines = in_words.on_what(one)
    return {
        "check": one.check,
        "source": f"{one.source}, {one.article}",
        "limb": one.limb,
        "result": in_words.result(one),
        "lines": lines,
    }


def _field(annex: Annex, field: _Field) -> dict[str, Any]:
    """One field: what the file says, what the findings are, what the run measured, and what is left to write."""
    known = {one.check: one for one in annex}
    mine = [known[name] for name in field.checks if name in known]
    seen: dict[str, str] = {}
    for one in mine:
        for beside in one.beside:
            seen.setdefault(beside.measure, str(beside))
    wanted = [seen[name] for name in field.measures if name in seen]
    return {
        "id": field.id,
        "title": field.title,
        "says": [text for part in field.parts for text in _says(annex.regime, part)],
        "findings": [(one.check, one.limb, in_words.result(one)) for one in mine],
        "measured": wanted,
        "write": field.write,
    }


def _says(regime: Regime, part: str) -> Sequence[str]:
    """What the file itself says at a part, with where; what is not written is said to be not written."""
    at = regime.at(*part.split("."))
    match part:
        case "purpose":
            return [f"purpose: {regime.purpose} ({at})" if regime.purpose else "purpose: not written"]
        case "catalogue":
            return [f"{len(regime.catalogue)} kinds of record ({at})" if regime.catalogue else "no record of its own"]
        case "lists":
            return [f"lists: {', '.join(regime.lists)} ({at})" if regime.lists else "no list"]
        case "doors":
            return [
                f"doors: {', '.join(one.id for one in regime.doors)} ({at})" if regime.doors else "no door in the file"
            ]
        case "in_force":
            return [
                f"in force from {regime.in_force.start} to {regime.in_force.end or 'no end written'} ({at})"
                if regime.in_force
                else "in force: not written"
            ]
        case "subjects":
            return [f"subjects: {regime.subjects}"]
        case "youngest":
            return [
                f"youngest: {regime.youngest} ({at})"
                if "youngest" in regime.model_fields_set
                else "age of subjects: not written"
            ]
        case "decided":
            found = regime.decided
            return [
                f"decided by {found.by}, automated: {found.automated} ({at})"
                if found
                else "how it is decided: not written"
            ]
    return rights_in_words(regime, part)


def rights_in_words(regime: Regime, part: str = "rights") -> list[str]:
    """What the file says of each right, with where; what is not written is said to be not written, and not absent."""
    data = regime.document.data.get("rights")
    if not isinstance(data, dict):
        return ["rights: not written"]
    names = (
        ["appeal"]
        if part == "rights.appeal"
        else ["notice", "defence", "reasons", "appeal", "repair", "correction", "compensation", "retention"]
    )
    out = []
    for name in names:
        if name not in data:
            out.append(f"{name}: not written")
            continue
        node = data[name]
        value = (
            node
            if not isinstance(node, dict)
            else {key: one for key, one in node.items() if key not in ("source", "mark", "borrowed", "note")}
        )
        out.append(f"{name}: {_plain(value)} ({regime.at('rights', name)})")
    return out


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        if "value" in value:
            return _plain(value["value"])
        return ", ".join(
            f"{key} {_plain(one)}" for key, one in value.items() if key not in ("source", "mark", "borrowed", "note")
        )
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
