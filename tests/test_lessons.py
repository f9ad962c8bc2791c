"""Every lesson has six steps, and its expected numbers come out again."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from counterscore.catalog import regime_ids
from counterscore.cli import main
from counterscore.errors import UsageError
from counterscore.lessons import STEPS, Guess, add_guess, answer, guesses, guesses_csv, lesson_ids, load_lesson
from counterscore.lessons.sheet import sheet

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


def test_a_handout_has_room_for_guesses_and_its_key_the_results() -> None:
    lesson = load_lesson("points-or-lists")
    handout = sheet(lesson, version="1.0")
    assert handout.count("My guess:") == handout.count('Result: <span class="blank">') == 4
    assert "580" not in handout
    found = answer(lesson.steps[0])
    key = sheet(lesson, {1: found}, version="1.0")
    assert f"Result: <strong>{found.text} {found.unit}</strong>" in key
    assert lesson.steps[0].notice in html.unescape(key)
    assert "<script" not in key
    assert "http" not in key.replace("http-equiv", "")


def test_a_lesson_is_printed_to_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["lesson", "print", "who-gets-listed"]) == 0
    assert main(["lesson", "print", "who-gets-listed"]) == 0  # its own file may be replaced
    assert "Saved  who-gets-listed.handout.html" in capsys.readouterr().out
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    assert main(["lesson", "print", "who-gets-listed", "--out", "mine.html"]) == 2
    assert main(["lesson", "print", "who-gets-liste"]) == 2
    assert "Did you mean who-gets-listed?" in capsys.readouterr().err
    assert main(["lesson"]) == 2
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "mine"
    assert main(["list", "lessons"]) == 0
    assert "points-or-lists" in capsys.readouterr().out
