"""Measures: complete, right on a run worked out by hand, honest where there is nothing to say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from counterscore import milestones
from counterscore.engine.layout import COUNTERS
from counterscore.errors import UsageError
from counterscore.headlines import prose
from counterscore.measures import TOPICS, all_measures, find_measure, measure
from counterscore.paired import compare, numbers
from counterscore.regime.vocabulary import ACTS, Kind
from counterscore.results import Run, RunWriter
from counterscore.results.tables import OUTCOMES, RESIDENTS
from tests import folders

ADULTS, MINORS = 100, 20
REPLAYS = 12
LAWFUL = [act.id for act in ACTS if act.kind is Kind.LAWFUL]


def _residents() -> dict[str, np.ndarray]:
    n = ADULTS + MINORS
    columns = {f.name: np.zeros(n, f.type.to_pandas_dtype()) for f in RESIDENTS}
    columns["resident"] = np.arange(n, dtype=np.uint64)
    columns["adult"][:ADULTS] = 1
    columns["age"][:] = 40
    columns["until"][:] = 65535
    columns["registration"][60:] = 1
    columns["occupation"][:10] = 2
    columns["conscientiousness"][:] = np.arange(n)
    columns["offender"][:4] = 1
    columns["file"][:] = 2
    columns["file"][:5] = 1
    return columns


def _outcomes(replay: int, *, quiet: bool) -> dict[str, np.ndarray]:
    n = ADULTS + MINORS
    columns = {f.name: np.zeros(n, f.type.to_pandas_dtype()) for f in OUTCOMES}
    columns["first_record"][:] = 65535
    columns["first_listed"][:] = 65535
    columns["attempts"][:] = 10
    columns["allegiance"][4:44] = 1
    columns["score"][:] = 60_000
    columns["milestones"][:30] = 1 | 4 | 8  # all seen when young and at fifty, and in work then
    if not quiet:
        columns["milestones"][:4] = 1 | 2 | 4 | 16 | 32  # recorded young, out of work and listed
        columns["milestones"][4:10] = 1 | 2 | 4 | 8
        columns["milestones"][4:6] |= 128
        columns["milestones"][10:13] = 1 | 2 | 8  # dead before fifty
        columns["milestones"][13:20] = 1 | 4 | 16  # not recorded young
        columns["records"][:50] = 1
        columns["first_listed"][:8] = 3
        columns["lists"][:4] = 1
        columns["wrong_factual"][0] = 2
        columns["months_unable"][:2] = 1
        columns["years_unable"][1:4] = 1
        columns["refused"][:5] = 2
        columns["debt"][:8] = 3
        columns["misconduct"][:80] = 1
        columns["score"][:ADULTS] = 60 * np.arange(ADULTS)
        columns["grade"][:7] = 1
        columns["victims"][:2] = 5
        columns["dealings_refused"][40:43] = 1
        columns["loans_asked"][:20] = 2
        columns["loans_refused"][:10] = 1
        columns["loans_good_refused"][:8] = 1
        columns["loans_bad"][18:20] = 1
    columns["waited"][:] = replay
    return columns


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run written by hand: 100 adults and 20 minors, so that every share can be counted on paper."""
    out = tmp_path_factory.mktemp("runs") / "by-hand"
    part = {
        "id": "a",
        "title": "A",
        "files": {},
        "lists": {"l": "L"},
        "grades": ["A", "B"],
        "doors": 1,
        "score_start": 1,
    }
    bare = part | {"id": "none", "title": "No scheme", "lists": {}, "grades": None}
    record = {
        "worlds": [
            {"name": "a", "title": "A", "parts": [part]},
            {"name": "none", "title": "No scheme", "parts": [bare]},
        ],
        "baseline": "none",
        "city": {"id": "x", "title": "X", "residents": 120, "districts": ["d"]},
        "months": 12,
        "replays": REPLAYS,
        "seed": 0,
        "assumptions": {"doors.unable_at": {"value": 3}},
    }
    with RunWriter(out, record) as writer:
        writer.write_residents([_residents()])
        for world in ("a", "none"):
            for replay in range(REPLAYS):
                counts = {"month": np.arange(12, dtype=np.uint16)}
                counts |= {name: np.zeros(12, np.int64) for name, _, _ in COUNTERS}
                counts["misconduct"][0] = 200 - (replay % 3 + 4 if world == "a" else 0)
                counts["lawful_acts"][0] = 300
                counts["records"][0] = 50 if world == "a" else 0
                counts["untrue_records"][0] = 1 if world == "a" else 0
                counts["entered"][3] = 8 if world == "a" else 0
                counts["frauds_tried"][0], counts["frauds_warned"][0] = 20, 5
                counts["dealings_refused"][0], counts["dealings_refused_untrue"][0] = 30, 3
                counts["listed_attempts"][0], counts["listed_refused"][0] = 40, 6
                stays = {"list_id": ["l"] * 3, "months": [2, 5, 9], "left": ["expired", "expired", "cut off"]}
                tables = {
                    "outcomes": _outcomes(replay, quiet=world == "none"),
                    "counts": counts,
                    "stays": {
                        "list_id": np.array(stays["list_id"], object),
                        "months": np.array(stays["months"], np.uint16),
                        "left": np.array(stays["left"], object),
                        "stays": np.array([2, 2, 4], np.int64),
                    },
                    "services": {  # the long wait for a post is none of the green channel's doing
                        "service": np.array(["permit", "permit", "permit", "public-post"], object),
                        "standing": np.array(["plain", "green channel", "held up", "plain"], object),
                        "attempts": np.array([12, 11, 5, 100], np.int64),
                        "refused": np.array([0, 0, 4, 0], np.int64),
                        "refused_else": np.array([2, 1, 0, 0], np.int64),
                        "waited_days": np.array([100, 40, 30, 6000], np.int64),
                    },
                    "acts": {
                        "act": np.array(LAWFUL, object),
                        "done": np.array([60, 50, 40, 30, 20, 10, 0, 0, 0], np.int64)
                        - np.array([4] * 6 + [0] * 3, np.int64) * (world == "a"),
                        **{
                            name: np.zeros(len(LAWFUL), np.int64)
                            for name in ("recorded", "untrue", "not_recorded", "held_back")
                        },
                    },
                    "spillover": {
                        "cause": np.array(["finance", "finance", "speech", "somebody else's record"], object),
                        "domain": np.array(["finance", "travel", "travel", "education"], object),
                        "service_months": np.array([4, 6, 10, 5], np.int64),
                    },
                    "closed": {
                        "essential_closed": np.arange(4, dtype=np.uint8),
                        "resident_months": np.array([1000, 6, 3, 1], np.int64),
                    },
                    "figures": {
                        "year": np.zeros(0, np.uint16),
                        "district": np.zeros(0, np.uint8),
                        "listed_share": np.zeros(0, np.int64),
                        "met_share": np.zeros(0, np.int64),
                        "favoured_share": np.zeros(0, np.int64),
                    },
                }
                writer.write_unit(world, replay, tables)
    return Run(out)


