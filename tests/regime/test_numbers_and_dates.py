"""Numbers mean the same to every reader, days exist, and reforms reckon in decimals."""

from __future__ import annotations

import calendar
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from counterscore.catalog import read_regime
from counterscore.errors import InputError
from counterscore.regime.read import parse_regime, read_document
from counterscore.regime.reform import apply, read_reform

BOOK = """format: 1
id: ticket
title: Two rows and one list
place: Testville
status: scenario
sources:
  mine: {title: made up, kind: assumption}
authorities:
  police: {label: Police, contexts: [traffic]}
catalogue:
  - {id: traffic, label: Traffic violation, act: [traffic-violation], authority: police, points: -100, validity: 12 months, source: mine, mark: assumed}
score: {start: 1000, floor: 0, ceiling: 1000, grades: [{id: A, from: 980, to: 1000}, {id: B, from: 0, to: 979}], source: mine, mark: assumed}
lists:
  named: {label: The list, enter: score < 990, term: 100 days, leave: [expired], source: mine, mark: assumed}
"""


def problems(text: str) -> str:
    with pytest.raises(InputError) as raised:
        parse_regime(read_document(text, name="t.yaml"))
    return str(raised.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("-020", "-20"), ("+007", "7"), ("00", "0"), ("0o1750", "1000"), ("0x10", "16"), ("-0100", "-100")],
)
def test_a_number_that_other_readers_take_for_another_is_refused(written: str, meant: str) -> None:
    found = problems(BOOK.replace("points: -100", f"points: {written}"))
    assert f"Write {meant}." in found
    assert written in found


def test_a_single_zero_is_a_number() -> None:
    assert (
        parse_regime(read_document(BOOK.replace("points: -100", "points: 0"), name="t.yaml")).catalogue[0].points == 0
    )


@pytest.mark.parametrize("written", ["1e999", "-1e400", "1e300", "-9.9e307", "1.5e309"])
@pytest.mark.parametrize("where", ["points: -100", "start: 1000", "ceiling: 1000", "to: 979"])
def test_a_number_beyond_what_is_held_is_told(written: str, where: str) -> None:
    key = where.split(":", maxsplit=1)[0]
    assert "too large" in problems(BOOK.replace(where, f"{key}: {written}"))


@given(year=st.integers(1900, 2100), month=st.integers(1, 12), day=st.integers(1, 31))
@settings(max_examples=60, deadline=None)
def test_a_rule_book_is_in_force_from_a_day_that_exists(year: int, month: int, day: int) -> None:
    text = BOOK.replace("sources:", f'in_force: {{from: "{year:04d}-{month:02d}-{day:02d}"}}\nsources:', 1)
    last = calendar.monthrange(year, month)[1]
    if day <= last:
        parse_regime(read_document(text, name="t.yaml"))
    else:
        assert f'Write "{year:04d}-{month:02d}-{last}"' in problems(text)


def _times(by: str, points: int, days: int) -> tuple[int, int]:
    reform = read_reform(f"""format: 1
kind: reform
id: times
title: times {by}
sources:
  mine2: {{title: made up, kind: assumption}}
changes:
  - {{multiply: "catalogue.*.points", by: {by}, source: mine2, mark: assumed}}
  - {{multiply: "lists.*.term", by: {by}, source: mine2, mark: assumed}}
""")
    text = BOOK.replace("points: -100", f"points: {points}").replace("term: 100 days", f"term: {days} days")
    changed = apply(parse_regime(read_document(text, name="t.yaml")), reform)
    term = changed.document.data["lists"]["named"]["term"]
    written = term["value"] if isinstance(term, dict) else term
    return changed.catalogue[0].points or 0, int(written.split()[0])


@given(
    by=st.decimals(Decimal("0.01"), Decimal("9.99"), places=2), points=st.integers(-999, 999), days=st.integers(10, 999)
)
@settings(max_examples=60, deadline=None)
def test_a_reform_multiplies_as_on_paper(by: Decimal, points: int, days: int) -> None:
    exact = (by * points).quantize(Decimal(1), ROUND_DOWN), (by * days).quantize(Decimal(1), ROUND_CEILING)
    assume(exact[1] > 0 and exact != (points, days) and points != exact[0] and days != exact[1])
    assert _times(str(by), points, days) == exact


@pytest.mark.parametrize(
    ("by", "points", "days"),
    [
        ("0.29", -29, 29),
        ("0.58", -58, 58),
        ("1.15", -115, 115),
        ("1.1", -110, 110),
        ("0.07", -7, 7),
        ("2.2", -220, 220),
    ],
)
def test_the_factors_that_went_wrong(by: str, points: int, days: int) -> None:
    assert _times(by, -100, 100) == (points, days)


def test_two_stacked_books_with_one_id_are_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name, points in (("one", -10), ("two", -20)):
        (tmp_path / f"{name}.yaml").write_text(BOOK.replace("-100", str(points)), encoding="utf-8")
    (tmp_path / "top.yaml").write_text(
        BOOK.replace("id: ticket", "id: top").replace("sources:", "stack: [one.yaml, two.yaml]\nsources:", 1),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="is called"):
        read_regime(tmp_path / "top.yaml")
