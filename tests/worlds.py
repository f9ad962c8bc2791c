"""Small regimes and cities that the tests live in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import counterscore.catalog
from counterscore.catalog import load_city_spec, load_regime
from counterscore.catalog.assume import Assumptions, load_assumptions
from counterscore.city import City, synthesize
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import WorldResult, live_world
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document

FOLDER = Path(counterscore.catalog.__file__).parent / "regimes"

TOWN = """
format: 1
id: test-town
title: Test town
place: Test town
status: scenario
sources: {a: {title: assumption, kind: assumption}}
authorities:
  office: {label: Office, contexts: [traffic, finance, utilities, contract, court_judgment, volunteering, speech, residence]}
catalogue:
  - {id: ticket, label: Ticket, act: [traffic-violation], authority: office, points: -5, validity: 18 months, source: a, mark: assumed}
  - {id: drunk, label: Drunk driving, act: [drunk-driving], authority: office, points: -50, cap: {grade: C, lasts: 12 months}, source: a, mark: assumed}
  - {id: arrears, label: Loan arrears, act: [loan-arrears], authority: office, points: -10, per: cycle, source: a, mark: assumed}
  - {id: card, label: Card overdue, act: [card-overdue], authority: office, points: -15, validity: 2 years, source: a, mark: assumed}
  - {id: bill, label: Unpaid bill, act: [utility-arrears], authority: office, points: -20, per: episode, validity: 24 months, source: a, mark: assumed}
  - {id: dishonest, label: Other dishonesty, act: [other-dishonesty], authority: office, discretion: {least: -5, most: -50}, source: a, mark: assumed}
  - {id: help, label: Volunteering, act: [volunteering], authority: office, curve: [{up_to: 20, points: 1, per: 1}, {up_to: 80, points: 1, per: 2}, {points: 1, per: 3}], validity: 12 months, source: a, mark: assumed}
  - {id: gift, label: Donation, act: [donation], authority: office, curve: [{points: 1, per: 100}], source: a, mark: assumed}
  - {id: unpaid, label: Judgment unpaid, act: [judgment-unpaid-able], authority: office, points: -50, per: record, validity: 24 months, source: a, mark: assumed}
  - {id: post, label: Critical post, act: [critical-post], authority: office, points: -2, validity: 6 months, source: a, mark: assumed}
  - {id: dirt, label: Littering, act: [littering], authority: office, points: -3, actor: kin, source: a, mark: assumed}
  - {id: listed, label: On the defaulters list, on_list: defaulters, authority: office, points: -30, validity: 12 months, source: a, mark: assumed}
score:
  start: 1000
  floor: 0
  ceiling: 1300
  grades: [{id: A, from: 990, to: 1300}, {id: B, from: 960, to: 989}, {id: C, from: 900, to: 959}, {id: D, from: 0, to: 899}]
  source: a
  mark: assumed
lists:
  defaulters: {label: Defaulters, enter: record(unpaid), term: until performed, leave: [performed, corrected], publicity: {reach: city}, source: a, mark: assumed}
  low: {label: Low scores, enter: score < 960, term: while the ground holds, leave: [expired, corrected], source: a, mark: assumed}
  cards: {label: Cards, enter: "records(card, 2 in 12 months)", term: 6 months, extend: {on: [card], by: 3 months, at_most: 12 months}, leave: [expired, repaired], source: a, mark: assumed}
doors:
  - {id: no-flight, service: flight, effect: closed, when: list defaulters, source: a, mark: assumed}
  - {id: no-loan, service: loan, effect: closed, when: list low, source: a, mark: assumed}
  - {id: no-rail, service: high-speed-rail, effect: closed, when: grade D, source: a, mark: assumed}
  - {id: slow, service: permit, effect: slowed, times: 2, when: grade C or worse, source: a, mark: assumed}
  - {id: fast, service: permit, effect: opened, times: 0.5, when: grade A or better, source: a, mark: assumed}
  - {id: no-job, service: job, effect: narrowed, share: 0.3, when: list low, source: a, mark: assumed}
  - {id: no-welfare, service: welfare, effect: closed, when: record drunk, source: a, mark: assumed}
  - {id: kin-school, service: school-place, effect: closed, when: list defaulters, affects: kin, source: a, mark: assumed}
