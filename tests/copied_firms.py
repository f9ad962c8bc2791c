"""Rule books about firms, one of which is told of what the other records and lists."""

from __future__ import annotations

from functools import cache

from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from tests import worlds

#: What offices record of firms, and a rule book about firms that reads them.
FIRM_OFFICES = """
format: 1
id: firm-offices
title: Offices of firms
place: Test town
status: scenario
subjects: firms
sources: {a: {title: assumption, kind: assumption}}
authorities:
  taxes: {label: Tax office, contexts: [tax]}
  market: {label: Market regulator, contexts: [procurement, product_quality]}
catalogue:
  - {id: owed, label: Tax owed, act: [firm-tax-arrears, tax-filing-late], authority: taxes, validity: 18 months, source: a, mark: assumed}
  - {id: bad, label: Failed spot check, act: [quality-failure, false-advertising], authority: market, validity: 18 months, source: a, mark: assumed}
lists:
  tax-list: {label: Tax list, enter: record(owed), term: 9 months, leave: [expired, corrected], source: a, mark: assumed}
  quality-list: {label: Quality list, enter: record(bad), term: 9 months, leave: [expired, corrected], source: a, mark: assumed}
doors:
  - {id: tax-tender, service: tender, effect: closed, when: list tax-list, source: a, mark: assumed}
  - {id: quality-loan, service: firm-loan, effect: closed, when: list quality-list, source: a, mark: assumed}
rights:
  notice: {given: true, source: a, mark: assumed}
  appeal: {available: true, decide: 60 days, source: a, mark: assumed}
"""
FIRM_READER = """
format: 1
id: firm-reader
title: Reader of records about firms
place: Test town
status: scenario
subjects: firms
stack: [firm-offices]
sources: {a: {title: assumption, kind: assumption}}
authorities:
  centre: {label: Centre, contexts: [tax, procurement, product_quality]}
catalogue:
  - {id: tax, label: Tax, act: [firm-tax-arrears, tax-filing-late], authority: centre, points: -30, validity: 18 months, source: a, mark: assumed}
  - {id: quality, label: Quality, act: [quality-failure, false-advertising], authority: centre, points: -10, validity: 18 months, source: a, mark: assumed}
  - {id: tax-told, label: On the tax list, on_list: tax-list, authority: centre, points: -15, validity: 18 months, source: a, mark: assumed}
  - {id: quality-told, label: On the quality list, on_list: quality-list, authority: centre, points: -15, validity: 18 months, source: a, mark: assumed}
score:
  start: 100
  floor: 0
  ceiling: 100
  authority: centre
  grades: [{id: A, from: 80, to: 100}, {id: B, from: 0, to: 79}]
  source: a
  mark: assumed
lists:
  told-tax: {label: Told of taxes, enter: record(tax-told), term: 12 months, authority: centre, leave: [expired, corrected], source: a, mark: assumed}
  told-quality: {label: Told of quality, enter: record(quality-told), term: 12 months, authority: centre, leave: [expired, corrected], source: a, mark: assumed}
doors:
  - {id: told-licence, service: firm-licence, effect: closed, when: list told-tax, source: a, mark: assumed}
sharing:
  - {of: taxes, from: firm-offices, to: centre, after: 31 days, source: a, mark: assumed}
  - {of: market, from: firm-offices, to: centre, corrected: false, source: a, mark: assumed}
"""


@cache
def copied_firms() -> Regime:
    """A rule book about firms that is told of what the offices of another one record and list."""
    return parse_regime(
        read_document(FIRM_READER, name="firm-reader.yaml"), find=lambda _: worlds.regime_of(FIRM_OFFICES)
    )
