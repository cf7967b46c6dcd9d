"""Layers over layers: merging is associative because removals stay in the tree until `settle`."""

from __future__ import annotations

from engine.config.desugar import desugar
from engine.config.document import Node
from engine.config.marks import Removed, Whole, WholeList
from engine.config.suggest import did_you_mean
from engine.model.finding import Finding, Place, Severity

_LITERAL = ("body", "default", "value")
"""Members whose lists are data, never lines with ids."""


def merge(base: Node, over: Node, kind: str) -> Node:
    """The later file laid over the earlier one. Both may be partial, and may be merges themselves."""
    return join(desugar(base, kind), desugar(over, kind))


def finish(node: Node) -> Node:
    """The tree without removals, its lists in their final order."""
    return settle(node)[0]


# -- joining -----------------------------------------------------------------------------------------


def join(under: Node, over: Node, literal: bool = False) -> Node:
    """`over` laid over `under`, both in long form."""
    if isinstance(over.value, (Removed, Whole, WholeList)):
        return over
    if over.is_map:
        return _join_maps(under, over, literal) if under.is_map else Node(Whole(over.value), over.place, over.keys)
    if not literal and has_ids(over):
        if not has_ids(under):
            return Node(WholeList(over.value), over.place)
        return Node(type(under.value)([*under.value, *over.value]), under.place)
    return over


def has_ids(node: Node) -> bool:
    """True for a list of maps that are told apart by `id`."""
    return node.is_list and bool(node.value) and all(_id_of(element) is not None for element in node)


def _id_of(element: Node) -> str | None:
    if isinstance(element.value, Removed):
        return element.value.name
    told = element.get("id")
    return None if told is None or told.is_map or told.is_list else str(told.value)


def _join_maps(under: Node, over: Node, literal: bool) -> Node:
    members = dict(under.value)
    for key, member in over.items():
        below = under.value.get(key)
        members[key] = member if below is None else join(below, member, literal or key in _LITERAL)
    return Node(type(under.value)(members), under.place, {**under.keys, **over.keys})


# -- settling ----------------------------------------------------------------------------------------


def settle(node: Node) -> tuple[Node, list[Finding]]:
    """The finished tree, and what its lines asked for in vain."""
    findings: list[Finding] = []
    return _settled(node, findings), findings


def _settled(node: Node, findings: list[Finding]) -> Node:
    if node.is_map:
        members = {
            key: _settled(member, findings) for key, member in node.items() if not isinstance(member.value, Removed)
        }
        return Node(members, node.place, {key: place for key, place in node.keys.items() if key in members})
    if node.is_list:
        elements = _replayed(node, findings) if has_ids(node) else list(node)
        return Node([_settled(element, findings) for element in elements], node.place)
    return node


def _replayed(node: Node, findings: list[Finding]) -> list[Node]:
    """Lines with ids in their order of writing -> the list that they make."""
    lines: dict[str, Node] = {}
    order: list[str] = []
    for element in node:
        name = _id_of(element) or ""
        if isinstance(element.value, Removed):
            _take_out(element, lines, order, findings)
            continue
        if name not in lines:
            order.append(name)
        place = element.get("place")
        bare = _without_place(element) if place else element
        lines[name] = join(lines[name], bare) if name in lines else bare
        if place:
            _move(name, place, order, findings)
    return [lines[name] for name in order]


def _take_out(element: Node, lines: dict[str, Node], order: list[str], findings: list[Finding]) -> None:
    name = element.value.name
    if name in lines:
        del lines[name]
        order.remove(name)
    else:
        findings.append(_nothing_there(name, element, list(lines)))


def _nothing_there(name: str, node: Node, names: list[str]) -> Finding:
    message = f"nothing here is named {name!r}, so nothing is taken out"
    return Finding("unset-nothing", message, node.place, Severity.WARNING, did_you_mean(name, names))


def _without_place(line: Node) -> Node:
    members = {key: member for key, member in line.items() if key != "place"}
    return Node(type(line.value)(members), line.place, line.keys)


def _move(name: str, place: Node, order: list[str], findings: list[Finding]) -> None:
    """Puts a line where its `place` says: first, last, before X, after X."""
    word, _, other = str(place.value).partition(" ")
    order.remove(name)
    if word == "first":
        order.insert(0, name)
    elif word == "last" or other not in order:
        order.append(name)
        if word != "last":
            message = f"no line is named {other!r} here, so {name!r} stands last"
            findings.append(Finding("place-unknown", message, place.place, hint=did_you_mean(other, order)))
    else:
        order.insert(order.index(other) + (word == "after"), name)


# -- objections --------------------------------------------------------------------------------------


def objections(base: Node, over: Node, kind: str) -> list[Finding]:
    """What speaks against laying `over` on the finished `base`: final rows, and removals of nothing."""
    later = desugar(over, kind)
    return [*_final_rows(base, later), *_vain_removals(base, later)]


def _final_rows(base: Node, later: Node) -> list[Finding]:
    below, above = base.get("push_policy"), later.get("push_policy")
    if below is None or above is None:
        return []
    fields = above.get("fields") or Node({})
    rows: list[tuple[tuple[str, ...], Place | None]] = [(("default",), above.keys.get("default"))]
    rows += [(("fields", name), fields.keys.get(name)) for name, _ in fields.items()]
    return [_final(steps[-1], final, place) for steps, place in rows if place and (final := below.at(*steps, "final"))]


def _final(name: str, final: Node, place: Place) -> Finding:
    return Finding("final-row", f"the row {name!r} is final (said at {final.place}): {final.value}", place)


def _vain_removals(base: Node | None, later: Node) -> list[Finding]:
    found: list[Finding] = []
    for key, member in later.items():
        below = base.get(key) if base else None
        if not isinstance(member.value, Removed):
            found += _vain_removals(below, member)
        elif member.value.asked and below is None:
            found.append(_nothing_there(key, member, list(base.value) if base and base.is_map else []))
    return found
