"""Rows of the catalogue: what each records, its points and curve, and who may record it."""

from __future__ import annotations

from counterscore.errors import Position, quoted
from counterscore.quantity import Path as DataPath
from counterscore.regime.checks._case import ACT_IDS, Case, strings
from counterscore.regime.model import Row
from counterscore.regime.vocabulary import ACTS, CONTEXTS, Act, Kind, act


def check_rows(case: Case) -> None:
    """What a row records and gives: one thing each, and numbers that can be."""
    for path, row in case.rows():
        raw = case.document.data["catalogue"][path[1]]
        at = case.at(*path, "id")
        if row.act and row.on_list:
            case.findings.problem(
                case.key(*path, "on_list"),
                "a row records an act or an entry on a list, not both",
                "Make two rows.",
            )
        elif not row.act and not row.on_list and set(raw) <= set(Row.model_fields) and "act" not in raw:
            case.findings.problem(
                at,
                f"row {quoted(row.id)} records nothing",
                "Add act: [an act], or on_list: a list.  Acts: counterscore list acts",
            )
        forms = [key for key in ("points", "discretion", "curve") if key in raw]
        if len(forms) > 1:
            case.findings.problem(
                case.key(*path, forms[1]), f"a row has {forms[0]} or {forms[1]}, not both", "Keep one."
            )
        if forms and case.regime.score is None and not case.broken & {"score"}:
            case.findings.warning(
                case.key(*path, forms[0]),
                "these points lead nowhere: there is no score",
                "Add a score, or remove them.",
            )
        if row.cap and case.regime.score is None and not case.broken & {"score"}:
            case.findings.problem(
                case.key(*path, "cap"), "a cap needs a score with grades", "Add a score, or remove it."
            )
        if row.discretion and row.discretion.least is not None and row.discretion.most is not None:
            least, most = row.discretion.least, row.discretion.most
            if least * most < 0 or abs(least) > abs(most):
                case.findings.problem(
                    case.at(*path, "discretion", "most"),
                    f"the least points ({least}) are more than the most ({most})",
                    "Write the smaller change as least and the larger as most, with the same sign.",
                )
        if row.validity and row.validity.months == 0:
            case.findings.problem(case.at(*path, "validity"), "a record that counts for no time has no effect", "")
        _curve(case, path, row)
        _at_least(case, path, row)
        if row.watched is not None and row.watched < 1:
            case.findings.problem(
                case.at(*path, "watched"),
                f"watched must be 1 or more, found {row.watched:g}",
                "It is how many times likelier than usual the act is seen; leave it out where nobody looks for it.",
            )


def _at_least(case: Case, path: DataPath, row: Row) -> None:
    """A smallest amount needs acts that have one, all in the same unit."""
    if row.at_least is None:
        return
    without = [one for one in row.act if one in ACT_IDS and act(one).unit is None]
    if without or row.on_list:
        units = ", ".join(f"{one.id} ({one.unit})" for one in ACTS if one.unit and one.subject == case.regime.subjects)
        case.findings.problem(
            case.key(*path, "at_least"),
            f"a smallest amount needs an amount, and {quoted(without[0] if without else row.on_list)} has none",
            f"Leave it out.  Acts with an amount: {units}.",
        )
    elif row.at_least < 1:
        case.findings.problem(case.at(*path, "at_least"), f"at_least must be at least 1, found {row.at_least}", "")


def _adds_up(one: Act) -> bool:
    """Whether amounts of the act add up in a yearly account: hours given, money given; not sums evaded."""
    return one.unit is not None and one.kind is Kind.GOOD


def _curve(case: Case, path: DataPath, row: Row) -> None:
    if not row.curve:
        return
    without = [one for one in row.act if one in ACT_IDS and not _adds_up(act(one))]
    if without or row.on_list:
        units = ", ".join(one.id for one in ACTS if _adds_up(one) and one.subject == case.regime.subjects)
        case.findings.problem(
            case.key(*path, "curve"),
            f"a curve needs an amount, and {quoted(without[0] if without else row.on_list)} has none",
            f"Write points: instead.  Acts with an amount: {units}.",
        )
    units_used = {act(one).unit for one in row.act if one in ACT_IDS} - {None}
    if len(units_used) > 1:
        case.findings.problem(
            case.key(*path, "curve"),
            f"one curve cannot count {' and '.join(sorted(map(str, units_used)))}",
            "Make two rows.",
        )
    before = 0
    for index, step in enumerate(row.curve):
        here = (*path, "curve", index)
        if step.per < 1:
            case.findings.problem(case.at(*here, "per"), f"per must be at least 1, found {step.per}", "")
        if step.up_to is None:
            if index < len(row.curve) - 1:
                case.findings.problem(
                    case.at(*here),
                    "only the last step of a curve may have no end",
                    "Add up_to: to this step.",
                )
            return
        if step.up_to <= before:
            case.findings.problem(
                case.at(*here, "up_to"),
                f"this step ends at {step.up_to}, where the one before ended at {before}",
                "Put the steps in rising order.",
            )
        before = step.up_to


def check_counted_twice(case: Case) -> None:
    """One act of one person in two rows would count twice."""
    first: dict[tuple[str, str], Position] = {}
    for path, row in case.rows():
        raw = case.document.data["catalogue"][path[1]].get("act")
        for index, word in strings(raw):
            at = case.at(*path, "act", index)
            who = (row.actor, word)
            if who in first:
                other = first[who]
                case.findings.problem(
                    at,
                    f"{quoted(word)} is in two rows (first at {case.where(other)}), so a record of it counts twice",
                    "Keep it in one row.",
                )
            else:
                first[who] = at


def check_authorities(case: Case) -> None:
    """An authority records acts of its own contexts."""
    for path, row in case.rows():
        authority = case.regime.authorities.get(row.authority)
        if authority is None or not set(authority.contexts) <= set(CONTEXTS):
            continue
        for one in dict.fromkeys(row.act):
            if one in ACT_IDS and act(one).context not in authority.contexts:
                at = case.key("authorities", row.authority)
                case.findings.warning(
                    case.at(*path, "authority"),
                    f"{quoted(row.authority)} records {quoted(one)}, outside its contexts (at {case.where(at)})",
                    f"Add {act(one).context} to its contexts, or name another authority.",
                )
