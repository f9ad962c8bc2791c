"""``run --resume``: what may be asked for beside a run that exists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counterscore.cli.places import split_ids
from counterscore.errors import UsageError

#: Options that change nothing about a run, by parameter; replicates can be added.
_FREE = frozenset(["regime", "resume", "threads", "on", "progress", "yes", "json", "quiet", "no_color", "replays"])
_OPTION = {"set_": "--set", "with_": "--with", "from_": "--from"}


def refuse_other_inputs(folder: Path, given: Mapping[str, Any]) -> None:
    """Raise ``UsageError`` where an option of the command line differs from what the run in ``folder`` was made with."""
    from counterscore.results import Run

    run = Run(folder)
    differ = [
        f"{_OPTION.get(name, f'--{name}')} {_shown(value)} ({has})"
        for name, value in given.items()
        if name not in _FREE and (has := _differs(run, name, value))
    ]
    had = int(run.record["replays"])
    if "replays" in given and given["replays"] < had:
        differ.append(f"--replicates {given['replays']} (the run has {had}; they can only be added)")
    if differ:
        raise UsageError(
            f"{folder} was made with other settings: {'; '.join(differ)}",
            suggestion="Leave them out to go on with it, or make another run without --resume.",
        )


def _differs(run: Any, name: str, value: Any) -> str:
    """What the run has instead of an option's value; empty where it is the same."""
    record = run.record
    first = record["worlds"][0]
    switches = {key: "on" if on else "off" for key, on in record["switches"].items()}
    plain: dict[str, Any] = {
        "months": record["months"],
        "seed": record["seed"],
        "start": record["start"],
        "base": record["baseline"] or "none",
        "residents": record["city"]["residents"],
        "city": [record["city"]["id"]],
        **switches,
    }
    if name in plain:
        return "" if value == plain[name] else f"the run has {_shown(plain[name])}"
    if name == "set_":
        other = [text for text in value if not _is_set(record["assumptions"], text)]
        return f"the run has not {_shown(other)}" if other else ""
    if name == "with_":
        return (
            ""
            if list(split_ids(value)) == first["reforms"]
            else f"the run has {_shown(first['reforms']) or 'no reforms'}"
        )
    if name == "also":
        names = [world for world in run.worlds[1:] if world != run.baseline]
        asked = ["+".join([run.worlds[0], *split_ids([text])]) for text in value]
        same = all(
            pair[0] == one or pair[1] == one for pair, one in zip(zip(value, asked, strict=True), names, strict=False)
        )
        return "" if same and len(names) == len(value) else f"the run has {_shown(names) or 'no further world'}"
    if name == "from_":
        return "" if f"from-{value}" in first["reforms"] else "the run has another month of adoption, or none"
    return "not to be changed in a run that exists"


def _is_set(assumptions: Mapping[str, Any], text: str) -> bool:
    path, _, value = text.partition("=")
    try:
        return bool(assumptions[path.strip()]["value"] == float(value))
    except (KeyError, ValueError):
        return False


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
