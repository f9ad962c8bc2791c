"""The shape of the source: no file in which a reader gets lost, no modules that import each other in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "counterscore"
MOST = 600  #: lines of a file
#: Longer tests, and why they are one file.
LONGER = {
    "tests/reference/month.py": "the second reading of a month, read beside the claims of its steps from top to bottom",
    "tests/regime/test_mistakes.py": "one table of mistakes, each beside what is told of it; two short tests read it",
}


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "verification", "docs"])
def test_no_file_is_too_long_to_find_ones_way_in(folder: str) -> None:
    lines = {
        file.relative_to(ROOT).as_posix(): file.read_bytes().count(b"\n")
        for file in (ROOT / folder).rglob("*.py")
        if "_build" not in file.parts
    }
    assert lines
    assert {name for name, many in lines.items() if many > MOST} == {one for one in LONGER if one.startswith(folder)}


def test_only_tests_are_longer() -> None:
    assert all(name.startswith("tests/") for name in LONGER)


def imports_of(body: list[ast.stmt], known: set[str]) -> Iterator[str]:
    """Modules that a module loads when it is imported: what stands in functions, or for types alone, is loaded later."""
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module in known:
            for one in node.names:
                deeper = f"{node.module}.{one.name}"
                yield deeper if deeper in known else node.module
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from imports_of([*node.body, *node.orelse], known)


def test_no_modules_import_each_other_in_a_circle() -> None:
    files = {
        ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): file
        for file in SOURCE.rglob("*.py")
    }
    loads = {
        name: set(imports_of(ast.parse(file.read_bytes()).body, set(files))) - {name} for name, file in files.items()
    }
    assert loads["counterscore.regime.reform"]  # packages are looked into
    TopologicalSorter(loads).prepare()  # raises ``CycleError``, with the circle
