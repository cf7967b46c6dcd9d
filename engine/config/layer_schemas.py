"""The schema form that layers use, made out of the full one: nothing required, `$unset` and `place` allowed.

`python -m engine.config.layer_schemas` writes schemas/layer/ anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.config.shipped import shipped_folder

LAYERED = ("system", "mapping", "rules")
_NAMED_BY = ("version", "system", "flow")
_CONDITIONS = ("required", "dependentRequired", "allOf", "if", "then", "else", "minProperties")
_UNSET = {
    "description": "Names of entries to take out; in a list of lines with ids, the ids.",
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "examples": [["phone"]],
}
_PLACE = {
    "description": "Where the line goes: first, last, before X, after X.",
    "type": "string",
    "pattern": "^(first|last|before .+|after .+)$",
    "examples": ["before email"],
}


def layer_form(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a partial file: conditions over several keys are checked when all layers are laid."""
    form: dict[str, Any] = _partial(schema)
    form["$id"] = f"layer/{schema['$id']}"
    form["title"] = f"{schema['title']} in a layer"
    form["required"] = [key for key in schema["required"] if key in _NAMED_BY]
    form["$defs"] = {name: _definition(one) for name, one in schema["$defs"].items()}
    return form


def as_text(schema: Mapping[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write_all(folder: Path) -> None:
    """Writes the layer form of each schema of the folder."""
    for kind in LAYERED:
        schema = json.loads((folder / f"{kind}.schema.json").read_text(encoding="utf-8"))
        (folder / "layer" / f"{kind}.schema.json").write_text(as_text(layer_form(schema)), encoding="utf-8")


def _definition(schema: Mapping[str, Any]) -> Any:
    form = _partial(schema)
    return _line(form) if _is_line(schema) else form


def _partial(schema: Any) -> Any:
    if isinstance(schema, bool):
        return schema
    form = {key: value for key, value in schema.items() if key not in _CONDITIONS}
    one_of = schema.get("then", schema).get("oneOf")
    if one_of:
        form.update({"if": {"type": "object"}, "then": {"oneOf": _at_most_one(one_of)}})
    for key in ("items", "additionalProperties"):
        if isinstance(form.get(key), dict):
            form[key] = _partial(form[key])
    if "properties" in form:
        form["properties"] = {key: _partial(one) for key, one in form["properties"].items()}
    if _is_line(schema.get("items", {})):
        form["items"] = _line(form["items"])
    return _with_unset(form) if _is_map(form) else form


def _is_map(form: Mapping[str, Any]) -> bool:
    return "object" in form.get("type", ()) and ("properties" in form or "additionalProperties" in form)


def _with_unset(form: Mapping[str, Any]) -> dict[str, Any]:
    return {**form, "properties": {**form.get("properties", {}), "$unset": _UNSET}}


def _at_most_one(branches: list[Any]) -> list[Any]:
    """Exactly one of these -> one of these, or none."""
    keys = [branch["required"][0] for branch in branches]
    return [*branches, {"properties": dict.fromkeys(keys, False)}]


def _is_line(schema: Mapping[str, Any]) -> bool:
    """True for a map that needs an id: a line of a list that merges by id."""
    return "id" in schema.get("required", ())


def _line(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A line may have a place, and needs an id unless it only takes others out."""
    properties = {**schema["properties"], "place": _PLACE}
    return {**schema, "properties": properties, "if": {"required": ["$unset"]}, "else": {"required": ["id"]}}


if __name__ == "__main__":
    write_all(shipped_folder() / "schemas")
