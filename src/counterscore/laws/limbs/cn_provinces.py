"""Provincial regulations on public credit information: Henan, Shandong, Shanghai, Zhejiang, Shenzhen."""

from __future__ import annotations

import math
from collections.abc import Iterable

from counterscore.laws.book import FILE, Book, Pair
from counterscore.laws.kleene import Ask, Limb, Shown, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, adverse, mixed, months_of, unrelated
from counterscore.regime.vocabulary import Kind

FEES = frozenset({"utility-arrears", "property-fee-arrears"})
FEE_FIELDS = frozenset({"utilities", "housing"})
KINDS = frozenset(
    {
        "flight",
        "high-speed-rail",
        "ordinary-rail",
        "star-hotel",
        "home-purchase",
        "public-post",
        "tender",
        "market-access",
        "business-licence",
        "firm-licence",
    }
)
FIVE_YEARS = 60
JUDGED = frozenset({"judgment-unpaid-able", "judgment-unpaid-unable", "firm-judgment-unpaid"})


def minor_or_unconfirmed(book: Book) -> Limb:
    """CN-11."""
    found: list[Pair] = []
    open_: list[Pair] = []
    by_table = False
    for pair in book.pairs:
        if pair.act is None or pair.read.book.id != book.regime.id:
            continue
        row = pair.read.row
        written = "confirmed" in row.model_fields_set
        fee = pair.act.id in FEES and not (written and row.confirmed)
        minor = row.severity == "minor" and "severity" in row.model_fields_set
        if not (fee or minor) or pair.effect.domain in FEE_FIELDS | {"being named in public"}:
            continue
        enough = book.count(pair.read, pair.effect) not in (None, math.inf)
        sure = row.mark == "verified" and not row.borrowed and pair.related is False
        if enough and fee and written:
            found.append(pair)
        elif enough and minor and sure:
            found.append(pair)
            by_table = True
        else:
            open_.append(pair)
    if found:
        shown = _once(book, found, "grounds a door outside its field")
        return met(*shown, choices=[book.by_table] if by_table else [], witnesses=book.witnesses(found))
    if open_:
        return needs(
            *_once(book, open_, "severity borrowed or assumed, confirmation not written, or not enough alone"),
            asks=[Ask("penalty_behind", pair.read.row.id) for pair in open_],
        )
    return not_met(Shown("no minor or unconfirmed row reaches an adverse door outside its field in the file"))


def _once(book: Book, pairs: Iterable[Pair], words: str) -> list[Shown]:
    found = {(one.read.name, one.effect.id): book.row_shown(one.read, f"{one}: {words}") for one in pairs}
    return list(found.values())


def ordinary_unrelated(book: Book) -> Limb:
    """CN-12."""
    doors = [one for one in book.harms if one.kind == "door" and one.level == "ordinary"]
    if not doors:
        return not_met(Shown("no ordinary measure in the file"))
    written = {one.id for one in doors if one.door is not None and "level" in one.door.model_fields_set}
    if written:
        limb = unrelated(book, lambda one: one.id in written)
        if limb.met:
            return limb
    else:
        limb = None
    silent = [one for one in doors if one.id not in written]
    apart = [pair for pair in book.pairs if pair.effect in silent and pair.related is not True]
    if apart:
        return needs(
            *(
                book.of(one, f"{one.id}: level not written")
                for one in {pair.effect.id: pair.effect for pair in apart}.values()
            ),
            asks=[Ask(FILE, f"level of {name}") for name in {pair.effect.id for pair in apart}],
            choices=[book.by_table],
        )
    return (
        limb
        if limb is not None
        else not_met(*(book.of(one, f"{one.id}: every pair is related") for one in silent), choices=[book.by_table])
    )


def serious_without_law(book: Book) -> Limb:
    """CN-13."""
    doors = [one for one in book.harms if one.kind == "door" and one.level == "serious" and one.service in KINDS]
    if not doors:
        return not_met(Shown("no serious measure of the first five kinds in the file"))
    below = [one for one in doors if one.legal_basis in ("none", "policy", "local regulation", "regulation")]
    if below:
        return met(
            *(book.of(one, f"{one.id}: {one.legal_basis}") for one in below),
            witnesses=book.by(below),
        )
    unknown = [one for one in doors if one.legal_basis == "unknown"]
    if unknown:
        return needs(
            *(book.of(one, f"{one.id}: basis unknown or not written") for one in unknown),
            asks=[Ask("basis_text", one.id) for one in unknown],
        )
    return not_met(*(book.of(one, f"{one.id}: a law is named") for one in doors))


def listed_unheard(book: Book) -> Limb:
    """CN-14."""
    if not adverse(book):
        return not_met(Shown("no adverse list in the file"))
    rights: tuple[Limb, ...] = (
        book.absent("defence", "rights", "defence"),
        book.absent("notice", "rights", "notice", "given"),
    )
    hearing = book.fact("prior_hearing")
    if hearing is None and book.said("rights", "hearing") in ("yes", "no"):
        rights = (*rights, book.absent("hearing", "rights", "hearing"))
    elif hearing is not None:
        rights = (*rights, book.by_fact("prior_hearing", ["no"], ["yes"]))
    if any(one.met for one in rights[:1] + rights[2:]) or (rights[1].met and not rights[0].open):
        return any_of(*(one for one in rights if one.met))
    if not any(one.open or one.met for one in rights):
        return not_met(*(said for one in rights for said in one.shown))
    return mixed(*rights)


