"""What is settled by columns is what is settled process by process, row for row and byte for byte."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from counterscore.mirror import columns, parse, read, reading, reduce, shapes
from counterscore.mirror.bodies import Bodies
from counterscore.mirror.columns import ColumnReducer, Days, days_apart
from counterscore.mirror.dates import Instant, days_between
from counterscore.mirror.reduce import Known, Reducer
from counterscore.mirror.stream import Piece
from counterscore.mirror.whitelist import Reader
from tests.mirror.hostile import Hostile
from tests.mirror.published import DATA, SOURCE, Raw, facts_of, published, write

_MAPPED = """currency: EUR
codes:
  status: {LOCAL: active}
bodies:
  - {id: B1, name: Ministry of Works 1}
"""


class OneByOne:
    """In the place of ``ColumnReducer``: each process by itself."""

    def __init__(self, reducer: Reducer) -> None:
        self._reducer = reducer

    def process(self, ocid: str, found: Sequence[Known], size: int = 0) -> None:
        self._reducer.process(ocid, found)

    def flush(self) -> None:
        pass


def _processes(releases: Sequence[Raw]) -> list[tuple[str, list[Known]]]:
    """The processes of releases as the second pass of a reading has them."""
    reader, seen = Reader(b"key", frozenset({"B1"})), shapes.Seen()
    groups: dict[str, list[Any]] = {}
    for raw in releases:
        for kind, one in shapes.releases(Piece(raw, "releases"), reader, seen):
            digest = reading._comparable(one)
            ocid = one.ocid or f"{reduce.NO_OCID}{hash(digest)}"
            groups.setdefault(ocid, []).append((0, kind == "compiled", digest, one))
    return [(ocid, reading._distinct(group, ["file"])[0]) for ocid, group in sorted(groups.items())]


def _settled(processes: Sequence[tuple[str, list[Known]]], source: str, by: Any) -> Any:
    """The rows of each table in their order, with the types of their values, and all that is counted beside them."""
    said: dict[str, list[str]] = {}
    told = parse(SOURCE + source)
    reducer = Reducer(
        told, Bodies(told), lambda table, row: said.setdefault(table, []).append(repr(sorted(row.items())))
    )
    settling = by(reducer)
    for ocid, found in processes:
        settling.process(ocid, found)
    settling.flush()
    return said, reducer.tally, reducer.bodies.found, reducer.bodies.refused


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.0, 0.02, 0.2]),
    st.sampled_from([0.0, 1.0, 1.0]),
    st.sampled_from(["", _MAPPED]),
    st.sampled_from([9, 2_000]),
)
@example(68112, 0.02, 1.0, "", 9)  # an amount of minus zero after one of zero
def test_rows_are_those_of_each_process_by_itself(
    seed: int, wild: float, loose: float, source: str, at_once: int
) -> None:
    processes = _processes(Hostile(Random(seed), wild, loose).releases(25))
    before, columns._MOST_RELEASES = columns._MOST_RELEASES, at_once
    try:
        assert _settled(processes, source, ColumnReducer) == _settled(processes, source, OneByOne)
    finally:
        columns._MOST_RELEASES = before


def _bytes(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", ["canada", "colombia", "nsw", "paraguay", "uk"])
def test_excerpts_come_out_byte_for_byte(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = parse((DATA / f"{name}.source.yaml").read_text(encoding="utf-8"))
    files = sorted(one for one in DATA.iterdir() if one.name.startswith(name) and "source" not in one.name)
    read(files, source, tmp_path / "columns")
    monkeypatch.setattr(reading, "ColumnReducer", OneByOne)
    read(files, source, tmp_path / "each")
    assert _bytes(tmp_path / "columns") == _bytes(tmp_path / "each")


@pytest.mark.parametrize("wild", [None, 0.0, 0.1, 0.4])
def test_made_up_sets_come_out_byte_for_byte(
    wild: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = (
        published(60, late_ends=9, late_payments=7) if wild is None else Hostile(Random(7), wild, wild).releases(80)
    )
    file = write(tmp_path, releases)
    read([file], parse(SOURCE), tmp_path / "columns")
    monkeypatch.setattr(reading, "ColumnReducer", OneByOne)
    read([file], parse(SOURCE), tmp_path / "each")
    assert _bytes(tmp_path / "columns") == _bytes(tmp_path / "each")


def test_honest_data_are_settled_by_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends that move, prices that grow, contradictions in the order of things: none is taken one by one."""
    releases = published(40, late_ends=9)
    releases[0]["awards"][0]["date"] = releases[1]["awards"][0]["date"] = "2015-01-01"  # before the tender closed
    releases[2]["tender"]["numberOfTenderers"] = releases[3]["tender"]["numberOfTenderers"] = 0
    for one in releases[4:6]:
        one["contracts"][0]["value"]["amount"] = 7 if one is releases[4] else 9

    def refuse(*_: Any) -> None:
        raise AssertionError("one by one")

    monkeypatch.setattr(Reducer, "process", refuse)
    facts = facts_of(tmp_path, releases)
    assert facts.record["repairs"] == {"contradictory": 2}
    assert facts.count("processes") == 40


_instants = st.builds(
    lambda at, whole: Instant(at // 86_400 * 86_400 if whole else at, whole),
    st.integers(-(10**6), 10**6),
    st.booleans(),
)


@given(st.lists(st.tuples(_instants, _instants), min_size=1))
def test_days_apart_are_those_between(pairs: list[tuple[Instant, Instant]]) -> None:
    first, last = (
        Days(np.array([one.at for one in side]), np.array([one.whole_day for one in side]), np.ones(len(side), bool))
        for side in zip(*pairs, strict=True)
    )
    assert days_apart(first, last).tolist() == [days_between(*pair) for pair in pairs]


@pytest.mark.parametrize("count", [2**31, 2**60, 2**70, 1e300, str(2**60)])
def test_more_bidders_than_can_be_are_impossible(count: Any, tmp_path: Path) -> None:
    releases = published(2)
    releases[0]["tender"]["numberOfTenderers"] = releases[1]["tender"]["numberOfTenderers"] = count
    told = facts_of(tmp_path, releases).table("processes").to_pylist()
    assert [one["bidders_state"] for one in told] == ["impossible", "known"]
    assert told[0]["bidders"] is None


def test_a_truth_is_not_taken_for_the_count_before_it(tmp_path: Path) -> None:
    """``true`` equals 1 where they are compared as they are: the last word is impossible, not one bidder."""
    releases = json.loads(json.dumps(published(1)))
    releases[0]["tender"]["numberOfTenderers"], releases[1]["tender"]["numberOfTenderers"] = 1, True
    (told,) = facts_of(tmp_path, releases).table("processes").to_pylist()
    assert told["bidders_state"] == "impossible"
