"""Every finding that is met has witnesses, and the rule book on paper makes of them what they say."""

from __future__ import annotations

import math

import pytest

from counterscore.catalog import load_regime, regime_ids
from counterscore.catalog.tables import related, scale
from counterscore.laws import findings, territories
from counterscore.laws.alone import Witness
from counterscore.laws.book import Book
from counterscore.laws.facts import Facts
from counterscore.laws.paper import reproduced
from counterscore.laws.source import read_date

DAY = read_date("2026-11-28")
MOST_EACH = 12  #: witnesses of one finding that are worked out on paper


def book_of(name: str) -> Book:
    return Book(load_regime(name), facts=Facts(), related=related(), scale=scale(), day=DAY)


@pytest.mark.parametrize("name", regime_ids())
def test_every_met_has_witnesses_that_paper_reproduces(name):
    regime = load_regime(name)
    annex = findings(regime, under=list(territories()), as_of=DAY)
    worked: dict[Witness, bool] = {}
    for one in annex.met:
        assert one.witnesses, one.check
        for witness in one.witnesses[:MOST_EACH]:
            if witness not in worked:
                worked[witness] = reproduced(regime, witness)
            assert worked[witness], (one.check, str(witness))


@pytest.mark.parametrize(
    "name", ["beijing-points", "rongcheng-2013", "suining-2010", "critics-scenario", "court-defaulters", "tax-abcmd"]
)
def test_no_fewer_records_are_enough(name):
    """One record less of an act that only one row knows brings nothing about."""
    book = book_of(name)
    known: dict[str, int] = {}
    for regime in book.regime.stacked():
        for row in regime.catalogue:
            for act in row.act:
                known[act] = known.get(act, 0) + 1
    tried = 0
    for pair in book.pairs:
        count = book.count(pair.read, pair.effect)
        if pair.effect.kind != "door" or pair.act is None or count in (None, math.inf, 1) or known[pair.act.id] > 1:
            continue
        witness = book.witness(pair)
        assert witness is not None
        fewer = Witness(
            witness.book,
            witness.row,
            witness.act,
            witness.count - 1,
            witness.apart,
            witness.effect,
            "",
            witness.actor,
            witness.points,
        )
        assert not reproduced(book.regime, fewer), str(fewer)
        tried += 1
        if tried == 8:
            break
    assert tried or name == "court-defaulters"
