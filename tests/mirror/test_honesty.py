"""What must not change a number, what must, and what must never come out: every row can fail."""

from __future__ import annotations

import json
import random
import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.mirror import Facts, parse, read, tables
from counterscore.mirror.bodies import looks_like_a_person
from counterscore.mirror.evaluate import ALL, Evaluation
from counterscore.mirror.measures import all_measures
from counterscore.mirror.page import write as write_page
from counterscore.mirror.whitelist import PATHS
from tests.mirror.published import (
    DATA,
    SOURCE,
    WORKS,
    cell,
    everything,
    facts_of,
    process,
    published,
    stamp,
    write,
)

REGISTER = "bodies: {W1: {name: Ministry of Works}}\n"
CANARY = "Zaphodia Quuxberg"


def _allowed(path: str) -> bool:
    return any(path == one or path.startswith(one + ".") for one in PATHS)


def _poison(node: Any, path: str, number: list[int]) -> Any:
    """The canary in every string that is on no path of the whitelist, and in new fields at every level."""
    if isinstance(node, dict):
        out = {key: _poison(value, f"{path}.{key}".lstrip("."), number) for key, value in node.items()}
        number[0] += 1
        name = f"{CANARY} {number[0]}"
        out |= {
            "title": name, "description": name, "contactPoint": {"name": name, "email": f"{name}@example.org"},
            "committee": [{"name": name}], "rationale": name, f"{name} key": name, "address": {"streetAddress": name},
            "documents": [{"id": name, "title": name}], "amendment": {"date": name, "changes": [{"former_value": name}]},
        }  # fmt: skip
        if "ocid" in out:
            out["parties"] = [
                {"id": name, "name": name, "persons": [{"name": name}], "beneficialOwners": [{"name": name}]}
            ]
            out["publisher"] = {"name": name}
            bid = {"status": "valid", "tenderers": [{"id": name, "name": name}], "documents": [{"title": name}]}
            out["bids"] = {"details": [{**bid, "id": f"{name} {k}"} for k in range(2)]}
        if "procurementMethod" in out:
            out["procuringEntity"] = {"id": name, "name": name}
            out["tenderers"] = [{"id": f"{name} {k}", "name": name, "contactPoint": {"name": name}} for k in range(2)]
            out["enquiries"] = [{"author": {"name": name}}]
        if "suppliers" in out:
            out["suppliers"] = [
                {"id": name, "name": name, "identifier": {"scheme": "X", "id": name, "legalName": name}}
            ]
        if "dateSigned" in out:
            out["signatories"] = [{"name": name}]
        if "dueDate" not in out and set(out) >= {"date", "value"} and "suppliers" not in out and "ocid" not in out:
            out |= {"payer": {"name": name, "id": name}, "payee": {"name": name, "id": name}}
        return out
    if isinstance(node, list):
        return [_poison(one, f"{path}[]", number) for one in node]
    return node if _allowed(path) or not isinstance(node, str) else f"{CANARY} {path}"


def test_no_person_ever_comes_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poisoned = [_poison(one, "", [0]) for one in published(40, late_ends=12)]
    package = {"version": CANARY, "publisher": {"name": CANARY}, "license": CANARY, "uri": CANARY, "releases": poisoned}
    (tmp_path / "data.json").write_text(json.dumps(package))
    # Records, links and a broken file carry names too.
    record = {
        "ocid": "r1",
        "releases": [{"url": f"https://x/{CANARY}", "tag": ["tender"], "date": "2016-01-01"}],
        "compiledRelease": deepcopy(poisoned[0]),
    }
    (tmp_path / "record.json").write_text(json.dumps({"records": [record]}))
    (tmp_path / "broken.json").write_text(
        '{"releases": [{"ocid": "x", "title": "' + CANARY + '", "title": "' + CANARY + '"}]}'
    )
    (tmp_path / "cut.json").write_text('{"releases": [{"ocid": "x", "title": "' + CANARY)
    source = tmp_path / "source.yaml"
    source.write_text(SOURCE + REGISTER)
    out = tmp_path / "facts"
    files = [str(tmp_path / name) for name in ("data.json", "record.json", "broken.json", "cut.json")]
    assert main(["mirror", "read", *files, "--source", str(source), "--out", str(out)]) == 1
    said = capsys.readouterr()
    for words in (["measure", "--json"], ["measure", "--ocids"], ["report"]):
        assert main(["mirror", words[0], str(out), *words[1:]]) in {0, 2}
        more = capsys.readouterr()
        said = type(said)(said.out + more.out, said.err + more.err)
    everything_written = said.out + said.err
    for file in out.rglob("*"):
        if file.suffix == ".parquet":
            everything_written += json.dumps(Facts(out).table(file.stem).to_pylist(), default=str)
        elif file.is_file():
            everything_written += file.read_text(encoding="utf-8", errors="replace")
    assert "Zaphodia" not in everything_written
    assert "Quuxberg" not in everything_written
    assert Facts(out).record["dropped"]["procuring entities"] == 81  # each unread, and counted


