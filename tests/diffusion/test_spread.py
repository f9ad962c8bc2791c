"""A rule book spreads by what is reported: rules of looking in closed form, and lives that are those of runs of their own."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterscore.catalog import adopted_from, load_assumptions, load_regime
from counterscore.claims import check_claim, load_claim, read_claim
from counterscore.diffusion import (
    NATION_MEASURES,
    Nation,
    Spread,
    document,
    find_figure,
    of_city,
    places_of,
    share_by_year,
    spread_over,
)
from counterscore.diffusion.nation import Life, _spread_once, month_of
from counterscore.errors import InputError, UsageError
from counterscore.results import as_numpy
from counterscore.simulation import simulate

YEARS = 5
MANY = {"bodies.residents": 60, "bodies.contracts": 3, "bodies.year_spread": 0, "bodies.district_spread": 0}


@cache
def nation(
    cities: tuple[str, ...] = ("demo", "county:2"),
    *,
    regime: str = "government-integrity",
    figure: str = "kept",
    residents: int = 400,
    years: int = YEARS,
    replays: int = 2,
    **given: float,
) -> Nation:
    chosen = load_assumptions()
    for path, value in (MANY | {name.replace("__", "."): value for name, value in given.items()}).items():
        chosen = chosen.with_set(f"{path}={value}")
    places = places_of(cities, residents, 3)
    return Nation(load_regime(regime), load_regime("none"), places, find_figure(figure), years, chosen, replays, 3)


class Written:
    """Lives that are written down: the figure of each year with and without the rule book, and what massaging adds."""

    def __init__(self, without: float, gains: dict[int, float], massaged: dict[int, float]) -> None:
        self.without, self.gains, self.massaged = without, gains, massaged

    def of(self, place: int, adopts: int | None, replay: int) -> Life:
        true = np.full(YEARS, float(self.without))
        more = np.zeros(YEARS)
        if adopts is not None:
            true[adopts:] += self.gains.get(place, 0.0)
            more[adopts:] = self.massaged.get(place, 0.0)
        return Life(true, true + more)


def adopted(lives: Any, *, honest: bool = False, replay: int = 0, **given: float) -> dict[int, tuple[int, str]]:
    history = _spread_once(nation(**{"spread__look": 1, **given}), lives, replay, honest=honest)
    return {one.place: (one.year, one.why) for one in history.adoptions}


def test_a_reported_gain_above_the_threshold_is_copied_a_year_later() -> None:
    enough = Written(50, {0: 3.0}, {})  # 6 % of 50
    assert adopted(enough, spread__follow=0, spread__threshold=0.05) == {
        0: (1, "first"),
        1: (2, "figures"),
        2: (2, "figures"),
    }
    assert adopted(enough, spread__follow=0, spread__threshold=0.07) == {0: (1, "first")}


def test_massaged_figures_are_copied_as_well_as_true_ones() -> None:
    massaged = Written(50, {}, {0: 10.0})
    assert len(adopted(massaged, spread__follow=0)) == 3
    assert len(adopted(massaged, spread__follow=0, honest=True)) == 1


def test_who_goes_by_the_middle_report_is_not_carried_away_by_the_best() -> None:
    """City 1 adopts on the first city's gain and then reports a loss: the middle of two is the lower one."""
    mixed = Written(50, {0: 5.0, 1: -20.0}, {})
    for replay in range(30):
        seen = adopted(mixed, replay=replay, spread__follow=0, spread__look=0.4, spread__best=0)
        years = [seen[place][0] for place in (1, 2) if place in seen]
        assert len(years) < 2 or years[0] == years[1] or seen[2][0] < seen[1][0], seen


def test_nobody_looks_and_nobody_adopts() -> None:
    assert adopted(Written(50, {0: 40.0}, {}), spread__look=0, spread__follow=1) == {0: (1, "first")}


