"""What comes along: regimes, reforms, cities and assumptions, as files of data.

A regime is the folder ``regimes/<id>`` with a ``regime.yaml``, a reform the file ``reforms/<id>.yaml``,
a city the folder ``cities/<id>`` with a ``city.yaml``. Adding one is adding its file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from counterscore import discovery
from counterscore.catalog.assume import Assumption, Assumptions, load_assumptions
from counterscore.city import City, read_city
from counterscore.city import synthesize as _synthesize
from counterscore.errors import UsageError, did_you_mean, quoted
from counterscore.regime import read as reading
from counterscore.regime import reform as reforming
from counterscore.regime.model import Regime
from counterscore.regime.reform import Reform, read_reform

__all__ = [
    "Assumption",
    "Assumptions",
    "adopted_from",
    "city_ids",
    "copied_from",
    "is_rule_book",
    "load_assumptions",
    "load_city_spec",
    "load_reform",
    "load_regime",
    "own_copy",
    "read_regime",
    "reform_ids",
    "regime_folder",
    "regime_ids",
    "regime_of_text",
    "regime_text",
    "review_status",
    "synthesize",
]

_HERE = Path(__file__).parent


@cache
def _regimes() -> Mapping[str, Path]:
    return discovery.folders(_HERE / "regimes", "regime.yaml")


@cache
def _reforms() -> Mapping[str, Path]:
    return discovery.files(_HERE / "reforms", ".yaml")


@cache
def _cities() -> Mapping[str, Path]:
    return discovery.folders(_HERE / "cities", "city.yaml")


def regime_ids() -> tuple[str, ...]:
    """Ids of the regimes that come along, in alphabetical order."""
    return tuple(_regimes())


def reform_ids() -> tuple[str, ...]:
    """Ids of the reforms that come along, in alphabetical order."""
    return tuple(_reforms())


def city_ids() -> tuple[str, ...]:
    """Ids of the cities that come along, in alphabetical order."""
    return tuple(_cities())


def load_regime(id_: str, *, with_: Sequence[str] = ()) -> Regime:
    """The regime called ``id_`` with those it stacks; ``with_`` names reforms, applied in order to all of them.

    Raises ``UsageError`` for an id that does not exist and ``InputError`` for a reform that changes nothing.
    """
    return _reformed(_load(id_, ()), with_)


def read_regime(path: Path | str, *, with_: Sequence[str] = ()) -> Regime:
    """The regime in a file, with those it stacks: ids of the catalogue, or files named relative to it.

    Raises ``InputError`` with every mistake in the file.
    """
    path = Path(path)
    regime = reading.read_regime(path, find=lambda one: _stacked(one, path.parent, (str(path.resolve()),)))
    return _reformed(regime, with_)


def regime_of_text(text: str, folder: Path, *, name: str) -> Regime:
    """The regime in a text, as if it were the file ``name`` of ``folder``. Raises ``InputError`` as ``read_regime``."""
    here = str((folder / name).resolve())
    return reading.read_regime(text, name=name, find=lambda one: _stacked(one, folder, (here,)))


def is_rule_book(text: str) -> bool:
    """Whether a text looks like a rule book, mistakes and all: it has the parts of one, and is of no other kind."""
    keys = set(_TOP_KEY.findall(text))
    kind = re.search(r"(?m)^kind:\s*(\S+)", text)
    return (
        "id" in keys and bool(keys & _PARTS) and not keys & {"changes", "cases"} and (not kind or kind[1] == "regime")
    )


_TOP_KEY = re.compile(r"(?m)^([a-z_]+):")
_PARTS = frozenset({"place", "catalogue", "score", "lists", "doors", "rights", "stack", "authorities", "partners"})


def regime_text(id_: str) -> str:
    """The file of the regime called ``id_``. Raises ``UsageError`` where there is none."""
    return _found(id_, "regime", _regimes()).read_text(encoding="utf-8")


def own_copy(id_: str, file: Path, new_id: str = "") -> str:
    """The text of the regime called ``id_`` as somebody's own, to be written to ``file``: the same rules under another id.

    The id is ``new_id``, or made from the name of the file. A first line says what was copied (see ``copied_from``).
    Raises ``UsageError`` for an id that is none or that a regime of the catalogue has.
    """
    text = regime_text(id_)
    stem = file.parent.name if file.stem == "regime" else file.stem
    plain = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "mine"
    chosen = new_id or (f"my-{plain}" if plain in regime_ids() else plain)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", chosen):
        raise UsageError(f'"{chosen}" is not an id: lower case with dashes', suggestion="Write for example my-town.")
    if chosen in regime_ids():
        raise UsageError(f"a rule book that comes along is called {chosen}", suggestion="Choose another id.")
    return _COPIED + f"{id_}\n" + re.sub(r"^id: .*$", f"id: {chosen}", text, count=1, flags=re.MULTILINE)


_COPIED = "# Copied from "


def copied_from(text: str) -> str | None:
    """The id of the regime of the catalogue that a text was copied from, as its first line says; None for none."""
    first, _, _ = text.removeprefix("\ufeff").partition("\n")
    id_ = first.removeprefix(_COPIED).strip()
    return id_ if first.startswith(_COPIED) and id_ in regime_ids() else None


def _reformed(regime: Regime, with_: Sequence[str]) -> Regime:
    for one in with_:
        regime = reforming.apply(regime, load_reform(one))
    return regime


_loaded: dict[str, Regime] = {}


def _load(id_: str, chain: tuple[str, ...]) -> Regime:
    """A catalogued regime; ``chain`` holds those that are being loaded because they stack it.

    What was loaded once has no circle in it, so a kept one needs no chain.
    """
    file = _found(id_, "regime", _regimes())
    if id_ not in _loaded:
        here = (*chain, id_)
        _loaded[id_] = reading.read_regime(
            file, name=f"{id_}/{file.name}", find=lambda one: _stacked(one, file.parent, here)
        )
    return _loaded[id_]


def _stacked(name: str, folder: Path, chain: tuple[str, ...]) -> Regime:
    """What an item of ``stack`` names: an id of the catalogue, or a file as seen from ``folder``."""
    file = folder / name
    is_file = "/" in name or name.endswith((".yaml", ".yml"))
    key = str(file.resolve()) if is_file else name
    if key in chain:
        links = [Path(one).name for one in (*chain[chain.index(key) :], key)]
        raise UsageError(f"the stack leads back to itself: {' -> '.join(links)}", suggestion="Remove one of them.")
    if not is_file:
        return _load(name, chain)
    here = (*chain, key)
    return reading.read_regime(file, find=lambda one: _stacked(one, file.parent, here))


def adopted_from(regime: Regime, month: str, *, base: Regime | None = None) -> Regime:
    """``regime`` as it comes into force in ``month`` (such as 2019-06) of a run, where ``base`` was in force before.

    What ``base`` has too is in force from the start; everything else from ``month``, so that until then the world
    is that of ``base``. It is a reform like any other (``from-2019-06``) and stays in the run's record. Raises
    ``UsageError`` where ``base`` has rules that ``regime`` does not have.
    """
    had = {one.id: one.model_dump() for one in base.stacked()} if base else {}
    have = {one.id: one.model_dump() for one in regime.stacked()}
    ruled = [one.id for one in base.stacked() if one.catalogue or one.lists or one.doors or one.score] if base else []
    lost = [id_ for id_ in ruled if have.get(id_) != had[id_]]
    if lost:
        raise UsageError(
            f"{quoted(regime.id)} does not go on with {', '.join(lost)}, which is in force before {month}",
            suggestion=f"Stack it in a rule book of your own (stack: [{', '.join(lost)}]), or use another --base.",
        )
    late = [id_ for id_ in have if id_ not in ruled]
    text = (
        f"format: 1\nkind: reform\nid: from-{month}\ntitle: In force from {month}\n"
        f"about: Until then the world is that of the baseline.\n"
        f"changes:\n  - {{set: adopted, to: {json.dumps(month)}, of: {json.dumps(late)}}}\n"
    )
    return reforming.apply(regime, read_reform(text, name=f"reforms/from-{month}.yaml"))


def load_reform(id_: str) -> Reform:
    """The reform called ``id_``, or the one in a file where ``id_`` is a path ending in .yaml.

    Raises ``UsageError`` for an id that does not exist and ``InputError`` for mistakes in the file.
    """
    if id_.endswith((".yaml", ".yml")):
        return read_reform(Path(id_))
    file = _found(id_, "reform", _reforms())
    return read_reform(file, name=f"reforms/{file.name}")


def load_city_spec(id_: str) -> Mapping[str, Any]:
    """The file of the city called ``id_`` as plain data. Raises ``UsageError`` where there is none."""
    return _city_spec(_found(id_, "city", _cities()))


def synthesize(city: str = "beijing", *, residents: int | None = None, seed: int = 0) -> City:
    """Synthesise the residents of a catalogued city; ``residents`` gives a smaller one in proportion.

    The residents depend on ``seed`` alone and are the same in every world and replay.
    """
    return _synthesize(read_city(_found(city, "city", _cities())), residents=residents, seed=seed)


@cache
def _city_spec(file: Path) -> Mapping[str, Any]:
    document = reading.read_document(file, kind="city", name=f"{file.parent.name}/{file.name}")
    return MappingProxyType(document.data)


def regime_folder(id_: str) -> Path:
    """The folder of a catalogued regime: ``regime.yaml``, ``cases.yaml``, perhaps ``second_reading.yaml``."""
    return _found(id_, "regime", _regimes()).parent


def file_of(name: str) -> Path | None:
    """The catalogue's file with the name that a run's record has for it, None where it is a file of somebody's own."""
    folder, _, file = name.partition("/")
    if folder == "reforms":
        return _reforms().get(file.removesuffix(".yaml"))
    path = _regimes().get(folder)
    return path if path is not None and path.name == file else None


def review_status(id_: str) -> str:
    """``second reading: 7 cases by another hand``, or ``unreviewed`` where nobody has done one."""
    file = regime_folder(id_) / "second_reading.yaml"
    if not file.is_file():
        return "unreviewed"
    cases = reading.read_document(file, kind="cases", name=f"{id_}/{file.name}").data.get("cases", [])
    return f"second reading: {len(cases)} {'case' if len(cases) == 1 else 'cases'} by another hand"


def _found(id_: str, what: str, known: Mapping[str, Path]) -> Path:
    if id_ not in known:
        close = did_you_mean(id_, known)
        hint = f"Did you mean {close}?  " if close else ""
        plural = "cities" if what == "city" else f"{what}s"
        raise UsageError(f"no {what} is called {quoted(id_)}", suggestion=f"{hint}All: counterscore list {plural}")
    return known[id_]
