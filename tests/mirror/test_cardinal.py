"""Definitions that others published: Cardinal's R003, R018, R038 and its coverage, and the fields that usability rules ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import ocdscardinal
import pytest

from counterscore.mirror import Facts, parse, read, whitelist
from counterscore.mirror.compare import standings
from counterscore.mirror.evaluate import Evaluation
from counterscore.mirror.measures import find_measure
from counterscore.mirror.measures.disqualified import upper_fence
from tests.mirror.published import DATA, WORKS, Raw, cell, day, facts_of, process, published

#: Of the rules that a measure claims to match: the fields they require.
REQUIRED = {
    "U015": ("tender/procurementMethod", "tender/numberOfTenderers"),
    "U028": ("awards/id", "awards/suppliers", "awards/date"),
    "U048": ("contracts/id", "contracts/amendments", "buyer"),
    "U056": ("contracts/id", "contracts/amendments"),
    "U060": ("tender/tenderPeriod/endDate", "awards/date"),
    "U063": ("tender/status", "awards/status"),
    "U064": ("contracts/id", "contracts/status"),
    "R003": ("tender/tenderPeriod/startDate", "tender/tenderPeriod/endDate", "tender/procurementMethod"),
    "R018": ("tender/procurementMethod", "tender/numberOfTenderers"),
    "R038": ("bids/details/id", "bids/details/status", "buyer"),
    "R061": ("tender/tenderPeriod/endDate", "awards/date", "tender/procurementMethod"),
    "R062": ("tender/tenderPeriod/endDate", "awards/date", "tender/procurementMethod"),
}


@pytest.mark.parametrize(
    ("measure", "rules"),
    [
        ("M4", "U048 U056"), ("M6", "R018 U015"), ("M6d", "R038"), ("M7", "U060 R061 R062"), ("M7n", "R003"), ("M9", "U063"),
        ("M10", "U028"), ("M11", "U064"),
    ],
)  # fmt: skip
def test_what_a_measure_claims_to_match_is_made_of_the_fields_it_reads(measure: str, rules: str) -> None:
    one = find_measure(measure)
    read_here = {field.partition(" ")[0].replace("[]", "").replace(".", "/") for field in one.fields}
    for rule in rules.split():
        assert rule in one.matched
        assert set(REQUIRED[rule]) <= read_here


def _beside(found: Any) -> dict[str, float | None]:
    return {what: value for what, value, _, _ in found.beside}


def test_short_notice_is_that_of_cardinal_and_a_third_state(tmp_path: Path) -> None:
    """R003 by hand: 14 days and 23 hours are short, 15 days are not, whatever the method; no dates are no answer."""
    releases = published(40)
    for number, one in enumerate(releases):
        number //= 2
        end = one["tender"]["tenderPeriod"]["endDate"][:10]
        one["tender"]["tenderPeriod"] = {
            "startDate": f"{day(end, -15)}T{'13:00:00Z' if number < 8 else '12:00:00Z'}",
            "endDate": f"{end}T12:00:00Z",
        }
        one["tender"]["procurementMethod"] = (
            "open" if 4 <= number < 36 else ("selective", "limited", "direct", "")[number % 4]
        )
        if number in {0, 31}:
            del one["tender"]["tenderPeriod"]["startDate"]
    facts = facts_of(tmp_path, releases)
    found = cell(facts, "M7n")
    assert (found.value, found.n, found.eligible) == (7 / 38, 38, 40)
    assert found.reasons == {"missing: start of the tender not stated": 2}
    assert _beside(found) == {"median of days that tenders were open": 15}
    lines = {one.what: (one.value, one.n) for one in Evaluation(facts).sensitivity() if one.measure == "M7n"}
    assert lines == {"open tenders only": (4 / 31, 31)}


def test_single_bids_are_those_of_cardinal_and_a_third_state(tmp_path: Path) -> None:
    """R018 by hand: one tenderer in an open or selective procedure; where Cardinal stays silent, the reason is told."""
    cases = {
        ("open", 1): 6,
        ("selective", 1): 4,
        ("open", 2): 4,
        ("open", 3): 6,
        ("limited", 1): 5,
        ("direct", 1): 5,
        ("open", None): 3,
        ("", 1): 2,
    }
    releases, number = [], 0
    for (method, bidders), many in cases.items():
        for _ in range(many):
            two = process(number, bidders=bidders or 1)
            for one in two:
                one["tender"]["procurementMethod"] = method
                if bidders is None:
                    del one["tender"]["numberOfTenderers"]
            releases += two
            number += 1
    found = cell(facts_of(tmp_path, releases), "M6")
    assert (found.value, found.n, found.eligible) == (0.5, 20, 25)  # 10 flagged of 20 that can be told
    assert found.by_state() == {"missing": 5}


def _with_bids(number: int, statuses: list[Any], body: str = WORKS) -> Raw:
    one = process(number, body=body)[0]
    one["buyer"]["id"] = body
    one["contracts"] = []
    one["bids"] = {
        "details": [
            {"id": f"b{k}", "status": status, "tenderers": [{"id": f"T{k}", "name": f"Somebody {k}"}]}
            for k, status in enumerate(statuses)
        ]
    }
    return one


def test_a_bid_is_told_from_others_by_a_hash() -> None:
    """Its id may be its tenderer's; nothing else of it is read but the status."""
    reader = whitelist.Reader(b"key")
    one, other = reader.release(_with_bids(0, ["valid", "valid"])).bids or []
    assert (one[1], other[1]) == ("valid", "valid")
    assert isinstance(one[0], int)
    assert one[0] != other[0]
    assert one == (reader.release(_with_bids(1, ["valid"])).bids or [])[0]
    assert one != (whitelist.Reader(b"other").release(_with_bids(0, ["valid"])).bids or [])[0]


