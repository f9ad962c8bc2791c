"""The EU regulation on artificial intelligence: social scoring, and what follows where a use is high-risk."""

from __future__ import annotations

import math

from counterscore.laws.book import FILE, Book
from counterscore.laws.kleene import Ask, Limb, Shown, all_of, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import Limbs, lawful_alone, nothing_done, unrelated, worse_by_score

MOST_GAPS = 5  #: pairs printed of those that a judgement could start from
BENEFITS, CREDIT, WORK, SCHOOL = (
    frozenset({"welfare", "hospital"}),
    frozenset({"loan"}),
    frozenset({"job", "public-post"}),
    frozenset({"school-place"}),
)
BY_CREDIT = frozenset({"rental", "transit-pass", "utility-discount", "flight", "high-speed-rail", "ordinary-rail"})


def ai_system(book: Book) -> Limb:
    """AIA-01."""
    return book.by_fact("system", ["learned"], ["rules"])


def natural_persons(book: Book) -> Limb:
    """AIA-02."""
    if book.about_people:
        if not book.everything and not book.effects:
            return not_met(Shown("the file records and rates nobody"))
        written = book.said("subjects") != "silent"
        shown = book.here("its subjects are residents", "subjects") if written else _acts_of_residents(book)
        return met(shown, witnesses=book.anything())
    persons = [one for one in book.harms if one.affects in ("firm head", "official") and one.scored]
    if persons:
        return met(
            *(book.of(one, f"{one.id} affects the {one.affects} and follows from a rating") for one in persons),
            witnesses=book.by(persons),
        )
    if book.regime.subjects == "firms":
        return needs(
            book.here("its subjects are firms; a sole trader is a natural person", "subjects"),
            asks=[Ask(FILE, "the form of firms in law")],
        )
    listed = [one for one in book.harms if one.affects in ("firm head", "official")]
    if listed:
        return needs(
            *(book.of(one, f"{one.id} affects the {one.affects}, by {one.by}") for one in listed),
            asks=[Ask(FILE, "whether the list or record is the score")],
        )
    return not_met(book.here(f"its subjects are {book.regime.subjects}", "subjects"))


def _acts_of_residents(book: Book) -> Shown:
    """Where it shows that residents are its subjects, though it does not say so: by what it reads of them."""
    for read in book.everything:
        return book.row_shown(read, f"{read.name} is about residents")
    return Shown("its doors and score are about residents")


def over_a_period(book: Book) -> Limb:
    """AIA-03."""
    regime = book.regime
    if regime.score is not None:
        rows = [
            one for one in book.everything if one.kind == "row" and (one.row.validity is None or one.row.validity.months > 1)
        ]  # fmt: skip
        lasting = [one for one in rows if one.row.validity is not None]
        if lasting:
            return met(
                *(
                    book.here(f"{one.row.id} counts for {one.row.validity}", *one.path, "validity", book=one.book)
                    for one in lasting
                ),
                witnesses=book.anything(),
            )
        if rows or regime.score.dimensions:
            return met(book.here("a score to which several records add up", "score"), witnesses=book.anything())
        if not regime.lists and not book.effects:
            return needs(
                book.here("a score, and nothing in the file says what counts in it", "score"),
                asks=[Ask(FILE, "what counts in the score")],
            )
    for name, rule in regime.lists.items():
        for ground in rule.enter:
            if ground.kind in ("records", "score", "grade", "stay"):
                return met(
                    book.here(f"{name} is entered by what happened over time", "lists", name, "enter"),
                    witnesses=book.anything(),
                )
    if any(one.scored for one in book.effects):
        return met(
            *(book.of(one, f"{one.id} follows from a score") for one in book.effects if one.scored),
            witnesses=book.anything(),
        )
    if regime.lists:
        return needs(
            *(
                book.here(
                    f"{name} is entered by one record: whether that is a one-off is the question",
                    "lists",
                    name,
                    "enter",
                )
                for name in regime.lists
            ),
            asks=[Ask(FILE, "whether one record is looked at over a period")],
            judgement="whether a list entered by one record is an evaluation over a period",
        )
    if not book.effects:
        return not_met(Shown("no score, no list and no door in the file"))
    return not_met(*(book.of(one, f"{one.id} follows one record") for one in book.effects))


def behaviour_or_traits(book: Book) -> Limb:
    """AIA-04."""
    acting = [one for one in book.everything if one.kind != "row" or one.row.act]
    if acting:
        words = {"row": "reads an act", "attribute": "is an attribute", "friends": "are read"}
        return met(
            *(book.row_shown(one, f"{one.name} {words[one.kind]}") for one in acting[:3]), witnesses=book.anything()
        )
    return not_met(Shown("nothing is read in the file"))


def advantage(book: Book) -> Limb:
    """AIA-07."""
    given = [one for one in book.effects if one.harm is False and one.scored and one.essential]
    if not given:
        return not_met(Shown("no advantage on a basic service by score in the file"))
    limbs = []
    for one in given:
        answer = book.fact("baseline", one.id)
        said = book.of(one, f"{one.id} gives an advantage on an essential service by {one.by}")
        if answer is None:
            limbs.append(needs(said, asks=[Ask("baseline", one.id)]))
        elif answer == "as before":
            limbs.append(not_met(said, book.answered("baseline", one.id)))
        else:
            limbs.append(
                needs(
                    said,
                    book.answered("baseline", one.id),
                    judgement="whether others are treated worse by it is for a court",
                )
            )
    return any_of(*limbs)


