"""A case made line by line comes out as the same case in a file."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_regime, regime_folder, regime_ids
from counterscore.errors import CounterscoreError
from counterscore.regime import onpaper
from counterscore.regime.cases import EXITS, read_cases
from counterscore.regime.ledger import apply_on_paper


@pytest.mark.parametrize("id_", [one for one in regime_ids() if (regime_folder(one) / "cases.yaml").is_file()])
def test_cases_that_come_along_come_out_the_same_line_by_line(id_: str) -> None:
    regime = load_regime(id_)
    for case in read_cases(regime_folder(id_) / "cases.yaml").cases:
        if case.known or case.friends or not case.lines:
            continue
        _, last = onpaper.months_of(case)
        made = onpaper.case_of(regime, onpaper.lines_of(case), last)
        wanted, found = apply_on_paper(regime, case), apply_on_paper(regime, made)
        if made.first == case.first:
            assert [(one.month, one.what, one.rule, one.state) for one in found.steps] == [
                (one.month, one.what, one.rule, one.state) for one in wanted.steps
            ]
        assert found.final == wanted.final


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2018 bribe-taking",
        "2018-03 no-such-act",
        "2018-03 exit:away",
        "2018-03 bribe-taking name=x",
        '2018-03 a"b: {',
    ],
)
def test_what_is_no_record_is_refused_in_words(line: str) -> None:
    with pytest.raises(CounterscoreError):
        onpaper.case_of(load_regime("suining-2010"), [line])


def test_only_acts_that_are_recorded_are_offered() -> None:
    regime = load_regime("suining-2010")
    rows = {act for book in regime.stacked() for row in book.catalogue for act in row.act}
    assert {one.act for one in onpaper.offered(regime)} == rows


def test_records_are_told_as_people_say_them() -> None:
    lines = (
        "2021-01 traffic-violation",
        "2010-02-10 loan-arrears cycles=14",
        "2018-05-01 exit:moved",
        "2020-01 unheard-of",
    )
    assert onpaper.in_words(lines) == (
        "2021-01: traffic violation",
        "2010-02-10: a month of arrears on a bank loan, 14 cycles",
        "2018-05-01: moves to another place",
        "2020-01: unheard-of",
    )


def test_every_way_out_has_words() -> None:
    for one in EXITS:
        assert "exit:" not in onpaper.in_words([f"2020-01 exit:{one}"])[0]
