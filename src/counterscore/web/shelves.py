"""What stands on the shelves, as rows for pages: rule books, reforms, cities, runs."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from counterscore.catalog import (
    city_ids,
    is_rule_book,
    load_city_spec,
    load_reform,
    load_regime,
    read_regime,
    reform_ids,
    regime_ids,
)
from counterscore.catalog import review_status as review_of
from counterscore.errors import CounterscoreError, UsageError, did_you_mean
from counterscore.files import read_plain
from counterscore.regime import words
from counterscore.regime.model import Regime
from counterscore.results import Run
from counterscore.run_folder import head_stamp

#: Rule books the start page offers: one of each kind, those of the article among them.
_FIRST = (
    ("beijing-points", "Points and lists for residents, as a 2018 news report described the plan of a city"),
    ("rongcheng-2013", "Points and grades, as in one city's published measures"),
    ("court-defaulters", "Lists only, as in the courts' list of judgment defaulters"),
    ("sesame-credit", "A private score that one may join"),
    ("none", "No scheme, for comparison"),
)
_MOST_BYTES = 1 << 22  #: of a file that may be a rule book
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.ya?ml")


def quoted(text: str) -> str:
    """``text`` as a part of an address."""
    return quote(text, safe="")


def first_choices() -> list[dict[str, Any]]:
    """The rule books of the start page, with how many sources each has."""
    return [
        {"id": id_, "words": said, "sources": sum(len(one.sources) for one in load_regime(id_).stacked())}
        for id_, said in _FIRST
    ]


@cache
def regime_rows() -> tuple[dict[str, Any], ...]:
    """The rule books that come along."""
    return tuple(_regime_row(load_regime(id_), id_, review_of(id_)) for id_ in regime_ids())


def _regime_row(regime: Regime, id_: str, review: str) -> dict[str, Any]:
    numbers = [number for one in regime.stacked() for number in one.numbers()]
    return {
        "id": id_,
        "title": regime.title,
        "place": regime.place,
        "status": regime.status,
        "kind": words.kind(regime),
        "subjects": regime.subjects,
        "contents": words.contents(regime),
        "marks": words.tally_in_words(numbers),
        "review": review,
        "level": words.level(regime),
    }


def own_files(folder: Path) -> dict[str, Path]:
    """The rule-book files in a folder, by name: YAML files that look like one."""
    found = {}
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if _FILE_NAME.fullmatch(file.name) and file.is_file() and _says_regime(file):
            found[file.name] = file
    return found


def _says_regime(file: Path) -> bool:
    try:
        return is_rule_book(read_plain(file, _MOST_BYTES).decode("utf-8", "replace"))
    except OSError:
        return False


def own_rows(folder: Path) -> list[dict[str, Any]]:
    """The own rule books of a folder; of one with mistakes only that it has some."""
    rows = []
    for name, file in own_files(folder).items():
        try:
            rows.append(_regime_row(read_regime(file), name, "own file"))
        except CounterscoreError:
            rows.append({"id": name, "title": name, "problem": "has mistakes"})
    return rows


def regime_choices(folder: Path) -> list[tuple[str, str]]:
    """Every rule book one can choose, own files first: (id, what it is called with its id)."""
    own = [(row["id"], row["title"]) for row in own_rows(folder)]
    known = [(row["id"], row["title"]) for row in regime_rows()]
    return [(id_, f"{title} ({id_})" if title != id_ else id_) for id_, title in [*own, *known]]


def find_regime(id_: str, folder: Path) -> Regime:
    """The rule book called ``id_``: one that comes along, or an own file of ``folder``.

    Raises ``UsageError`` where there is none, ``InputError`` with every mistake of an own file.
    """
    if id_ in regime_ids():
        return load_regime(id_)
    files = own_files(folder)
    if id_ in files:
        return read_regime(files[id_])
    close = did_you_mean(id_, [*regime_ids(), *files])
    raise UsageError(f'no rule book is called "{id_}"', suggestion=f"Did you mean {close}?" if close else "")


@cache
def reform_rows() -> tuple[dict[str, str], ...]:
    """The reforms that come along."""
    return tuple({"id": id_, "title": load_reform(id_).title} for id_ in reform_ids())


#: Reforms that are offered to try, the commonest first.
_TRIED = ("appeals-60d", "expiry-24mo", "notice", "repair-2023", "forgetting-5y")
_MOST_TRIED = 3


def reforms_for(id_: str, folder: Path) -> tuple[dict[str, str], ...]:
    """A few reforms that change something in the rule book called ``id_``; none where it cannot be read."""
    files = own_files(folder)
    stamp = files[id_].stat().st_mtime_ns if id_ in files else 0
    return _reforms_for(id_, files.get(id_), stamp)


@lru_cache(maxsize=128)
def _reforms_for(id_: str, file: Path | None, _stamp: int) -> tuple[dict[str, str], ...]:
    found = []
    for row in reform_rows():
        if row["id"] in _TRIED:
            try:
                read_regime(file, with_=(row["id"],)) if file else load_regime(id_, with_=(row["id"],))
            except CounterscoreError:
                continue
            found.append(row)
    return tuple(sorted(found, key=lambda row: _TRIED.index(row["id"]))[:_MOST_TRIED])


@cache
def city_rows() -> tuple[dict[str, Any], ...]:
    """The cities that come along."""
    specs = [load_city_spec(id_) for id_ in city_ids()]
    return tuple({"id": one["id"], "title": one["title"], "residents": int(one["residents"]["value"])} for one in specs)


def opened(folder: Path) -> Run:
    """A run, as it is now. Raises ``RunError`` or ``InputError`` where its record or manifest cannot be used."""
    return _opened(folder, head_stamp(folder))


@lru_cache(maxsize=64)
def _opened(folder: Path, _stamp: tuple[tuple[int, int], ...]) -> Run:
    return Run(folder)


def record_of(folder: Path) -> dict[str, Any]:
    """The record of a run; empty where it cannot be read."""
    try:
        return opened(folder).record
    except (CounterscoreError, OSError):
        return {}


def run_row(folder: Path) -> dict[str, Any]:
    """One run as a row: what it was, whether all of it is there; of one that cannot be used only why."""
    try:
        run = opened(folder)
        there = len(run.finished)
    except (CounterscoreError, OSError) as error:
        return {"id": folder.name, "problem": str(error).splitlines()[0]}
    record = run.record
    total = len(run.worlds) * int(record["replays"])
    return {
        "id": folder.name,
        "title": record["worlds"][0]["title"],
        "worlds": list(run.worlds),
        "baseline": record["baseline"],
        "city": record["city"]["title"],
        "residents": record["city"]["residents"],
        "months": record["months"],
        "replays": int(record["replays"]),
        "created": str(record["created"])[:16].replace("T", " "),
        "partial": there < total,
        "there": there,
        "parts": f"{there} of {total} parts",
    }


def new_file(folder: Path, name: str) -> Path:
    """Where a new rule book called ``name`` is written in ``folder``. Raises ``UsageError`` for what is no such name."""
    name = name.strip()
    if not name.endswith((".yaml", ".yml")):
        name += ".yaml"
    if not _FILE_NAME.fullmatch(name) or name in regime_ids():
        raise UsageError(
            f'"{name}" cannot be the name of a file here',
            suggestion="Use letters, digits, dots and dashes, such as mine.yaml.",
        )
    return folder / name
