"""The compiled month against the month in plain Python, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.city.generations import Generations
from counterscore.engine import draws, layout
from counterscore.engine.friends import friends_at, lasting
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.succession import demography_of
from counterscore.engine.world import empty_totals, live_until, outcome_columns, settle_in
from counterscore.regime.model import Regime
from counterscore.results.tables import OR_NEVER
from tests import copied, worlds
from tests.reference.aftermath import unable_year
from tests.reference.month import FIGURES, NEVER, Resident, Town
from tests.reference.partners import Own, months_single

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

LIFE = ["born", "moved_in", "moved_within", "came_of_age", "widowed", "separations", "matches", "debt_ended"]

AFTERMATH = (
    "businesses_founded",
    "businesses_given_up",
    "businesses_closed",
    "businesses_refused",
    "hired",
    "refusal_costs",
    "children_refused",
    "health_job_losses",
)
OWN = ("sex", "education", "minority", "income", "partnered", "other", "joined", "left", "matched")


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
            grown = people[-1].age >= 18
            people[-1].own.single_since = 0 if grown and not people[-1].own.partnered else NEVER
        people[-1].registration = people[-1].group // 16
    lives = Generations(place.lives.city, place.lives.k, demography_of(plan))  # type: ignore[attr-defined]
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
        ("baihe-match", True, True, {"lives__separate": 0.3, "lives__heir_share": 1.0}),
        ("baihe-match", False, False, {}),
        ("doors", True, True, worlds.MANY_NEEDS),
        ("club", True, True, {}),
        ("club-asked", True, True, {}),
        ("club-must", True, True, {"partners__withheld": 1, "partners__appeal": 1}),
    ],
)
def test_engine_equals_plain_python(name: str, responses: bool, errors: bool, settings: dict[str, float]) -> None:
    own = {
        "test-town": worlds.town,
        "shared-town": worlds.shared_town,
        "copied-town": copied.copied_town,
        "critics-alone": worlds.critics_alone,
        "test-village": worlds.village,
        "test-levels": worlds.levels,
        "shared-levels": worlds.shared_levels,
        "doors": worlds.behind_doors,
        "club": worlds.club,
        "club-asked": lambda: worlds.club(("{friends: may, mates: may", "{friends: asked, mates: must")),
        "club-must": lambda: worlds.club(("{friends: may, mates: may", "{friends: must, mates: asked")),
    }
    regime: Regime = own[name]() if name in own else load_regime(name)
    seed, replay = 11, 2
    plan = compile_plan(regime.stacked(), worlds.busy(**settings), seed=seed, responses=responses, errors=errors)
    place = settle_in(
        Plans(plan), worlds.city(700, offenders=0.1 if settings is SHARED else None), 0, seed=seed, replay=replay
    )
    town = town_of(plan, place, seed, replay)
    totals = empty_totals(MONTHS)
    figures = np.array(FIGURES, np.int64)
    for month in range(MONTHS):
        live_until(plan, place, totals, draws.purpose_keys(seed, replay), figures, month + 1)
        town.counts = {}
        town.live(FIGURES)
        for counter, at in layout.COUNTER.items():
            assert totals["counts"][month, at] == town.counts.get(counter, 0), (month, counter)
        for field in [
            "age",
            "district",
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
    there = friends_at(plan, place.space.friends, len(town.people))
    still = lasting(there, place.residents["ties"])
    assert [set(np.flatnonzero(row).tolist()) for row in still] == [who.ties for who in town.people]
    assert [town.network.place(at, k) for at, k in np.argwhere(there >= 0).tolist()] == there[there >= 0].tolist()
    assert len(town.departed) > 5
    for counter in LIFE if "lives__separate" in settings else ():
        assert totals["counts"][:, layout.COUNTER[counter]].sum() > 0, counter
    died = np.zeros_like(totals["stays"][:, :, layout.DIED])
    for which, lasted in town.died_listed:
        died[which, lasted] += 1
    assert (totals["stays"][:, :, layout.DIED] == died).all()
    if name == "copied-town":
        assert totals["counts"][:, layout.COUNTER["stale_copies"]].sum() > 3
    if name == "doors":
        for counter in AFTERMATH:
            assert totals["counts"][:, layout.COUNTER[counter]].sum() > 0, counter
        assert place.residents["years_unable"].any()
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
        start = NEVER if column in OR_NEVER else 0
        plain = np.array([who.out.get(column, start) for who in people])
        if column == "years_unable":  # with the year that has not been reckoned
            plain += np.array([unable_year(town, who) for who in people])
        assert (columns[column].astype(np.int64) == plain).all(), column
    assert columns["own_business"].tolist() == [who.traits & layout.OWN_BUSINESS != 0 for who in people]
    if len(place.private):
        for column in (
            "joined",
            "left",
            "matched",
            "partnered",
            "perks",
            "seen",
            "shows",
            "ties_low",
            "ties_new",
            "ties_hidden",
            "couples",
        ):
            assert columns[column].astype(np.int64).tolist() == [getattr(who.own, column) for who in people], column
        ties = [len(who.ties) + sum(at >= 0 for at in who.own.sought) for who in people]
        alive = [town.people[who.at] is who for who in people]
        assert columns["ties"].tolist() == [many * there for many, there in zip(ties, alive, strict=True)]
        ended = [MONTHS if who in town.people else town.died_in[id(who)] for who in people]
        assert columns["alone"].tolist() == [
            months_single(who.own, end) for who, end in zip(people, ended, strict=True)
        ]
        if plan.shown_scheme >= 0:
            assert min(columns[name].sum() for name in ("perks", "taking_part")) > 0
    if plan.schemes:
        assert (columns["score"] == [who.score[0] for who in people]).all()
        assert (columns["grade"] == [who.grade[0] for who in people]).all()
    on = np.array([sum(1 << stay.what for stay in who.adverse(plan)) for who in people])
    assert (columns["lists"] == on).all()
