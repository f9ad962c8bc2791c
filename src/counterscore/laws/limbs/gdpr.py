"""The General Data Protection Regulation, with the case law of the Court of Justice on scores."""

from __future__ import annotations

from counterscore.laws.alone import Witness
from counterscore.laws.book import FILE, Book
from counterscore.laws.effects import Effect, Read, counts_in_score
from counterscore.laws.kleene import Ask, Limb, Shown, all_of, any_of, met, needs, not_met
from counterscore.laws.limbs._shared import (
    OFFENCES,
    Limbs,
    absent_together,
    adverse,
    ends,
    heavy,
    mixed,
    months_of,
    nothing_done,
    solely,
    special_data,
)
from counterscore.regime.effects import REFUSING
from counterscore.regime.grammar import Duration


def purpose(book: Book) -> Limb:
    """GDPR-01."""
    nothing = nothing_done(book)
    if nothing is not None:
        return nothing
    stated = book.regime.purpose.strip()
    pairs = book.pairs
    apart = [one for one in pairs if one.related is not True]
    if pairs and not apart and stated:
        return not_met(
            book.here(f"every pair is related, and a purpose is stated: {stated}", "purpose"), choices=[book.by_table]
        )
    said = [book.of(one.effect, f"{one}: not related, or not in the table") for one in apart]
    if not stated:
        said.append(Shown("the file states no purpose"))
    return needs(
        *said,
        asks={Ask("basis_text", one.effect.id) for one in apart} | ({Ask(FILE, "purpose")} if not stated else set()),
        judgement="whether the purposes are compatible is weighed by the factors of Art. 6(4)",
        choices=[book.by_table] if apart else [],
    )


def minimisation(book: Book) -> Limb:
    """GDPR-02."""
    felt = {(one.book.id, one.index) for one in book.reads_of(book.effects) if one.kind == "row"}
    felt |= {(one.book.id, one.index) for one in _counted(book)}
    listed = {ground.row for rule in book.regime.lists.values() for ground in rule.enter if ground.row}
    extends = {name for rule in book.regime.lists.values() if rule.extend for name in rule.extend.on}
    idle = [one for one in book.rows if (one.book.id, one.index) not in felt and one.row.id not in listed | extends]
    unknown = [one for one in book.rows if one.row.unknown_points]
    if idle:
        return met(*(book.row_shown(one, f"{one.row.id} is recorded, and no door, list, score or loan feels it") for one in idle),
                   witnesses=book.recorded(idle) or book.anything())  # fmt: skip
    if unknown:
        return needs(
            *(book.row_shown(one, f"{one.row.id}: points unknown") for one in unknown),
            asks=[Ask(FILE, f"points of {one.row.id}") for one in unknown],
        )
    return not_met(Shown("every row of the file is felt by a door, a list, a score or a loan"))


def _counted(book: Book) -> list[Read]:
    if book.regime.score is None:
        return []
    weighted = {name for one in book.regime.score.dimensions for part in one.parts for name in part.records}
    return [one for one in book.rows if counts_in_score(one.row) or one.row.id in weighted]


def accuracy(book: Book) -> Limb:
    """GDPR-03."""
    appeal = book.absent("appeal", "rights", "appeal", "available")
    correction = book.no_correction()
    return absent_together(appeal, correction)


