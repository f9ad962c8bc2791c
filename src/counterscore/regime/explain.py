"""A regime in plain sentences: what is recorded, what follows, how one gets out, and how sure each number is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from counterscore.regime import words
from counterscore.regime.effects import in_words
from counterscore.regime.grammar import Duration
from counterscore.regime.model import PUBLIC, SCALE, Discretion, ListRule, Part, Regime, Row, Score, Sharing
from counterscore.regime.vocabulary import CONTEXTS, SERVICES, act, attribute

_SERVICES = {one.id: one.label for one in SERVICES}


def sentences(regime: Regime, *, review: str = "unreviewed") -> tuple[str, ...]:
    """The regime as lines of text; an indented line belongs to the heading above it.

    ``review`` is what the catalogue knows of a second reading. What the regime stacks is named, not told.
    """
    lines = [f"{regime.title} ({regime.id})", *_indented(_head(regime, review))]
    for heading, part in (
        ("Recorded acts", _catalogue(regime)),
        ("Score", _score(regime)),
        ("Lists", _lists(regime)),
        ("Doors", _doors(regime)),
        ("Sharing", _sharing(regime)),
        ("Lending", _lending(regime)),
        ("Closer scrutiny", _scrutiny(regime)),
        ("Assessment of officials", _assessment(regime)),
        ("Matchmaking", _partners(regime)),
        ("Shown to others", _shown(regime)),
        ("Rights", _rights(regime)),
        ("Sources", _sources(regime)),
        ("Unknown", _unknowns(regime)),
    ):
        told = list(part)
        if told:
            lines += ["", heading, *_indented(told)]
    return tuple(lines)


def marks_in_words(regime: Regime, *, whole: bool = False) -> str:
    """The marks of a rule book's numbers; of this file alone, or of the ``whole`` with those that it stacks."""
    return words.tally_in_words(
        number for one in (regime.stacked() if whole else (regime,)) for number in one.numbers()
    )


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _head(regime: Regime, review: str) -> Iterator[str]:
    force = regime.in_force
    since = f", from {force.start}" + (f" to {force.end}" if force.end else "") if force else ""
    since += f", adopted in {regime.adopted}" if regime.adopted else ""
    level = "" if regime.level is None else f"{regime.level} law{_own(regime, 'level')}; "
    yield f"{regime.place}; {level}{regime.status}{since}; {regime.owner}, {regime.participation}."
    if regime.subjects != "residents":
        yield f"It is about {regime.subjects}." + (
            f" Records and lists follow the {regime.follows}." if regime.subjects == "firms" else ""
        )
    if regime.version_of:
        yield f"A version of {regime.version_of}."
    for text in (regime.purpose, regime.about):
        if text:
            yield _sentence(text)
    if regime.participation != "mandatory" and regime.score:
        yield f"Who does not take part has no score; {regime.without_consent} without consent."
    if regime.decided:
        yield f"Decided by {_decided_by(regime.decided.by)}; automated: {regime.decided.automated}."
    if "youngest" in regime.model_fields_set:
        yield f"Its subjects are {_known(regime.youngest)} years and over{_own(regime, 'youngest')}."
    if regime.stack:
        yield f"In force together with {', '.join(regime.stack)}."
    yield f"{_sentence(marks_in_words(regime))} {_sentence(review)}"
    if regime.reforms:
        yield f"Changed by the reforms {', '.join(regime.reforms)}."


def _decided_by(what: str) -> str:
    return {"rules": "rules that people wrote", "model": "a learned model"}.get(what, "what was not said")


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _catalogue(regime: Regime) -> Iterator[str]:
    """Rows by context of life, in the order of the vocabulary; entries on lists last."""
    by_context: dict[str, list[tuple[int, Row]]] = {}
    for n, row in enumerate(regime.catalogue):
        by_context.setdefault(act(row.act[0]).context if row.act else "lists", []).append((n, row))
    for context in (*CONTEXTS, "lists"):
        if context in by_context:
            yield f"{context.replace('_', ' ').capitalize()}:"
            yield from _indented(_row(n, row, regime) for n, row in by_context[context])


