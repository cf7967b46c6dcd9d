"""A YAML text as a tree whose every node knows its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.finding import NOWHERE, Place

Step = str | int


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: a scalar, a dict of nodes or a list of nodes. Never mutated."""

    value: Any
    place: Place = NOWHERE
    keys: Mapping[str, Place] = field(default_factory=dict)
    """Where each key of a map stands."""

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    def get(self, key: str) -> Node | None:
        """The member of a map, or None."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def at(self, *steps: Step) -> Node | None:
        """The node at the end of the steps, or None where the tree ends before."""
        node: Node | None = self
        for step in steps:
            if node is None:
                return None
            if isinstance(node.value, list):
                node = node.value[step] if isinstance(step, int) and step < len(node.value) else None
            else:
                node = node.get(str(step))
        return node

    def items(self) -> Iterator[tuple[str, Node]]:
        """Members of a map; nothing for anything else."""
        yield from self.value.items() if isinstance(self.value, dict) else ()

    def __iter__(self) -> Iterator[Node]:
        """Elements of a list; nothing for anything else."""
        return iter(self.value if isinstance(self.value, list) else ())

    def plain(self) -> Any:
        """The tree without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


@dataclass(frozen=True, slots=True)
class Document:
    """One loaded file: its kind (system, mapping, rules, environment, test), its name, and its tree."""

    kind: str
    name: str
    file: str
    root: Node
