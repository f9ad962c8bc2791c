"""Weighted scores, consent, perks in yuan and matchmakers, as a rule book says them and as the ledger reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterscore import catalog
from counterscore.city import COLUMNS
from counterscore.errors import InputError
from counterscore.regime.cases import parse_cases
from counterscore.regime.explain import sentences
from counterscore.regime.ledger import Ledger, PaperRecord, apply_on_paper
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document, read_regime
from counterscore.regime.reform import apply
from counterscore.regime.vocabulary import ATTRIBUTES

CLUB = """\
format: 1
id: club
title: Club
place: Town
status: scenario
owner: private
participation: opt-in
sources: {a: {title: assumption, kind: assumption}}
authorities: {shop: {label: Shop, contexts: [finance, consumption]}}
catalogue:
  - {id: late, label: Late, act: [card-overdue], authority: shop, points: -30, validity: 12 months, source: a, mark: assumed}
  - {id: buy, label: Bought, act: [leisure-purchase], authority: shop, points: 4, validity: 12 months, source: a, mark: assumed}
score:
  floor: 300
  ceiling: 900
  dimensions:
    - {id: paid, weight: 60, start: 50, from: [{attribute: credit-file, values: {none: -20, full: 30}}, {records: [late]}], source: a, mark: assumed}
    - {id: means, weight: 30, start: 10, from: [{attribute: income, bands: [{from: 0, gives: 0}, {from: 5000, gives: 40}, {from: 9000, gives: 90}]}, {records: [buy]}], source: a, mark: assumed}
    - {id: friends, weight: 10, start: 50, from: [{friends: true}], source: a, mark: assumed}
  grades: [{id: high, from: 700, to: 900}, {id: middle, from: 500, to: 699}, {id: low, from: 300, to: 499}]
  source: a
  mark: assumed
doors:
  - {id: deposit, service: rental, effect: opened, saves: 2600, when: grade high, source: a, mark: assumed}
shown: {friends: may, mates: asked, source: a, mark: assumed}
partners:
  by: club
  prominence: [{grade: high, times: 4}]
  source: a
  mark: assumed
