"""The two measures that stand beside legal findings, on small made-up tables."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.measures import months_to_notice, refused_in_band
from counterscore.measures._measure import NEVER
from counterscore.regime.read import read_regime

BOOK = """\
format: 1
id: lender
title: Lender
place: anywhere
status: scenario
sources: {text: {title: The text, kind: rule text}}
score: {start: 100, floor: 0, ceiling: 100, grades: [{id: good, from: 50, to: 100}, {id: poor, from: 0, to: 49}], source: text, mark: verified}
"""
LENDING = "lending:\n  - {file: thin, below: 60, source: text, mark: verified}\n"
DOOR = "doors:\n  - {id: no-loan, service: loan, effect: closed, when: grade poor, source: text, mark: verified}\n"


def _columns() -> dict[str, np.ndarray]:
    return {
        "score": np.array([55, 65, 55, 40]) * 60,
        "grade": np.array([0, 0, 0, 1]),
        "file": np.array([1, 1, 2, 2]),
        "loans_asked": np.array([10, 10, 10, 10]),
        "loans_refused": np.array([9, 1, 2, 10]),
        "loans_good_refused": np.array([6, 1, 2, 8]),
        "loans_bad": np.array([0, 1, 0, 0]),
        "first_record": np.array([3, 5, NEVER, 7]),
        "first_listed": np.array([9, NEVER, NEVER, 7]),
    }


class Lived:
    """Four adults: asked 10 times each; two thin files below and above 60 points, a full file below, one in the worst grade."""

    def __init__(self, text: str = "") -> None:
        self.text, self.columns, self.scored = text, _columns(), {"id": "lender", "files": {"lender.yaml": text}}
        self.counts = {"records": 12, "good_records": 2, "noticed": 6}

    @property
    def record(self):
        return {"parts": [{"id": "lender", "files": {"lender.yaml": self.text}}], "reforms": []}

    def outcome(self, name):
        return self.columns[name]

    def resident(self, name):
        return self.columns[name]

    def count(self, name):
        return self.counts[name]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (LENDING, (100 * 6 / 7, 7.0)),  # the first adult: 10 asked, 3 of those refused would not have repaid
        (DOOR, (100 * 8 / 8, 8.0)),  # the last one
        (LENDING + DOOR, (100 * 14 / 15, 15.0)),
        ("", (None, 0.0)),
    ],
)
def test_refused_in_band_counts_who_stands_in_the_band_and_would_repay(rules, expected):
    value, rests_on = refused_in_band.MEASURE.compute(Lived(BOOK + rules), None, None)
    assert rests_on == expected[1]
    assert value == (None if expected[0] is None else pytest.approx(expected[0]))


def test_refused_in_band_by_group():
    mask = np.array([False, True, True, True])
    assert refused_in_band.MEASURE.compute(Lived(BOOK + LENDING), mask, None) == (None, 0.0)


def test_months_to_notice_is_zero_where_all_records_bring_notice():
    """Six of ten adverse records bring notice; two of three recorded adults are listed, six and no months later."""
    assert read_regime(BOOK, name="lender.yaml").score is not None
    value, learn = months_to_notice.MEASURE.compute(Lived(), None, None)
    assert learn == pytest.approx(0.6 * 3 + 0.4 * 2)
    assert value == pytest.approx(0.4 * 6 / learn)
    told = Lived()
    told.counts = {"records": 10, "good_records": 0, "noticed": 10}
    assert months_to_notice.MEASURE.compute(told, None, None) == (0.0, 3.0)
    silent = Lived()
    silent.counts = {"records": 10, "good_records": 0, "noticed": 0}
    assert months_to_notice.MEASURE.compute(silent, None, None) == (3.0, 2.0)
    none = Lived()
    none.counts = {"records": 2, "good_records": 2, "noticed": 0}
    assert months_to_notice.MEASURE.compute(none, None, None) == (None, 0.0)
