"""Every file of a run, damaged in every way, before every command: told, never a traceback, never another number."""

from __future__ import annotations

import importlib.util
import inspect
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli.app import app
from counterscore.errors import RunError
from counterscore.results import Run
from counterscore.web import work
from tests.results.conftest import make

SCRIPT = Path(__file__).parents[2] / "verification" / "every_damage.py"
#: Readers that are asked of every file in every damage; ``verification/every_damage.py`` asks all of them.
QUICK = ("python: digest", "page: summary")


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("every_damage", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["every_damage"] = module  # its dataclasses look for it there
    spec.loader.exec_module(module)
    return module


every_damage = _script()
Damage = Callable[[Path, Path], None]
DAMAGES: tuple[Damage, ...] = every_damage.DAMAGES


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


@pytest.fixture
def alarms() -> Iterator[None]:
    """What waits for ever, on a pipe for example, fails."""
    before = signal.signal(signal.SIGALRM, every_damage.hangs)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("alarms")
def test_every_file_and_every_command_in_every_damage(tmp_path: Path) -> None:
    laboratory = every_damage.Laboratory(tmp_path)
    cases = list(every_damage.sample(laboratory, QUICK))
    assert {damage for _, damage, _ in cases} == set(DAMAGES)
    assert {files[0] for files, _, _ in cases} == set(laboratory.files)
    assert {asked.name for _, _, asked in cases} == {asked.name for asked in laboratory.asked}
    said = {
        f"{files[0]} {damage.__name__} | {asked.name}": laboratory.fault(*case)
        for case in cases
        for files, damage, asked in [case]
    }
    assert {case: fault for case, fault in said.items() if fault not in {"", "-"}} == {}
    told = sum(fault == "" for fault in said.values())
    assert told > 0.75 * len(said)  # the rest do not read the file that is damaged, and print the same as before
    assert Run(tmp_path / laboratory.run).problems() == ()


def test_every_command_is_asked_or_reads_no_run() -> None:
    names = {str(one.name) for one in app.registered_commands}
    asked = {one.name.split()[0] for one in every_damage.everything() if not one.name.startswith(("python", "page"))}
    assert names == asked | every_damage.NOT_ABOUT_RUNS
    assert not asked & every_damage.NOT_ABOUT_RUNS
    functions = {
        name
        for name, one in vars(work).items()
        if inspect.isfunction(one) and "run" in inspect.signature(one).parameters
    }
    assert functions == set(every_damage.PAGES)


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


@pytest.mark.parametrize(
    "damage",
    [every_damage.flipped, every_damage.truncated, every_damage.emptied, every_damage.deleted, every_damage.a_pipe],
)
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
