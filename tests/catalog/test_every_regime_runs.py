"""Every rule book of the catalogue is lived, in a small city, and its numbers are read as a stranger would read them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from counterscore import catalog
from counterscore.cli import main

RUN = ("--city", "beijing", "--residents", "400", "--months", "4", "--replicates", "2", "--threads", "1", "--yes")


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("regime_id", catalog.regime_ids())
def test_runs_and_has_numbers(regime_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run")
    code, told, wrong = _said(capsys, "run", regime_id, *RUN, "--progress", "none", "--out", out)
    assert code == 0, wrong
    assert "Saved" in told
    code, told, wrong = _said(capsys, "numbers", out, "--json")
    assert code == 0, wrong
    measures: list[dict[str, Any]] = json.loads(told)["measures"]
    assert measures
    for row in measures:
        value = row.get("value")
        assert value is None or math.isfinite(value), row["id"]
    code, told, wrong = _said(capsys, "numbers", out)
    assert code == 0, wrong
    assert told.strip()
