"""The score: its bounds, grades, components and dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from counterscore.errors import Position, quoted
from counterscore.quantity import Path as DataPath
from counterscore.regime.checks._case import Case, once, undefined, unknown
from counterscore.regime.model import Part, Score
from counterscore.regime.vocabulary import ATTRIBUTES, attribute

_ATTRIBUTE_IDS = tuple(one.id for one in ATTRIBUTES)


def check_components(case: Case) -> None:
    """Parts of the score with a limit, the rows that point at them, and points of further records."""
    score = case.regime.score
    parts = {part.id: part for part in score.components} if score else {}
    known = {id_: case.at(*path, "id") for id_, path in case.ids("score", "components").items()}
    used: set[str] = set()
    for path, row in case.rows():
        if row.component is not None and "score" not in case.broken:
            used.add(row.component)
            if score is None:
                case.findings.problem(
                    case.key(*path, "component"), "a component is part of a score, and there is none", "Add a score."
                )
            elif row.component not in known:
                undefined(case.findings, case.at(*path, "component"), "no component is called", row.component, known)
        steps = [row.points, *row.then, *(step.points for step in row.curve)]
        if row.discretion:
            steps += [row.discretion.least, row.discretion.most]
        part = parts.get(row.component or "")
        wrong = [one for one in steps if one and part and (one > 0) != (part.kind == "earned")]
        if part and wrong:
            there = case.where(case.at(*case.ids("score", "components")[part.id], "kind"))
            case.findings.problem(
                case.at(*path, "component"),
                f"{wrong[0]:+d} points in component {quoted(part.id)}, where points are only {part.kind} (at {there})",
                "Correct the sign, or name another component.",
            )
        if row.then and row.points is None:
            case.findings.problem(
                case.key(*path, "then"),
                "points of further records need the points of the first",
                "Add points: (of the first record that counts).",
            )
    for n, one in enumerate(score.components if score else ()):
        if one.most < 1:
            at = case.at("score", "components", n, "most")
            case.findings.problem(at, f"most must be at least 1, found {one.most}", "Write it without a sign.")
        if one.id not in used and "catalogue" not in case.broken:
            at = case.at("score", "components", n, "id")
            case.findings.warning(at, "no row of the catalogue points at this component", "It changes nothing.")
    if score and score.components and score.dimensions:
        case.findings.problem(
            case.key("score", "components"), "a weighted score has dimensions, not components", "Keep one of them."
        )


def check_score(case: Case) -> None:
    """Bounds, start and rhythm of the score; then its grades or its dimensions."""
    score = case.regime.score
    if score is None:
        return
    if score.update and score.update.months == 0:
        case.findings.problem(case.at("score", "update"), "an update needs some time", "Write for example: 1 month.")
    floor, ceiling = score.floor, score.ceiling
    if floor is not None and ceiling is not None and floor >= ceiling:
        other = case.at("score", "ceiling")
        case.findings.problem(
            case.at("score", "floor"),
            f"floor ({floor}) is not below the ceiling ({ceiling}) at {case.where(other)}",
            "Exchange them, or correct one.",
        )
        return
    if score.dimensions:
        if score.start is not None:
            case.findings.problem(
                case.key("score", "start"),
                "a weighted score has no start of its own: it begins with what its dimensions start with",
                "Remove it, and write start: in the dimensions.",
            )
        _dimensions(case, score)
    elif "start" not in score.model_fields_set:
        if "score" not in case.broken:
            case.findings.problem(
                case.key("score"), 'a score needs "start", or dimensions with weights', "Add start: …"
            )
    if floor is None or ceiling is None:
        return  # what cannot be worked out cannot be out of place
    if score.start is not None and not score.dimensions and not floor <= score.start <= ceiling:
        case.findings.problem(
            case.at("score", "start"),
            f"start ({score.start}) is outside the score, which goes from {floor} to {ceiling}",
            "Choose a start between them.",
        )
    _grades(case, score, floor, ceiling)


def _dimensions(case: Case, score: Score) -> None:
    """Weights above zero, starts of a hundred, and parts that each say where their hundred comes from."""
    rows = {id_: case.at(*path, "id") for id_, path in case.ids("catalogue").items()}
    counted: dict[str, Position] = {}
    for n, one in enumerate(score.dimensions):
        here = ("score", "dimensions", n)
        if one.weight is not None and one.weight < 0:
            case.findings.problem(case.at(*here, "weight"), f"a weight is not below 0, found {one.weight}", "")
        if not 0 <= one.start <= _WHOLE:
            case.findings.problem(
                case.at(*here, "start"),
                f"a dimension is 0 to {_WHOLE}, found {one.start}",
                "Write a part of a hundred.",
            )
        for m, part in enumerate(one.parts):
            there = (*here, "from", m)
            given = [key for key in ("records", "attribute", "friends") if getattr(part, key)]
            if len(given) != 1:
                case.findings.problem(
                    case.at(*there),
                    f"a part is one of records, attribute, friends; found {' and '.join(given) or 'none'}",
                    "Write for example: records: [row-id]",
                )
                continue
            for k, name in enumerate(part.records):
                at = case.at(*there, "records", k)
                if name not in rows:
                    undefined(case.findings, at, "no row of the catalogue is called", name, rows)
                once(case, counted, name, at, "row", "A record counts in one dimension.")
            _attribute(case, there, part)
    weights = [one.weight for one in score.dimensions if one.weight is not None]
    if sum(weights) <= 0 and len(weights) == len(score.dimensions):
        case.findings.problem(case.key("score", "dimensions"), "all weights are 0", "Give one of them a weight.")
    for path, row in case.rows():
        raw = case.document.data["catalogue"][path[1]]
        if row.id not in counted and "points" in raw and not case.broken & {"score"}:
            case.findings.warning(
                case.key(*path, "points"), f"these points lead nowhere: {row.id} is in no dimension", "Name it in one."
            )


_WHOLE = 100


def _attribute(case: Case, there: DataPath, part: Part) -> None:
    if not part.attribute:
        for key in ("values", "bands"):
            if getattr(part, key):
                case.findings.problem(case.key(*there, key), f"{key} need an attribute", "Add attribute: …")
        return
    at = case.at(*there, "attribute")
    if part.attribute not in _ATTRIBUTE_IDS:
        where = f"Attributes: {', '.join(_ATTRIBUTE_IDS)}."
        unknown(case.findings, at, "no attribute is called", part.attribute, _ATTRIBUTE_IDS, where)
        return
    found = attribute(part.attribute)
    wanted, other = ("bands", "values") if found.unit else ("values", "bands")
    if getattr(part, other) or not getattr(part, wanted):
        example = "bands: [{from: 0, gives: 10}]" if found.unit else f'values: {{"{found.categories[0]}": 10}}'
        case.findings.problem(at, f"{quoted(found.id)} needs {wanted}", f"Write for example: {example}.")
    for word in part.values:
        if not found.unit and word not in found.categories:
            where = f"It is one of: {', '.join(found.categories)}."
            unknown(
                case.findings,
                case.key(*there, "values", word),
                f"{found.id} cannot be",
                word,
                found.categories,
                where,
            )
    for k, (lower, upper) in enumerate(pairwise(part.bands)):
        if upper.floor <= lower.floor:
            case.findings.problem(
                case.at(*there, "bands", k + 1, "from"),
                f"this band starts at {upper.floor}, the one before at {lower.floor}",
                "Put the bands in rising order.",
            )


def _grades(case: Case, score: Score, floor: int, ceiling: int) -> None:
    """The known borders must follow each other; a gap is a mistake only where every border is known."""
    reachable = []
    known = [(grade.floor, grade.top) for grade in score.grades]
    whole = all(None not in borders for borders in known)
    for index, (least, most) in enumerate(known):
        if least is None or most is None:
            continue
        grade = _Borders(score.grades[index].id, least, most)
        here = ("score", "grades", index)
        low, high = case.at(*here, "from"), case.at(*here, "to")
        if grade.floor > grade.top:
            case.findings.problem(
                low,
                f"grade {grade.id} goes from {grade.floor} down to {grade.top}",
                "Write the lower border as from.",
            )
            return
        if grade.top < floor:
            at = case.at("score", "floor")
            case.findings.problem(
                high,
                f"grade {grade.id} ends at {grade.top}, below the floor ({floor}) at {case.where(at)}; "
                "it can never be reached",
                "Lower the floor, or remove the grade.",
            )
        elif grade.floor > ceiling:
            at = case.at("score", "ceiling")
            case.findings.problem(
                low,
                f"grade {grade.id} starts at {grade.floor}, above the ceiling ({ceiling}) at "
                f"{case.where(at)}; it can never be reached",
                "Raise the ceiling, or remove the grade.",
            )
        else:
            reachable.append((index, grade))
    for (n, better), (m, worse) in pairwise(reachable):
        at, other = case.at("score", "grades", m, "to"), case.at("score", "grades", n, "from")
        place = f"{case.where(other)}"
        if better.floor < worse.floor:
            case.findings.problem(
                case.at("score", "grades", m, "id"),
                f"grade {worse.id} is better than {better.id} above it",
                "List the best grade first.",
            )
            return
        if worse.top >= better.floor:
            case.findings.problem(
                at,
                f"grade {worse.id} up to {worse.top} overlaps grade {better.id} from {better.floor} (at {place})",
                f"Write {better.floor - 1}.",
            )
        elif whole and worse.top < better.floor - 1:
            missing = _span(worse.top + 1, better.floor - 1)
            case.findings.problem(
                at,
                f"no grade holds {missing}: grade {worse.id} ends here, grade {better.id} starts at "
                f"{better.floor} (at {place})",
                f"Write {better.floor - 1}.",
            )
    if reachable and whole:
        n, best = reachable[0]
        m, last = reachable[-1]
        if best.top < ceiling:
            at = case.at("score", "ceiling")
            case.findings.problem(
                case.at("score", "grades", n, "to"),
                f"no grade holds {_span(best.top + 1, ceiling)}: the ceiling is {ceiling} (at {case.where(at)})",
                f"Write {ceiling}.",
            )
        if last.floor > floor:
            at = case.at("score", "floor")
            case.findings.problem(
                case.at("score", "grades", m, "from"),
                f"no grade holds {_span(floor, last.floor - 1)}: the floor is {floor} (at {case.where(at)})",
                f"Write {floor}.",
            )


@dataclass(frozen=True, slots=True)
class _Borders:
    """A grade whose borders are known."""

    id: str
    floor: int
    top: int


def _span(low: int, high: int) -> str:
    return f"a score of {low}" if low == high else f"scores from {low} to {high}"
