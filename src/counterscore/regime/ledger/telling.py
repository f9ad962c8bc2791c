"""A case that was worked out, as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from counterscore.regime.cases import month_name
from counterscore.regime.ledger.entries import State
from counterscore.regime.ledger.paper import Paper
from counterscore.regime.ledger.phrases import words_text
from counterscore.regime.model import SCALE


def paper_text(paper: Paper) -> str:
    """Write the case as plain text: each step, where it ends, and what differs."""
    out = [f"{paper.name}  ({paper.regime})"]
    if paper.case.why:
        out.append(f"  {paper.case.why}")
    for step in paper.steps:
        where = f"{step.rule}  {step.file}:{step.line}" if step.rule else "no rule"
        behind = f"  from {step.record}" if step.record else ""
        out += [f"  {step.on:<10}  {step.what}", f"  {'':<10}    {where}{behind}"]
    final = paper.final
    standing = [f"score {final.score}"] if final.score else []
    standing += [f"grade {final.grade}"] if final.grade else []
    standing += [f"lists {words_text(final.lists)}", f"doors {words_text(final.doors)}"]
    standing += [f"doors of the next of kin {words_text(final.kin_doors)}"] if final.kin_doors else []
    standing += [f"doors of the one tied to it {words_text(final.tied_doors)}"] if final.tied_doors else []
    standing += ["whoever deals with the resident is warned"] if final.warned else []
    standing += [f"the score may be shown to {' and '.join(final.shown_to)}"] if final.shown_to else []
    standing += [f"loans refused to credit files {words_text(final.loans_refused)}"] if final.loans_refused else []
    out.append(f"  End of {month_name(paper.case.until)}: {'; '.join(standing)}.")
    if paper.ends is not None:
        out.append(f"  As the official chooses: {'; '.join(_from_to(*paper.ends))}.")
    if paper.case.expect:
        out.append("  As expected." if paper.ok else "  Not as expected:")
    out += [f"    {line}" for found in paper.mismatches for line in str(found).splitlines()]
    return "\n".join(out)


def _from_to(low: State, high: State) -> Iterator[str]:
    """What the lowest and the highest choice of points lead to."""
    if low.score or high.score:
        yield f"score {low.score or 'none'} to {high.score or 'none'}"
    if low.grade or high.grade:
        same = low.grade == high.grade
        yield f"grade {low.grade or 'none'}" + ("" if same else f" to {high.grade or 'none'}")
    for what in ("lists", "doors"):
        one, two = (words_text(getattr(state, what)) for state in (low, high))
        if one != two:
            yield f"{what} {one}, or {two}"


def paper_json(paper: Paper) -> dict[str, Any]:
    """Write the case as plain data, for ``counterscore case --json``.

    A score that is not whole is rounded to four digits; the sentences have it exactly.
    """
    return {
        "name": paper.name,
        "regime": paper.regime,
        "steps": [
            {
                "month": step.month,
                "on": step.on,
                "what": step.what,
                "rule": step.rule,
                "value": step.value,
                "file": step.file,
                "line": step.line,
                "record": step.record,
                **_state_json(step.state),
            }
            for step in paper.steps
        ],
        "final": _state_json(paper.final),
        "as_the_official_chooses": [_state_json(end) for end in paper.ends] if paper.ends else None,
        "ok": paper.ok,
        "mismatches": [
            {
                "file": found.at.file,
                "line": found.at.line,
                "column": found.at.column,
                "month": found.month,
                "what": found.what,
                "expected": found.expected,
                "found": found.found,
                "hint": found.hint,
            }
            for found in paper.mismatches
        ],
    }


def _state_json(state: State) -> dict[str, Any]:
    score: int | float | None = state.score60
    if state.score60 is not None:
        whole, rest = divmod(state.score60, SCALE)
        score = round(state.score60 / SCALE, 4) if rest else whole
    return {
        "score": score,
        "grade": state.grade,
        "lists": list(state.lists),
        "doors": list(state.doors),
        "kin_doors": list(state.kin_doors),
        "tied_doors": list(state.tied_doors),
        "warned": state.warned,
        "loans_refused": list(state.loans_refused),
    }