def storage(book: Book) -> Limb:
    """GDPR-04."""
    regime = book.regime
    most = book.said("rights", "retention", "at_most")
    written = book.said("rights", "retention") != "silent"
    endless = [name for name in regime.lists if ends(regime.lists[name]) == "never"]
    open_lists = [name for name in regime.lists if ends(regime.lists[name]) in ("unknown", "performed", "holds")]
    unbounded = [one for one in book.rows if one.row.validity is None]
    if endless and most != "yes":
        return met(
            *(book.here(f"{name} never ends", "lists", name, "term") for name in endless),
            witnesses=book.onto(*endless),
        )
    if unbounded and written and most in ("silent", "no"):
        return met(
            book.here("retention is written without a limit", "rights", "retention"),
            *(book.row_shown(one, f"{one.row.id} counts without end") for one in unbounded),
            witnesses=book.recorded(unbounded) or book.anything(),
        )
    if not book.rows and not regime.lists:
        return not_met(Shown("the file records nothing of its own"))
    if most == "unknown":
        return needs(
            book.here("retention: unknown", "rights", "retention", "at_most"),
            asks=[Ask(FILE, "rights.retention.at_most")],
        )
    if unbounded and most != "yes":
        return needs(
            *(
                book.row_shown(one, f"{one.row.id}: no validity, and the file is silent on retention")
                for one in unbounded
            ),
            asks=[Ask(FILE, "rights.retention.at_most")],
        )
    if open_lists and (most != "yes" or regime.rights.retention.while_listed):
        return needs(
            *(book.here(f"{name} ends {regime.lists[name].term.text}", "lists", name, "term") for name in open_lists),
            asks=[Ask("necessity", one.id) for one in book.harms if one.list in open_lists],
            judgement="whether an end that only the debtor can bring about is a limit",
        )
    return not_met(Shown("every row and every list of the file is bounded"))


def private_register(book: Book) -> Limb:
    """GDPR-05."""
    regime = book.regime
    lists = book.alone.lists
    rows = [one for one in book.rows if one.row.on_list in lists and lists[str(one.row.on_list)][0].owner == "public"]
    if not rows:
        return not_met(Shown("no row of the file notes a public list"))
    if book.public is None:
        return needs(Shown("the file does not say who runs it"), asks=[Ask("operator")])
    if book.public:
        return not_met(book.runs_it())
    limbs = []
    for one in rows:
        name = str(one.row.on_list)
        rule = lists[name][1]
        mine = months_of(one.row.validity) or months_of(regime.rights.retention.at_most)
        if mine is None:
            limbs.append(
                needs(
                    book.row_shown(one, f"{one.row.id} is kept, how long is not written"),
                    asks=[Ask(FILE, f"validity of {one.row.id}")],
                )
            )
        elif rule.term.kind == "fixed":
            said = book.row_shown(one, f"{one.row.id} is kept {mine} months, {name} lasts {rule.term.months}")
            longer = mine > rule.term.months
            limbs.append(met(said, witnesses=_through(book, one)) if longer else not_met(said))
        else:
            limbs.append(
                needs(
                    book.row_shown(one, f"{one.row.id} is kept {mine} months, {name} ends {rule.term.text}"),
                    asks=[Ask(FILE, f"term of {name}")],
                )
            )
    return any_of(*limbs)


def _through(book: Book, read: Read) -> tuple[Witness, ...]:
    """Records that lead to the public list behind a row, as witnesses that it is noted."""
    name = str(read.row.on_list)
    owner, rule = book.alone.lists[name]
    for ground in rule.enter:
        if ground.kind == "record":
            row = next(one for one in owner.catalogue if one.id == ground.row)
            return (Witness(owner.id, row.id, row.act[0], 1, 0, list=name, actor=row.actor),)
    return book.anything()


def no_ground(book: Book) -> Limb:
    """GDPR-06. An advantage needs a ground too: what is asked is the processing behind it."""
    nothing = nothing_done(book)
    if nothing is not None and not book.effects:
        return nothing
    return _bases(book, book.harms or book.effects)


def _bases(book: Book, effects: tuple[Effect, ...]) -> Limb:
    """A basis that is answered to be none is none; any other leaves its quality open."""
    limbs = []
    for one in effects:
        answer = book.fact("basis_text", one.id)
        if answer == "none":
            limbs.append(met(book.answered("basis_text", one.id), witnesses=book.by([one])))
        elif answer is None:
            rank = one.legal_basis or "no legal_basis key"
            limbs.append(needs(book.of(one, f"{one.id}: {rank}"), asks=[Ask("basis_text", one.id)]))
        else:
            limbs.append(
                needs(book.answered("basis_text", one.id), judgement="whether the provision is enough is for a lawyer")
            )
    return any_of(*limbs)


