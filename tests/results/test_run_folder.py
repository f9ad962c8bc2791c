"""A run folder: whole or not there, resumable with the same bits, honest about damage."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from counterscore.errors import RunError, StoppedError, UsageError
from counterscore.results import Run, write
from tests.results.conftest import make

ROOT = Path(__file__).parents[2]


def test_record_comes_first_and_says_everything(run: Run) -> None:
    record = json.loads((run.path / "record.json").read_text())
    head = record["worlds"][0]["parts"][0]
    assert "id: test-town" in next(iter(head["files"].values()))
    assert record["assumptions"]["errors.untrue"]["given"] is True
    assert len(record["engine_sha256"]) == 64
    assert record["baseline"] == "none"
    assert run.resources["seconds"] > 0


def test_every_column_has_unit_and_meaning(run: Run) -> None:
    for file in run.path.rglob("*.parquet"):
        for field in pq.read_schema(file):
            assert field.metadata[b"unit"], (file, field.name)
            assert field.metadata[b"meaning"], (file, field.name)


def test_same_inputs_same_digest_whatever_the_threads(run: Run, tmp_path: Path) -> None:
    assert make(tmp_path / "two", threads=1).digest() == run.digest()
    assert make(tmp_path / "three", seed=5).digest() != run.digest()


def test_a_stopped_run_is_resumed_with_the_same_bits(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "stopped"

    def stop(done: int, *_: object) -> None:
        if done == 2 * 2:  # two units of two years
            raise KeyboardInterrupt

    with pytest.raises(StoppedError, match="2 of 6 units"):
        make(out, progress=stop)
    partial = Run(out)
    assert partial.partial
    assert len(partial.finished) == 2
    assert "partial" in repr(partial)
    assert make(out, resume=True).digest() == run.digest()


def test_a_folder_that_holds_a_run_is_not_overwritten(run: Run) -> None:
    with pytest.raises(UsageError, match="already holds a run"):
        make(run.path)
    with pytest.raises(UsageError, match="another run: seed"):
        make(run.path, seed=99, resume=True)


_KILLED = """
import sys
sys.path[:0] = [{root!r}, {src!r}]
from pathlib import Path
from tests.results.conftest import make
make(Path(sys.argv[1]), progress=lambda *a: print(a[0], flush=True), replays=40)
"""


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """kill -9 in the middle loses at most what was in flight; the rest is whole."""
    out = tmp_path / "killed"
    code = _KILLED.format(root=str(ROOT), src=str(ROOT / "src"))
    child = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    seen = [child.stdout.readline() for _ in range(5)]
    assert seen[-1].strip() == "10"  # five units of two years
    time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    left = Run(out)
    assert len(left.finished) >= 5
    assert left.problems() == ()
    whole = make(tmp_path / "whole", replays=40)
    again = make(out, replays=40, resume=True)
    assert again.digest() == whole.digest()
    assert not list(out.rglob("*.part"))


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = write._write_parquet
    calls = []

    def full(path: Path, *rest: object) -> None:
        calls.append(path)
        if len(calls) > 12:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(write, "_write_parquet", full)
    with pytest.raises(RunError, match=r"No space left on device after 1 of 6 units\. 1 are kept"):
        make(tmp_path / "full")
    assert len(Run(tmp_path / "full").finished) == 1


@pytest.mark.parametrize("what", ["truncated", "altered", "deleted", "marker"])
def test_damage_is_told_in_one_sentence_and_mended_by_resume(run: Run, tmp_path: Path, what: str) -> None:
    broken = make(tmp_path / what)
    unit = broken.path / "test-town" / "0001"
    file = unit / "outcomes.parquet"
    if what == "truncated":
        file.write_bytes(file.read_bytes()[:100])
    elif what == "altered":
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 255
        file.write_bytes(raw)
    elif what == "deleted":
        file.unlink()
    else:
        (unit / "unit.json").write_text("{")
    problems = Run(broken.path).problems()
    assert len(problems) == 1
    assert str(unit) in problems[0]
    with pytest.raises(RunError, match="--resume"):
        Run(broken.path).digest()
    assert make(broken.path, resume=True).digest() == run.digest()


def test_a_folder_without_a_run_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no run"):
        Run(tmp_path / "nowhere")


def test_the_first_difference_is_named(run: Run, tmp_path: Path) -> None:
    other = make(tmp_path / "other", seed=5)
    found = run.first_difference(other)
    assert found is not None
    assert "world test-town, replicate 0, table outcomes" in found
    assert run.first_difference(run) is None
