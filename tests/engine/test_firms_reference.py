"""The compiled month of firms against the month in plain Python, bit for bit, with their residents."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.engine import draws, layout
from counterscore.engine.plan import compile_plans
from counterscore.engine.world import empty_totals, firm_columns, live_until, settle_in
from counterscore.regime.model import Regime
from tests import worlds
from tests.copied_firms import copied_firms
from tests.engine.test_reference import town_of
from tests.reference.firms import Firm, FirmTown
from tests.reference.month import FIGURES, NEVER, Town

MONTHS = 26
_FILE = ["district", "group", "file", "conscientiousness", "outspokenness", "sociability", "means", "traits", "work"]
_SAME = {"years": "age"}


def _firms(place: object, town: Town, seed: int, replay: int) -> FirmTown:
    firms = place.firms  # type: ignore[attr-defined]
    out = []
    files = firms.files
    for at, (row, watch, own) in enumerate(zip(files.residents, files.watch, firms.own, strict=True)):
        out.append(
            Firm(
                at=at,
                number=int(files.space.first) + at,
                age=int(row["age"]),
                aware=int(watch["aware"]),
                due=int(watch["due"]),
                score=[int(v) for v in row["score"]],
                grade=[int(v) for v in row["grade"]],
                doors=int(row["doors"]),
                base=[0, 0],
                part={s for s in range(layout.MAX_SCHEMES) if int(row["part"]) >> s & 1},
                loan=0,
                head=int(own["head"]),
                staff=tuple(firms.staff["resident"][own["staff_from"] : own["staff_to"]].tolist()),
                sector=int(own["sector"]),
                size=int(own["size_class"]),
                years=int(own["age"]),
                turnover=int(own["turnover"]),
                wage=int(own["wage"]),
                **{name: int(row[name]) for name in _FILE},
            )
        )
    return FirmTown(firms.plan, out, seed, replay, town)


@pytest.mark.parametrize(
    ("name", "responses", "errors", "settings"),
    [
        ("firm", True, True, {}),
        ("representative", True, True, {"errors__glitch_month": 9}),
        ("firm", False, False, {}),
        ("zhejiang-firms", True, True, {"errors__glitch_month": 5}),
        ("tax-abcmd", True, True, {}),
        (
            "copied-firms",
            True,
            True,
            {"rights__appeal_wrong": 0.9, "rights__appeal_right": 0.4, "rights__won_right": 0.5},
        ),
    ],
)
def test_firms_equal_plain_python(name: str, responses: bool, errors: bool, settings: dict[str, float]) -> None:
    regime: Regime
    if name in {"firm", "representative"}:
        regime = worlds.firms_regime(worlds.FIRMS.replace("follows: firm", f"follows: {name}"))
    else:
        regime = copied_firms() if name == "copied-firms" else load_regime(name)
    seed, replay = 7, 1
    plans = compile_plans(
        regime.stacked(),
        worlds.busy(**settings),
        seed=seed,
        responses=responses,
        errors=errors,
        living=("residents", "firms"),
    )
    plan = plans.residents
    place = settle_in(plans, worlds.city(1200), 0, seed=seed, replay=replay)
    town = town_of(plan, place, seed, replay)
    town.firms = firms = _firms(place, town, seed, replay)
    totals = empty_totals(MONTHS)
    figures = np.array(FIGURES, np.int64)
    for month in range(MONTHS):
        live_until(plan, place, totals, draws.purpose_keys(seed, replay), figures, month + 1)
        town.counts, firms.counts, firms.tally = {}, {}, {}
        town.live(FIGURES)
        for own in ("cash", "owed", "unpaid", "bills", "taxes", "closed_in", "name", "loan", "past", "escaped"):
            engine = place.firms.own[own].astype(np.int64)
            plain = np.array([getattr(firm, own) for firm in firms.people])
            assert (engine == plain).all(), (month, own, np.flatnonzero(engine != plain)[:5])
        for field in ("doors", "arrears", "judged", "hours", "yuan"):
            engine = place.firms.files.residents[field].astype(np.int64)
            plain = np.array([getattr(firm, field) for firm in firms.people])
            assert (engine == plain).all(), (month, field, np.flatnonzero(engine != plain)[:5])
        for counter, at in layout.FIRM_COUNTER.items():
            assert totals["firm_tally"][month, at] == firms.tally.get(counter, 0), (month, counter)
        for counter in layout.FIRM_SHARED:
            at = layout.COUNTER[counter]
            assert totals["firm_counts"][month, at] == firms.counts.get(counter, 0), (month, counter)
        for counter, at in layout.COUNTER.items():
            assert totals["counts"][month, at] == town.counts.get(counter, 0), (month, counter)
        for field in ("savings", "loan", "arrears", "work", "doors"):
            engine = place.residents[field].astype(np.int64)
            plain = np.array([getattr(who, field) for who in town.people])
            assert (engine == plain).all(), (month, field, np.flatnonzero(engine != plain)[:5])
    columns = firm_columns(place.firms)
    for column in columns:
        if column in layout.OUTCOME_TYPES:
            start = NEVER if column in {"first_record", "first_listed"} else 0
            plain = np.array([firm.out.get(column, start) for firm in firms.people])
        elif column in {"penalties", "inspections", "wage_months", "head_months", "closed_months", "failed"}:
            plain = np.array([getattr(firm, column) for firm in firms.people])
        else:
            continue
        assert (columns[column].astype(np.int64) == plain).all(), column
    if plans.firms.schemes:
        assert (columns["score"] == [firm.score[0] for firm in firms.people]).all()
    if name == "copied-firms":
        assert totals["firm_counts"][:, layout.COUNTER["stale_copies"]].sum() > 1
        lists = [name for book in regime.stacked() for name in book.lists]
        struck = totals["firm_stays"][:, :, layout.EXIT_CORRECTED].sum(axis=1)
        assert struck[lists.index("told-tax")] > 0 == struck[lists.index("told-quality")]
    if name == "firm" and responses:
        seen = (
            "closed",
            "reopened",
            "escaped",
            "unpaid_workers",
            "heads_restricted",
            "restricted_by_head",
            "inspections",
        )
        for counter in seen:
            assert totals["firm_tally"][:, layout.FIRM_COUNTER[counter]].sum() > 0, counter
