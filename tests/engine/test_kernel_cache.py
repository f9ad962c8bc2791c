"""Code is loaded from folders only that belong to the user and are closed to others; files put aside do nothing."""

from __future__ import annotations

import errno
import os
import pickle
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest

from counterscore.engine import kernel, shelf
from tests import worlds


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(kernel, "user_cache_dir", lambda name: str(tmp_path / "cache" / name))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path


def test_it_is_made_for_the_user_alone(caches: Path) -> None:
    folder = kernel.kernel_cache()
    assert folder is not None
    assert folder.parent == caches / "cache" / "counterscore"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kernel.kernel_cache() == folder


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o702])
def test_one_that_others_may_write_to_is_not_used(caches: Path, mode: int) -> None:
    first = kernel.kernel_cache()
    assert first is not None
    first.chmod(mode)
    second = kernel.kernel_cache()
    assert second is not None
    assert second != first
    second.chmod(mode)
    third, fourth = kernel.kernel_cache(), kernel.kernel_cache()
    assert third is not None
    assert third not in {first, second, fourth}  # fresh for each process
    assert third.stat().st_mode & 0o777 == 0o700


def test_a_link_and_a_folder_of_somebody_else_are_not_used(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kernel.kernel_cache()
    assert first is not None
    first.rename(caches / "elsewhere")
    first.symlink_to(caches / "elsewhere")
    assert kernel.kernel_cache() != first
    first.unlink()
    (caches / "elsewhere").rename(first)
    assert kernel.kernel_cache() == first
    monkeypatch.setattr(os, "getuid", lambda: first.stat().st_uid + 1)
    other = kernel.kernel_cache()
    assert other is not None
    assert other.parent == caches / "temporary"
    assert other != first


def test_no_room_anywhere_means_no_cache(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "mkdir", full)
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    assert kernel.kernel_cache() is None


def test_a_full_cache_is_named_and_ends_nothing() -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    compiled = type("Compiled", (), {"_cache": type("Cache", (), {"save_overload": full})()})()
    kernel._kept_where_there_is_room(compiled)
    with pytest.warns(RuntimeWarning, match="compiled kernels were not kept in .*: No space left on device"):
        compiled._cache.save_overload(None, None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert kernel._kept_where_there_is_room(object())


class _Harmless:
    """Asks for a function when it is read back, as a file put there by somebody else would."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("should-not-be-made",)


@pytest.mark.parametrize("raw", [pickle.dumps(_Harmless()), b"", b"\x80\x05", b"no pickle"])
def test_a_file_put_aside_can_do_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    places = shelf.Shelf(1, tmp_path / "aside", {})
    (tmp_path / "aside" / shelf.place_file(0)).write_bytes(raw)
    with pytest.raises(OSError, match="is damaged"):
        places[0]
    assert not (tmp_path / "should-not-be-made").exists()


def test_lives_put_aside_come_back_with_firms_and_bodies(tmp_path: Path) -> None:
    """Everything that a subdistrict consists of is among what may be read back."""
    plan, result = worlds.live(months=14, residents=600, folder=tmp_path / "aside")
    _, held = worlds.live(months=14, residents=600)
    for name, column in worlds.columns(plan, held).items():
        assert np.array_equal(column, worlds.columns(plan, result)[name]), name
    result.places.close()
    assert not (tmp_path / "aside").exists()
