"""Values inside native trees, found by their steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.connectors.encoding import scalar_text
from engine.model.values import is_blank
from engine.spec.system import ObjectSpec


def steps_of(obj: ObjectSpec, field: str) -> tuple[str, ...]:
    """Where a field, or one member of a map field, lies in a native tree."""
    if field in obj.fields:
        return obj.fields[field].path
    name, _, member = field.partition(".")
    return (*obj.fields[name].path, member) if name in obj.fields and member else tuple(field.split("."))


def equal_text(value: Any, wanted: str, equality: str) -> bool:
    """Whether a native value is this text, as loosely as a request's equality says."""
    if is_blank(value) or isinstance(value, dict | list):
        return False
    return folded(scalar_text(value), equality) == folded(wanted, equality)


def equality_of(obj: ObjectSpec, field: str) -> str:
    """The declared looseness of the access path by a field."""
    request = obj.find.get(field) or obj.find.get(f"{field.split('.', 1)[0]}.*") or obj.find.get("*")
    return request.equality if request is not None else "exact"


def merged(tree: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A tree with changes laid over it, map by map; lists are replaced."""
    result = dict(tree)
    for name, value in changes.items():
        held = result.get(name)
        result[name] = merged(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return result


def folded(text: str, equality: str) -> str:
    """A text as loosely as an equality says."""
    if equality == "exact":
        return text
    folded = text.casefold()
    if equality == "folded_without_blanks":
        return "".join(folded.split())
    return folded.strip() if equality == "folded_and_trimmed" else folded