_BODIES = [f"Agency {letter}" for letter in "ABCDEF"]
_OUT = [0, 0, 2, 2, 4, 24]  #: disqualified of the 24 bids of each


def _six_bodies(folder: Path) -> Facts:
    releases = []
    for at, (body, out) in enumerate(zip(_BODIES, _OUT, strict=True)):
        statuses = ["disqualified"] * out + ["valid"] * (24 - out)
        # Two bids in each process, and one that was never submitted.
        releases += [_with_bids(at * 12 + k, [*statuses[2 * k : 2 * k + 2], "withdrawn"], body) for k in range(12)]
    register = "bodies: {" + ", ".join(f"'{one}': {{name: {one}}}" for one in _BODIES) + "}\n"
    return facts_of(folder, releases, register)


def test_disqualified_bids_are_those_of_cardinal_and_its_fence_is_told(tmp_path: Path) -> None:
    """R038 by hand: ratios 0, 0, 1/12, 1/12, 1/6, 1; Q1 0, Q3 1/6 + (1 - 1/6) / 12, the fence two and a half times Q3."""
    facts = _six_bodies(tmp_path)
    fence = 2.5 * (1 / 6 + (1 - 1 / 6) / 12)
    every = cell(facts, "M6d")
    assert (every.value, every.n, every.eligible) == (32 / 144, 72, 72)
    assert _beside(every) == {"bids submitted": 144, "upper fence of R038 over 6 bodies": pytest.approx(fence)}
    last, middle = cell(facts, "M6d", "Agency F"), cell(facts, "M6d", "Agency E")
    assert (last.value, middle.value) == (1.0, 4 / 24)
    assert "upper fence of R038 over 6 bodies, reached" in _beside(last)
    assert "upper fence of R038 over 6 bodies, not reached" in _beside(middle)
    assert middle.interval == "bootstrap by process, 95 %"
    assert middle.low is not None
    assert middle.high is not None
    assert middle.low < middle.value < middle.high


def test_the_fence_needs_two_processes_of_a_body_and_four_bodies() -> None:
    body = np.array([name for name in "ABCD" for _ in range(2)] + ["E"], dtype=object)
    bids, out = np.full(9, 2), np.array([0, 0, 0, 1, 1, 1, 2, 0, 2])
    assert upper_fence(body, bids, out)[1] == 4  # E has one process
    assert np.isnan(upper_fence(body[:6], bids[:6], out[:6])[0])
    assert np.isnan(
        upper_fence(np.array(["(no buyer named)"] * 2 + list("AABBCC"), dtype=object), bids[:8], out[:8])[0]
    )


