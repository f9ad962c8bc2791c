"""The run record: what a run was, written before its first month.

It holds everything needed to do the run again: the regimes in full, the assumptions, the city, the
settings, the versions and the digest of the engine.
"""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any

RECORD_FORMAT = 2
RESULTS_EPOCH = 3  #: raised when the same inputs give other numbers; see CHANGELOG, "Changes to results"


def own_version() -> str:
    """The version of counterscore that is installed, or "unknown" in a bare source tree."""
    try:
        return version("counterscore")
    except PackageNotFoundError:
        return "unknown"


def run_record(spec: Any, *, engine: str, threads: int, command: str) -> dict[str, Any]:
    """The record of a run as plain data, from its specification (``specification.RunSpec``), in which worlds keep their
    order, the one asked for first. ``engine`` is the digest of what lives it.
    """
    return {
        "format": RECORD_FORMAT,
        "results_epoch": RESULTS_EPOCH,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "software": {
            "counterscore": own_version(),
            "python": sys.version.split()[0],
            "platform": platform.platform(),
            **{name: _version(name) for name in ("numpy", "numba", "pyarrow", "scipy")},
        },
        "engine_sha256": engine,
        "worlds": [
            {
                "name": name,
                "title": regime.title,
                "status": regime.status,
                "reforms": list(regime.reforms),
                "parts": [
                    {
                        "id": part.id,
                        "title": part.title,
                        "subjects": part.subjects,
                        "owner": part.owner,
                        "participation": part.participation,
                        "perk_grades": _perk_grades(part),
                        "scrutiny": {one.occupation: one.times or 1.0 for one in part.scrutiny},
                        "files": dict(part.files),
                        "lists": {key: rule.label for key, rule in part.lists.items()},
                        "honours": [key for key in part.lists if key in honours],
                        "orders": [key for key, rule in part.lists.items() if rule.kind == "order"],
                        "grades": [grade.id for grade in part.score.grades] if part.score else None,
                        "score_start": part.score.opening60 // 60 if part.score and part.score.known else None,
                        "score_known": part.score is not None and part.score.known,
                        "grades_known": part.score is not None
                        and part.score.known
                        and all(band.grade is not None for band in part.score.spans()),
                        "doors": len(part.doors),
                    }
                    for part in regime.stacked()
                ],
            }
            for name, regime in spec.worlds.items()
            for honours in [regime.honours()]
        ],
        "baseline": spec.baseline,
        "city": {
            "id": str(spec.city.id),
            "title": str(spec.city.title),
            "residents": spec.city.residents,
            "districts": list(spec.city.districts),
            "sha256": spec.city.digest(),
            **({"seed": spec.city.seed} if spec.city.seed != spec.seed else {}),  # residents drawn apart from the run
        },
        "months": spec.months,
        "replays": spec.replays,
        "seed": spec.seed,
        "start": spec.start,
        "switches": spec.switches,
        "subjects": list(spec.subjects),
        "threads": threads,
        "assumptions": spec.assumptions.as_record(),
        "assumptions_sha256": spec.assumptions.digest(),
    }


def _perk_grades(part: Any) -> list[str]:
    """Grades of a rule book before which some door saves a sum of money."""
    names = [grade.id for grade in part.score.grades] if part.score else []
    found: set[str] = set()
    for door in part.doors:
        if door.saves and door.when.kind == "grade" and door.when.name in names:
            at = names.index(door.when.name)
            found |= set(
                {"exactly": names[at : at + 1], "worse": names[at:], "better": names[: at + 1]}[door.when.reach]
            )
    return [name for name in names if name in found]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


_WHERE = ("--out", "--progress", "--on")  #: options of ``run`` that take a word and change no figure
_TOLD = frozenset(["--json", "--quiet", "--verbose", "--no-color", "--yes"])  #: and those that take none


def portable_command(words: Sequence[str]) -> str:
    """A command as it can be typed elsewhere: without folders of this machine, where its result went and how it was told."""
    kept: list[str] = []
    skip = False
    for word in words:
        if skip or word in _TOLD or word.startswith(tuple(f"{option}=" for option in _WHERE)):
            skip = False
        elif word in _WHERE:
            skip = True
        else:
            option, sign, value = word.rpartition("=")
            kept.append(f"{option}{sign}{PurePath(value).name}" if PurePath(value).is_absolute() else word)
    return shlex.join(kept)
