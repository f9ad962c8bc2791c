"""Charts of what no table keeps: they must agree with the tables wherever both can speak."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from counterscore import lifefile
from counterscore.catalog import load_regime
from counterscore.charts import View, draw
from counterscore.charts import _lived as lived_again
from counterscore.charts.reach import _records
from counterscore.engine import layout
from counterscore.errors import RunError, UsageError
from counterscore.groups import audit
from counterscore.measures import Life, find_measure
from counterscore.measures._measure import NEVER, SCALE
from counterscore.reliving import Stage
from counterscore.results import Run
from counterscore.simulation import simulate
from counterscore.twins import placebo_here
from tests import worlds

MONTHS = 30


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        load_regime("beijing-points"),
        worlds.city(1400, seed=4),
        months=MONTHS,
        replays=11,
        seed=4,
        also=[load_regime("beijing-points", with_=["expiry-24mo"])],
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "lived",
    )


def lives(run: Run, world: str = "beijing-points") -> list[Life]:
    return [Life(run, world, replay) for replay in run.replays(world)]


def test_the_last_month_lived_again_is_the_run(run: Run) -> None:
    found = lived_again.lived(run, "beijing-points")
    assert found is not None
    assert found.months[0] == 0
    assert found.months[-1] == MONTHS
    for n, life in enumerate(lives(run)):
        there = life.resident("until")[found.who] == NEVER
        assert (found.seen[n][-1] == there).all()
        assert (found.score[n][-1][there] == life.outcome("score")[found.who][there]).all()
        assert (found.grade[n][-1][there] == life.outcome("grade")[found.who][there]).all()


def test_a_run_of_another_engine_is_not_passed_off_as_lived_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Run(run.path)
    table = other.table

    def altered(name: str, world: str, replay: int, columns: list[str] | None = None) -> pa.Table:
        found = table(name, world, replay, columns)
        if name == "outcomes" and columns in (["score"], ["records"]):
            return pa.table({columns[0]: found[columns[0]].to_numpy() + 1})
        return found

    monkeypatch.setattr(other, "table", altered)
    for name in ("score-fan", "reach"):
        with pytest.raises(RunError, match="made by another engine"):
            draw(other, name)


def test_everybody_present_is_an_adult_then(run: Run) -> None:
    found = lived_again.lived(run, "beijing-points")
    assert found is not None
    life = lives(run)[0]
    at_start = (life.resident("since") == 0) & (life.resident("age") >= 18)
    assert (found.seen[0][0] == at_start[found.who]).all()
    assert found.seen[0][-1].sum() != at_start.sum()


def test_score_fan_ends_where_the_run_ends(run: Run) -> None:
    rows = draw(run, "score-fan").rows
    last = {row["quantile_level"]: row["value"] for row in rows if row["month"] == "2020-07"}
    expected = np.mean(
        [
            np.percentile(life.outcome("score")[life.still_there(None)] / SCALE, (5, 25, 50, 75, 95))
            for life in lives(run)
        ],
        axis=0,
    )
    assert [last[level] for level in (5, 25, 50, 75, 95)] == pytest.approx(expected)


def test_grade_moves_from_the_start_are_the_grades_of_the_end(run: Run) -> None:
    rows = [row for row in draw(run, "grade-moves").rows if row["since"] == "2018-01"]
    names = lives(run)[0].grades
    shares = []
    for life in lives(run):
        stayed = (life.resident("since") == 0) & (life.resident("age") >= 18) & (life.resident("until") == NEVER)
        grades = life.outcome("grade")[stayed]
        shares.append([100 * float((grades == k).mean()) for k in range(len(names))])
    cells = {row["grade_end"]: row["value"] for row in rows if row["grade_start"] == "A"}
    assert [cells[name] for name in names] == pytest.approx(np.mean(shares, axis=0))
    better, same, worse = (row["value"] for row in rows if row["grade_start"] == "all with a grade")
    assert better + same + worse == pytest.approx(100)
    assert same == pytest.approx(cells["A"])
    assert worse == pytest.approx(sum(cells[name] for name in names[names.index("A") + 1 :]))


def test_who_has_fallen_and_comes_back(run: Run) -> None:
    rows = draw(run, "grade-moves", View(world="beijing-points+expiry-24mo")).rows
    back = next(row for row in rows if row["grade_start"] == "fallen by then")
    found = lived_again.lived(run, "beijing-points+expiry-24mo")
    assert found is not None
    half = len(found.months) // 2
    shares = []
    for grade, seen in zip(found.grade, found.seen, strict=True):
        whole = seen[0] & seen[half] & seen[-1]
        fell = whole & (grade[half] > grade[0])
        shares.append(100 * float((grade[-1][fell] <= grade[0][fell]).mean()))
    assert back["value"] == pytest.approx(np.mean(shares))
    assert back["people"] < 100


def test_spillover_holds_every_month_of_a_closed_service(run: Run) -> None:
    rows = draw(run, "spillover").rows
    cells = [row for row in rows if row["sanction_domain"] != "all"]
    expected = np.mean([1000 * sum(life.spillover().values()) / life.adult_years for life in lives(run)])
    assert sum(row["value"] for row in cells) == pytest.approx(expected)
    away, near, *_ = rows[-4:]
    assert away["value"] == pytest.approx(sum(row["value"] for row in cells if row["related"] == "no"))
    assert near["value"] == pytest.approx(sum(row["value"] for row in cells if row["related"] == "yes"))
    kin = find_measure("wrongly_listed_spread")
    assert rows[-1]["value"] == pytest.approx(
        np.mean([float(kin.compute(life, None, None)[0] or 0) for life in lives(run)]) / 10
    )


def test_border_in_force_and_others(run: Run) -> None:
    rows = draw(run, "border").rows
    force = {row["what"]: row for row in rows if row["in_force"]}
    assert {row["border"] for row in force.values()} == {850.0}
    assert {row["rule"] for row in rows} == {"list untrustworthy"}
    below, wrong, missed = [], [], []
    for life in lives(run):
        there = life.still_there(None)
        score = life.outcome("score")[there] / SCALE
        true = life.outcome("records").astype(int) - life.outcome("good_records") - life.outcome("untrue_records") > 0
        below.append(10_000 * float((score < 850).mean()))
        wrong.append(10_000 * float(((score < 850) & ~true[there]).mean()))
        missed.append(10_000 * float(((score >= 850) & true[there]).mean()))
    found = [force[what]["value"] for what in ("all below", "wrongly below", "missed above")]
    assert found == pytest.approx([np.mean(below), np.mean(wrong), np.mean(missed)])
    assert below != wrong
    curve = [row["value"] for row in rows if row["what"] == "all below"]
    assert curve == sorted(curve)
    assert curve[-1] == 10_000
    for who in ("has a true adverse record", "has none"):
        assert sum(row["value"] for row in rows if row["what"] == who) == pytest.approx(100)


def test_twins_count_everybody_once_and_the_placebo_is_zero(run: Run) -> None:
    rows = draw(run, "twins", View(against="beijing-points+expiry-24mo")).rows
    counted = sum(row["value"] for row in rows if row["what"] in {"all who differ so much", "no difference"})
    assert counted == pytest.approx(10_000)
    ones = [row for row in rows if row["what"] == "one resident"]
    assert 0 < len(ones) <= 60
    gaps = [row["difference"] for row in ones]
    assert gaps == sorted(gaps, reverse=True)
    assert 0 not in gaps
    for row in ones[:5]:
        number = lifefile.parse_resident(run, row["resident"])
        values = [run.row(world, row["replay"], number)["score"] / SCALE for world in (row["world_a"], row["world_b"])]
        assert values == [row["value_a"], row["value_b"]]
    check = next(row for row in rows if row["what"] == "placebo twin")
    assert check["value"] == 0
    assert draw(run, "twins").rows[0]["measure"] == "months on a list"  # without a scheme there is no score
    with pytest.raises(UsageError, match="it needs two worlds"):
        draw(run, "twins", View(world="none", against="none"))


def test_the_placebo_check_finds_another_rule_book(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert placebo_here(run, "beijing-points")[0] == 0
    module = importlib.import_module("counterscore.twins.placebo")  # the package calls its function so
    monkeypatch.setattr(module, "relabelled", lambda _: load_regime("beijing-points", with_=["expiry-24mo"]))
    differ, of = placebo_here(run, "beijing-points")
    assert 0 < differ < of


def test_reach_counts_the_records_that_still_count(run: Run) -> None:
    history = Stage(run).relive(0, world="beijing-points", replay=0)
    row, place = _records(history)
    counted = set(zip(row.tolist(), place.tolist(), strict=True))
    told = {}
    for number in range(len(history.start)):
        alive: dict[tuple[int, int], int] = {}
        for event in history.of(number):
            key = (event.raw[3], event.made)
            if event.what == "died":
                alive.clear()
            elif event.what == "record":
                alive[event.raw[3], event.month] = event.raw[6]
            elif event.what == "overdue":
                alive[key] = event.raw[5]
            elif event.what == "end":
                alive.pop(key, None)
        told[number] = {r for (r, _), until in alive.items() if until == layout.NEVER or until >= MONTHS}
    assert counted == {(r, number) for number, some in told.items() for r in some}
    assert len(counted) > 100


def test_reach_of_a_body_is_its_own_and_then_what_is_shared(run: Run) -> None:
    rows = draw(run, "reach").rows
    books: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["record_kind"] == "any record":
            books.setdefault(row["rule_book"], []).append(row)
    everything = 0
    for book, mine in books.items():
        own = {row["body"]: row["value"] for row in mine if "own" in row["how"]}
        shared = {row["body"]: row["value"] for row in mine if "reaches" in row["how"]}
        if "each of them" in shared:  # its file says nothing of sharing
            everything += 1
            assert max(own.values()) <= shared["each of them"] <= min(100, sum(own.values())), book
        else:
            assert all(value >= own.get(body, 0) for body, value in shared.items()), book
    assert everything
    assert "each of them" not in {row["body"] for row in books[next(iter(books))]}  # Beijing's plan declares who shares


def test_what_is_shared_late_or_in_part_reaches_in_part(tmp_path: Path) -> None:
    small = simulate(
        worlds.shared_town(),
        worlds.city(1000, seed=2),
        months=14,
        replays=2,
        seed=2,
        assumptions=worlds.busy(),
        out=tmp_path / "r",
    )
    rows = [row for row in draw(small, "reach").rows if row["record_kind"] == "any record"]
    by = {(row["body"], "own" in row["how"]): row["value"] for row in rows}
    assert "each of them" not in {body for body, _ in by}
    for body in {body for body, own in by if own}:
        assert by[body, False] >= by[body, True]
    assert any(by[body, False] > by[body, True] for body in {body for body, own in by if own})


def test_life_is_the_life_file(run: Run) -> None:
    picked = lifefile.pick(run, "p90", "refused", replay=2)
    made = lifefile.life(run, picked, replay=2)
    drawing = draw(run, "life", View(pick="p90", among="refused", replay=2))
    first = [row for row in drawing.rows if row["world"] == made.worlds[0].world]
    assert drawing.rows[0]["resident"] == made.id
    assert drawing.rows[0]["picked"] == picked.how
    assert sum(row["shape"] == "bar" for row in first) == made.worlds[0].outcomes()["refused"] > 0
    records = sum(event.what == "record" for event in made.worlds[0].events)
    assert f"under beijing-points, {records} record" in drawing.finding
    assert sum(row["lane"] == "lists" for row in first) == len(made.worlds[0].stays())
    assert {row["world"] for row in drawing.rows} == {"beijing-points", "none"}
    named = draw(run, "life", View(resident=made.id, replay=2))
    assert "hand-picked" in named.finding
    assert "hand-picked" in named.alt
    with pytest.raises(UsageError, match="name a resident or let one be picked"):
        draw(run, "life", View(resident=made.id, pick="median"))


def test_definitions_are_those_of_the_audit(run: Run) -> None:
    rows = draw(run, "definitions", View(by="sex", tolerance=0.5)).rows
    found = audit(run, "sex", world="beijing-points")
    wanted = {(one.id, one.group): one for one in (*found.of("base rates"), *found.of("definitions"))}
    assert len(rows) == len(wanted) == 12
    for row in rows:
        one = wanted[row["definition"], row["group"]]
        assert row["share"] == one.value
        assert (row["low"], row["high"]) == (one.difference_low, one.difference_high)
        assert row["tolerance"] == 0.5
        if row["value"] is None:  # too few in a group: no number, and the reason beside it
            assert row["within_tolerance"] == ""
            assert row["note"]
        elif row["group"] == found.reference:
            assert (row["value"], row["within_tolerance"]) == (0, "yes")
        else:
            inside = row["low"] >= -0.5 and row["high"] <= 0.5
            outside = row["low"] > 0.5 or row["high"] < -0.5
            assert row["within_tolerance"] == ("yes" if inside else "no" if outside else "cannot be told")
    wide = draw(run, "definitions", View(by="sex", tolerance=99)).rows
    assert {row["within_tolerance"] for row in wide if row["value"] is not None} == {"yes"}
    assert {row["within_tolerance"] for row in draw(run, "definitions", View(by="sex")).rows} == {""}