rights:
  notice: {given: true, source: a, mark: assumed}
  appeal: {available: true, decide: 60 days, source: a, mark: assumed}
  repair: {rules: [{severity: serious, after: 2 months, source: a, mark: assumed}]}
"""


#: The town with files of its own in three authorities, shared in part, and rules for loans.
_OFFICES = {
    "ticket": "police", "drunk": "police", "arrears": "bank", "card": "bank", "post": "police", "dirt": "police"
}  # fmt: skip
SHARING = """sharing:
  - {of: police, to: office, coverage: 0.7, after: 50 days, within: nation, source: a, mark: assumed}
  - {of: bank, to: office, after: 3 days, within: city, source: a, mark: assumed}
  - {of: bank, to: bank, coverage: 0.5, within: nation, source: a, mark: assumed}
  - {of: office, to: bank, coverage: 0.5, source: a, mark: assumed}
  - {of: office, to: public, after: 20 days, within: city, source: a, mark: assumed}
  - {of: bank, to: public, coverage: 0.6, within: nation, source: a, mark: assumed}
"""
LENDING = """lending:
  - {file: full, refused_on: [arrears, card], refused: 0.05, source: a, mark: assumed}
  - {file: thin, refused_on: [arrears], below: 970, refused: 0.2, source: a, mark: assumed}
  - {file: none, refused: 0.8, source: a, mark: assumed}
"""


def _shared_town(town: str) -> str:
    lines = []
    for line in town.splitlines():
        name = line.partition("{id: ")[2].partition(",")[0]
        if name in _OFFICES and "act:" in line:
            line = line.replace("authority: office", f"authority: {_OFFICES[name]}")
        if line.startswith("  office:"):
            line += "\n  police: {label: Police, contexts: [traffic, speech, residence]}\n  bank: {label: Bank, contexts: [finance]}"
        line = line.replace("label: Cards,", "label: Cards, authority: bank,").replace(
            "label: Defaulters,", "label: Defaulters, authority: office,"
        )
        line = line.replace("  grades:", "  authority: office\n  grades:").replace(
            "when: record drunk", "authority: office, when: record drunk"
        )
        lines.append(line)
    fraud = "  - {id: cheat, label: Fraud, act: [fraud], authority: office, points: -10, source: a, mark: assumed}"
    lines.insert(lines.index("score:"), fraud)
    lists = '  neighbours: {label: Shop window, authority: office, enter: record(cheat), term: 9 months, leave: [expired], publicity: {reach: neighbourhood}, source: a, mark: assumed}\n  drivers: {label: Drivers, authority: office, enter: "record(drunk) or records(ticket, 2 in 8 months)", term: 5 months, extend: {on: [ticket], by: 2 months, at_most: 12 months}, leave: [expired, corrected], source: a, mark: assumed}'
    lines.insert(lines.index("doors:"), lists)
    return "\n".join(lines) + "\n" + SHARING + LENDING


SHARED_TOWN = _shared_town(TOWN).replace("id: test-town", "id: shared-town")


FIRMS = """
format: 1
id: test-firms
title: Test firms
place: Test town
status: scenario
subjects: firms
follows: firm
stack: [test-town]
sources: {a: {title: assumption, kind: assumption}}
authorities:
  office: {label: Office, contexts: [contract, court_judgment, labour, tax, customs, safety, environment, product_quality, advertising, registration, procurement, administration, volunteering, honours, finance]}