def test_nothing_of_the_first_pass_stays(tmp_path: Path) -> None:
    """Suppliers are hashed with a key that is thrown away, and the database of hashes goes too."""
    facts = facts_of(tmp_path, published(30))
    names = {file.name for file in facts.folder.rglob("*")}
    assert names == {
        "facts.parquet",
        "processes.parquet",
        "payments.parquet",
        "awards.parquet",
        "repairs.parquet",
        "read.json",
    }
    assert "suppliers" not in facts.table("awards").column_names


def test_order_of_files_and_releases_changes_nothing(tmp_path: Path) -> None:
    releases = published(40, late_ends=12, late_payments=8)
    # Two releases of one date and stage with two ends: contradictory, whichever comes first.
    tied = process(40) + process(41)
    tied[1]["date"], tied[1]["tag"] = tied[0]["date"], tied[0]["tag"]
    tied[1]["contracts"][0]["period"]["endDate"] = stamp("2019-01-01")
    releases += tied
    one = everything(facts_of(tmp_path / "a", releases))
    shuffled = list(releases)
    for seed in range(3):
        random.Random(seed).shuffle(shuffled)
        files = [write(tmp_path / f"b{seed}", shuffled[k::3], f"{k}.json") for k in (2, 0, 1)]
        assert everything(facts_of(tmp_path / f"b{seed}", files)) == one


def test_which_of_two_releases_of_one_instant_came_first_decides_nothing(tmp_path: Path) -> None:
    """Not the body, nor whether the award stands: for want of a date, what they say puts them in order."""
    first, second = process(0)
    second |= {"date": first["date"], "tag": first["tag"], "buyer": {"name": "Agency of Roads"}}
    second["awards"][0]["status"] = "cancelled"
    found = [
        everything(facts_of(tmp_path / name, both)) for name, both in (("a", [first, second]), ("b", [second, first]))
    ]
    assert found[0] == found[1]


def test_rows_that_waited_on_disk_are_those_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = published(30, late_ends=12, late_payments=8)
    one = everything(facts_of(tmp_path / "a", releases))
    monkeypatch.setattr(tables, "_BATCH", 7)
    assert everything(facts_of(tmp_path / "b", releases)) == one


def test_doubling_every_file_changes_nothing(tmp_path: Path) -> None:
    releases = published(40, late_ends=12, late_payments=8)
    nameless = deepcopy(releases[:2])
    for one in nameless:
        del one["ocid"]
    once = write(tmp_path, releases + nameless, "one.json")
    again = write(tmp_path, releases + nameless, "two.json")
    single = facts_of(tmp_path / "a", [once])
    double = facts_of(tmp_path / "b", [once, again, once])
    assert everything(double) == everything(single)
    assert double.record["repeats"] == len(releases) + 2


def test_copies_upgraded_to_another_version_count_once(tmp_path: Path) -> None:
    releases = published(30, late_ends=12)
    upgraded = deepcopy(releases)
    for one in upgraded:
        one["buyer"] = {"id": "XX-W1", "name": WORKS}
        one["awards"][0]["suppliers"] = [{"id": "other", "name": one["awards"][0]["suppliers"][0]["name"]}]
    facts = facts_of(tmp_path / "b", releases + upgraded, REGISTER)
    assert facts.record["repeats"] == 60
    assert cell(facts, "M1").n == cell(facts_of(tmp_path / "a", releases, REGISTER), "M1").n


_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z")


def _in_zone(text: str, hours: int) -> str:
    def moved(match: re.Match[str]) -> str:
        at = datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC)
        return at.astimezone(timezone(timedelta(hours=hours))).isoformat()

    return _TIME.sub(moved, text)


@pytest.mark.parametrize("hours", [-11, -4, 5, 14])
def test_writing_all_times_in_another_zone_changes_nothing(tmp_path: Path, hours: int) -> None:
    releases = published(30, late_ends=11, late_payments=8)
    other = json.loads(_in_zone(json.dumps(releases), hours))
    assert other != releases
    assert everything(facts_of(tmp_path / "b", other)) == everything(facts_of(tmp_path / "a", releases))


