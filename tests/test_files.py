"""Files are written whole or not at all, never over what is somebody else's, and read without waiting."""

from __future__ import annotations

import csv
import errno
import os
import unicodedata
from pathlib import Path

import pytest

from counterscore import files
from counterscore.errors import UNSEEN, RunError, UsageError, visible


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "chart.svg"
    file.write_text("before")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="was not written: No space left on device"):
        files.write_whole(file, "after")
    with pytest.raises(RunError, match="was not written"):
        files.write_whole(tmp_path / "new.svg", "after")
    assert file.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["chart.svg"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "link.csv").symlink_to(tmp_path / "theirs")
    with pytest.raises(UsageError, match="left alone"):
        files.refuse_to_replace(tmp_path / "link.csv", lambda _: True)
    files.write_whole(tmp_path / "link.csv", "ours")
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert (tmp_path / "link.csv").read_text() == "ours"


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "a disk without them"])
def test_a_new_file_takes_no_name_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("theirs", "dangling"):
        with pytest.raises(FileExistsError):
            files.write_whole(tmp_path / name, "ours", new=True)
        with pytest.raises(UsageError, match="exists and is not replaced"):
            files.write_for_hand(tmp_path / name, "ours")
    monkeypatch.setattr(os.path, "lexists", lambda _: False)  # somebody writes it between the look and the naming
    with pytest.raises(FileExistsError):
        files.write_whole(tmp_path / "theirs", "ours", new=True)
    files.write_whole(tmp_path / "new", "ours", new=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["dangling", "new", "theirs"]
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert (tmp_path / "new").read_text() == "ours"


def test_a_full_disk_leaves_no_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="was not written: No space left on device"):
        files.write_for_hand(tmp_path / "mine.yaml", "a: 1")
    assert not list(tmp_path.iterdir())


def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("pipe", "folder", "link", "none"):
        with pytest.raises(OSError, match=name):
            files.read_plain(tmp_path / name, 10)
    with pytest.raises(OSError, match="larger than 4 bytes"):
        files.read_plain(tmp_path / "file", 4)
    assert files.read_plain(tmp_path / "file", 5) == b"12345"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cells_are_never_computed(text: str, tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["a", "b"])
        writer.writerow(files.cells({"a": text, "b": -1.5}))
    with (tmp_path / "t.csv").open(newline="") as file:
        row = next(csv.reader(file))
    assert row == [f"'{text}", "-1.5"]  # numbers stay numbers


def test_what_steers_a_terminal_is_shown_as_a_mark() -> None:
    text = "a\x1b[2Jb\u202ec\u200bd\x9be\nf\tg信用"
    assert visible(text, but="\n") == "a\N{REPLACEMENT CHARACTER}[2Jb" + "\N{REPLACEMENT CHARACTER}c" + (
        "\N{REPLACEMENT CHARACTER}d\N{REPLACEMENT CHARACTER}e\nf g信用"
    )


def test_every_character_that_nobody_sees_is_known_as_one() -> None:
    """By its kind in Unicode; and blanks that look like nothing, which have another kind."""
    kinds = {"Cc", "Cf", "Zl", "Zp", "Cs"}
    hidden = {code for code in range(0x110000) if unicodedata.category(chr(code)) in kinds} - {9, 10, 13}
    assert not [hex(code) for code in hidden if not UNSEEN.match(chr(code))]
    assert all(UNSEEN.match(char) for char in "\u034f\u115f\u1160\u17b4\u2800\u3164\uffa0")
    assert not [char for char in "aé信 用\u0301\ufe0f\U000e0100\U0001f600\t\n\r" if UNSEEN.match(char)]