def _row(n: int, row: Row, regime: Regime) -> str:
    here = ("catalogue", n)
    by = regime.authorities[row.authority].label
    about = {"kin": " (next of kin)", "group": " (another member of the group)"}.get(row.actor, "")
    cap = ""
    if row.cap:
        lasts = _for(row.cap.lasts, "while it counts") + _own(regime, *here, "cap", "lasts")
        cap = f"; grade no better than {row.cap.grade} {lasts}"
    confirmed = "" if row.confirmed else "; without a confirmation in law"
    counts = words.counts_for(regime, row) + _own(regime, *here, "validity")
    points = _points(row) + _own(regime, *here, "points")
    size = ""
    if row.at_least is not None:
        unit = next((act(one).unit for one in row.act if act(one).unit), "units")
        size = f", from {row.at_least:,} {unit} on{_own(regime, *here, 'at_least')}"
    watched = ""
    if row.watched is None or row.watched != 1:
        times = "an unknown number of times" if row.watched is None else f"{row.watched:g} times"
        watched = f"; looked for, and so seen {times} as often{_own(regime, *here, 'watched')}"
    rule = f"{points}, counts {counts}{cap}{confirmed}{watched}"
    return f"{row.label}{about}{size}: {rule}. Recorded by {by}. {_trust(row)}"


def _points(row: Row) -> str:
    if isinstance(row.discretion, Discretion):
        least, most = _signed(row.discretion.least), _signed(row.discretion.most)
        return f"{least} to {most} points as the official chooses"
    if row.curve:
        unit = next((act(one).unit for one in row.act if act(one).unit), "units")
        steps = [
            f"{_signed(step.points)} for each {step.per} {unit}"
            + (f" up to {step.up_to}" if step.up_to is not None else " beyond")
            for step in row.curve
        ]
        return f"{', '.join(steps)} in a year"
    if row.points is None:
        return "points unknown" if row.unknown_points else "no points"
    if row.then:
        further = ", ".join(f"{_signed(step)}" for step in row.then)
        part = f", in {row.component}" if row.component else ""
        return f"{_signed(row.points)} points for the first that counts, then {further} for each further one{part}"
    per = {"record": "", "cycle": " for each monthly cycle", "episode": " for each unbroken spell"}[row.per]
    return f"{_signed(row.points)} {'point' if abs(row.points) == 1 else 'points'}{per}"


def _signed(points: int | None) -> str:
    return "unknown" if points is None else f"{points:+d}"


def _for(length: Duration | None, otherwise: str) -> str:
    return f"for {length}" if length else otherwise


def _score(regime: Regime) -> Iterator[str]:
    score = regime.score
    if score is None:
        if regime.catalogue:
            yield "There is no score."
        return
    rhythm = f", published every {score.update}" if score.update else ""
    if score.dimensions:
        yield from _weighted(score, regime, rhythm)
        return
    start, floor, ceiling = (
        f"{_known(value)}{_own(regime, 'score', name)}"
        for name, value in (("start", score.start), ("floor", score.floor), ("ceiling", score.ceiling))
    )
    yield f"Starts at {start}, between {floor} and {ceiling}{rhythm}. {_trust(score)}"
    for n, one in enumerate(score.components):
        most = f"{one.most}{_own(regime, 'score', 'components', n, 'most')}"
        yield f"{one.label or one.id} ({one.id}): at most {most} points {one.kind} in all. {_trust(one)}"
    if not score.known:
        yield "No score can be worked out from what was published."
    yield from _grades(score)


def _grades(score: Score) -> Iterator[str]:
    for grade in score.grades:
        label = f", {grade.label}" if grade.label else ""
        if grade.floor is None or grade.top is None:
            yield f"Grade {grade.id}: borders unknown{label}; who has it cannot be said."
        else:
            yield f"Grade {grade.id}: {grade.floor} to {grade.top}{label}."


def _known(value: int | None) -> str:
    return "an unknown number" if value is None else str(value)


def _weighted(score: Score, regime: Regime, rhythm: str) -> Iterator[str]:
    """The dimensions with their weights, and what each is made of."""
    total = sum(one.weight or 0 for one in score.dimensions)
    between = f"Weighted, between {_known(score.floor)} and {_known(score.ceiling)}{rhythm}"
    begins = f"; {score.opening60 // SCALE} where nothing is known" if score.known else ""
    yield f"{between}{begins}. {_trust(score)}"
    if not score.known:
        yield "No score can be worked out from what was published."
    for n, one in enumerate(score.dimensions):
        weight = _own(regime, "score", "dimensions", n, "weight")
        share = "of unknown weight" if one.weight is None else f"{one.weight} of {total}"
        yield f"{one.label or one.id}: {share}{weight}; starts at {one.start} of 100. {_trust(one)}"
        for part in one.parts:
            yield f"  {_part(part)}{f' {_trust(part)}' if part.source else ''}"
    yield from _grades(score)