@pytest.mark.parametrize("one", all_measures(), ids=lambda one: one.id)
def test_each_says_what_it_is(one: object) -> None:
    assert one.question.endswith("?")  # type: ignore[attr-defined]
    for field in ("unit", "definition", "limits", "reads"):
        assert getattr(one, field), field


def test_each_is_about_one_kind_of_subject_under_a_heading() -> None:
    assert {one.subject for one in all_measures()} == {"residents", "firms", "bodies"}
    assert {one.topic for one in all_measures()} == set(TOPICS)
    assert {one.subject for one in all_measures() if one.topic == "bodies"} == {"bodies"}


def test_there_are_many() -> None:
    assert len(all_measures()) >= 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recorded", 50.0),
        ("listed_ever", 8.0),
        ("listed_now", 4.0),
        ("wrongly_listed_factual", 100.0),
        ("wrongly_listed_rule", 0.0),
        ("unable_to_move", 3.0),
        ("unable_when_listed", 37.5),
        ("behind_closed_doors", 2.0),
        ("refusals", 10.0),
        ("entered", 800.0),
        ("untrue_records", 20.0),
        ("green_channel", 2.5),
        ("months_to_exit", 5.0),
        ("spiral", 3.0),
        ("best_grade", 93.0),
        ("score_and_trait", 1.0),
        ("access_inequality", 0.95),
        ("recording_gap_local", 0.0),
        ("victims_per_offender", 2.5),
        ("frauds_stopped", 25.0),
        ("caught_by_the_net", 6.0),
        ("net_untrue", 10.0),
        ("dealings_refused", 30.0),
        ("loans_refused", 25.0),
        ("false_refusals", 8 / 36 * 100),
        ("false_refusals_thin", 50.0),
        ("default_rate", 2 / 30 * 100),
        ("blocked_when_listed", 15.0),
        ("essential_closed", 1.5),
        ("spillover_kin", 20.0),
        ("cross_context", 80.0),
        ("chilled", 240.0),
        ("chilled_posts", 40.0),
        ("chilled_reading", 40.0),
        ("chilled_petitions", 80.0),
        ("chilled_purchases", 40.0),
        ("chilled_gaming", 40.0),
        ("young_record_work", -40.0),
        ("young_record_listed", 40.0),
        ("young_record_owes", 20.0),
        ("young_record_income", 0.0),
    ],
)
def test_worked_by_hand(run: Run, name: str, value: float) -> None:
    found = measure(run, name)[0]
    assert found.value == pytest.approx(value), found
    assert found.n_replays == REPLAYS
    assert found.low == pytest.approx(value)
    assert found.range_kind == "replays"