catalogue:
  - {id: penalty, label: Penalty, act: [administrative-penalty], authority: office, component: penalties, points: -36, then: [-27, -9], validity: 18 months, source: a, mark: assumed}
  - {id: broken, label: Broken contract, act: [firm-contract-breach, firm-fraud], authority: office, component: conduct, points: -12, then: -9, source: a, mark: assumed}
  - {id: quality, label: Failed spot check, act: [quality-failure, false-advertising], authority: office, component: conduct, points: -8, validity: 6 months, source: a, mark: assumed}
  - {id: late, label: Late return, act: [tax-filing-late], authority: office, points: -5, then: [-10], validity: 12 months, source: a, mark: assumed}
  - {id: tax, label: Tax arrears, act: [firm-tax-arrears], authority: office, points: -30, per: episode, cap: {grade: C, lasts: 6 months}, source: a, mark: assumed}
  - {id: suppliers, label: Suppliers unpaid, act: [supplier-arrears], authority: office, points: -2, validity: 2 months, source: a, mark: assumed}
  - {id: wages, label: Wages unpaid, act: [wage-arrears], authority: office, source: a, mark: assumed}
  - {id: report, label: Report missed, act: [annual-report-missed, false-disclosure, out-of-contact], authority: office, source: a, mark: assumed}
  - {id: judgment, label: Judgment unpaid, act: [firm-judgment-unpaid, firm-finance-judgment-unpaid], authority: office, points: -20, per: episode, validity: 12 months, source: a, mark: assumed}
  - {id: head, label: Head with a judgment, act: [head-judgment-unpaid], authority: office, component: conduct, points: -20, per: episode, validity: 12 months, source: a, mark: assumed}
  - {id: head-listed, label: Head listed, act: [head-listed], authority: office, points: -10, per: episode, validity: 12 months, source: a, mark: assumed}
  - {id: again, label: Set up after D, act: [set-up-after-worst-grade], authority: office, points: -50, validity: 12 months, source: a, mark: assumed}
  - {id: again-listed, label: Set up after a listing, act: [set-up-after-listing], authority: office, points: -40, validity: 12 months, source: a, mark: assumed}
  - {id: help, label: Volunteering, act: [firm-volunteering], authority: office, component: good, curve: [{points: 1, per: 3}], validity: 12 months, source: a, mark: assumed}
  - {id: honour, label: Honour, act: [firm-honour], authority: office, component: good, points: 30, validity: 24 months, source: a, mark: assumed}
  - {id: rated-a, label: Tax A, act: [tax-rated-a, aeo-certified], authority: office, component: good, points: 30, validity: 12 months, source: a, mark: assumed}
  - {id: on-abnormal, label: On the abnormal list, on_list: abnormal, authority: office, component: conduct, points: -20, validity: 12 months, source: a, mark: assumed}
score:
  start: 800
  floor: 0
  ceiling: 1000
  components:
    - {id: penalties, kind: lost, most: 72}
    - {id: conduct, kind: lost, most: 25}
    - {id: good, kind: earned, most: 45}
  grades: [{id: A, from: 820, to: 1000}, {id: B, from: 780, to: 819}, {id: C, from: 740, to: 779}, {id: D, from: 0, to: 739}]
  source: a
  mark: assumed
lists:
  unpaid: {label: Unpaid wages, enter: record(wages), term: until performed, leave: [performed, corrected], publicity: {reach: city}, source: a, mark: assumed}
  abnormal: {label: Abnormal, enter: record(report), term: until performed, leave: [performed, corrected], source: a, mark: assumed}
  serious: {label: Serious, enter: "stay(abnormal, 4 months)", term: 5 months, extend: {on: [report], by: 5 months, counted: from the record}, leave: [expired, repaired], source: a, mark: assumed}
  worst: {label: Worst, enter: grade D, term: while the ground holds, leave: [expired, corrected], source: a, mark: assumed}
