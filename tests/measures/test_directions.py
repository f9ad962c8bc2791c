"""Measures of what rules do answer to rules: nothing from nothing, more from more."""

from __future__ import annotations

from pathlib import Path

import pytest

import counterscore as cs
from counterscore.measures import measure
from counterscore.regime.model import Regime
from counterscore.regime.read import read_regime
from counterscore.results import Run

MONTHS = 324  #: who held a record at 25 is seen at 50 from the 25th year on
SERVICES = ("flight", "high-speed-rail", "loan", "job", "hospital", "rental", "permit", "business-licence", "welfare")


def _book(id_: str, *, points: int = 20, closed: int = 0) -> Regime:
    """Posts, reading and arrears are recorded; the worst grade finds the first ``closed`` services shut."""
    doors = "".join(
        f"  - {{id: no-{service}, service: {service}, effect: closed, when: grade worst, source: a, mark: assumed}}\n"
        for service in SERVICES[:closed]
    )
    rows = "".join(
        f"  - {{id: {act}, label: {act}, act: [{act}], authority: office, points: -{points}, watched: {{value: 5, source: a, mark: assumed}}, source: a, mark: assumed}}\n"
        for act in ("critical-post", "political-reading", "loan-arrears", "utility-arrears")
    )
    return read_regime(
        f"format: 1\nid: {id_}\ntitle: {id_}\nplace: Test town\nstatus: scenario\n"
        "sources: {a: {title: assumption, kind: assumption}}\n"
        f"authorities: {{office: {{label: Office, contexts: [speech, consumption, finance, utilities]}}}}\ncatalogue:\n{rows}"
        "score:\n  start: 1000\n  floor: 0\n  ceiling: 1000\n"
        "  grades: [{id: fine, from: 990, to: 1000}, {id: worst, from: 0, to: 989}]\n  source: a\n  mark: assumed\n"
        "rights: {notice: {given: true, source: a, mark: assumed}}\n" + (f"doors:\n{doors}" if doors else ""),
        name=f"{id_}.yaml",
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fifty lives to be compared: nothing follows, one door, one door at more points, nine doors."""
    out: Path = tmp_path_factory.mktemp("directions") / "run"
    return cs.simulate(
        _book("on-paper"),
        cs.synthesize("beijing", residents=1000, seed=2),
        months=MONTHS,
        seed=2,
        also=[
            _book("mild", points=1, closed=1),
            _book("stern", points=20, closed=1),
            _book("harsh", points=20, closed=9),
        ],
        base=cs.load_regime("none"),
        out=out,
    )


def _of(run: Run, name: str) -> list[float]:
    """The measure on paper, mild, stern and harsh."""
    values = [measure(run, name, world=world)[0].value for world in ("on-paper", "mild", "stern", "harsh")]
    assert None not in values, name
    return [float(value) for value in values if value is not None]


def test_where_nothing_follows_from_a_record_nothing_is_measured(run: Run) -> None:
    for name in (
        "unable_to_move",
        "chilled",
        "refusals",
        "young_record_work",
        "young_record_income",
        "young_record_owes",
    ):
        assert _of(run, name)[0] == 0, name


def test_more_points_hold_back_more(run: Run) -> None:
    paper, mild, stern, _ = _of(run, "chilled")
    assert paper < mild < stern


def test_more_closed_doors_keep_more_from_moving(run: Run) -> None:
    paper, _, stern, harsh = _of(run, "unable_to_move")
    assert paper <= stern < harsh


def test_a_record_held_young_costs_work_and_income_where_doors_close(run: Run) -> None:
    for name in ("young_record_work", "young_record_income"):
        paper, _, _, harsh = _of(run, name)
        assert harsh < paper == 0, name