def test_what_a_record_at_twenty_does_at_fifty() -> None:
    """The same people in both worlds; whom nobody recorded young, and who did not live to fifty, are left out."""
    both = milestones.SEEN_YOUNG | milestones.SEEN_MIDDLE
    works, recorded = milestones.WORKS, milestones.RECORDED_YOUNG
    here = np.array([both | recorded, both | recorded | works, both, 1 | recorded], np.uint8)
    there = np.array(
        [both | works, both | works | recorded | milestones.PARTNERED, both | works, both | works], np.uint8
    )
    income = np.array([500, 900, 700, 300], np.uint16)
    life, base = (
        SimpleNamespace(outcome=lambda _, bits=bits: bits, resident=lambda _: income) for bits in (here, there)
    )
    for name, value in (("income", -2500.0), ("work", -50.0), ("partner", -50.0), ("listed", 0.0)):
        one = find_measure(f"young_record_{name}")
        assert one.compute(life, None, base) == (pytest.approx(value), 2.0), name  # type: ignore[arg-type]
        assert one.compute(base, None, base) == (pytest.approx(0), 1.0)  # type: ignore[arg-type]
        assert one.compute(life, None, None) == (None, 0.0)  # type: ignore[arg-type]
        mask = np.array([True, False, True, True])
        assert one.compute(life, mask, base)[1] == 1.0  # type: ignore[arg-type]
    nobody = SimpleNamespace(outcome=lambda _: here & 3, resident=lambda _: income)
    assert find_measure("young_record_work").compute(nobody, None, nobody) == (None, 0.0)  # type: ignore[arg-type]


def test_groups_are_withheld_not_dropped(run: Run) -> None:
    rows = {row.group: row for row in measure(run, "listed_ever", by="occupation")}
    assert rows["journalist"].value is None
    assert "withheld: 10 residents" in rows["journalist"].note
    by_lot = {
        row.group: row.value for row in measure(run, "listed_ever", by="allegiance") if row.world == run.worlds[0]
    }
    assert by_lot == {
        "no": pytest.approx(100 * 4 / (ADULTS - 40)),
        "yes": pytest.approx(10),
    }  # 4 of the 8 listed hold it
    by_registration = {row.group: row.value for row in measure(run, "listed_ever", by="registration")}
    assert by_registration == {"local": pytest.approx(8 / 60 * 100), "non-local": 0.0}


def test_not_applicable_is_an_answer(run: Run) -> None:
    for name in ("mean_score", "listed_now", "spiral"):
        found = measure(run, name, world="none")[0]
        assert found.value is None
        assert found.note.startswith("not applicable"), found


def test_differences_name_their_baseline_and_pair_replays(run: Run) -> None:
    gap = compare(run, "misconduct")
    assert gap.baseline == "none"
    assert gap.value == pytest.approx(-50.0)
    assert gap.low is not None
    assert gap.high is not None
    assert gap.low < -50 < gap.high < 0
    assert gap.distinguishable is True
    same = compare(run, "lawful_acts")
    assert same.value == 0
    assert same.distinguishable is False
    assert same.note == "exactly no difference"


def test_numbers_and_prose_agree(run: Run) -> None:
    data = numbers(run)
    assert {"run", "baseline", "measures"} <= set(data)
    row = next(row for row in data["measures"] if row["id"] == "listed_ever")
    assert {"id", "value", "low", "high", "unit", "range_kind", "n_replays", "limits"} <= set(row)
    text = prose(run)
    assert f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f}) of 100 adults are listed at some time" in text
    assert "under no scheme (none)" in text
    assert "50.0 fewer acts of misconduct" in text
    assert "Exactly no difference in lawful acts from no scheme (none)." in text


def test_names_that_do_not_exist(run: Run) -> None:
    with pytest.raises(UsageError, match="Did you mean listed_ever"):
        find_measure("listed_evr")
    with pytest.raises(UsageError, match="grouped"):
        measure(run, "listed_ever", by="hair")
    with pytest.raises(UsageError, match="whole city"):
        measure(run, "misconduct", by="sex")


def test_few_replays_give_no_range(run: Run, tmp_path: Path) -> None:
    few = folders.without(run, tmp_path / "few", [("a", replay) for replay in range(3, REPLAYS)])
    found = measure(few, "listed_ever")[0]
    assert found.value == pytest.approx(8.0)
    assert found.low is None
    assert "no range: 3 replicates" in found.note


def test_identical_worlds_are_never_higher_or_lower(run: Run, tmp_path: Path) -> None:
    """The world is its own baseline: every difference is exactly none, in numbers and in words."""
    shutil.copytree(run.path, tmp_path / "same")
    shutil.rmtree(tmp_path / "same" / "none")
    shutil.copytree(tmp_path / "same" / "a", tmp_path / "same" / "none")
    record = json.loads((tmp_path / "same" / "record.json").read_text())
    record["worlds"][1]["parts"] = record["worlds"][0]["parts"]
    (tmp_path / "same" / "record.json").write_text(json.dumps(record))
    for marker in (tmp_path / "same" / "none").rglob("unit.json"):
        marker.write_text(marker.read_text().replace('"world": "a"', '"world": "none"'))
    folders.seal(tmp_path / "same")
    same = Run(tmp_path / "same")
    told = [gap for gap in numbers(same)["differences"] if gap["value"] is not None]
    assert len(told) > 10
    assert {(gap["value"], gap["distinguishable"], gap["note"]) for gap in told} == {
        (0.0, False, "exactly no difference")
    }
    words = prose(same)
    assert "Exactly no difference in acts of misconduct" in words
    assert "fewer" not in words
    assert "more" not in words