doors:
  - {id: firm-loan, service: firm-loan, effect: narrowed, share: 0.7, when: list unpaid, source: a, mark: assumed}
  - {id: firm-tender, service: tender, effect: closed, when: list abnormal, source: a, mark: assumed}
  - {id: firm-inspected, service: inspection, effect: slowed, times: 4, when: grade C or worse, source: a, mark: assumed}
  - {id: firm-trusted, service: inspection, effect: opened, times: 0.25, when: grade A or better, source: a, mark: assumed}
  - {id: firm-quick, service: firm-licence, effect: opened, times: 0.5, when: grade A or better, source: a, mark: assumed}
  - {id: firm-slow, service: invoices, effect: slowed, times: 2, when: record tax, source: a, mark: assumed}
  - {id: head-flight, service: flight, effect: closed, affects: firm head, when: list unpaid, source: a, mark: assumed}
  - {id: head-licence, service: business-licence, effect: narrowed, share: 0.5, affects: firm head, when: list worst, source: a, mark: assumed}
  - {id: head-loan, service: loan, effect: closed, affects: firm head, when: list serious, lasts: 9 months, source: a, mark: assumed}
rights:
  notice: {given: true, source: a, mark: assumed}
  appeal: {available: true, decide: 60 days, source: a, mark: assumed}
  repair: {rules: [{severity: serious, after: 2 months, source: a, mark: assumed}]}
"""

#: What a listed resident's standing does to the firms that the resident represents.
_TO_FIRMS = """doors:
  - {id: town-tender, service: tender, effect: narrowed, share: 0.5, affects: firm, when: list defaulters, source: a, mark: assumed}
  - {id: town-loan, service: firm-loan, effect: closed, affects: firm, when: grade D, source: a, mark: assumed}
"""


def firms_regime(text: str = FIRMS) -> Regime:
    """Rules for firms beside those of the test town, which reach the firms of their representatives too."""
    beside = regime_of(TOWN.replace("doors:\n", _TO_FIRMS, 1))
    return parse_regime(read_document(text, name="firms.yaml"), find=lambda _: beside)


#: A private club on top of the test town: weighted, asks for consent, keeps records, promotes its best at meetings.
CLUB = """
format: 1
id: test-club
title: Test club
place: Test town
status: scenario
owner: private
participation: opt-in
without_consent: records kept
sources: {a: {title: assumption, kind: assumption}}
authorities:
  shop: {label: Shop, contexts: [finance, consumption, traffic, utilities, volunteering]}
catalogue:
  - {id: club-late, label: Late, act: [card-overdue], authority: shop, points: -20, per: cycle, validity: 12 months, source: a, mark: assumed}
  - {id: club-bill, label: Bill, act: [utility-arrears], authority: shop, points: -30, cap: {grade: low, lasts: 6 months}, validity: 18 months, source: a, mark: assumed}
  - {id: club-buy, label: Bought, act: [leisure-purchase], authority: shop, points: 9, validity: 10 months, source: a, mark: assumed}
  - {id: club-help, label: Helped, act: [volunteering], authority: shop, points: 15, source: a, mark: assumed}
score:
  floor: 300
  ceiling: 900
  update: 2 months
  dimensions:
    - {id: paid, weight: 40, start: 50, from: [{attribute: credit-file, values: {none: -20, full: 20}}, {records: [club-late, club-bill]}], source: a, mark: assumed}
    - {id: deeds, weight: 10, start: 10, from: [{records: [club-buy, club-help]}, {attribute: loan, bands: [{from: 1, gives: 5}, {from: 100, gives: 30}]}], source: a, mark: assumed}
    - id: who
      weight: 20
      from:
        - {attribute: age, bands: [{from: 20, gives: 10}, {from: 50, gives: 40}]}
        - {attribute: sex, values: {male: 7, female: 9}}
        - {attribute: registration, values: {local: 11}}
        - {attribute: education, values: {college: 20}}
        - {attribute: occupation, values: {teacher: 10}}
        - {attribute: work, values: {unemployed: -30}}
        - {attribute: income, bands: [{from: 5000, gives: 12}]}
        - {attribute: home, values: {"yes": 3}}
        - {attribute: car, values: {"yes": 4}}
        - {attribute: card, values: {"yes": 5}}
        - {attribute: family, values: {single: 1, partnered: 2, partnered with child: 6, single with child: 8}}
        - {attribute: minority, values: {"yes": -5}}
      source: a
      mark: assumed
    - {id: friends, weight: 30, start: 50, from: [{friends: true}], source: a, mark: assumed}
  grades: [{id: high, from: 600, to: 900}, {id: middle, from: 520, to: 599}, {id: low, from: 300, to: 519}]
  source: a
  mark: assumed
