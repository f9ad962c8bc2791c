"""Whatever file or folder a command is told to write to: what stands there and is not counterscore's stays to the bit."""

from __future__ import annotations

import shutil
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.cli.app import app
from tests.mirror.published import SOURCE, facts_of, published
from tests.results.conftest import make

FIRST = ("run", "none", "--city", "demo", "--residents", "50", "--months", "1", "--replicates", "1", "--quiet")
SPREAD = ("spread", "court-defaulters", "--cities", "demo:2", "--figure", "victims", "--years", "4")
#: Parameters that name something to write, by command, and the words with which each writes; X is the place.
WRITE: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("chart", "out"): tuple(
        ("chart", "doors", "RUN", "--out", f"X{end}") for end in (".svg", ".png", ".csv", ".alt.txt")
    ),
    ("claim", "out"): (
        ("claim", "new", "Expiry shortens listing", "--out", "X.yaml"),
        ("claim", "check", "green-channel", "--out", "X.json"),
        ("claim", "check", "green-channel", "--out", "X.csv"),
    ),
    ("copy", "file"): (("copy", "suining-2010", "X.yaml"),),
    ("demo", "out"): (("demo", "--out", "X"),),
    ("export", "bundle"): (("export", "RUN", "--bundle", "X.zip"),),
    ("export", "audit"): (("export", "RUN", "--audit", "X"),),
    ("groups", "out"): (("groups", "RUN", "--by", "sex", "--out", "X.csv"),),
    ("law", "ask"): (("law", "beijing-points", "--under", "eu", "--ask", "X.yaml"),),
    ("law", "cases"): (("law", "beijing-points", "--under", "eu", "--cases", "X.yaml"),),
    ("lesson", "out"): (("lesson", "print", "who-gets-listed", "--out", "X.html"),),
    ("life", "out"): tuple(("life", "RUN", "--resident", "R-00012", "--out", f"X{end}") for end in (".html", ".json")),
    ("mirror assumptions", "out"): (("mirror", "assumptions", "FACTS", "--out", "X.yaml"),),
    ("mirror read", "out"): (("mirror", "read", "DATA", "--source", "SOURCE", "--out", "X"),),
    ("mirror report", "out"): (("mirror", "report", "FACTS", "--out", "X.html"),),
    ("report", "out"): (("report", "RUN", "--template", "classroom", "--out", "X.html"),),
    ("run", "out"): ((*FIRST, "--out", "X"), (*FIRST, "--resume", "--out", "X")),
    ("schema", "out"): (("schema", "claim", "--out", "X.json"),),
    ("spread", "out"): ((*SPREAD, "--residents", "100", "--replicates", "1", "--quiet", "--out", "X.json"),),
    ("spells", "out"): (("spells", "RUN", "--out", "X.csv"),),
    ("twins", "out"): (("twins", "none", "suining-2010", *FIRST[2:-1], "--out", "X"),),
}
#: Parameters that name something to read.
READ = frozenset(
    ["files", "facts", "related", "scale", "compare", "claim", "assumptions", "folder", "weights", "source"]
)
#: Folders of our own that a command adds to.
OWN = {("app", "runs"), ("mirror promises", "into"), ("mirror notices", "into")}


def _commands(group: Any, lead: str = "") -> Iterator[tuple[str, Any]]:
    for one in group.registered_commands:
        yield f"{lead}{one.name}", one.callback
    for inner in group.registered_groups:
        yield from _commands(inner.typer_instance, f"{inner.name} ")


def test_every_place_that_is_written_to_is_asked() -> None:
    places = {
        (command, name)
        for command, function in _commands(app)
        for name, kind in typing.get_type_hints(function).items()
        if "Path" in str(kind) and name not in READ
    }
    inputs = {("case", "file"), ("report", "notes"), ("mirror promises", "file"), ("mirror notices", "file")}
    assert places - inputs - OWN == set(WRITE)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    base = tmp_path_factory.mktemp("places")
    (base / "source.yaml").write_text(SOURCE, encoding="utf-8")
    return {
        "RUN": str(make(base / "run", replays=1, months=6, seed=5).path),
        "FACTS": str(
            facts_of(base / "facts", published(30), "bodies: {W1: {name: Ministry of Works, kind: ministry}}\n").folder
        ),
        "DATA": str(next((base / "facts").glob("*.json*"))),
        "SOURCE": str(base / "source.yaml"),
    }


KINDS = ("a file", "an empty file", "a folder", "a link to a file", "a link to a folder", "a link to nowhere")


def _plant(place: Path, kind: str) -> None:
    theirs = place.with_name("theirs")
    (theirs / "inside").mkdir(parents=True)
    (theirs / "inside" / "file").write_text("theirs")
    match kind:
        case "a file":
            place.write_text("mine")
        case "an empty file":
            place.touch()
        case "a folder":
            shutil.copytree(theirs, place)
        case "a link to a file":
            place.symlink_to(theirs / "inside" / "file")
        case "a link to a folder":
            place.symlink_to(theirs)
        case _:
            place.symlink_to(place.with_name("nowhere"))


def _seen(folder: Path) -> dict[str, object]:
    """All that lies in a folder; links are told and not followed."""
    return {
        str(one.relative_to(folder)): one.readlink()
        if one.is_symlink()
        else one.read_bytes()
        if one.is_file()
        else None
        for one in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("words", [one for some in WRITE.values() for one in some], ids=" ".join)
def test_what_stands_there_stays(
    words: tuple[str, ...],
    places: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in KINDS:
        here = tmp_path / kind.replace(" ", "-")
        here.mkdir()
        monkeypatch.chdir(here)
        arguments = [places.get(word, word) for word in words]
        place = here / next(word for word in arguments if word.startswith("X"))
        _plant(place, kind)
        before = _seen(here)
        code = main(arguments)
        said = capsys.readouterr().err
        assert code not in {0, 130}, (kind, said)
        assert _seen(here) == before, kind
        assert place.name in said, (kind, said)
        assert "internal error" not in said, (kind, said)
