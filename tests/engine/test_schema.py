"""The tables that say what the numbers in plans and traces are, against the code that writes and reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from counterscore import engine
from counterscore.catalog import load_assumptions
from counterscore.engine import layout
from counterscore.engine.field import Held
from counterscore.engine.fields import FIELDS, HELD

FOLDER = Path(engine.__file__).parent
SOURCES = {path.relative_to(FOLDER).as_posix(): ast.parse(path.read_text()) for path in sorted(FOLDER.rglob("*.py"))}
KERNELS = [
    name for name in SOURCES if name.startswith(("steps/", "firms/", "bodies/", "partners/")) or name == "month.py"
]


def test_every_field_says_what_it_is() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names)) == len(layout.PLAN.names or ())
    for field in FIELDS:
        assert field.unit, field.name
        assert field.origin, field.name
        assert field.meaning, field.name
        kind, *_ = layout.PLAN.fields[field.name]  # type: ignore[index]
        assert kind.shape == field.shape, field.name


def test_every_field_is_read() -> None:
    """A field that no kernel, no start and no outcome reads is a rule that does nothing."""
    read = {
        node.attr
        for name, tree in SOURCES.items()
        if name not in {"field.py", "fields.py", "plan.py", "rules.py", "rates.py", "stack.py", "partners/rules.py"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    assert [field.name for field in FIELDS if field.name not in read] == []


def test_assumptions_are_held_as_the_table_says() -> None:
    chosen = load_assumptions()
    for name in HELD:
        assert name.replace("_", ".", 1) in chosen.table, name
    by_path = {row.path.replace(".", "_", 1): row for row in chosen.rows}
    for name, held in HELD.items():
        row = by_path[name]
        assert row.whole == (held is Held.WHOLE), name
        if held is Held.CHANCE and name != "response_talk":  # a rate that may pass one, and is cut off there
            assert row.possible[1] <= 1, name


@pytest.mark.parametrize(
    ("held", "value", "whole"),
    [
        (Held.CHANCE, 0.5, 1 << 31),
        (Held.CHANCE, 2.0, 1 << 32),
        (Held.FACTOR, 1.5, 384),
        (Held.SHARE, -0.25, -16384),
        (Held.WHOLE, 3.0, 3),
    ],
)
def test_numbers_as_whole_numbers(held: Held, value: float, whole: int) -> None:
    assert held.of(value) == whole


def _notes() -> Iterator[tuple[str, ast.Call, ast.stmt | None]]:
    """Every call of ``note`` in a kernel, with the statement after it."""
    for name in KERNELS:
        for node in ast.walk(SOURCES[name]):
            for block in (getattr(node, part, None) for part in ("body", "orelse")):
                if not isinstance(block, list):
                    continue
                for at, statement in enumerate(block):
                    call = statement.value if isinstance(statement, ast.Expr) else None
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "note":
                        yield name, call, block[at + 1] if at + 1 < len(block) else None


def test_kernels_write_what_the_schema_of_events_says() -> None:
    """Details beyond those of a kind are zero, and the fifth is written where the kind has one, and nowhere else."""
    kinds = {getattr(layout, name): name for name in dir(layout) if name.startswith("EVENT_") and name != "EVENT_KINDS"}
    numbers = {name: number for number, name in kinds.items()}
    seen = set()
    for name, call, after in _notes():
        event = call.args[3]
        assert isinstance(event, ast.Name), (name, call.lineno)
        kind = layout.EVENT_KINDS[numbers[event.id]]
        seen.add(kind.name)
        details = (*kind.details, "", "", "", "", "")[:5]
        for detail, written in zip(details, call.args[4:], strict=False):
            nothing = isinstance(written, ast.Constant) and written.value == 0
            assert detail or nothing or kind.name == "body", (name, call.lineno, kind.name)
        more = (
            isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Call)
            and getattr(after.value.func, "id", "") == "note_more"
        )
        if event.id == "EVENT_ACT":  # noted in branches, and added to once after them
            continue
        assert more == bool(details[4]), (name, call.lineno, kind.name)
    assert seen == set(layout.EVENTS) - {
        "died",
        "came of age",
        "born",
        "moved in",
    }  # those are noted in January, outside kernels


def test_details_by_name() -> None:
    row = np.array([3, 17, layout.EVENT_LEAVE, 2, layout.PERFORMED, 0, 9, 1])
    assert layout.event_details(row) == {"list": 2, "exit": layout.PERFORMED, "wrong": 0, "months": 9, "made": 1}
    assessed = [0, 1, layout.EVENT_BODY, layout.ASSESSED, 4, 5, 6, -1]
    assert layout.event_details(assessed) == {"what": layout.ASSESSED, "effort": 4, "gaming": 5, "short": 6}
    signed = [0, 1, layout.EVENT_BODY, layout.SIGNED, 4, 5, 6, -1]
    assert layout.event_details(signed) == {"what": layout.SIGNED, "firm": 4, "amount": 5, "months": 6}
    assert set(layout.event_details([0, 1, 999, 1, 2, 3, 4, 5])) == set("abcde")
