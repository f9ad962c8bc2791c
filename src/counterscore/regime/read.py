"""Reading: a file becomes a document, a document a regime, and every mistake is told at once.

``read_document`` keeps the position of everything; ``validate`` turns a document into typed data and
says in plain words what does not fit; ``parse_regime`` adds what only the whole file can show
(``checks``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from counterscore.errors import Findings, InputError, UsageError, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath
from counterscore.regime import nodes
from counterscore.regime.checks import check_regime
from counterscore.regime.grammar import shown
from counterscore.regime.model import Regime, fields_at

Kind = Literal[
    "regime",
    "reform",
    "cases",
    "city",
    "claim",
    "planted harm",
    "law",
    "facts",
    "table",
    "second reading",
    "source",
    "weights",
    "assumptions",
    "lesson",
]
Model = TypeVar("Model", bound=BaseModel)
Find = Callable[[str], Regime]  #: what loads a stacked regime by its id or path

_CALLED: Mapping[str, str] = {
    "regime": "a rule book",
    "reform": "a reform",
    "cases": "a file of cases",
    "city": "a city",
    "claim": "a claim",
    "planted harm": "a planted harm",
    "law": "a legal source",
    "facts": "a file of facts",
    "table": "a table",
    "second reading": "a second reading",
    "source": "a source of published data",
    "weights": "a file of weights",
    "assumptions": "a file of assumptions",
    "lesson": "a lesson",
}


_USE: Mapping[str, str] = {
    "reform": "It is applied to one: counterscore run suining-2010 --with FILE",
    "cases": "It is read against one: counterscore case suining-2010 FILE",
    "city": "See: counterscore help city",
    "claim": "It is tested: counterscore claim check FILE",
    "planted harm": "It is looked for: counterscore validate zoo",
    "law": "It is read against one: counterscore law suining-2010",
    "facts": "It is read beside one: counterscore law suining-2010 --facts FILE",
    "table": "It is read beside one: counterscore law suining-2010 --related FILE",
    "second reading": "It is compared: counterscore law suining-2010 --compare FILE",
    "source": "It stands beside the data: counterscore mirror read FILES --source FILE",
    "weights": "It weighs measures: counterscore mirror measure DIR --weights FILE",
    "assumptions": "A run takes it: counterscore run government-integrity --assumptions FILE",
    "lesson": "It is opened: counterscore app --lesson ID",
}


def read_document(source: Path | str, *, kind: Kind = "regime", name: str | None = None) -> Document:
    """A file (``Path``) or its text (``str``) as plain data that knows the position of everything.

    ``name`` is what messages and traces call the file; the path as given, if left out. Raises
    ``InputError`` with every mistake of form: not UTF-8, not YAML, too large, keys given twice, …
    """
    document, findings = _read(source, kind, name)
    findings.raise_problems()
    return document


def _read(source: Path | str, kind: Kind, name: str | None) -> tuple[Document, Findings]:
    what = _CALLED[kind]
    text = nodes.read_text(source, what) if isinstance(source, Path) else source
    file = name or (str(source) if isinstance(source, Path) else "text")
    root, findings, lines = nodes.read_nodes(text, file, what)
    values, keys = nodes.flatten(root)
    document = Document(file, lines, root.plain(), values, keys, text)
    if not isinstance(document.data, dict):
        findings.problem(
            root.at,
            f"{what} starts with keys, such as format: 1; found {shown(document.data)}",
            nodes.START,
        )
        findings.raise_problems()
    return document, findings


def read_regime(source: Path | str, *, name: str | None = None, find: Find | None = None) -> Regime:
    """The regime in a file (``Path``) or text, with mistakes of form and of content told together.

    ``find`` as in ``parse_regime``.
    """
    document, findings = _read(source, "regime", name)
    return _regime(document, findings, find)


def parse_regime(document: Document, *, find: Find | None = None) -> Regime:
    """The regime a document describes.

    ``find`` loads the regimes it stacks; without it a stack is left unresolved, and what refers to it
    unchecked. Raises ``InputError`` with all problems; warnings end up in ``Regime.warnings``.
    """
    return _regime(document, Findings(document.line), find)


def rebuilt(document: Document, stacked: tuple[Regime, ...]) -> Regime:
    """A regime from a document that was changed, beside regimes that are loaded already."""
    return _built(document, Findings(document.line), stacked, complete=True)


def _regime(document: Document, findings: Findings, find: Find | None) -> Regime:
    _check_kind(document, findings)
    findings.settle()
    stacked, complete = _stack(document, findings, find)
    return _built(document, findings, stacked, complete=complete)


def _built(document: Document, findings: Findings, stacked: tuple[Regime, ...], *, complete: bool) -> Regime:
    regime = _validated(document, Regime, findings)
    readable, broken = (regime, frozenset[str]()) if regime else _salvage(document)
    findings.settle()
    readable._document = document
    check_regime(document, readable, stacked, findings, broken=broken | (frozenset() if complete else {"stack"}))
    findings.raise_problems()
    assert regime is not None
    regime._stacked = stacked
    regime._warnings = findings.problems()
    return regime


def _check_kind(document: Document, findings: Findings) -> None:
    data = document.data
    other = "reform" if "changes" in data else "cases" if "cases" in data else data.get("kind")
    if isinstance(other, str) and other in _CALLED and other != "regime":
        at = document.at(("changes" if other == "reform" else "cases" if other == "cases" else "kind",), key=True)
        findings.problem(at, f"this is {_CALLED[other]}, not a rule book", _USE[other])
        findings.raise_problems()


def _stack(document: Document, findings: Findings, find: Find | None) -> tuple[tuple[Regime, ...], bool]:
    """The regimes in force beside this one, each once, and whether all could be loaded."""
    asked = document.data.get("stack", [])
    if not isinstance(asked, list) or not asked:
        return (), True
    if find is None:
        return (), False
    found: dict[str, Regime] = {}
    complete = True
    for index, one in enumerate(asked):
        at = document.at(("stack", index))
        if not isinstance(one, str):
            continue  # the model says so
        try:
            regime = find(one)
        except UsageError as error:
            complete = False
            findings.problem(at, error.message, error.suggestion)
            continue
        except InputError as error:
            complete = False
            why = error.problems[0]
            findings.problem(at, f"{quoted(one)} cannot be used", f"{why.position}: {why.message}")
            continue
        for part in regime.stacked():
            first = found.setdefault(part.id, part)
            if part.id == document.data.get("id"):
                complete = False  # the checks say so, with the file it is in
            elif first.model_dump() != part.model_dump():
                findings.problem(
                    at, f"another rule book of this stack is called {quoted(part.id)} too", "Give it an id of its own."
                )
                complete = False
    return tuple(found.values()), complete


def validate(document: Document, model: type[Model]) -> Model:
    """``document`` as ``model``; raises ``InputError`` with every place that does not fit."""
    findings = Findings(document.line)
    found = _validated(document, model, findings)
    findings.raise_problems()
    assert found is not None
    return found


def _validated(document: Document, model: type[Model], findings: Findings) -> Model | None:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        odd = {(one["loc"][:-1], str(one["loc"][-1])) for one in errors if one["type"] == "extra_forbidden"}
        missing: dict[DataPath, list[str]] = {}
        for one in errors:
            if one["type"] != "missing":
                _tell(document, model, one, findings)
            elif not _misspelt(one["loc"], odd):  # else the key is there, under a name told as unknown
                missing.setdefault(one["loc"][:-1], []).append(str(one["loc"][-1]))
        for owner, names in missing.items():
            at = document.at(owner, key=bool(owner) and isinstance(owner[-1], str))
            needed = " and ".join(filter(None, (", ".join(map(quoted, names[:-1])), quoted(names[-1]))))
            findings.problem(at, f"{_noun(owner)} needs {needed}", f"Add {', '.join(f'{name}: …' for name in names)}")
        return None


def _misspelt(missing: DataPath, odd: set[tuple[DataPath, str]]) -> bool:
    return any(owner == missing[:-1] and did_you_mean(word, [str(missing[-1])]) for owner, word in odd)


def _tell(document: Document, model: type[BaseModel], error: Any, findings: Findings) -> None:
    """One pydantic error in our words, at its place in the file."""
    path = tuple(step for step in error["loc"] if step != "[key]")
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "this file")
    found = error["input"]
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            owner = path[:-1]
            known = fields_at(model, owner)
            findings.problem(
                document.at(path, key=True),
                f"{quoted(name)} is not a field of {_noun(owner)}",
                lambda: _near(name, known) or f"It may have: {', '.join(known)}.",
            )
        case "literal_error":
            allowed = [one.strip("'") for one in context["expected"].replace(" or ", ", ").split(", ")]
            if name == "format":
                findings.problem(
                    document.at(path), f"format {shown(found)} is not known", "This version reads format: 1."
                )
                return
            findings.problem(
                document.at(path),
                f"{name} cannot be {shown(found)}",
                f"{_near(str(found), allowed)}  Allowed: {', '.join(allowed)}.".strip,
            )
        case "counterscore":
            at = document.at(_of_value(document, path))
            if context["end"]:
                at = document.within(_of_value(document, path), context["start"], context["end"])
            message = context["message"]
            findings.problem(
                at,
                f"{name} {message}" if message.startswith(("must", "is ")) else message,
                context["suggestion"],
            )
        case kind:
            wanted, suggestion = _wanted(kind, found)
            findings.problem(document.at(path), f"{name} must be {wanted}, found {shown(found)}", suggestion)


def _wanted(kind: str, found: Any) -> tuple[str, str]:
    """What a value of this type must be, and what to write."""
    match kind:
        case "string_type" if isinstance(found, int | float):
            return "a text", f'Write "{shown(found)}" in quotes.'
        case "string_type":
            return "a text", "Write a word or a sentence."
        case "tuple_type":
            return "a list", f"Write [{found}]." if isinstance(found, str) and len(found) < 60 else "Write [a, b]."
        case "dict_type":
            return "a mapping of ids", "Write each entry as id: {…}."
        case "bool_type":
            return "true or false", "Write true or false, without quotes."
        case "model_type" | "model_attributes_type":
            return "a mapping", "Write key: value lines below it."
    return "something else", "An example: counterscore show suining-2010"


def _near(word: str, known: Sequence[str]) -> str:
    """``Did you mean x?``, or nothing where no word is near."""
    close = did_you_mean(word, known)
    return f"Did you mean {close}?" if close else ""


def _of_value(document: Document, path: DataPath) -> DataPath:
    """``path``, or where the number itself is if it was written as ``{value: …, source: …}``."""
    return (*path, "value") if (*path, "value") in document.positions else path


_NOUNS = {
    (): "a rule book",
    ("in_force",): '"in_force"',
    ("sources", "*"): "a source",
    ("authorities", "*"): "an authority",
    ("catalogue", "*"): "a row of the catalogue",
    ("catalogue", "*", "discretion"): "a discretion",
    ("catalogue", "*", "curve", "*"): "a step of a curve",
    ("catalogue", "*", "cap"): "a cap",
    ("score",): "a score",
    ("score", "grades", "*"): "a grade",
    ("lists", "*"): "a list",
    ("lists", "*", "publicity"): '"publicity"',
    ("lists", "*", "extend"): "an extension",
    ("doors", "*"): "a door",
    ("sharing", "*"): "an entry of sharing",
    ("lending", "*"): "a lending rule",
    ("scrutiny", "*"): "a scrutiny",
    ("rights", "repair", "rules", "*"): "a repair rule",
    ("decided",): '"decided"',
    ("rights", "review"): "a review",
}


def _noun(path: DataPath) -> str:
    """What the part at ``path`` is called in a sentence."""
    for pattern, noun in _NOUNS.items():
        if len(pattern) == len(path) and all(p in ("*", step) for p, step in zip(pattern, path, strict=True)):
            return noun
    return next((quoted(step) for step in reversed(path) if isinstance(step, str)), "this file")


_STAND_IN = {"format": 1, "id": "x", "title": "x", "place": "x", "status": "scenario"}


def _salvage(document: Document) -> tuple[Regime, frozenset[str]]:
    """What can be read of a regime with mistakes, so that the rest of it is checked in the same pass.

    A wrong value is left out, and so is an item that cannot do without it. Also returns the parts of
    the file that lost something.
    """
    data = deepcopy(document.data)
    broken: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            # A removed item leaves None behind, so that the paths of the same round stay right.
            whole = {
                key: [i for i in part if i is not None] if isinstance(part, list) else part
                for key, part in data.items()
            }
            return Regime.model_validate(whole), frozenset(broken)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False, include_input=False):
                broken.add(str(one["loc"][0]))
                _leave_out(data, one["loc"])
            data = {**_STAND_IN, **{key: part for key, part in data.items() if key in Regime.model_fields}}
    return Regime.model_validate(_STAND_IN), frozenset(document.data)


_ROUNDS = 4  #: wrong value, then the item that needs it, then the part that needs the item, then nothing is wrong
_ITEMS = frozenset({"catalogue", "doors", "sharing", "lending", "scrutiny", "lists", "sources", "authorities"})


def _leave_out(data: dict[str, Any], where: tuple[int | str, ...]) -> None:
    """Remove the field of the item at ``where``, the item if it has no such field, or the part itself."""
    depth = 2 if where[0] in _ITEMS else 1
    owner, item = data, data.get(where[0]) if isinstance(where[0], str) else None
    key: Any = where[0]
    if depth == 2 and len(where) > 1 and isinstance(item, dict | list):
        owner, key = item, where[1]  # type: ignore[assignment]
        item = item[key] if isinstance(item, list) or key in item else None
    field = where[depth] if len(where) > depth else None
    if isinstance(item, dict) and field in item:
        del item[field]
    elif isinstance(owner, list):
        owner[key] = None
    else:
        owner.pop(key, None)
