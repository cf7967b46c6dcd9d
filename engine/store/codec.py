"""Trees as bytes. What JSON cannot say (absent, unknown, pending) is marked; only a tree that an
encoder cannot take is walked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.model.values import ABSENT, UNKNOWN, Pending

_MARKED = b"~"
"""First byte of a tree that holds marks; no JSON text begins with it."""


class Codec(NamedTuple):
    """How trees become bytes and come back, exactly."""

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]

    def pack(self, tree: Any) -> bytes:
        """A tree that may hold marks; an empty map takes no room."""
        if not tree and tree == {}:
            return b""
        try:
            return self.encode(tree)
        except TypeError:
            return _MARKED + self.encode(_marked(tree))

    def unpack(self, data: bytes) -> Any:
        """The tree that `pack` was given."""
        if not data:
            return {}
        if data[:1] == _MARKED:
            return _unmarked(self.decode(data[1:]))
        return self.decode(data)


def _marked(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {"m": [[key, _marked(value)] for key, value in tree.items()]}
    if isinstance(tree, list | tuple):
        return [_marked(value) for value in tree]
    if isinstance(tree, Pending):
        return {"p": [tree.operation, tree.field]}
    if tree is ABSENT or tree is UNKNOWN:
        return {"s": tree.name}
    return tree


def _unmarked(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_unmarked(value) for value in tree]
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind == "m":
        return {key: _unmarked(value) for key, value in content}
    if kind == "p":
        return Pending(*content)
    return ABSENT if content == "ABSENT" else UNKNOWN
