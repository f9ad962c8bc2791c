"""G6: with responses and errors off, the engine's scores, lists and doors are those of the ledger on paper."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from counterscore.catalog import load_regime, regime_ids
from counterscore.engine import draws, layout
from counterscore.engine.layout import EVENT_ACT, EVENT_RECORD
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import empty_totals, live_until, settle_in
from counterscore.regime.ledger import Ledger, PaperExit, PaperRecord
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import ACTS
from tests import worlds

MONTHS = 30
MOST = 250  #: residents compared
#: Rule books about residents whose records say everything that their scores, lists and doors rest on.
OF_RESIDENTS = (
    "beijing-points",
    "behaviour-lending",
    "court-defaulters",
    "court-defaulters-2025",
    "credit-registry",
    "critics-scenario",
    "hangzhou-qianjiang",
    "huantai-grid",
    "nanjing-card",
    "pujiang-blood",
    "rongcheng-2013",
    "rongcheng-2021",
    "rongcheng-village",
    "suining-2010",
    "suqian-2018",
    "travel-lists-2018",
    "weihai-2018",
    "wendeng-rural",
    "xiamen-egret",
    "yiwu-2017",
)
#: Rule books that take more than records to ask, and where they are asked.
ELSEWHERE = {
    "fuzhou-jasmine": "no record is made in a city as small as here, for it asks for consent; hangzhou-qianjiang asks the same path",
    "shanghai-2016": "likewise",
    "sesame-credit": "test_partners: a weighted score rests on what is known of a resident each January, and on friends",
    "zhejiang-firms": "test_firms: records of firms, their new names and what they perform",
    "tax-abcmd": "test_firms",
    "customs-aeo": "test_firms",
    "market-lists": "test_firms",
}
#: Rule books that cannot be asked, and why.
CANNOT = {
    "none": "it has no rules",
    "tencent-2018": "it records nothing, and its score cannot be worked out",
    "suzhou-osmanthus": "its weights and records are unknown: nothing can be worked out",
    "baihe-match": "it has no score, list or door of its own: it promotes by the grades of sesame-credit",
    "fraud-register": "whether a record arrives is luck that a case on paper does not have; the shared town asks its mechanism without it",
    "government-integrity": "what a public body owes each month is no event, so that performance cannot be handed to paper; "
    "test_bodies compares every score and list with the month in plain Python",
    "market-lists-2021": "the lists of market-lists with other periods, which are asked in test_firms",
    "court-defaulters-firms": "one order and one list, of the kinds that market-lists has",
}


@pytest.mark.parametrize(
    "name",
    [
        "test-town",
        "shared-town",
        "test-village",
        "test-levels",
        *OF_RESIDENTS,
    ],
)
def test_engine_equals_ledger(name: str) -> None:
    towns = {"test-town": worlds.town, "test-village": worlds.village, "shared-town": _all_arrive}
    towns |= {"test-levels": worlds.levels}
    regime = towns[name]() if name in towns else _of_authorities(load_regime(name))
    settings = {"rights.appeal_right": 0, "rights.appeal_wrong": 0, "rights.repair": 0}
    shared = name == "shared-town"
    settings |= {"conduct.fraud": 0.3, "acts.fraud.detection": 0.6} if shared else {}
    assumptions = worlds.busy(**{k.replace(".", "__"): v for k, v in settings.items()})
    plan = compile_plan(regime.stacked(), assumptions, seed=3, responses=False, errors=False)
    city = (
        worlds.city(1500, offenders=0.05)
        if shared
        else worlds.city(1500 if name in towns else 4000 if name in RARE else 700)
    )
    place = settle_in(Plans(plan), city, 0, seed=3, replay=0)
    trace = np.zeros((400_000, 8), np.int64)
    live_until(
        plan, place, empty_totals(MONTHS), draws.purpose_keys(3, 0), np.zeros(layout.N_FIGURES, np.int64), MONTHS, trace
    )
    assert place.space.trace_used < len(trace)
    events = trace[: place.space.trace_used]
    rows = [(k, r) for k, part in enumerate(regime.stacked()) for r in range(len(part.catalogue))]
    compared = 0
    scored = [k for k, part in enumerate(regime.stacked()) if part.score and part.score.known]
    asking = [s for s in range(int(plan.askers)) if plan.scheme_asks[s]]
    for i in np.unique(events[events[:, 2] == EVENT_RECORD][:, 1])[:MOST]:
        mine = events[events[:, 1] == i]
        resident = place.residents[i]
        part = [bool(int(resident["part"]) >> s & 1) for s in asking]
        final = _on_paper(regime, mine, rows, takes_part=all(part))
        for s, k in enumerate(scored):
            if s not in asking or all(part):
                assert int(resident["score"][s]) == final.score60(regime.stacked()[k].id), (i, mine)
        names = [n for part in regime.stacked() for n in part.lists]
        assert {n for b, n in enumerate(names) if resident["lists"] >> b & 1} == set(final.lists()), i
        doors = [door.id for part in regime.stacked() for door in part.doors]
        in_force = {d for b, d in enumerate(doors) if int(resident["doors"]) >> b & 1}
        assert in_force == {*final.doors(), *final.kin_doors()}, i
        assert bool(place.watch["flag"][i] & layout.WARNING) == final.warned(), i
        compared += 1
    assert compared > (50 if name not in RARE else 0)


def test_every_rule_book_is_asked_or_says_why_not() -> None:
    """G6 is asked of every rule book of the catalogue; those of which it is not are named with the reason."""
    named = [*OF_RESIDENTS, *ELSEWHERE, *CANNOT]
    assert sorted(named) == sorted(regime_ids())
    for name in CANNOT:
        regime = load_regime(name)
        alone = regime.score is not None and regime.score.known and regime.subjects != "bodies"
        assert not alone, f"{name} has a score: it can be asked"


#: Rule books whose records are few in a small city.
RARE = (
    "travel-lists-2018",
    "nanjing-card",
    "court-defaulters",
    "court-defaulters-2025",
    "shanghai-2016",
    "xiamen-egret",
    "fuzhou-jasmine",
    "wendeng-rural",
    "pujiang-blood",
    "hangzhou-qianjiang",
)


def _of_authorities(regime: Regime) -> Regime:
    """The rule book beside those of authorities about residents; what a private score knows is not in the events."""
    alone = regime.model_copy()
    alone._stacked = tuple(one for one in regime.stacked()[1:] if one.owner == "public" and one.subjects == "residents")
    return alone


def _all_arrive() -> Regime:
    """The shared town without chance: on paper every record arrives."""
    return worlds.regime_of(re.sub("coverage: [0-9.]+, ", "", worlds.SHARED_TOWN))


def _on_paper(regime: Regime, events: np.ndarray, rows: list[tuple[int, int]], *, takes_part: bool = True) -> Ledger:
    """Hand the resident's own records to the ledger, month by month."""
    ledger = Ledger(regime, takes_part=takes_part)
    stack = regime.stacked()
    for month in range(MONTHS):
        now = events[events[:, 0] == month]
        made: Counter[int] = Counter(int(event[3]) for event in now[now[:, 2] == EVENT_RECORD])
        records: dict[tuple[str, str], list[PaperRecord]] = {}
        for number, times in made.items():
            row = stack[rows[number][0]].catalogue[rows[number][1]]
            if row.on_list:
                continue
            act, amount = row.act[0], 0
            for done in now[now[:, 2] == EVENT_ACT]:
                if ACTS[done[3]].id in row.act:
                    act, amount = ACTS[done[3]].id, int(done[4])
            points = [int(e[5]) for e in now[(now[:, 2] == EVENT_RECORD) & (now[:, 3] == number)]]
            chosen = points[0] if row.discretion and row.discretion.least is not None else None
            mine = [PaperRecord(act, row.actor, amount, chosen)] * times
            if len(mine) > len(records.get((act, row.actor), [])):
                records[act, row.actor] = mine
        paid = (now[:, 2] == layout.EVENT_DEBT) & (now[:, 3] == 0)
        ledger.month(
            month,
            [record for some in records.values() for record in some],
            [
                *([PaperExit("performed")] if paid.any() else []),
                *(PaperExit("moved", near=not far) for far in now[now[:, 2] == layout.EVENT_MOVE][:, 3]),
            ],
        )
    return ledger
