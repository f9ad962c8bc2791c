"""Where what is read ends: bounds of files, of years and of amounts, and what is told of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from counterscore.errors import InputError
from counterscore.mirror import parse, present, read, reading, stream, whitelist
from counterscore.mirror.evaluate import Evaluation
from counterscore.mirror.facts import read_amount, read_count, read_date
from counterscore.mirror.page import write as write_page
from counterscore.mirror.source import REQUIRED
from tests.mirror.published import SOURCE, cell, facts_of, process, published, write

CANARY = "Zaphodia Quuxberg"


def _one_file(folder: Path, data: bytes, name: str = "one.json") -> dict[str, Any]:
    """What became of one file."""
    (folder / name).write_bytes(data)
    (found,) = facts_of(folder, [folder / name]).record["files"]
    return dict(found)


@pytest.mark.parametrize(
    ("data", "hint"),
    [(b"<html><body>503</body></html>", "web page"), (b"<?xml version='1.0'?><a/>", "web page"), (b"ocid,id\n", "{ or [")],
)  # fmt: skip
def test_a_web_page_is_told_from_other_text(tmp_path: Path, data: bytes, hint: str) -> None:
    found = _one_file(tmp_path, data)
    assert found["what"] == "is not JSON"
    assert hint in found["hint"]


@pytest.mark.parametrize(("more", "state"), [(0, "read"), (1, "refused")])
@pytest.mark.parametrize("what", ["deep", "long"])
def test_the_deepest_and_longest_that_is_read(tmp_path: Path, what: str, more: int, state: str) -> None:
    """A nesting of 64 and a string of 1 MiB are read, one more of either is not."""
    inside = "[" * (61 + more) + "]" * (61 + more) if what == "deep" else '"' + "x" * (2**20 + more) + '"'
    assert _one_file(tmp_path, f'{{"releases": [{{"ocid": "a", "x": {inside}}}]}}'.encode())["state"] == state


@pytest.mark.parametrize(
    ("bound", "most", "words"),
    [
        ("MOST_ITEMS", 5, "has an array of more than 5 items"),
        ("MOST_BYTES", 3_000, "is larger than 2 GiB"),
        ("MOST_ITEM_BYTES", 500, "has one object of more than 0 MiB"),
    ],
)
def test_a_file_and_what_is_in_it_have_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, words: str
) -> None:
    monkeypatch.setattr(stream, "_BLOCK", 256)
    monkeypatch.setattr(stream, bound, most)
    assert _one_file(tmp_path, json.dumps({"releases": published(3)}).encode())["what"] == words


def test_a_million_items_of_any_array_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whitelist, "MOST_ITEMS", 5)
    releases = process(0)
    releases[0]["awards"][0]["suppliers"] *= 6
    assert "more than 5 items" in _one_file(tmp_path, json.dumps({"releases": releases}).encode())["what"]


def test_fields_that_are_not_read_are_counted(tmp_path: Path) -> None:
    releases = process(0)
    for one in releases:
        one["x_local"] = {"y_local": 1, "name": "a"}  # a name is read elsewhere
    assert facts_of(tmp_path, releases).record["unknown_fields"] == 4


@pytest.mark.parametrize("key", REQUIRED)
def test_a_source_must_say_each_of_its_keys(key: str) -> None:
    text = "".join(line for line in SOURCE.splitlines(keepends=True) if not line.startswith(f"{key}:"))
    with pytest.raises(InputError, match=f"a source must say its {key.replace('_', '-')}"):
        parse(text)
    with pytest.raises(InputError):
        parse(text + f"{key}:\n")


def test_years_from_1990_to_thirty_ahead_are_possible() -> None:
    last = parse(SOURCE).last_year  # of a cut-off in 2020
    days = {day: read_date(day, last)[1] for day in ("1989-12-31", "1990-01-01", "2050-12-31", "2051-01-01")}
    assert days == {
        "1989-12-31": "before 1990",
        "1990-01-01": "",
        "2050-12-31": "",
        "2051-01-01": "more than 30 years ahead",
    }


def test_a_period_that_is_reversed_in_one_release_is_impossible(tmp_path: Path) -> None:
    releases = process(0)
    releases[0]["contracts"][0]["period"]["endDate"] = "2015-01-01"
    (row,) = facts_of(tmp_path, releases).table("facts").to_pylist()
    assert (row["start_state"], row["end_state"]) == ("impossible", "impossible")


def test_an_award_in_another_currency_is_not_compared(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        one["awards"][0]["value"]["currency"] = "USD"
    assert cell(facts_of(tmp_path, releases), "M5a").reasons == {"missing: two currencies": 12}


def test_a_body_outside_the_register_needs_thirty_contracts(tmp_path: Path) -> None:
    releases = published(59)
    for one in releases[:60]:
        one["buyer"] = {"name": "Agency of Roads"}
    facts = facts_of(tmp_path, releases)
    assert {one["label"]: one["why_not"] for one in facts.record["bodies"]} == {
        "Agency of Roads": "",
        "Ministry of Works": "not in the register, and 29 contracts of the 30 needed",
    }
    assert Evaluation(facts).bodies == ("Agency of Roads",)


@pytest.mark.parametrize("sign", "=+-@\t\r")
def test_every_sign_that_starts_a_formula_is_marked(sign: str) -> None:
    text = present.table_csv(["a", "b", "c"], [[f"{sign}1+1", "-5", 2.5]])
    (row,) = csv.reader(io.StringIO(text.partition("\n")[2], newline=""))
    assert row == [f"'{' ' if sign == chr(13) else sign}1+1", "-5", "2.5"]


def test_a_name_in_a_field_that_is_read_as_a_date_or_number_is_not_repeated(tmp_path: Path) -> None:
    """Fields of the whitelist that are dates, amounts and counts: what is written there is judged and never shown."""
    releases = published(12)
    for number, one in enumerate(releases):
        name = f"{CANARY} {number % 2}"
        award, contract = one["awards"][0], one["contracts"][0]
        one["date"] = name if number == 0 else one["date"]
        one["tender"] |= {"numberOfTenderers": name, "tenderPeriod": {"startDate": name, "endDate": name}}
        award |= {"date": name, "value": {"amount": name, "currency": "EUR"}}
        contract |= {"dateSigned": name, "period": {"startDate": name, "endDate": name, "maxExtentDate": name}}
        contract["value"]["amount"] = name
        contract["amendments"] = [{"id": "1", "date": name}]
        done = contract["implementation"]
        done["transactions"][0] |= {"date": name, "value": {"amount": name}}
        done["milestones"][0] |= {"dueDate": name, "dateMet": name}
    facts = facts_of(tmp_path, releases)
    made = write_page(Evaluation(facts), tmp_path / "page.html")
    written = json.dumps(facts.record) + "".join(file.read_text() for file in made)
    for name in ("facts", "processes", "payments", "awards", "repairs"):
        written += json.dumps(facts.table(name).to_pylist(), default=str)
    assert "Zaphodia" not in written
    assert facts.record["repairs"]["impossible"] > 50


def test_the_whitelist_is_that_of_the_specification() -> None:
    """Another path needs another look at who stands in it: so it is written down twice."""
    assert set(whitelist.PATHS) == {
        *("ocid", "id", "date", "tag", "buyer.id", "buyer.name", "buyer.identifier.scheme", "buyer.identifier.id"),
        *("tender.status", "tender.procurementMethod", "tender.numberOfTenderers"),
        *("tender.tenderPeriod.startDate", "tender.tenderPeriod.endDate", "tender.tenderPeriod.maxExtentDate"),
        *("awards[].id", "awards[].status", "awards[].date", "awards[].value.amount", "awards[].value.currency"),
        *("contracts[].id", "contracts[].awardID", "contracts[].status", "contracts[].dateSigned"),
        *("contracts[].period.startDate", "contracts[].period.endDate", "contracts[].period.maxExtentDate"),
        *("contracts[].value.amount", "contracts[].value.currency"),
        *("contracts[].amendments[].id", "contracts[].amendments[].date"),
        *(
            f"contracts[].implementation.transactions[].{one}"
            for one in ("id", "date", "value.amount", "value.currency", "amount.amount", "amount.currency")
        ),
        *(f"contracts[].implementation.milestones[].{one}" for one in ("id", "type", "status", "dueDate", "dateMet")),
        "bids.details[].status",
    }
    assert whitelist.HASHED == ("awards[].suppliers[]", "tender.tenderers[]", "bids.details[].id")
    assert whitelist.REGISTERED == ("tender.procuringEntity.id",)


def test_the_key_of_the_hashes_is_drawn_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal suppliers have other hashes in every reading, and no reading keeps its key."""
    keys = []

    class Listening(whitelist.Reader):
        def __init__(self, key: bytes, registered: frozenset[str]) -> None:
            keys.append(key)
            super().__init__(key, registered)

    monkeypatch.setattr(reading, "Reader", Listening)
    file = write(tmp_path, process(0))
    facts = [read([file], parse(SOURCE), tmp_path / name) for name in ("a", "b")]
    assert len(set(keys)) == 2
    assert {len(key) for key in keys} == {32}
    assert not any(key in path.read_bytes() for one in facts for path in one.folder.iterdir() for key in keys)


def test_which_of_two_copies_came_first_decides_nothing(tmp_path: Path) -> None:
    """Copies that differ in the id of the buyer alone, of which each is another body of the register."""
    one, other = process(0)[:1], process(0)[:1]
    one[0]["buyer"], other[0]["buyer"] = {"id": "A", "name": "Works"}, {"id": "B", "name": "Works"}
    register = "bodies: {A: {name: Agency A}, B: {name: Agency B}}\n"
    found = [facts_of(tmp_path / name, both, register) for name, both in (("a", one + other), ("b", other + one))]
    labels: list[list[str]] = [[body["label"] for body in facts.record["bodies"]] for facts in found]
    assert labels[0] == labels[1]
    assert len(labels[0]) == 1


@pytest.mark.parametrize("raw", [-0.0, "-0", "-0.00", 0, 0.0])
def test_a_minus_zero_is_a_zero(raw: Any) -> None:
    assert repr(read_amount(raw)) == repr((0.0, ""))
    assert repr(read_count(raw)) == repr((0, ""))