def test_bodies_are_compared_by_what_they_disqualify(tmp_path: Path) -> None:
    releases = [
        _with_bids(k, ["disqualified" if k < 40 and bid < 1 else "valid" for bid in range(2)], _BODIES[k // 40])
        for k in range(80)
    ]
    for one in releases:
        one["tender"]["procurementMethod"] = "open"
    facts = facts_of(tmp_path, releases, "bodies: {Agency A: Agency A, Agency B: Agency B}\n")
    first, second = standings(Evaluation(facts, [find_measure("M6d")]))
    assert (first.body, first.value, first.gap, first.rank_high) == ("Agency A", 0.5, 0.5, 1)
    assert second.gap == -0.5
    assert first.p < 0.001


def test_bids_of_which_the_status_is_not_known_are_a_third_state(tmp_path: Path) -> None:
    releases = [_with_bids(k, ["valid", "disqualified", "pending", "invited"]) for k in range(20)]
    releases[0]["bids"]["details"][0]["status"] = None
    releases[1]["bids"]["details"][0]["status"] = "Admitida"
    releases[2]["bids"] = {"details": []}
    del releases[3]["bids"]
    releases[4]["bids"]["details"] = [{"id": "b", "status": "withdrawn"}]
    releases[5]["bids"]["details"] = "none"
    again = json.loads(json.dumps(releases[6]))
    again |= {"id": "again"}
    again["bids"]["details"][0]["status"] = "disqualified"
    later = json.loads(json.dumps(releases[7]))
    later |= {"id": "later", "date": "2019-01-01T00:00:00Z"}
    later["bids"]["details"][2]["status"] = "disqualified"  # pending before
    facts = facts_of(tmp_path / "a", [*releases, again, later])
    found = cell(facts, "M6d")
    assert found.reasons == {
        "missing: the status of a bid: not stated": 1,
        "missing: the status of a bid: a local word that the source does not map": 1,
        "missing: an empty list of bids": 2,
        "missing: no list of bids": 1,
        "open: no bid was submitted, all are invited or withdrawn": 1,
        "contradictory: the status of a bid: two values at one instant": 1,
    }
    assert (found.n, found.eligible) == (13, 20)
    assert found.value == pytest.approx(14 / 39)
    assert {"kind": "bid", "word": "Admitida", "times": 1} in facts.record["unmapped"]
    mapped = facts_of(tmp_path / "b", releases, "codes: {bid: {admitida: valid}}\n")
    assert cell(mapped, "M6d").n == 15


@pytest.mark.parametrize(("status", "state"), [("pending", "refused"), ("valid", "refused")])
def test_a_status_of_bids_that_nobody_keeps_up_says_nothing(tmp_path: Path, status: str, state: str) -> None:
    found = cell(facts_of(tmp_path, [_with_bids(k, [status] * 2) for k in range(15)]), "M6d")
    assert found.state == state
    assert f'bids.details.status is "{status}" in 30 of 30' in found.why
    assert cell(facts_of(tmp_path / "few", [_with_bids(k, [status] * 2) for k in range(14)]), "M6d").value == 0


def test_no_bids_are_no_answer(tmp_path: Path) -> None:
    assert cell(facts_of(tmp_path, published(12)), "M6d").why == "no list of bids with their status is published"


def _counted(facts: Facts) -> dict[str, int]:
    """How often each field is there, by what became of it."""

    def there(table: str, column: str) -> int:
        return sum(one != "missing" for one in facts.table(table)[column].to_pylist())

    rows = {name: facts.table(name).to_pylist() for name in ("facts", "processes", "payments")}
    return {
        "/tender/tenderPeriod/startDate": there("processes", "opened_state"),
        "/tender/tenderPeriod/endDate": there("processes", "closed_state"),
        "/tender/numberOfTenderers": there("processes", "bidders_state"),
        "/tender/procurementMethod": sum(bool(one["method"]) for one in rows["processes"]),
        "/contracts[]": len(rows["facts"]),
        "/contracts[]/dateSigned": there("facts", "signed_state"),
        "/contracts[]/period/startDate": there("facts", "start_state"),
        "/contracts[]/period/endDate": there("facts", "end_state"),
        "/contracts[]/value/amount": there("facts", "amount_state"),
        "/contracts[]/value/currency": sum(bool(one["currency"]) for one in rows["facts"]),
        "/contracts[]/implementation/transactions[]/date": sum(one["paid"] is not None for one in rows["payments"]),
        "/bids/details[]/status": sum(one["bids"] or 0 for one in rows["processes"]),
    }


@pytest.mark.parametrize("what", ["made up", "colombia"])
def test_fields_are_counted_as_cardinal_counts_them(tmp_path: Path, what: str) -> None:
    """Where each process has one release, what is not missing here is what its coverage counts."""
    if what == "colombia":
        releases = json.loads((DATA / "colombia-2021-ship.json").read_text())["releases"]
        facts = read(
            [DATA / "colombia-2021-ship.json"], parse((DATA / "colombia.source.yaml").read_text()), tmp_path / "f"
        )
    else:
        releases = published(60)[::2]
        for number, one in enumerate(releases):
            one["bids"] = {"details": [{"id": str(k), "status": "valid"} for k in range(number % 4)]}
            contract = one["contracts"][0]
            for at, holder in enumerate((one["tender"], contract, contract["period"], contract["value"])):
                for key in list(holder)[: (number + at) % 3]:
                    holder[key] = (None, "", holder[key])[number % 3]
            one["tender"]["tenderPeriod"] = [{}, {"endDate": "2016-01-01"}, one["tender"]["tenderPeriod"]][number % 3]
            contract["id"] = "c"
        facts = facts_of(tmp_path, releases)
    lines = tmp_path / "lines.jsonl"
    lines.write_text("\n".join(json.dumps(one) for one in releases))
    coverage = ocdscardinal.coverage(str(lines))
    found = _counted(facts)
    assert found == {path: coverage.get(path, 0) for path in found}
    assert found["/contracts[]"] > 20