def of_others(book: Book) -> Limb:
    """AIA-08."""
    nothing = nothing_done(book)
    if nothing is not None:
        return nothing
    kin = [one for one in book.harms if one.affects == "kin"]
    rows = [pair for pair in book.pairs if pair.read.kind == "row" and pair.read.row.actor in ("kin", "group")]
    friends = [pair for pair in book.pairs if pair.read.kind == "friends"]
    if kin or rows:
        return met(
            *(book.of(one, f"{one.id} affects kin") for one in kin),
            *(book.row_shown(pair.read, f"{pair}: the act of {pair.read.row.actor}") for pair in rows),
            witnesses=book.witnesses([*(pair for one in kin for pair in book.pairs_of(one)), *rows]),
        )
    if friends:
        return needs(
            *(book.row_shown(pair.read, f"{pair}: scores of friends, which can only add") for pair in friends),
            asks=[Ask("necessity", pair.effect.id) for pair in friends],
            judgement="whether who has no friends with high scores is treated worse by their conduct",
        )
    return not_met(
        Shown("no door on kin, no act of kin or group and no friends are read for worse treatment in the file")
    )


def disproportionate(book: Book) -> Limb:
    """AIA-10."""
    nothing = nothing_done(book)
    if nothing is not None:
        return nothing
    gaps = [(gap, pair) for pair in book.pairs if (gap := book.gap(pair)) is not None]
    gaps.sort(key=lambda one: (-one[0][0], one[0][1], one[1].read.name, one[1].effect.id))
    said = []
    for (wide, count, months), pair in gaps[:MOST_GAPS]:
        lasts = (
            "how long is not said"
            if months is None
            else "without end"
            if months == math.inf
            else f"up to {months:g} months"
        )
        severity = "" if "severity" in pair.read.row.model_fields_set else ", severity not written and taken as general"
        said.append(book.of(pair.effect, f"{pair}: weight less gravity {wide:+d}, {count:g} alone, {lasts}{severity}"))
    return needs(
        *said,
        judgement="whether it is disproportionate to the gravity of the conduct is for a court; the pairs with the widest gap stand first",
        choices=[book.by_scale] if said else [],
        asks=[] if said else [Ask(FILE, "points, so that what one record does can be told")],
    )


def inability(book: Book) -> Limb:
    """AIA-11."""
    nothing = nothing_done(book)
    if nothing is not None:
        return nothing
    pairs = [one for one in book.pairs if one.act is not None and one.act.id == "judgment-unpaid-unable"]
    pure = [one for one in pairs if len(one.read.row.act) == 1]
    if pure:
        return met(
            *(book.row_shown(one.read, f"{one}: only inability is recorded by this row") for one in pure),
            witnesses=book.witnesses(pure),
        )
    if pairs:
        return needs(
            *(book.row_shown(one.read, f"{one}: the row mixes the able and the unable") for one in pairs),
            asks=[Ask("necessity", one.effect.id) for one in pairs],
        )
    return not_met(Shown("no record of somebody unable to pay is read by any door of the file"))


def whole_prohibition(book: Book) -> Limb:
    """AIA-12."""
    return all_of(
        ai_system(book),
        natural_persons(book),
        over_a_period(book),
        behaviour_or_traits(book),
        worse_by_score(book),
        any_of(unrelated(book), of_others(book), lawful_alone(book), disproportionate(book), inability(book)),
    )


def specific_purpose(book: Book) -> Limb:
    """AIA-13."""
    contexts = {one.context for _, one in book.acts(lambda _: True)}
    domains = {one.domain for one in book.effects}
    bases = {one.legal_basis for one in book.effects if one.kind == "door"}
    one_field = len(contexts) == 1 and len(domains) == 1
    if one_field and book.regime.purpose and (not bases or bases <= {"law", "regulation"}) and bases:
        return met(
            book.here(
                f"one context ({contexts.pop()}), one domain ({domains.pop()}), a purpose and a basis in law or regulation",
                "purpose",
            ),
            witnesses=book.anything(),
        )
    return needs(
        Shown(
            f"{len(contexts)} contexts of records, {len(domains)} domains of doors; bases written: {', '.join(sorted(bases)) or 'none'}"
        ),
        asks=[Ask(FILE, "one context, one domain, a purpose and a basis")],
        judgement="a consideration of recital 31, not an exception; it changes no result",
    )


