"""The example town with several files of its own, shared in part, and with rules for loans."""

from __future__ import annotations

from tests.regime.example import with_

SHARED = with_(
    (
        "    leave: [expired, repaired, corrected]\n",
        "    leave: [expired, repaired, corrected]\n    authority: centre\n",
    ),
    ("  update: 3 months\n", "  update: 3 months\n  authority: centre\n"),
    (
        "scrutiny:\n",
        """sharing:
  - {of: police, to: centre, coverage: 0.8, after: 40 days, within: nation, source: guess, mark: assumed}
  - {of: centre, to: public, within: city, source: guess, mark: assumed}
lending:
  - {file: full, refused_on: [late-bill], source: guess, mark: assumed}
  - {file: thin, refused_on: [late-bill], below: 850, refused: 0.2, source: guess, mark: assumed}
  - {file: none, refused: unknown, source: guess, mark: assumed}
scrutiny:
""",
    ),
)


def shared_with(old: str, new: str) -> str:
    """The example with ``old`` replaced by ``new``."""
    assert SHARED.count(old) == 1, f"{SHARED.count(old)} times in the example: {old!r}"
    return SHARED.replace(old, new)
