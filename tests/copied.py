"""Rule books that copy the records of others: the test town beside offices, and firms beside theirs."""

from __future__ import annotations

from functools import cache

from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from tests.worlds import TOWN, regime_of

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
    return parse_regime(read_document(FIRM_READER, name="firm-reader.yaml"), find=lambda _: regime_of(FIRM_OFFICES))
