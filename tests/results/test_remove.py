"""Removing a run takes its own files and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from counterscore.errors import RunError, UsageError
from counterscore.results import Run, remove
from counterscore.results.lock import FolderLock


@pytest.fixture
def copied(run: Run, tmp_path: Path) -> Path:
    shutil.copytree(run.path, tmp_path / "one")
    return tmp_path / "one"


def test_a_run_without_foreign_files_is_gone_with_its_folder(copied: Path) -> None:
    assert remove(copied) == ()
    assert not copied.exists()


def test_foreign_files_stay_to_the_bit_and_are_named(copied: Path) -> None:
    unit = next(copied.glob("*/0001"))
    foreign = [copied / "notes.txt", unit / "notes.txt", copied / "0001" / "mine.parquet", copied / ".hidden"]
    for file in foreign:
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"mine: {file.name}")
    assert remove(copied) == tuple(sorted(foreign))
    assert all(file.read_text() == f"mine: {file.name}" for file in foreign)
    assert not list(copied.glob("**/*.json*"))


def test_nothing_is_removed_through_a_link(copied: Path, tmp_path: Path) -> None:
    unit = next(copied.glob("*/0001"))
    kept = tmp_path / "kept"
    unit.rename(kept)
    unit.symlink_to(kept)
    names = sorted(one.name for one in kept.iterdir())
    table = copied / "residents.parquet"
    table.rename(tmp_path / "residents.parquet")
    table.symlink_to(tmp_path / "residents.parquet")
    left = remove(copied)
    assert set(left) == {unit, table}
    assert sorted(one.name for one in kept.iterdir()) == names
    assert (tmp_path / "residents.parquet").is_file()


def test_a_linked_run_a_folder_without_manifest_and_one_being_written_are_refused(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(copied)
    with pytest.raises(RunError, match="link"):
        remove(tmp_path / "link")
    lock = FolderLock(copied)
    with pytest.raises(UsageError, match="being written"):
        remove(copied)
    lock.release()
    (copied / "manifest.jsonl").unlink()
    before = sorted(copied.glob("**/*"))
    with pytest.raises(RunError, match="tells which files"):
        remove(copied)
    assert sorted(copied.glob("**/*")) == before


def test_an_interrupted_removal_can_be_done_again(copied: Path) -> None:
    for file in sorted(copied.glob("*/0000/*")):
        file.unlink()
    (copied / "record.json").unlink()
    assert remove(copied) == ()
    assert not copied.exists()
