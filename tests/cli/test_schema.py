"""The schemas that are handed out fit the files that come along, and refuse what the readers refuse."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from counterscore import catalog
from counterscore.cli import main
from counterscore.cli.schemas import DIALECT, KINDS, schema_of
from counterscore.errors import UsageError
from counterscore.regime.read import read_document

_FILES = {
    "regime": "regimes/*/regime.yaml",
    "city": "cities/*/city.yaml",
    "claim": "claims/*.yaml",
    "law": "laws/*.yaml",
}


def _files(kind: str) -> list[Path]:
    found = sorted(Path(str(resources.files(catalog))).glob(_FILES[kind]))
    return [path for path in found if f"kind: {kind}" in path.read_text(encoding="utf-8") or kind == "regime"]


@cache
def _text(path: Path, kind: str) -> str:
    return json.dumps(read_document(path, kind=kind).data, default=str)  # type: ignore[arg-type]


def _data(path: Path, kind: str) -> Any:
    return json.loads(_text(path, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_of_the_catalogue_fits_its_schema(kind: str) -> None:
    fits = jsonschema_rs.validator_for(schema_of(kind))
    files = _files(kind)
    assert len(files) >= 4
    wrong = {path.parent.name + "/" + path.name: str(next(fits.iter_errors(_data(path, kind)), "")) for path in files}
    assert {name: why for name, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("regime", ("format",), 2),
        ("regime", ("title",), 7),
        ("regime", ("nonsense",), 1),
        ("regime", ("catalogue", 0, "points"), "ten"),
        ("regime", ("catalogue", 0, "points"), 2_000_000),
        ("regime", ("catalogue", 0, "validity"), "18 moons"),
        ("claim", ("what",), "guess"),
        ("claim", ("setting", "residents"), 10),
        ("city", ("residents", "value"), -1),
        ("law", ("standing",), "perhaps"),
    ],
)
def test_what_the_readers_refuse_the_schema_refuses(kind: str, path: tuple[Any, ...], value: object) -> None:
    fits = jsonschema_rs.validator_for(schema_of(kind))
    data = _data(_files(kind)[-1], kind)
    assert fits.is_valid(data)
    at = data
    for step in path[:-1]:
        at = at.setdefault(step, {}) if isinstance(at, dict) else at[step]
    at[path[-1]] = value
    assert not fits.is_valid(data)


def test_it_is_printed_written_and_asked_for_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "regime"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["$schema"] == DIALECT
    out = tmp_path / "regime.schema.json"
    assert main(["schema", "regime", "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8")) == printed
    assert main(["schema", "regime", "--out", str(out)]) == 0, "what was written by it may be written again"
    with pytest.raises(UsageError) as told:
        schema_of("regme")
    assert "Did you mean regime" in told.value.suggestion
