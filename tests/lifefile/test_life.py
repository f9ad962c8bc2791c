"""Life files and explanations: complete, adding up, and honest about how a resident was picked."""

from __future__ import annotations

import json
import random
import re

import numpy as np
import pytest

from counterscore.engine import layout
from counterscore.errors import UsageError
from counterscore.lifefile import by_hand, explain, life, page, parse_point, parse_resident, pick, resident_id
from counterscore.measures import Life as View
from counterscore.reliving import Stage
from counterscore.results import Run
from tests import worlds

SEEN = (
    "record",
    "overdue",
    "end",
    "score",
    "enter",
    "late",
    "leave",
    "doors",
    "notice",
    "appeal",
    "decision",
    "repair",
)


def _busiest(run: Run, count: int) -> list[int]:
    """Residents with the most records in the first subdistrict."""
    records = run.table("outcomes", run.worlds[0], 0, ["records"])["records"].to_numpy()
    return [int(k) for k in np.argsort(-records[: run.subdistrict_sizes()[0]].astype(int), kind="stable")[:count]]


@pytest.mark.parametrize("which", ["busy_run", "large_run"])
def test_changes_add_up_to_every_score(which: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(which)
    stage = Stage(run)
    history = stage.relive(0)
    scored = 0
    for number in _busiest(run, 120):
        made = life(run, by_hand(number), others=(), stage=_Once(stage, history))  # type: ignore[arg-type]
        sums = list(made.worlds[0].sums())
        assert all(one.ok for one in sums), (number, [one for one in sums if not one.ok])
        scored += len(sums)
        if sums:
            last = made.worlds[0].outcomes()["score"] / layout.SCALE
            mine = [one.published for one in sums if one.scheme == 0]
            assert not mine or mine[-1] == last
    assert scored > 300


class _Once:
    """A stage whose one subdistrict is lived once for many residents."""

    def __init__(self, stage: Stage, history: object) -> None:
        self._stage, self._history = stage, history
        self.run, self.city = stage.run, stage.city

    def relive(self, *_: object, **__: object) -> object:
        return self._history


def test_200_points_are_explained_or_say_what_is_missing(busy_run: Run) -> None:
    stage = Stage(busy_run)
    once = _Once(stage, stage.relive(0))
    lives = [life(busy_run, by_hand(n), others=(), stage=once) for n in _busiest(busy_run, 60)]  # type: ignore[arg-type]
    points = [(one, event) for one in lives for event in one.worlds[0].events if event.what in SEEN]
    chosen = random.Random(3).sample(points, 200)
    kinds = {event.what for _, event in points}
    assert {"record", "end", "score", "enter", "leave", "doors", "notice", "appeal", "decision"} <= kinds
    for one, event in chosen:
        told = explain(one, event.number)
        assert told.rule, told
        assert told.value, told
        assert told.source or "source" in told.missing, told
        assert re.search(r"test\.yaml:\d+:\d+", told.at), told
        if event.what in {"record", "end", "overdue", "enter", "leave"}:
            assert told.truth, told
        if event.what == "record":
            assert told.why_here, told
            assert len(told.could_have_ended) == 3
        assert told.trace.startswith("complete"), told
        line = int(told.at.split(":")[1])
        text = next(iter(busy_run.record["worlds"][0]["parts"][0]["files"].values())).splitlines()[line - 1]
        assert ("start:" if event.what == "score" else told.rule.split(",")[0]) in text, (told, text)


def test_what_is_missing_is_named(busy_run: Run) -> None:
    """A door without a source is allowed, with a warning; what it did says so."""
    stage = Stage(busy_run)
    history = stage.relive(0)
    text = next(iter(busy_run.record["worlds"][0]["parts"][0]["files"].values()))
    bare = re.sub(r"(id: no-loan.*?), source: a, mark: assumed", r"\1", text)
    assert bare != text
    stage.__dict__["spec"] = stage.spec.under(busy_run.worlds[0], worlds.regime_of(bare))
    once = _Once(stage, history)
    found = []
    for number in _busiest(busy_run, 60):
        made = life(busy_run, by_hand(number), others=(), stage=once)  # type: ignore[arg-type]
        found += [explain(made, e.number) for e in made.worlds[0].events if e.what == "doors" and "no-loan" in e.rule]
    assert found
    assert all(told.missing == ("source",) and told.trace == "missing: source" for told in found)


def test_someone_elses_record_names_whose_it_was(busy_run: Run) -> None:
    stage = Stage(busy_run)
    history = stage.relive(0)
    rows = history.events
    found = rows[(rows[:, 2] == layout.EVENT_RECORD) & (rows[:, 4] == layout.SOMEONE_ELSES)]
    assert len(found)
    for row in found[:10]:
        event = next(e for e in history.of(int(row[1])) if e.raw == tuple(int(v) for v in row))
        assert event.other is not None
        owner = list(history.of(event.other))
        sent = [e for e in owner if e.what == "act" and e.raw[6] == layout.IN_ANOTHERS_NAME and e.month == row[0] - 1]
        assert sent, "the owner did it the month before, and it was recorded in another's name"


def test_how_a_resident_was_picked_stands_on_the_file(busy_run: Run) -> None:
    picked = pick(busy_run, "median", "listed")
    view = View(busy_run, busy_run.worlds[0], 0)
    months = np.sort(view.outcome("months_listed")[view.outcome("first_listed") != layout.NEVER])
    made = life(busy_run, picked)
    assert made.worlds[0].outcomes()["months_listed"] == months[int(0.5 * len(months))]
    assert f"the middle of {len(months)} adults who are ever listed" in picked.how
    assert picked.how in page(made)
    hand = page(life(busy_run, by_hand(picked.whose)))
    assert "hand-picked" in hand
    assert made.as_json()["hand_picked"] is False


@pytest.mark.parametrize(
    "group", ["everybody", "never-listed", "recorded", "refused", "sex=male", "registration=non-local"]
)
def test_groups(busy_run: Run, group: str) -> None:
    low, middle, high = (pick(busy_run, place, group) for place in ("p10", "median", "p90"))
    assert len({one.how for one in (low, middle, high)}) == 3


def test_mistakes_are_told_with_the_right_form(busy_run: Run) -> None:
    assert parse_resident(busy_run, "R-00042") == 42
    assert parse_point(busy_run, "R-00042:1:0007") == (("residents", 42), 1, 7)
    for wrong in ("R-42", "42", "r-42", "R-000042"):
        with pytest.raises(UsageError, match="Ids have five digits: R-00042"):
            parse_resident(busy_run, wrong)
    with pytest.raises(UsageError, match="R-00000 to R-00699"):
        parse_resident(busy_run, "R-00700")
    with pytest.raises(UsageError, match="resident:replicate:number"):
        parse_point(busy_run, "R-00042")
    with pytest.raises(UsageError, match="Did you mean wrongly-listed"):
        pick(busy_run, "median", "wrongly-lsted")
    with pytest.raises(UsageError, match="Did you mean registration=non-local"):
        pick(busy_run, "median", "registration=nonlocal")
    with pytest.raises(UsageError, match="has no event 9999"):
        explain(life(busy_run, by_hand(42), others=()), 9999)


def test_ids_have_enough_digits(large_run: Run) -> None:
    last = large_run.subdistrict_sizes()[-1] - 1 + 65_536 * (len(large_run.subdistrict_sizes()) - 1)
    text = resident_id(large_run, last)
    assert parse_resident(large_run, text) == last
    with pytest.raises(UsageError, match="not found"):
        parse_resident(large_run, resident_id(large_run, last + 1))


def _identities(run: Run) -> np.ndarray:
    people = run.residents(["resident", "generation"])
    return people["resident"].to_numpy() + (people["generation"].to_numpy().astype(np.uint64) << np.uint64(32))


def test_one_row_is_read_from_the_right_place(large_run: Run) -> None:
    who = _identities(large_run)
    table = large_run.table("outcomes", large_run.worlds[0], 0)
    later = np.flatnonzero(who >> np.uint64(32))
    assert len(later)
    for at in (0, 1, 5000, len(who) - 1, *later[:3]):
        row = large_run.row(large_run.worlds[0], 0, int(who[at]))
        assert row == {name: table[name][int(at)].as_py() for name in table.column_names}


def test_who_follows_at_a_place_has_a_life_of_its_own(large_run: Run) -> None:
    who = _identities(large_run)
    identity = int(who[np.flatnonzero(who >> np.uint64(32))[0]])
    text = resident_id(large_run, identity)
    assert text.endswith(".1")
    assert parse_resident(large_run, text) == identity
    before, after = (life(large_run, by_hand(one), others=()) for one in (identity % (1 << 32), identity))
    assert before.worlds[0].events[-1].what == "died"
    assert before.worlds[0].until == after.worlds[0].since
    born = int(large_run.person(identity)["age"]) == 0
    assert after.worlds[0].events[0].what == ("born" if born else "moved in")
    assert ("mother" in after.who) == born
    if born:
        mother = life(large_run, by_hand(parse_resident(large_run, after.who["mother"])), others=())
        assert mother.who["family name"] == after.who["family name"]
    assert after.worlds[0].events[0].number == before.worlds[0].events[-1].number + 1
    assert after.worlds[0].scores()[0][1][0][0] == after.worlds[0].since
    told = explain(after, after.worlds[0].events[0].number)
    assert told.point.startswith(text)
    with pytest.raises(UsageError, match="so far down the line"):
        parse_resident(large_run, text.replace(".1", ".9"))


def test_page_needs_no_network_and_no_script(busy_run: Run) -> None:
    made = life(busy_run, pick(busy_run, "p90", "listed"))
    text = page(made, command="counterscore life <x>")
    assert "<script" not in text
    assert not re.search(r'(src|href)="', text)
    assert "url(" not in text
    assert len(text) < 500_000
    assert "counterscore life &lt;x&gt;" in text
    assert text.index("Read with care") < text.index("What happened")
    inks = set(re.findall(r"#[0-9a-f]{3,6}", text[text.index("<main>") :]))
    assert not inks, "marks take the one ink of the page"
    data = json.loads(json.dumps(made.as_json()))
    check = data["worlds"][0]["score_check"]
    assert check["add_up"] == check["scores"] > 0
    assert data["worlds"][1]["is_baseline"]
    for key in ("wrong_factual", "wrong_rule", "wrong_spread"):
        assert key in data["worlds"][0]["outcomes"]
    assert text.count("from none") == 1
