"""Members of a checked YAML map as plain Python values. The schema has seen to their types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.config.document import Node
from engine.model.finding import Place

EMPTY = Node({})
_DURATION = re.compile(r"(\d+)([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def child(node: Node, key: str) -> Node:
    """The member, or an empty map."""
    return node.get(key) or EMPTY


def members(node: Node, key: str) -> Iterator[tuple[str, Node]]:
    """What a member map holds, without notes."""
    return ((name, one) for name, one in child(node, key).items() if not name.startswith("x-"))


def plain(node: Node, key: str, default: Any = None) -> Any:
    """The member as a plain tree."""
    found = node.get(key)
    return default if found is None else found.plain()


def text(node: Node, key: str, default: str = "") -> str:
    """The member as text."""
    found = node.get(key)
    return default if found is None or found.value is None else str(found.value)


def number(node: Node, key: str, default: int = 0) -> int:
    """The member as a whole number."""
    found = node.get(key)
    return int(found.value) if found is not None and isinstance(found.value, (int, Decimal)) else default


def decimal(node: Node, key: str, default: float = 0.0) -> float:
    """The member as a number."""
    found = node.get(key)
    return float(found.value) if found is not None and isinstance(found.value, (int, Decimal)) else default


def flag(node: Node, key: str, default: bool = False) -> bool:
    """The member as true or false."""
    found = node.get(key)
    return default if found is None else found.value is True


def words(node: Node, key: str) -> tuple[str, ...]:
    """The member's elements as texts; a single text is a list of one."""
    found = node.get(key)
    if found is None:
        return ()
    return tuple(str(one.value) for one in found) if found.is_list else (str(found.value),)


def seconds(node: Node, key: str) -> int:
    """A length of time such as `10m`, in seconds; 0 when it is not given."""
    found = _DURATION.match(text(node, key))
    return int(found[1]) * _SECONDS[found[2]] if found else 0


def key_place(node: Node, key: str) -> Place:
    """Where the key of a member stands."""
    return node.keys.get(key, node.place)


def place_of(node: Node, key: str) -> Place:
    """Where the value of a member stands."""
    found = node.get(key)
    return found.place if found is not None else node.place