"""


def club(*replacements: tuple[str, str]) -> Regime:
    text = CLUB
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_regime(text, name="club.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  floor: 300", "  start: 500\n  floor: 300", "a weighted score has no start of its own"),
        ("start: 50, from: [{attribute", "start: 150, from: [{attribute", "a dimension is 0 to 100, found 150"),
        ("weight: 60", "weight: -1", "a weight is not below 0"),
        ("{records: [late]}", "{records: [lat]}", 'no row of the catalogue is called "lat"'),
        ("{records: [late]}", "{records: [buy]}", 'row "buy" is used twice'),
        ("{records: [late]}", "{friends: false}", "a part is one of records, attribute, friends; found none"),
        ("attribute: credit-file", "attribute: credit-fil", 'no attribute is called "credit-fil"'),
        ("values: {none: -20, full: 30}", "values: {none: -20, fat: 30}", 'credit-file cannot be "fat"'),
        ("values: {none: -20, full: 30}", "bands: [{from: 0, gives: 1}]", '"credit-file" needs values'),
        ("{from: 9000, gives: 90}", "{from: 4000, gives: 90}", "this band starts at 4000, the one before at 5000"),
        ("id: friends, weight", "id: means, weight", 'dimension "means" is used twice'),
        ("saves: 2600", "saves: -5", "saves must be above 0 yuan, found -5"),
        ("effect: opened, saves", "effect: closed, saves", "nothing is saved at a closed door"),
        ("by: club", "by: clubs", 'no rule book in force here has a score: "clubs"'),
        ("[{grade: high, times: 4}]", "[{grade: higher, times: 4}]", 'no grade is called "higher"'),
        ("times: 4", "times: 0", "times must be above 0, found 0"),
        ("{friends: may, mates: asked", "{friends: sometimes, mates: asked", 'friends cannot be "sometimes"'),
        ("{friends: may, mates: asked", "{lenders: may", '"lenders" is not a field of "shown"'),
        ("owner: private", "owner: public", "only a private score is shown to friends and singles"),
        ("participation: opt-in", "without_consent: records kept", "nobody is asked: participation is mandatory"),
    ],
)
def test_mistakes(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        club((old, new))
    found = error.value.problems
    assert any(one.message.startswith(message) for one in found), [one.message for one in found]
    assert all(one.position.line > 1 or one.position.column > 1 for one in found)


def test_a_score_without_dimensions_needs_a_start() -> None:
    text = CLUB[: CLUB.index("  dimensions:")] + CLUB[CLUB.index("  grades:") :]
    with pytest.raises(InputError, match='a score needs "start"'):
        read_regime(text, name="club.yaml")


def test_a_book_without_a_score_has_nothing_to_show() -> None:
    text = CLUB[: CLUB.index("catalogue:")] + CLUB[CLUB.index("shown:") : CLUB.index("partners:")]
    with pytest.raises(InputError, match="this rule book has no score that could be shown") as error:
        read_regime(text, name="club.yaml")
    (one,) = error.value.problems
    assert (one.position.line, one.position.column) == (text[: text.index("shown:")].count("\n") + 1, 1)


@pytest.mark.parametrize(("id_", "shown"), [("sesame-credit", "may"), ("behaviour-lending", "never")])
def test_a_lenders_score_is_not_shown_unless_its_book_says_so(id_: str, shown: str) -> None:
    rule = catalog.load_regime(id_).shown
    assert rule is not None
    assert (rule.friends, rule.mates) == (shown, shown)
    reform = catalog.load_reform("score-not-shown" if shown == "may" else "score-always-shown")
    changed = apply(catalog.load_regime(id_), reform).shown
    assert changed is not None
    assert changed.friends != rule.friends


def test_points_in_no_dimension_lead_nowhere() -> None:
    found = club(("{records: [late]}", '{attribute: card, values: {"yes": 1}}')).warnings
    assert [one.message for one in found] == ["these points lead nowhere: late is in no dimension"]


def test_it_is_told_in_sentences() -> None:
    told = "\n".join(sentences(club()))
    for part in ("Weighted, between 300 and 900", "paid: 60 of 100", "Credit file: none -20, full +30",
                 "+40 from 5,000 yuan a month", "opened (2,600 yuan saved)", "Grade high: shown, 4 times as often",
                 "To friends: who takes part may show the score, and stops", "may be asked to"):  # fmt: skip
        assert part in told, part


def test_attributes_are_those_of_the_city() -> None:
    """Each attribute of categories has the names of the city's column, so that a rule and a resident meet."""
    columns = {column.name: column for column in COLUMNS} | {
        "credit-file": next(c for c in COLUMNS if c.name == "file")
    }
    for one in ATTRIBUTES:
        if one.id == "work":
            continue  # a state, not a column
        assert columns[one.id].observable
        assert columns[one.id].categories == one.categories


VALUES = st.lists(st.integers(-20_000, 20_000), min_size=3, max_size=3)


@given(VALUES)
def test_a_weighted_score_stays_between_floor_and_ceiling(values: list[int]) -> None:
    score = club().score
    assert score
    found = score.weighted60(values)
    assert score.floor * 60 <= found <= score.ceiling * 60
    exact = 300 + 600 * sum(w * min(100, max(0, v / 60)) for w, v in zip((60, 30, 10), values, strict=True)) / 10_000
    assert found == pytest.approx(exact * 60, abs=1.0)


@given(VALUES, st.integers(0, 2), st.integers(0, 5_000))
def test_more_in_a_dimension_never_lowers_the_score(values: list[int], where: int, more: int) -> None:
    score = club().score
    assert score
    higher = [value + (more if k == where else 0) for k, value in enumerate(values)]
    assert score.weighted60(higher) >= score.weighted60(values)


