"""A bundle is whole, says what it is, and tells what was changed in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counterscore.bundle import bibtex, cff, citation, is_bundle, pack, verify
from counterscore.bundle.crate import file_address
from counterscore.bundle.pack import CHECKSUMS
from counterscore.errors import InputError, RunError, UsageError
from counterscore.regime.read import read_document
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import folders, worlds


@pytest.fixture(scope="module")
def bundle(saved: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundles") / "evidence.zip"
    pack(saved, out, licence="CC-BY-4.0")
    return out


def rewritten(bundle: Path, out: Path, change: dict[str, bytes]) -> Path:
    """The same bundle with some members changed."""
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return out


def test_it_holds_everything_and_verifies(bundle: Path, saved: Run) -> None:
    assert is_bundle(bundle)
    with zipfile.ZipFile(bundle) as file:
        names = set(file.namelist())
        assert file.testzip() is None
        sums = file.read(CHECKSUMS).decode().splitlines()
        assert {row.split("  ")[1] for row in sums} == names - {CHECKSUMS}
        for path in saved.path.rglob("*.parquet"):
            assert f"run/{path.relative_to(saved.path).as_posix()}" in names
            assert f"csv/{path.relative_to(saved.path).with_suffix('.csv').as_posix()}" in names
        text = next(iter(saved.record["worlds"][0]["parts"][0]["files"].values()))
        assert file.read("inputs/rule-books/test-town/test-town/test.yaml").decode() == text
        assert "beijing.yaml" in "".join(names)
        readme = file.read("README.txt").decode()
        assert readme.index("Limits first") < readme.index("What is in here")
        columns = list(csv.DictReader(io.StringIO(file.read("columns.csv").decode())))
        assert {"outcomes", "residents", "counts"} <= {row["table"] for row in columns}
        assert all(row["unit"] and row["meaning"] for row in columns)
        assert "## Purpose and patterns" in file.read("method.md").decode()
        assert json.loads(file.read("numbers.json"))["baseline"] == "none"
        assert str(saved.path) not in readme
    found = verify(bundle)
    assert found.identical, str(found)
    assert str(found).startswith(f"All {found.tables} tables identical.   sha256 {saved.digest()[0]}")


def test_the_same_run_gives_the_same_bytes(bundle: Path, saved: Run, tmp_path: Path) -> None:
    pack(saved, tmp_path / "evidence.zip", licence="CC-BY-4.0")
    assert (tmp_path / "evidence.zip").read_bytes() == bundle.read_bytes()


def test_ro_crate(bundle: Path, saved: Run) -> None:
    with zipfile.ZipFile(bundle) as file:
        crate = json.loads(file.read("ro-crate-metadata.json"))
        names = set(file.namelist())
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    by_id = {one["@id"]: one for one in crate["@graph"]}
    assert len(by_id) == len(crate["@graph"])
    assert by_id["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    root = by_id["./"]
    assert root["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    for address in ("https://spdx.org/licenses/CC-BY-4.0", "https://spdx.org/licenses/Apache-2.0"):
        assert by_id[address]["@type"] == "CreativeWork"
    assert by_id["#counterscore"]["version"]
    assert {part["@id"] for part in root["hasPart"]} == names - {"ro-crate-metadata.json"}
    assert saved.digest()[0] in root["identifier"]

    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["@id"]} if set(node) == {"@id"} else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(one) for one in node)) if isinstance(node, list) else set()

    assert references(crate["@graph"]) - {"https://w3id.org/ro/crate/1.1"} <= set(by_id)
    known = {key for one in crate["@graph"] for key in one}
    assert known <= _TERMS, known - _TERMS


#: Terms of the RO-Crate 1.1 context that a bundle uses; others would not be valid.
_TERMS = frozenset(
    [
        "@id",
        "@type",
        "about",
        "conformsTo",
        "contentSize",
        "creativeWorkStatus",
        "creator",
        "datePublished",
        "description",
        "encodingFormat",
        "endTime",
        "hasPart",
        "identifier",
        "instrument",
        "license",
        "mentions",
        "name",
        "object",
        "result",
        "softwareRequirements",
        "softwareVersion",
        "url",
        "version",
    ]
)


def test_names_are_addresses_and_folders_of_the_machine_stay_at_home(tmp_path: Path) -> None:
    made = simulate(
        worlds.town(),
        worlds.city(100, seed=1),
        months=3,
        replays=1,
        seed=1,
        out=tmp_path / "my run 50%",
        command=f"counterscore run '{tmp_path}/my book #1.yaml' --seed 1 --out '{tmp_path}/my run 50%'",
    )
    out = tmp_path / "evidence.zip"
    pack(made, out, licence="https://example.org/licence")
    with zipfile.ZipFile(out) as file:
        crate = json.loads(file.read("ro-crate-metadata.json"))
        texts = {name: file.read(name).decode() for name in file.namelist() if name.endswith((".txt", ".cff", ".bib"))}
        texts["crate"] = json.dumps(crate)
        texts["versions"] = file.read("versions.json").decode()
    for one in crate["@graph"]:
        assert not set(one["@id"]) & set(' <>"{}|^`'), one["@id"]
    for name, text in texts.items():
        assert str(tmp_path) not in text, name
    assert "counterscore run 'my book #1.yaml' --seed 1" in texts["cite.txt"]
    assert 'license-url: "https://example.org/licence"' in texts["CITATION.cff"]


@pytest.mark.parametrize(
    ("name", "address"), [("a b.csv", "a%20b.csv"), ("50% #1.yaml", "50%25%20%231.yaml"), ("a/é.csv", "a/%C3%A9.csv")]
)
def test_a_file_s_name_as_an_address(name: str, address: str) -> None:
    assert file_address(name) == address
    assert unquote(address) == name


def test_codes_of_columns_have_names(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as file:
        rows = list(csv.DictReader(io.StringIO(file.read("columns.csv").decode())))
    named = {row["column"]: row["labels"] for row in rows if row["labels"]}
    assert named["sex"] == "0 male; 1 female"
    assert set(named) >= {"registration", "occupation", "education", "district"}


def test_an_altered_table_is_named_by_its_cell(bundle: Path, saved: Run, tmp_path: Path) -> None:
    file = saved.path / "test-town" / "0001" / "outcomes.parquet"
    table = pq.read_table(file)
    refused = table["refused"].to_numpy().copy()
    refused[123] += 1
    changed = table.set_column(table.column_names.index("refused"), table.schema.field("refused"), pa.array(refused))
    out = io.BytesIO()
    pq.write_table(changed, out)
    name = "run/test-town/0001/outcomes.parquet"
    found = verify(rewritten(bundle, tmp_path / "b.zip", {name: out.getvalue()}))
    assert not found.identical
    assert found.changed == (name,)
    assert found.difference is not None
    assert "replicate 1, table outcomes, row 123, column refused" in found.difference
    assert name in str(found)


def test_an_altered_text_is_named(bundle: Path, tmp_path: Path) -> None:
    found = verify(rewritten(bundle, tmp_path / "b.zip", {"method.md": b"other"}))
    assert found.changed == ("method.md",)
    assert found.difference is None
    assert not found.identical


def test_an_altered_input_gives_other_lives(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as file:
        record = file.read("run/record.json").decode()
    assert "points: -5, validity" in record
    change = {"run/record.json": record.replace("points: -5, validity", "points: -6, validity").encode()}
    found = verify(rewritten(bundle, tmp_path / "b.zip", change))
    assert found.changed == ("run/record.json",)
    assert found.difference is not None


def test_what_is_no_bundle(bundle: Path, tmp_path: Path, saved: Run) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    assert not is_bundle(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as file:
        file.writestr("run/record.json", "{}")
    with pytest.raises(RunError, match="is no bundle"):
        verify(tmp_path / "y.zip")
    with pytest.raises(InputError, match="leads out of it"):
        verify(rewritten(bundle, tmp_path / "z.zip", {"run/../../evil": b"x"}))
    assert not (tmp_path.parent / "evil").exists()
    with pytest.raises(UsageError, match="is not replaced"):
        pack(saved, bundle)
    with pytest.raises(UsageError, match=r"a bundle is a \.zip"):
        pack(saved, tmp_path / "bundle")


def test_a_partial_run_says_so_everywhere(saved: Run, tmp_path: Path) -> None:
    partial = folders.without(saved, tmp_path / "run", [("test-town", 1)])
    with pytest.raises(UsageError, match="its bundle's name must say so"):
        pack(partial, tmp_path / "evidence.zip")
    pack(partial, tmp_path / "evidence-partial.zip")
    with zipfile.ZipFile(tmp_path / "evidence-partial.zip") as file:
        assert "PARTIAL: 3 of 4 parts" in file.read("README.txt").decode()
        assert json.loads(file.read("versions.json"))["partial"] is True
    assert "(partial)" in citation(partial)
    (tmp_path / "run" / "none" / "0000" / "acts.parquet").write_bytes(b"x")
    with pytest.raises(RunError, match="has changed"):
        pack(Run(tmp_path / "run"), tmp_path / "broken-partial.zip")


def test_citations(saved: Run) -> None:
    digest = saved.digest()[0]
    for text in (citation(saved), bibtex(saved), cff(saved)):
        assert digest in text
    data = read_document(cff(saved), name="CITATION.cff").data
    assert data["cff-version"] == "1.2.0"
    assert data["type"] == "dataset"
    assert data["identifiers"][0]["value"] == f"sha256:{digest}"
    assert bibtex(saved).startswith("@misc{counterscore-testtown-")
    assert bibtex(saved).count("{") == bibtex(saved).count("}")
