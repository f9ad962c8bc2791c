"""What publishers write that no standard foresees: each is read, told, or refused in words, and no person comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.mirror import Facts
from counterscore.mirror.bodies import looks_like_a_person
from tests.mirror.published import SOURCE, WORKS, Raw, published

CANARY = "Zaphodia Quuxberg"
REGISTER = "bodies: {W1: {name: Ministry of Works}}\n"
NO_BUYER = "(no buyer named)"


def _package(releases: Any) -> bytes:
    return json.dumps({"version": "1.1", "releases": releases}).encode()


def _changed(change: Callable[[Raw], Raw]) -> Callable[[list[Raw]], bytes]:
    return lambda releases: _package([{**one, **change(one)} for one in releases])


def _written(old: bytes, new: bytes) -> Callable[[list[Raw]], bytes]:
    return lambda releases: _package(releases).replace(old, new)


def _contract(one: Raw, **more: Any) -> Raw:
    return {"contracts": [{**one["contracts"][0], **more}]}


def _records(releases: list[Raw], make: Callable[[str, list[Raw]], Raw]) -> list[Raw]:
    return [make(releases[k]["ocid"], releases[k : k + 2]) for k in range(0, len(releases), 2)]


def _lines(items: list[Any], between: bytes = b"\n") -> bytes:
    return between.join(json.dumps(one).encode() for one in items)


#: Name, what is written of twelve processes, and how many of their releases, processes and contracts are read.
READ: list[tuple[str, Callable[[list[Raw]], bytes], tuple[int, int, int]]] = [
    ("records of compiled releases", lambda of: json.dumps({"records": _records(of, lambda id_, two: {"ocid": id_, "compiledRelease": {**two[1], "tag": ["compiled"]}})}).encode(), (12, 12, 12)),
    ("records by their ocid", lambda of: json.dumps({"records": {one["ocid"]: one for one in _records(of, lambda id_, two: {"ocid": id_, "releases": two})}}).encode(), (24, 12, 12)),
    ("ocid in the record alone", lambda of: json.dumps({"records": _records(of, lambda id_, two: {"ocid": id_, "releases": [{k: v for k, v in one.items() if k != "ocid"} for one in two]})}).encode(), (24, 12, 12)),
    ("lines that end in CR LF", lambda of: _lines(of, b"\r\n"), (24, 12, 12)),
    ("lists of lists", lambda of: json.dumps([of[:10], of[10:]]).encode(), (24, 12, 12)),
    ("a row of a database", lambda of: _lines([{"id": k, "ocid": one["ocid"], "data": one} for k, one in enumerate(of)]), (24, 12, 12)),
    ("a page of an interface", lambda of: json.dumps({"results": of, "next": None, "page": 1}).encode(), (24, 12, 12)),
    ("values that are no objects", lambda of: _package([None, 1, of[0], "x", [], *of[1:], 2]), (24, 12, 12)),
    ("one release for an array", lambda of: _package(of[0]), (1, 1, 1)),
    ("dates without a zone", lambda of: _package(of).replace(b"T12:00:00Z", b"T12:00:00"), (24, 12, 12)),
    ("dates with a blank", lambda of: _package(of).replace(b"T12:00:00Z", b" 12:00"), (24, 12, 12)),
    ("dates with thousandths", lambda of: _package(of).replace(b"T12:00:00Z", b"T12:00:00.123-0500"), (24, 12, 12)),
    ("amounts as texts", _written(b'"amount": 500', b'"amount": " 500.00 "'), (24, 12, 12)),
    ("amounts beyond all numbers", _written(b'"amount": 500', b'"amount": 1e400'), (24, 12, 12)),
    ("empty arrays", _changed(lambda one: {"awards": None, "contracts": [None, *one["contracts"]], "tag": None}), (24, 12, 12)),
    ("empty values", _changed(lambda one: _contract(one, value=None, period=None, implementation=None)), (24, 12, 12)),
    ("extensions within extensions", _changed(lambda one: {"x": {"y": [{"z": CANARY}] * 9}, **_contract(one, guarantees=[{"of": CANARY}])}), (24, 12, 12)),
    ("ids that are numbers", _changed(lambda one: {"id": int(one["id"].replace("-", "")), "buyer": {"id": 1, "name": WORKS}, "awards": [{**one["awards"][0], "id": 7}], **_contract(one, id=1, awardID=7)}), (24, 12, 12)),
    ("ids that are neither", _changed(lambda one: {"id": float(one["id"].replace("-", ".")), "buyer": {"id": True, "name": WORKS}, **_contract(one, id=[1], awardID={})}), (24, 12, 12)),
    ("contracts without an award", _changed(lambda one: _contract(one, awardID=None)), (24, 12, 12)),
    ("contracts that are one object", _changed(lambda one: {"contracts": one["contracts"][0]}), (24, 12, 12)),
    ("one id for all releases", _changed(lambda one: {"id": "same", "contracts": one["contracts"] * 2}), (24, 12, 12)),
    ("long strings that are not read", _changed(lambda one: {"title": CANARY + "x" * 100_000}), (24, 12, 12)),
    ("long ids", _changed(lambda one: {"buyer": {"id": "z" * 5_000, "name": WORKS}}), (24, 12, 12)),
    ("half a letter", _changed(lambda one: {"title": "HALF"}), (24, 12, 12)),
    ("tags as text", _changed(lambda one: {"tag": "contract"}), (24, 12, 12)),
    ("other keys for all that is known", lambda of: _package(of).replace(b'"ocid"', b'"OCID"'), (24, 24, 24)),
]  # fmt: skip


def _asked(
    folder: Path, data: bytes, capsys: pytest.CaptureFixture[str], source: str = SOURCE + REGISTER, more: bool = False
) -> Facts:
    """Read (and asked for ``more``), with all that is printed and written looked through for persons and for what no user should see."""
    (folder / "data.json").write_bytes(data)
    (folder / "source.yaml").write_text(source)
    out = folder / "seen"
    assert main(["mirror", "read", str(folder / "data.json"), "--out", str(out)]) in {0, 1}
    for words in (
        (["coverage"], ["measure", "--measure", "M3,M6,M9,M11"], ["measure", "--ocids", "--csv"]) if more else ()
    ):
        assert main(["mirror", words[0], str(out), *words[1:]]) == 0
    said = capsys.readouterr()
    facts = Facts(out)
    tables = [facts.table(name).to_pylist() for name in ("facts", "processes", "payments", "awards", "repairs")]
    everything = said.out + said.err + json.dumps([facts.record, tables], default=str, ensure_ascii=False)
    for word in ("Traceback", "Zaphodia", "Quuxberg"):
        assert word not in everything
    return facts


@pytest.mark.parametrize(("what", "make", "found"), READ, ids=[one[0] for one in READ])
def test_it_is_read(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    what: str,
    make: Callable[[list[Raw]], bytes],
    found: tuple[int, int, int],
) -> None:
    data = make(published(12)).replace(b"HALF", b"cut \\ud83d off")
    facts = _asked(
        tmp_path, data, capsys, more=what in {"ids that are neither", "empty values", "extensions within extensions"}
    )
    (file,) = facts.record["files"]
    assert file["state"] == "read"
    assert (
        file["releases"] - facts.record["repeats"],
        facts.record["processes"],
        facts.table("facts").num_rows,
    ) == found
    assert facts.record["strangers"] == (4 if what == "values that are no objects" else 0)
    assert facts.record["halved_letters"] == (24 if what == "half a letter" else 0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda of: _package(of).decode().encode("utf-16"), "UTF-16"),
        (_written(b"Supplier", "Größe".encode("latin-1")), "is not in UTF-8"),
        (_written(b'"amount": 500', b'"amount": ' + b"9" * 5_000), "has a number of thousands of digits"),
        (_written(b'"amount": 500', b'"amount": NaN'), "is not JSON"),
        (lambda of: _lines(of, b",\n"), "is not JSON"),
        (lambda of: b"callback(" + _package(of) + b")", "is not JSON"),
        (lambda of: _package(of)[:-2] + b",]}", "is not JSON"),
        (lambda of: str(of).encode(), "is not JSON"),
        (lambda of: _package(of) + b"\n<!-- made today -->", "is not JSON"),
        (lambda of: _package(of).replace(b'[{"ocid"', b'[nil, {"ocid"', 1), "is not JSON"),
        (lambda of: _package(of).replace(b', {"ocid"', b', 1 {"ocid"', 1), "is not JSON"),
    ],
)  # fmt: skip
def test_it_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[list[Raw]], bytes], words: str
) -> None:
    facts = _asked(tmp_path, make(published(3)), capsys)
    (file,) = facts.record["files"]
    assert file["state"] == "refused"
    assert words in file["what"]
    assert facts.record["processes"] == 0


@pytest.mark.parametrize(
    "buyer",
    [{"parties": [{"id": "W1", "name": CANARY, "roles": ["buyer"]}]}, {"buyer": WORKS}, {"buyer": [{"name": WORKS}]}, {"buyers": [{"name": CANARY}]}],
)  # fmt: skip
def test_a_buyer_that_stands_elsewhere_is_no_buyer_and_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], buyer: Raw
) -> None:
    releases = [{**{key: of for key, of in one.items() if key != "buyer"}, **buyer} for one in published(12)]
    facts = _asked(tmp_path, _package(releases), capsys)
    (body,) = facts.record["bodies"]
    assert (body["label"], body["rated"]) == (NO_BUYER, False)
    assert body["why_not"] == "no buyer is named in buyer, and lists of parties are never read"


def test_names_of_the_register_stand_for_ids_whose_names_are_with_the_parties(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releases = [{**one, "buyer": {"id": "W1"}, "parties": [{"id": "W1", "name": CANARY}]} for one in published(12)]
    facts = _asked(tmp_path, _package(releases), capsys)
    assert [one["label"] for one in facts.record["bodies"]] == [WORKS]


@pytest.mark.parametrize(
    "name", [CANARY, CANARY.upper(), "QUUXBERG, Zaphodia", "zaphodia quuxberg", "Dr. Zaphodia de Quuxberg"]
)
def test_a_person_in_the_buyer_does_not_come_out_however_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    releases = [{**one, "buyer": {"id": "1", "name": name}} for one in published(12)]
    facts = _asked(tmp_path, _package(releases), capsys, SOURCE, more=name == CANARY)
    assert facts.record["persons_refused"] == 12


@pytest.mark.parametrize(
    "name",
    ["Grad Zagreb Ministarstvo", "Općina Velika", "Comune Milano", "Gemeente Utrecht", "Helsingin kaupunki", "Urząd Gminy", "وزارة التعليم", "საქართველოს სამინისტრო", "Министерство Финансов", "Pemerintah Kabupaten Bandung", "Câmara Municipal", "Bashkia Tirana", "Ankara Üniversitesi", "Město Brno", "Agrupamento Escolas"],
)  # fmt: skip
def test_bodies_of_other_languages_are_no_persons(name: str) -> None:
    assert not looks_like_a_person(name)
