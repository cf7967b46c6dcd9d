"""Short forms -> long forms, so that layers merge one shape only. Doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.config.document import Node
from engine.config.marks import Removed, Whole, with_members

Rewrite = Callable[[Node], Node]

PLAIN_SOURCES = ("from", "first_of", "value", "setting", "template", "expr", "choose", "collect", "records", "unmapped")
BLOCK_SOURCES = ("each", "with")
SOURCES = (*PLAIN_SOURCES, *BLOCK_SOURCES)


def desugar(node: Node, kind: str) -> Node:
    """The long form of a whole file of this kind: `$unset` becomes removals, a bare word becomes `from`."""
    return _unset(_KINDS.get(kind, _same)(node))


# -- positions ---------------------------------------------------------------------------------------


def _same(node: Node) -> Node:
    return node


def _members(**rewrites: Rewrite) -> Rewrite:
    """Rewrites the named members of a map."""

    def rewrite(node: Node) -> Node:
        return _rewritten(node, {key: one for key, one in rewrites.items() if node.get(key)})

    return rewrite


def _every(one: Rewrite) -> Rewrite:
    """Rewrites all members of a map, or all elements of a list."""

    def rewrite(node: Node) -> Node:
        if node.is_list:
            return Node(type(node.value)(one(element) for element in node), node.place)
        return _rewritten(node, {key: one for key, _ in node.items() if not key.startswith(("x-", "$"))})

    return rewrite


def _rewritten(node: Node, rewrites: Mapping[str, Rewrite]) -> Node:
    if not rewrites or not node.is_map:
        return node
    changed = {key: rewrites[key](member) for key, member in node.items() if key in rewrites}
    return with_members(node, changed)


# -- sources -----------------------------------------------------------------------------------------


def _named(key: str) -> Rewrite:
    """A bare value becomes a map with this one key."""

    def rewrite(node: Node) -> Node:
        return node if node.is_map or _is_removed(node) else Node({key: node}, node.place, {key: node.place})

    return rewrite


def _is_removed(node: Node) -> bool:
    return isinstance(node.value, Removed)


def _source(node: Node) -> Node:
    """A source by path: a bare word is `from`."""
    return _one_slot(_inner(_named("from")(node)))


def _default(node: Node) -> Node:
    """What stands behind `else` or in a case: a bare value is the value itself."""
    return _one_slot(_inner(_named("value")(node)))


def _case(node: Node) -> Node:
    return _rewritten(node, {"value": _default})


def _inner(node: Node) -> Node:
    return _rewritten(node, {key: _INSIDE[key] for key, _ in node.items() if key in _INSIDE})


def _one_slot(node: Node) -> Node:
    """Naming one kind of source takes the other kinds out of what lies below: the sources are one slot."""
    given = [key for key in SOURCES if _gives(node, key)]
    if given:
        rivals = set(SOURCES) - set(given)
        if not set(given) & set(BLOCK_SOURCES):
            rivals.add("fields")
        if "records" not in given:
            rivals.add("where")
    else:
        rivals = set(PLAIN_SOURCES) if _gives(node, "fields") else set()
    removals = {key: Node(Removed(key), node.place) for key in sorted(rivals) if node.get(key) is None}
    return with_members(node, removals)


def _gives(node: Node, key: str) -> bool:
    member = node.get(key)
    return member is not None and not _is_removed(member)


# -- requests ----------------------------------------------------------------------------------------


def _request(node: Node) -> Node:
    return _named("request")(node)


# -- $unset ------------------------------------------------------------------------------------------


def _unset(node: Node) -> Node:
    """Turns every `$unset` into removals."""
    if node.is_list:
        return Node(type(node.value)(out for element in node for out in _unset_element(element)), node.place)
    if not node.is_map:
        return node
    names = {str(name.value): name for name in node.get("$unset") or ()}
    members: dict[str, Node] = {}
    for key, member in node.items():
        if key != "$unset":
            inner = _unset(member)
            members[key] = _replacing(inner) if key in names else inner
    for name, said in names.items():
        members.setdefault(name, Node(Removed(name, asked=True), said.place))
    keys = {**{name: said.place for name, said in names.items()}, **node.keys}
    return Node(type(node.value)(members), node.place, keys)


def _unset_element(element: Node) -> list[Node]:
    """A list element; `{$unset: [a, b]}` becomes the removals of the ids a and b."""
    if element.is_map and set(element.value) == {"$unset"}:
        return [Node(Removed(str(name.value), asked=True), name.place) for name in element.value["$unset"]]
    return [_unset(element)]


def _replacing(node: Node) -> Node:
    """Taken out and given anew in one map: the new one replaces the old whole."""
    return Node(Whole(node.value), node.place, node.keys) if node.is_map else node


# -- tables ------------------------------------------------------------------------------------------

_rows = _every(_source)

_INSIDE: Mapping[str, Rewrite] = {
    "first_of": _every(_source),
    "choose": _every(_case),
    "collect": _every(_case),
    "each": _source,
    "else": _default,
    "fields": _rows,
}

_duplicates = _members(merge=_members(loser=_rows))
_operations = _members(
    **dict.fromkeys(("list", "read", "create", "update", "delete", "merge"), _request), find=_every(_request)
)
_object = _members(
    operations=_operations,
    parts=_every(_members(read=_request, update=_request, remove=_request)),
    deletions=_members(list=_request),
    custom_fields=_members(create=_request),
    discover=_request,
)

_KINDS: Mapping[str, Rewrite] = {
    "mapping": _members(fields=_rows, write_back=_rows),
    "rules": _members(
        globals=_every(_members(find=_rows, create=_rows)),
        actions=_every(_members(fields=_rows, write_back=_rows)),
        duplicates=_duplicates,
    ),
    "system": _members(objects=_every(_object)),
}
"""Kind of file -> its rewriting."""
