"""Custom fields that a system keeps under numbers of its own: here they go by the labels that people gave them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from engine.functions.paths import put, take
from engine.model.errors import Stopped
from engine.model.protocols import Connector
from engine.spec.system import FieldSpec, ObjectSpec, RequestSpec

Tree = dict[str, Any]


class Labels:
    """The account's own catalogue, asked once. A field that a mapping wants is made before the first write."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._ids: dict[str, dict[str, list[str]]] = {}
        self._ready: set[str] = set()
        self._mutex = threading.RLock()

    def seen(self, obj: ObjectSpec, raw: Tree) -> Tree:
        """A copy of a record with its custom fields under the labels of the catalogue."""
        at = _place(obj)
        held = take(raw, at) if at else None
        if not isinstance(held, dict):
            return dict(raw)
        named = dict(held)
        for label in _labels(obj):
            for id in self._known(obj).get(_folded(label), [])[:1]:
                if id in held:
                    named[label] = held[id]
        return _with(raw, at, named)

    def sent(self, obj: ObjectSpec, payload: Tree) -> Tree:
        """A copy of a write with its custom fields under the account's numbers."""
        at = _place(obj)
        if not at:
            return payload
        self._make_ready(obj)
        held = take(payload, at)
        if not isinstance(held, dict):
            return payload
        return _with(payload, at, {self._id(obj, label): value for label, value in held.items()})

    def _id(self, obj: ObjectSpec, label: str) -> str:
        found = self._known(obj).get(_folded(label), [])
        if len(found) == 1 or (not found and label in _numbers(self._known(obj))):
            return found[0] if found else label
        if found:
            raise Stopped(
                f"{obj.name}: several fields are called '{label}'",
                line="labels",
                do=f"say by its number which one is meant, in the catalogue: at: {'.'.join(_place(obj))}.{found[0]}",
            )
        raise Stopped(
            f"{obj.name}: the account has no field '{label}'",
            line="labels",
            do="make it there, or write new_field in the mapping",
        )

    def _make_ready(self, obj: ObjectSpec) -> None:
        """Fields that a mapping declares as new and that are not there yet."""
        with self._mutex:
            if obj.name in self._ready:
                return
            for spec in obj.fields.values():
                if spec.new and _folded(spec.label or spec.name) not in self._known(obj):
                    self._make(obj, spec)
            self._ready.add(obj.name)

    def _make(self, obj: ObjectSpec, spec: FieldSpec) -> None:
        request: RequestSpec | None = obj.custom_fields.get("create")
        types: Mapping[str, str] = obj.custom_fields.get("types", {})
        send = getattr(self._connector, "send", None)
        if request is None or send is None or spec.type not in types:
            return
        send(obj, request, None, scope={"label": spec.label or spec.name, "type": types[spec.type]})
        self._ids.pop(obj.name, None)

    def _known(self, obj: ObjectSpec) -> dict[str, list[str]]:
        """Label -> the numbers of the fields that have it."""
        with self._mutex:
            if obj.name not in self._ids:
                found: dict[str, list[str]] = {}
                names = obj.discover
                for row in self._connector.discover(obj) if names is not None else ():
                    if names is not None:
                        found.setdefault(_folded(str(row.get(names.label))), []).append(str(row.get(names.field_id)))
                self._ids[obj.name] = found
            return self._ids[obj.name]


def _place(obj: ObjectSpec) -> tuple[str, ...]:
    if obj.custom_fields.get("style") != "keyed_by_id":
        return ()
    return tuple(str(obj.custom_fields["at"]).split("."))


def _labels(obj: ObjectSpec) -> list[str]:
    """Names under which custom fields stand in our trees."""
    return [spec.path[-1] for spec in obj.fields.values() if spec.custom and not spec.part]


def _numbers(known: Mapping[str, list[str]]) -> set[str]:
    return {id for ids in known.values() for id in ids}


def _with(tree: Tree, at: tuple[str, ...], value: Any) -> Tree:
    """A copy of a tree with another value at a place."""
    copy: Tree = dict(tree)
    inner = copy
    for step in at[:-1]:
        inner[step] = dict(inner.get(step) or {})
        inner = inner[step]
    put(inner, at[-1:], value)
    return copy


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
