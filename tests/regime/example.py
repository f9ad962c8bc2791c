"""A small rule book without a mistake, into which the tests put one."""

from __future__ import annotations

from counterscore.regime.model import Regime
from counterscore.regime.read import read_regime

EXAMPLE = """\
format: 1
id: example-town
title: Example Town pilot
place: Example Town
status: piloted
in_force: {from: "2016-01", to: "2019"}
sources:
  notice-7: {title: Notice 7, kind: rule text, address: "https://town.example/7", read: "2026-11"}
  guess: {title: our own, kind: assumption}
  paper: {title: Evening paper, kind: news}
authorities:
  police: {label: Police, contexts: [traffic]}
  centre: {label: Credit centre, contexts: [volunteering, honours, utilities, court_judgment]}
catalogue:
  - id: traffic-ticket
    label: Traffic ticket
    act: [traffic-violation]
    authority: police
    points: -5
    severity: minor
    validity: 24 months
    cap: {grade: C, lasts: 12 months}
    source: notice-7
    mark: verified
  - id: late-bill
    label: Late bill
    act: [utility-arrears]
    authority: centre
    discretion: {least: -5, most: -50}
    per: cycle
    source: notice-7
    mark: verified
  - id: help
    label: Volunteering
    act: [volunteering]
    authority: centre
    curve: [{up_to: 20, points: 1, per: 1}, {points: 1, per: 4}]
    source: notice-7
    mark: verified
  - id: listed
    label: Entered on the list
    on_list: untrustworthy
    authority: centre
    points: {value: 0, source: guess, mark: assumed}
    source: notice-7
    mark: verified
score:
  start: 1000
  floor: 0
  ceiling: 1300
  update: 3 months
  grades:
    - {id: A, from: 970, to: 1300}
    - {id: B, from: 850, to: 969}
    - {id: C, from: 600, to: 849}
    - {id: D, from: 0, to: 599}
  source: notice-7
  mark: recalled
lists:
  untrustworthy:
    label: Untrustworthy residents
    enter: score < 600 or records(traffic-ticket, 5 in 12 months) or grade D
    term: 24 months
    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}
    leave: [expired, repaired, corrected]
    publicity: {fields: [name, case], reach: city, lasts: 24 months}
    source: notice-7
    mark: verified
doors:
  - id: no-flights
    service: flight
    effect: closed
    when: list untrustworthy
    source: notice-7
    mark: verified
  - id: green-counter
    service: permit
    effect: opened
    times: 0.5
    when: grade A or better
    source: guess
    mark: assumed
scrutiny:
  - {occupation: teacher, times: 1.5, source: guess, mark: assumed}
rights:
  notice: {given: true, within: 5 days, source: notice-7, mark: verified}
  appeal: {available: true, decide: 15 days, human_review: true, source: notice-7, mark: verified}
  repair:
    rules:
      - {severity: serious, after: 3 months, at_most: 60 months, source: notice-7, mark: verified}
    conditions: [conduct corrected]
  retention: {at_most: 5 years, counted_from: conduct, source: notice-7, mark: verified}
"""


def with_(*replacements: tuple[str, str]) -> str:
    """The example with each first text replaced by the second; a text that is not there once is a mistake."""
    text = EXAMPLE
    for old, new in replacements:
        assert text.count(old) == 1, f"{text.count(old)} times in the example: {old!r}"
        text = text.replace(old, new)
    return text


def regime_of(text: str, name: str = "mine.yaml") -> Regime:
    return read_regime(text, name=name)
