"""Readings that limbs of several sources share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from counterscore.laws.book import FILE, Book, Pair
from counterscore.laws.effects import Effect, Read
from counterscore.laws.kleene import Ask, Limb, Shown, Value, all_of, any_of, met, needs, not_met
from counterscore.regime.effects import REFUSING
from counterscore.regime.grammar import Duration
from counterscore.regime.model import ListRule
from counterscore.regime.vocabulary import Act, Kind

Limbs = dict[str, Callable[[Book], Limb]]
SPECIAL_ACTS = frozenset({"petition", "repeated-petition", "critical-post", "political-reading"})
PERHAPS_SPECIAL = frozenset({"blood-donation", "medical-disturbance", "unapproved-birth", "neglect-of-elders"})
OFFENCES = frozenset(
    {"crime", "fraud", "drunk-driving", "tax-fraud", "domestic-violence", "bribe-taking", "hit-and-run"}
)
PAYMENTS = frozenset(
    {"finance", "court_judgment", "utilities", "tax", "residence", "contract"}
)  #: contexts in which a duty is one to pay


def nothing_done(book: Book) -> Limb | None:
    """The limb of a rule book in whose file nobody is worse off; None where there is such an effect."""
    if book.harms:
        return None
    unclear = book.unclear
    if unclear:
        return needs(
            *(book.of(one, f"{one.id}: the file does not say whether anybody is worse off") for one in unclear),
            asks=[Ask(FILE, f"how {one.id} treats people") for one in unclear],
        )
    favours = [one for one in book.effects if one.harm is False]
    if favours:
        return not_met(*(book.of(one, f"{one.id} only gives an advantage") for one in favours))
    return not_met(Shown("no door in the file"))


def unless_unclear(book: Book, limb: Limb) -> Limb:
    """A limb that is not met stays open where the file has effects of which it does not say whether they harm anybody."""
    if limb.value is not Value.NOT_MET or not book.unclear:
        return limb
    return needs(
        *(book.of(one, f"{one.id}: the file does not say whether anybody is worse off") for one in book.unclear),
        asks=[Ask(FILE, f"how {one.id} treats people") for one in book.unclear],
    )


def worse_by_score(book: Book) -> Limb:
    """Whether a score, a grade or a list entered by one leads to worse treatment."""
    nothing = nothing_done(book)
    if nothing is not None:
        return nothing
    scored = [one for one in book.harms if one.scored and one.reads]
    if scored:
        return met(
            *(
                book.of(one, f"{one.id}: {one.effect if one.kind == 'door' else one.kind} by {one.by}")
                for one in scored
            ),
            witnesses=book.by(scored),
        )
    return needs(
        *(book.of(one, f"{one.id}: {one.by}; whether that is a score is open") for one in book.harms),
        asks=[Ask(FILE, "whether the list or record is the score")],
        judgement="whether a list entered by one decision is a social score: no authority was found",
    )


def unrelated(book: Book, wanted: Callable[[Effect], bool] = lambda _: True) -> Limb:
    """Whether an effect that makes somebody worse off lies in an unrelated part of life, by the table in use."""
    nothing = nothing_done(book)
    if nothing is not None and nothing.open:
        return nothing
    pairs = [pair for pair in book.pairs if wanted(pair.effect)]
    if not pairs:
        return needs(Shown("no pair of a record and a door in the file"), asks=[Ask(FILE, "doors and what they read")])
    apart = [one for one in pairs if one.related is False and not one.effect.relation_basis]
    if apart:
        return met(
            *_rows_of_table(book, apart),
            choices=[book.by_table],
            witnesses=book.witnesses(apart),
        )
    stated = [one for one in pairs if one.related is False]
    missing = [one for one in pairs if one.related is None]
    if stated or missing:
        return needs(
            *(
                book.of(one.effect, f"{one}: the file states a relation, which this laboratory does not weigh")
                for one in stated
            ),
            *(book.of(one.effect, f"{one}: {book.table.id} does not say") for one in missing),
            asks={Ask("necessity", one.effect.id) for one in (*stated, *missing)},
            choices=[book.by_table],
        )
    return unless_unclear(book, not_met(*_rows_of_table(book, pairs), choices=[book.by_table]))


def _rows_of_table(book: Book, pairs: Iterable[Pair]) -> tuple[Shown, ...]:
    """Each pair with the row of the table that says so, once for each door and context."""
    found: dict[tuple[str, str], Shown] = {}
    for pair in pairs:
        key = (pair.effect.id, pair.context)
        if key not in found:
            row = ", ".join(book.table.contexts.get(pair.context, ()))
            context = pair.context.replace("_", " ")
            tail = "" if not row else f"; {pair.effect.domain} is {'one of them' if pair.related else 'not among them'}"
            words = f"{pair}: {book.table.id} relates {context} to {row or 'no domain at all'}{tail}"
            found[key] = Shown(words, pair.effect.at, pair.effect.path, book.regime.id)
    return tuple(found.values())


def is_lawful(act: Act) -> bool:
    """Whether the act is one that the law leaves free: speech, reading, petition, a purchase."""
    return act.kind is Kind.LAWFUL


def lawful_alone(book: Book, wanted: Callable[[Act], bool] = is_lawful) -> Limb:
    """Whether acts that the law leaves free are enough by themselves for worse treatment."""
    nothing = nothing_done(book)
    if nothing is not None and nothing.open:
        return nothing
    pairs = [one for one in book.pairs if one.act is not None and wanted(one.act)]
    if not pairs:
        return unless_unclear(book, not_met(Shown("no such act is read by any door of the file")))
    enough = [one for one in pairs if all(map(wanted, one.read.acts())) and _finite(book.count(one.read, one.effect))]
    if enough:
        return met(
            *_pairs_shown(book, enough, "enough by itself"),
            witnesses=book.witnesses(enough),
        )
    return needs(
        *_pairs_shown(book, pairs, "read, and not shown to be enough by itself"),
        asks=[Ask(FILE, "points of these acts")],
    )


def _finite(count: float | None) -> bool:
    return count is not None and count != math.inf


def _pairs_shown(book: Book, pairs: Iterable[Pair], words: str) -> tuple[Shown, ...]:
    found = {(one.read.name, one.effect.id): book.row_shown(one.read, f"{one}: {words}") for one in pairs}
    return tuple(found.values())


def special_data(book: Book) -> Limb:
    """Whether something is read that shows opinions, beliefs, health, origin or sex life."""
    sure: list[Shown] = []
    open_: list[Read] = []
    refused: list[Shown] = []
    reads: list[Read] = []
    for read in book.everything:
        answer = book.fact("special", read.row.id) if read.kind == "row" else None
        acts = {one.id for one in read.acts()}
        if read.kind == "attribute" and read.attribute == "minority":
            sure.append(book.row_shown(read, "the attribute minority is read"))
            reads.append(read)
        elif answer == "yes":
            sure.append(book.answered("special", read.row.id))
            reads.append(read)
        elif answer == "no":
            refused.append(book.answered("special", read.row.id))
        elif acts & SPECIAL_ACTS:
            sure.append(book.row_shown(read, f"{read.row.id} reads {', '.join(sorted(acts & SPECIAL_ACTS))}"))
            reads.append(read)
        elif acts & PERHAPS_SPECIAL:
            open_.append(read)
    if sure:
        return met(*sure, witnesses=book.recorded(reads) or book.anything())
    if open_:
        return needs(
            *(book.row_shown(one, f"{one.name} may show such data") for one in open_),
            asks=[Ask("special", one.name) for one in open_],
        )
    return not_met(*(refused or [Shown("no such act or attribute is read in the file")]))


def solely(book: Book, effects: Iterable[Effect]) -> Limb:
    """Whether a decision behind one of these effects is made by a program alone."""
    limbs = []
    for one in effects:
        answer = book.fact("automated", one.id)
        if answer is None:
            limbs.append(needs(asks=[Ask("automated", one.id)]))
        elif answer == "solely":
            limbs.append(
                met(
                    book.answered("automated", one.id),
                    book.of(one, f"{one.id} {one.effect}"),
                    witnesses=book.by([one]),
                )
            )
        else:
            change = book.fact("human_can_change", one.id)
            if change == "yes":
                limbs.append(not_met(book.answered("automated", one.id), book.answered("human_can_change", one.id)))
            else:
                limbs.append(needs(book.answered("automated", one.id), asks=[Ask("human_can_change", one.id)]))
    return any_of(*limbs) if limbs else not_met(Shown("no such door in the file"))


def heavy(book: Book) -> tuple[Effect, ...]:
    """Effects that are like legal effects: essential services that are closed or narrowed."""
    return tuple(one for one in book.harms if one.essential and one.effect in REFUSING)


def months_of(length: Duration | None) -> int | None:
    """A length of time in months of the model's clock."""
    return None if length is None else length.months