def test_releases_are_ordered_by_instant_and_not_by_text(tmp_path: Path) -> None:
    """``2020-01-01T00:00+05:00`` is four hours before ``2019-12-31T23:00Z``, though its text is greater."""
    releases = process(0)
    releases[0]["date"], releases[1]["date"] = "2020-01-01T00:00:00+05:00", "2019-12-31T23:00:00Z"
    releases[0]["contracts"][0]["period"]["endDate"] = "2017-01-01T00:00:00Z"
    releases[1]["contracts"][0]["period"]["endDate"] = "2017-03-01T00:00:00Z"
    row = facts_of(tmp_path, releases).table("facts").to_pylist()[0]
    assert row["end_slip"] == 59


def test_copied_due_dates_turn_a_number_into_a_refusal(tmp_path: Path) -> None:
    releases = published(40, late_payments=10)
    assert cell(facts_of(tmp_path / "a", releases), "M3").value == pytest.approx(0.25)
    for one in releases:
        done = one["contracts"][0]["implementation"]
        done["milestones"][0]["dueDate"] = done["transactions"][0]["date"]
    facts = facts_of(tmp_path / "b", releases)
    assert set(facts.table("payments")["state"].to_pylist()) == {"copied"}
    copied = cell(facts, "M3")
    assert (copied.state, copied.value, copied.n) == ("refused", None, 0)
    assert copied.why == "the due date equals a day of payment in 40 of 40: nothing can be seen of delay"
    assert copied.by_state() == {"copied": 40}


def test_a_punctual_body_is_not_taken_for_a_copy(tmp_path: Path) -> None:
    """Always in time, and on the very day in nine of ten cases: it still has its number."""
    releases = published(100)
    for number in range(0, 200, 2):
        if number % 20:  # nine of ten
            for one in releases[number : number + 2]:
                done = one["contracts"][0]["implementation"]
                done["transactions"][0]["date"] = done["milestones"][0]["dueDate"]
    found = cell(facts_of(tmp_path, releases), "M3")
    assert (found.state, found.value, found.n) == ("printed", 0.0, 100)


def test_no_bidders_never_lower_the_share(tmp_path: Path) -> None:
    releases = published(60)
    before = cell(facts_of(tmp_path / "a", releases), "M6")
    for one in releases[40:]:
        one["tender"]["numberOfTenderers"] = 0
    after = cell(facts_of(tmp_path / "b", releases), "M6")
    assert before.value == after.value == 0.25
    assert after.by_state() == {"contradictory": 40}
    for one in releases:
        one["tender"]["numberOfTenderers"] = 0
    assert cell(facts_of(tmp_path / "c", releases), "M6").state == "refused"


def test_option_years_move_the_options_and_not_the_slips(tmp_path: Path) -> None:
    releases = published(40, late_ends=10)
    before = cell(facts_of(tmp_path / "a", releases), "M1")
    for at in range(41, 60, 2):
        end = releases[at]["contracts"][0]["period"]["endDate"]
        releases[at]["contracts"][0]["period"]["endDate"] = f"{int(end[:4]) + 1}{end[4:]}"
    facts = facts_of(tmp_path / "b", releases)
    after = cell(facts, "M1")
    assert (before.value, after.value) == (0.25, 0.25)
    assert before.beside[0][1] == 0.0
    assert after.beside[0][1] == pytest.approx(10 / 40)
    lines = {one.what: one.value for one in Evaluation(facts).sensitivity() if one.measure == "M1"}
    assert lines["whole years counted as slips"] == pytest.approx(0.5)


def test_a_body_renamed_in_half_its_rows_is_two_unless_registered(tmp_path: Path) -> None:
    releases = published(80, late_ends=20)
    for one in releases[:80]:
        one["buyer"] = {"name": "Ministry of Public Works"}
    split = facts_of(tmp_path / "a", releases)
    assert sorted(one["label"] for one in split.record["bodies"]) == ["Ministry of Public Works", WORKS]
    assert {cell(split, "M1", one).n for one in (WORKS, "Ministry of Public Works")} == {40}
    joined = facts_of(
        tmp_path / "b", releases, "bodies: {W1: {name: Ministry of Works, aliases: [Ministry of Public Works]}}\n"
    )
    assert [one["label"] for one in joined.record["bodies"]] == [WORKS]
    assert cell(joined, "M1", WORKS).n == 80


