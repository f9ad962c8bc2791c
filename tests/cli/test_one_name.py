"""One name for one figure, whichever command prints it as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

RUN = (
    "run",
    "suining-2010",
    "--city",
    "demo",
    "--residents",
    "600",
    "--months",
    "14",
    "--replicates",
    "3",
    "--seed",
    "7",
)


def named(data: Any, where: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every key of nested data, with its place and value."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key, f"{where}.{key}", value
            yield from named(value, f"{where}.{key}")
    elif isinstance(data, list):
        for value in data:
            yield from named(value, f"{where}[]")


def test_replicates_are_counted_under_two_names_that_mean_two_things(counterscore):
    """``replays``: how many a run was to have; ``n_replays``: how many a row rests on, which can be fewer."""
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    seen = set()
    for words in (
        ("numbers", "runs/one"),
        ("groups", "runs/one", "--by", "sex"),
        ("spells", "runs/one"),
        ("show", "runs/one"),
        ("list", "runs"),
        ("twins", "runs/one"),
        ("life", "runs/one", "--pick", "median", "--of", "listed"),
        ("chart", "outcomes", "runs/one"),
        ("chart", "group-gaps", "runs/one"),
    ):
        answer = counterscore(*words, "--json")
        assert answer.code == 0, (words, answer.err)
        for key, place, value in named(answer.data):
            where = f"{words[0]}{place}"
            assert key not in ("replicates", "n_replicates"), where
            if key == "replays" and "would_find" not in place:
                assert value == 3, where
            if key == "n_replays":
                assert value in range(4), where
            seen |= {key} & {"replays", "n_replays"}
    assert seen == {"replays", "n_replays"}
