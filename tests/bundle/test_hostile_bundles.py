"""Bundles from anybody: whatever is not as ``pack`` makes it is told in one sentence, and nothing leaves its folder."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counterscore.bundle import pack, verify
from counterscore.bundle.pack import _csv
from counterscore.cli import main
from counterscore.errors import InputError
from counterscore.results import Run


@pytest.fixture(scope="module")
def bundle(saved: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hostile") / "evidence.zip"
    pack(saved, out)
    return out


def _with(bundle: Path, out: Path, *extra: tuple[zipfile.ZipInfo, bytes], compress: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(out, "w", compress) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for info, content in extra:
            new.writestr(info, content)
    return out


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_what_is_not_as_packed_is_refused(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.zip"
    for extra, said in (
        (_link("run/link"), "is no plain file"),
        (zipfile.ZipInfo("run/folder/"), "is no plain file"),
        (zipfile.ZipInfo("/etc/x"), "leads out of it"),
        (zipfile.ZipInfo("run/../../x"), "leads out of it"),
        (zipfile.ZipInfo("a\x1bb"), "is no name"),
    ):
        _with(bundle, out, (extra, b""))
        with pytest.raises(InputError, match=said):
            verify(out)
    _with(bundle, out, compress=zipfile.ZIP_LZMA)
    with pytest.raises(InputError, match="compressed in a way"):
        verify(out)


def test_an_added_file_is_told(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = _with(bundle, tmp_path / "b.zip", (zipfile.ZipInfo("run/none/0000/extra.parquet"), b"x"))
    assert main(["verify", str(out)]) == 5
    assert "run/none/0000/extra.parquet was added" in capsys.readouterr().err


def _patched(bundle: Path, out: Path, name: str, **fields: int) -> Path:
    """The same bundle with other words about one member in its directory and before the member."""
    raw = bytearray(bundle.read_bytes())
    with zipfile.ZipFile(bundle) as file:
        info = file.getinfo(name)
    central = raw.index(b"PK\x01\x02", file.start_dir)
    while raw[central + 46 : central + 46 + len(name)] != name.encode():
        central = raw.index(b"PK\x01\x02", central + 4)
    for what, value in fields.items():
        offset, local, kind = {"flags": (8, 6, "<H"), "size": (24, None, "<I")}[what]
        struct.pack_into(kind, raw, central + offset, value)
        if local is not None:
            struct.pack_into(kind, raw, info.header_offset + local, value)
    out.write_bytes(raw)
    return out


def test_encrypted_and_oversized_members_are_refused(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"method\.md in it is encrypted"):
        verify(_patched(bundle, tmp_path / "b.zip", "method.md", flags=1))
    with zipfile.ZipFile(bundle) as file:
        size = file.getinfo("method.md").file_size
    with pytest.raises(InputError, match="is damaged"):
        verify(_patched(bundle, tmp_path / "c.zip", "method.md", size=size - 100))
    with pytest.raises(InputError, match="it says that it unpacks to"):
        verify(_patched(bundle, tmp_path / "d.zip", "method.md", size=0xFFFFFFF0))


def test_damage_anywhere_is_an_input_error(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as file:
        begins = file.start_dir
        places = [file.getinfo("method.md").header_offset + 60, begins + 16, begins + 28, len(raw) - 10]
    for at in places:
        out = tmp_path / "b.zip"
        out.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        code = main(["verify", str(out)])
        shown = capsys.readouterr().err
        assert code in {3, 4, 5}, (at, shown)
        assert "internal error" not in shown, (at, shown)
    out.write_bytes(raw[: len(raw) // 2])
    assert main(["verify", str(out)]) == 4


def test_cells_of_packed_tables_are_never_computed(tmp_path: Path) -> None:
    pq.write_table(pa.table({"word": ["=1+1", "plain"], "n": [-1, 2]}), tmp_path / "t.parquet")
    assert _csv(tmp_path / "t.parquet").decode().splitlines() == ['"word","n"', '"\'=1+1",-1', '"plain",2']


def test_what_lies_beside_a_run_is_not_packed(saved: Run, tmp_path: Path) -> None:
    beside = saved.path / "none" / "mine.json"
    beside.symlink_to("/etc/hostname")
    try:
        members = pack(saved, tmp_path / "evidence.zip")
    finally:
        beside.unlink()
    assert not [name for name in members if "mine" in name]
