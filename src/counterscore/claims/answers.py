"""Answers on disk: one JSON document with every setting, from which the same answers are told again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterscore.catalog import load_assumptions, synthesize
from counterscore.claims.check import ERROR_RATE, POWER, RANGE_KIND, Found, Point, point_of, sum_up
from counterscore.claims.claim import Claim
from counterscore.diffusion import places_of
from counterscore.engine import engine_digest
from counterscore.errors import InputError, Position, Problem, UsageError
from counterscore.files import write_whole
from counterscore.provenance import RESULTS_EPOCH, own_version

FORMAT = 1
KIND = "claim answers"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a file of answers holds. ``digests`` are those of the inputs of each claim, in the order of ``found``."""

    found: tuple[Found, ...]
    digests: tuple[str, ...]
    version: str
    command: str

    def of(self, claim: Claim, *, points: int, replays: int, seed: int) -> Found | None:
        """The check of ``claim`` with these settings, finished or not; None where there is none from the same inputs."""
        wanted = inputs_digest(claim, points=points, replays=replays, seed=seed)
        return next((one for one, digest in zip(self.found, self.digests, strict=True) if digest == wanted), None)


def inputs_digest(claim: Claim, *, points: int, replays: int, seed: int) -> str:
    """sha256 over all that the answer depends on: the claim, its worlds, city, assumptions, measure and engine."""
    worlds = [side.load() for side in (claim.world, claim.against) if side is not None] if claim.testable else []
    cities = []
    if claim.testable and claim.nation:
        cities = [one.city for one in places_of(claim.nation.cities, claim.setting.residents, seed)]
    elif claim.testable:
        cities = [synthesize(claim.setting.city, residents=claim.setting.residents, seed=seed)]
    inputs = [
        claim.model_dump(mode="json", by_alias=True),
        [part.model_dump(mode="json") for world in worlds for part in world.stacked()],
        "".join(city.digest() for city in cities),
        load_assumptions().digest(),
        claim.measured.definition if claim.measured else "",
        [points, replays, seed, own_version(), RESULTS_EPOCH, engine_digest()],
    ]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def document(found: Sequence[Found], *, command: str = "") -> dict[str, Any]:
    """Answers as plain data: how they were made, then each claim with its answer and every setting."""
    return {
        "format": FORMAT,
        "kind": KIND,
        "version": own_version(),
        "results_epoch": RESULTS_EPOCH,
        "engine": engine_digest(),
        "command": command,
        "claims": [_plain(one) for one in found],
    }


def write_answers(file: Path, found: Sequence[Found], *, command: str = "") -> None:
    """Write ``document`` to ``file``, which is there whole or not at all. Raises ``RunError`` where the disk refuses."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document(found, command=command), ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(file, text + "\n")


def read_answers(file: Path) -> Answers:
    """The answers in ``file``, worked out again from the settings in it.

    Raises ``UsageError`` where there is no such file, ``InputError`` where it is no file of answers.
    """
    if not file.is_file():
        raise UsageError(f"there is no file {file}", suggestion="Make one: counterscore claim check --all --out FILE")
    line, column = 1, 1
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if (data["kind"], data["format"]) != (KIND, FORMAT):
            raise ValueError(f"it says {data['kind']}, format {data['format']}")
        return Answers(
            found=tuple(_found(one) for one in data["claims"]),
            digests=tuple(str(one["inputs_sha256"]) for one in data["claims"]),
            version=str(data["version"]),
            command=str(data["command"]),
        )
    except json.JSONDecodeError as error:
        line, column, why = error.lineno, error.colno, error.msg
    except (KeyError, IndexError) as error:
        why = f"{error} is missing"
    except (ValueError, TypeError, AttributeError) as error:
        why = str(error).splitlines()[0]
    at = Position(str(file), line, column)
    raise InputError(
        [Problem(at, f"this is no file of claim answers: {why}", "Make one: counterscore claim check --all --out FILE")]
    )


def _plain(found: Found) -> dict[str, Any]:
    share = found.share
    return {
        "claim": found.claim.model_dump(mode="json", by_alias=True),
        "answer": found.answer,
        "sentence": found.sentence,
        "error_rate": ERROR_RATE,
        "design": {"sentence": found.design, "sees": found.sees, "power": POWER},
        "partial": found.partial,
        "settings_planned": found.planned,
        "replays": found.replays,
        "seed": found.seed,
        "inputs_sha256": inputs_digest(found.claim, points=found.planned, replays=found.replays, seed=found.seed),
        "share": {
            "holds": share.holds,
            "does_not_hold": share.does_not,
            "unclear": share.unclear,
            "estimate": share.value,
            "low": share.low,
            "high": share.high,
            "n_settings": share.clear,
            "range_kind": "assumption settings, 90 % Wilson interval",
        },
        "settings_undefined": found.undefined,
        "same_in_every_setting": found.flat,
        "condition": found.condition if found.answer == "depends on" else "",
        "flips": [
            {
                "assumption": flip.path,
                "distance": flip.distance,
                "chance": flip.chance,
                "median_where_it_holds": flip.where_it_holds,
                "median_where_not": flip.where_not,
            }
            for flip in found.flips
        ],
        "box": None
        if found.box is None
        else {
            "borders": list(found.box.borders),
            "settings": found.box.settings,
            "density": found.box.density,
            "coverage": found.box.coverage,
            "right_out_of_sample": found.box.right,
            "right_by_guess": found.box.guess,
        },
        "movers": [
            {
                "assumption": mover.path,
                "rank_correlation": mover.rank_correlation,
                "chance": mover.chance,
                "told": mover.told,
                "low_third": mover.low,
                "high_third": mover.high,
                "elasticity": mover.elasticity,
                "echo": mover.echo,
            }
            for mover in found.movers
        ],
        "echo_of_measure": found.claim.measured.echo_of if found.claim.measured else "",
        "more_replays": found.more_replays,
        "more_settings": found.more_points,
        "as_they_are": _setting(found.as_they_are) if found.as_they_are else None,
        "settings": [_setting(point) for point in found.points],
    }


def _setting(point: Point) -> dict[str, Any]:
    return {
        "assumptions": dict(point.values),
        "results": list(point.results),
        "estimate": point.estimate,
        "low": point.low,
        "high": point.high,
        "range_kind": RANGE_KIND,
        "n_replays": len(point.told),
        "holds": point.holds,
    }


def _found(data: Mapping[str, Any]) -> Found:
    claim = Claim.model_validate(data["claim"])
    told = [*([data["as_they_are"]] if data["as_they_are"] else []), *data["settings"]]
    points = [point_of(claim, one["assumptions"], one["results"]) for one in told]
    return sum_up(claim, points, planned=data["settings_planned"], replays=data["replays"], seed=data["seed"])
