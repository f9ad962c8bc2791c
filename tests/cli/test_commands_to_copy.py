"""Commands that are printed to be copied, where the names of files need quotes."""

from __future__ import annotations

import shlex

OWN, RUN, BUNDLE = "my book #1.yaml", "my run", "my evidence.zip"
LIVED = ("--city", "demo", "--residents", "300", "--months", "4", "--replicates", "1", "--seed", "7", "--yes")
NAMES = {OWN, RUN, BUNDLE}


def test_every_command_that_is_printed_can_be_copied(counterscore) -> None:
    """Field: after export, copy, life and explain, names with blanks and # were printed bare."""
    asked = (
        ("copy", "suining-2010", OWN),
        ("show", OWN),
        ("case", OWN),
        ("run", OWN, *LIVED, "--out", RUN),
        ("life", RUN, "--resident", "R-00001", "--out", "life.html"),
        ("explain", RUN, "R-00001:0:0001"),
        ("export", RUN, "--bundle", BUNDLE),
    )
    found = []
    for words in asked:
        shown = counterscore(*words)
        assert "internal error" not in shown.err, words
        lines = [line for line in (shown.out + shown.err).splitlines() if "counterscore " in line and "my" in line]
        for line in lines:
            command = shlex.split("counterscore " + line.split("counterscore ", 1)[1])
            named = [word for word in command if word.startswith("my")]
            assert named, (words, line)
            assert set(named) <= NAMES, (words, line)
            found.append(words[0])
    assert {"copy", "show", "case", "run", "life", "explain", "export"} <= set(found)
