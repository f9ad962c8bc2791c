"""Files of firms and public bodies, and what crosses between theirs and that of who represents or leads them."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from counterscore.engine import layout
from counterscore.errors import UsageError
from counterscore.lifefile import Life, Who, by_hand, explain, life, page, parse_point, parse_who
from counterscore.lifefile.links import crosses
from counterscore.reliving import Event, History, Stage
from counterscore.results import Run


class Once:
    """A stage whose one subdistrict is lived once for many files."""

    def __init__(self, run: Run) -> None:
        self.stage = Stage(run)
        self.run, self.city = run, self.stage.city
        self.history: History = self.stage.relive(0)

    def relive(self, *_: object, **__: object) -> History:
        return self.history

    def life(self, who: Who) -> Life:
        return life(self.run, by_hand(who), others=(), stage=self)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def firms(firm_run: Run) -> Once:
    return Once(firm_run)


@pytest.fixture(scope="module")
def bodies(body_run: Run) -> Once:
    return Once(body_run)


def _files(once: Once, subject: str) -> list[Life]:
    return [once.life(Who(subject, n)) for n in range(once.run.sizes_of(subject)[0])]  # type: ignore[arg-type]


def test_the_changes_of_a_firm_add_up_to_its_scores_across_its_names(firms: Once) -> None:
    sums, anew = [], 0
    for made in _files(firms, "firms"):
        lived = made.worlds[0]
        mine = list(lived.sums())
        assert all(one.ok for one in mine), (made.id, [one for one in mine if not one.ok])
        sums += mine
        opened = [e for e in lived.events if e.what == "firm" and e.raw[3] == layout.FIRM_REOPENED]
        anew += bool(opened and any(one.month > opened[0].month for one in mine))
        if not opened and mine:
            assert lived.outcomes()["score"] == mine[-1].published * layout.SCALE
    assert len(sums) > 300
    assert anew > 5, "firms that opened again and were scored after it"


def test_the_files_of_firms_and_bodies_agree_with_the_tables_of_the_run(firms: Once, bodies: Once) -> None:
    for once, subject in ((firms, "firms"), (bodies, "bodies")):
        for made in _files(once, subject):
            lived, events = made.worlds[0], made.worlds[0].events
            kept = lived.outcomes()
            assert kept["attempts"] == sum(e.what == "attempt" for e in events) or subject == "firms"
            assert kept["refused"] == sum(e.what == "attempt" and e.raw[4] == 1 for e in events)
            assert (kept["lists"] != 0) == any(s.open for s in lived.stays())
            if subject == "bodies":
                signed = sum(e.what == "body" and e.raw[3] == layout.SIGNED for e in events)
                assert kept["contracts"] + kept["promises"] == signed > 0
            assert made.listed_in[lived.world][0] == bool(kept["months_listed"])


def test_a_restriction_through_the_firm_is_in_both_files_and_explained_by_its_list(firms: Once) -> None:
    crossed = 0
    for made in _files(firms, "firms"):
        lived = made.worlds[0]
        for event in lived.events:
            if event.what != "doors" or "of the legal representative" not in event.detail:
                continue
            head = firms.life(Who("residents", firms.history.head_of(made.whose.number, "firms")))
            assert made.id in head.who["represents"]
            if event.month >= head.worlds[0].until:
                continue  # who follows at the same place represents the firm from then on
            links = {(link.whose, link.event.number): link for link in head.worlds[0].links}
            link = links[made.whose, event.number]
            assert link.reach == "reaches here"
            mine = [
                e for e in head.worlds[0].events if e.month == event.month and "through a firm represented" in e.detail
            ]
            if not mine:
                continue  # another firm of the same person, or an earlier name, holds the same already
            told = explain(head, mine[0].number)
            assert any(made.id in line for line in told.why_here), told
            assert re.search(r"entered|left|no longer|narrowed|closed", " ".join(told.why_here))
            crossed += 1
    assert crossed > 20


def test_the_standing_of_the_representative_reaches_the_firm(firms: Once) -> None:
    seen = 0
    for made in _files(firms, "firms"):
        for event in made.worlds[0].events:
            if (
                event.what == "doors"
                and "through the legal representative" in event.detail
                and "no longer" not in event.detail
            ):
                told = explain(made, event.number)
                assert any(
                    line.split("  ")[1].startswith(made.who["head"]) for line in told.why_here if "  " in line
                ), told
                links = [link for link in made.worlds[0].links if link.reach == "reaches here"]
                assert any(link.event.month in (event.month, event.month - 1) for link in links)
                seen += 1
    assert seen > 3


def test_a_firm_that_opens_again_leaves_its_lists_with_the_earlier_name(firms: Once) -> None:
    notes = [span.note for made in _files(firms, "firms") for span in made.worlds[0].stays()]
    assert any("left with the earlier name" in note for note in notes)


def _led_under_doors(bodies: Once, made: Life, changes: list[Event]) -> bool:
    """Whether a door closed while the last leader of the body was in office."""
    head = bodies.history.head_of(made.whose.number, "bodies")
    since = [
        first
        for _, body, first, last in bodies.history.terms(head)
        if body == made.whose.number and last == layout.NEVER
    ]
    return any("no longer" not in event.detail and event.month >= since[0] for event in changes)


def test_who_leads_a_listed_body_shows_the_doors_that_it_closes(bodies: Once) -> None:
    found = 0
    for made in _files(bodies, "bodies"):
        changes = [e for e in made.worlds[0].events if e.what == "doors" and "of the leading official" in e.detail]
        if not changes:
            continue
        head = bodies.life(Who("residents", bodies.history.head_of(made.whose.number, "bodies")))
        assert made.id in head.who["represents"]
        lived = head.worlds[0]
        spans = [span for span in lived.doors() if "through the body led" in span.label]
        assert spans or not _led_under_doors(bodies, made, changes)
        terms = [term for term in bodies.history.terms(head.whose.number) if term[0] == "bodies"]
        for span in spans:  # only while this official leads
            assert any(since <= span.start < span.end <= min(until, lived.months) for _, _, since, until in terms)
        assert any(e.what == "body" and "contract" in e.detail for e in made.worlds[0].events)
        refused = [e for e in lived.events if e.what == "attempt" and e.raw[4] == 1]
        for event in refused:
            told = explain(head, event.number)
            assert not any("next of kin" in line for line in told.why_here), told
        found += 1
    assert found > 0


def test_a_refusal_is_explained_by_the_door_that_was_in_force(firms: Once) -> None:
    """Own doors and those of a firm change in events of their own; one does not hide the other."""
    heads = {firms.history.head_of(n, "firms") for n in range(firms.run.sizes_of("firms")[0])}
    through_firm = 0
    for head in sorted(heads):
        made = firms.life(Who("residents", head))
        kin = {e.raw[3] for e in firms.history.of(firms.history._many("residents") - 1 - head) if e.what == "doors"}
        for event in made.worlds[0].events:
            if event.what == "attempt" and event.raw[4] == 1:
                told = explain(made, event.number)
                if not kin:
                    assert any(" because of " in line for line in told.why_here), told
                through_firm += any("head-" in line for line in told.why_here)
    assert through_firm > 0


def test_without_firms_nobody_is_linked(busy_run: Run) -> None:
    made = life(busy_run, by_hand(3))
    assert all(not one.links for one in made.worlds)
    assert "represents" not in made.who
    with pytest.raises(UsageError, match="none lives in this run, for no rule book of it is about firms"):
        parse_who(busy_run, "F-00000")


def test_ids_and_points_of_firms(firm_run: Run, large_run: Run) -> None:
    assert parse_point(firm_run, "F-00007:1:0012") == (("firms", 7), 1, 12)
    with pytest.raises(UsageError, match="Ids have 5 digits: F-00007"):
        parse_who(firm_run, "F-7")
    last = firm_run.sizes_of("firms")[0]
    with pytest.raises(UsageError, match=f"F-00000 to F-{last - 1:05d}"):
        parse_who(firm_run, f"F-{last:05d}")
    sizes = large_run.sizes_of("firms")
    assert sum(sizes) == large_run.firms(["firm"]).num_rows
    table = large_run.table("firm_outcomes", large_run.worlds[0], 0)
    numbers = large_run.firms(["firm"])["firm"].to_numpy()
    for row in (0, len(numbers) // 2, len(numbers) - 1):
        kept = large_run.organisation("firms", int(numbers[row]), large_run.worlds[0], 0)
        assert kept == {name: table[name][row].as_py() for name in table.column_names}
    assert np.isin(large_run.sizes_of("bodies"), range(1, 100)).all()


def test_the_page_and_the_json_of_a_firm(firm_run: Run) -> None:
    made = life(firm_run, by_hand(Who("firms", 10)))
    text = page(made, command="counterscore life")
    assert "Firm F-00010 (synthetic)" in text
    assert "no real organisation is described" in text
    assert "<script" not in text
    data = json.loads(json.dumps(made.as_json()))
    assert data["firm"] == "F-00010"
    assert data["who"]["head"].startswith("R-")
    assert data["worlds"][0]["links"][0]["of"] == data["who"]["head"]
    assert set(data["worlds"][0]["outcomes"]["owed"]) == {"value", "unit", "meaning"}


def test_every_kind_of_event_is_told_in_words(firms: Once, bodies: Once) -> None:
    events: list[Event] = [
        event
        for once, subject in ((firms, "firms"), (bodies, "bodies"))
        for made in _files(once, subject)
        for event in made.worlds[0].events
    ]
    assert {"firm", "body", "enter", "leave", "attempt"} <= {event.what for event in events}
    assert not [event for event in events if re.fullmatch(rf"{event.what}( -?\d+){{4}}", event.detail)]


def test_who_follows_at_a_place_has_the_links_from_then_on(firms: Once) -> None:
    found = 0
    for number in range(firms.run.sizes_of("firms")[0]):
        head = firms.history.head_of(number, "firms")
        first = firms.life(Who("residents", head)).worlds[0]
        if first.until < first.months:
            after = firms.life(Who("residents", head + (1 << 32))).worlds[0]
            assert all(link.event.month < first.until for link in first.links)
            assert all(link.event.month >= after.since for link in after.links)
            found += bool(after.links)
    assert found > 0


def test_a_door_before_firms_does_not_touch_the_body_that_its_holder_leads() -> None:
    holder = Who("residents", 1)
    assert crosses("firm", "firms", holder)
    assert not crosses("firm", "bodies", holder)
    assert not crosses("kin", "firms", holder)
    assert crosses("official", "residents", Who("bodies", 1))
    assert not crosses("firm head", "residents", Who("bodies", 1))


def test_what_ends_was_made_before(large_run: Run) -> None:
    """Also where a record is forgotten because its subject takes no part any more."""
    history = Stage(large_run).relive(0)
    ends = history.events[history.events[:, 2] == layout.EVENT_END]
    assert (ends[:, 5] == 1).any()
    assert (ends[:, 7] <= ends[:, 0]).all()
    assert (ends[:, 7] >= 0).all()