def offence_predicted(book: Book) -> Limb:
    """AIA-14."""
    watched = [one for one in book.effects if one.kind == "scrutiny" and one.harm is not False]
    inspected = [
        one for one in book.effects
        if one.service == "inspection" and one.scored and one.reads and all(read.kind != "row" for read in one.reads)
    ]  # fmt: skip
    crimes = [
        read
        for read, act in book.acts(
            lambda act: act.id in ("fraud", "crime", "tax-fraud", "bribe-taking", "illegal-fundraising")
        )
    ]
    if (watched and crimes) or inspected:
        return needs(
            *(
                book.of(
                    one,
                    f"{one.id}: an occupation is watched more closely, and {crimes[0].name} is among what is watched for",
                )
                for one in watched
                if crimes
            ),
            *(book.of(one, f"{one.id}: inspections by traits alone") for one in inspected),
            asks=[Ask("necessity", one.id) for one in (*watched, *inspected)],
            judgement="whether a closer look at an occupation is an assessment of the risk of an offence",
        )
    return not_met(Shown("the file reads recorded acts and predicts no offence"))


def _uses(book: Book) -> list[tuple[str, str]]:
    """Which uses of Annex III a door that reads a score has: (effect id, point)."""
    credit = book.regime.purpose.lower()
    by_credit = (
        any(one.service == "loan" and one.scored for one in book.effects) or "credit" in credit or "lend" in credit
    )
    public = book.public is not False  # who runs it is asked for elsewhere
    found = []
    for one in book.effects:
        if not one.scored:
            continue
        if one.service in BENEFITS and public:
            found.append((one.id, "5(a)"))
        elif one.service in CREDIT or (one.service in BY_CREDIT and by_credit):
            found.append((one.id, "5(b)"))
        elif one.service in WORK:
            found.append((one.id, "4(a)(b)"))
        elif one.service in SCHOOL:
            found.append((one.id, "3(a)"))
    return found


def annex_three(book: Book) -> Limb:
    """AIA-15."""
    if not book.about_people:
        return not_met(book.here(f"its subjects are {book.regime.subjects}", "subjects"))
    uses = _uses(book)
    if not uses:
        return not_met(Shown("no door of such a service reads a score in the file"))
    effects = {one.id: one for one in book.effects}
    said = [book.of(effects[name], f"{name}: Annex III point {point}") for name, point in uses]
    system = book.by_fact("system", ["learned"], ["rules"])
    return system.but(*said)


def profiled(book: Book) -> Limb:
    """AIA-16."""
    if book.about_people and book.scored:
        return met(book.here("natural persons are scored, which is profiling", "score"), witnesses=book.anything())
    if book.about_people and any(one.scored for one in book.effects):
        return met(
            *(book.of(one, f"{one.id} follows from a score") for one in book.effects if one.scored),
            witnesses=book.anything(),
        )
    return not_met(Shown("no score over natural persons in the file"))


def human_no_way_out(book: Book) -> Limb:
    """AIA-17."""
    if book.present("rights", "appeal", "human_review"):
        said = book.here(
            "human review is written; a human who decides does not take a use out of Annex III",
            "rights",
            "appeal",
            "human_review",
        )
        return needs(said, judgement="a sentence of draft guidelines, printed as an argument and not as a limb")
    return needs(
        Shown("a human who decides would not take a use out of Annex III"),
        judgement="a sentence of draft guidelines, printed as an argument and not as a limb",
    )


def told_of_system(book: Book) -> Limb:
    """AIA-18."""
    absent = book.absent("notice", "rights", "notice", "given")
    told = book.fact("system_told")
    if told is not None:
        absent = book.by_fact("system_told", ["no"], ["yes"])
    elif absent.value.name == "NOT_MET":
        absent = needs(
            *absent.shown, Shown("notice in a rule book is of a record, not of a system"), asks=[Ask("system_told")]
        )
    return all_of(annex_three(book), absent)


def fundamental_rights(book: Book) -> Limb:
    """AIA-19."""
    done = book.by_fact("fria", ["none"], ["done"])
    return all_of(annex_three(book), done)


def explanation(book: Book) -> Limb:
    """AIA-20."""
    reasons = book.absent("reasons", "rights", "reasons")
    if reasons.value.name == "NOT_MET":
        told = book.fact("explained")
        if told is None:
            reasons = needs(
                *reasons.shown, Shown("the role of the system is a further matter"), asks=[Ask("explained")]
            )
        else:
            reasons = book.by_fact("explained", ["no"], ["yes"])
    both = all_of(annex_three(book), reasons)
    return both.but(
        Shown(
            "open question: Article 86 applies formally since 2 August 2026, its object (high-risk, Annex III) from 2 December 2027; both readings are held"
        )
    )


LIMBS: Limbs = {
    "AIA-01": ai_system,
    "AIA-02": natural_persons,
    "AIA-03": over_a_period,
    "AIA-04": behaviour_or_traits,
    "AIA-05": worse_by_score,
    "AIA-06": unrelated,
    "AIA-07": advantage,
    "AIA-08": of_others,
    "AIA-09": lawful_alone,
    "AIA-10": disproportionate,
    "AIA-11": inability,
    "AIA-12": whole_prohibition,
    "AIA-13": specific_purpose,
    "AIA-14": offence_predicted,
    "AIA-15": annex_three,
    "AIA-16": profiled,
    "AIA-17": human_no_way_out,
    "AIA-18": told_of_system,
    "AIA-19": fundamental_rights,
    "AIA-20": explanation,
}
