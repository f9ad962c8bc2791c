"""Bad input, row by row: named, counted, and the run goes on."""

from __future__ import annotations

import gzip
import json
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.errors import InputError, UsageError
from counterscore.mirror import Facts, parse, read, read_source
from counterscore.mirror.evaluate import Evaluation
from tests.mirror.published import SOURCE, WORKS, cell, facts_of, process, published, stamp, write

REGISTER = "bodies: {W1: {name: Ministry of Works}}\n"


def _file(facts: Facts, ending: str) -> dict[str, Any]:
    return next(one for one in facts.record["files"] if one["name"].endswith(ending))


def _raw(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path, published(12), "good.json")


#: Name and content of a file, and what becomes of it: state, words, line and column.
FILES: list[tuple[str, bytes, str, str, int, int]] = [
    ("empty.json", b"", "empty", "is empty", 0, 0),
    ("blank.json", b" \n\n ", "empty", "is empty", 0, 0),
    ("error.html", b"\n<!DOCTYPE html><html><style>p {}</style></html>", "refused", "is not JSON", 2, 1),
    ("cut.json", b'{"releases": [{"ocid": "a"},\n {"ocid"', "refused", "ends in the middle", 2, 9),
    ("comma.json", b'{"releases": [{"ocid": "a"},\n {"ocid": "b"}\n {}]}', "refused", "is not JSON", 2, 15),
    ("wrong.json", b'{"releases": [{"ocid": "a",\n "id": nope}]}', "refused", "is not JSON", 2, 9),
    ("twice.json", b'{"releases": [{"ocid": "a",\n "ocid": "b"}]}', "refused", "has a key twice in one object", 2, 9),
    ("nan.json", b'{"releases": [{"ocid": "a", "x": NaN}]}', "refused", "is not JSON", 1, 34),
    ("latin.json", '{"releases": [{"ocid": "é"}]}'.encode("latin-1"), "refused", "is not in UTF-8", 1, 25),
    ("utf16.json", '{"releases": []}'.encode("utf-16"), "refused", "is not in UTF-8 but in UTF-16 or UTF-32", 1, 1),
    ("deep.json", b'{"releases": [{"ocid": ' + b"[" * 70 + b"]" * 70 + b"}]}", "refused", "is nested more than 64 deep", 1, 85),
    ("long.json", b'{"releases": [{"ocid": "' + b"x" * 1_200_000 + b'"}]}', "refused", "has a string of more than 1 MiB", 1, 24),
    ("other.json", b'{"hello": [1, 2]}', "nothing", "holds no release or record", 0, 0),
    ("number.json", b"17", "refused", "is not JSON", 1, 1),
    ("damaged.gz", gzip.compress(b'{"releases": [' + b" " * 9999, mtime=0)[:-20], "refused", "is damaged: it cannot be unpacked to its end", 1, 1),
    ("twice.gz", gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), "refused", "is packed in a way that is not read", 0, 0),
    ("archive.tar", b"a.json".ljust(257, b"\0") + b"ustar" + b"\0" * 250, "refused", "is packed in a way that is not read", 0, 0),
    ("archive.xz", b"\xfd7zXZ\x00\x00", "refused", "is packed in a way that is not read", 0, 0),
    ("table.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "refused", "is packed in a way that is not read", 0, 0),
    ("picture.bin", b"\x89ab\x00\x00\x00", "refused", "is not text", 0, 0),
    ("table.csv", b"ocid,id\n1,2\n", "refused", "is not JSON", 1, 1),
    ("damaged.zip", b"PK\x03\x04 and nothing", "refused", "is a damaged zip", 0, 0),
]  # fmt: skip


