"""Cases from files, worked out on paper: what comes out, what differs, with its place."""

from __future__ import annotations

from typing import Any

from counterscore.regime.cases import parse_cases
from counterscore.regime.ledger import apply_on_paper, paper_json, paper_text
from counterscore.regime.read import parse_regime, read_document
from tests.regime.books import ARREARS, VOLUNTEER, regime, row

TOWN = """\
format: 1
id: example-town
title: Example Town pilot
place: Example Town
status: piloted
sources:
  notice-7: {title: Notice 7, kind: rule text}
authorities:
  banks: {label: Banks, contexts: [finance]}
catalogue:
  - id: missed
    label: Missed instalment
    act: [loan-arrears]
    authority: banks
    points: -30
    per: cycle
    validity: 60 months
    source: notice-7
    mark: verified
score:
  start: 1000
  floor: 0
  ceiling: 1300
  grades:
    - {id: A, from: 600, to: 1300}
    - {id: D, from: 0, to: 599}
  source: notice-7
  mark: verified
lists:
  untrustworthy:
    label: Untrustworthy residents
    enter: score < 600
    term: 24 months
    leave: [expired, corrected]
    source: notice-7
    mark: verified
doors:
  - {id: no-flights, service: flight, effect: closed, when: list untrustworthy,
     source: notice-7, mark: verified}
"""
CASES = """\
format: 1
regime: example-town
reader: author
cases:
  - name: Fourteen missed instalments
    why: 14 x 30 = 420
    records:
      - {on: 2010-02-10, act: loan-arrears, cycles: 14}
    expect: {score: 580, grade: D, lists: [untrustworthy], doors: [no-flights]}
  - name: The whole line is taken back
    records:
      - {on: 2010-02-10, act: loan-arrears, cycles: 14}
      - {on: 2010-04-10, exit: corrected, of_record: 1}
    expect:
      - {on: 2010-03, score: 940}
      - {on: 2010-04, score: 1000}
      - {on: 2011-04, score: 1000}
    until: 2011-04
  - name: Wrong in every way
    records:
      - {on: 2010-02-10, act: loan-arrears}
      - {on: 2010-03-10, exit: performed, list: untrustworhty}
    expect: {score: 971, grade: B, lists: [untrustworhty], doors: [no-trains], kin_doors: [no-flights]}
"""


def papers() -> dict[str, Any]:
    rules = parse_regime(read_document(TOWN, name="regime.yaml"))
    cases = parse_cases(read_document(CASES, kind="cases", name="cases.yaml"))
    return {case.name: apply_on_paper(rules, case) for case in cases.cases}


def test_a_case_that_comes_out() -> None:
    paper = papers()["Fourteen missed instalments"]
    assert paper.ok
    assert paper.final.score == "580"
    first = paper.steps[0]
    assert (first.month, first.on, first.rule, first.value) == ("2010-02", "2010-02-10", "missed", "-30")
    assert (first.file, first.line, first.record) == ("regime.yaml", 15, "cases.yaml:8")
    assert first.what == "Missed instalment: -30 points; score 1000 -> 970."
    listed = paper.steps[-2]
    assert (listed.on, listed.rule, listed.line, listed.record) == (
        "2011-03",
        "untrustworthy",
        32,
        "cases.yaml:8",
    )
    assert (paper.steps[-1].rule, paper.steps[-1].line, paper.steps[-1].doors) == (
        "no-flights",
        38,
        ("no-flights",),
    )


def test_a_line_taken_back_makes_no_further_cycles() -> None:
    assert papers()["The whole line is taken back"].ok


def test_what_differs_is_told_with_its_place() -> None:
    paper = papers()["Wrong in every way"]
    assert not paper.ok
    assert [str(found).splitlines()[0] for found in paper.mismatches] == [
        "cases.yaml:22:9: list at the end of 2010-03: expected untrustworhty, found no such list",
        "cases.yaml:23:21: score at the end of 2010-03: expected 971, found 970",
        "cases.yaml:23:33: grade at the end of 2010-03: expected B, found A",
        "cases.yaml:23:43: lists at the end of 2010-03: expected untrustworhty, found none",
        "cases.yaml:23:67: doors at the end of 2010-03: expected no-trains, found none",
        "cases.yaml:23:91: kin_doors at the end of 2010-03: expected no-flights, found none",
    ]
    assert paper.mismatches[5].hint == 'There is no kin door "no-flights".'
    assert paper.mismatches[3].hint == 'There is no list "untrustworhty".  Did you mean untrustworthy?'


def test_as_text_and_as_plain_data() -> None:
    paper = papers()["Fourteen missed instalments"]
    text = paper_text(paper)
    assert "  2010-02-10  Missed instalment: -30 points; score 1000 -> 970." in text
    assert "missed  regime.yaml:15  from cases.yaml:8" in text
    assert text.endswith("score 580; grade D; lists untrustworthy; doors no-flights.\n  As expected.")
    data = paper_json(paper)
    assert data["ok"] is True
    assert data["final"] == {
        "score": 580,
        "grade": "D",
        "lists": ["untrustworthy"],
        "doors": ["no-flights"],
        "kin_doors": [],
        "tied_doors": [],
        "warned": False,
        "loans_refused": [],
    }
    assert {"month", "what", "rule", "file", "line", "score", "grade", "lists", "doors"} <= set(data["steps"][0])
    assert "Not as expected:" in paper_text(papers()["Wrong in every way"])


def test_a_score_that_is_not_whole_is_a_number_in_plain_data() -> None:
    text = CASES.replace("loan-arrears", "volunteering").replace("cycles: 14", "amount: 1", 1)
    rules = parse_regime(read_document(TOWN, name="regime.yaml"))
    rules = rules.model_copy(update={"catalogue": (regime(row(VOLUNTEER, curve=[{"per": 3}])).catalogue[0],)})
    paper = apply_on_paper(rules, parse_cases(read_document(text, kind="cases", name="cases.yaml")).cases[0])
    assert (paper.final.score, paper_json(paper)["final"]["score"]) == ("1000 1/3", 1000.3333)


def test_spells_of_a_case_are_unbroken_months_of_one_act() -> None:
    text = """\
format: 1
regime: town
cases:
  - name: Two spells
    records:
      - {on: 2010-01, act: loan-arrears, cycles: 3}
      - {on: 2010-04, act: loan-arrears}
      - {on: 2010-06, act: loan-arrears}
"""
    case = parse_cases(read_document(text, kind="cases")).cases[0]
    paper = apply_on_paper(regime(row(ARREARS, points=-10, per="episode")), case)
    assert paper.final.score == "980"