def test_the_first_and_last_version_of_a_promise_are_kept(tmp_path: Path) -> None:
    releases = process(0, slip=30)
    middle = deepcopy(releases[0])
    middle["id"], middle["date"] = "0-m", stamp(releases[0]["date"][:10], 10)
    middle["contracts"][0]["period"]["endDate"] = stamp("2019-01-01")
    row = facts_of(tmp_path, [releases[1], middle, releases[0]]).table("facts").to_pylist()[0]
    assert row["end_n"] == 3
    assert (row["end_slip"], row["end_state"]) == (30, "known")


def test_what_is_usable_and_the_reasons_add_up(tmp_path: Path) -> None:
    releases = published(60, late_ends=20, late_payments=20)
    for one in releases[:10]:
        one["contracts"][0]["period"]["endDate"] = "3014-01-01"
    for one in releases[10:20]:
        one["awards"][0]["date"] = "2016-01-01"  # before the tender closed
    for one in releases[20:30]:
        del one["buyer"]
    for one in releases[30:36]:
        one["contracts"][0]["implementation"]["transactions"][0]["date"] = "soon"
    facts = facts_of(tmp_path, releases, REGISTER)
    for found in Evaluation(facts).cells():
        assert found.n + sum(found.reasons.values()) == found.eligible, found
        assert found.coverage is None or 0 <= found.coverage <= 1
        assert {one.split(":")[0] for one in found.reasons} <= {
            "missing",
            "impossible",
            "contradictory",
            "copied",
            "open",
        }


@pytest.mark.parametrize("name", ["canada", "uk", "colombia", "paraguay", "nsw"])
def test_excerpts_add_up_and_coverage_comes_before_numbers(name: str, tmp_path: Path) -> None:
    files = sorted(DATA.glob(f"{name}*.json*"))
    facts = read(files, parse((DATA / f"{name}.source.yaml").read_text()), tmp_path / "facts")
    evaluation = Evaluation(facts)
    for found in evaluation.cells():
        assert found.n + sum(found.reasons.values()) == found.eligible
        assert found.state != "printed" or found.n >= 10 or found.measure == "M13"
    page, *_ = write_page(evaluation, tmp_path / "page.html")
    text = page.read_text()
    places = [text.index(f'<h2 id="{part}"') for part in ("read", "coverage", "refused", "measures", "sensitivity")]
    assert places == sorted(places)
    assert text.count("A high value is a question to the body, not a finding against it.") >= 2


def test_a_person_in_the_buyer_is_refused_and_not_shown(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases:
        one["buyer"] = {"id": "1", "name": "Juana María de la Cruz"}
    facts = facts_of(tmp_path, releases)
    assert "Juana" not in json.dumps(facts.record, ensure_ascii=False)
    assert facts.record["persons_refused"] == 40
    assert Evaluation(facts).bodies == ()
    assert cell(facts, "M1", ALL).n == 40


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Juan Pérez Gómez", True),
        ("MARIA DEL CARMEN LOPEZ", True),
        ("O'Brien Patrick", True),
        ("juan pérez gómez", True),
        ("Dr. Juan Pérez (Rector)", True),
        ("Ministry of Works", False),
        ("Justice Canada", False),
        ("ALCALDIA DE CALI", False),
        ("ESPO", False),
        ("Región 4", False),
        ("Facultad de Ciencias Medicas", False),
    ],
)
def test_what_looks_like_a_person(name: str, person: bool) -> None:
    assert looks_like_a_person(name) is person


def test_the_register_overrules_the_word_list(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        one["buyer"] = {"id": "FW", "name": "First Wessex"}
    assert looks_like_a_person("First Wessex")
    facts = facts_of(tmp_path, releases, "bodies: {FW: {name: First Wessex}}\n")
    assert Evaluation(facts).bodies == ("First Wessex",)


def test_every_measure_says_what_it_is() -> None:
    ids = [one.id for one in all_measures()]
    assert ids == [
        "M1",
        "M2",
        "M3",
        "M4",
        "M5",
        "M5a",
        "M6",
        "M6d",
        "M6t",
        "M7",
        "M7n",
        "M8",
        "M9",
        "M10",
        "M11",
        "M12",
        "M13",
    ]
    for one in all_measures():
        assert one.question.endswith("?")
        assert all([one.formula, one.eligible, one.matched, one.fields, one.limits, one.unit])
