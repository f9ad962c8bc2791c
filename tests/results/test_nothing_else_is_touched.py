"""Whatever lies in or beside the folder of a run is there afterwards, to the bit, wherever the run is stopped."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterscore.errors import CounterscoreError
from counterscore.results import Run, RunWriter, manifest, write
from counterscore.results.tables import OUTCOMES, RESIDENTS

RECORD: dict[str, Any] = {
    "worlds": [{"name": name, "title": name, "reforms": [], "status": "", "parts": []} for name in ("a", "b+c")],
    "baseline": "b+c",
    "city": {"id": "x", "title": "X", "residents": 3, "districts": ["d"]},
    "months": 12,
    "replays": 2,
    "seed": 0,
    "assumptions": {},
}
#: Names that a run uses or once used, and others; folders among them become parents of the rest.
NAMES = (
    "record.json", "manifest.jsonl", "residents.parquet", "resources.json", "a", "a/0000", "a/0000.part", "a/0001", "a/0000/outcomes.parquet",
    "a/0001/unit.json", "b+c", "b+c/0000", "x.part", "x.part/y", "subdistricts.part", "subdistricts.part/0.place", "writing.lock",
    ".counterscore.lock", ".counterscore-partial-0000000000000000", ".counterscore-partial-0000000000000000/unit.json", "notes.txt", "a/notes.txt", "a/0000/notes.txt",
)  # fmt: skip
KINDS = ("file", "folder", "link to file", "link to folder", "nothing inside")
TREES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(KINDS), max_size=6)


class Stopped(BaseException):
    """As a kill: nothing that follows is done."""


def _plant(root: Path, tree: dict[str, str], elsewhere: Path) -> None:
    for name in sorted(tree):
        path = root / name
        with contextlib.suppress(OSError):  # its parent is a file of this tree, or it is there
            if os.path.lexists(path):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            match tree[name]:
                case "file":
                    path.write_text(f"mine: {name}")
                case "nothing inside":
                    path.touch()
                case "folder":
                    path.mkdir()
                case "link to file":
                    path.symlink_to(elsewhere / "file")
                case _:
                    path.symlink_to(elsewhere / "folder", target_is_directory=True)


def _seen(root: Path) -> dict[str, object]:
    """Every file and link below, with its content; nothing is followed."""
    found: dict[str, object] = {}
    for folder, folders, files in os.walk(root, followlinks=False):
        for name in [*folders, *files]:
            path = Path(folder) / name
            if path.is_symlink():
                found[str(path)] = path.readlink()
            elif stat.S_ISREG(path.lstat().st_mode):
                found[str(path)] = path.read_bytes()
    return found


def _columns(fields: Any) -> dict[str, np.ndarray]:
    return {f.name: np.zeros(3, f.type.to_pandas_dtype()) for f in fields}


def _run(out: Path, *, resume: bool) -> None:
    with RunWriter(out, RECORD, resume=resume) as writer:
        writer.write_residents([_columns(RESIDENTS)])
        for world in ("a", "b+c"):
            for replay in range(2):
                if (world, replay) not in writer.finished():
                    writer.write_unit(world, replay, {"outcomes": _columns(OUTCOMES)})
        writer.finish({"seconds": 1.0})


@contextlib.contextmanager
def _stopped_at(step: int) -> Iterator[None]:
    """Stop for good at the n-th call that changes a disk, and at every one after it."""
    calls = 0

    def guarded(real: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > step:
                raise Stopped
            return real(*arguments, **options)

        return call

    with contextlib.ExitStack() as stack:
        for owner, name in (
            (os, "fsync"), (os, "ftruncate"), (Path, "mkdir"), (Path, "rename"), (Path, "replace"), (Path, "unlink"), (Path, "rmdir"),
            (Path, "write_bytes"), (write, "_write_parquet"), (manifest, "_write_all"),
        ):  # fmt: skip
            stack.enter_context(mock.patch.object(owner, name, guarded(getattr(owner, name))))
        yield


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inside=TREES, beside=TREES, later=TREES, stops=st.lists(st.integers(0, 60), max_size=2))
def test_what_was_there_is_there(
    tmp_path_factory: pytest.TempPathFactory,
    inside: dict[str, str],
    beside: dict[str, str],
    later: dict[str, str],
    stops: list[int],
) -> None:
    """Files before the first start, and files put beside a stopped run before it goes on."""
    base = tmp_path_factory.mktemp("tree")
    try:
        elsewhere = base / "elsewhere"
        (elsewhere / "folder").mkdir(parents=True)
        (elsewhere / "file").write_text("elsewhere")
        (elsewhere / "folder" / "0000").write_text("elsewhere too")
        _plant(base / "runs", beside, elsewhere)
        (base / "runs").mkdir(exist_ok=True)
        out = base / "runs" / "out"
        _plant(out, inside, elsewhere)
        before = _seen(base)
        refused = (
            bool(inside) and out.is_dir() and any(not one.name.startswith(".counterscore") for one in out.iterdir())
        )
        resume = False
        for step in [*stops, 10_000]:
            with contextlib.suppress(CounterscoreError, Stopped), _stopped_at(step):
                _run(out, resume=resume)
            after = _seen(base)
            assert {path: after.get(path) for path in before} == before
            if refused:
                assert set(after) == set(before)  # nothing was created in it either
                return
            resume = (out / "record.json").exists()
            if resume and step != 10_000:
                known = set(after)
                _plant(out, {name: kind for name, kind in later.items() if name != "manifest.jsonl"}, elsewhere)
                before |= {path: what for path, what in _seen(base).items() if path not in known}
        if not later and not inside:
            assert not Run(out).partial
            assert Run(out).problems() == ()
    finally:
        shutil.rmtree(base)


@pytest.mark.parametrize("step", range(0, 48, 4))
def test_stopped_anywhere_it_goes_on_to_the_same(tmp_path: Path, step: int) -> None:
    _run(tmp_path / "whole", resume=False)
    out = tmp_path / "out"
    with contextlib.suppress(Stopped), _stopped_at(step):
        _run(out, resume=False)
    if (out / "record.json").exists():
        with contextlib.suppress(CounterscoreError):  # a manifest that was not begun yet
            assert Run(out).problems() == ()
    _run(out, resume=(out / "record.json").exists())
    assert Run(out).digest() == Run(tmp_path / "whole").digest()
    assert Run(out).problems() == ()


def test_a_link_to_a_run_is_not_written_through(tmp_path: Path) -> None:
    _run(tmp_path / "run", resume=False)
    (tmp_path / "link").symlink_to(tmp_path / "run")
    with pytest.raises(CounterscoreError, match="is a link; nothing is written through it"):
        _run(tmp_path / "link", resume=True)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(CounterscoreError, match="is a link, not a folder for a run"):
        _run(tmp_path / "dangling", resume=False)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CounterscoreError, match="is a file, not a folder for a run"):
        _run(tmp_path / "file", resume=False)


def test_a_folder_removed_in_the_middle_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with RunWriter(out, RECORD) as writer:
        writer.write_unit("a", 0, {"outcomes": _columns(OUTCOMES)})
        shutil.rmtree(out)
        with pytest.raises(CounterscoreError, match="was removed while it was written; nothing is kept"):
            writer.write_unit("a", 1, {"outcomes": _columns(OUTCOMES)})
