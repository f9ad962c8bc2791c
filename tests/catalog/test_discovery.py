"""Files and modules are found where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore import discovery


def test_modules_that_offer_an_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "shelf"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "pear.py").write_text("FRUIT = 'pear'\n")
    (package / "apple.py").write_text("FRUIT = 'apple'\n")
    (package / "stone.py").write_text("")
    (package / "_hidden.py").write_text("FRUIT = 'worm'\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert discovery.offered("shelf", "FRUIT") == ("apple", "pear")


def test_folders_and_files_of_data(tmp_path: Path) -> None:
    for name in ("b", "a", "empty"):
        (tmp_path / name).mkdir()
    for name in ("a", "b"):
        (tmp_path / name / "regime.yaml").write_text("")
    (tmp_path / "x-1.yaml").write_text("")
    (tmp_path / "readme.txt").write_text("")
    assert list(discovery.folders(tmp_path, "regime.yaml")) == ["a", "b"]
    assert discovery.files(tmp_path, ".yaml") == {"x-1": tmp_path / "x-1.yaml"}
