"""What must hold of whatever a publisher writes: of a fictional one who writes nearly everything."""

from __future__ import annotations

import gzip
import json
import random
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.mirror import Facts, reading, stream, whitelist
from counterscore.mirror.evaluate import Evaluation
from tests.mirror.fictional import CANARY, Raw, releases
from tests.mirror.published import SOURCE, facts_of

REGISTER = "bodies: {W1: {name: Ministry of Works, ids: [w1]}, '17': {name: Secretaría de Educación, ids: [XX-17]}}\n"
SEEDS = (1, 2, 3)


def _tables(facts: Facts) -> list[Any]:
    """Every row but the names of files, in an order of its own."""
    rows = []
    for name in ("facts", "processes", "payments", "awards", "repairs"):
        table = facts.table(name)
        table = table.drop_columns(["file"]) if "file" in table.column_names else table
        rows.append(sorted(table.to_pylist(), key=lambda row: json.dumps(row, default=str, sort_keys=True)))
    named = ("bodies", "copied", "warnings", "processes", "unmapped", "persons_refused")
    return [rows, {key: facts.record[key] for key in named}]


def _written(folder: Path, found: list[Raw], shape: str, luck: random.Random) -> list[Path]:
    """The releases in files of one shape."""
    folder.mkdir()
    groups: dict[str, list[Raw]] = {}
    for number, one in enumerate(found):
        groups.setdefault(str(one.get("ocid", f"none {number}")), []).append(one)
    records = [{"ocid": group[0].get("ocid"), "releases": group} for group in groups.values()]
    thirds = [found[k::3] for k in range(3)]
    texts: dict[str, list[bytes]] = {
        "package": [
            json.dumps({"version": "1.1", "publisher": {"name": CANARY}, "releases": part}).encode() for part in thirds
        ],
        "lines": ["\n".join(json.dumps(one, ensure_ascii=False) for one in part).encode() for part in thirds],
        "indented": [json.dumps(part, ensure_ascii=False, indent=2).encode() for part in thirds],
        "bare": [json.dumps(one).encode() for one in found],
        "records": [json.dumps({"records": records, "version": "1.0"}).encode()],
        "gz": [gzip.compress(json.dumps({"releases": part}).encode()) for part in thirds],
        "packages in lines": ["\n".join(json.dumps({"releases": [one]}) for one in found).encode()],
    }
    if shape == "zip":
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            for number, part in enumerate(thirds):
                archive.writestr(f"{number}.json", json.dumps({"releases": part}))
        return [folder / "all.zip"]
    paths = []
    for number, text in enumerate(texts[shape]):
        paths.append(folder / f"{number}.json")
        paths[-1].write_bytes(text)
    luck.shuffle(paths)
    return paths


SHAPES = ("package", "lines", "indented", "bare", "records", "gz", "zip", "packages in lines")


@pytest.mark.parametrize("seed", SEEDS)
def test_order_and_shape_and_repeats_decide_nothing(seed: int, tmp_path: Path) -> None:
    found, luck = releases(seed, 25), random.Random(seed)
    plain = _tables(facts_of(tmp_path / "plain", found, REGISTER))
    for shape in {*SHAPES[seed::3], "lines"}:
        shuffled = luck.sample(found, len(found))
        paths = _written(tmp_path / shape, shuffled, shape, luck)
        if shape == "lines":
            paths = [*paths, *paths, *_written(tmp_path / "again", found, "package", luck)]
        assert _tables(facts_of(tmp_path / f"of {shape}", paths, REGISTER)) == plain, shape


@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_and_readers_decide_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks of a few bytes as in one, and by the strict reader alone as by the quick one."""
    found = releases(seed, 15)
    plain = _tables(facts_of(tmp_path / "plain", found, REGISTER))
    monkeypatch.setattr(stream, "_BLOCK", 61)
    assert _tables(facts_of(tmp_path / "blocks", found, REGISTER)) == plain
    monkeypatch.setattr(stream, "_BLOCK", 2**22)
    quick: Callable[[], Any] = lambda: None  # noqa: E731
    monkeypatch.setattr(reading, "quick", quick)
    assert _tables(facts_of(tmp_path / "strict", found, REGISTER)) == plain
    assert whitelist.quick()(json.dumps({"ocid": "p", "buyer": {"id": "b"}}).encode(), "releases") is not None


_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z")


def _in_zones(text: str, luck: random.Random) -> str:
    def moved(match: re.Match[str]) -> str:
        if match[1].startswith("9999"):
            return match[0]
        at = datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC)
        return at.astimezone(timezone(timedelta(minutes=luck.choice([-660, -300, 0, 330, 345, 840])))).isoformat()

    return _TIME.sub(moved, text)


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_decide_nothing(seed: int, tmp_path: Path) -> None:
    """Every instant in a zone of its own."""
    found = releases(seed)
    moved = json.loads(_in_zones(json.dumps(found), random.Random(seed)))
    assert moved != found
    assert _tables(facts_of(tmp_path / "b", moved, REGISTER)) == _tables(facts_of(tmp_path / "a", found, REGISTER))


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_every_number_adds_up_and_no_person_comes_out(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = releases(seed, 60)
    folder = tmp_path / "data"
    _written(folder, found, "package", random.Random(seed))
    (folder / "source.yaml").write_text(SOURCE + REGISTER)
    out = tmp_path / "seen"
    assert main(["mirror", "read", str(folder), "--out", str(out)]) == 0
    for words in (
        ["coverage"],
        ["measure"],
        ["measure", "--json"],
        ["measure", "--ocids", "--csv"],
        ["measure", "--compare"],
        ["report"],
    ):
        assert main(["mirror", words[0], str(out), *words[1:]]) == 0
    said = capsys.readouterr()
    written = said.out + said.err
    for file in out.rglob("*"):
        if file.suffix == ".parquet":
            written += json.dumps(Facts(out).table(file.stem).to_pylist(), default=str)
        written += file.read_bytes().decode("latin-1")
    assert "Zaphodia" not in written
    assert "Quuxberg" not in written
    assert "Traceback" not in written
    for cell in Evaluation(Facts(out)).cells():
        assert cell.n + sum(cell.reasons.values()) == cell.eligible, cell
        assert cell.coverage is None or 0 <= cell.coverage <= 1
        assert cell.value is None or cell.value == cell.value
        assert cell.low is None or cell.low <= cell.value <= cell.high or cell.measure == "M3"
