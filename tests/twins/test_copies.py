"""A user's own copy of each rule book: an exact twin of it, and traced like ours once one number is another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterscore import catalog
from counterscore.errors import CounterscoreError
from counterscore.regime.difference import difference
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from counterscore.simulation import simulate
from counterscore.twins import Reach, reach
from tests import worlds

#: Rule books that state no number.
NO_NUMBER = {"none"}


def traced(out: Path, mine: Regime, theirs: Regime) -> Reach:
    busy = worlds.busy(rights__appeal_right=0.2, rights__repair=0.2)
    run = simulate(
        mine, worlds.city(400, seed=4), base=theirs, months=12, replays=1, seed=4, assumptions=busy, out=out, threads=1
    )
    return reach(run, *run.worlds[:2])


def copied(regime_id: str) -> str:
    return catalog.own_copy(regime_id, Path("mine.yaml"), "mine")


def read(text: str) -> Regime:
    return parse_regime(read_document(text, name="mine.yaml"), find=catalog.load_regime)


def with_another_number(regime_id: str) -> Regime | None:
    """The first edit of one number of the file that can be read and changes a rule."""
    text = copied(regime_id)
    first, whole = read(text), text.splitlines()
    for number in first.numbers():
        value = number.value
        line, said = number.at.line - 1, "unknown" if value is None else f"{value:g}"
        for other in (2, 12, 500, 0.5) if value is None else (value * 2, value + 1, value - 1, value / 2):
            edited = re.sub(rf"(?<![\d.]){re.escape(said)}(?![\d.])", f"{other:g}", whole[line], count=1)
            if edited == whole[line]:
                continue
            try:
                found = read("\n".join([*whole[:line], edited, *whole[line + 1 :]]) + "\n")
            except CounterscoreError:
                continue
            if any(one.affects for one in difference(first, found)):
                return found
    return None


@pytest.mark.parametrize("regime_id", catalog.regime_ids())
def test_a_copy_is_an_exact_twin_and_one_number_more_is_traced(regime_id: str, tmp_path: Path) -> None:
    theirs = catalog.load_regime(regime_id)
    same = traced(tmp_path / "same", read(copied(regime_id)), theirs)
    assert same.changed_rules == ()
    assert same.certificate().startswith(f"Certificate: of {same.persons:,} lives compared, {same.persons:,} are")
    assert all(one["compared"] == one["identical"] for one in same.others.values())
    mine = with_another_number(regime_id)
    assert (mine is None) == (regime_id in NO_NUMBER)
    if mine is not None:
        other = traced(tmp_path / "other", mine, theirs)
        assert other.changed_rules
        assert other.certified, other.certificate()
