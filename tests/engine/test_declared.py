"""What steps say they read and write, against what their kernels do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from counterscore.engine import month_order, steps

FOLDER = Path(steps.__file__).parent
#: What happens within a step, as ``month_order`` puts it.
WITHIN = {
    "conduct": ("dealings",),
    "scoring": ("sharing",),
    "attempts": ("lending", "aftermath"),
    "response": (
        "../partners/knowing",
        "../partners/consent",
        "../partners/ties",
        "../partners/meeting",
        "../partners/separation",
    ),
}
#: Fields of a resident's record, and what steps call them.
WORDS = {
    "score": "score", "grade": "grade", "lists": "lists", "doors": "doors", "work": "work", "savings": "savings",
    "loan": "loan", "arrears": "arrears", "judged": "judged", "ties": "ties", "part": "consent", "partnered": "partner",
    "file": "credit-file", "age": "age", "group": "occupation", "district": "district", "traits": "traits",
    "conscientiousness": "conscientiousness", "outspokenness": "outspokenness", "sociability": "sociability", "means": "means",
}  # fmt: skip
RECORDS = {"person", "other", "worker", "victim", "private", "its"}
#: Written through a kernel of another step.
THROUGH_OTHERS = {"response": {"aware"}, "attempts": {"savings"}}


def _word(node: ast.Attribute) -> str | None:
    """The word for a field of somebody's record; of a watch only what is known of the regime has one."""
    of = node.value
    watched = (isinstance(of, ast.Name) and of.id == "watch") or (
        isinstance(of, ast.Subscript) and isinstance(of.value, ast.Attribute) and of.value.attr == "watch"
    )
    if watched:
        return "aware" if node.attr == "aware" else None
    if isinstance(of, ast.Subscript) or (isinstance(of, ast.Name) and of.id in RECORDS):
        return WORDS.get(node.attr)
    return None


def touched(step: str) -> tuple[set[str], set[str]]:
    """What the kernels of a step read and write, by the words of ``WORDS``."""
    reads: set[str] = set()
    writes: set[str] = set()
    for name in (step, *WITHIN.get(step, ())):
        tree = ast.parse((FOLDER / f"{name}.py").read_text())
        targets = {
            target
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AugAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        }
        stored = {target.value if isinstance(target, ast.Subscript) else target for target in targets}
        for node in ast.walk(tree):
            word = _word(node) if isinstance(node, ast.Attribute) else None
            if word:
                (writes if node in stored else reads).add(word)
    return reads, writes


@pytest.mark.parametrize("step", month_order(), ids=lambda step: step.id)
def test_steps_touch_what_they_declare(step: steps.Step) -> None:
    reads, writes = touched(step.id)
    words = {*WORDS.values(), "aware"}
    assert reads - set(step.reads) == set(), "read and not declared"
    assert writes - set(step.writes) == set(), "written and not declared"
    assert (set(step.writes) & words) - writes == THROUGH_OTHERS.get(step.id, set()), "declared and not written"


def test_the_words_are_found_at_all() -> None:
    assert touched("circumstances")[1] == {"work", "savings", "loan", "arrears", "judged", "traits"}
    assert touched("doors")[1] == {"doors"}
