"""Whether the rule books of a run are still those that it lived under.

A run keeps the full text of its rule books and never changes; the files they were read from may. Numbers of an edited
rule book are *stale*: they are those of the text as it was.
"""

from __future__ import annotations

from pathlib import Path

from counterscore.catalog import file_of
from counterscore.results import Run


def changed_files(run: Run) -> tuple[str, ...]:
    """Names of rule books and reforms whose file differs from the text in the run's record, in the record's order.

    A file of one's own is looked for where it was named from, and from the folder that holds the runs; one that is
    not there says nothing, for example where a run was made on another machine.
    """
    texts = {
        name: text for world in run.record["worlds"] for part in world["parts"] for name, text in part["files"].items()
    }
    return tuple(
        name for name, text in texts.items() if (now := _text_now(run, name)) is not None and now != _plain(text)
    )


def _text_now(run: Run, name: str) -> str | None:
    catalogued = file_of(name)
    if catalogued is None and _is_made(name):
        return None
    places = [catalogued] if catalogued else [Path(name), run.path.absolute().parent.parent / name]
    for file in places:
        try:
            return _plain(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            continue
    return None


def _is_made(name: str) -> bool:
    """Whether a reform is no file: the month of adoption that ``--from`` names."""
    return name.startswith("reforms/from-")


def _plain(text: str) -> str:
    """A text without what an editor or version control may change about line ends."""
    return "\n".join(text.removeprefix("\ufeff").splitlines())
