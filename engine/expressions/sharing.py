"""Members that several rows of a frame read: they are read once, before the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from engine.expressions import nodes as ours
from engine.expressions import row_steps as do
from engine.expressions.emit_frame import Frame
from engine.expressions.emitter import Emitter, Operand
from engine.expressions.paths import Node
from engine.expressions.read_sets import inner_expressions
from engine.spec.mapping import Choose, Collect, Each, FirstOf, Records, Row, Source, Text, With

Steps = tuple[str, ...]

_TOGETHER: Final = 3
"""From how many members on it pays to read them together."""


def hoist(emitter: Emitter, rows: Iterable[Row], frame: Frame, targets: frozenset[str]) -> None:
    """Read every member that more than one text of these rows needs."""
    counts: Counter[tuple[str, Steps]] = Counter()
    bases: dict[str, Operand] = {}
    for text in (text for row in rows for text in row_texts(row)):
        for base, steps in _chains(text, frame, targets):
            bases[base.local] = base
            counts.update((base.local, steps[:length]) for length in range(1, len(steps) + 1))
    for (local, prefix), names in _groups(counts).items():
        _together(emitter, _walk(emitter, bases[local], prefix), names)
    for (local, steps), count in sorted(counts.items(), key=lambda one: len(one[0][1])):
        if count > 1:
            _walk(emitter, bases[local], steps)


def _groups(counts: Iterable[tuple[str, Steps]]) -> dict[tuple[str, Steps], list[str]]:
    """Values of which several members are read, outer ones first."""
    groups: dict[tuple[str, Steps], list[str]] = {}
    for local, steps in sorted(counts, key=lambda one: len(one[1])):
        groups.setdefault((local, steps[:-1]), []).append(steps[-1])
    return {place: names for place, names in groups.items() if len(names) >= _TOGETHER}


def _together(emitter: Emitter, base: Operand, names: Iterable[str]) -> None:
    unread = (name for name in names if emitter.recall((base.local, f".{name}")) is None)
    wanted = [name for name in unread if name not in base.keys]
    if base.local and len(wanted) >= _TOGETHER:
        emitter.members(base, wanted)


def _walk(emitter: Emitter, operand: Operand, steps: Steps) -> Operand:
    for step in steps:
        operand = emitter.member(operand, step)
    return operand


def _chains(text: Text, frame: Frame, targets: frozenset[str]) -> list[tuple[Operand, Steps]]:
    """Chains of members that a text reads, each from a local."""
    tree = do.tree_of(text, frame.known_names, targets)
    found: Iterable[tuple[Operand | None, Steps]]
    if text.kind == "path":
        found = ((frame.current, steps) for steps in path_chains(tree.tree))
    else:
        found = ((frame.names.get(name), steps) for name, steps in expression_chains(tree) if name != "mapped")
    anchored = {}
    for base, steps in found:
        while base is not None and base.parts is not None and steps:
            base, steps = base.parts.get(steps[0]), steps[1:]
        if base is not None and base.local and steps:
            anchored[base.local, steps] = (base, steps)
    return list(anchored.values())


# -- the texts of rows ------------------------------------------------------------------------------------


def row_texts(row: Row) -> Iterator[Text]:
    """The texts of a row that are evaluated where the row stands."""
    overrides = (row.override.wins, row.override.fills_in) if row.override else ()
    yield from (text for text in (row.when, *overrides) if text is not None)
    yield from source_texts(row.source)
    if row.default is not None:
        yield from source_texts(row.default)


def source_texts(source: Source) -> Iterator[Text]:
    """The texts of a source that are evaluated where it stands."""
    if isinstance(source, Text):
        yield source
    elif isinstance(source, FirstOf):
        yield from (text for one in source.sources for text in source_texts(one))
    elif isinstance(source, (Choose, Collect)):
        for case in source.cases:
            yield case.when
            yield from source_texts(case.value)
    elif isinstance(source, Each):
        yield from source_texts(source.items)
    elif isinstance(source, With):
        if source.path is not None:
            yield source.path
        else:
            yield from (text for row in source.rows for text in row_texts(row))


def all_texts(rows: Iterable[Row]) -> Iterator[Text]:
    """Every text of these rows, inner ones too."""
    for row in rows:
        yield from row_texts(row)
        for source in (row.source, row.default):
            yield from _inner(source)


def _inner(source: Source | None) -> Iterator[Text]:
    if isinstance(source, FirstOf):
        yield from (text for one in source.sources for text in _inner(one))
    elif isinstance(source, (Choose, Collect)):
        yield from (text for case in source.cases for text in _inner(case.value))
    elif isinstance(source, Records) and source.where is not None:
        yield source.where
    elif isinstance(source, Each):
        yield from _inner(source.items)
        yield from all_texts(source.rows)
    elif isinstance(source, With):
        yield from all_texts(source.rows)


# -- chains of members ------------------------------------------------------------------------------------


def path_chains(node: Node) -> Iterator[Steps]:
    """Chains of names that a path reads from the value it starts at."""
    kind, children = node["type"], node["children"]
    if kind == "field":
        yield (node["value"],)
    elif kind == "subexpression":
        yield from _leading(children)
    elif kind in ("index_expression", "pipe", "projection", "filter_projection", "value_projection", "flatten"):
        yield from path_chains(children[0])
    elif kind not in ("slice", "expref"):
        for child in children:
            yield from path_chains(child)


def _leading(children: list[Node]) -> Iterator[Steps]:
    names = []
    for child in children:
        if child["type"] != "field":
            break
        names.append(child["value"])
    if names:
        yield tuple(names)
    else:
        yield from path_chains(children[0])


def expression_chains(tree: Any) -> Iterator[tuple[str, Steps]]:
    """(name, keys) of the member chains in an expression."""
    keys: list[str] = []
    node = tree
    while isinstance(node, ours.Member) and isinstance(node.key, str):
        keys.insert(0, node.key)
        node = node.base
    if isinstance(node, ours.Name):
        yield node.name, tuple(keys)
    else:
        for part in inner_expressions(tree):
            yield from expression_chains(part)