def test_some_follow_whatever_is_reported() -> None:
    """With one of two others' share that follows, all have it in the end though it makes everything worse."""
    worse = Written(50, {0: -40.0, 1: -40.0, 2: -40.0}, {})
    found = [adopted(worse, replay=replay, spread__follow=1) for replay in range(20)]
    assert all(why == "others" for one in found for place, (_, why) in one.items() if place)
    assert sum(len(one) - 1 for one in found) > 20


def test_less_is_better_where_the_figure_counts_harm() -> None:
    one = nation(regime="court-defaulters", figure="victims", spread__look=1, spread__follow=0)
    fewer, more = (_spread_once(one, Written(50, {0: gain}, {}), 0, honest=False) for gain in (-10.0, 10.0))
    assert (len(fewer.adoptions), len(more.adoptions)) == (3, 1)


def test_the_luck_of_looking_does_not_hang_on_what_is_reported() -> None:
    """A gain that is larger everywhere is copied no later by anybody."""
    for replay in range(20):
        given = {"spread__look": 0.5, "spread__follow": 0, "replay": replay}
        small, large = (adopted(Written(50, {0: gain, 1: gain, 2: gain}, {}), **given) for gain in (3.0, 30.0))  # type: ignore[arg-type]
        assert small == large


@pytest.fixture(scope="module")
def lived() -> Spread:
    return spread_over(
        nation(spread__look=1, spread__follow=1, spread__threshold=0.01, bodies__gaming=2, bodies__massage=0.9)
    )


def test_lives_are_those_of_a_run_of_their_own(lived: Spread, tmp_path: Path) -> None:
    one = lived.nation
    place, year = 1, lived.histories[1].year_of(1)
    assert year is not None
    run = simulate(
        adopted_from(one.regime, month_of(year), base=one.base),
        one.places[place].city,
        base=one.base,
        months=12 * one.years,
        replays=2,
        seed=one.places[place].seed,
        assumptions=one.assumptions,
        out=tmp_path / "run",
    )
    for world, adopts in zip(run.worlds, (year, None), strict=True):
        table = run.table("body_counts", world, 1)
        of = {name: as_numpy(table[name]).reshape(-1, 12).sum(axis=1) for name in table.column_names}
        due = of["contracts_due"] + of["promises_due"]
        true = 100 * (of["contracts_kept"] + of["promises_kept"]) / due
        life = lived.life(place, adopts, 1)
        assert life.true == pytest.approx(true, nan_ok=True)
        assert life.reported == pytest.approx(true + 100 * of["claimed"] / due, nan_ok=True)


def test_until_it_adopts_a_city_lives_as_its_twin(lived: Spread) -> None:
    for replay, history in enumerate(lived.histories):
        for one in history.adoptions:
            with_, without = (lived.life(one.place, adopts, replay) for adopts in (one.year, None))
            assert (with_.true[: one.year] == without.true[: one.year]).all()
            assert (without.true == without.reported).all()  # nobody massages where nobody is rated


def test_officials_who_are_rated_report_more_than_is_so(lived: Spread) -> None:
    reported, true, _ = np.array([lived.gains(0, 1, replay) for replay in range(2)]).mean(axis=0)
    assert reported > true


def test_threads_change_nothing(lived: Spread) -> None:
    again = spread_over(lived.nation, threads=3)
    assert again.histories == lived.histories
    assert again.honest == lived.honest


def test_who_adopts_in_the_last_year_is_told_of_too() -> None:
    found = spread_over(nation(years=4, replays=8, spread__look=0.4, spread__follow=1, spread__threshold=0.01))
    assert any(one.year == 3 for history in found.histories for one in history.adoptions)
    told = document(found)
    assert len(told["replicates"]) == 8


