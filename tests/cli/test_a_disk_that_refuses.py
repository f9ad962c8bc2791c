"""A disk that takes no more, at every place that writes: it is named, and nothing half-written looks finished."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from counterscore.cli import main
from counterscore.results import Run
from counterscore.run_folder import holds_run
from tests.cli.test_nothing_is_replaced import WRITE, places

__all__ = ["places"]  # the fixture

#: How many bytes a file may have. The last one lets small files through, so that a part of the work is done.
LIMITS = (0, 700, 9_000)
#: Of each option one way to write that is quick; a check of a claim lives many runs first.
WAYS = [words for some in WRITE.values() for words in some if words[:2] != ("claim", "check")]


@contextmanager
def no_file_beyond(most: int) -> Iterator[None]:
    """As a full disk, without one: the system refuses to write further into any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_it_is_told_and_nothing_is_left_in_part(
    words: tuple[str, ...],
    places: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused = 0
    for limit in LIMITS:
        here = tmp_path / str(limit)
        here.mkdir()
        monkeypatch.chdir(here)
        arguments = [places.get(word, word) for word in words]
        place = here / next(word for word in arguments if word.startswith("X"))
        with no_file_beyond(limit):
            code = main(arguments)
        said = capsys.readouterr().err
        assert "internal error" not in said, (limit, said)
        assert "Traceback" not in said, (limit, said)
        if code == 0:  # all of it was small enough
            continue
        refused += 1
        assert code == 4, (limit, code, said)
        assert re.search("too large|disk I/O|disk is full", said), (limit, said)
        left = sorted(str(one.relative_to(here)) for one in here.rglob("*") if one.is_file())
        if not place.is_dir():
            assert place.name not in left, (limit, left)
            assert not [name for name in left if _ends_early(here / name)], (limit, left)
            continue
        _can_be_gone_on_with(place, left, said)
    assert refused


def _ends_early(file: Path) -> bool:
    """Whether a file that goes beside another is not there as a whole: tables and texts end in a line end."""
    return file.name.startswith(".") or not file.read_bytes().endswith(b"\n")


def _can_be_gone_on_with(out: Path, left: list[str], said: str) -> None:
    """A run keeps what is finished, and goes on with the command that was told."""
    if not holds_run(out):
        assert not [one for one in left if not Path(one).name.startswith(".counterscore")], left
        return
    assert f"counterscore run --resume {out.name}" in said
    assert Run(out, checked=False).partial
    assert main(["run", "--resume", out.name]) == 0
    assert not Run(out).partial
    assert Run(out).problems() == ()
