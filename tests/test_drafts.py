"""Drafts lose nothing and write over nothing that somebody else wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.drafts import Drafts
from counterscore.errors import UsageError
from counterscore.files import write_for_hand


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "mine.yaml"
    made.write_text("a: 1\n")
    return made


def test_a_draft_is_kept_saved_and_gone(file: Path, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "kept")
    drafts.keep(drafts.of(file), "a: 2\n")
    assert file.read_text() == "a: 1\n"
    again = Drafts(tmp_path / "kept").of(file)
    assert (again.text, again.changed, again.elsewhere) == ("a: 2\n", True, False)
    drafts.save(again)
    assert file.read_text() == "a: 2\n"
    assert not drafts.of(file).changed


def test_a_file_that_was_changed_meanwhile_is_left_alone_and_the_draft_kept(file: Path, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "kept")
    drafts.keep(drafts.of(file), "a: 2\n")
    file.write_text("a: 3 # by somebody else\n")
    found = drafts.of(file)
    assert found.elsewhere
    found = drafts.keep(found, "a: 4\n")  # going on with it does not make it forget
    with pytest.raises(UsageError, match="somebody else"):
        drafts.save(found)
    assert file.read_text() == "a: 3 # by somebody else\n"
    assert drafts.of(file).text == "a: 4\n"
    drafts.save_as(found, tmp_path / "other.yaml")
    assert (tmp_path / "other.yaml").read_text() == "a: 4\n"
    assert drafts.of(file).text == "a: 3 # by somebody else\n"


def test_a_new_file_never_replaces_one_nor_is_written_through_a_link(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not replaced"):
        write_for_hand(file, "b")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(UsageError, match="not replaced"):
        write_for_hand(tmp_path / "link.yaml", "b")
    assert not (tmp_path / "nowhere.yaml").exists()
