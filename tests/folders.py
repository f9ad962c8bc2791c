"""Run folders changed on purpose, with a manifest that fits what is left."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from counterscore.results import Run


def seal(folder: Path) -> None:
    """Write the manifest that a run with these files would have."""
    lines = [{"manifest": "counterscore run", "format": 1}]
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        kind = {"record.json": "record", "unit.json": "unit"}.get(file.name, file.stem)
        if file.suffix not in {".json", ".parquet"}:
            continue
        raw = file.read_bytes()
        entry: dict[str, Any] = {"path": path, "kind": "table" if file.suffix == ".parquet" else kind}
        entry |= {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
        if path.count("/") == 2:
            world, replay, _ = path.split("/")
            entry |= {"world": world, "replay": int(replay)}
        if file.suffix == ".parquet":
            entry["table"] = file.stem
        lines.append(entry)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    text += json.dumps({"check": hashlib.sha256(text.encode()).hexdigest()}) + "\n"
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")


def without(run: Run, out: Path, units: Iterable[tuple[str, int]]) -> Run:
    """A copy of a run that was stopped before some units were finished."""
    shutil.copytree(run.path, out)
    for world, replay in units:
        shutil.rmtree(out / world / f"{replay:04d}")
    seal(out)
    return Run(out)


def recorded_otherwise(run: Run, out: Path, change: Callable[[dict[str, Any]], object]) -> Run:
    """A copy of a run with another record."""
    shutil.copytree(run.path, out)
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    change(record)
    (out / "record.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    seal(out)
    return Run(out)
