"""Tables and rows about persons are refused, whatever they are in."""

from __future__ import annotations

import re

from counterscore.errors import Findings, InputError, Position, Problem
from counterscore.regime.nodes.node import Node, children

#: Keys and column names that only rows about persons have.
_PERSONAL = frozenset(
    [
        "id_number",
        "identity_number",
        "id_card",
        "id_card_number",
        "national_id",
        "passport",
        "passport_number",
        "ssn",
        "social_security_number",
        "birth_date",
        "birthdate",
        "date_of_birth",
        "birthday",
        "dob",
        "phone",
        "phone_number",
        "telephone",
        "mobile",
        "mobile_number",
        "email",
        "e_mail",
        "first_name",
        "last_name",
        "family_name",
        "given_name",
        "full_name",
        "surname",
        "home_address",
        "wechat_id",
        "person_id",
        "citizen_id",
    ]
)
#: Keys that make a mapping with a ``name`` one about a person.
_OF_PERSONS = frozenset(
    [
        "age",
        "sex",
        "gender",
        "address",
        "birth",
        "occupation",
        "employer",
        "income",
        "nationality",
        "ethnicity",
        "score",
        "grade",
        "district",
        "registration",
        "household",
    ]
)
START = "Start one from another: counterscore copy suining-2010 mine.yaml"
_PERSONS = "counterscore reads tables of counts only.  See: counterscore help city"


def refuse_table(raw: bytes, file: str) -> None:
    """Refuse a table (CSV), and say it plainly where it is a table of persons."""
    head = raw[:4096].decode("utf-8", errors="replace").lstrip("\ufeff")
    first = next((line for line in head.splitlines() if line.strip()), "")
    cells = [key_of(cell) for cell in re.split(r"[,;\t|]", first)]
    personal = [cell for cell in cells if cell in _PERSONAL]
    if "name" in cells and any(cell in _OF_PERSONS for cell in cells):
        personal = [cell for cell in cells if cell in {"name"} | _PERSONAL | _OF_PERSONS]
    if len(cells) > 1 and personal and ":" not in first:
        raise InputError([_persons(Position(file, 1, 1, len(first)), personal, first)])
    if file.lower().endswith((".csv", ".tsv", ".parquet", ".xlsx", ".xls")):
        problem = Problem(
            Position(file, 1, 1),
            "this is a table, not a rule book",
            START,
        )
        raise InputError([problem])


def key_of(text: str) -> str:
    """A key or the name of a column, written as all of them are compared."""
    return re.sub(r"[\s\-]+", "_", text.strip().strip("\"'").lower())


def _persons(at: Position, words: list[str], line: str) -> Problem:
    named = ", ".join(word.replace("_", " ") for word in dict.fromkeys(words[:4]))
    return Problem(at, f"this looks like a list of persons ({named})", _PERSONS, line_text=line)


def refuse_persons(root: Node, findings: Findings) -> None:
    """Refuse mappings whose keys only rows about persons have, in one sentence for the whole file."""
    personal: list[tuple[str, Position]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        words = {key_of(key): at for key, at in node.keys.items()}
        personal += [(word, at) for word, at in words.items() if word in _PERSONAL]
        if "name" in words and any(word in _OF_PERSONS for word in words):
            personal += [(word, at) for word, at in words.items() if word == "name" or word in _OF_PERSONS]
        waiting += [child for _, child in children(node)]
    if personal:
        first = min((at for _, at in personal), key=lambda at: (at.line, at.column))
        ordered = sorted(personal, key=lambda one: (one[1].line, one[1].column))
        problem = _persons(first, [word for word, _ in ordered], "")
        findings.problem(first, problem.message, problem.suggestion)
        findings.raise_problems()
