"""A run handed over: export, cite and verify as a stranger would use them."""

from __future__ import annotations

import zipfile

RUN = ("run", "suining-2010", "--city", "demo", "--residents", "500", "--months", "14", "--replays", "2", "--seed", "7")


def test_export_verify_cite(counterscore, tmp_path):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    shown = counterscore("export", "one", "--bundle", "evidence.zip")
    assert shown.code == 0, shown.err
    assert "Saved  evidence.zip" in shown.out
    assert "counterscore verify evidence.zip" in shown.err
    verified = counterscore("verify", "evidence.zip")
    assert verified.code == 0, verified.err
    digest = counterscore("digest", "one", "--json").data["columns"]
    assert digest in verified.out
    assert counterscore("verify", "evidence.zip", "--json").data["identical"] is True
    with zipfile.ZipFile(tmp_path / "evidence.zip") as old, zipfile.ZipFile(tmp_path / "other.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'"seed": 7', b'"seed": 8') if name == "run/record.json" else content)
    differs = counterscore("verify", "other.zip")
    assert differs.code in {4, 5}
    assert "run/record.json changed" in differs.err or "not the one of this run" in differs.err
    assert digest in counterscore("cite", "one").out
    assert counterscore("cite", "one", "--style", "bibtex").out.startswith("@misc{")
    assert counterscore("cite", "one", "--style", "cff").out.startswith("cff-version: 1.2.0")
    assert set(counterscore("cite", "one", "--json").data) == {"text", "bibtex", "cff"}


def test_audit_export(counterscore, tmp_path):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    shown = counterscore("export", "one", "--audit", "audit", "--replay", "1")
    assert shown.code == 0, shown.err
    assert (tmp_path / "audit" / "seen" / "records.parquet").is_file()
    assert (tmp_path / "audit" / "hidden" / "records_truth.parquet").is_file()
    assert counterscore("export", "one", "--audit", "audit").code == 2


def test_an_altered_run_folder_is_named_by_its_cell(counterscore, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    assert counterscore(*RUN, "--out", "runs/one").code == 0
    file = tmp_path / "runs" / "one" / "suining-2010" / "0001" / "outcomes.parquet"
    table = pq.read_table(file)
    values = table["refused"].to_numpy().copy()
    values[77] += 1
    at = table.column_names.index("refused")
    pq.write_table(table.set_column(at, table.schema.field("refused"), pa.array(values)), file)
    shown = counterscore("verify", "one")
    assert shown.code == 5, shown.err
    assert "replicate 1, table outcomes, row 77, column refused" in shown.err
    assert counterscore("numbers", "one").code == 4


def test_evidence_mistakes(counterscore, tmp_path):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    (tmp_path / "no.zip").write_text("nothing")
    for arguments, code, said in (
        (("export", "one"), 2, "say what to export"),
        (("export", "one", "--bundle", "x.tar"), 2, "a bundle is a .zip"),
        (("verify", "gone.zip"), 2, "does not exist"),
        (("verify", "no.zip"), 4, "is not a bundle"),
    ):
        shown = counterscore(*arguments)
        assert shown.code == code, (arguments, shown.err)
        assert said in shown.err
        assert "Traceback" not in shown.err
