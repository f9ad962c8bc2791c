"""Reads a reform, and tells every mistake with its line."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from counterscore.errors import Findings, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.regime.checks import check_sources, unknown
from counterscore.regime.grammar import shown
from counterscore.regime.model import Regime, fields_at, type_at
from counterscore.regime.read import read_document, validate
from counterscore.regime.reform.bare import size_of
from counterscore.regime.reform.edits import COMPANION, PARTS, VERBS, Edit, Reform
from counterscore.regime.reform.places import takes_items
from counterscore.regime.vocabulary import BOUND, Subject


def read_reform(source: Path | str, *, name: str | None = None) -> Reform:
    """Read a reform from a file (``Path``) or its text. Raises ``InputError`` with every mistake."""
    document = read_document(source, kind="reform", name=name)
    reform = validate(document, Reform)
    reform._document = document
    findings = Findings(document.line)
    for index, level in enumerate(reform.binds):
        if level not in BOUND:
            at, known = document.at(("binds", index)), f"Levels: {', '.join(BOUND)}."
            unknown(findings, at, "no level is called", level, BOUND, known)
    if not reform.changes:
        findings.problem(document.at(("changes",)), "this reform has no changes", "Add one, or remove the file.")
    for index, edit in enumerate(reform.changes):
        _check_edit(document, index, edit, findings)
    check_sources(document, Reform, findings)
    findings.raise_problems()
    return reform


def _check_edit(document: Document, index: int, edit: Edit, findings: Findings) -> None:
    here = ("changes", index)
    verbs = [verb for verb in VERBS if getattr(edit, verb) is not None]
    if len(verbs) != 1:
        found = f"found {' and '.join(verbs)}" if verbs else "found none"
        findings.problem(
            document.at(here), f"a change is one of {', '.join(VERBS)}; {found}", "Write one change per item."
        )
        return
    companion = COMPANION[edit.verb]
    for key in ("to", "by", "item"):
        given = getattr(edit, key) is not None
        if given and key != companion:
            findings.problem(document.at((*here, key), key=True), f"{key} does not go with {edit.verb}", "Remove it.")
        elif not given and key == companion:
            findings.problem(document.at((*here, edit.verb), key=True), f"{edit.verb} needs {key}", f"Add {key}: …")
    _check_path(document, index, edit, findings)
    _check_limits(document, index, edit, findings)
    if edit.verb == "at_most" and edit.to is not None and size_of(edit.to) is None:
        at = document.at((*here, "to"))
        findings.problem(
            at, f"at_most needs a length of time or a number, found {shown(edit.to)}", "Write for example: 24 months."
        )


def _check_limits(document: Document, index: int, edit: Edit, findings: Findings) -> None:
    """``where`` needs items to choose among and fields that they have; ``needs`` a part of a rule book."""
    here = ("changes", index)
    if edit.needs is not None and (
        edit.needs.split()[-1:] not in [[part] for part in PARTS]
        or not set(edit.needs.split()[:-1]) <= {"public", "private", *get_args(Subject)}
    ):
        at = document.at((*here, "needs"))
        parts = ", ".join(PARTS)
        findings.problem(at, f"a rule book has no part {quoted(edit.needs)}", f"It may be: {parts}, or public score.")
    if edit.where is None:
        return
    if "*" not in edit.path:
        at = document.at((*here, "where"), key=True)
        findings.problem(at, "where chooses among items, and this path names one", "Write * for the item.")
        return
    known = fields_at(Regime, edit.path[: edit.path.index("*") + 1])
    for key in edit.where:
        if key not in known:
            at = document.at((*here, "where", key), key=True)
            close = did_you_mean(key, known)
            hint = f"Did you mean {close}?" if close else f"It may be: {', '.join(known)}."
            findings.problem(at, f"these items have no {quoted(key)}", hint)


def _check_path(document: Document, index: int, edit: Edit, findings: Findings) -> None:
    """Each step of a path must be one that a regime can have; ids are looked for when it is applied."""
    place = ("changes", index, edit.verb)
    start = 0
    for n, step in enumerate(edit.path):
        known = list(PARTS) if n == 0 else fields_at(Regime, edit.path[:n])
        found = type_at(Regime, edit.path[: n + 1])
        if (known and step not in known) or found is None or not step:
            at = document.within(place, start, start + len(step))
            owner = "a regime" if n == 0 else quoted(".".join(edit.path[:n]))
            close = did_you_mean(step, known)
            suggestion = (
                f"Did you mean {'.'.join((*edit.path[:n], close))}?" if close else f"It may be: {', '.join(known)}."
            )
            findings.problem(
                at,
                f"{owner} has no {quoted(step)} that a reform can change",
                suggestion if known else "A path is part.id.field, such as lists.*.term.",
            )
            return
        start += len(step) + 1
    if edit.verb == "add" and not takes_items(edit.path):
        findings.problem(document.at(place), "nothing can be added here", "Write add: doors, or add: lists.new-id.")
