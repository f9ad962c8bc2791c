"""``numbers --echo`` takes minutes or hours, and says so before it begins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterscore.cli import main
from counterscore.echo import planned
from tests.results.conftest import make


def test_the_time_is_told_before_anything_is_lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make(tmp_path / "run", replays=1, months=3)
    said: list[str] = []

    def measure(*_: object, **__: object) -> list[object]:
        said.append(capsys.readouterr().err)
        raise KeyboardInterrupt

    monkeypatch.setattr("counterscore.echo.measure_echoes", measure)
    assert main(["numbers", str(run.path), "--echo"]) == 130
    assert re.search(r"\d+ inputs to move, about \d.* (s|min|h)", said[0])
    assert main(["numbers", str(run.path), "--echo", "--inputs", "errors.untrue"]) == 130
    assert "1 input to move" in said[1]
    few, seconds = planned(run, inputs=["errors.untrue"])
    many, longer = planned(run)
    assert few == 1
    assert longer == pytest.approx(many * seconds)
