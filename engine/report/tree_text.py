"""A configuration tree as lines: every value with the file and line that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.config.document import Node
from engine.model.finding import Place
from engine.report.wording import value_text


class Leaf(NamedTuple):
    """One effective value."""

    path: str
    value: Any
    place: Place


def leaves(node: Node, path: str = "") -> Iterator[Leaf]:
    """Every value below the node; a list of plain values counts as one."""
    if node.is_map and node.value:
        for name, member in node.items():
            yield from leaves(member, f"{path}.{name}" if path else name)
    elif node.is_list and any(one.is_map or one.is_list for one in node):
        for number, one in enumerate(node):
            yield from leaves(one, f"{path}[{_mark(one, number)}]")
    else:
        yield Leaf(path, node.plain(), node.place)


def _mark(node: Node, number: int) -> str:
    """A line of a list is known by its id, where it has one."""
    id = node.get("id")
    return str(id.value) if id is not None else str(number)


def leaves_text(found: list[Leaf]) -> str:
    """Lines `path: value   file:line:column`, the places in one column."""
    shown = [(f"{leaf.path}: {value_text(leaf.value)}", str(leaf.place)) for leaf in found]
    width = min(max((len(text) for text, _ in shown), default=0), 90)
    return "\n".join(f"{text.ljust(width)}  {place}".rstrip() for text, place in shown)


def leaves_tree(found: list[Leaf]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {"path": leaf.path, "value": leaf.value, "file": leaf.place.file, "line": leaf.place.line,
         "column": leaf.place.column}
        for leaf in found
    ]  # fmt: skip