def only_judgments(book: Book) -> Limb:
    """CN-15."""
    pairs = [pair for pair in book.pairs if pair.act is not None and pair.effect.kind == "door"]
    if not pairs:
        return not_met(Shown("no record leads to an adverse door in the file"))
    free = [pair for pair in pairs if pair.act is not None and pair.act.kind in (Kind.LAWFUL, Kind.STATUS)]
    if free:
        return met(*_once(book, free, "a sanction for what is no such non-performance"), witnesses=book.witnesses(free))
    if all(pair.act is not None and pair.act.id in JUDGED for pair in pairs):
        return not_met(*_once(book, pairs, "non-performance of a judgment"))
    open_ = [pair for pair in pairs if pair.act is not None and pair.act.id not in JUDGED]
    limbs = []
    for pair in {one.read.name: one for one in open_}.values():
        answer = book.fact("penalty_behind", pair.read.row.id)
        if answer == "no":
            limbs.append(met(book.answered("penalty_behind", pair.read.row.id), witnesses=book.witnesses([pair])))
        elif answer is None:
            limbs.append(
                needs(
                    book.row_shown(pair.read, f"{pair}: is there a penalty behind it"),
                    asks=[Ask("penalty_behind", pair.read.row.id)],
                )
            )
        else:
            spared = [book.fact("exempt_minor"), book.fact("first_offence")]
            if None in spared:
                limbs.append(
                    needs(
                        book.answered("penalty_behind", pair.read.row.id),
                        asks=[Ask("exempt_minor"), Ask("first_offence")],
                    )
                )
            elif "no" in spared:
                name = "exempt_minor" if spared[0] == "no" else "first_offence"
                limbs.append(met(book.answered(name), witnesses=book.witnesses([pair])))
            else:
                limbs.append(not_met(book.answered("exempt_minor"), book.answered("first_offence")))
    return any_of(*limbs)


def five_years(book: Book) -> Limb:
    """CN-16."""
    regime = book.regime
    long_rows = [one for one in book.rows if (months_of(one.row.validity) or 0) > FIVE_YEARS]
    most = months_of(regime.rights.retention.at_most)
    if long_rows or (most or 0) > FIVE_YEARS:
        said = [book.here(f"{one.row.id} counts for {one.row.validity}", *one.path, "validity") for one in long_rows]
        if (most or 0) > FIVE_YEARS:
            said.append(book.here(f"retention: {regime.rights.retention.at_most}", "rights", "retention", "at_most"))
        return met(*said, witnesses=book.recorded(long_rows) or book.anything())
    if not book.rows:
        return not_met(Shown("the file records nothing of its own"))
    open_rows = [one for one in book.rows if one.row.validity is None and most is None]
    if open_rows:
        return needs(
            *(book.row_shown(one, f"{one.row.id}: how long it counts is not written") for one in open_rows),
            asks=[Ask(FILE, "rights.retention.at_most")],
        )
    if regime.rights.retention.while_listed:
        return needs(
            book.here("records are kept while a listing rests on them", "rights", "retention", "while_listed"),
            judgement="Zhejiang and Henan let records be kept while listed; for Shandong it was not shown",
        )
    start = regime.rights.retention.counted_from
    if most is not None and book.said("rights", "retention", "counted_from") == "silent":
        return needs(Shown("from when the years run is not written"), asks=[Ask(FILE, "rights.retention.counted_from")])
    if most is not None and start == "sentence end":
        return needs(
            book.here("counted from the end of a sentence", "rights", "retention", "counted_from"),
            judgement="Shanghai counts from the end of the conduct, Zhejiang from its recognition",
        )
    return not_met(Shown("every record of the file ends within five years"))


def barred_inputs(book: Book) -> Limb:
    """CN-17."""
    read = [
        one
        for one in book.everything
        if one.kind == "attribute" and one.attribute in ("income", "home") and one.part[:1] == ("score",)
    ]
    if not read:
        return not_met(Shown("neither income nor a home is read by a score in the file"))
    if (
        book.regime.participation == "mandatory"
        and book.said("participation") == "yes"
        and book.regime.owner == "public"
    ):
        return met(
            *(book.row_shown(one, f"a mandatory public score reads {one.attribute}") for one in read),
            witnesses=book.anything(),
        )
    return needs(*(book.row_shown(one, f"a score reads {one.attribute}") for one in read), asks=[Ask("consent")])


LIMBS: Limbs = {
    "CN-11": minor_or_unconfirmed,
    "CN-12": ordinary_unrelated,
    "CN-13": serious_without_law,
    "CN-14": listed_unheard,
    "CN-15": only_judgments,
    "CN-16": five_years,
    "CN-17": barred_inputs,
}
