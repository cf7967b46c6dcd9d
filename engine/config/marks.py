"""Marks that a tree carries between merging and settling: removed, and whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.config.document import Node


@dataclass(frozen=True, slots=True)
class Removed:
    """The value of a node that takes out what lies below it. `asked`: somebody wrote `$unset`."""

    name: str
    asked: bool = False


class Whole(dict[str, Node]):
    """The members of a map that replaces what lies below instead of joining it."""


class WholeList(list[Node]):
    """The elements of a list of maps with ids that replaces what lies below instead of joining it."""


def with_members(node: Node, members: Mapping[str, Node]) -> Node:
    """The map with these members changed or added; its kind of map stays."""
    if not members:
        return node
    keys = {**node.keys, **{key: member.place for key, member in members.items() if key not in node.keys}}
    return Node(type(node.value)({**node.value, **members}), node.place, keys)