lists:
  watched: {label: Watched, enter: grade low, term: while the ground holds, leave: [expired], source: a, mark: assumed}
doors:
  - {id: club-flat, service: rental, effect: priced, saves: 2600, when: grade high, source: a, mark: assumed}
  - {id: club-bike, service: bike-rental, effect: opened, saves: 99, when: grade middle or better, source: a, mark: assumed}
  - {id: club-card, service: credit-card, effect: narrowed, share: 0.5, when: list watched, source: a, mark: assumed}
shown: {friends: may, mates: may, source: a, mark: assumed}
partners:
  by: test-club
  prominence: [{grade: high, times: 4}, {grade: low, times: 0.5}]
  source: a
  mark: assumed
"""


#: Doors of the town before everything from which something follows.
_DOORS = """doors:
  - {id: few-licences, service: business-licence, effect: narrowed, share: 0.5, when: grade C or worse, source: a, mark: assumed}
  - {id: slow-licences, service: business-licence, effect: slowed, times: 9, when: grade B or worse, source: a, mark: assumed}
  - {id: no-bed, service: hospital, effect: closed, when: grade B or worse, source: a, mark: assumed}
  - {id: no-rental, service: rental, effect: closed, when: grade C or worse, source: a, mark: assumed}
  - {id: no-home, service: home-purchase, effect: closed, when: grade C or worse, source: a, mark: assumed}
  - {id: no-stall, service: market-stall, effect: closed, when: grade B or worse, source: a, mark: assumed}
  - {id: no-permit, service: permit, effect: closed, when: grade B or worse, source: a, mark: assumed}
  - {id: no-post, service: public-post, effect: closed, when: grade C or worse, source: a, mark: assumed}
  - {id: no-school, service: school-place, effect: closed, when: grade B or worse, source: a, mark: assumed}
  - {id: no-assistance, service: welfare, effect: closed, when: grade B or worse, source: a, mark: assumed}
  - {id: few-policies, service: insurance, effect: narrowed, share: 0.5, when: grade B or worse, source: a, mark: assumed}
  - {id: no-wings, service: flight, effect: closed, when: grade B or worse, source: a, mark: assumed}
  - {id: no-wheels, service: high-speed-rail, effect: closed, when: grade B or worse, source: a, mark: assumed}
