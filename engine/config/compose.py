"""YAML events -> a tree of nodes with places, refusing whatever two readers could read differently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml import events

from engine.config.document import Node
from engine.config.scalars import plain_value
from engine.model.finding import Finding, Place

MAX_DEPTH = 50
MAX_NODES = 200_000
MAX_FINDINGS = 100


class CannotGoOn(Exception):
    """The text cannot be read any further; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.code)


class Composer:
    """Builds the tree of one document out of parser events."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._next: Callable[[], Any]
        self._count = 0
        self._anchors: dict[str, tuple[Node | None, int, int]] = {}
        self.findings: list[Finding] = []

    def document(self, next_event: Callable[[], Any]) -> Node | None:
        """The one document of the stream, or None when it is empty."""
        self._next = next_event
        self._next()
        start = self._next()
        if isinstance(start, events.StreamEndEvent):
            return None
        self._check_directives(start)
        node, _ = self._node(self._next(), 1)
        self._next()
        self._check_end(self._next())
        return node

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _report(self, code: str, message: str, place: Place, hint: str = "") -> None:
        self.findings.append(Finding(code, message, place, hint=hint))
        if len(self.findings) >= MAX_FINDINGS:
            raise CannotGoOn(Finding("too-many-findings", f"more than {MAX_FINDINGS} findings in this file", place))

    def _check_directives(self, start: Any) -> None:
        if start.tags:
            self._report("tag", "%TAG is not part of the language", self._place(start), "remove the line")

    def _check_end(self, event: Any) -> None:
        if not isinstance(event, events.StreamEndEvent):
            hint = "one file holds one document: put the rest into a file of its own, or remove the line ---"
            self._report("several-documents", "a second document starts here", self._place(event), hint)

    # -- nodes: each function returns the node and its height --------------------------------------------

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        place = self._place(event)
        self._spend(1, depth, place)
        if isinstance(event, events.AliasEvent):
            return self._alias(event, depth, place)
        if event.tag is not None:
            hint = "write the value plain, and quote what is text"
            self._report("tag", f"the tag {event.tag} is not part of the language", place, hint)
        before = self._count
        if event.anchor:
            self._anchors[event.anchor] = (None, 0, 0)
        node, height = self._value(event, depth, place)
        if event.anchor:
            self._anchors[event.anchor] = (node, self._count - before + 1, height)
        return node, height

    def _value(self, event: Any, depth: int, place: Place) -> tuple[Node, int]:
        if isinstance(event, events.ScalarEvent):
            return Node(self._scalar(event, place), place), 1
        if isinstance(event, events.MappingStartEvent):
            return self._map(depth, place)
        return self._list(depth, place)

    def _scalar(self, event: Any, place: Place) -> Any:
        text: str = event.value
        if "\0" in text:
            self._report("bad-character", "this text holds a NUL character", place, "remove it")
        return text if event.style else plain_value(text)

    def _spend(self, nodes: int, depth: int, place: Place) -> None:
        self._count += nodes
        if depth > MAX_DEPTH:
            raise CannotGoOn(Finding("too-deep", f"more than {MAX_DEPTH} levels deep", place, hint="flatten the file"))
        if self._count > MAX_NODES:
            message = f"more than {MAX_NODES} values, aliases written out"
            raise CannotGoOn(Finding("too-many-values", message, place, hint="split the file, or use fewer aliases"))

    def _alias(self, event: Any, depth: int, place: Place) -> tuple[Node, int]:
        if event.anchor not in self._anchors:
            raise CannotGoOn(Finding("alias-unknown", f"nothing above is marked &{event.anchor}", place))
        node, size, height = self._anchors[event.anchor]
        if node is None:
            raise CannotGoOn(Finding("alias-loop", f"*{event.anchor} stands inside &{event.anchor}", place))
        self._spend(size - 1, depth + height - 1, place)
        return node, height

    def _list(self, depth: int, place: Place) -> tuple[Node, int]:
        elements, tallest = [], 0
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            node, height = self._node(event, depth + 1)
            elements.append(node)
            tallest = max(tallest, height)
        return Node(elements, place), tallest + 1

    def _map(self, depth: int, place: Place) -> tuple[Node, int]:
        members: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        tallest = 0
        while not isinstance(event := self._next(), events.MappingEndEvent):
            key = self._key(event, depth)
            node, height = self._node(self._next(), depth + 1)
            tallest = max(tallest, height)
            if key is not None and self._is_new(key, self._place(event), keys):
                members[key] = node
        return Node(members, place, keys), tallest + 1

    def _is_new(self, key: str, place: Place, keys: dict[str, Place]) -> bool:
        first = keys.setdefault(key, place)
        if first is place:
            return True
        message = f"the key {key!r} stands twice in this map: first at {first}"
        self._report("duplicate-key", message, place, "keep one of the two")
        return False

    def _key(self, event: Any, depth: int) -> str | None:
        """The text of a key, or None with a finding."""
        place = self._place(event)
        node, _ = self._node(event, depth + 1)
        if isinstance(event, events.AliasEvent) or node.is_map or node.is_list:
            hint = 'quote a value that begins with {{ or [ or *: "{{ ... }}"'
            self._report("key-not-text", "a key must be plain text", place, hint)
        elif node.value == "<<" and not event.style:
            hint = "write the members out, or give the whole map an anchor and use it as a value: key: *name"
            self._report("merge-key", "<< is not part of the language", place, hint)
        elif not isinstance(node.value, str):
            self._report("key-not-text", f"the key {event.value or 'nothing'} is not text", place, _quoted(event.value))
        else:
            return node.value
        return None


def _quoted(text: str) -> str:
    return f'quote it: "{text}"' if text else 'write a key before the colon; the empty key is ""'