@given(st.permutations(range(4)))
def test_the_order_of_records_does_not_matter(order: list[int]) -> None:
    records = [
        PaperRecord("card-overdue"),
        PaperRecord("card-overdue"),
        PaperRecord("leisure-purchase"),
        PaperRecord("leisure-purchase"),
    ]
    ledger = Ledger(club(), known={"credit-file": "full", "income": 6000})
    ledger.month(0, [records[k] for k in order])
    # paid 50 + 30 - 60 = 20, means 10 + 40 + 8 = 58, friends 50: (1200 + 1740 + 500) of 10,000
    assert ledger.score60("club") == (300 + 600 * 3440 // 10_000) * 60 + 60 * 2 // 5


def test_friends_take_the_place_of_the_start() -> None:
    ledger = Ledger(club(), friends=[900 * 60, 300 * 60])
    assert ledger.score60("club") == club().score.opening60  # type: ignore[union-attr]
    ledger = Ledger(club(), friends=[300 * 60])
    assert ledger.score60("club") == club().score.opening60 - 30 * 60  # type: ignore[union-attr]


def test_without_consent_there_is_no_score_and_no_door_of_a_grade() -> None:
    rich = {"credit-file": "full", "income": 20_000}
    ledger = Ledger(club(), known=rich, takes_part=False)
    assert ledger.state().score60 is None
    assert ledger.state().grade is None
    assert ledger.doors() == ()
    with pytest.raises(KeyError):
        ledger.score60("club")
    ledger.month(0, [PaperRecord("card-overdue")], takes_part=True)
    assert ledger.doors() == ()  # 50 % of paid and all of means: middle
    ledger.month(12)
    assert ledger.doors() == ("deposit",)
    told = ledger.month(13, takes_part=False)
    assert "no longer takes part" in told[0].what
    assert ledger.doors() == ()


@pytest.mark.parametrize(("kept", "grade"), [("no records", "high"), ("records kept", "middle")])
def test_what_happens_to_records_without_consent(kept: str, grade: str) -> None:
    regime = club(("participation: opt-in", f"participation: opt-in\nwithout_consent: {kept}"))
    rich = {"credit-file": "full", "income": 20_000}
    before = Ledger(regime, known=rich, takes_part=False)
    before.month(0, [PaperRecord("card-overdue")])
    before.month(1, takes_part=True)
    assert before.state().grade == grade
    left = Ledger(regime, known=rich)
    left.month(0, [PaperRecord("card-overdue")])
    left.month(1, takes_part=False)
    left.month(2, takes_part=True)
    assert left.state().grade == grade


def test_cases_know_attributes_friends_and_consent_and_nothing_about_persons() -> None:
    def cases(line: str) -> str:
        return f"format: 1\nregime: club\ncases:\n  - name: one\n    until: 2020-01\n    records: []\n    {line}\n"

    case = parse_cases(read_document(cases("known: {income: 9500}\n    friends: [300]"), kind="cases")).cases[0]
    assert apply_on_paper(club(), case).final.score60 == (300 + 36 * 5 + 18 * 10) * 60
    for line, message in (
        ("known: {income: lots}", "income is a whole number"),
        ("known: {credit-file: fat}", 'credit-file cannot be "fat"'),
        ("known: {name: Li}", "name"),
        ("friends: 700", "friends is a list"),
    ):
        with pytest.raises(InputError, match=message):
            parse_cases(read_document(cases(line), kind="cases"))


def test_the_catalogue_has_a_private_score_and_a_matchmaker() -> None:
    sesame, baihe = catalog.load_regime("sesame-credit"), catalog.load_regime("baihe-match")
    assert sesame.score
    assert [one.weight for one in sesame.score.dimensions] == [35, 25, 20, 15, 5]
    assert sesame.participation == "opt-in"
    assert {door.saves for door in sesame.doors} >= {99, 2600 + 1300}
    assert baihe.partners
    assert all(one.times is None for one in baihe.partners.prominence), "nobody published how much"