"""
#: Assumptions under which a small town tries all of these in a year or two.
MANY_NEEDS = {
    "services__business-licence__need": 0.05,
    "services__hospital__need": 0.05,
    "services__market-stall__need": 0.05,
    "services__permit__need": 0.05,
    "services__public-post__need": 0.03,
    "services__public-post__refused__thin": 0.3,
    "services__rental__need": 0.05,
    "services__school-place__need": 0.06,
    "services__welfare__need": 0.05,
    "services__insurance__need": 0.05,
    "aftermath__flight": 0.3,
    "aftermath__rail": 0.2,
    "circumstances__expense": 0.05,
    "aftermath__business_closes": 0.4,
    "aftermath__hospital_job": 0.2,
    "acts__other-dishonesty__rate": 0.05,
    "lives__death_other": 0.02,
}


@cache
def behind_doors(effect: str = "") -> Regime:
    """The test town with doors before everything from which something follows; ``effect`` in place of theirs, on everybody."""
    doors = _DOORS
    if effect:
        lines = [line for line in doors.splitlines()[1:] if "slow-licences" not in line]
        cut = [
            line[: line.index("effect:")] + effect + ", when: grade D or better, source: a, mark: assumed}"
            for line in lines
        ]
        doors = "\n".join(["doors:", *cut, ""])
    return regime_of(TOWN.replace("doors:\n", doors, 1))


def regime_of(text: str) -> Regime:
    return parse_regime(read_document(text, name="test.yaml"))


@cache
def town() -> Regime:
    return regime_of(TOWN)


@cache
def village() -> Regime:
    """The test town with periods of grace before two lists, and rows about other members of the group."""
    text = TOWN.replace("id: test-town", "id: test-village")
    text = text.replace("term: until performed,", "term: until performed, grace: 3 months,")
    text = text.replace("term: while the ground holds,", "term: while the ground holds, grace: 2 months,")
    group = """  - {id: neighbour, label: Card overdue nearby, act: [card-overdue], authority: office, actor: group, points: -2, validity: 6 months, source: a, mark: assumed}
  - {id: nearby-help, label: Volunteering nearby, act: [volunteering], authority: office, actor: group, points: 1, validity: 12 months, source: a, mark: assumed}
score:
  start"""
    return regime_of(text.replace("score:\n  start", group))


_LEVELS = (
    ("id: test-town", "id: test-levels"),
    (
        "doors:\n",
        """  worst: {label: Worst, authority: office, enter: "records(card, 3 in 24 months) or record(drunk)", term: 9 months, replaces: [cards, low], leave: [expired, corrected], source: a, mark: assumed}
doors:
  - {id: short, service: star-hotel, effect: closed, when: list worst, lasts: 4 months, source: a, mark: assumed}
  - {id: long, service: public-post, effect: closed, when: list low, lasts: 14 months, source: a, mark: assumed}
  - {id: kin-short, service: honours, effect: closed, when: list defaulters, lasts: 5 months, affects: kin, source: a, mark: assumed}
""",
    ),
    ("rights:\n", "rights:\n  retention: {at_most: 7 months, while_listed: true, source: a, mark: assumed}\n"),
)


def _with_levels(text: str) -> str:
    for old, new in _LEVELS:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@cache
def levels() -> Regime:
    """The test town with a list that replaces others, doors with a time of their own and records kept while listed."""
    return regime_of(_with_levels(TOWN))


@cache
def shared_levels() -> Regime:
    """The same where records are shared in part and residents move."""
    return regime_of(_with_levels(SHARED_TOWN.replace("id: shared-town", "id: test-town")))


@cache
def town_with_courts() -> Regime:
    """The test town beside the courts' list."""
    text = TOWN.replace("title: Test town", "title: Test town\nstack: [court-defaulters]")
    assert text != TOWN
    return parse_regime(read_document(text, name="test.yaml"), find=load_regime)


@cache
def shared_town() -> Regime:
    return regime_of(SHARED_TOWN)


def without(*lines: str) -> Regime:
    """The test town without the lines that hold one of ``lines``."""
    return regime_of("\n".join(line for line in TOWN.splitlines() if not any(part in line for part in lines)))


@cache
def club(*replacements: tuple[str, str]) -> Regime:
    """The test club on top of the test town, with each first text replaced by the second."""
    text = CLUB.replace("title: Test club", "title: Test club\nstack: [test-town]")
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse_regime(read_document(text, name="club.yaml"), find=lambda _: town())


@cache
def city(residents: int = 3000, seed: int = 5, offenders: float | None = None) -> City:
    """A small Beijing; ``offenders`` is another share of repeat offenders than that of the file."""
    spec = deepcopy(dict(load_city_spec("beijing")))
    for part in spec["margins"] if offenders is not None else ():
        if part.get("over") == "offender":
            part["values"] = {"yes": {"value": offenders, "range": [0, 1]}}
    return synthesize(spec, residents=residents, seed=seed)


