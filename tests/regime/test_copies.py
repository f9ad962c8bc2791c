"""Records that flow between rule books of a stack: what may be declared, how it is told, what it does on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.catalog import load_regime
from counterscore.errors import InputError
from counterscore.regime.explain import sentences
from counterscore.regime.found import copied
from counterscore.regime.ledger import Ledger, PaperExit, PaperRecord
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document, read_regime
from tests import worlds
from tests.copied import OFFICES

BOOK = """
format: 1
id: reader
title: Reader
place: Test town
status: scenario
stack: [offices]
sources: {a: {title: assumption, kind: assumption}}
authorities:
  centre: {label: Centre, contexts: [traffic, finance, tax]}
catalogue:
  - {id: ticket, label: Ticket, act: [traffic-violation], authority: centre, points: -5, source: a, mark: assumed}
  - {id: card, label: Card, act: [card-overdue], authority: centre, points: -20, source: a, mark: assumed}
  - {id: tax, label: Tax, act: [tax-arrears], authority: centre, points: -50, source: a, mark: assumed}
score:
  start: 100
  floor: 0
  ceiling: 200
  authority: centre
  grades: [{id: A, from: 90, to: 200}, {id: B, from: 0, to: 89}]
  source: a
  mark: assumed
sharing:
  - {of: police, from: offices, kinds: [traffic], to: centre, after: 2 months, source: a, mark: assumed}
  - {of: bank, from: offices, to: centre, corrected: false, source: a, mark: assumed}
  - {of: taxes, from: offices, to: centre, source: a, mark: assumed}
"""


def _book(*replaced: tuple[str, str]) -> Regime:
    text = BOOK
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse_regime(read_document(text, name="reader.yaml"), find=lambda _: worlds.regime_of(OFFICES))


def test_it_is_told_in_words() -> None:
    told = [line.strip() for line in sentences(_book())]
    assert (
        "All of the records of traffic of Police under offices reach Centre after 2 months, in this city; "
        "taken back with them. [a, assumed]" in told
    )
    assert any(
        line.endswith("reach Centre at once, in this city; not taken back with them. [a, assumed]") for line in told
    )


@pytest.mark.parametrize(
    ("old", "new", "message", "place"),
    [
        ("from: offices, kinds", "from: ofices, kinds", 'no rule book of the stack is called "ofices"', (24, 24)),
        ("of: police,", "of: polise,", 'offices has no authority called "polise"', (24, 10)),
        ("kinds: [traffic]", "kinds: [trafic]", 'no context is called "trafic"', (24, 41)),
        ("kinds: [traffic]", "rows: [tiket]", 'no row of the catalogue is called "tiket"', (24, 40)),
        ("kinds: [traffic]", "rows: [ticket, card]", 'row "card" is not about what "police" of offices records', (24, 48)),
        ("{of: taxes, from: offices, to", "{of: centre, rows: [tax], to", "rows is about records of another rule book", (26, 18)),
        ("kinds: [traffic]", "kinds: [speech]", 'no row here is about what "police" of offices records of speech', (24, 10)),
        ("{of: taxes, from: offices, to", "{of: centre, corrected: false, to", "corrected is about records of another rule book", (26, 18)),
        ("id: tax, label: Tax, act: [tax-arrears]", "id: tax, label: Tax, act: [tax-fraud]", 'no row here is about what "taxes" of offices records', (26, 10)),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(old: str, new: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(InputError) as error:
        _book((old, new))
    (told,) = [found for found in error.value.problems if message in found.message]
    assert (told.position.line, told.position.column) == place
    assert told.suggestion


def test_a_rule_book_about_firms_shares_nothing_with_one_about_residents() -> None:
    text = BOOK.replace("stack: [offices]", "stack: [zhejiang-firms]").replace(
        "of: police, from: offices", "of: tax, from: zhejiang-firms"
    )
    with pytest.raises(InputError, match="is about firms, and this rule book about residents"):
        parse_regime(read_document(text, name="reader.yaml"), find=load_regime)


def _lived(regime: Regime, months: int, records: dict[int, list[PaperRecord]], exits: dict[int, list[PaperExit]]) -> list[float]:  # fmt: skip
    ledger = Ledger(regime, 0)
    found = []
    for month in range(months):
        ledger.month(month, records.get(month, []), exits.get(month, []))
        found.append(ledger.score60("reader") / 60)
    return found


def test_a_copy_comes_later_and_goes_with_its_source() -> None:
    ticket, card = PaperRecord("traffic-violation"), PaperRecord("card-overdue")
    back = {4: [PaperExit("corrected", record=0)]}
    assert _lived(_book(), 6, {0: [ticket]}, back) == [100, 100, 95, 95, 100, 100]
    assert _lived(_book(), 6, {0: [card]}, back) == [80] * 6  # not corrected
    told = _book(("to: centre, corrected: false", "to: centre"))
    assert _lived(told, 6, {0: [card]}, back) == [80, 80, 80, 80, 100, 100]


def test_an_entry_may_name_the_rows_it_is_about() -> None:
    """Other rows about what the source records stay the rule book's own: recorded here also where the source records nothing."""
    own = (
        "  - {id: arrears, label: Loan, act: [loan-arrears], authority: centre, points: -1, source: a, mark: assumed}\n"
    )
    entry = "of: bank, from: offices, to: centre, corrected: false"
    named = _book((entry, "of: bank, from: offices, rows: [card], to: centre"), ("score:\n", f"{own}score:\n"))
    found = {row.id: copied(named, row, named.stacked()) for row in named.catalogue}
    assert found["arrears"] is None
    assert found["card"] is not None
    assert any('of the records that "Card" is about of Bank under offices' in line for line in sentences(named))
    again = PaperRecord("loan-arrears", episode_start=False)  # of which the bank records the first month only
    assert _lived(named, 1, {0: [again]}, {}) == [99]
    assert _lived(_book(("score:\n", f"{own}score:\n")), 1, {0: [again]}, {}) == [100]


