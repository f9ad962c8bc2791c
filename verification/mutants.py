"""Mutations applied one by one to a copy of the source: the tests that are named must fail under each.

The first nine had lived through all tests once; the others are of what numbers are judged by. Then single characters
of a few small modules are changed wherever that makes another program (comparisons, signs, whole numbers), as many as
``--more`` says, drawn by lot: those that live are printed.

    python verification/mutants.py                 # the list
    python verification/mutants.py --more 60       # and so many more, by lot
    python verification/mutants.py --only groups   # those of the list in files whose path begins so

Those of the mirror are in ``mirror_mutants.py``.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Mutant:
    """``old`` in ``file`` becomes ``new``; ``tests`` are what pytest is asked to run."""

    file: str
    old: str
    new: str
    tests: str


_EXPLAINING = "tests/twins/test_explaining.py"
LIST = (
    Mutant("statistics.py", "share <= 0.5", "share < 0.5", "tests/test_statistics.py"),
    Mutant("paired.py", "stdtrit(len(gaps) - 1,", "stdtrit(len(gaps),", "tests/test_paired.py"),
    Mutant("statistics.py", '("cut off", "died")', '("cut off",)', "tests/measures/test_for_claims.py"),
    Mutant(
        "measures/victims_per_offender.py", "offender & mask", "offender | mask", "tests/measures/test_for_claims.py"
    ),
    Mutant("groups/row.py", "p_value >= statistics.ERROR", "p_value > statistics.ERROR", "tests/groups"),
    Mutant("twins/reach.py", "changed[other] <= month", "changed[other] >= month", _EXPLAINING),
    Mutant("twins/reach.py", "month % 12 == 0 and month > 0", "month % 12 == 0 or month > 0", _EXPLAINING),
    Mutant("twins/people.py", "coded = name in OR_NEVER or (", "coded = name in OR_NEVER and (", _EXPLAINING),
    Mutant("twins/parting.py", "first is None or rows[0]", "first is None and rows[0]", _EXPLAINING),
    Mutant("twins/reach.py", "other in how and", "other in changed and", _EXPLAINING),
    Mutant("twins/reach.py", "month > 0 and figures", "month >= 0 and figures", _EXPLAINING),
    Mutant("twins/parting.py", "rows[0] < first[0]", "rows[0] > first[0]", _EXPLAINING),
    Mutant("statistics.py", "np.minimum(met, others)", "met", "tests/test_statistics.py"),
    Mutant("statistics.py", "law.sf(count - 1)", "law.sf(count)", "tests/test_statistics.py"),
    Mutant("statistics.py", "order[::-1]], axis=1)[:, ::-1]", "order], axis=1)", "tests/test_statistics.py"),
    Mutant("groups/chance.py", "np.fill_diagonal(found, 1.0)", "found[:] = np.eye(len(found))", "tests/groups"),
    Mutant("groups/chance.py", "people / (people - 1)", "people / (people + 1)", "tests/groups"),
    Mutant("groups/audit.py", "-spreads[reference].each", "spreads[reference].each", "tests/groups"),
    Mutant("claims/check.py", "(settings - needed + 1)", "(settings - needed)", "tests/claims/test_claims.py"),
    Mutant("claims/check.py", "t.ppf(1 - LEVEL / 2, df)", "t.ppf(1 - LEVEL, df)", "tests/claims/test_claims.py"),
    Mutant("claims/check.py", "ERROR_RATE * HALF_CLEAR", "ERROR_RATE", "tests/claims/test_claims.py"),
)
#: Modules that are mutated by lot, with their tests.
BY_LOT = {
    "statistics.py": "tests/test_statistics.py",
    "paired.py": "tests/test_paired.py tests/measures/test_measures.py",
    "groups/chance.py": "tests/groups",
    "groups/row.py": "tests/groups",
    "groups/definitions.py": "tests/groups",
}
_OTHER = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*",
}  # fmt: skip


def by_lot(many: int) -> list[Mutant]:
    """So many mutations of single operators and whole numbers, drawn from all that there are."""
    found = []
    for file, tests in BY_LOT.items():
        text = (ROOT / "src/counterscore" / file).read_text(encoding="utf-8")
        tree = ast.parse(text)
        for node in ast.walk(tree):
            segment = ast.get_source_segment(text, node) if isinstance(node, ast.expr) else None
            if segment is None or "\n" in segment or text.count(segment) != 1:
                continue
            other = None
            if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OTHER:
                one, two = (ast.get_source_segment(text, part) for part in (node.left, node.comparators[0]))
                other = f"{one} {_OTHER[type(node.ops[0])]} {two}"
            elif isinstance(node, ast.BinOp) and type(node.op) in _OTHER and not _is_type(node):
                other = f"({ast.get_source_segment(text, node.left)}) {_OTHER[type(node.op)]} ({ast.get_source_segment(text, node.right)})"
            elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
                word = "or" if isinstance(node.op, ast.And) else "and"
                other = f"({ast.get_source_segment(text, node.values[0])}) {word} ({ast.get_source_segment(text, node.values[1])})"
            if other is not None:
                found.append(Mutant(file, segment, other, tests))
    return random.Random(1).sample(found, min(many, len(found)))


def _is_type(node: ast.BinOp) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in (node.left, node.right))


@contextmanager
def copy_of_source() -> Iterator[Path]:
    """A copy of the source and its tests, which may be changed."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "copy"
        for part in ("src", "tests", "verification", "docs"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        yield copy


#: What tests load and no mutation changes: loaded once, and every question is asked of a fork.
_LOADED = [
    "hypothesis",
    "jiter",
    "jinja2",
    "numba",
    "pyarrow.parquet",
    "pytest",
    "scipy.stats",
    "statsmodels.api",
]
PASSED, FAILED, HUNG, _BROKEN = 0, 1, -1, 70
_PATIENCE = 900  #: seconds


def _asked(copy: Path, tests: list[str], unchanged: bool) -> None:
    import pytest

    os.chdir(copy)
    sys.path[:0] = [str(copy / "src"), str(copy)]
    sys.dont_write_bytecode = not unchanged  # what is compiled then serves as long as its file stands as it was
    os.environ |= {"PYTHONPATH": str(copy / "src"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # most of its start
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    quietly = ("-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout")
    try:
        code = int(pytest.main([*quietly, *tests]))
    except BaseException:  # which would end the process with the code of a test that fails
        code = _BROKEN
    sys.exit(code)


def outcome(tests: str, copy: Path, *, unchanged: bool = False) -> int:
    """What pytest says of ``tests`` in ``copy``: 0 where they pass, 1 where one fails, -1 where they do not end."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(_LOADED)
    child = forking.Process(target=_asked, args=(copy, tests.split(), unchanged))
    child.start()
    child.join(_PATIENCE)
    if child.exitcode is None:
        child.kill()
        child.join()
        return HUNG
    return child.exitcode


def outcome_under(mutant: Mutant, copy: Path) -> int:
    """What pytest says though the source is another one; the source is put back."""
    file = copy / "src/counterscore" / mutant.file
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.file}: {mutant.old!r} is there {text.count(mutant.old)} times, not once")
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return outcome(mutant.tests, copy)
    finally:
        file.write_text(text, encoding="utf-8")


def pass_unchanged(mutants: Iterable[Mutant], copy: Path) -> None:
    """Raise ``SystemExit`` where a test that is named fails already, or is not there: then its failing would say nothing."""
    tests = " ".join(dict.fromkeys(test for one in mutants for test in one.tests.split()))
    if (found := outcome(tests, copy, unchanged=True)) != PASSED:
        raise SystemExit(f"pytest ends with {found} before anything is changed")


def main() -> int:
    """Print every mutation and what became of it; 1 where one of the list lives."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--more", type=int, default=0, help="so many more, drawn by lot")
    asked.add_argument("--only", default="", help="beginning of the paths of files to mutate")
    chosen = asked.parse_args()
    listed, more = ([one for one in part if one.file.startswith(chosen.only)] for part in (LIST, by_lot(chosen.more)))
    living = 0
    with copy_of_source() as copy:
        pass_unchanged(listed, copy)
        for mutant in (*listed, *more):
            lived = outcome_under(mutant, copy) == PASSED
            living += lived and mutant in listed
            print(f"{'LIVES ' if lived else 'killed'}  {mutant.file}: {mutant.old}  ->  {mutant.new}", flush=True)
    print(f"{living} of the {len(listed)} on the list live")
    return int(living > 0)


if __name__ == "__main__":
    raise SystemExit(main())
