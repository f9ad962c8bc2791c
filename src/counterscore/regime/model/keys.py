"""Which keys a rule book may have at a path, and of which type."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel


def fields_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that may stand at ``path`` of a file read as ``model``; none where that is no mapping of keys."""
    found = type_at(model, path)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return []
    return [field.alias or name for name, field in found.model_fields.items()]


def type_at(model: type[BaseModel], path: Sequence[str | int]) -> Any:
    """The type of what stands at ``path``; any step is an item of a list or of a mapping of ids. None if nothing."""
    found: Any = model
    for step in path:
        if found is Any:
            return Any
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = next((one for name, one in found.model_fields.items() if (one.alias or name) == step), None)
            found = _bare(field.annotation) if field else None
        elif get_origin(found) in (tuple, dict):
            found = _bare(get_args(found)[-1 if get_origin(found) is dict else 0])
        else:
            return None
    return found


def _bare(annotation: Any) -> Any:
    """``X`` of ``Annotated[X, …]`` and ``X | None``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    parts = [one for one in get_args(annotation) if one is not type(None)]
    return _bare(parts[0]) if get_origin(annotation) is UnionType and len(parts) == 1 else annotation
