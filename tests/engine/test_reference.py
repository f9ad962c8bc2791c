"""The compiled month against the month in plain Python, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.city.generations import Generations
from counterscore.engine import draws, layout
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import empty_totals, live_until, outcome_columns, settle_in
from counterscore.regime.model import Regime
from tests import worlds
from tests.reference.month import NEVER, Resident, Town
from tests.reference.partners import Own

MONTHS = 30
SHARED = {
    "conduct__fraud": 0.3,
    "dealings__one_shot": 0.6,
    "dealings__need": 0.5,
    "services__loan__need": 0.02,
    "lending__default": 0.2,
    "lending__bad_after": 3,
    "acts__fraud__detection": 0.5,
    "errors__untrue": 0.02,
}


#: What the shared town must have seen for the comparison to mean something.
EXERCISED = [
    "frauds_tried",
    "frauds_warned",
    "frauds_known",
    "victims",
    "moves",
    "left_moved",
    "dealings_refused",
    "dealings_refused_untrue",
    "loans_asked",
    "loans_refused",
    "loans_good_refused",
    "loans_bad",
    "loans_defaulted",
    "listed_attempts",
    "listed_refused",
]


OWN = ("sex", "education", "minority", "income", "partnered", "joined", "left", "matched")


def town_of(plan: object, place: object, seed: int, replay: int) -> Town:
    people = []
    for at, (row, watch) in enumerate(zip(place.residents, place.watch, strict=True)):  # type: ignore[attr-defined]
        plain = {
            name: int(row[name])
            for name in [
                "age",
                "district",
                "group",
                "file",
                "conscientiousness",
                "outspokenness",
                "sociability",
                "means",
                "traits",
                "loan",
                "work",
                "savings",
                "judged",
                "doors",
            ]
        }
        people.append(
            Resident(
                at=at,
                number=at,
                aware=int(watch["aware"]),
                due=int(watch["due"]),
                score=[int(v) for v in row["score"]],
                grade=[int(v) for v in row["grade"]],
                base=[0, 0],
                part={s for s in range(2) if row["part"] >> s & 1},
                **plain,
            )
        )
        if len(place.private):  # type: ignore[attr-defined]
            people[-1].own = Own(**{name: int(place.private[name][at]) for name in OWN})  # type: ignore[attr-defined]
    lives = Generations(place.lives.city, place.lives.k, plan.survivors)  # type: ignore[attr-defined]
    return Town(plan, people, seed, replay, {month: lives.january(month) for month in range(12, MONTHS, 12)})


@pytest.mark.parametrize(
    ("name", "responses", "errors", "settings"),
    [
        ("test-town", True, True, {}),
        ("test-town", False, False, {}),
        ("test-town", True, True, {"errors__glitch_month": 9}),
        ("beijing-points", True, True, {}),
        ("suining-2010", True, True, {}),
        ("none", True, True, {}),
        ("test-village", True, True, {"recording__group": 12}),
        ("test-levels", True, True, {}),
        ("test-levels", False, False, {}),
        ("shared-levels", True, True, SHARED),
        ("court-defaulters-2025", True, True, {}),
        ("shared-town", True, True, SHARED),
        ("shared-town", False, False, SHARED),
        (
            "copied-town",
            True,
            True,
            {"rights__appeal_wrong": 0.8, "rights__appeal_right": 0.2, "rights__won_right": 0.5},
        ),
        ("critics-alone", True, True, {"response__awareness": 1}),
        ("sesame-credit", True, True, {}),
        ("baihe-match", True, True, {}),
        ("baihe-match", False, False, {}),
        ("club", True, True, {}),
    ],
)
def test_engine_equals_plain_python(name: str, responses: bool, errors: bool, settings: dict[str, float]) -> None:
    own = {
        "test-town": worlds.town,
        "shared-town": worlds.shared_town,
        "copied-town": worlds.copied_town,
        "critics-alone": worlds.critics_alone,
        "test-village": worlds.village,
        "test-levels": worlds.levels,
        "shared-levels": worlds.shared_levels,
        "club": worlds.club,
    }
    regime: Regime = own[name]() if name in own else load_regime(name)
    seed, replay = 11, 2
    plan = compile_plan(regime.stacked(), worlds.busy(**settings), seed=seed, responses=responses, errors=errors)
    place = settle_in(
        Plans(plan), worlds.city(700, offenders=0.1 if settings is SHARED else None), 0, seed=seed, replay=replay
    )
    town = town_of(plan, place, seed, replay)
    totals = empty_totals(MONTHS)
    figures = np.full(32, 2000, np.int64)
    for month in range(MONTHS):
        live_until(plan, place, totals, draws.purpose_keys(seed, replay), figures, month + 1)
        town.counts = {}
        town.live([2000] * 32)
        for counter, at in layout.COUNTER.items():
            assert totals["counts"][month, at] == town.counts.get(counter, 0), (month, counter)
        for field in [
            "age",
            "group",
            "traits",
            "savings",
            "loan",
            "arrears",
            "judged",
            "work",
            "doors",
            "hours",
            "yuan",
        ]:
            engine = place.residents[field].astype(np.int64)
            plain = np.array([getattr(who, field) for who in town.people])
            assert (engine == plain).all(), (month, field, np.flatnonzero(engine != plain)[:5])
    for at, who in enumerate(town.people):
        assert int(place.residents["part"][at]) == sum(1 << s for s in who.part)
        for s in range(int(plan.schemes)):
            assert int(place.residents["score"][at, s]) == who.score[s], (at, s)
            assert int(place.residents["grade"][at, s]) == who.grade[s], (at, s)
    met = totals["meetings"].reshape(layout.MAX_GRADES + 1, layout.MAX_GRADES + 1, 3)
    assert {at: list(cell) for at, cell in town.met.items()} == {
        at: met[at].tolist() for at in np.ndindex(met.shape[:2]) if met[at].any()
    }
    ties = np.array([sum(1 << k for k in who.ties) for who in town.people])
    assert (place.residents["ties"] == ties).all()
    assert len(town.departed) > 5
    died = np.zeros_like(totals["stays"][:, :, layout.DIED])
    for which, lasted in town.died_listed:
        died[which, lasted] += 1
    assert (totals["stays"][:, :, layout.DIED] == died).all()
    if name == "copied-town":
        assert totals["counts"][:, layout.COUNTER["stale_copies"]].sum() > 3
    if name == "shared-town" and responses:
        for counter in EXERCISED:
            assert totals["counts"][:, layout.COUNTER[counter]].sum() > 0, counter
    if name.endswith("levels"):
        assert totals["stays"][:, :, layout.REPLACED].sum() > 20
        assert totals["counts"][:, layout.COUNTER["left_replaced"]].sum() > 20
        bars = [len([paper for paper in who.papers if paper.kind == "bar"]) for who in town.people]
        assert sum(bars) > 20
    columns = outcome_columns(plan, place)
    # Generation 0 by place, then 1, …: of each place's people in the order of their lives.
    lives = [[who for who in town.departed if who.at == at] + [town.people[at]] for at in range(len(town.people))]
    people = [line[g] for g in range(max(map(len, lives))) for line in lives if g < len(line)]
    for column in layout.OUTCOME_TYPES:
        start = NEVER if column in {"first_record", "first_listed"} else 0
        plain = np.array([who.out.get(column, start) for who in people])
        assert (columns[column].astype(np.int64) == plain).all(), column
    if len(place.private):
        for column in ("joined", "left", "matched", "partnered", "perks", "seen", "shows", "ties_low", "ties_new"):
            assert columns[column].astype(np.int64).tolist() == [getattr(who.own, column) for who in people], column
        assert columns["ties"].tolist() == [len(who.ties) + sum(at >= 0 for at in who.own.sought) for who in people]
        if plan.shown_scheme >= 0:
            assert min(columns[name].sum() for name in ("perks", "taking_part")) > 0
    if plan.schemes:
        assert (columns["score"] == [who.score[0] for who in people]).all()
        assert (columns["grade"] == [who.grade[0] for who in people]).all()
    on = np.array([sum(1 << stay.what for stay in who.adverse(plan)) for who in people])
    assert (columns["lists"] == on).all()