def consent(book: Book) -> Limb:
    """GDPR-07."""
    doors = [one for one in heavy(book) if one.scored]
    if not doors:
        return not_met(Shown("no door of the file closes or narrows an essential service for those without a score"))
    if book.said("participation") == "silent":
        return needs(
            Shown("the file does not say whether taking part is asked for or mandatory"),
            asks=[Ask(FILE, "participation")],
        )
    if book.regime.participation == "mandatory":
        return not_met(book.here("taking part is mandatory: no consent is asked", "participation"))
    answered = [one for one in doors if book.fact("baseline", one.id) is not None]
    if any(book.fact("baseline", one.id) == "worse" for one in answered):
        return met(
            *(book.answered("baseline", one.id) for one in answered),
            witnesses=book.by(doors),
        )
    return needs(
        *(book.of(one, f"{one.id} {one.effect} by {one.by}, with consent asked for") for one in doors),
        asks=[Ask("baseline", one.id) for one in doors] + [Ask("consent")],
    )


def offences(book: Book) -> Limb:
    """GDPR-09."""
    rows = [read for read, act in book.acts(lambda act: act.id in OFFENCES, book.rows)]
    court = [
        one for one in book.rows
        if one.row.on_list and any(act.context == "court_judgment" for inner in book.of_list(one.row.on_list) for act in inner.acts())
    ]  # fmt: skip
    found = list({one.index: one for one in [*rows, *court]}.values())
    if not found:
        return not_met(Shown("no record of an offence and no court list is read in the file"))
    if book.public is None:
        return needs(Shown("the file does not say who runs it"), asks=[Ask("operator")])
    if book.public:
        return not_met(book.runs_it())
    bases = {one.legal_basis for one in book.effects if one.kind == "door"}
    if "law" in bases:
        return needs(
            *(book.row_shown(one, f"{one.row.id} in a private file, with a law named") for one in found),
            asks=[Ask("basis_text", one.id) for one in book.effects if one.legal_basis == "law"],
        )
    only_lists = not rows
    if only_lists:
        return needs(
            *(book.row_shown(one, f"{one.row.id} notes a court list in a private file") for one in found),
            asks=[Ask("basis_text", one.id) for one in book.effects],
            judgement="whether being on a court's list is data on an offence",
        )
    return met(
        *(book.row_shown(one, f"{one.row.id} in a private file without an authorising law") for one in rows),
        witnesses=book.recorded(rows),
    )


def notice(book: Book) -> Limb:
    """GDPR-10."""
    told = book.fact("told_source")
    if told is not None:
        return book.by_fact("told_source", ["no"], ["yes"])
    limb = book.absent("notice", "rights", "notice", "given")
    if limb.value.name != "NOT_MET":
        return limb
    within = book.regime.rights.notice.within
    if within is None:
        return needs(*limb.shown, Shown("notice without a time"), asks=[Ask("told_source")])
    if _within_a_month(within):
        return not_met(*limb.shown, book.here(f"within {within}", "rights", "notice", "within"))
    return needs(*limb.shown, book.here(f"within {within}", "rights", "notice", "within"), asks=[Ask("told_source")])


def _within_a_month(length: Duration) -> bool:
    """A month as the law counts: up to 31 days, whatever the model's clock makes of them."""
    return bool(length.amount <= (31 if length.unit == "days" else 1 if length.unit == "months" else 0))


def within_a_month(book: Book) -> Limb:
    """GDPR-11."""
    within = book.regime.rights.notice.within
    if book.said("rights", "notice", "within") != "yes" or within is None:
        return needs(Shown("when people are told is not written, or is unknown"), asks=[Ask("told_source")])
    said = book.here(f"notice within {within}", "rights", "notice", "within")
    return not_met(said) if _within_a_month(within) else met(said, witnesses=book.anything())


