"""Two rule books with one id are two rule books, or none is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.cli import main
from counterscore.errors import UsageError
from counterscore.regime.model import Regime
from counterscore.simulation import simulate
from counterscore.specification import distinct_worlds
from tests import worlds


def edited(*replacements: tuple[str, str]) -> Regime:
    text = worlds.TOWN
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return worlds.regime_of(text)


def test_another_text_under_one_id_is_refused(tmp_path: Path) -> None:
    other = edited(("points: -5,", "points: -6,"))
    for also, base in (([other], None), ((), other)):
        with pytest.raises(UsageError) as raised:
            simulate(worlds.town(), worlds.city(300), months=2, also=also, base=base, out=tmp_path / "run")
        assert "two different rule books" in raised.value.message
        assert "test-town" in raised.value.message
    assert not (tmp_path / "run").exists()


def test_the_same_text_twice_is_one_world_and_is_named() -> None:
    found, twice = distinct_worlds(worlds.town(), [edited()], None)
    assert list(found) == ["test-town"]
    assert twice == ("test-town",)


def test_an_id_of_its_own_makes_another_world() -> None:
    other = edited(("id: test-town", "id: my-town"))
    found, twice = distinct_worlds(worlds.town(), [other], other)
    assert list(found) == ["test-town", "my-town"]
    assert twice == ("my-town",)


def test_the_command_names_both_files_and_lives_nothing(tmp_path: Path, capsys, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(worlds.TOWN, encoding="utf-8")
    Path("two.yaml").write_text(worlds.TOWN.replace("points: -5,", "points: -6,"), encoding="utf-8")
    for how in (["--also", "two.yaml"], ["--base", "two.yaml"]):
        assert (
            main(["run", "one.yaml", *how, "--city", "demo", "--months", "2", "--yes", "--out", "o", "--dry-run"]) == 2
        )
        told = capsys.readouterr().err
        assert "one.yaml" in told
        assert "two.yaml" in told
        assert not Path("o").exists()
