"""A small rule book in which every right is written and every pair is related, into which the tests put one change."""

from __future__ import annotations

from counterscore.laws import Annex, findings, territories
from counterscore.regime.model import Regime
from counterscore.regime.read import read_regime

DAY = "2028-01-01"  #: every source of the catalogue is in force, but those that ended before
MINE = """\
format: 1
id: mine
title: Rents and bills
place: Kaifeng, Henan
status: piloted
level: {value: city, source: text, mark: verified}
in_force: {from: "2025-01"}
owner: public
participation: mandatory
decided: {by: rules, automated: none}
youngest: {value: 18, source: text, mark: verified}
purpose: to have bills and rents paid
sources:
  text: {title: The text, kind: rule text}
  guess: {title: our own, kind: assumption}
authorities:
  office: {label: Office, contexts: [finance, residence, utilities, traffic, speech, tax, safety, blood]}
catalogue:
  - {id: arrears, label: Arrears on a loan, act: [loan-arrears], authority: office, points: -10, severity: general, validity: 24 months,
     confirmed: true, source: text, mark: verified}
  - {id: waste, label: Waste, act: [unsorted-waste], authority: office, points: -5, severity: general, validity: 24 months,
     confirmed: true, source: text, mark: verified}
score:
  start: 100
  floor: 0
  ceiling: 120
  grades: [{id: A, from: 80, to: 120}, {id: B, from: 0, to: 79}]
  source: text
  mark: verified
lists:
  debtors:
    label: Debtors
    severity: general
    enter: record(arrears)
    term: 12 months
    leave: [expired, repaired, corrected]
    publicity: {reach: none, source: text, mark: verified}
    legal_basis: law
    source: text
    mark: verified
doors:
  - {id: card, service: credit-card, effect: closed, when: list debtors, level: ordinary, legal_basis: law, source: text, mark: verified}
rights:
  notice: {given: true, within: 10 days, source: text, mark: verified}
  defence: true
  reasons: true
  hearing: true
  objection: true
  appeal: {available: true, decide: 15 days, human_review: true, source: text, mark: verified}
  repair: {rules: [{severity: general, after: 3 months, at_most: 12 months, source: text, mark: verified}]}
  correction: {within: 5 days, source: text, mark: verified}
  compensation: true
  retention: {at_most: 36 months, counted_from: conduct, source: text, mark: verified}
"""
FACTS = """\
format: 1
kind: facts
regime: mine
facts:
  system: {value: rules, who: the operator, source: manual}
  operator: {value: public, who: the operator, source: statute}
  dpia: {value: done, who: the officer, source: report}
  fria: {value: done, who: the officer, source: report}
  pia: {value: 36, who: the officer, source: report}
  explained: {value: "yes", who: the office, source: letters}
  told_source: {value: "yes", who: the office, source: letters}
  system_told: {value: "yes", who: the office, source: letters}
  prior_hearing: {value: "yes", who: the office, source: letters}
  exempt_minor: {value: "yes", who: the office, source: manual}
  first_offence: {value: "yes", who: the office, source: manual}
  penalty_behind: {all: {value: "yes", who: the office, source: manual}}
  catalogue_listed: {all: {value: "yes", who: the office, source: manual}}
  measure_listed: {all: {value: "yes", who: the office, source: manual}}
"""


def changed(*replacements: tuple[str, str], text: str = MINE) -> str:
    """``text`` with each first text replaced by the second; a text that is not there once is a mistake."""
    for old, new in replacements:
        assert text.count(old) == 1, f"{text.count(old)} times: {old!r}"
        text = text.replace(old, new)
    return text


def book_of(text: str = MINE) -> Regime:
    return read_regime(text, name="mine.yaml")


def read(text: str = MINE, facts: str | None = FACTS, day: str = DAY, **options) -> Annex:
    """The book read under every law at once."""
    from counterscore.laws import read_facts

    book = book_of(text)
    known = None if facts is None else read_facts(facts, book, name="facts.yaml")
    return findings(book, under=list(territories()), as_of=day, facts=known, **options)


def results(annex: Annex) -> dict[str, str]:
    return {one.check: one.result or one.standing for one in annex}