def days_of(length: Duration) -> int:
    """A length of time in days, as the law counts: a month has no fewer than 28 and no more than 31."""
    return {"days": 1, "months": 30, "years": 365}[length.unit] * length.amount


def ends(rule: ListRule) -> str:
    """``fixed``, ``performed``, ``holds``, ``never`` or ``unknown``: how a stay on a list ends."""
    if rule.leave == ("never",) and rule.term.kind != "fixed":
        return "never"
    return ("unknown" if rule.term.text == "unknown" else "never") if rule.term.kind == "endless" else rule.term.kind


def adverse(book: Book) -> tuple[str, ...]:
    """Lists of the rule book itself that are not an honour."""
    return tuple(name for name in book.regime.lists if name not in book.regime.honours())


def absent_together(*limbs: Limb) -> Limb:
    """Met where all are written as absent, not met where all are written as given, else open: asks what is not written."""
    if all(one.met for one in limbs):
        return all_of(*limbs)
    if all(one.value is Value.NOT_MET for one in limbs):
        return any_of(*limbs)
    return mixed(*limbs)


def mixed(*limbs: Limb) -> Limb:
    """Several rights of which some are not written, or one is given and another not: open, asking for those not written."""
    left = [one for one in limbs if one.open] or [one for one in limbs if one.met]
    asks = {ask for one in left for ask in one.asks}
    return needs(
        *(said for one in left for said in one.shown),
        asks=asks,
        judgement="" if asks else "one of them is written as absent, another as given",
    )
