"""Charts and reports of runs in which little or nothing happens: an answer or a reason, never an internal error."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from counterscore.catalog import load_regime
from counterscore.charts import View, all_charts, draw
from counterscore.charts.group_gaps import _finding
from counterscore.errors import CounterscoreError
from counterscore.regime.model import Regime
from counterscore.report import TEMPLATES, build
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds

#: What little happens: the rule book, residents, months, replicates.
SMALL = {
    "one replicate": ("town", 200, 6, 1),
    "one month": ("town", 200, 1, 2),
    "thirty residents": ("town", 30, 12, 10),
    "a list nobody reaches": ("hit-and-run", 200, 6, 10),
    "rare acts": ("illegal-fundraising", 60, 4, 10),
    "lists alone": ("court-defaulters", 120, 6, 3),
    "no rule": ("none", 60, 3, 2),
    "no list and no score": ("credit-registry", 60, 3, 2),
    "firms": ("market-lists", 300, 4, 2),
}
QUIET = """
format: 1
id: quiet-town
title: Quiet town
place: Test town
status: scenario
sources: {a: {title: assumption, kind: assumption}}
authorities:
  office: {label: Office, contexts: [finance, traffic]}
catalogue:
  - {id: it, label: It, act: [ACT], authority: office, points: -5, validity: 18 months, source: a, mark: assumed}
score:
  start: 1000
  floor: 0
  ceiling: 1300
  grades: [{id: A, from: 990, to: 1300}, {id: D, from: 0, to: 989}]
  source: a
  mark: assumed
lists:
  never: {label: Never, enter: score < 10, term: while the ground holds, leave: [expired, corrected], source: a, mark: assumed}
doors:
  - {id: no-flight, service: flight, effect: closed, when: list never, source: a, mark: assumed}
"""


def _regime(name: str) -> Regime:
    if name == "town":
        return worlds.town()
    if name in {"hit-and-run", "illegal-fundraising"}:
        return worlds.regime_of(QUIET.replace("ACT", name))
    return load_regime(name)


@pytest.fixture(scope="module", params=list(SMALL))
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    name, residents, months, replays = SMALL[request.param]
    return simulate(
        _regime(name),
        worlds.city(residents, seed=1),
        months=months,
        replays=replays,
        seed=1,
        also=[load_regime("nanjing-card")],
        base=load_regime("none") if name != "none" else None,
        out=tmp_path_factory.mktemp("small") / "run",
    )


def test_every_chart_draws_or_says_why_not(small: Run, request: pytest.FixtureRequest) -> None:
    """The plain view of each chart and one of its others; all of them, and as pictures, with ``--whole``."""
    whole, turn = request.config.getoption("--whole"), list(SMALL).index(request.node.callspec.params["small"])
    for number, chart in enumerate(all_charts()):
        if chart.source != "run":
            continue
        views = [View(), View(world=small.worlds[-1]), View(world=small.worlds[1], against=small.worlds[0])]
        views += [View(by=by) for by in ("registration", "occupation") if "by" in chart.takes]
        views += [View(pick=pick) for pick in ("median", "p90") if "pick" in chart.takes]
        views += [View(tolerance=2.0)] if "tolerance" in chart.takes else []
        for view in views if whole else [views[0], views[1 + (turn + number) % (len(views) - 1)]]:
            try:
                drawing = draw(small, chart.id, view)
            except CounterscoreError:
                continue  # told with its reason
            assert drawing.finding.endswith("."), chart.id
            assert not {"nan", "inf", "none"} & set(drawing.finding.lower().split()) - set(small.worlds), (
                drawing.finding
            )
            assert len(drawing.alt) <= 300
            assert drawing.table().rows
            if whole or ((turn + number) % 3 == 0 and view is views[0]):
                assert "<svg" in drawing.svg()


def _its_turn(small: str, template: str) -> bool:
    return (list(SMALL).index(small) + list(TEMPLATES).index(template)) % len(TEMPLATES) == 0


@pytest.mark.sample(of=_its_turn)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_report_is_written(small: Run, template: str) -> None:
    page = build([small], template)
    assert "Limits, first" in page
    assert ">nan<" not in page
    assert " nan " not in page


# The five notions have intervals from one replicate on: residents are drawn too.
@pytest.mark.parametrize("untested", ["group-gaps"])
def test_what_was_not_tested_is_not_called_the_same(untested: str, tmp_path: Path) -> None:
    few = simulate(
        worlds.town(),
        worlds.city(900, seed=2),
        months=12,
        replays=3,
        seed=2,
        assumptions=worlds.busy(),
        out=tmp_path / "few",
    )
    told = draw(few, untested, View(by="registration"))
    assert all(row["low"] is None for row in told.rows)
    assert "tested" in told.finding
    assert "can be told apart" not in told.finding
    assert "overlap" not in told.finding


def _row(measure: str, group: str, value: float, low: float | None, high: float | None) -> dict[str, Any]:
    shared = {"measure": measure, "group": group, "unit": "of 100", "n_replays": 12}
    return shared | {"value": value, "low": low, "high": high}


def test_the_sentence_about_groups_is_that_of_its_table() -> None:
    """A lower value of 0 is no reason to look away from a gap, and a range that is missing none to say groups are alike."""
    clear = [
        _row("One", "a", 4, 3, 5),
        _row("One", "b", 6, 5.5, 7),
        _row("Two", "a", 0, 0, 0),
        _row("Two", "b", 9, 8, 10),
    ]
    assert "two" in _finding(clear)
    assert "9.00 (8.00 to 10.00" in _finding(clear)
    assert "apart in 2 of 2" in _finding(clear)
    assert "the same numbers" in _finding([_row("One", "a", 4, 3, 5), _row("One", "b", 4, 3, 5)])
    assert "overlap in every measure" in _finding([_row("One", "a", 4, 3, 6), _row("One", "b", 5, 4, 7)])
    assert "not tested" in _finding([_row("One", "a", 4, None, None), _row("One", "b", 5, 4, 7)])
    assert "nothing can be compared" in _finding([_row("One", "a", 4, 3, 6)])


def test_worlds_that_part_in_a_later_replicate_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("counterscore.charts.twins")
    run = simulate(
        worlds.town(),
        worlds.city(200, seed=2),
        months=6,
        replays=3,
        seed=2,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path / "later",
    )
    whole = module.pairs_of

    def same_at_first(run: Run, world: str, base: str, column: str, replay: int) -> dict[str, Any]:
        found = dict(whole(run, world, base, column, replay))
        return found | ({"world": found["baseline"]} if replay == 0 else {})

    monkeypatch.setattr(module, "pairs_of", same_at_first)
    rows = draw(run, "twins").rows
    assert {row["replay"] for row in rows if row["what"] == "one resident"} == {1}
