"""One change of the small rule book for each limb: what is replaced in its text, what in the facts, and the day.

``moves`` holds every check that comes out differently, with its result; a check that is not named stays as it was. One
written field can be what several sources ask about, so that several limbs of the same words move together.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.laws.mine import DAY

CARD = "  - {id: card, service: credit-card,"
CARD_LINE = "  - {id: card, service: credit-card, effect: closed, when: list debtors, level: ordinary, legal_basis: law, source: text, mark: verified}"


@dataclass(frozen=True)
class Mutation:
    """A change: pairs of texts for the rule book, pairs for the facts, a day."""

    limb: str
    book: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    day: str = DAY
    moves: str = ""
    name: str = ""


def door(text: str) -> tuple[str, str]:
    """One more door."""
    return (CARD_LINE, f"{CARD_LINE}\n  - {{{text}, source: text, mark: verified}}")


def row(text: str) -> tuple[str, str]:
    """One more row of the catalogue."""
    return (
        "score:\n  start",
        f"  - {{{text}, authority: office, confirmed: true, source: text, mark: verified}}\nscore:\n  start",
    )


def answer(question: str, value: str, new: str) -> tuple[str, str]:
    return (f"  {question}: {{value: {value},", f"  {question}: {{value: {new},")


def more(text: str) -> tuple[str, str]:
    """One more answer."""
    return ("facts:\n", f"facts:\n  {text}\n")


LOAN_BY_GRADE = door("id: by-grade, service: loan, effect: closed, when: grade B, level: serious, legal_basis: law")
SPEECH = row("id: post, label: A post, act: [critical-post], points: -1, severity: minor, validity: 24 months")
LEARNED = (("by: rules", "by: model"),), (answer("system", "rules", "learned"),)

MUTATIONS = [
    Mutation("AIA-01", *LEARNED, moves="AIA-01:met AIA-12:needs ECHR-04:needs"),
    Mutation(
        "AIA-02",
        (
            ("owner: public", "owner: public\nsubjects: firms"),
            ("[loan-arrears]", "[firm-loan-arrears]"),
            ("[unsorted-waste]", "[firm-contract-breach]"),
            (CARD, "  - {id: card, service: firm-loan,"),
            ("[finance, residence", "[finance, contract, residence"),
        ),
        moves="AIA-02:needs AIA-16:not GDPR-13:needs",
    ),
    Mutation(
        "AIA-03",
        (
            (
                "points: -10, severity: general, validity: 24 months",
                "points: -10, severity: general, validity: 1 month",
            ),
            ("points: -5, severity: general, validity: 24 months", "points: -5, severity: general, validity: 1 month"),
        ),
        moves="AIA-03:needs",
    ),
    Mutation(
        "AIA-05",
        (door("id: by-grade, service: credit-card, effect: closed, when: grade B, level: serious, legal_basis: law"),),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-14:needs CN-01:needs",
    ),
    Mutation(
        "AIA-06",
        (
            door(
                "id: home, service: home-purchase, effect: closed, when: list debtors, level: serious, legal_basis: law"
            ),
        ),
        moves="AIA-06:met GDPR-01:needs CN-01:needs",
    ),
    Mutation(
        "AIA-06",
        (
            door(
                'id: home, service: home-purchase, effect: closed, when: list debtors, level: serious, legal_basis: law, relation_basis: "both are about money"'
            ),
        ),
        name="a relation is stated",
        moves="AIA-06:needs GDPR-01:needs CN-01:needs",
    ),
    Mutation(
        "AIA-07",
        (door("id: a-welfare, service: welfare, effect: opened, times: 0.5, when: grade A, legal_basis: law"),),
        moves="AIA-07:needs",
    ),
    Mutation(
        "AIA-08",
        (
            door(
                "id: kin-card, service: credit-card, effect: closed, affects: kin, when: list debtors, level: serious, legal_basis: law"
            ),
        ),
        moves="AIA-08:met",
    ),
    Mutation(
        "AIA-09",
        (SPEECH, ("record(arrears)", "record(arrears) or record(post)")),
        moves="AIA-06:met AIA-09:met CCD-01:met GDPR-01:needs GDPR-08:met CN-01:needs CN-11:met CN-12:met CN-15:met",
    ),
    Mutation(
        "AIA-11",
        (
            row(
                "id: unable, label: Unable, act: [judgment-unpaid-unable], points: -1, severity: minor, validity: 24 months"
            ),
            ("[finance, residence", "[finance, court_judgment, residence"),
            door(
                "id: unable-card, service: credit-card, effect: closed, when: record unable, level: serious, legal_basis: law"
            ),
        ),
        moves="AIA-11:met CCD-01:needs CN-11:needs",
    ),
    Mutation(
        "AIA-14",
        (
            ("lists:\n", "scrutiny:\n  - {occupation: teacher, times: 2, source: text, mark: verified}\nlists:\n"),
            row("id: fraud, label: Fraud, act: [fraud], points: -1, severity: serious, validity: 24 months"),
            ("[finance, residence", "[finance, contract, residence"),
        ),
        moves="AIA-06:needs AIA-14:needs GDPR-01:needs CN-01:needs",
    ),
    Mutation(
        "AIA-15",
        (*LEARNED[0], LOAN_BY_GRADE),
        LEARNED[1],
        moves="AIA-01:met AIA-05:met AIA-06:met AIA-12:met AIA-15:met CCD-01:needs GDPR-01:needs GDPR-13:needs GDPR-14:needs ECHR-04:needs CN-01:needs",
    ),
    Mutation(
        "AIA-18",
        (*LEARNED[0], LOAN_BY_GRADE),
        (*LEARNED[1], answer("system_told", '"yes"', '"no"')),
        moves="AIA-01:met AIA-05:met AIA-06:met AIA-12:met AIA-15:met AIA-18:met CCD-01:needs GDPR-01:needs GDPR-13:needs GDPR-14:needs ECHR-04:needs CN-01:needs",
    ),
    Mutation(
        "AIA-19",
        (*LEARNED[0], LOAN_BY_GRADE),
        (*LEARNED[1], answer("fria", "done", "none")),
        moves="AIA-01:met AIA-05:met AIA-06:met AIA-12:met AIA-15:met AIA-19:met CCD-01:needs GDPR-01:needs GDPR-13:needs GDPR-14:needs ECHR-04:needs CN-01:needs",
    ),
    Mutation(
        "AIA-20",
        (*LEARNED[0], LOAN_BY_GRADE),
        (*LEARNED[1], answer("explained", '"yes"', '"no"')),
        moves="AIA-01:met AIA-05:met AIA-06:met AIA-12:met AIA-15:met AIA-20:met CCD-01:needs GDPR-01:needs GDPR-12:met GDPR-13:needs GDPR-14:needs ECHR-04:needs CN-01:needs",
    ),
    Mutation(
        "CCD-01",
        (
            (
                "service: credit-card, effect: closed, when: list debtors",
                "service: credit-card, effect: closed, when: grade B",
            ),
            row(
                "id: ticket, label: Ticket, act: [traffic-violation], points: -1, severity: general, validity: 24 months"
            ),
        ),
        moves="AIA-05:met AIA-06:met CCD-01:met GDPR-01:needs GDPR-14:needs CN-01:needs CN-12:met",
    ),
    Mutation(
        "CCD-02",
        (
            ("lists:\n", "lending:\n  - {file: thin, below: 50, source: text, mark: verified}\nlists:\n"),
            ("human_review: true", "human_review: false"),
        ),
        moves="AIA-05:met AIA-06:met CCD-01:needs CCD-02:met GDPR-01:needs GDPR-13:needs GDPR-14:met GDPR-16:needs ECHR-02:needs US-04:needs US-06:needs CN-01:needs",
    ),
    Mutation("GDPR-01", (("purpose: to have bills and rents paid\n", ""),), moves="GDPR-01:needs CN-01:needs"),
    Mutation(
        "GDPR-02",
        (row("id: idle, label: Idle, act: [tax-arrears], severity: general, validity: 24 months"),),
        moves="GDPR-02:met",
    ),
    Mutation(
        "GDPR-03",
        (("available: true", "available: false"), ("correction: {within: 5 days,", "correction: {given: false,")),
        moves="GDPR-03:met GDPR-16:met BR-01:met CN-07:met",
    ),
    Mutation(
        "GDPR-04",
        (
            ("term: 12 months", "term: never ends"),
            ("{at_most: 36 months, counted_from", "{counted_from"),
            ("leave: [expired, repaired", "leave: [repaired"),
        ),
        moves="GDPR-04:met",
    ),
    Mutation(
        "GDPR-06",
        (),
        (more("basis_text: {card: {value: none, who: the office, source: letter}}"),),
        moves="GDPR-06:met ECHR-03:met",
    ),
    Mutation(
        "GDPR-07",
        (("participation: mandatory", "participation: consent"), LOAN_BY_GRADE),
        (more("baseline: {by-grade: {value: worse, who: the office, source: letter}}"),),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-07:met GDPR-13:needs GDPR-14:needs GDPR-15:needs CN-01:needs",
    ),
    Mutation("GDPR-08", (("[unsorted-waste]", "[unsorted-waste, critical-post]"),), moves="GDPR-08:met"),
    Mutation(
        "GDPR-09",
        (
            ("owner: public", "owner: private"),
            ("level: {value: city, source: text, mark: verified}\n", ""),
            (
                "legal_basis: law, source: text, mark: verified}\nrights",
                "legal_basis: policy, source: text, mark: verified}\nrights",
            ),
            row("id: fraud, label: Fraud, act: [fraud], points: -1, severity: serious, validity: 24 months"),
            ("[finance, residence", "[finance, contract, residence"),
        ),
        (answer("operator", "public", "private"),),
        moves="GDPR-09:met GDPR-15:met ECHR-02:needs ECHR-03:not",
    ),
    Mutation(
        "GDPR-10",
        (("given: true, within: 10 days", "given: false"),),
        (answer("told_source", '"yes"', "unknown"),),
        moves="GDPR-10:met GDPR-11:needs CN-14:met",
    ),
    Mutation("GDPR-11", (("within: 10 days", "within: 60 days"),), moves="GDPR-11:met"),
    Mutation("GDPR-12", (), (answer("explained", '"yes"', '"no"'),), moves="GDPR-12:met"),
    Mutation(
        "GDPR-12",
        (("reasons: true", "reasons: false"),),
        (answer("explained", '"yes"', "unknown"),),
        name="reasons written as absent",
        moves="GDPR-12:met ECHR-04:needs US-04:met BR-01:met",
    ),
    Mutation(
        "GDPR-13",
        (LOAN_BY_GRADE, ("automated: none", "automated: solely")),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-13:met GDPR-14:needs UK-01:met CN-01:needs",
    ),
    Mutation(
        "GDPR-14",
        (("lists:\n", "lending:\n  - {file: thin, below: 50, source: text, mark: verified}\nlists:\n"),),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-13:needs GDPR-14:met ECHR-02:needs US-04:needs CN-01:needs",
    ),
    Mutation(
        "GDPR-15", (("level: ordinary, legal_basis: law", "level: ordinary, legal_basis: policy"),), moves="GDPR-15:met"
    ),
    Mutation(
        "GDPR-16",
        (("human_review: true", "human_review: false"), ("defence: true", "defence: false")),
        moves="GDPR-16:met CN-14:met",
    ),
    Mutation("GDPR-19", (), (answer("dpia", "done", "none"),), moves="GDPR-19:met"),
    Mutation("GDPR-20", (("youngest: {value: 18", "youngest: {value: 16"),), moves="GDPR-20:met"),
    Mutation(
        "ECHR-01",
        (("points: -10, severity: general", "discretion: {least: -1, most: -10}, severity: general"),),
        moves="ECHR-01:met",
    ),
    Mutation(
        "ECHR-02",
        (("publicity: {reach: none", "publicity: {reach: nation"), ("when: list debtors", "when: record arrears")),
        moves="AIA-06:needs GDPR-01:needs ECHR-02:met ECHR-07:needs CN-01:needs CN-04:needs",
    ),
    Mutation(
        "ECHR-03",
        (("level: ordinary, legal_basis: law", "level: ordinary, legal_basis: none"),),
        moves="GDPR-15:met ECHR-03:met",
    ),
    Mutation(
        "ECHR-04",
        (*LEARNED[0], ("reasons: true", "reasons: false")),
        LEARNED[1],
        moves="AIA-01:met AIA-12:needs GDPR-12:met ECHR-04:met US-04:met BR-01:met",
    ),
    Mutation(
        "ECHR-07",
        (("publicity: {reach: none", "publicity: {fields: [name, address], reach: city"),),
        moves="AIA-06:needs GDPR-01:needs ECHR-07:met CN-01:needs CN-04:needs",
    ),
    Mutation(
        "UK-01",
        ((CARD, "  - {id: card, service: loan,"), ("automated: none", "automated: solely")),
        moves="GDPR-13:met UK-01:met",
    ),
    Mutation(
        "US-01",
        (
            ("owner: public", "owner: private"),
            ("level: {value: city, source: text, mark: verified}\n", ""),
            ("at_most: 36 months", "at_most: 120 months"),
            (
                "points: -10, severity: general, validity: 24 months",
                "points: -10, severity: general, validity: 10 years",
            ),
        ),
        (answer("operator", "public", "private"),),
        moves="ECHR-02:needs ECHR-03:not US-01:met CN-16:met CN-21:met",
    ),
    Mutation("US-04", (("reasons: true", "reasons: false"),), moves="GDPR-12:met ECHR-04:needs US-04:met BR-01:met"),
    Mutation(
        "US-05",
        (
            (
                "  start: 100\n",
                "  dimensions:\n    - {id: who, weight: 10, start: 50, from: [{attribute: sex, values: {female: 1}}, {records: [arrears, waste]}]}\n",
            ),
            (
                "service: credit-card, effect: closed, when: list debtors",
                "service: credit-card, effect: closed, when: grade B",
            ),
        ),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-14:needs US-05:met CN-01:needs CN-12:met",
    ),
    Mutation(
        "US-06",
        (LOAN_BY_GRADE, ("automated: none", "automated: solely"), ("given: true, within: 10 days", "given: false")),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-11:needs GDPR-13:met GDPR-14:needs UK-01:met UK-03:met US-06:met CN-01:needs CN-14:met",
    ),
    Mutation(
        "BR-01", (("available: true", "available: false"),), moves="GDPR-03:needs GDPR-16:met BR-01:met CN-07:needs"
    ),
    Mutation(
        "CN-02",
        (
            door(
                "id: price, service: credit-card, effect: priced, times: 2, when: grade B, level: serious, legal_basis: law"
            ),
        ),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs CN-01:needs CN-02:needs",
    ),
    Mutation(
        "CN-03",
        (
            LOAN_BY_GRADE,
            ("automated: none", "automated: solely"),
            ("reasons: true", "reasons: false"),
            ("human_review: true", "human_review: false"),
        ),
        moves="AIA-05:met AIA-06:met CCD-01:needs GDPR-01:needs GDPR-12:met GDPR-13:met GDPR-14:needs GDPR-16:needs ECHR-04:needs UK-01:met UK-03:met US-04:met US-06:met BR-01:met CN-01:needs CN-03:met",
    ),
    Mutation(
        "CN-04",
        (
            ("publicity: {reach: none", "publicity: {fields: [name], reach: city"),
            ("legal_basis: law\n    source", "legal_basis: none\n    source"),
        ),
        moves="AIA-06:needs GDPR-01:needs ECHR-07:needs CN-01:needs CN-04:met",
    ),
    Mutation(
        "CN-05",
        (row("id: blood, label: Blood, act: [blood-donation], points: 1, severity: minor, validity: 24 months"),),
        moves="GDPR-08:needs CN-05:needs",
    ),
    Mutation("CN-06", (), (answer("pia", "36", "12"),), moves="CN-06:met"),
    Mutation(
        "CN-07",
        (("available: true", "available: false"), ("correction: {within: 5 days,", "correction: {given: false,")),
        moves="GDPR-03:met GDPR-16:met BR-01:met CN-07:met",
    ),
    Mutation(
        "CN-08",
        (),
        (('catalogue_listed: {all: {value: "yes"', 'catalogue_listed: {all: {value: "no"'),),
        moves="CN-08:met",
    ),
    Mutation(
        "CN-09",
        (
            ("    severity: general\n", "    severity: serious\n"),
            ("legal_basis: law\n    source", "legal_basis: policy\n    source"),
        ),
        moves="CN-09:met CN-19:needs",
    ),
    Mutation(
        "CN-10", (), (('measure_listed: {all: {value: "yes"', 'measure_listed: {all: {value: "no"'),), moves="CN-10:met"
    ),
    Mutation(
        "CN-11",
        (
            ("[unsorted-waste]", "[property-fee-arrears]"),
            (
                "points: -5, severity: general, validity: 24 months,\n     confirmed: true",
                "points: -5, severity: general, validity: 24 months,\n     confirmed: false",
            ),
            door(
                "id: fee-card, service: credit-card, effect: closed, when: record waste, level: serious, legal_basis: law, relation_basis: a fee"
            ),
        ),
        moves="AIA-06:needs CCD-01:needs GDPR-01:needs CN-01:needs CN-11:met",
    ),
    Mutation(
        "CN-12",
        (
            door(
                "id: home, service: home-purchase, effect: closed, when: list debtors, level: ordinary, legal_basis: law"
            ),
        ),
        moves="AIA-06:met GDPR-01:needs CN-01:needs CN-12:met",
    ),
    Mutation(
        "CN-13",
        (
            door(
                "id: home, service: home-purchase, effect: closed, when: list debtors, level: serious, legal_basis: policy"
            ),
        ),
        moves="AIA-06:met GDPR-01:needs GDPR-15:needs CN-01:needs CN-13:met",
    ),
    Mutation("CN-14", (("defence: true", "defence: false"),), moves="GDPR-16:needs CN-14:met"),
    Mutation("CN-15", (), (answer("first_offence", '"yes"', '"no"'),), moves="CN-15:met"),
    Mutation("CN-16", (("at_most: 36 months", "at_most: 72 months"),), moves="CN-16:met"),
    Mutation(
        "CN-17",
        (
            (
                "  start: 100\n",
                '  dimensions:\n    - {id: who, weight: 10, start: 50, from: [{attribute: home, values: {"yes": 1}}, {records: [arrears, waste]}]}\n',
            ),
        ),
        moves="CN-17:met",
    ),
    Mutation(
        "CN-18",
        (("term: 12 months", "term: 24 months"), ("after: 3 months, at_most: 12 months", "after: 3 months")),
        moves="CN-18:met",
    ),
    Mutation(
        "CN-19",
        (
            ("    severity: general\n", "    severity: serious\n"),
            ("leave: [expired, repaired, corrected]", "leave: [expired, corrected]"),
            (
                "  repair: {rules: [{severity: general, after: 3 months, at_most: 12 months, source: text, mark: verified}]}",
                "  repair: {rules: []}",
            ),
        ),
        moves="CN-19:met",
    ),
    Mutation(
        "CN-21",
        (
            ("owner: public", "owner: private"),
            ("level: {value: city, source: text, mark: verified}\n", ""),
            ("decide: 15 days", "decide: 30 days"),
        ),
        (answer("operator", "public", "private"),),
        moves="ECHR-02:needs ECHR-03:not CN-21:met",
    ),
    Mutation(
        "CN-22",
        (
            row("id: unable, label: Unable, act: [judgment-unpaid-unable], severity: minor, validity: 24 months"),
            ("[finance, residence", "[finance, court_judgment, residence"),
            ("record(arrears)", "record(arrears) or record(unable)"),
        ),
        moves="AIA-11:met CCD-01:needs CN-11:needs CN-22:met",
    ),
    Mutation("CN-23", (("    label: Debtors\n", "    label: Debtors\n    kind: order\n"),), moves="CN-23:needs"),
    Mutation(
        "CN-24",
        (
            ("owner: public", "owner: public\nsubjects: bodies"),
            ("[loan-arrears]", "[arrears-to-firm]"),
            ("[unsorted-waste]", "[false-figures]"),
            (CARD, "  - {id: card, service: bond-issue,"),
            ("[finance, residence", "[finance, contract, statistics, residence"),
            ("compensation: true", "compensation: false"),
        ),
        moves="AIA-02:not AIA-16:not GDPR-13:needs CN-24:met",
    ),
]
