"""Values of a write as the native tree that a system expects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.functions.paths import put
from engine.functions.writers import Write, writer
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec, ObjectSpec


def shape(obj: ObjectSpec, values: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """The native tree for these fields. A create sends no nulls; an update clears as the field declares.

    A dotted name is one member of a map field.
    """
    tree: dict[str, Any] = {}
    members: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        if value is ABSENT or (creating and value is None):
            continue
        outer, dot, member = name.partition(".")
        if dot and name not in obj.fields:
            members.setdefault(outer, {})[member] = value
        else:
            _add(tree, obj.fields[name], value, creating)
    for outer, inner in members.items():
        _add(tree, obj.fields[outer], inner, creating)
    return tree


def _add(tree: dict[str, Any], spec: FieldSpec, value: Any, creating: bool) -> None:
    native = _writer(_Box(spec))(value)
    if creating and spec.type == "object":
        native = _filled(native)
    if native is not ABSENT:
        put(tree, spec.path, native)


def _filled(native: Any) -> Any:
    """An object without the parts that say they are empty: a new record has none to clear."""
    if not isinstance(native, dict):
        return native
    return {name: _filled(one) for name, one in native.items() if one != ""}


class _Box:
    """Hashes a field spec by identity: specs hold maps, which have no hash."""

    __slots__ = ("spec",)

    def __init__(self, spec: FieldSpec) -> None:
        self.spec = spec

    def __hash__(self) -> int:
        return id(self.spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Box) and other.spec is self.spec


@lru_cache(maxsize=4096)
def _writer(box: _Box) -> Write:
    return writer(box.spec)


def whole_fields(obj: ObjectSpec, values: Mapping[str, Any]) -> list[FieldSpec]:
    """Fields of this write that the system replaces as a whole."""
    return [obj.fields[name] for name in values if name in obj.fields and obj.fields[name].replace]