def account(book: Book) -> Limb:
    """GDPR-12."""
    if not book.scored and not book.regime.lists and not book.regime.lending:
        return not_met(Shown("no score, no list and no lending rule in the file"))
    limb = book.absent("reasons", "rights", "reasons")
    if limb.value.name == "NOT_MET":
        if book.fact("explained") is not None:
            return book.by_fact("explained", ["no"], ["yes"])
        return needs(*limb.shown, Shown("reasons alone, or a formula alone, are not enough"), asks=[Ask("explained")])
    automated = _automated(book)
    return all_of(limb, automated)


def _automated(book: Book) -> Limb:
    """Whether the score or list is made by a program at all: a score is, a list where it is answered."""
    if book.scored or any(one.scored for one in book.effects):
        path = ("score",) if book.scored else ("doors",)
        return met(book.here("a score is worked out", *path), witnesses=book.anything())
    limbs = []
    for one in book.harms:
        answer = book.fact("automated", one.id)
        if answer is None:
            limbs.append(needs(asks=[Ask("automated", one.id)]))
        else:
            said = book.answered("automated", one.id)
            limbs.append(not_met(said) if answer == "none" else met(said, witnesses=book.anything()))
    return any_of(*limbs) if limbs else needs(asks=[Ask(FILE, "how it is decided")])


def automated_decision(book: Book) -> Limb:
    """GDPR-13."""
    doors = heavy(book)
    if not doors:
        nothing = nothing_done(book)
        return (
            nothing if nothing is not None else not_met(Shown("no essential service is closed or narrowed in the file"))
        )
    return solely(book, doors)


def score_is_decision(book: Book) -> Limb:
    """GDPR-14."""
    lending = [one for one in book.effects if one.kind == "lending" and one.by == "score"]
    others = [one for one in book.harms if one.scored and one.kind == "door" and one.effect in REFUSING]
    if not lending and not others:
        return not_met(Shown("no third party is told of a score that closes or narrows anything in the file"))
    limbs = []
    for one in (*lending, *others):
        answer = book.fact("relied_on", one.id)
        if answer == "none":
            limbs.append(not_met(book.answered("relied_on", one.id)))
        elif one.kind == "lending":
            limbs.append(
                met(
                    book.of(
                        one,
                        f"{one.id}: refused below the border, so the file itself says how strongly the score is drawn on",
                    ),
                    witnesses=book.by([one]),
                )
            )
        elif answer == "strongly":
            limbs.append(met(book.answered("relied_on", one.id), witnesses=book.by([one])))
        else:
            limbs.append(
                needs(book.of(one, f"{one.id} {one.effect} by {one.by}"), asks=[Ask("relied_on", one.id)])
                if answer is None
                else needs(
                    book.answered("relied_on", one.id), judgement="whether a weak reliance makes the score the decision"
                )
            )
    return any_of(*limbs)


def no_exception(book: Book) -> Limb:
    """GDPR-15."""
    if book.regime.participation != "mandatory" and book.said("participation") == "yes":
        if book.fact("consent") == "yes":
            return not_met(book.answered("consent"))
        return needs(
            book.here(f"taking part is by {book.regime.participation}", "participation"), asks=[Ask("consent")]
        )
    doors = [one for one in book.harms if one.kind == "door"]
    if not doors:
        nothing = nothing_done(book)
        return (
            nothing
            if nothing is not None
            else needs(
                *(book.of(one, f"{one.id} names no basis") for one in book.harms),
                asks=[Ask("basis_text", one.id) for one in book.harms],
            )
        )
    weak = [one for one in doors if one.legal_basis in ("none", "policy")]
    lawful = [one for one in doors if one.legal_basis == "law"]
    if len(weak) == len(doors) and book.said("participation") == "silent":
        return needs(
            *(book.of(one, f"{one.id}: {one.legal_basis}") for one in weak),
            Shown("the file does not say whether taking part is mandatory"),
            asks=[Ask(FILE, "participation")],
        )
    if len(weak) == len(doors):
        return met(
            *(book.of(one, f"{one.id}: {one.legal_basis}") for one in weak),
            witnesses=book.by(weak),
        )
    if len(lawful) == len(doors):
        return not_met(*(book.of(one, f"{one.id}: a law is named; what it says is open") for one in lawful))
    return needs(
        *(book.of(one, f"{one.id}: {one.legal_basis}") for one in doors),
        asks=[Ask("basis_text", one.id) for one in doors],
    )


