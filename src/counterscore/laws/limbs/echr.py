"""The European Convention on Human Rights, with the judgments that were read on lists and systems."""

from __future__ import annotations

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, all_of, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, adverse, ends, lawful_alone
from counterscore.regime.model import PUBLIC
from counterscore.regime.vocabulary import Act, Kind

WIDE, NARROW = (
    10,
    2,
)  #: most by least of an official's choice from which too much (a choice of this laboratory), or something, is left open
LONG_BAR = 24  #: months of a travel bar up to which it is taken as short; a choice of this laboratory
TRAVEL = frozenset({"flight", "high-speed-rail", "ordinary-rail"})
EXPOSING = ("address", "gender", "sex", "identity", "id number", "family", "kin")


def who_is_listed(book: Book) -> Limb:
    """ECHR-01."""
    read = [one for one in book.reads_of(book.effects) if one.kind == "row" and one.book.id == book.regime.id]
    listed = {ground.row for rule in book.regime.lists.values() for ground in rule.enter}
    wide, some, unknown = [], [], []
    for one in read:
        choice = one.row.discretion
        if choice:
            if not choice.least or choice.most is None:
                unknown.append(one)
            elif abs(choice.most) / abs(choice.least) >= WIDE:
                wide.append(one)
            elif abs(choice.most) / abs(choice.least) >= NARROW:
                some.append(one)
        if one.row.id in listed and not one.row.confirmed and "confirmed" in one.row.model_fields_set:
            some.append(one)
        if one.row.unknown_points:
            unknown.append(one)
    if wide:
        return met(
            *(book.row_shown(one, f"{one.row.id}: an official chooses between {one.row.discretion.least} and {one.row.discretion.most} points") for one in wide if one.row.discretion),
            choices=[f"ratio {WIDE} or more"], witnesses=book.recorded(wide),
        )  # fmt: skip
    if some or unknown:
        return needs(
            *(
                book.row_shown(one, f"{one.row.id}: a choice, no confirmation, or unknown points")
                for one in (*some, *unknown)
            ),
            asks=[Ask(FILE, f"how {one.row.id} is decided") for one in (*some, *unknown)],
        )
    if not read:
        return not_met(Shown("no row of the file lists anybody or lowers a grade"))
    return not_met(Shown("closed grounds with fixed points in the file"))


def where_it_is_used(book: Book) -> Limb:
    """ECHR-02."""
    regime = book.regime
    shared = [(n, one) for n, one in enumerate(regime.sharing or ()) if one.to == PUBLIC]
    doorless = [
        name for name in adverse(book)
        if regime.lists[name].publicity.reach == "nation" and not any(one.kind == "door" and one.list == name for one in book.effects)
    ]  # fmt: skip
    if shared and not book.regime.doors:
        return met(
            *(
                book.here(f"{one.id}: records reach the public, and no door says what follows", "sharing", n)
                for n, one in shared
            ),
            witnesses=book.recorded(book.rows),
        )
    if doorless:
        return met(
            *(
                book.here(
                    f"{name} is published to the nation, and no door says what follows", "lists", name, "publicity"
                )
                for name in doorless
            ),
            witnesses=book.witnesses(
                pair for one in book.effects if one.list in doorless for pair in book.pairs_of(one)
            ),
        )
    if regime.partners or regime.lending or regime.owner == "private" or shared:
        return needs(
            Shown("others look the list, score or records up: what they do with it is not in the file"),
            asks=[Ask(FILE, "who uses it and how")],
        )
    return not_met(Shown("every effect is a door in the file"))


def law_behind_door(book: Book) -> Limb:
    """ECHR-03."""
    if book.public is False:
        return not_met(book.runs_it())
    doors = [one for one in book.harms if one.kind == "door"]
    if not doors:
        return not_met(Shown("no door in the file"))
    if book.public is None:
        return needs(Shown("the file does not say who runs it"), asks=[Ask("operator")])
    none = [one for one in doors if one.legal_basis == "none"]
    if none:
        return met(
            *(book.of(one, f"{one.id}: none") for one in none),
            witnesses=book.by(none),
        )
    limbs = []
    for one in doors:
        answer = book.fact("basis_text", one.id)
        if answer == "none":
            limbs.append(met(book.answered("basis_text", one.id), witnesses=book.by([one])))
        elif answer is None:
            limbs.append(
                needs(
                    book.of(one, f"{one.id}: {one.legal_basis}; the rank alone shows no quality"),
                    asks=[Ask("basis_text", one.id)],
                )
            )
        else:
            limbs.append(
                needs(
                    book.answered("basis_text", one.id),
                    judgement="whether the provision is foreseeable and limits what can be done",
                )
            )
    return any_of(*limbs)


def verifiable(book: Book) -> Limb:
    """ECHR-04."""
    learned = book.by_fact("system", ["learned"], ["rules"])
    reasons = book.absent("reasons", "rights", "reasons")
    if learned.met and reasons.met:
        return all_of(learned, reasons)
    unknown = [
        read for one in book.harms if one.scored and one.effect == "closed" for read in one.reads
        if read.kind == "row" and read.row.unknown_points
    ]  # fmt: skip
    if learned.value.name == "NOT_MET" and reasons.value.name == "NOT_MET":
        if unknown:
            return needs(
                *(
                    book.row_shown(one, f"{one.row.id}: unknown points in a grade that closes a door")
                    for one in unknown
                ),
                asks=[Ask(FILE, f"points of {one.row.id}") for one in unknown],
            )
        return not_met(*learned.shown, *reasons.shown)
    limbs = [one for one in (learned, reasons) if one.open]
    return needs(
        *(said for one in (learned, reasons) for said in one.shown),
        asks={ask for one in limbs for ask in one.asks},
        judgement="" if limbs else "one is shown, the other is not",
    )


