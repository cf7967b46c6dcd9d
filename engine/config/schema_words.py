"""How findings about shape speak: what was expected, what stands there, what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.config.document import Node
from engine.model.values import is_number

Schema = Mapping[str, Any]


def reason(condition: Schema, node: Node) -> str:
    """What a condition looks at, as words."""
    told = [(key, node.get(key)) for key in condition.get("required", ())]
    return "".join(f" with `{key}{_after_colon(value)}`" for key, value in told if value)


def _after_colon(node: Node) -> str:
    return "" if node.is_map or node.is_list else f": {node.value}"


def called(name: str) -> str:
    return f"`{name}`: " if name else ""


def shown(node: Node) -> str:
    """What stands there, without giving away long text."""
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return f"the word {written(node.value)}"
    if isinstance(node.value, str):
        return f"text {node.value!r}" if len(node.value) <= 40 else "a long text"
    if is_number(node.value):
        return f"number {node.value}"
    return "a map" if node.is_map else "a list"


def written(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def same(node: Node, wanted: Any) -> bool:
    return type(node.value) is type(wanted) and bool(node.value == wanted)


def type_hint(names: list[str], node: Node, schema: Schema) -> str:
    simple = is_number(node.value) or isinstance(node.value, bool)
    known = schema.get("properties", {})
    if simple and "value" in known:
        return f"a fixed value is written {{value: {written(node.value)}}}"
    if node.is_list and "first_of" in known:
        return "the first that is not blank is written {first_of: [...]}"
    if simple and "string" in names and "pattern" not in schema:
        return f'quote it: "{written(node.value)}"'
    if "boolean" in names and isinstance(node.value, str):
        return "write true or false"
    if isinstance(node.value, str) and ("integer" in names or "number" in names):
        return "write a plain number without quotes"
    return example(schema)


def example(schema: Schema) -> str:
    examples = schema.get("examples")
    told = f"for example {_as_yaml(examples[0])}" if examples else ""
    return told or str(schema.get("description", ""))


def _as_yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_as_yaml(one) for one in value) + "]"
    return written(value)


TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "a map",
}
