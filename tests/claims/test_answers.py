"""Answers on disk tell the same again, and nothing else is taken for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterscore.catalog import regime_folder
from counterscore.claims import check_claim, document, load_claim, read_answers, write_answers
from counterscore.errors import InputError, UsageError
from tests.claims.test_claims import trial


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = [check_claim(trial(), points=3, replays=2), check_claim(load_claim("approval"))]
    file = tmp_path / "new" / "answers.json"
    write_answers(file, found, command="counterscore claim check trial.yaml")
    answers = read_answers(file)
    assert answers.command == "counterscore claim check trial.yaml"
    assert document(answers.found) == document(found)
    assert [one.sentence for one in answers.found] == [one.sentence for one in found]
    assert list(file.parent.iterdir()) == [file]
    again = answers.of(found[0].claim, points=3, replays=2, seed=1)
    assert again is not None
    assert again.points == found[0].points


def test_another_check_is_not_taken_for_it(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    write_answers(file, [check_claim(trial(), points=1, replays=2)])
    answers = read_answers(file)
    assert answers.of(trial(), points=1, replays=2, seed=1) is not None
    for claim, points, replays, seed in (
        (trial(("{above: 0}", "{above: 1}")), 1, 2, 1),
        (trial(("{regime: suining-2010}", "{regime: rongcheng-2013}")), 1, 2, 1),
        (trial(), 2, 2, 1),
        (trial(), 1, 3, 1),
        (trial(), 1, 2, 2),
    ):
        assert answers.of(claim, points=points, replays=replays, seed=seed) is None


def test_an_edited_rule_book_is_another_check(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text((regime_folder("suining-2010") / "regime.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    claim = trial(("{regime: suining-2010}", f"{{regime: {json.dumps(str(own))}}}"))
    file = tmp_path / "answers.json"
    write_answers(file, [check_claim(claim, points=1, replays=2)])
    assert read_answers(file).of(claim, points=1, replays=2, seed=1) is not None
    text = own.read_text(encoding="utf-8")
    assert "value: 1000," in text
    own.write_text(text.replace("value: 1000,", "value: 990,", 1), encoding="utf-8")
    assert read_answers(file).of(claim, points=1, replays=2, seed=1) is None


def test_answers_are_worked_out_from_the_settings_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    write_answers(file, [check_claim(trial(), points=25, replays=4)])
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["claims"][0]["answer"] == "holds in this model"
    for setting in data["claims"][0]["settings"]:
        setting["results"] = [-one for one in setting["results"]]
    file.write_text(json.dumps(data), encoding="utf-8")
    assert read_answers(file).found[0].answer == "does not hold in this model"


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"kind": "run", "format": 1}', '{"kind": "claim answers", "format": 1}']
)
def test_other_files_are_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no file of claim answers"):
        read_answers(file)


def test_no_file() -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_answers(Path("nowhere.json"))