def kept_without_end(book: Book) -> Limb:
    """ECHR-05."""
    lists = adverse(book)
    if not lists:
        return not_met(Shown("no adverse list in the file"))
    endless = [name for name in lists if ends(book.regime.lists[name]) == "never"]
    if endless:
        return met(
            *(book.here(f"{name} never ends", "lists", name, "term") for name in endless),
            witnesses=book.witnesses(
                pair for one in book.effects if one.list in endless for pair in book.pairs_of(one)
            ),
        )
    way_out = book.present("rights", "appeal", "available") or book.said("rights", "repair") == "yes"
    if all(ends(book.regime.lists[name]) == "fixed" for name in lists) and way_out:
        return not_met(
            *(book.here(f"{name}: {book.regime.lists[name].term.text}", "lists", name, "term") for name in lists)
        )
    return needs(
        *(book.here(f"{name}: {book.regime.lists[name].term.text}", "lists", name, "term") for name in lists),
        asks=_reviews(book, lists),
    )


def _reviews(book: Book, lists: tuple[str, ...]) -> list[Ask]:
    if book.said("rights", "review") == "yes":
        return []
    return [Ask("review", one.id) for one in book.harms if one.list in lists] or [Ask(FILE, "rights.review")]


def travel_bar(book: Book) -> Limb:
    """ECHR-06."""
    bars = []
    for one in book.harms:
        duty = [read for read, act in book.acts(lambda act: act.kind is Kind.DUTY, one.reads)]
        if one.service in TRAVEL and one.effect == "closed" and duty and one.list in book.regime.lists:
            bars.append(one)
    if not bars:
        return not_met(Shown("no travel is closed for a duty to pay in the file"))
    open_ended = [one for one in bars if ends(book.regime.lists[one.list]) in ("performed", "holds")]
    appeal = book.said("rights", "appeal", "available")
    if open_ended and appeal == "no":
        return met(
            *(book.of(one, f"{one.id}: {book.regime.lists[one.list].term.text}") for one in open_ended),
            witnesses=book.by(open_ended),
        )
    fixed = all(
        ends(book.regime.lists[one.list]) == "fixed" and book.regime.lists[one.list].term.months <= LONG_BAR
        for one in bars
    )
    if fixed and appeal == "yes":
        return not_met(
            *(book.of(one, f"{one.id}: {book.regime.lists[one.list].term.text}") for one in bars),
            choices=[f"{LONG_BAR} months"],
        )
    return needs(
        *(book.of(one, f"{one.id}: {book.regime.lists[one.list].term.text}") for one in bars),
        asks=[Ask("review", one.id) for one in bars],
        judgement="whether a flight means leaving the country",
    )


def published_more(book: Book) -> Limb:
    """ECHR-07."""
    regime = book.regime
    lists = [name for name in regime.lists if regime.lists[name].publicity.reach != "none" and name in adverse(book)]
    if not lists:
        return not_met(Shown("nothing is published in the file"))
    exposing, minor = [], []
    for name in lists:
        public = regime.lists[name].publicity
        if any(word in field.lower() for field in public.fields for word in EXPOSING):
            exposing.append(name)
        elif (
            public.reach == "nation"
            and regime.lists[name].severity == "minor"
            and "severity" in regime.lists[name].model_fields_set
        ):
            minor.append(name)
    if exposing or minor:
        found = [*exposing, *minor]
        return met(
            *(
                book.here(
                    f"{name} publishes {', '.join(regime.lists[name].publicity.fields)} to the {regime.lists[name].publicity.reach}",
                    "lists",
                    name,
                    "publicity",
                )
                for name in found
            ),
            witnesses=book.witnesses(pair for one in book.effects if one.list in found for pair in book.pairs_of(one)),
        )
    return needs(
        *(
            book.here(
                f"{name} publishes {', '.join(regime.lists[name].publicity.fields) or 'what is not said'}",
                "lists",
                name,
                "publicity",
            )
            for name in lists
        ),
        asks=[Ask("necessity", f"publicity-{name}") for name in lists],
    )


def schooling(book: Book) -> Limb:
    """ECHR-08."""
    doors = [one for one in book.harms if one.service == "school-place" and one.effect == "closed"]
    if not doors:
        return not_met(Shown("no school place is closed in the file"))
    paying = [one for one in doors if "fee" in one.relation_basis]
    if len(paying) == len(doors):
        return needs(
            *(book.of(one, f"{one.id}: about a school that asks fees") for one in paying),
            asks=[Ask("necessity", one.id) for one in paying],
        )
    rest = [one for one in doors if one not in paying]
    return met(
        *(book.of(one, f"{one.id}: closed for the record of a parent") for one in rest),
        witnesses=book.by(rest),
    )


def _speech(act: Act) -> bool:
    return act.context in ("speech", "petition") and act.kind is Kind.LAWFUL


def free_speech(book: Book) -> Limb:
    """ECHR-09."""
    return lawful_alone(book, _speech)


LIMBS: Limbs = {
    "ECHR-01": who_is_listed,
    "ECHR-02": where_it_is_used,
    "ECHR-03": law_behind_door,
    "ECHR-04": verifiable,
    "ECHR-05": kept_without_end,
    "ECHR-06": travel_bar,
    "ECHR-07": published_more,
    "ECHR-08": schooling,
    "ECHR-09": free_speech,
}