def _part(part: Part) -> str:
    if part.records:
        return f"Records: {', '.join(part.records)}."
    if part.friends:
        return "Friends: their mean score of an earlier month, instead of the start."
    found = attribute(part.attribute or "")
    given = [f"{name} {'unknown' if gives is None else f'{gives:+d}'}" for name, gives in part.values.items()]
    given += [f"{gives:+d} from {floor:,} {found.unit}" for floor, gives in ((b.floor, b.gives) for b in part.bands)]
    return f"{found.label.capitalize()}: {', '.join(given)}."


def _lists(regime: Regime) -> Iterator[str]:
    for id_, rule in regime.lists.items():
        kind = "an order" if rule.kind == "order" else "a list"
        stay = _stay(rule, _own(regime, "lists", id_, "term"))
        entry = _entry(rule, regime) + _own(regime, "lists", id_, "enter")
        yield f"{rule.label} ({id_}, {kind}, {rule.severity}): {entry}. {stay} {_trust(rule)}"
        if rule.grace:
            grace = f"{rule.grace}{_own(regime, 'lists', id_, 'grace')}"
            yield f"  Takes effect {grace} after its ground, unless the duty is performed before."
        elif "grace" in rule.model_fields_set:
            yield f"  A period of grace of unknown length{_own(regime, 'lists', id_, 'grace')}; not applied."
        if rule.extend:
            on = ", ".join(rule.extend.on)
            most = f", to at most {rule.extend.at_most}" if rule.extend.at_most else ""
            if rule.extend.counted == "from the record":
                yield f"  A further record of {on} makes it last {rule.extend.by} from that record on{most}."
            else:
                yield f"  Lengthened by {rule.extend.by} on a further record of {on}{most}."
        if rule.replaces:
            others = " and ".join(regime.lists[one].label for one in rule.replaces)
            yield f"  Takes the place of: {others}. Who enters it leaves that, and cannot enter that while on it."
        if "legal_basis" in rule.model_fields_set:
            yield f"  Legal basis of the list: {rule.legal_basis}."
        public = rule.publicity
        if public.reach != "none":
            fields = ", ".join(public.fields) or "what is not said"
            lasts = f" for {public.lasts}{_own(regime, 'lists', id_, 'publicity', 'lasts')}" if public.lasts else ""
            yield f"  Published to the {public.reach}{lasts}: {fields}."


def _entry(rule: ListRule, regime: Regime) -> str:
    rows = {row.id: row.label for row in regime.catalogue}
    grounds = []
    for entry in rule.enter:
        match entry.kind:
            case "score":
                grounds.append(f"a score below {entry.border}")
            case "grade":
                grounds.append(f"grade {entry.grade} or worse")
            case "record":
                grounds.append(f'a record of "{rows[entry.row]}"')
            case "records":
                grounds.append(f'{entry.at_least} records of "{rows[entry.row]}" within {entry.within} months')
            case "stay":
                grounds.append(f"{entry.within} months on {entry.list}")
    return f"entered on {' or '.join(grounds)}"


def _stay(rule: ListRule, term: str) -> str:
    terms = {
        "performed": "Stays until the duty is performed.",
        "holds": "Stays while the ground holds.",
        "endless": "No end is known." if rule.term.text == "unknown" else "Never ends by itself.",
    }
    stay = terms.get(rule.term.kind, f"Stays {rule.term.text}{term}.")
    if rule.leave == ("never",):
        return f"{stay} Nobody can leave."
    return f"{stay} Left when {' or '.join(rule.leave)}."