def busy(**settings: float) -> Assumptions:
    """Assumptions under which a small town sees every kind of event in a year or two."""
    chosen = load_assumptions()
    defaults = {
        "acts.card-overdue.rate": 0.03,
        "acts.other-dishonesty.rate": 0.01,
        "acts.drunk-driving.rate": 0.005,
        "acts.judgment-unpaid-able.detection": 0.5,
        "acts.judgment-unpaid-unable.detection": 0.5,
        "acts.littering.detection": 0.3,
        "circumstances.job_loss": 0.03,
        "circumstances.default": 0.01,
        "circumstances.suit": 0.5,
        "circumstances.suit_after": 2,
        "errors.untrue": 0.003,
        "errors.mix_up": 0.05,
        "errors.twice": 0.05,
        "errors.after_expiry": 0.1,
        "errors.late_removal": 0.3,
        "response.awareness": 0.5,
        "firms.reserve": 0.2,
        "firms.year_spread": 0.3,
        "firms.withhold": 0.02,
        "firms.suit": 0.4,
        "firms.fail": 0.2,
        "firms.close": 0.02,
        "firms.reopen": 0.25,
        "firms.tax_a": 0.4,
        "firms.aeo": 0.4,
        "firms.serious": 0.4,
        "firms.inspection": 0.1,
        "acts.annual-report-missed.rate": 0.03,
        "acts.tax-filing-late.rate": 0.03,
        "acts.firm-fraud.rate": 0.01,
        "acts.quality-failure.rate": 0.02,
        "acts.firm-honour.rate": 0.02,
        "acts.wage-arrears.detection": 0.6,
        "acts.administrative-penalty.detection": 0.5,
        "adoption.leave": 0.01,
        "adoption.private.join": 0.05,
        "partners.drop": 0.05,
        "partners.gap": 0.05,
        "partners.look": 0.06,
        "partners.seek": 0.3,
        "partners.show": 0.3,
        "partners.ask": 0.1,
        "lives.death_other": 0.01,
    }
    for path, value in (defaults | {k.replace("__", "."): v for k, v in settings.items()}).items():
        chosen = chosen.with_set(f"{path}={value}")
    return chosen


def live(
    regime: Regime | None = None,
    *,
    months: int = 24,
    residents: int = 3000,
    offenders: float | None = None,
    seed: int = 1,
    replay: int = 0,
    threads: int = 1,
    responses: bool = True,
    errors: bool = True,
    meeting: bool = False,
    assumptions: Assumptions | None = None,
    folder: Path | None = None,
) -> tuple[Any, WorldResult]:
    """The plan and result of one world."""
    stack = (regime or town()).stacked()
    plan = compile_plan(stack, assumptions or busy(), seed=seed, responses=responses, errors=errors, meeting=meeting)
    with ThreadPoolExecutor(threads) as pool:
        return plan, live_world(
            Plans(plan),
            city(residents, offenders=offenders),
            months=months,
            seed=seed,
            replay=replay,
            pool=pool,
            folder=folder,
        )


def columns(plan: Any, result: WorldResult) -> dict[str, np.ndarray]:
    """Outcome columns of the whole city."""
    parts = list(result.outcomes(plan))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def none() -> Regime:
    return load_regime("none")


