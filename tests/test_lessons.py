"""Every lesson has six steps, and its expected numbers come out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.catalog import regime_ids
from counterscore.errors import UsageError
from counterscore.lessons import STEPS, Guess, add_guess, answer, guesses, guesses_csv, lesson_ids, load_lesson

STEPS_WITH_RESULTS = [
    (id_, at) for id_ in lesson_ids() for at, step in enumerate(load_lesson(id_).steps) if step.predicts
]


@pytest.mark.parametrize(("id_", "at"), STEPS_WITH_RESULTS)
def test_the_expected_number_comes_out_again(id_: str, at: int) -> None:
    step = load_lesson(id_).steps[at]
    assert step.expected is not None
    found = answer(step)
    assert step.expected.low <= found.value <= step.expected.high, found.text
    assert step.ask.endswith("?")
    assert step.notice


@pytest.mark.parametrize("id_", lesson_ids())
def test_a_lesson_goes_from_the_hand_to_what_is_left_out(id_: str) -> None:
    lesson = load_lesson(id_)
    assert len(lesson.steps) == STEPS
    assert lesson.steps[0].paper is not None
    assert all(step.city is not None for step in lesson.steps[1:4])
    assert lesson.steps[4].sandbox
    assert set(lesson.steps[4].sandbox) <= set(regime_ids())
    assert "leaves out" in lesson.steps[5].heading
    assert lesson.question.endswith("?")


def test_there_are_four_lessons_and_no_other_is_found() -> None:
    assert len(lesson_ids()) == 4
    with pytest.raises(UsageError, match="no lesson"):
        load_lesson("points")


def test_guesses_are_kept_without_names_and_damage_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "aside" / "predictions.csv"
    add_guess(file, Guess("points-or-lists", 1, 580.0))
    with file.open("a") as out:
        out.write("nonsense\n=1+1,x,y\n")
    add_guess(file, Guess("who-gets-listed", 2, 7.5))
    assert [one.guess for one in guesses(file)] == [580.0, 7.5]
    assert guesses(file, "who-gets-listed", 2)[0].guess == 7.5
    assert guesses_csv(guesses(file)).splitlines() == [
        "lesson,step,guess",
        "points-or-lists,1,580.0",
        "who-gets-listed,2,7.5",
    ]
