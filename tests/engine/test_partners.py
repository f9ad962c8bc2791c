"""The private side: consent, weighted scores, perks, ties over scores, and who is seen by whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.engine import draws, layout
from counterscore.engine.friends import TIES, friends_at
from counterscore.engine.layout import COUNTER, MAX_GRADES, NEVER, NO_GRADE
from counterscore.engine.partners.knowing import attribute_of
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import empty_totals, live_until, settle_in
from counterscore.regime.ledger import Ledger, PaperRecord
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import ATTRIBUTES
from tests import worlds

MONTHS = 20


def _live(regime: Regime | None = None, **settings: Any) -> tuple[Any, Any, dict[str, np.ndarray]]:
    plan, result = worlds.live(regime or worlds.club(), **({"months": MONTHS, "residents": 1500} | settings))
    return plan, result, worlds.columns(plan, result)


def test_prominence_of_one_for_all_equals_no_matchmaker_bit_for_bit() -> None:
    """G3: a matchmaker who promotes nobody changes nothing, whatever else is in force."""
    equal = worlds.club(("times: 4", "times: 1"), ("times: 0.5", "times: 1"))
    alone = worlds.club((worlds.CLUB[worlds.CLUB.index("partners:") :], ""))
    assert "partners" not in alone.document.data
    _, one, left = _live(equal, residents=3000)
    _, two, right = _live(alone, meeting=True, residents=3000)
    for name, column in left.items():
        assert (column == right[name]).all(), name
    for name in ("counts", "mixing", "doors"):
        assert (one.totals[name] == two.totals[name]).all(), name
    assert one.totals["counts"][:, COUNTER["matches"]].sum() > 20
    # Only the grades that meetings are told by differ: without a matchmaker there are none to go by.
    assert (one.totals["meetings"].sum(axis=0) == two.totals["meetings"].sum(axis=0)).all()


def test_unknown_prominence_is_taken_from_the_assumptions() -> None:
    shares = []
    for times in (1, 5):
        plan = compile_plan(load_regime("baihe-match").stacked(), worlds.busy(partners__prominence=times), seed=1)
        shares.append([int(share) / 2**32 for share in plan.prominence])
    assert shares[0] == [1.0] * (MAX_GRADES + 1)
    assert shares[1][:5] == pytest.approx([1, 1, 0.2, 0.2, 0.2])
    assert shares[1][MAX_GRADES] == pytest.approx(0.2)  # who has no grade is shown once


def test_the_promoted_are_seen_more_and_take_the_places_of_others() -> None:
    settings = {"responses": False, "residents": 3000}
    _, one, promoted = _live(worlds.club(), **settings)
    _, two, plain = _live(worlds.club(("times: 4", "times: 1"), ("times: 0.5", "times: 1")), **settings)
    high = (plain["private_grade"] == 0) & (plain["seen"] > 0)
    seen = [columns["seen"].astype(int) for columns in (promoted, plain)]
    assert seen[0][high].sum() > 1.5 * seen[1][high].sum()
    assert seen[0][~high].sum() < seen[1][~high].sum()
    views = [result.totals["counts"][:, COUNTER["views"]].sum() for result in (one, two)]
    assert abs(views[1] - views[0]) < 0.1 * views[0]  # attention is limited, and nearly all of it used


def test_both_ends_of_a_match_are_matched_in_the_same_month() -> None:
    _, result, columns = _live(residents=3000)
    matched = columns["matched"][columns["matched"] != NEVER]
    assert columns["couples"].sum() == 2 * result.totals["counts"][:, COUNTER["matches"]].sum() > 40
    assert len(matched) <= columns["couples"].sum()
    assert ((columns["couples"] > 0) == (columns["matched"] != NEVER)).all()
    assert (columns["alone"] <= MONTHS).all()


def test_nobody_has_two_partners_and_couples_end() -> None:
    """In every January: partners name each other, are of different sex and alive, and who is single has none."""
    often = worlds.busy(lives__separate=0.1, partners__look=0.3)
    plan = compile_plan(worlds.none().stacked(), often, seed=2, meeting=True)
    place = settle_in(Plans(plan), worlds.city(1500), 0, seed=2, replay=0)
    totals = empty_totals(72)
    start = place.private["other"].copy()
    assert (start >= 0).sum() > 0.8 * place.private["partnered"].sum()
    for month in range(1, 73, 1):
        live_until(plan, place, totals, draws.purpose_keys(2, 0), np.zeros(layout.N_FIGURES, np.int64), month)
        private, age = place.private, place.residents["age"]
        two = np.flatnonzero((private["partnered"] == 1) & (private["other"] >= 0))
        other = private["other"][two]
        assert (private["other"][other] == two).all(), month
        assert (private["partnered"][other] == 1).all()
        assert (private["sex"][other] != private["sex"][two]).all()
        assert (age[two] >= 18).all()
        adult = age >= 18
        assert (((private["alone_since"] == NEVER) == (private["partnered"] == 1)) | ~adult).all()
    counts = {name: int(totals["counts"][:, COUNTER[name]].sum()) for name in ("matches", "separations", "widowed")}
    assert min(counts.values()) > 20, counts
    months = np.flatnonzero(totals["counts"][:, COUNTER["separations"]])
    assert (months % 12 == 0).all()
    assert (private["couples"] > 1).any()  # single again, and met somebody


def test_who_was_a_couple_at_the_start_parts_in_every_world_alike() -> None:
    """Whom a matchmaker promotes moves who meets, never whether those of the start stay together."""
    often = worlds.busy(lives__separate=0.1)
    places = []
    for club in (worlds.club(), worlds.club(("times: 4", "times: 1"), ("times: 0.5", "times: 1"))):
        _, result = worlds.live(club, months=40, residents=1500, assumptions=often)
        places.append(result.places[0])
    one, two = (place.private for place in places)
    assert (one["matched"] != two["matched"]).any()
    untouched = (one["matched"] == NEVER) & (two["matched"] == NEVER)
    assert (one["partnered"] == two["partnered"])[untouched].all()
    assert (one["other"] == two["other"])[untouched & (one["partnered"] == 1)].all()


def test_nobody_is_rated_or_recorded_without_consent() -> None:
    club = worlds.club(("without_consent: records kept", "without_consent: no records"), ("stack: [test-town]\n", ""))
    nobody = worlds.busy(adoption__private__begin=0, adoption__private__join=0)
    _, result, columns = _live(club, assumptions=nobody)
    assert columns["taking_part"].sum() == columns["records"].sum() == columns["perks"].sum() == 0
    assert (columns["private_grade"] == NO_GRADE).all()
    assert result.totals["counts"][:, COUNTER["taking_part"]].sum() == 0
    _, _, none = _live(worlds.none(), assumptions=nobody)
    for name in ("misconduct", "good_deeds", "lawful_acts", "attempts", "job_losses", "arrears_months"):
        assert (columns[name] == none[name]).all(), name  # a rule book without members moves nobody


def test_consent_is_given_and_withdrawn_only_with_responses() -> None:
    _, still, _ = _live(responses=False)
    for name in ("joined", "withdrew", "shown", "ties_low", "ties_sought"):
        assert still.totals["counts"][:, COUNTER[name]].sum() == 0, name
    assert still.totals["counts"][:, COUNTER["perks"]].sum() > 0
    _, moving, columns = _live()
    for name in ("joined", "withdrew", "shown", "ties_low", "ties_sought", "perks", "views", "matches"):
        assert moving.totals["counts"][:, COUNTER[name]].sum() > 0, name
    out = (columns["taking_part"] == 0) & (columns["left"] < MONTHS - 1)
    assert out.any()
    assert (columns["private_grade"][out] == NO_GRADE).all()
    assert (columns["shows"][out] == 0).all()


def test_who_withdraws_is_forgotten_where_no_record_may_be_kept() -> None:
    often = worlds.busy(adoption__leave=0.3, adoption__private__begin=1, adoption__private__join=0)
    kept = worlds.club()
    forgetting = worlds.club(("without_consent: records kept", "without_consent: no records"))
    for regime, forgotten in ((kept, False), (forgetting, True)):
        plan, result = worlds.live(regime, months=14, residents=1500, assumptions=often)
        place = result.places[0]
        held = 0
        for i in np.flatnonzero(place.residents["part"] & 1 == 0):
            p = int(place.residents["head"][i])
            while p >= 0:
                held += place.papers["kind"][p] == layout.RECORD and plan.row_scheme[place.papers["what"][p]] == 0
                p = int(place.papers["next"][p])
        left_last_month = result.totals["counts"][-1, COUNTER["withdrew"]]
        assert (held > left_last_month) is not forgotten


def test_perks_rise_with_the_grade_and_the_money() -> None:
    plan, _, columns = _live(responses=False, residents=3000, months=30)
    richer = worlds.club(("saves: 2600", "saves: 5200"))
    _, _, twice = _live(richer, responses=False, residents=3000, months=30)
    flats = (twice["perks"].astype(int) - columns["perks"]) % 2600
    assert (flats == 0).all()
    assert (twice["perks"] > columns["perks"]).any()
    by_grade = [columns["perks"][columns["private_grade"] == grade].mean() for grade in (0, 1)]
    assert by_grade[0] > by_grade[1]
    assert plan.door_saves[:40].max() == 2600


def test_friends_of_a_dimension_without_weight_do_not_matter() -> None:
    """Without its weight the relations dimension is as if it were not there (G3), and with it scores differ."""
    name = "{id: friends, weight: 30, start: 50, from: [{friends: true}], source: a, mark: assumed}"
    without = worlds.club((f"    - {name}\n", ""))
    nought = worlds.club((name, name.replace("weight: 30", "weight: 0")))
    calm: dict[str, Any] = {"responses": False, "errors": False}
    _, _, one = _live(without, **calm)
    _, _, two = _live(nought, **calm)
    _, _, three = _live(**calm)
    assert (one["private_score"] == two["private_score"]).all()
    assert (one["private_score"] != three["private_score"]).any()


@pytest.mark.parametrize("name", ["sesame-credit", "club"])
def test_engine_equals_ledger_for_a_weighted_score(name: str) -> None:
    """G6: score, grade, lists and doors of who takes part are those on paper, with what was known each January."""
    regime = worlds.club(("stack: [test-town]\n", "")) if name == "club" else load_regime(name)
    plan = compile_plan(
        regime.stacked(),
        # Work, loans and couples stay as they were in January, so that they can be read afterwards.
        worlds.busy(
            adoption__private__begin=0.7,
            circumstances__job_loss=0,
            circumstances__default=0,
            services__loan__need=0,
            lives__separate=0,
        ),
        seed=3,
        responses=False,
        errors=False,
    )
    place = settle_in(Plans(plan), worlds.city(900), 0, seed=3, replay=0)
    trace = np.zeros((200_000, 8), np.int64)
    totals = empty_totals(24)
    ledgers: dict[int, Ledger] = {}
    done = 0
    rows = [(k, r) for k, part in enumerate(regime.stacked()) for r in range(len(part.catalogue))]
    scored = next(part.id for part in regime.stacked() if part.score)
    for month in range(24):
        before = {
            int(i): int(place.residents["score"][i, 0])
            for i in np.flatnonzero(place.residents["grade"][:, 0] != NO_GRADE)
        }
        live_until(
            plan, place, totals, draws.purpose_keys(3, 0), np.zeros(layout.N_FIGURES, np.int64), month + 1, trace
        )
        events, done = trace[done : place.space.trace_used], int(place.space.trace_used)
        if month % 12 == 0:
            known = [_known(place, i) for i in range(len(place.residents))]
        for i in range(len(place.residents)):
            if place.residents["age"][i] < 18 or place.lives.generation[i] or (month and i not in ledgers):
                continue
            if month == 0:
                takes_part = bool(place.residents["part"][i] & 1)
                ledgers[i] = Ledger(regime, known=known[i], takes_part=takes_part)
            friends = (
                [before[j] for j in _friends(plan, place, i) if j in before and not place.lives.generation[j]]
                if month
                else []
            )
            news = {"known": known[i], "friends": friends} if month % 12 == 0 else {}
            mine = events[(events[:, 1] == i) & (events[:, 2] == layout.EVENT_RECORD)]
            records = []
            for number in mine[:, 3]:
                book, r = rows[int(number)]
                row = regime.stacked()[book].catalogue[r]
                if not row.on_list and not any(row.act[0] == one.act for one in records):
                    records.append(PaperRecord(row.act[0], row.actor))
            ledgers[i].month(month, records, (), **news)
    compared = 0
    for i, ledger in ledgers.items():
        if place.lives.generation[i] or place.residents["lists"][i] or ledger.lists():
            continue  # how one leaves a list is the subject of test_ledger
        if place.private["matched"][i] in (0, 12):
            continue  # matched after what was known was read in January, and seen here after it
        if place.residents["part"][i] & 1:
            assert int(place.residents["score"][i, 0]) == ledger.score60(scored), (i, ledger.state())
            assert int(place.residents["grade"][i, 0]) == ledger.grade(scored), i
            compared += 1
        doors = [door.id for part in regime.stacked() for door in part.doors]
        in_force = {d for b, d in enumerate(doors) if int(place.residents["doors"][i]) >> b & 1}
        assert in_force == {*ledger.doors(), *ledger.kin_doors()}, i
    assert compared > 100


def _known(place: Any, i: int) -> dict[str, str | int]:
    residents, private = place.residents.view(np.recarray), place.private.view(np.recarray)
    out: dict[str, str | int] = {}
    for which, attribute in enumerate(ATTRIBUTES):
        code = int(getattr(attribute_of, "py_func", attribute_of)(residents[i], private[i], which))
        out[attribute.id] = code if attribute.unit else attribute.categories[code]
    return out


def _friends(plan: Any, place: Any, i: int) -> list[int]:
    mine = place.residents["ties"][i] >> np.arange(TIES) & 1 == 1
    return friends_at(plan, place.space.friends, len(place.residents), [i])[0][mine].tolist()
