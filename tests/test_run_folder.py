"""A run folder from outside: what counts as one, in which order, and what shows that it changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from counterscore.run_folder import MANIFEST, RECORD, head_stamp, holds_run, made_ns, runs_in, stamp


@pytest.fixture
def run(tmp_path: Path) -> Path:
    unit = tmp_path / "one" / "world" / "0000"
    unit.mkdir(parents=True)
    for file in (unit / "a.parquet", tmp_path / "one" / RECORD, tmp_path / "one" / MANIFEST):
        file.write_text("1")
        os.utime(file, ns=(1, 1))
    return tmp_path / "one"


def test_newest_first_and_those_without_a_record_last(run: Path) -> None:
    for name, when in (("two", 3), ("three", 2)):
        run.with_name(name).mkdir()
        (run.with_name(name) / RECORD).touch()
        os.utime(run.with_name(name) / RECORD, ns=(when, when))
    for name in (".hidden", "no-run"):
        run.with_name(name).mkdir()
    (run.with_name(".hidden") / RECORD).touch()
    run.with_name("lost").mkdir()
    (run.with_name("lost") / MANIFEST).touch()
    assert [one.name for one in runs_in(run.parent)] == ["two", "three", "one", "lost"]
    assert not holds_run(run.with_name("lost"))
    assert made_ns(run.with_name("lost")) == 0
    assert made_ns(run) == 1


@pytest.mark.parametrize("name", [RECORD, MANIFEST, "world/0000/a.parquet"])
def test_a_change_anywhere_changes_the_stamp(run: Path, name: str) -> None:
    before, head = stamp(run), head_stamp(run)
    assert stamp(run) == before
    for change in (lambda one: os.utime(one, ns=(9, 9)), lambda one: one.write_text("12"), lambda one: one.unlink()):
        change(run / name)
        assert stamp(run) != before
        before = stamp(run)
    assert (head_stamp(run) == head) == ("/" in name)


def test_no_link_is_followed_out_of_it(run: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (run / "world" / "0001").symlink_to(tmp_path / "elsewhere")
    before = stamp(run)
    (tmp_path / "elsewhere" / "b").write_text("b")
    assert stamp(run) == before
