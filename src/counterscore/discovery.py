"""Finding what was added: modules that offer a named object, folders and files of data.

Adding a measure, a regime or a reform is adding a file. No list of them is kept anywhere.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar


def offered(package: str, name: str) -> tuple[Any, ...]:
    """The object called ``name`` of every module of ``package`` that has one, by module name.

    Modules whose name starts with "_" are left out. Raises ``ImportError`` where a module cannot be imported.
    """
    folder = importlib.import_module(package)
    found = sorted(info.name for info in pkgutil.iter_modules(folder.__path__) if not info.name.startswith("_"))
    modules = [importlib.import_module(f"{package}.{one}") for one in found]
    return tuple(getattr(module, name) for module in modules if hasattr(module, name))


def folders(within: Path, holding: str) -> dict[str, Path]:
    """Name → the file called ``holding`` of every folder within ``within`` that has one, by name."""
    return {file.parent.name: file for file in sorted(within.glob(f"*/{holding}"))}


def files(within: Path, ending: str) -> dict[str, Path]:
    """Name without ``ending`` → file, for every file within ``within`` that ends so, by name."""
    return {file.name.removesuffix(ending): file for file in sorted(within.glob(f"*{ending}"))}


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Named = TypeVar("_Named", bound=_HasId)


def by_id(*known: _Named) -> Mapping[str, _Named]:
    """Id → object, in the order given. Raises ``ValueError`` where two have the same id."""
    found = {one.id: one for one in known}
    if len(found) < len(known):
        raise ValueError("an id is given twice")
    return found
