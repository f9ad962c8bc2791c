"""A copy of a rule book has an id of its own and the same rules, and says what it was copied from."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.catalog import copied_from, load_regime, own_copy, read_regime, regime_ids, regime_text
from counterscore.cli import main
from counterscore.errors import UsageError


@pytest.mark.parametrize("id_", regime_ids())
def test_a_copy_is_the_same_but_for_its_id(id_: str, tmp_path: Path) -> None:
    file = tmp_path / "My Town 2.yaml"
    file.write_text(own_copy(id_, file), encoding="utf-8")
    mine, theirs = read_regime(file), load_regime(id_)
    assert mine.id == "my-town-2"
    left_out = {"id", "document"}
    assert mine.model_dump(exclude=left_out) == theirs.model_dump(exclude=left_out)
    assert [one.id for one in mine.stacked()[1:]] == [one.id for one in theirs.stacked()[1:]]
    assert copied_from(file.read_text(encoding="utf-8")) == id_
    assert copied_from(regime_text(id_)) is None


@pytest.mark.parametrize(
    ("file", "id_"),
    [
        ("mine.yaml", "mine"),
        ("none.yaml", "my-none"),
        ("信用.yaml", "mine"),
        ("a/towns/regime.yaml", "towns"),
        ("A__b.yml", "a-b"),
    ],
)
def test_the_id_comes_from_the_name_and_is_nobody_elses(file: str, id_: str) -> None:
    assert f"\nid: {id_}\n" in own_copy("suining-2010", Path(file))


@pytest.mark.parametrize("id_", ["Mine", "a b", "-a", "rongcheng-2013", "信用"])
def test_an_id_that_is_none_or_taken_is_told(id_: str) -> None:
    with pytest.raises(UsageError, match=id_):
        own_copy("suining-2010", Path("mine.yaml"), id_)


def test_the_command_says_the_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["copy", "suining-2010", str(tmp_path / "mine.yaml"), "--id", "our-town"]) == 0
    assert "as our-town" in capsys.readouterr().out
    assert read_regime(tmp_path / "mine.yaml").id == "our-town"