@pytest.fixture(scope="module")
def all_files(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """All files that cannot be read, and one that can, in one reading."""
    folder = tmp_path_factory.mktemp("files")
    bad = [_raw(folder, name, data) for name, data, *_ in FILES]
    return facts_of(folder, [*bad, write(folder, published(12), "good.json")])


@pytest.mark.parametrize(("name", "data", "state", "what", "line", "column"), FILES, ids=[one[0] for one in FILES])
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_read(
    all_files: Facts, name: str, data: bytes, state: str, what: str, line: int, column: int
) -> None:
    found = _file(all_files, f"/{name}")
    assert (found["state"], found["what"]) == (state, what)
    assert (found["line"], found["column"]) == (line, column) or name == "damaged.gz"
    assert all_files.record["processes"] == 12


@pytest.mark.parametrize("beside", [3, 20, 5_000])
@pytest.mark.parametrize("again", ['"key 1"', '"key \\u0031"'])
def test_a_key_given_twice_is_found_among_few_and_many_however_it_is_written(
    tmp_path: Path, beside: int, again: str
) -> None:
    keys = [f'"key {k}": {k}' for k in range(beside)]
    # With a buyer: so it is of the form that is read quickly, by what lets the last of two keys win.
    once = '{"releases": [{"ocid": "a", "buyer": {"id": "b"}, "x": {' + ", ".join(keys) + "}}]}"
    twice = '{"releases": [{"ocid": "a", "buyer": {"id": "b"}, "x": {' + ", ".join([*keys, f"{again}: 1"]) + "}}]}"
    facts = facts_of(
        tmp_path, [_raw(tmp_path, "once.json", once.encode()), _raw(tmp_path, "twice.json", twice.encode())]
    )
    assert _file(facts, "once.json")["state"] == "read"
    assert _file(facts, "twice.json")["what"] == "has a key twice in one object"


def test_the_exit_code_warns_of_refused_files(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = _raw(tmp_path, "source.yaml", SOURCE.encode())
    bad = _raw(tmp_path, "bad.json", b'{"a": 1')
    assert main(["mirror", "read", str(good), "--out", str(tmp_path / "a")]) == 0  # source.yaml stands beside it
    assert main(["mirror", "read", str(good), str(bad), "--source", str(source), "--out", str(tmp_path / "b")]) == 1
    said = capsys.readouterr()
    assert f"{bad}:1:8: ends in the middle" in said.err
    assert "Traceback" not in said.err


def test_a_file_refused_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    """All of its releases are left out, those before the mistake too, and so are its counts."""
    text = json.dumps({"releases": [{**one, "title": "x"} for one in published(20)]})
    cut = _raw(tmp_path, "cut.json", text[:-30].encode())
    facts = facts_of(tmp_path, [cut, write(tmp_path, published(12), "good.json")])
    assert facts.record["processes"] == 12
    assert facts.record["dropped"] == {}
    assert _file(facts, "cut.json")["releases"] == 0
    assert facts.record["releases"] == 24


@pytest.mark.parametrize(
    "shape",
    [
        "package",
        "list",
        "lines",
        "concatenated",
        "bare",
        "record package",
        "list of packages",
        "record",
        "gz",
        "zip",
        "bom",
        "data page",
    ],
)
def test_every_shape_gives_the_same_facts(tmp_path: Path, shape: str) -> None:
    releases = published(12, late_ends=4)
    package = {"uri": "x", "releases": releases, "version": "1.1"}
    records = [{"ocid": releases[k]["ocid"], "releases": releases[k : k + 2]} for k in range(0, 24, 2)]
    files = {
        "package": [json.dumps(package, indent=1).encode()],
        "list": [json.dumps(releases).encode()],
        "lines": ["\n".join(json.dumps(one) for one in releases).encode()],
        "concatenated": ["".join(json.dumps(one) for one in releases).encode()],
        "bare": [json.dumps(one).encode() for one in releases],
        "record package": [json.dumps({"records": records}).encode()],
        "list of packages": [json.dumps([{"releases": releases[:10]}, {"releases": releases[10:]}]).encode()],
        "record": [json.dumps(one).encode() for one in records],
        "gz": [gzip.compress(json.dumps(package).encode())],
        "bom": [b"\xef\xbb\xbf" + json.dumps(package).encode()],
        "data page": [json.dumps({"data": releases, "next": 2}).encode()],
    }
    paths = [_raw(tmp_path, f"{k}.json", data) for k, data in enumerate(files.get(shape, ()))]
    if shape == "zip":
        paths = [tmp_path / "data.zip"]
        with zipfile.ZipFile(paths[0], "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a/one.json", json.dumps({"releases": releases[:10]}))
            archive.writestr("two.jsonl", "\n".join(json.dumps(one) for one in releases[10:]))
    expected = facts_of(tmp_path / "expected", releases).table("facts").to_pylist()
    assert facts_of(tmp_path / "found", paths).table("facts").to_pylist() == expected


def test_blocks_may_end_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes, quotes and brackets in strings, and a block that ends within any of them."""
    releases = published(6, late_ends=4)
    for one in releases:
        one["tender"]["title"] = 'a \\ "quoted\\" {[ bracket ]} \\\\'
        one["tender"]["description"] = "é \\u0022 ü" * 3
    expected = facts_of(tmp_path / "a", releases).table("facts").to_pylist()
    for size in (7, 64, 1000):
        monkeypatch.setattr("counterscore.mirror.stream._BLOCK", size)
        assert facts_of(tmp_path / f"{size}", releases).table("facts").to_pylist() == expected


def test_links_are_told_and_not_followed(tmp_path: Path) -> None:
    link = {"url": "https://example.org/1", "date": "2016-01-01T00:00:00Z", "tag": ["tender"]}
    facts = facts_of(
        tmp_path,
        [_raw(tmp_path, "r.json", json.dumps({"records": [{"ocid": "a", "releases": [link, link]}]}).encode())],
    )
    assert facts.record["linked"] == 2
    assert _file(facts, "r.json")["what"] == "holds links only: the releases are not here"


def test_without_ocid_a_process_stands_alone_and_is_flagged(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases[:2]:
        del one["ocid"]
    facts = facts_of(tmp_path, releases)
    assert facts.record["no_ocid"] == 2
    flagged = [one for one in facts.table("processes").to_pylist() if "no ocid" in one["flags"]]
    assert len(flagged) == 2
    assert any(
        one["path"] == "ocid" and one["file"].endswith("data.json") for one in facts.table("repairs").to_pylist()
    )


def test_a_repeated_release_counts_once(tmp_path: Path) -> None:
    releases = process(0) + process(0)
    facts = facts_of(tmp_path, releases)
    assert (facts.record["repeats"], facts.record["releases"]) == (2, 2)
    assert facts.table("payments").num_rows == 1


def test_one_id_with_two_contents_is_contradictory_and_both_are_listed(tmp_path: Path) -> None:
    releases = process(0)
    other = deepcopy(releases[1])
    other["contracts"][0]["period"]["endDate"] = stamp("2019-05-01")
    files = [write(tmp_path, releases, "a.json"), write(tmp_path, [other], "b.json")]
    facts = facts_of(tmp_path, files)
    row = facts.table("facts").to_pylist()[0]
    assert (row["end_state"], row["end_why"]) == ("contradictory", "two values under one release id")
    assert row["signed_state"] == "known"  # what both say alike stands
    listed = {one["file"] for one in facts.table("repairs").to_pylist() if one["path"] == "id"}
    assert {Path(one).name for one in listed} == {"a.json", "b.json"}


def test_two_values_at_one_instant_have_no_winner(tmp_path: Path) -> None:
    releases = process(0)
    releases[1]["date"], releases[1]["tag"] = releases[0]["date"], releases[0]["tag"]
    releases[1]["contracts"][0]["period"]["endDate"] = stamp("2019-05-01")
    for order in (releases, releases[::-1]):
        row = facts_of(tmp_path / str(order[0]["id"]), order).table("facts").to_pylist()[0]
        assert (row["end_state"], row["end_why"]) == ("contradictory", "two values at one instant")


def test_no_currency_makes_amounts_useless_unless_the_source_states_one(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        del one["contracts"][0]["value"]["currency"]
    without = cell(facts_of(tmp_path / "a", releases), "M5")
    assert without.reasons == {"missing: no currency, or several": 12}
    facts = facts_of(tmp_path / "b", releases, "currency: EUR\n")
    assert cell(facts, "M5").n == 12
    assert all(facts.columns("facts", "currency_declared")["currency_declared"])
    stated = facts_of(tmp_path / "c", published(12), "currency: GBP\n").table("facts").to_pylist()
    assert {(one["currency"], one["currency_declared"]) for one in stated} == {("EUR", False)}  # the data go first


def test_two_currencies_are_never_added(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases[1::2]:
        one["contracts"][0]["value"]["currency"] = "USD"
    assert cell(facts_of(tmp_path, releases), "M5").reasons == {"missing: no currency, or several": 12}


@pytest.mark.parametrize(
    ("change", "state", "why"),
    [
        ({"endDate": "3014-01-01"}, "impossible", "more than 30 years ahead"),
        ({"endDate": "1959-01-01"}, "impossible", "before 1990"),
        ({"endDate": "2015-01-01"}, "impossible", "the period ends before it starts"),
        ({"endDate": "31/12/2016"}, "impossible", "not a date"),
        ({"endDate": "2016-13-45"}, "impossible", "not a date"),
        ({"endDate": 20161231}, "impossible", "not a date"),
        ({"endDate": {"day": 1}}, "impossible", "not a date"),
        ({"endDate": None}, "missing", "not stated"),
        ({"endDate": ""}, "missing", "not stated"),
    ],
)
def test_impossible_ends_are_told_and_not_mended(tmp_path: Path, change: dict[str, Any], state: str, why: str) -> None:
    releases = process(0)
    for one in releases:
        one["contracts"][0]["period"] |= change
    facts = facts_of(tmp_path, releases)
    row = facts.table("facts").to_pylist()[0]
    assert (row["end_state"], row["end_why"]) == (state, why)
    if why == "the period ends before it starts":
        assert row["start_state"] == "impossible"
    logged = [one for one in facts.table("repairs").to_pylist() if one["state"] == "impossible"]
    assert bool(logged) == (state == "impossible")


@pytest.mark.parametrize("amount", ["1 234,50", "1,234.50", "12e3", True, -5, 10**400, {"x": 1}, "Infinity"])
def test_amounts_are_not_guessed(tmp_path: Path, amount: Any) -> None:
    releases = process(0)
    for one in releases:
        one["contracts"][0]["value"]["amount"] = amount
    row = facts_of(tmp_path, releases).table("facts").to_pylist()[0]
    assert (row["amount_state"], row["amount_last"]) == ("impossible", None)


@pytest.mark.parametrize("amount", ["1e999", "1" + "0" * 400, "1" + "0" * 400 + ".5"])
def test_amounts_beyond_all_numbers_are_impossible_and_not_missing(tmp_path: Path, amount: str) -> None:
    releases = process(0)
    for one in releases:
        one["contracts"][0]["value"]["amount"] = "AMOUNT"
    text = json.dumps({"releases": releases}).replace('"AMOUNT"', amount)
    row = facts_of(tmp_path, [_raw(tmp_path, "a.json", text.encode())]).table("facts").to_pylist()[0]
    assert (row["amount_state"], row["amount_last"]) == ("impossible", None)


def test_local_words_are_unknown_until_the_source_maps_them(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        one["tender"]["procurementMethod"] = "Concurso Público"
        one["contracts"][0]["status"] = "Terminado"
    facts = facts_of(tmp_path / "a", releases)
    assert {(one["kind"], one["word"]) for one in facts.record["unmapped"]} == {
        ("method", "Concurso Público"),
        ("status", "Terminado"),
    }
    assert cell(facts, "M6").reasons == {
        "missing: whether it was competitive (a local word that the source does not map)": 12
    }
    mapped = facts_of(
        tmp_path / "b", releases, "codes:\n  method: {concurso público: open}\n  status: {TERMINADO: terminated}\n"
    )
    assert (cell(mapped, "M6").n, mapped.record["unmapped"]) == (12, [])


def test_codes_are_read_whatever_their_case(tmp_path: Path) -> None:
    releases = published(12)
    for one in releases:
        one["tender"]["procurementMethod"] = "Open"
    assert cell(facts_of(tmp_path, releases), "M6").n == 12


def test_a_draft_without_an_adapter_is_refused_with_a_hint(tmp_path: Path) -> None:
    raw = json.dumps({"releases": [{"ocid": "a", "releaseTag": "award", "releaseID": "1", "awards": []}]}).encode()
    found = _file(facts_of(tmp_path, [_raw(tmp_path, "d.json", raw)]), "d.json")
    assert found["what"] == "is in a draft form of OCDS (0.x) that no adapter reads"
    assert found["hint"].startswith("Upgrade it")


def test_ids_that_differ_by_case_are_one_body_only_through_the_register(tmp_path: Path) -> None:
    releases = published(60)
    for number, one in enumerate(releases):
        one["buyer"] = {"id": "w1 " if number % 4 < 2 else "W1"}
    apart = facts_of(tmp_path / "a", releases)
    assert sorted(one["label"] for one in apart.record["bodies"]) == ["id W1", "id w1"]
    joined = facts_of(tmp_path / "b", releases, "bodies: {W1: {name: Ministry of Works, ids: [w1]}}\n")
    assert [one["label"] for one in joined.record["bodies"]] == [WORKS]


def test_names_that_lost_letters_never_join_by_themselves(tmp_path: Path) -> None:
    releases = published(90)
    for number, one in enumerate(releases):
        one["buyer"] = {
            "name": "Aeropuerto de M?xico"
            if number % 6 < 2
            else "AEROPUERTO DE MEXICO"
            if number % 6 < 4
            else "Aeropuerto de México"
        }
    facts = facts_of(tmp_path, releases)
    assert len(facts.record["bodies"]) == 3
    assert {one["flag"] for one in facts.record["bodies"]} == {"by name", "by name, letters lost"}
    lines = [
        one for one in Evaluation(facts).sensitivity("Aeropuerto de México") if one.what.startswith("names merged (3")
    ]
    assert lines


def test_dates_without_time_are_the_end_of_their_day(tmp_path: Path) -> None:
    releases = process(0)
    releases[0]["date"], releases[1]["date"] = "2016-03-01T18:00:00Z", "2016-03-01"
    releases[1]["contracts"][0]["period"]["endDate"] = stamp("2019-05-01")
    row = facts_of(tmp_path, releases).table("facts").to_pylist()[0]
    assert row["end_last_on"].hour == 23
    assert row["end_slip"] > 0


def test_a_release_without_a_date_is_not_ordered(tmp_path: Path) -> None:
    releases = process(0)
    del releases[1]["date"]
    facts = facts_of(tmp_path, releases)
    assert facts.record["undated"] == 1
    assert facts.table("facts").to_pylist()[0]["end_n"] == 1


def test_a_release_without_a_date_never_has_the_last_word(tmp_path: Path) -> None:
    releases = process(0)
    undated = deepcopy(releases[1])
    undated |= {"id": "zz", "buyer": {"name": "Agency of Somewhere"}, "date": None}
    undated["awards"][0]["status"] = "cancelled"
    facts = facts_of(tmp_path, [*releases, undated])
    assert [one["label"] for one in facts.record["bodies"]] == [WORKS]
    assert facts.table("processes").to_pylist()[0]["awarded"] is True


@pytest.mark.parametrize("what", ["payments", "amendments"])
def test_what_is_told_again_in_another_notation_counts_once(tmp_path: Path, what: str) -> None:
    """A day, an instant of it and the same instant in another zone; what has no id is told apart by its amount."""
    releases = process(0)
    third = deepcopy(releases[1])
    third |= {"id": "0-3", "date": stamp("2018-01-01")}
    for one, when in zip(
        [*releases, third], ["2016-08-01", "2016-08-01T12:00:00Z", "2016-08-01T17:00:00+05:00"], strict=True
    ):
        contract = one["contracts"][0]
        contract["amendments"] = [{"id": "1", "date": when}]
        money = [{"amount": 5, "currency": "EUR"}, {"amount": 6, "currency": "EUR"}]
        contract["implementation"]["transactions"] = [
            {"id": "p", "date": when, "value": money[0]},
            *({"date": when, "value": of} for of in money),
        ]
    facts = facts_of(tmp_path, [*releases, third])
    if what == "payments":
        assert facts.table("payments").num_rows == 3
    else:
        assert facts.table("facts").to_pylist()[0]["amended"] == 1


def test_a_compiled_release_is_set_aside_where_its_releases_are_here(tmp_path: Path) -> None:
    releases = process(0, slip=30)
    compiled = {**deepcopy(releases[1]), "tag": ["compiled"], "id": "x", "date": stamp("2018-01-01")}
    record = {"ocid": releases[0]["ocid"], "releases": releases, "compiledRelease": compiled}
    both = facts_of(tmp_path / "a", [_raw(tmp_path, "r.json", json.dumps(record).encode())])
    assert both.record["compiled_aside"] == 1
    assert both.table("facts").to_pylist()[0]["end_slip"] == 30
    alone = facts_of(tmp_path / "b", [_raw(tmp_path, "c.json", json.dumps(compiled).encode())])
    row = alone.table("facts").to_pylist()[0]
    assert (row["end_n"], row["end_slip"]) == (1, 0)
    assert "compiled only" in row["flags"]


def test_a_versioned_release_is_taken_apart(tmp_path: Path) -> None:
    releases = process(0, slip=30)

    def versions(get: Any) -> list[dict[str, Any]]:
        return [
            {"releaseDate": one["date"], "releaseID": one["id"], "releaseTag": one["tag"], "value": get(one)}
            for one in releases
        ]

    versioned = {
        "ocid": releases[0]["ocid"],
        "buyer": {"id": "W1", "name": versions(lambda one: WORKS)},
        "contracts": [
            {
                "id": "c1",
                "awardID": versions(lambda one: "a1"),
                "dateSigned": versions(lambda one: one["contracts"][0]["dateSigned"]),
                "period": {"endDate": versions(lambda one: one["contracts"][0]["period"]["endDate"])},
            }
        ],
    }
    raw = json.dumps({"records": [{"ocid": releases[0]["ocid"], "versionedRelease": versioned}]}).encode()
    row = facts_of(tmp_path, [_raw(tmp_path, "v.json", raw)]).table("facts").to_pylist()[0]
    assert (row["contract"], row["end_n"], row["end_slip"]) == ("c1", 2, 30)


def test_a_source_tells_all_its_mistakes_with_their_places(tmp_path: Path) -> None:
    source = _raw(
        tmp_path,
        "source.yaml",
        b"publisher: A\nlicense: CC0\nretrived: 2020-01-01\naddress: x\ncoverage: y\ncut-off: soon\ncodes: {status: {x: nonsense}}\n",
    )
    with pytest.raises(InputError) as caught:
        read_source(source)
    text = str(caught.value)
    assert 'source.yaml:3:1: a source has no key "retrived"' in text
    assert "Did you mean retrieved?" in text
    assert "source.yaml:6:10: cut_off must be a date" in text
    assert '"nonsense" is no code' in text


def test_data_without_a_source_are_not_read(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mirror", "read", str(good), "--out", str(tmp_path / "x")]) == 2
    assert "who published them" in capsys.readouterr().err


def test_a_folder_that_holds_anything_is_left_alone(good: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="left as it is"):
        read([good], parse(SOURCE), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_control_characters_and_formulas_do_not_get_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    releases = published(40)
    for one in releases:
        one["buyer"] = {"name": "=cmd|' /C calc'!A0 Ministry\x1b[31m\u202e of Works"}
    facts = facts_of(tmp_path, releases)
    for words in (["coverage"], ["measure", "--measure", "M1", "--csv"]):
        assert main(["mirror", words[0], str(facts.folder), *words[1:]]) == 0
        said = capsys.readouterr().out
        assert "\x1b" not in said
        assert "\u202e" not in said
    assert ",'=cmd" in said


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    assert _file(facts_of(tmp_path, [tmp_path / "pipe"]), "pipe")["what"] == "is not a file"


def test_the_register_excludes_an_office(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, published(40), "bodies: {W1: {name: Ministry of Works, exclude: true}}\n")
    assert Evaluation(facts).bodies == ()
    assert [one["label"] for one in facts.record["bodies"]] == ["(excluded by the register)"]


def test_read_without_register_flags_its_bodies(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, published(40))
    assert facts.table("facts").to_pylist()[0]["flags"] == "by name"
    assert facts_of(tmp_path / "b", published(40), REGISTER).table("facts").to_pylist()[0]["flags"] == ""