def safeguards(book: Book) -> Limb:
    """GDPR-16."""
    appeal = book.absent("appeal", "rights", "appeal", "available")
    human = book.absent("human review", "rights", "appeal", "human_review")
    defence = book.absent("defence", "rights", "defence")
    if appeal.met or (human.met and defence.met):
        return any_of(appeal, all_of(human, defence))
    if not appeal.open and not human.open and not defence.open and not (human.met or defence.met):
        return not_met(*(said for one in (appeal, human, defence) for said in one.shown))
    return mixed(appeal, human, defence)


def special_and_solely(book: Book) -> Limb:
    """GDPR-17."""
    return all_of(automated_decision(book), special_data(book))


def objection(book: Book) -> Limb:
    """GDPR-18."""
    said = book.said("rights", "objection")
    if said in ("yes", "no"):
        shown = book.here(
            f"objection to being rated: {'written' if said == 'yes' else 'written as absent'}", "rights", "objection"
        )
        answer = book.fact("objection")
        if answer is not None:
            return needs(shown, book.answered("objection"), judgement="whether the objection is the one of Art. 21")
        return needs(shown, asks=[Ask("objection")])
    return needs(Shown("an appeal is against a record, an objection against the processing"), asks=[Ask("objection")])


def assessment(book: Book) -> Limb:
    """GDPR-19."""
    scored = book.about_people and book.scored
    public = [name for name in adverse(book) if book.regime.lists[name].publicity.reach != "none"]
    if not scored and not (public and book.about_people) and not special_data(book).met:
        return not_met(Shown("no score over residents, no public list of them and no special data in the file"))
    return book.by_fact("dpia", ["none"], ["done"])


def children(book: Book) -> Limb:
    """GDPR-20."""
    for read in book.everything:
        if read.kind == "attribute" and read.attribute == "age" and read.part[:1] == ("score",):
            score = read.book.score
            assert score is not None
            part = score.dimensions[int(read.part[2])].parts[int(read.part[4])]
            young = [band for band in part.bands if 0 < band.floor < 18]
            if young:
                return met(
                    book.row_shown(read, f"an age band from {young[0].floor} is read"), witnesses=book.anything()
                )
    youngest = book.fact("children")
    if youngest is not None:
        said = book.answered("children")
        return met(said, witnesses=book.anything()) if int(youngest) < 18 else not_met(said)
    if book.said("youngest") == "yes" and book.regime.youngest is not None:
        said = book.here(f"its subjects are {book.regime.youngest} and over", "youngest")
        return not_met(said) if book.regime.youngest >= 18 else met(said, witnesses=book.anything())
    if not book.about_people:
        return not_met(book.here(f"its subjects are {book.regime.subjects}", "subjects"))
    return needs(Shown("the age of subjects is not written as a number"), asks=[Ask("children")])


LIMBS: Limbs = {
    "GDPR-01": purpose,
    "GDPR-02": minimisation,
    "GDPR-03": accuracy,
    "GDPR-04": storage,
    "GDPR-05": private_register,
    "GDPR-06": no_ground,
    "GDPR-07": consent,
    "GDPR-08": special_data,
    "GDPR-09": offences,
    "GDPR-10": notice,
    "GDPR-11": within_a_month,
    "GDPR-12": account,
    "GDPR-13": automated_decision,
    "GDPR-14": score_is_decision,
    "GDPR-15": no_exception,
    "GDPR-16": safeguards,
    "GDPR-17": special_and_solely,
    "GDPR-18": objection,
    "GDPR-19": assessment,
    "GDPR-20": children,
}
