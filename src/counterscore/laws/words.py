"""Findings in words. No sentence here judges a rule book, and none of the words of a verdict is used.

``FORBIDDEN`` is the list that a test looks for in every output. Where one of them stands in the rule book, in the
vocabulary or in a quoted statute it is quoted and not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from counterscore.laws.book import FILE
from counterscore.laws.check import STANDING_WORDS, Annex, Finding
from counterscore.laws.facts import questions
from counterscore.laws.kleene import Ask

FORBIDDEN = (
    "compliant",
    "compliance",
    "legal",
    "lawful",
    "allowed",
    "illegal",
    "unlawful",
    "violates",
    "violation",
    "violate",
    "breach",
    "breaches",
    "safe",
    "passes",
    "passed",
    "certified",
    "prohibited",
    "fair",
    "unfair",
)
RESULT_WORDS = {
    "met": "the file, read literally, shows this limb",
    "not met": "this limb is not shown by the file",
    "needs facts": "facts are missing",
}
MOST_SHOWN = 4  #: places printed of a finding; ``--json`` has all
MOST_WITNESSES = 3
MOST_ASKED = 6


def heading(annex: Annex) -> tuple[str, ...]:
    """What is read, on which day, and how many limbs came out how; never a share of anything."""
    book = annex.regime
    reforms = f", with {', '.join(book.reforms)}" if book.reforms else ""
    return (
        f"{book.title} ({book.id}{reforms}), read on {annex.day} under: {', '.join(annex.under)}.",
        f"{len(annex.met)} limbs are shown by the file, {len(annex.not_met)} are not shown by it, {len(annex.open)} need facts,"
        f" {len(annex.without_result)} have no result. These are limbs, not verdicts; their number says nothing.",
    )


def result(finding: Finding) -> str:
    """``met (by table RELATED v1)``, or why there is none."""
    if finding.result is None:
        return STANDING_WORDS[finding.standing]
    by = f" ({', '.join(finding.choices)})" if finding.choices else ""
    return finding.result + by


def rows(annex: Annex) -> list[tuple[str, str, str, str]]:
    """Check, source and article, result, and the limb in our words, for a table."""
    return [(one.check, f"{one.source}, {one.article}", result(one), one.limb) for one in annex]


def prose(finding: Finding) -> Iterator[str]:
    """A finding in full: lines, those below the first indented by two."""
    trust = f"{finding.trust}. " if finding.trust else ""
    yield f"{finding.check}  {trust}{finding.source}, {finding.article}: {finding.limb}"
    if finding.quote:
        yield f"  “{finding.quote}”"
    if finding.result is None:
        since = f" It is law from {finding.start}." if finding.standing == "not yet law" and finding.start else ""
        until = f" It was law until {finding.end}." if finding.standing == "no longer law" and finding.end else ""
        note = f" {finding.note}." if finding.note else ""
        yield f"  {finding.lead}: {result(finding)}, so there is no result.{since}{until}{note}"
        return
    by = f", {', '.join(finding.choices)}" if finding.choices else ""
    yield f"  {finding.lead}: {RESULT_WORDS[finding.result]}{by}."
    shown = sorted(finding.shown, key=lambda one: one.at is None)
    for one in shown[:MOST_SHOWN]:
        yield f"  - {one}"
    if len(shown) > MOST_SHOWN:
        yield f"  - and {len(shown) - MOST_SHOWN} more places (--json has all)"
    if finding.witnesses:
        more = len(finding.witnesses) - MOST_WITNESSES
        told = "; ".join(map(str, finding.witnesses[:MOST_WITNESSES])) + (f"; and {more} more" if more > 0 else "")
        yield f"  Witness: {told}."
    if finding.asks:
        yield f"  Missing: {asked(finding.asks)}."
    for words in finding.judgement:
        yield f"  Open: {words}."
    if finding.note:
        yield f"  Note: {finding.note}."
    for beside in finding.beside:
        yield f"  Beside it: {beside}."


def on_what(finding: Finding) -> list[str]:
    """What a finding rests on, for a table that shows check, source and limb already: how far it can be trusted comes first."""
    lines = [line.strip() for line in prose(finding)][1:]
    return [f"{finding.trust}.", *lines] if finding.trust else lines


def asked(asks: Sequence[Ask]) -> str:
    """Missing facts by question, with what each is about."""
    found: dict[str, list[str]] = {}
    for ask in asks:
        found.setdefault(ask.question, []).append(ask.about)
    out = []
    for question, about in found.items():
        names = [name for name in about if name]
        some = ", ".join(names[:MOST_ASKED]) + (
            f" and {len(names) - MOST_ASKED} more" if len(names) > MOST_ASKED else ""
        )
        if question == FILE:
            out.append(f"the file is silent on or leaves open {some}")
        else:
            out.append(f"{question}" + (f" of {some}" if names else ""))
    return "; ".join(out)


def questions_open(annex: Annex) -> list[tuple[str, str, str, str]]:
    """Question, what it is about, for which checks, and who could know, for a table."""
    found: dict[str, tuple[list[str], set[str]]] = {}
    for ask, checks in annex.asks.items():
        abouts, of = found.setdefault(ask.question, ([], set()))
        abouts += [ask.about] if ask.about else []
        of |= set(checks)
    return [
        (
            name,
            f"{len(abouts)} {questions()[name].about}s" if abouts else "",
            ", ".join(sorted(of)),
            questions()[name].who,
        )
        for name, (abouts, of) in found.items()
    ]


def text(annex: Annex, *, full: bool = True) -> str:
    """A reading as text: the heading, every finding in full, and the closing lines."""
    out = list(heading(annex))
    for one in annex:
        if full or one.result == "met":
            out += ["", *prose(one)]
    return "\n".join([*out, "", *annex.closing()]) + "\n"
