"""Rule books that are being changed: kept beside the files until they are saved, so that nothing typed is lost.

A draft remembers which text of the file it began from. It is saved only over that very text: what somebody else wrote
into the file meanwhile is never replaced.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from counterscore.errors import RunError, UsageError
from counterscore.files import read_plain, reason, write_for_hand, write_whole

_MOST_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it is on disk (``saved``) and as it is to become (``text``); ``elsewhere``: the file was changed since."""

    file: Path
    saved: str
    text: str
    elsewhere: bool

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return self.text != self.saved


class Drafts:
    """The drafts of files, kept in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, file: Path) -> Draft:
        """The draft of a file, or the file itself where nothing was changed. Raises ``UsageError`` for no plain file."""
        saved = _read(file)
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(read_plain(self._place(file), 2 * _MOST_BYTES))
            return Draft(file, saved, str(kept["text"]), kept["began"] != _digest(saved))
        return Draft(file, saved, saved, False)

    def keep(self, draft: Draft, text: str) -> Draft:
        """Keep a new text of a draft. Raises ``RunError`` where the disk refuses."""
        if text == draft.saved:
            self.discard(draft)
            return Draft(draft.file, draft.saved, draft.saved, False)
        began = json.loads(read_plain(self._place(draft.file), 2 * _MOST_BYTES))["began"] if draft.elsewhere else None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{self.folder}: {reason(error)}", suggestion="Make room, or give access.") from None
        kept = {"file": draft.file.name, "began": began or _digest(draft.saved), "text": text}
        write_whole(self._place(draft.file), json.dumps(kept, ensure_ascii=False))
        return Draft(draft.file, draft.saved, text, draft.elsewhere)

    def save(self, draft: Draft) -> None:
        """Write the draft to its file, unless that was changed meanwhile. Raises ``UsageError``, ``RunError``."""
        now = self.of(draft.file)
        if now.elsewhere or now.saved != draft.saved:
            raise UsageError(
                f"{draft.file.name} was changed by somebody else since; it is left alone, and your text is kept",
                suggestion="Copy your text, discard the draft and enter it again, or save it under another name.",
            )
        write_whole(draft.file, draft.text)
        self.discard(draft)

    def save_as(self, draft: Draft, file: Path) -> None:
        """Write the draft to a new file; one that exists is never replaced. Raises ``UsageError``, ``RunError``."""
        write_for_hand(file, draft.text)
        self.discard(draft)

    def discard(self, draft: Draft) -> None:
        """Go back to the file as it is."""
        with suppress(OSError):
            self._place(draft.file).unlink()

    def _place(self, file: Path) -> Path:
        return self.folder / f"{file.name}.json"


def _read(file: Path) -> str:
    try:
        return read_plain(file, _MOST_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{file.name} is not UTF-8 text", suggestion="Save it as UTF-8 in an editor.") from None
    except OSError as error:
        raise UsageError(f"{file.name} cannot be opened: {reason(error)}") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
