"""Helpers get ready while somebody chooses: each of them, once, and nobody waits for it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from counterscore.web.desk import Desk

_READY = 1.5  #: seconds that a helper takes to get ready


def note(folder: Path) -> None:
    """What a helper does to get ready, and that it did."""
    time.sleep(_READY)  # so that the other helper takes the second
    (folder / f"{os.getpid()}-{time.monotonic_ns()}").touch()


def broken(folder: Path) -> None:
    raise OSError(folder)


def test_each_helper_gets_ready_once_and_nobody_waits(tmp_path: Path) -> None:
    desk, notes = Desk(tmp_path / "kept"), tmp_path / "notes"
    notes.mkdir()
    try:
        began = time.monotonic()
        for _ in range(3):  # a page that is opened three times
            desk.prepare(note, notes)
            desk.prepare(broken, notes)  # what goes wrong is told when somebody asks
        assert time.monotonic() - began < _READY
        assert desk.ask(os.getpid) != os.getpid()
        end = time.monotonic() + 30
        while len(list(notes.iterdir())) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
        assert len(list(notes.iterdir())) == 2
        desk._close_pool()  # they leave when nobody asks for a while; those that come next get ready anew
        desk.prepare(note, notes)
        end = time.monotonic() + 30
        while len(list(notes.iterdir())) < 4 and time.monotonic() < end:
            time.sleep(0.05)
        assert len(list(notes.iterdir())) == 4
    finally:
        desk.close()


def test_a_helper_that_was_killed_while_nobody_asked_is_replaced(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    try:
        first = desk.ask(os.getpid)
        os.kill(first, signal.SIGKILL)
        end = time.monotonic() + 30
        while not getattr(desk._pool, "_broken", False) and time.monotonic() < end:
            time.sleep(0.05)
        assert desk.ask(os.getpid) not in {first, os.getpid()}
        os.kill(desk.ask(os.getpid), signal.SIGKILL)
        time.sleep(0.5)
        desk.prepare(note, tmp_path)  # a page that only gets helpers ready comes all the same
    finally:
        desk.close()