@pytest.mark.parametrize("corrected", [True, False])
def test_what_tells_of_a_listing_goes_with_it(corrected: bool) -> None:
    """A record taken back ends a listing at the source, that what is told of it here, and that a listing here."""
    told = "  - {id: told, label: Told, on_list: debts-out, authority: centre, points: -7, source: a, mark: assumed}\n"
    rule = "lists: {here: {label: Here, enter: record(told), authority: centre, term: 2 years, leave: [expired, corrected], source: a, mark: assumed}}\n"
    entry = "{of: taxes, from: offices, to: centre" + ("" if corrected else ", corrected: false")
    book = _book(("score:\n", f"{told}{rule}score:\n"), ("{of: taxes, from: offices, to: centre", entry))
    ledger = Ledger(book, 0)
    ledger.month(0, [PaperRecord("tax-arrears", amount=5)], [])
    assert set(ledger.lists()) == {"debts-out"}
    ledger.month(1)  # lists meet what tells of a listing in the month after
    assert set(ledger.lists()) == {"debts-out", "here"}
    assert ledger.score60("reader") == (100 - 50 - 7) * 60
    steps = ledger.month(3, [], [PaperExit("corrected", record=0)])
    assert "debts-out" not in ledger.lists()
    assert ("here" in ledger.lists()) is not corrected
    assert ledger.score60("reader") == (100 if corrected else 43) * 60
    assert any(
        ("taken back with the listing" if corrected else "Told of") in one.what and "Told" in one.what for one in steps
    )


def test_nothing_is_copied_where_nothing_was_recorded() -> None:
    """The tax office records debts of three thousand yuan or more, this rule book any."""
    small, large = (PaperRecord("tax-arrears", amount=amount) for amount in (2, 3))
    assert _lived(_book(), 2, {0: [small]}, {}) == [100, 100]
    assert _lived(_book(), 2, {0: [large]}, {}) == [50, 50]


def test_rows_that_no_entry_is_about_stay_the_rule_books_own() -> None:
    book = _book()
    found = {row.id: copied(book, row, book.stacked()) for row in book.catalogue}
    assert [(name, one.entry.of) for name, one in found.items() if one] == [("ticket", "police"), ("card", "bank"), ("tax", "taxes")]  # fmt: skip
    beijing = load_regime("beijing-points")
    own = [row.id for row in beijing.catalogue if not copied(beijing, row, beijing.stacked())]
    assert "loan-arrears" in own
    assert "court-listed" not in own


def test_a_file_can_be_stacked_and_copied_from(tmp_path: Path) -> None:
    (tmp_path / "offices.yaml").write_text(OFFICES)
    (tmp_path / "mine.yaml").write_text(BOOK.replace("stack: [offices]", "stack: [offices.yaml]"))
    from counterscore import catalog

    assert [one.origin for one in catalog.read_regime(tmp_path / "mine.yaml").sharing or ()] == ["offices"] * 3
    with pytest.raises(InputError, match="no rule book of the stack"):
        read_regime(BOOK.replace("stack: [offices]\n", ""), name="alone.yaml")