def _doors(regime: Regime) -> Iterator[str]:
    for n, door in enumerate(regime.doors):
        key = "share" if door.effect == "narrowed" else "saves" if "saves" in door.model_fields_set else "times"
        size = _own(regime, "doors", n, key)
        whom = _WHOM.get(door.affects, "")
        when = door.trigger + _own(regime, "doors", n, "lasts")
        service = _sentence(_SERVICES[door.service])[:-1]
        basis = f"{door.level}; legal basis: {door.legal_basis}"
        but = f", except: {'; '.join(door.exceptions)}" if door.exceptions else ""
        yield f"{service} is {in_words(door, 'sentence')}{size}{whom} on {when}{but} ({basis}). {_trust(door)}"


_WHOM = {
    "kin": " for next of kin",
    "firm": " for the firms that the resident represents",
    "firm head": " for the firm's legal representative",
    "official": " for the body's leading official",
}


def _sharing(regime: Regime) -> Iterator[str]:
    if regime.sharing is None:
        if regime.catalogue:
            yield "Everything is shared at once: every record counts wherever this rule book asks for it, in all places."
        return
    for n, one in enumerate(regime.sharing):
        here = ("sharing", n)
        share = "An unknown share" if one.coverage is None else "All" if one.coverage == 1 else f"{one.coverage:.0%}"
        share += _own(regime, *here, "coverage")
        to = "whoever deals with the resident" if one.to == PUBLIC else regime.authorities[one.to].label
        after = f"after {one.after}{_own(regime, *here, 'after')}" if one.after else "at once"
        reach = "in all cities" if one.within == "nation" else "in this city"
        whose = regime.authorities[one.of].label if one.origin is None else _elsewhere(regime, one)
        kinds = f" of {' and '.join(kind.replace('_', ' ') for kind in one.kinds)}" if one.kinds else ""
        labels = [f'"{row.label}"' for row in regime.catalogue if row.id in one.rows]
        kinds += f" that {' and '.join(labels)} {'is' if len(labels) == 1 else 'are'} about" if labels else ""
        back = "" if one.origin is None else "; taken back with them" if one.corrected else "; not taken back with them"
        yield f"{share} of the records{kinds} of {whose} reach {to} {after}, {reach}{back}. {_trust(one)}"
    yield "Any other record counts only with the office that made it; who moves away leaves it behind."


def _elsewhere(regime: Regime, one: Sharing) -> str:
    """An authority of another rule book, by its label there."""
    book = next((each for each in regime.stacked() if each.id == one.origin), None)
    label = book.authorities[one.of].label if book and one.of in book.authorities else one.of
    return f"{label} under {one.origin}"


def _lending(regime: Regime) -> Iterator[str]:
    rows = {row.id: row.label for row in regime.catalogue}
    for n, one in enumerate(regime.lending):
        grounds = [f'a record of "{rows[name]}"' for name in one.refused_on]
        if one.below is not None:
            grounds.append(f"a score below {one.below}{_own(regime, 'lending', n, 'below')}")
        said = f"refused on {' or '.join(grounds)}" if grounds else "not judged by any record"
        if "refused" in one.model_fields_set:
            rest = "an unknown share" if one.refused is None else f"{one.refused:.0%}"
            said += f", and {rest}{_own(regime, 'lending', n, 'refused')} of {'the rest' if grounds else 'them'}"
            said += " for want of anything to judge by"
        yield f"Loans, credit file {one.file}: {said}. {_trust(one)}"


def _scrutiny(regime: Regime) -> Iterator[str]:
    for n, one in enumerate(regime.scrutiny):
        times = "an unknown number of times" if one.times is None else f"{one.times:g} times"
        times += _own(regime, "scrutiny", n, "times")
        yield f"{one.occupation.capitalize()}: seen, at equal conduct, {times} as likely. {_trust(one)}"


def _assessment(regime: Regime) -> Iterator[str]:
    one = regime.assessment
    if one is None:
        return
    weight = "an unknown part" if one.weight is None else f"{one.weight:.0%}"
    weight += _own(regime, "assessment", "weight")
    whose = (
        "what was recorded while that official led, here or elsewhere" if one.of == "official" else "the body's rating"
    )
    yield f"The yearly assessment of the official who leads a body: {whose} is {weight} of it. {_trust(one)}"


def _partners(regime: Regime) -> Iterator[str]:
    partners = regime.partners
    if partners is None:
        return
    yield f"Singles are shown to each other by the grades of {partners.by}. {_trust(partners)}"
    for n, one in enumerate(partners.prominence):
        times = "how many times as often is unknown" if one.times is None else f"{one.times:g} times as often"
        own = f" {_trust(one)}" if one.source else ""
        yield f"Grade {one.grade}: shown, {times}{_own(regime, 'partners', 'prominence', n, 'times')}.{own}"


