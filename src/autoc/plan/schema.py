"""The JSON Schema (2020-12) of an encoded plan, derived from the classes of the plan."""

import types
import typing
from typing import Any, Literal, get_args, get_origin

import attrs

from autoc.plan import conditions
from autoc.plan.codec import TAG, UNIONS, tag_of
from autoc.plan.model import PLAN_SCHEMA, Automation, Plan

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "autoc plan"
SIMPLE: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", type(None): "null"}


def plan_schema() -> dict[str, Any]:
    """The schema, with one definition for each class."""
    for member in (conditions.AllOf, conditions.AnyOf, conditions.NotOf):
        attrs.resolve_types(member, vars(conditions))
    definitions: dict[str, Any] = {}
    root = _class_schema(Plan, definitions)
    root["properties"]["schema"] = {"const": PLAN_SCHEMA}
    definitions[Automation.__name__]["properties"]["digest"] = {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
    }
    return {"$schema": DIALECT, "title": TITLE, **root, "$defs": definitions}


def _class_schema(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    fields = attrs.fields(cls)
    properties: dict[str, Any] = {}
    if any(cls in get_args(union) for union in UNIONS):
        properties[TAG] = {"const": tag_of(cls)}
    properties.update({field.name: _schema_of(hints[field.name], definitions) for field in fields})
    required = [name for name in properties if name != "digest"]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    if cls.__doc__:
        schema["description"] = cls.__doc__.strip().splitlines()[0]
    return schema


def _schema_of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in SIMPLE:
        return {"type": SIMPLE[hint]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": _schema_of(arguments[0], definitions)}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [_schema_of(each, definitions) for each in arguments],
            "minItems": len(arguments),
            "maxItems": len(arguments),
        }
    if origin is dict:
        values = _schema_of(arguments[1], definitions)
        return {"type": "object", "additionalProperties": values}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema_of(each, definitions) for each in arguments]}
    assert attrs.has(hint), f"no schema for {hint}"
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = {}
        definitions[hint.__name__] = _class_schema(hint, definitions)
    return {"$ref": f"#/$defs/{hint.__name__}"}
