"""Every file of a run, damaged in every way, before every command: told, never a traceback, never another number."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from counterscore.cli import main
from counterscore.errors import CounterscoreError, RunError
from counterscore.results import Run
from tests.results.conftest import make

Damage = Callable[[Path, Path], None]


def _flipped(file: Path, other: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 4
    file.write_bytes(raw)


def _truncated(file: Path, other: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])


def _emptied(file: Path, other: Path) -> None:
    file.write_bytes(b"")


def _exchanged(file: Path, other: Path) -> None:
    file.write_bytes(other.read_bytes())


def _deleted(file: Path, other: Path) -> None:
    file.unlink()


def _a_pipe(file: Path, other: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _a_link(file: Path, other: Path) -> None:
    file.unlink()
    file.symlink_to(other)


DAMAGES: tuple[Damage, ...] = (_flipped, _truncated, _emptied, _exchanged, _deleted, _a_pipe, _a_link)

#: Commands that read every unit of a run; ``show`` goes on, with a warning.
COMMANDS = (
    ("numbers",),
    ("numbers", "--measure", "misconduct"),
    ("groups",),
    ("stays",),
    ("digest",),
    ("cite",),
    ("export", "--bundle", "/nowhere/evidence-partial.zip"),
    ("show",),
)

#: Commands that read a part of a run, and a file in that part.
OF_A_PART = (
    (("life", "--pick", "median", "--of", "everybody"), "test-town/0000/outcomes.parquet"),
    (("life", "--resident", "R-00012"), "test-town/0000/figures.parquet"),
    (("explain", "R-00012:0:0001"), "residents.parquet"),
    (("twins",), "none/0001/outcomes.parquet"),
    (("report", "--template", "brief"), "test-town/0001/outcomes.parquet"),
    (("report", "--template", "brief"), "none/0001/counts.parquet"),
    (("chart:listed-over-time",), "test-town/0001/counts.parquet"),
    (("chart:doors",), "test-town/0001/services.parquet"),
    (("method",), "record.json"),
    (("export", "--audit", "/nowhere/audit"), "test-town/0000/figures.parquet"),
    (("diff",), "none/0001/outcomes.parquet"),
    (("verify",), "test-town/0001/acts.parquet"),
)


def whole(out: Path, **changes: object) -> Run:
    return make(out, replays=2, seed=5, **changes)  # the seed of the city: it is lived again


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole(tmp_path_factory.mktemp("damaged") / "small").path


def _other(file: Path, run: Path) -> Path:
    """A valid file of another unit, or of another place, that could stand there."""
    inside = file.relative_to(run).parts
    if len(inside) == 3:
        return run / inside[0] / {"0000": "0001", "0001": "0000"}[inside[1]] / inside[2]
    return run / "none" / "0000" / ("unit.json" if file.suffix == ".json" else "outcomes.parquet")


@contextmanager
def damaged(file: Path, damage: Damage, run: Path) -> Iterator[None]:
    raw = file.read_bytes()
    damage(file, _other(file, run))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        file.write_bytes(raw)


_PROGRESS = re.compile(r"\w+ +\d+ % ")


def _told(arguments: tuple[str, ...], run: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, *options = arguments
    command, _, chart = name.partition(":")
    words = [command, *([chart] if chart else []), str(run), *([str(run)] if command == "diff" else []), *options]
    code = main(words)
    shown = capsys.readouterr()
    assert "internal error" not in shown.err, (words, shown.err)
    assert file.name in shown.err or (command == "verify" and f"table {file.stem}" in shown.err), (
        words,
        code,
        shown.err,
        shown.out[:200],
    )
    assert code in {3, 4, 5} or command == "show", (words, code, shown.err)
    said = "\n".join(line for line in shown.err.splitlines() if not _PROGRESS.match(line))
    assert len(said.split("\n  ")[0].splitlines()) <= 1 or command == "show", shown.err


def test_every_file_damaged_in_every_way(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(file for file in small.rglob("*") if file.is_file())
    assert len(files) > 40
    commands, thirds = itertools.cycle(COMMANDS), itertools.cycle((True, False, False))
    for file in files:
        for damage in DAMAGES:
            if damage is _exchanged and _other(file, small).read_bytes() == file.read_bytes():
                continue  # nothing happened there in either unit
            with damaged(file, damage, small):
                if not next(thirds):
                    pass
                elif file.name == "resources.json":  # no number comes from it
                    _told(("numbers",), small, file, capsys)
                else:
                    _told(next(commands), small, file, capsys)
                with pytest.raises(CounterscoreError, match=file.name.replace(".", r"\.")):
                    _read_all(Run(small))
    assert Run(small).problems() == ()


def _read_all(run: Run) -> None:
    """As somebody does in Python."""
    run.residents()
    assert run.resources
    run.digest()
    for unit in run:
        for name in run.tables(*unit):
            run.table(name, *unit)


@pytest.mark.parametrize(("arguments", "name"), OF_A_PART, ids=lambda one: one if isinstance(one, str) else one[0])
def test_commands_that_read_a_part(
    small: Path,
    arguments: tuple[str, ...],
    name: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for damage in (_flipped, _truncated, _exchanged, _a_pipe):
        with damaged(small / name, damage, small):
            _told(arguments, small, small / name, capsys)


@pytest.mark.parametrize("damage", DAMAGES)
def test_resume_makes_everything_again(small: Path, tmp_path: Path, damage: Damage) -> None:
    """All files but the record at once, the manifest among them every second time."""
    out = tmp_path / "run"
    shutil.copytree(small, out)
    for file in sorted(file for file in out.rglob("*") if file.is_file()):
        if file.name not in {"record.json", "manifest.jsonl"} and "0001" not in file.parts:
            damage(file, _other(file, out))
    assert len(Run(out).problems()) > 15
    again = whole(out, resume=True)
    assert again.problems() == ()
    assert again.digest() == Run(small).digest()
    assert not list(out.glob(".counterscore*"))


@pytest.mark.parametrize("damage", [_flipped, _truncated, _emptied, _deleted, _a_pipe])
def test_resume_makes_the_manifest_again(small: Path, tmp_path: Path, damage: Damage) -> None:
    out = tmp_path / "run"
    shutil.copytree(small, out)
    damage(out / "manifest.jsonl", out)
    with pytest.raises(RunError, match=r"manifest\.jsonl"):
        Run(out)
    again = whole(out, resume=True)
    assert again.problems() == ()
    assert again.digest() == Run(small).digest()


def test_what_the_manifest_does_not_name_is_left_alone(small: Path, tmp_path: Path) -> None:
    """A file of somebody else at a place of ours stops the run, even where the manifest is lost."""
    out = tmp_path / "run"
    shutil.copytree(small, out)
    (out / "manifest.jsonl").unlink()
    (out / "none" / "0001" / "acts.parquet").write_text("mine")
    with pytest.raises(RunError, match=r"acts\.parquet was not written by this run; it is left alone"):
        whole(out, resume=True)
    assert (out / "none" / "0001" / "acts.parquet").read_text() == "mine"


def test_a_whole_unit_copied_over_another_is_told(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(small, out)
    shutil.rmtree(out / "test-town" / "0001")
    shutil.copytree(out / "test-town" / "0000", out / "test-town" / "0001")
    assert any("was exchanged: it is that of world test-town, replicate 0" in one for one in Run(out).problems())
    with pytest.raises(RunError):
        Run(out).digest()


def test_a_run_of_the_earlier_format_is_one_sentence(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "old")
    record = tmp_path / "old" / "record.json"
    record.write_text(record.read_text().replace('"format": 2', '"format": 1', 1))
    with pytest.raises(RunError, match=r"made by an earlier version of counterscore, .* does not read it"):
        Run(tmp_path / "old")
