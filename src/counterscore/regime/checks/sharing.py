"""Who shares records with whom, what comes from another rule book, and what lenders go by."""

from __future__ import annotations

from counterscore.errors import Position, quoted
from counterscore.quantity import Path as DataPath
from counterscore.regime.checks._case import Case, once, unknown
from counterscore.regime.found import copied
from counterscore.regime.model import PUBLIC, Sharing
from counterscore.regime.vocabulary import CONTEXTS


def check_sharing(case: Case) -> None:
    """Entries must mean something, and whoever reads records must have a name where they are not all shared."""
    entries = case.regime.sharing
    if PUBLIC in case.regime.authorities:
        case.findings.problem(
            case.key("authorities", PUBLIC), f"no authority can be called {quoted(PUBLIC)}", "Write another id."
        )
    if entries is None or "sharing" in case.broken:
        return
    first: dict[str, Position] = {}
    for index, one in enumerate(entries):
        here = ("sharing", index)
        once(case, first, one.id, case.at(*here, "of"), "the entry", "Keep one of them.")
        _from_elsewhere(case, here, one)
        if one.coverage is not None and not 0 < one.coverage <= 1:
            case.findings.problem(
                case.at(*here, "coverage"),
                f"coverage must be above 0 and at most 1, found {one.coverage:g}",
                f"Write {one.coverage / 100:g}."
                if 1 < one.coverage <= 100
                else "Remove the entry where nothing is shared.",
            )
        if (
            one.origin is None
            and one.of == one.to
            and one.within == "city"
            and one.after is None
            and one.coverage == 1.0
        ):
            case.findings.warning(
                case.at(*here, "to"),
                "an authority knows its own records; this entry only carries them across the city",
                "If its offices are meant to know each other's records of the nation, write within: nation.",
            )
    reason = "this rule book says what is shared (at {}), so it must say who reads the records here"
    where = case.where(case.key("sharing"))
    for path, named in (
        *((("lists", id_), rule.authority or not any(one.row for one in rule.enter)) for id_, rule in case.lists()),
        *((path, door.authority or door.when.kind != "record") for path, door in case.doors()),
        *([(("score",), case.regime.score.authority)] if case.regime.score else []),
    ):
        if not named:
            at = case.at(*path, "id") if path[0] == "doors" else case.key(*path)
            case.findings.problem(at, reason.format(where), "Add authority: (an id of authorities).")


def _from_elsewhere(case: Case, here: DataPath, one: Sharing) -> None:
    """What an entry takes from another rule book of the stack must exist there, and be about something here."""
    for index, kind in enumerate(one.kinds):
        if kind not in CONTEXTS:
            where = f"Contexts: {', '.join(CONTEXTS)}."
            unknown(case.findings, case.at(*here, "kinds", index), "no context is called", kind, CONTEXTS, where)
    if one.origin is None:
        for key in ("kinds", "rows", "corrected"):
            if key in one.model_fields_set:
                case.findings.problem(
                    case.key(*here, key),
                    f"{key} is about records of another rule book, and this entry names none",
                    "Add from: (the id of a rule book of the stack), or leave it out.",
                )
        return
    if "stack" in case.broken or "catalogue" in case.broken:
        return
    at = case.at(*here, "from")
    book = next((each for each in case.stacked if each.id == one.origin), None)
    if book is None:
        known = [each.id for each in case.stacked]
        where = f"The stack: {', '.join(known)}." if known else "Add stack: with its id or file."
        unknown(case.findings, at, "no rule book of the stack is called", one.origin, known, where)
        return
    if book.subjects != case.regime.subjects:
        case.findings.problem(
            at,
            f"{one.origin} is about {book.subjects}, and this rule book about {case.regime.subjects}",
            "Records of one are not records of the other; a door with affects: firm or firm head reaches across.",
        )
    elif one.of not in book.authorities:
        where = f"Its authorities: {', '.join(book.authorities)}."
        sentence = f"{one.origin} has no authority called"
        unknown(case.findings, case.at(*here, "of"), sentence, one.of, tuple(book.authorities), where)
    elif one.rows:
        _named_rows(case, here, one)
    elif not any(
        copy.entry is one
        for row in case.regime.catalogue
        if (copy := copied(case.regime, row, (case.regime, *case.stacked)))
    ):
        firsts = [each.channel for each in case.regime.sharing or ()]
        if one.channel in firsts[: int(here[1])]:  # further readers of what an earlier entry brings
            return
        acts = sorted({name for row in book.catalogue if row.authority == one.of for name in row.act})
        case.findings.problem(
            case.at(*here, "of"),
            f"no row here is about what {quoted(one.of)} of {one.origin} records"
            + (f" of {' or '.join(one.kinds)}" if one.kinds else ""),
            f"Add rows on its acts ({', '.join(acts[:4])}) or its lists, or remove the entry.",
        )


def _named_rows(case: Case, here: DataPath, one: Sharing) -> None:
    """Each row that an entry names must be a copy of what the entry is about."""
    stack = (case.regime, *case.stacked)
    for index, name in enumerate(one.rows):
        at = case.at(*here, "rows", index)
        row = next((each for each in case.regime.catalogue if each.id == name), None)
        if row is None:
            known = [each.id for each in case.regime.catalogue]
            unknown(
                case.findings, at, "no row of the catalogue is called", name, known, f"Rows: {', '.join(known[:8])}."
            )
        elif (copy := copied(case.regime, row, stack)) is None or copy.entry.channel != one.channel:
            case.findings.problem(
                at,
                f"row {quoted(name)} is not about what {quoted(one.of)} of {one.origin} records",
                "Name rows all of whose acts, or whose list, it records.",
            )


def check_lending(case: Case) -> None:
    """Each credit file is judged by something, and by a border that divides."""
    for path, one in case.lending():
        raw = case.document.data["lending"][path[1]]
        if not any(key in raw for key in ("refused_on", "below", "refused")):
            case.findings.problem(
                case.at(*path, "file"),
                f"nothing is said of those with credit file {quoted(one.file)}",
                "Add refused_on: [row-id], below: a score, or refused: a share.",
            )
        if one.refused is not None and not 0 <= one.refused <= 1:
            case.findings.problem(
                case.at(*path, "refused"),
                f"refused must be from 0 to 1, found {one.refused:g}",
                f"Write {one.refused / 100:g}." if 1 < one.refused <= 100 else "",
            )
        score = case.regime.score
        if one.below is not None and "score" not in case.broken:
            if score is None:
                case.findings.problem(
                    case.at(*path, "below"), "there is no score to judge by", "Add a score, or use refused_on."
                )
            elif score.floor is None or score.ceiling is None:
                pass  # what cannot be worked out cannot be out of place
            elif not score.floor < one.below <= score.ceiling:
                case.findings.problem(
                    case.at(*path, "below"),
                    f"a border at {one.below} refuses nobody or everybody: the score goes from {score.floor} to "
                    f"{score.ceiling}",
                    "Choose a border between them.",
                )
