"""Lists: grounds that can never or always hold, ways out, grace, replacement and repair."""

from __future__ import annotations

from counterscore.errors import quoted
from counterscore.quantity import Path as DataPath
from counterscore.regime.checks._case import Case
from counterscore.regime.checks.references import _inside
from counterscore.regime.grammar import Term
from counterscore.regime.model import SCALE, ListRule


def check_grounds(case: Case) -> None:
    """Grounds for entry that can never or always hold."""
    score = case.regime.score
    if score is not None and score.known and (score.floor or 0) >= (score.ceiling or 0):
        return
    for id_, rule in case.lists():
        for entry in rule.enter:
            path = ("lists", id_, "enter")
            if entry.kind in {"score", "grade"} and score is None and "score" not in case.broken:
                case.findings.problem(
                    case.at(*path),
                    f"there is no score, so no {entry.kind} to enter by",
                    "Add a score, or use record(row-id).",
                )
            elif entry.kind == "score" and score is not None and score.known and score.floor is not None:
                at = _inside(case, path, entry.offset, str(entry.border))
                if entry.border <= score.floor:
                    case.findings.problem(
                        at,
                        f"the score is never below {entry.border}: its floor is {score.floor}",
                        "Raise the border, or remove this ground.",
                    )
                elif entry.border * SCALE > score.opening60 and "score" not in case.broken:
                    begins = score.opening60 // SCALE
                    case.findings.warning(
                        at,
                        f"everybody is on this list from the start: the score starts at {begins}",
                        "Check the border.",
                    )
            elif entry.kind == "grade" and score is not None and score.grades and entry.grade == score.grades[0].id:
                at = _inside(case, path, entry.offset, entry.grade)
                case.findings.warning(at, f"grade {entry.grade} or worse is everybody", "Check the grade.")
            elif entry.kind == "stay" and (entry.within < 1 or entry.list == id_):
                case.findings.problem(
                    case.at(*path),
                    "a stay of at least one month on another list is needed",
                    "Write for example: stay(list-id, 36 months).",
                )
            elif entry.kind == "records" and (entry.at_least < 1 or entry.within < 1):
                case.findings.problem(
                    case.at(*path),
                    "at least one record within at least one month is needed",
                    "Write for example: records(row-id, 2 in 12 months).",
                )


def check_exits(case: Case) -> None:
    """Terms and exits must agree, and somebody must be able to leave."""
    rights = case.regime.rights
    known = "rights" not in case.broken
    for id_, rule in case.lists():
        path = ("lists", id_)
        leave, term = case.at(*path, "leave"), rule.term
        if not rule.leave or ("never" in rule.leave and len(rule.leave) > 1):
            case.findings.problem(
                leave,
                '"never" cannot stand beside other exits' if rule.leave else "no exit is named",
                "Write leave: [never] if nobody can leave, or name the exits, such as [expired, corrected].",
            )
            continue
        if _contradiction(case, path, rule):
            continue
        if rule.leave == ("never",):
            continue
        repair = next(
            (one for one in (rights.repair.rules if rights.repair else ()) if one.severity == rule.severity),
            None,
        )
        kept = rights.retention.at_most and not rights.retention.while_listed
        bounded = bool((repair and repair.at_most) or (kept and term.kind != "performed"))
        if known and "repaired" in rule.leave and repair is None:
            case.findings.warning(
                leave,
                f"nobody can leave by repair: rights.repair has no rule for a {rule.severity} list",
                "Add one to rights.repair, or take repaired out.",
            )
        if known and "expired" in rule.leave and term.kind in {"performed", "endless"} and not bounded:
            at = case.at(*path, "term")
            case.findings.problem(
                leave,
                f'"expired" cannot happen: the term is {quoted(term.text)} (at {case.where(at)}), '
                "and no right ends it sooner",
                "Write a term such as 24 months, or take expired out.",
            )
            continue
        correction = rights.appeal.available or rights.correction.within is not None
        ways = (
            term.kind in {"fixed", "holds"}
            or "performed" in rule.leave
            or bounded
            or ("repaired" in rule.leave and repair is not None)
            or ("corrected" in rule.leave and correction)
        )
        if known and not ways:
            case.findings.warning(
                case.key(*path),
                "nobody can leave this list: no expiry, no appeal, no repair",
                "If meant, write leave: [never].",
            )
        _extension(case, path, rule, term)


