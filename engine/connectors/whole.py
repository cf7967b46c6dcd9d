"""The whole record, for systems that drop what they are not sent: what they hold, with changes laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.spec.system import FieldSpec, ObjectSpec

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """How an object's lists are laid over: a list that is not named here is replaced."""

    keys: Mapping[str, str]
    """Member that holds a list -> member of its lines that tells them apart."""
    unions: frozenset[str]
    """Lists whose lines stay when a change does not name them."""

    def over(self, held: Tree, changes: Tree) -> dict[str, Any]:
        """The held record with changes laid over it, map by map and line by line."""
        result = dict(held)
        for name, value in changes.items():
            before = result.get(name)
            if isinstance(before, dict) and isinstance(value, dict):
                result[name] = self.over(before, value)
            elif isinstance(before, list) and isinstance(value, list) and name in self.keys:
                result[name] = self._lines(name, before, value)
            else:
                result[name] = value
        return result

    def _lines(self, name: str, held: list[Any], lines: list[Any]) -> list[Any]:
        key = self.keys[name]
        known = {str(one[key]): one for one in held if isinstance(one, dict) and key in one}
        named = {str(one[key]) for one in lines if isinstance(one, dict) and key in one}
        kept = [one for id, one in known.items() if name in self.unions and id not in named]
        return kept + [self._line(key, known, line) for line in lines]

    def _line(self, key: str, known: Mapping[str, Tree], line: Any) -> Any:
        """A line over the held one. Its maps are replaced: half of an old value may contradict half of a new one."""
        held = known.get(str(line[key])) if isinstance(line, dict) and key in line else None
        if held is None:
            return line
        lists = {name: value for name, value in line.items() if name in self.keys}
        return {**held, **line, **self.over({name: held.get(name) for name in lists}, lists), key: held[key]}


def whole_of(obj: ObjectSpec) -> Whole:
    """Custom fields in a list go by their name, lines of a list that is written whole by their id."""
    custom = obj.custom_fields
    keys = {spec.path[-1]: spec.fields["id"].path[-1] for spec in obj.fields.values() if _has_lines(spec)}
    if not custom.get("at"):
        return Whole(keys, frozenset())
    member = custom["at"].rpartition(".")[2]
    return Whole({**keys, member: custom.get("name", "name")}, frozenset({member}))


def _has_lines(spec: FieldSpec) -> bool:
    return spec.type == "list" and spec.replace == "whole" and "id" in spec.fields