def test_what_is_told_adds_up(lived: Spread) -> None:
    n = len(lived.nation.places)
    last = share_by_year(lived)[-1]
    others = [of_city(lived, at) for at in range(1, n)]
    assert last.mean == pytest.approx(100 * np.mean([one.adopted / one.replays for one in others]))
    assert share_by_year(lived)[1].mean == 0
    told = NATION_MEASURES["cities_adopting"].results(lived)
    assert np.mean([one for one in told if one is not None]) == pytest.approx(last.mean)
    for one in others:
        assert one.over_figures <= one.adopted <= one.replays


def test_true_reports_and_reported_ones_are_one_without_massaging() -> None:
    found = spread_over(nation(bodies__gaming=0, spread__look=1))
    assert found.histories == found.honest
    assert set(NATION_MEASURES["adopting_on_massaged_figures"].results(found)) == {0.0}


def test_gains_elsewhere_are_the_rule_books_doing() -> None:
    """Officials who answer with effort gain something where they are copied; where nobody looks nobody gains."""
    given = {"spread__follow": 1, "bodies__effort": 1, "bodies__gaming": 0, "bodies__stress": 0.4}
    gained = NATION_MEASURES["gained_elsewhere"]
    copied = gained.results(spread_over(nation(spread__look=1, spread__threshold=0.01, years=8, replays=4, **given)))
    alone = gained.results(spread_over(nation(spread__look=0, replays=2, **given)))
    assert np.mean([one for one in copied if one is not None]) > 0
    assert alone == [0.0, 0.0]


def test_the_articles_claim_can_hold_and_can_fail() -> None:
    claim = load_claim("model-for-the-nation")
    assert claim.testable
    assert claim.nation is not None
    small = claim.model_copy(
        update={
            "nation": claim.nation.model_copy(update={"cities": ("demo", "county")}),
            "setting": claim.setting.model_copy(update={"residents": 300, "months": 48}),
            "vary": ("spread.look",),
        }
    )
    found = check_claim(small, points=1, replays=2)
    assert found.as_they_are is not None
    assert all(one is not None and math.isfinite(one) for one in found.as_they_are.results)
    apart = [
        small.model_copy(update={"supported_if": small.supported_if.model_copy(update={"above": at})})
        for at in (-200.0, 200.0)
    ]  # type: ignore[union-attr]
    holds = [point.holds for one in apart for point in check_claim(one, points=1, replays=2).points]
    assert holds == [True, False]


def test_mistakes_are_told() -> None:
    with pytest.raises(UsageError, match="2 to 64 cities, found 1"):
        nation(("demo",))
    with pytest.raises(UsageError, match="no city is called"):
        nation(("demo", "atlantis"))
    with pytest.raises(UsageError, match="no city or number of cities"):
        nation(("demo", "county:0"))
    with pytest.raises(UsageError, match="nothing to report"):
        nation(regime="court-defaulters")
    with pytest.raises(UsageError, match="in force already"):
        nation(regime="none", figure="paid")
    with pytest.raises(UsageError, match="4 to 40 years"):
        nation(years=3)
    with pytest.raises(UsageError, match="no figure is called"):
        nation(figure="gdp")


def test_a_claim_about_cities_says_what_is_missing() -> None:
    broken = """
format: 1
kind: claim
id: trial
text: It spreads.
speaker: nobody
side: critics
source: {title: made up, kind: assumption}
written: "2026-11"
reading: cities that adopt
measure: recorded
world: {regime: government-integrity}
nation: {cities: [demo, atlantis]}
setting: {residents: 300, months: 50}
supported_if: {above: 0}
would_hold: they copy
would_not_hold: they do not
vary: ["spread.*"]
cannot_show: politics
"""
    with pytest.raises(InputError) as told:
        read_claim(broken, name="trial.yaml")
    said = str(told.value)
    for part in ("no measure is called", "against: what was in force before", "full years", "no city is called"):
        assert part in said


def test_the_middle_of_years_and_replicates_without_adoption() -> None:
    found = spread_over(nation(spread__look=0))
    one = of_city(found, 1)
    assert (one.adopted, one.years, one.reported.mean) == (0, None, None)
    assert one.real.n == 0