def _shown(regime: Regime) -> Iterator[str]:
    if regime.shown is None:
        return
    yield f"To friends: {words.SHOWN[regime.shown.friends]}."
    yield f"To singles who look: {words.SHOWN[regime.shown.mates]}. {_trust(regime.shown)}"


def _rights(regime: Regime) -> Iterator[str]:
    if not (regime.catalogue or regime.lists or regime.doors):
        return
    rights = regime.rights
    notice = f"given within {rights.notice.within or 'an unknown time'}" if rights.notice.given else "none"
    yield f"Notice: {notice}."
    appeal = "none"
    if rights.appeal.available:
        human = ", by a human" if rights.appeal.human_review else ""
        decide = f"{rights.appeal.decide or 'an unknown time'}{_own(regime, 'rights', 'appeal', 'decide')}"
        appeal = f"decided within {decide}{human}"
    yield f"Appeal: {appeal}."
    if rights.repair is None:
        yield "Repair: none."
    for rule in rights.repair.rules if rights.repair else ():
        most = f", ends after {rule.at_most}" if rule.at_most else ""
        yield f"Repair, {rule.severity}: possible after {rule.after or 'an unknown time'}{most}."
    if rights.repair and rights.repair.conditions:
        yield f"Repair asks for: {', '.join(rights.repair.conditions)}."
    if not rights.correction.given:
        yield "Correction of a known mistake: none."
    elif rights.correction.within:
        yield f"Correction of a known mistake within {rights.correction.within}."
    if rights.retention.at_most:
        listed = " A record that a listing rests on is kept as long as that." if rights.retention.while_listed else ""
        start = rights.retention.counted_from
        yield f"Nothing is kept longer than {rights.retention.at_most}, counted from {start}.{listed}"
    else:
        yield "Retention: no limit."
    if rights.review:
        yield f"Listings are looked at again every {rights.review.every or 'so often, how often is unknown'}."
    for key, right in (("hearing", "Hearing before anything takes effect"), ("objection", "Objection to being rated")):
        if key in rights.model_fields_set:
            yield f"{right}: {'yes' if getattr(rights, key) else 'no'}."
    named = (("Defence", rights.defence), ("Reasons", rights.reasons), ("Compensation", rights.compensation))
    for name, given in named:
        yield f"{name}: {'yes' if given else 'no'}."


def _sources(regime: Regime) -> Iterator[str]:
    used = Counter(one.source for one in regime.numbers())
    for id_, source in regime.sources.items():
        read = f", read {source.read}" if source.read else ""
        where = f" {source.address}" if source.address else ""
        numbers = f"{used[id_]} {'number' if used[id_] == 1 else 'numbers'}"
        yield f"{id_} ({source.kind}, {numbers}{read}): {source.title}.{where}"


def _unknowns(regime: Regime) -> Iterator[str]:
    for number in regime.numbers():
        if number.value is None:
            path = list(number.path)
            if len(path) > 1 and path[0] in ("catalogue", "doors") and isinstance(path[1], int):
                path[1] = regime.document.data[path[0]][path[1]]["id"]
            yield f"{'.'.join(map(str, path))} ({number.at})"


def _own(regime: Regime, *path: str | int) -> str:
    """Source and mark of a number that has its own, and not those of the item around it."""
    node: Any = regime.document.data
    for step in path:
        node = node.get(step) if isinstance(node, dict) else node[int(step)] if isinstance(node, list) else None
    if not isinstance(node, dict) or "value" not in node:
        return ""
    return " " + _said(node.get("source"), node.get("mark"), node.get("borrowed"))


def _trust(item: object) -> str:
    """``[notice-7, verified]``, and from where a number was borrowed."""
    return _said(*(getattr(item, name, None) for name in ("source", "mark", "borrowed")))


def _said(source: str | None, mark: str | None, borrowed: str | None) -> str:
    if source is None:
        return "[no source]"
    said = [source, *([mark] if mark else []), *([f"borrowed: {borrowed}"] if borrowed else [])]
    return f"[{', '.join(said)}]"
