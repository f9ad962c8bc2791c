"""The smaller inputs, and where the two systems meet: measured arrears in the engine, the rule book's points on facts."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from counterscore.catalog import load_assumptions, load_regime
from counterscore.cli import main
from counterscore.errors import InputError, UsageError
from counterscore.mirror import Facts, parse
from counterscore.mirror.assumptions import as_file, derived, lateness
from counterscore.mirror.evaluate import Evaluation
from counterscore.mirror.evidence import NOTICES, PROMISES, Promise, put, read_notices, read_promises
from counterscore.mirror.rating import rate
from counterscore.regime.cases import parse_cases
from counterscore.regime.ledger import apply_on_paper
from counterscore.regime.read import read_document
from tests.mirror.published import SOURCE, WORKS, cell, facts_of, published

REGISTER = "bodies: {W1: {name: Ministry of Works, kind: ministry}}\n"
_PROMISES = "body,promise,due,evidence,outcome\n" + "".join(
    f"Ministry of Works,p{k},2018-0{1 + k % 9}-28,{'2018-01-05' if k < 12 else '2019-01-01' if k < 18 else ''},{'broken' if k in (18, 19) else ''}\n"
    for k in range(22)
)


def _write(folder: Path, text: str, name: str = "file.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return facts_of(tmp_path / "data", published(60, late_ends=12, late_payments=15), REGISTER)


def test_promises_kept_late_broken_and_without_evidence(facts: Facts, tmp_path: Path) -> None:
    put(facts.folder, PROMISES, read_promises(_write(tmp_path, _PROMISES + "Ministry of Works,far,2030-01-01,,\n")))
    found = cell(facts, "M12", WORKS)
    assert (found.value, found.n, found.eligible) == (12 / 20, 20, 23)
    assert found.by_state() == {"missing": 2, "open": 1}
    assert {what: value for what, value, *_ in found.beside} == {"late": 6 / 20, "broken": 2 / 20}


@pytest.mark.parametrize(("day", "outcome"), [(0, "kept"), (1, "late")])
def test_a_promise_kept_on_the_very_day_is_kept(day: int, outcome: str) -> None:
    assert Promise("Ministry", "p", 86_400, (1 + day) * 86_400, False).outcome(10**9) == outcome


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("body,promise,due,official\nA,b,2018-01-01,x\n", 'there is no column "official"'),
        ("body,promise\nA,b\n", "the column due is missing"),
        ("body,promise,due\nMinistry,b,soon\n", "due must be a date"),
        ("body,promise,due\nJuan Pérez Gómez,b,2018-01-01\n", "looks like a person"),
        ("body,promise,due,outcome\nMinistry,b,2018-01-01,kept\n", "needs the day of the evidence"),
        ("body,promise,due,evidence,outcome\nMinistry,b,2018-01-01,2018-01-01,broken\n", "Leave one of the two out"),
        ("body,promise,due\nMinistry,b\n", "2 cells under 3 headings"),
        ("", "the column body is missing"),
    ],
)
def test_a_file_of_promises_tells_its_mistakes(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_promises(_write(tmp_path, text))
    assert words in str(caught.value)
    assert "Pérez" not in str(caught.value)
    assert re.search(r"file\.csv:\d+:\d+", str(caught.value))


def test_notices_are_the_bodys_own_word(facts: Facts, tmp_path: Path) -> None:
    text = (
        "body,from,to,n,share_30,mean_days\nW1,2019-01-01,2019-06-30,300,0.9,20\nW1,2019-07-01,2019-12-31,100,50 %,40\n"
    )
    put(facts.folder, NOTICES, read_notices(_write(tmp_path, text), parse(SOURCE + REGISTER)))
    found = cell(facts, "M13", WORKS)
    assert (found.value, found.note, found.low) == (0.8, "self-reported", None)
    assert {what: value for what, value, *_ in found.beside} == {
        "invoices the body counted": 400,
        "mean days, as published": 25,
    }


@pytest.mark.parametrize("share", ["1.2", "-0.1", "nan", "many", "120 %"])
def test_a_share_is_a_share(tmp_path: Path, share: str) -> None:
    with pytest.raises(InputError, match="share_30 must be a share"):
        read_notices(_write(tmp_path, f"body,from,to,n,share_30\nMinistry,2019-01-01,2019-06-30,3,{share}\n"))


def test_measured_lateness_becomes_an_assumption_with_its_source(facts: Facts, tmp_path: Path) -> None:
    """keep x (1 - stress) is the share paid in its month: 45 of 60."""
    evaluation = Evaluation(facts)
    measure, measured = lateness(evaluation)
    assert (measure.id, [one.kind for one in measured], measured[0].share) == ("M3", ["all bodies", "ministry"], 0.25)
    for stress in (0.0, 0.1, 0.25, 0.5):
        values = {one.path: one for one in derived(measured, stress)}
        kept = values["bodies.keep"].value * (
            1 - (values["bodies.stress"].value if "bodies.stress" in values else stress)
        )
        assert kept == pytest.approx(0.75)
        assert all(one.low <= one.value <= one.high for one in values.values())
    file = _write(tmp_path, as_file(evaluation, load_assumptions()["bodies.stress"]), "arrears.yaml")
    found = load_assumptions().with_file(file)
    row = found.table["bodies.keep"]
    assert (row.mark, row.given) == ("derived", True)
    assert row.source.startswith("Test publisher, read by counterscore mirror; cut-off 2020-12-31")
    assert "n = 60 of 60" in row.note


def test_lateness_of_ends_stands_in_where_no_payment_is_known(tmp_path: Path) -> None:
    releases = published(40, late_ends=10)
    for one in releases:
        del one["contracts"][0]["implementation"]
    evaluation = Evaluation(facts_of(tmp_path / "a", releases))
    assert (lateness(evaluation)[0].id, lateness(evaluation)[1][0].share) == ("M1", 0.25)
    assert "as a stand-in for payments" in as_file(evaluation, 0.25)
    with pytest.raises(UsageError, match="nothing was measured"):
        lateness(Evaluation(facts_of(tmp_path / "b", releases[:4])))


def test_a_run_takes_measured_arrears_and_keeps_their_source(
    facts: Facts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "arrears.yaml"
    assert main(["mirror", "assumptions", str(facts.folder), "--out", str(file)]) == 0
    words = ["run", "government-integrity", "--city", "demo", "--residents", "400", "--months", "12", "--replays", "2"]
    words += [
        "--responses",
        "off",
        "--assumptions",
        str(file),
        "--out",
        str(tmp_path / "run"),
        "--progress",
        "none",
        "--json",
    ]
    assert main(words) == 0
    capsys.readouterr()
    record = json.loads((tmp_path / "run" / "record.json").read_text())
    row = record["assumptions"]["bodies.keep"]
    assert (row["mark"], row["given"]) == ("derived", True)
    assert row["source"].startswith("Test publisher, read by counterscore mirror")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("values: {bodies.kep: {value: 0.5}}\n", 'no assumption is called "bodies.kep"'),
        ("values: {bodies.keep: {value: soon}}\n", "must have a number"),
        ("values: {bodies.keep: {value: .inf}}\n", "must have a number"),
        ("values: {bodies.keep: {value: 0.5, low: 0.6}}\n", "outside its range"),
        ("other: 1\n", "a file of assumptions has values"),
        ("values: {bodies.keep: {value: 1.5, low: 0, high: 2}}\n", "bodies.keep"),
    ],
)
def test_a_file_of_assumptions_tells_its_mistakes(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_assumptions().with_file(_write(tmp_path, text, "a.yaml"))
    assert words in str(caught.value)


def test_the_points_on_facts_are_those_of_the_ledger(facts: Facts, tmp_path: Path) -> None:
    """Fifteen payments 45 days late are two months of arrears each; the promises are worked out by hand beside."""
    put(facts.folder, PROMISES, read_promises(_write(tmp_path, _PROMISES)))
    book = load_regime("government-integrity")
    found = rate(Evaluation(facts), WORKS, book)
    records = {one.row: (one.points, one.records) for one in found.inputs}
    assert records["arrears"] == (-1, 30)
    assert records["promise-kept"] == (1, 12)
    assert records["promise-late"] == (-2, 6)
    assert records["promise-broken"] == (-5, 2)
    # arrears of 2016 and 2017, kept and late promises of 2018 are over at the end of 2020; two broken ones still count.
    case = "format: 1\nregime: government-integrity\nreader: test\ncases:\n  - {name: x, why: y, until: 2020-12, expect: {score: 90}, records: [{on: 2018-01-28, act: promise-broken}, {on: 2018-02-28, act: promise-broken}]}\n"
    (paper,) = [apply_on_paper(book, one) for one in parse_cases(read_document(case, kind="cases")).cases]
    assert paper.ok
    assert (found.score, found.grade) == ("90", "B")
    seen = 1 * 1.0 + (1 + 2 + 5) * 20 / 22
    assert found.on_nothing == pytest.approx(1 - seen / 52)


def test_without_a_single_input_there_is_no_score(tmp_path: Path) -> None:
    releases = published(40)
    for one in releases:
        del one["contracts"][0]["implementation"]
    found = rate(Evaluation(facts_of(tmp_path, releases, REGISTER)), WORKS, load_regime("government-integrity"))
    assert (found.score, found.grade, found.on_nothing) == (None, None, 1.0)


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["mirror", *words]) == 0
    return capsys.readouterr().out


def test_every_command_speaks_json_and_csv(facts: Facts, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, promises = str(facts.folder), str(_write(tmp_path, _PROMISES))
    notices = str(_write(tmp_path, "body,from,to,n,share_30\nMinistry,2019-01-01,2019-06-30,3,0.5\n", "n.csv"))
    for words in (
        ["coverage", folder],
        ["measure", folder, "--measure", "M1,M3"],
        ["measure", folder, "--measure", "M1", "--ocids"],
        ["measure", folder, "--compare", "--measure", "M1"],
        ["promises", promises, "--cut-off", "2020-12-31"],
        ["notices", notices],
        ["rating", folder],
    ):
        json.loads(_run(capsys, *words, "--json"))
        rows = list(csv.reader(io.StringIO(_run(capsys, *words, "--csv"))))
        assert len({len(row) for row in rows}) == 1
    json.loads(_run(capsys, "assumptions", folder, "--json"))
    data = json.loads(_run(capsys, "measure", folder, "--json", "--measure", "M1"))
    (first, *_) = data["measures"]
    assert {"value", "low", "high", "n", "eligible", "coverage", "reasons", "interval"} <= set(first)
    assert data["standing"].startswith("A high value is a question")


def test_a_number_leads_to_its_processes(facts: Facts, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(
        _run(capsys, "measure", str(facts.folder), "--measure", "M1", "--body", WORKS, "--ocids", "--json")
    )
    assert len(rows) == 60
    late = sorted(row["ocid"] for row in rows if row["value"] == "1")
    assert late == [f"ocds-test-{number:04d}" for number in range(12)]


@pytest.mark.usefixtures("drawn")
def test_the_page_leads_from_each_number_to_its_processes(facts: Facts, capsys: pytest.CaptureFixture[str]) -> None:
    _run(capsys, "report", str(facts.folder))
    page = (facts.folder / "mirror.html").read_text()
    assert page.count("<svg ") == 2
    assert 'svg [fill="#2A2F36" i]{fill:#F4EEF6}' in page  # on a dark ground
    links = re.findall(r'<a href="#(ocids-[^"]+)">', page)
    assert links
    assert set(links) <= set(re.findall(r'id="([^"]+)"', page))
    assert "<script" not in page
    assert not re.search(r'(src|href)="https?:', page)
    whole = (facts.folder / "mirror.ocids.csv").read_text()
    assert whole.count("ocds-test-0000") > 5


def test_the_help_holds_the_three_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mirror"]) == 0
    said = capsys.readouterr().out
    for line in ("No data about real persons", "No live service", "No verdicts"):
        assert line in said


def test_an_unknown_body_or_measure_is_told_with_a_hint(facts: Facts, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mirror", "measure", str(facts.folder), "--body", "Ministry of Work"]) == 2
    assert "Did you mean Ministry of Works?" in capsys.readouterr().err
    assert main(["mirror", "measure", str(facts.folder), "--measure", "M77"]) == 2
    assert main(["mirror", "coverage", str(facts.folder / "nothing")]) == 2
    said: Any = capsys.readouterr().err
    assert "counterscore mirror read" in said
