"""A reform applied to a stack of rule books, and why it changes nothing where it does not."""

from __future__ import annotations

from collections.abc import Sequence

from counterscore.errors import Findings, did_you_mean, quoted
from counterscore.regime.model import Regime, fields_at
from counterscore.regime.nodes import tree
from counterscore.regime.reform.changing import Application
from counterscore.regime.reform.edits import Reform
from counterscore.regime.reform.places import names_at, nodes_at
from counterscore.regime.reform.whom import has_part, levels_in_words, unbound_in_words


def apply(regime: Regime, reform: Reform) -> Regime:
    """``regime`` and those it stacks with ``reform`` applied; what is not touched stays the same object.

    Raises ``InputError`` where nothing changes, where a named item is nowhere in the stack, and where the
    changed regime no longer makes sense.
    """
    results = [Application(one, reform) for one in regime.stacked()]
    bound = [result.before for result in results if result.bound]
    findings = Findings(reform.document.line)
    for index in range(len(reform.changes)):
        asked = any(has_part(one, reform.changes[index]) for one in bound)
        if asked and not any(index in result.matched for result in results):
            _say_unmatched(bound, reform, index, findings)
    if not findings and not any(result.changed for result in results):
        _say_unchanged(regime, reform, bound, findings)
    findings.raise_problems()
    made: dict[str, Regime] = {}

    def changed(result: Application) -> Regime:
        """The changed regime beside what it stacks itself, changed too."""
        id_ = result.before.id
        if id_ not in made:
            beside = [by_id[one.id] for one in result.before.stacked()[1:]]
            made[id_] = result.regime(tuple(changed(one) for one in beside))
        return made[id_]

    by_id = {result.before.id: result for result in results}
    return changed(results[0])


def _say_unchanged(regime: Regime, reform: Reform, bound: Sequence[Regime], findings: Findings) -> None:
    """Say why a reform changes nothing: it does not bind what is there, or what it asks for is so already."""
    says = f"the reform {quoted(reform.id)} changes nothing in {regime.id}"
    alone = unbound_in_words(reform, regime)
    binds = f"it binds {levels_in_words(reform.binds)}"
    if not bound:
        only = len(regime.stacked()) == 1
        why = f"this one is {regime.bound_as}" if only else f"there are only {alone}"
        hint = f"Lay it over another:  counterscore list regimes.  Its text: counterscore show {reform.id}"
        findings.problem(reform.document.at(("binds",)), f"{says}, because {binds}, and {why}", hint)
        return
    aside = f"; {binds}, which leaves alone {alone}" if alone else ""
    findings.problem(
        reform.document.at(("changes", 0)),
        f"{says}{aside}",
        f"Each of its changes is already so{' in the rest' if alone else ''}.  See: counterscore show {regime.id}",
    )


def _say_unmatched(bound: Sequence[Regime], reform: Reform, index: int, findings: Findings) -> None:
    """Say which id of a path is nowhere in the rule books ``bound``; a path of "*" alone may match nothing."""
    edit = reform.changes[index]
    start = 0
    for n, step in enumerate(edit.path):
        above = [node for one in bound for node in nodes_at(tree(one.document), edit.path[:n])]
        if not above:
            return
        names = [name for node in above for name in names_at(node, edit.path[:n])]
        is_id = not fields_at(Regime, edit.path[:n])
        if is_id and step not in ("*", *names):
            close = did_you_mean(step, names)
            where = ", ".join(one.id for one in bound)
            findings.problem(
                reform.document.within(("changes", index, edit.verb), start, start + len(step)),
                f"nothing in {'.'.join(edit.path[:n])} of {where} is called {quoted(step)}",
                f"Did you mean {close}?" if close else f"There are: {', '.join(names[:8]) or 'none'}.",
            )
            return
        start += len(step) + 1
