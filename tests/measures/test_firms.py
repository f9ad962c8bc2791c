"""Measures of firms: right on a run written by hand, and silent where no firms live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterscore.engine.layout import COUNTERS, FIRM_COUNTERS, FIRM_SHARED
from counterscore.headlines import prose
from counterscore.measures import all_measures, measure
from counterscore.paired import compare
from counterscore.results import Run, RunWriter
from counterscore.results.tables import FIRM_OUTCOMES, FIRMS, OUTCOMES, RESIDENTS

FIRMS_HERE, MONTHS, REPLAYS = 40, 12, 10


def _blank(fields: tuple[object, ...], n: int) -> dict[str, np.ndarray]:
    return {f.name: np.zeros(n, f.type.to_pandas_dtype()) for f in fields}  # type: ignore[attr-defined]


def _outcomes(*, ruled: bool) -> dict[str, np.ndarray]:
    columns = _blank(FIRM_OUTCOMES, FIRMS_HERE)
    columns["misconduct"][:20] = 1
    columns["grade"][:] = 255
    if not ruled:
        return columns
    columns["grade"][:] = 0
    columns["grade"][:8] = 3
    columns["score"][:] = 60 * 800
    columns["closed"][39] = 1
    columns["score"][39] = 0
    columns["months_listed"][:10] = 5
    columns["lists"][:4] = 1
    columns["inspections"][:] = 1
    columns["inspections"][:8] = 4
    columns["records"][:12] = 2  # of those with an act: small 8 of 12, large 4 of 8
    columns["records"][4:8] = 0
    columns["good_records"][39] = 0
    columns["head_months"][:2] = 3
    columns["penalties"][:6] = 1
    return columns


def _write(out: Path, *, firms: bool) -> Run:
    part = {"id": "a", "title": "A", "files": {}, "lists": {"l": "L"}, "grades": list("ABCD"), "doors": 1}
    part |= {"score_start": 1, "subjects": "firms"}
    bare = part | {"id": "none", "title": "No scheme", "lists": {}, "grades": None, "score_start": None}
    parts = [part] if firms else [bare | {"subjects": "residents"}]
    record = {
        "worlds": [
            {"name": "a", "title": "A", "parts": parts},
            {"name": "none", "title": "No scheme", "parts": [bare]},
        ],
        "baseline": "none",
        "city": {"id": "x", "title": "X", "residents": 4, "districts": ["d"]},
        "months": MONTHS,
        "replays": REPLAYS,
        "seed": 0,
        "subjects": ["residents", "firms"] if firms else ["residents"],
        "assumptions": {"doors.unable_at": {"value": 3}},
    }
    with RunWriter(out, record) as writer:
        who = _blank(RESIDENTS, 4)
        who["adult"][:], who["age"][:], who["until"][:] = 1, 40, 65535
        writer.write_residents([who])
        if firms:
            told = _blank(FIRMS, FIRMS_HERE)
            told["size"][8:12], told["size"][16:20], told["size"][30:] = 2, 2, 3
            writer.write_firms([told])
        for replay in range(REPLAYS):
            for world in ("a", "none"):
                ruled = world == "a"
                counts = {name: np.zeros(MONTHS, np.int64) for name, _, _ in COUNTERS}
                tables = {
                    "outcomes": _blank(OUTCOMES, 4),
                    "counts": counts | {"month": np.arange(MONTHS)},
                    "services": {
                        "service": np.array(["tender", "tender", "firm-loan"], object),
                        "standing": np.array(["plain", "held up", "plain"], object),
                        "attempts": np.array([30, 10, 8]),
                        "refused": np.array([0, 6 * ruled, 0]),
                        "refused_else": np.zeros(3, np.int64),
                        "waited_days": np.zeros(3, np.int64),
                    },
                }
                if firms:
                    tally = {name: np.zeros(MONTHS, np.int64) for name, _, _ in FIRM_COUNTERS}
                    tally |= {name: np.zeros(MONTHS, np.int64) for name in FIRM_SHARED}
                    tally["open"][:] = 40
                    tally["closed"][3], tally["reopened"][5], tally["escaped"][5] = 8, 4, 1 * ruled
                    tally["owing_wages"][:] = 2
                    tally["unpaid_workers"][:] = 1
                    tally["inspections"][:] = 4
                    tally["glitched"][6] = 10 * ruled
                    tally["attempts"][:], tally["refused"][0] = 10, 6 * ruled
                    tally["records"][:], tally["stale_copies"][2] = 5, 3 * ruled
                    tables |= {
                        "firm_outcomes": _outcomes(ruled=ruled),
                        "firm_counts": {"month": np.arange(MONTHS)} | tally,
                    }
                writer.write_unit(world, replay, tables)
    return Run(out)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _write(tmp_path_factory.mktemp("firms") / "by-hand", firms=True)


BY_HAND = {
    "firms_listed_ever": 25.0,
    "firms_listed_now": 10.0,
    "firm_mean_score": 800.0,
    "firm_worst_grade": 100 * 8 / 39,
    "firm_refusals": 50.0,
    "firm_stale_copies": 50.0,
    "firm_refused_tenders": 150.0,
    "firm_refused_loans": 0.0,
    "firm_inspections": 48 / 40,
    "inspections_by_grade": 4.0,
    "heads_restricted": 50.0,
    "firms_owing_wages": 50.0,
    "unpaid_workers": 3000.0,
    "firms_reopened": 50.0,
    "firms_escaped": 25.0,
    "firms_penalised": 15.0,
    "glitch_effect": 25.0,
    # among firms with an act: micro and small 4 of 12 with a bad record, medium 4 of 8; without one nobody has any
    "firm_size_gap": (4 / 12) / (4 / 8),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_worked_by_hand(run: Run, name: str) -> None:
    (found,) = measure(run, name, world="a")
    assert found.value == pytest.approx(BY_HAND[name])
    assert found.limits


def test_differences_of_firms(run: Run) -> None:
    assert compare(run, "firm_refusals").value == pytest.approx(50.0)
    assert compare(run, "firms_escaped").value == pytest.approx(25.0)
    assert compare(run, "firm_worst_grade").value is None  # nobody grades firms in the other world


def test_a_run_of_firms_is_told_in_words(run: Run) -> None:
    assert "25.0 (25.0 to 25.0) of 100 firms are listed at some time" in prose(run)


def test_without_firms_every_measure_of_firms_says_so(tmp_path: Path) -> None:
    bare = _write(tmp_path / "bare", firms=False)
    mine = [one for one in all_measures() if one.needs.startswith("firm")]
    assert len(mine) >= 15
    for one in mine:
        (found,) = measure(bare, one.id, world="a")
        assert found.value is None
        assert "not applicable" in found.note
        assert compare(bare, one.id).value is None