#: What offices of another rule book record, with rights of its own, before the test town copies it.
OFFICES = """
format: 1
id: offices
title: Offices
place: Test town
status: scenario
sources: {a: {title: assumption, kind: assumption}}
authorities:
  police: {label: Police, contexts: [traffic]}
  bank: {label: Bank, contexts: [finance]}
  taxes: {label: Tax office, contexts: [tax]}
catalogue:
  - {id: fine, label: Fine, act: [traffic-violation], authority: police, validity: 12 months, source: a, mark: assumed}
  - {id: late, label: Late with a card, act: [card-overdue], authority: bank, validity: 12 months, source: a, mark: assumed}
  - {id: owed, label: Late with a loan, act: [loan-arrears], authority: bank, per: episode, source: a, mark: assumed}
  - {id: dodged, label: Large tax debt, act: [tax-arrears], authority: taxes, at_least: 3, source: a, mark: assumed}
lists:
  drivers-out: {label: Drivers, enter: "records(fine, 2 in 8 months)", term: 5 months, leave: [expired, corrected], source: a, mark: assumed}
  cards-out: {label: Card holders, enter: record(late), term: 9 months, leave: [expired, corrected], source: a, mark: assumed}
  fines-out: {label: Fined, enter: record(fine), term: 9 months, leave: [expired, corrected], source: a, mark: assumed}
  debts-out: {label: Debtors to the tax office, enter: record(dodged), term: 14 months, leave: [expired, corrected], source: a, mark: assumed}
doors:
  - {id: out-of-cars, service: star-hotel, effect: closed, when: list drivers-out, source: a, mark: assumed}
rights:
  notice: {given: true, source: a, mark: assumed}
  appeal: {available: true, decide: 60 days, source: a, mark: assumed}
"""
COPIES = """sharing:
  - {of: police, from: offices, kinds: [traffic], to: office, after: 50 days, within: nation, source: a, mark: assumed}
  - {of: bank, from: offices, to: office, coverage: 0.7, corrected: false, source: a, mark: assumed}
  - {of: taxes, from: offices, to: office, source: a, mark: assumed}
  - {of: taxes, from: offices, to: public, source: a, mark: assumed}
"""


@cache
def copied_town() -> Regime:
    """The test town, without objections, in which one office reads what the offices of another rule book record."""
    lists = ("Defaulters", "Low scores", "Cards")
    lines = []
    for line in TOWN.splitlines():
        line = line.replace("id: test-town", "id: copied-town").replace(
            "title: Test town", "title: Copies\nstack: [offices]"
        )
        line = line.replace("speech, residence]", "speech, residence, tax]").replace(
            "  grades:", "  authority: office\n  grades:"
        )
        for label in lists:
            line = (
                line.replace(f"label: {label},", f"label: {label}, authority: office,", 1) if "enter:" in line else line
            )
        line = line.replace("appeal: {available: true, decide: 60 days", "appeal: {available: false")
        lines.append(line.replace("when: record drunk", "authority: office, when: record drunk"))
    tax = "  - {id: tax, label: Tax, act: [tax-arrears], authority: office, points: -20, validity: 1 year, source: a, mark: assumed}"
    out = "  - {id: out, label: Listed by the police, on_list: drivers-out, authority: office, points: -5, source: a, mark: assumed}"
    # What the offices' lists lead to here: of one it is told and corrected, of another told and not corrected.
    told = [
        f"  - {{id: {list_}-told, label: Told of, on_list: {list_}, authority: office, points: -35, validity: 14 months, source: a, mark: assumed}}"
        for list_ in ("cards-out", "debts-out", "fines-out")
    ]
    lines[lines.index("score:") : lines.index("score:")] = [tax, out, *told]
    lines[lines.index("doors:") : lines.index("doors:")] = [
        f"  {name}: {{label: Listed there too, authority: office, enter: {enter}, term: 12 months, leave: [expired, corrected], source: a, mark: assumed}}"
        for name, enter in (
            ("told-cards", "record(cards-out-told)"),
            ("told-debts", "record(debts-out-told)"),
            ("told-fines", "record(fines-out-told)"),
            ("lowest", "score < 950"),
        )
    ]
    text = "\n".join(lines) + "\n" + COPIES
    return parse_regime(read_document(text, name="copied.yaml"), find=lambda _: regime_of(OFFICES))


@cache
def critics_alone() -> Regime:
    """The critics' scenario without the plan beside it."""
    text = (FOLDER / "critics-scenario" / "regime.yaml").read_text(encoding="utf-8")
    return regime_of(text.replace("stack: [beijing-points]\n", ""))
