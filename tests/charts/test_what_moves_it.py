"""What moves a claim's answer, drawn from answers that are written and read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.charts import draw
from counterscore.claims import Found, Point, check_claim, load_claim, read_answers, sum_up, write_answers
from counterscore.errors import UsageError
from tests.claims.test_claims import trial

RATE, SEEN = "acts.traffic-violation.rate", "acts.traffic-violation.detection"
SETTINGS = 40


def planted(border: int | None) -> Found:
    """Results that follow one assumption and hold from ``border`` of it on, nowhere for None; the other moves nothing."""
    points = [
        Point(
            {RATE: (k + 1) / SETTINGS, SEEN: (k * 17 % SETTINGS + 1) / SETTINGS},
            (float(k + 1),) * 3,
            float(k + 1),
            k + 0.9,
            k + 1.1,
            border is not None and k >= border,
        )
        for k in range(SETTINGS)
    ]
    return sum_up(trial(), [points[0], *points], planned=SETTINGS, replays=3, seed=1)


def test_what_was_planted_is_drawn_and_only_that() -> None:
    drawing = draw(planted(24), "what-moves-it")
    by = {(row["assumption"], row["end"]): row for row in drawing.rows}
    low, high = by[RATE, "lowest third"], by[RATE, "highest third"]
    assert drawing.rows[0] is low
    assert low["value_to"] < 24 / SETTINGS < high["value_from"]
    assert low["holds_at"] > 24 / SETTINGS > low["not_at"]
    assert by[SEEN, "lowest third"]["holds_at"] is None
    assert (low["echo"], by[SEEN, "lowest third"]["echo"]) == ("echo", "")
    assert low["by_chance"] < 0.05 < by[SEEN, "lowest third"]["by_chance"]
    mover = next(one for one in planted(24).movers if one.path == RATE)
    assert (low["estimate"], high["estimate"]) == (mover.low, mover.high)
    assert low["low"] < low["estimate"] < low["high"] < high["low"]
    assert (low["n_replays"], low["range_kind"]) == (3, "assumptions: middle 90 % of settings")
    assert drawing.finding.startswith("rate (acts, traffic violation) moves recorded most")
    assert drawing.finding.endswith("is flipped by rate (acts, traffic violation).")
    svg = drawing.svg()
    assert "rate (acts, traffic violation) (echo)" in svg
    assert f"holds near {low['holds_at']:.3g}, not near {low['not_at']:.3g}" in svg


def test_an_answer_that_is_the_same_everywhere_flips_nowhere() -> None:
    drawing = draw(planted(None), "what-moves-it")
    assert {row["holds_at"] for row in drawing.rows} == {None}
    assert drawing.finding.endswith(
        "no single assumption was found to flip the answer (“does not hold in this model”)."
    )


def test_the_same_chart_from_answers_read_again(tmp_path: Path) -> None:
    found = check_claim(trial(), points=22, replays=2, seed=3)
    file = tmp_path / "answers.json"
    write_answers(file, [found])
    assert draw(read_answers(file).found[0], "what-moves-it").rows == draw(found, "what-moves-it").rows


def test_what_cannot_be_tested_moves_nothing() -> None:
    with pytest.raises(UsageError, match="fewer than twenty settings"):
        draw(check_claim(load_claim("approval")), "what-moves-it")