def check_grace(case: Case) -> None:
    """A period of grace runs from a record or a border; a stay on another list has run long enough."""
    for id_, rule in case.lists():
        if rule.grace and any(entry.kind == "stay" for entry in rule.enter):
            case.findings.problem(
                case.at("lists", id_, "grace"),
                "grace does not go with entry by staying on another list",
                "Write the months into stay(list-id, 36 months), or remove grace.",
            )


def check_replaced(case: Case) -> None:
    """A list takes the place of others, not of itself; and of two lists only one takes the place of the other."""
    rules = dict(case.lists())
    for id_, rule in rules.items():
        for index, name in enumerate(rule.replaces):
            at = case.at("lists", id_, "replaces", index)
            other = rules.get(name)
            if name == id_:
                case.findings.problem(at, "a list cannot take its own place", "Name another list, or remove replaces.")
            elif other and id_ in other.replaces:
                case.findings.problem(
                    at,
                    f"{id_} and {name} each take the other's place, so nobody knows who stays where",
                    f"Remove replaces from one of them; the other is at {case.where(case.key('lists', name))}.",
                )
            elif other and other.grace:
                case.findings.problem(
                    at,
                    f"{name} has a period of grace, which goes on whatever else is entered",
                    f"Remove grace from {name}, or {name} from replaces.",
                )


def _contradiction(case: Case, path: DataPath, rule: ListRule) -> bool:
    """Say where term and exits contradict each other; True if they do."""
    leave, term, at = case.at(*path, "leave"), rule.term, case.at(*path, "term")
    there = f"at {case.where(at)}"
    if rule.leave == ("never",) and term.kind != "endless":
        case.findings.problem(
            leave,
            f"nobody leaves, but the term is {quoted(term.text)} ({there})",
            "Write term: never ends, or name the exits.",
        )
        return True
    if term.kind == "fixed" and "expired" not in rule.leave:
        case.findings.problem(
            leave,
            f'the term is {term.text} ({there}), but "expired" is not an exit, so nobody leaves when it is over',
            "Add expired, or write term: never ends.",
        )
        return True
    if term.kind == "fixed" and term.months == 0:
        case.findings.problem(at, "a term of no time has no effect", "Write for example: 24 months.")
        return True
    if term.kind == "performed" and "performed" not in rule.leave:
        case.findings.problem(
            leave,
            f'the term is "until performed" ({there}), but "performed" is not an exit',
            "Add performed, or write another term.",
        )
        return True
    if term.kind == "holds" and not any(entry.kind in {"score", "grade"} for entry in rule.enter):
        case.findings.problem(
            at,
            "no score or grade is among the grounds, so none can hold or stop to hold",
            "Write a term such as 24 months.",
        )
        return True
    return False


def _extension(case: Case, path: DataPath, rule: ListRule, term: Term) -> None:
    if rule.extend is None:
        return
    if term.kind != "fixed":
        case.findings.problem(
            case.key(*path, "extend"),
            f"only a fixed term can be extended, and this one is {quoted(term.text)}",
            "Remove extend, or write a fixed term.",
        )
        return
    by, most = rule.extend.by, rule.extend.at_most
    if by and by.months == 0:
        case.findings.problem(case.at(*path, "extend", "by"), "an extension by no time has no effect", "")
    if most and most.months <= term.months:
        at = case.at(*path, "term")
        case.findings.problem(
            case.at(*path, "extend", "at_most"),
            f"at most {most} in all leaves no room beyond the term of {term.text} (at {case.where(at)})",
            "Write a longer at_most, or remove extend.",
        )


def check_repair(case: Case) -> None:
    """Repair that begins after the stay is over."""
    repair = case.regime.rights.repair
    for index, rule in enumerate(repair.rules if repair else ()):
        if rule.after and rule.at_most and rule.after.months > rule.at_most.months:
            case.findings.problem(
                case.at("rights", "repair", "rules", index, "after"),
                f"repair after {rule.after} comes too late: the stay ends after {rule.at_most}",
                "Exchange after and at_most, or correct one.",
            )
