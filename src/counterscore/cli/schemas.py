"""What a file may hold, as a JSON Schema made from the models that read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from counterscore.errors import UsageError, did_you_mean
from counterscore.regime import grammar
from counterscore.regime.vocabulary import PRIVATE

DIALECT = GenerateJsonSchema.schema_dialect
_UNKNOWN: JsonSchemaValue = {"const": grammar.UNKNOWN}
_NOTHING: JsonSchemaValue = {"type": "null"}


def _number(kind: str) -> JsonSchemaValue:
    return {"type": kind, "minimum": -grammar.LARGEST, "maximum": grammar.LARGEST}


def _sourced(*plain: JsonSchemaValue) -> JsonSchemaValue:
    """A value alone, or with where it is from."""
    value = {"anyOf": list(plain)}
    of = {"type": "object", "properties": {"value": value}, "required": ["value"]}
    return {"anyOf": [*plain, of]}


#: What the phrases of a file look like before they are read, by the function that reads them.
_PHRASES: Mapping[Callable[..., Any], JsonSchemaValue] = {
    grammar.plain_number: _sourced(_number("number"), _UNKNOWN, _NOTHING),
    grammar.whole_number: _sourced(_number("integer"), _UNKNOWN, _NOTHING),
    grammar.known_number: _sourced(_number("integer"), _NOTHING),
    grammar.read_steps: _sourced(
        _number("integer"),
        {"type": "array", "items": _number("integer"), "minItems": 1, "maxItems": grammar.MOST_STEPS},
        _NOTHING,
    ),
    grammar.read_duration: _sourced(
        {"type": "string", "pattern": r"^\s*[0-9]{1,6}\s+(day|month|year)s?\s*$"}, _UNKNOWN, _NOTHING
    ),
    grammar.read_level: _sourced({"type": "string", "not": {"const": PRIVATE}}, _NOTHING),
    grammar.read_enter: _sourced({"type": "string", "minLength": 1}),
    grammar.read_term: _sourced({"type": "string", "minLength": 1}),
    grammar.read_when: _sourced({"type": "string", "minLength": 1}),
}
_DAY: JsonSchemaValue = {
    "anyOf": [{"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}){0,2}$"}, {"type": "integer"}, _NOTHING]
}


class _OfFiles(GenerateJsonSchema):
    """Schemas of what stands in a file, rather than of what it is read into."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        read = schema["function"]["function"]
        if read in _PHRASES:
            return _PHRASES[read]
        inner = super().function_before_schema(schema)
        match getattr(read, "__name__", ""):
            case "_day":
                return _DAY
            case "_tuple":
                return {"anyOf": [{"type": "string"}, inner]}
            case "_plain":
                return inner | {"type": ["number", "object"]}
            case "_by_everyone":
                values = inner["properties"]["values"]
                shares = values["additionalProperties"]
                inner["properties"]["values"] = {"anyOf": [values, shares]}
                return inner
        raise NotImplementedError(f"no schema says what {read} reads")


def _regime() -> type[BaseModel]:
    from counterscore.regime.model import Regime

    return Regime


def _claim() -> type[BaseModel]:
    from counterscore.claims.claim import Claim

    return Claim


def _city() -> type[BaseModel]:
    from counterscore.city.spec import CitySpec

    return CitySpec


def _law() -> type[BaseModel]:
    from counterscore.laws.source import Law

    return Law


#: Kinds of files by name.
KINDS: Mapping[str, Callable[[], type[BaseModel]]] = {
    "regime": _regime,
    "city": _city,
    "claim": _claim,
    "law": _law,
}


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file; raises ``UsageError`` for another one."""
    if kind not in KINDS:
        close = did_you_mean(kind, KINDS)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no schema is called "{kind}"', suggestion=f"{hint}Kinds of files: {', '.join(KINDS)}.")
    model = KINDS[kind]()
    found = model.model_json_schema(by_alias=True, schema_generator=_OfFiles, mode="validation")
    return {"$schema": DIALECT, "title": f"counterscore {kind}"} | {k: v for k, v in found.items() if k != "title"}
