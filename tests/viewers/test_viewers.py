"""What each viewer sees agrees with the life file, names its rule, and leaves the truth out until it is asked for."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_regime
from counterscore.engine import layout
from counterscore.errors import UsageError
from counterscore.lifefile import Who, by_hand, life, who_id
from counterscore.results import Run
from counterscore.simulation import simulate
from counterscore.viewers import all_viewers, applicable, seen, somebody
from counterscore.viewers._seen import SYNTHETIC
from tests import worlds

MONTHS = 20


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Everything at once: points and lists, a private score, a matchmaker, firms and bodies."""
    return simulate(
        load_regime("beijing-points"), worlds.city(600, seed=4), months=MONTHS, replays=1, seed=4,
        assumptions=worlds.busy(), out=tmp_path_factory.mktemp("runs") / "eyes",
    )  # fmt: skip


def living(run: Run, count: int) -> list[int]:
    """Residents who live in the city in all months."""
    people = run.residents(["resident", "since", "until"])
    number, since, until = (people[name].to_numpy() for name in ("resident", "since", "until"))
    return [int(one) for one in number[(since == 0) & (until >= MONTHS) & (number < 1 << 32)][:count]]


def test_every_viewer_sees_something_says_synthetic_and_names_what_it_cannot_see(run: Run) -> None:
    found = applicable(run)
    assert len(found) >= 9
    for one in found:
        made = seen(run, somebody(run, one), one, MONTHS - 1)
        assert made.sentence == SYNTHETIC
        assert made.as_json()["synthetic"] is True
        assert made.shown
        assert any("really happened" in section.heading for section in made.hidden), one.id
        for section in (*made.shown, *made.beside, *made.hidden):
            for item in section.items:
                assert not item.rule or item.at, (one.id, item)


def test_the_five_dimensions_give_the_published_score(run: Run) -> None:
    checked = 0
    for number in living(run, 40):
        made = seen(run, by_hand(number), "own-page", MONTHS - 1)
        parts = {section.heading: section for section in made.shown}
        if "Its dimensions" not in parts:
            continue
        values = [item.value.split() for item in parts["Its dimensions"].items]
        assert len(values) == 5
        weighted = sum(float(one[0]) * float(one[4]) for one in values) / sum(float(one[4]) for one in values)
        score = float(parts["Sesame (Zhima) Credit"].items[0].value)
        assert abs(350 + 6 * weighted - score) < 8, number  # dimensions are printed whole, and move between updates
        checked += 1
    assert checked >= 5


def test_a_ticket_counter_sees_the_doors_in_force_and_no_score(run: Run) -> None:
    outcomes = run.table("outcomes", run.worlds[0], 0)
    refused = run.residents(["resident"])["resident"].to_numpy()[outcomes["months_listed"].to_numpy() > 0][:6]
    for number in refused:
        whose = by_hand(int(number))
        lived = life(run, whose, others=()).worlds[0]
        for month in (5, MONTHS - 1):
            made = seen(run, whose, "ticket-counter", month)
            doors = {
                span.rule
                for span in lived.doors()
                if span.start <= month and (span.end > month or span.open)
                if any(
                    door.id == span.rule
                    and door.service in {"flight", "high-speed-rail", "ordinary-rail", "star-hotel"}
                    for _, _, door in lived.teller.doors
                )
            }
            assert {item.rule for item in made.shown[0].items if item.rule} == doors
            assert not any("score" in item.label for section in made.shown for item in section.items)


def test_records_that_count_add_up_to_the_score_of_points(run: Run) -> None:
    from counterscore.viewers._file import opened

    for number in living(run, 12):
        file = opened(run, by_hand(number), MONTHS - 1, world=None, replay=0)
        ends = sum(one.what == "end" for one in file.events)
        assert len(file.records()) == sum(one.what == "record" for one in file.events) - ends


def test_both_pages_of_singles_hold_singles_near_enough_and_prominence_moves_them(run: Run) -> None:
    made = seen(run, somebody(run, "matchmaker"), "matchmaker", 3)
    with_, without = made.beside
    assert with_.ordered
    assert without.ordered
    assert {one.label for one in with_.items} <= {who_id(run, Who("residents", n)) for n in range(600)}
    again = seen(run, somebody(run, "matchmaker"), "matchmaker", 3)
    assert again.beside == made.beside


def test_a_month_or_viewer_that_is_not_there_is_told_in_words(run: Run) -> None:
    for viewer, month in (
        ("no-such", 0),
        ("own-page", MONTHS),
        ("own-page", "2031-01"),
        ("own-page", "soon"),
        ("department", 0),
    ):
        with pytest.raises(UsageError):
            seen(run, by_hand(0), viewer, month)


def test_viewers_have_names_of_their_own() -> None:
    ids = [one.id for one in all_viewers()]
    assert len(set(ids)) == len(ids) == 12
    assert layout.SCALE == 60
