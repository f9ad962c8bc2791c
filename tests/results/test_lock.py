"""One writer at a time, whoever starts first and whatever lies in the lock's place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from counterscore.errors import RunError, UsageError
from counterscore.results.lock import LOCK, FolderLock
from tests.results.conftest import make

ROOT = Path(__file__).parents[2]


def test_the_second_is_refused_and_comes_in_later(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    with pytest.raises(UsageError, match="being written by another process"):
        FolderLock(tmp_path)
    first.release()
    FolderLock(tmp_path).release()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"1", b"-7\n", b"999999999999999999999", b"\x00\xff" * 100, "信用".encode()])
def test_odd_contents_mean_nothing_and_are_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / LOCK).write_bytes(content)
    FolderLock(tmp_path).release()
    assert (tmp_path / LOCK).read_bytes() == content


@pytest.mark.parametrize("what", ["folder", "pipe", "link"])
def test_what_is_in_the_way_is_named(tmp_path: Path, what: str) -> None:
    path = tmp_path / LOCK
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunError, match="Remove it, then go on"):
        FolderLock(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = "import sys,os; from pathlib import Path; from counterscore.results.lock import FolderLock;"
    code += "lock = FolderLock(Path(sys.argv[1])); print('in', flush=True); os.kill(os.getpid(), 9)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "in\n"
    FolderLock(tmp_path).release()


def test_at_a_barrier_one_comes_in(tmp_path: Path) -> None:
    """The full count is in verification/writers_at_once.py."""
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "verification" / "writers_at_once.py"),
            "--starts",
            "40",
            "--folder",
            str(tmp_path),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "40 fresh starts: two writers 0 times" in done.stdout


def test_a_folder_from_before_the_record_is_begun_again(tmp_path: Path) -> None:
    out = tmp_path / "killed"
    out.mkdir()
    (out / LOCK).touch()
    (out / ".counterscore-0123456789abcdef.json").write_text('{"worlds": [')
    assert not make(out, replays=1).partial
