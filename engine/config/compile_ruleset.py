"""Everything together: flows in order, what is read and indexed per object, the digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_digest import flow_digest, ruleset_digest
from engine.config.compile_flow import Compiled, with_reverse
from engine.config.document import Document
from engine.functions.compare import COMPARATORS
from engine.model.values import is_blank
from engine.spec.environment import ConnectionSpec
from engine.spec.rules import Join, ReadSet
from engine.spec.ruleset import FlowSpec, Ruleset
from engine.spec.system import ObjectSpec, SystemSpec

At = tuple[str, str]
"""(connection, object)"""

KeyOf = Any


class ReferenceKey:
    """The id that a reference field holds."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    def __call__(self, fields: Mapping[str, Any]) -> str | None:
        value = fields.get(self.field)
        value = value.get("id") if isinstance(value, dict) else value
        return None if is_blank(value) else str(value)


class TextKey:
    """A field's text, letter case and blanks apart."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    def __call__(self, fields: Mapping[str, Any]) -> str | None:
        return COMPARATORS["text"].key(fields.get(self.field))


def ruleset_of(
    systems: Mapping[str, SystemSpec],
    objects: Mapping[str, ObjectSpec],
    connections: Mapping[str, ConnectionSpec],
    compiled: Sequence[Compiled],
    tree: Mapping[tuple[str, str], Document],
    bench: Bench,
) -> Ruleset:
    """The finished ruleset."""
    ordered = in_order({one.flow.name: one for one in compiled}, bench)
    flows = {name: _with_digest(flow, ordered[name], tree) for name, flow in with_reverse(ordered).items()}
    flows = {name: replace(flow, yields=_yields(flow, flows)) for name, flow in flows.items()}
    used = [one for one in ordered.values() if _may_run(one.flow)]
    return Ruleset(
        systems,
        objects,
        connections,
        flows,
        reads_of_all(used),
        index_of_all(used),
        ruleset_digest(flows, connections),
        origins={f"{kind}/{name}": document.root for (kind, name), document in tree.items()},
        of_all=(reads_of_all(ordered.values()), index_of_all(ordered.values())),
    )


def _may_run(flow: FlowSpec) -> bool:
    """False where one account is set up and the other is not. With neither, it costs nothing to keep the flow."""
    ends = (flow.source_connection, flow.target_connection)
    return all(end.is_set_up for end in ends) or not any(end.is_set_up and end.system.settings for end in ends)


def _yields(flow: FlowSpec, flows: Mapping[str, FlowSpec]) -> tuple[At, ...]:
    """Whose records come first at a target that both reach: in their own accounts, as they are connected now."""
    others = [flows[name] for name in flow.rules.yields_to if name in flows]
    return tuple((other.source_connection.name, other.source.name) for other in others)


def _with_digest(flow: FlowSpec, compiled: Compiled, tree: Mapping[tuple[str, str], Document]) -> FlowSpec:
    names = {one.split(".")[0] for one in (flow.source.name, flow.target.name)}
    systems = [document for (kind, name), document in sorted(tree.items()) if kind == "system" and name in names]
    return replace(flow, digest=flow_digest(flow, (compiled.mapping, compiled.rules, *systems)))


# -- order -----------------------------------------------------------------------------------------------


def in_order(flows: Mapping[str, Compiled], bench: Bench) -> dict[str, Compiled]:
    """Flows so that whatever one needs comes before it; else by name."""
    done: dict[str, Compiled] = {}
    for name in sorted(flows):
        _after_needs(name, flows, done, (), bench)
    return done


def _after_needs(
    name: str, flows: Mapping[str, Compiled], done: dict[str, Compiled], above: tuple[str, ...], bench: Bench
) -> None:
    one = flows.get(name)
    if one is None or name in done:
        return
    if name in above:
        circle = " -> ".join((*above[above.index(name) :], name))
        needs = one.rules.root.get("needs") or one.rules.root.get("yields_to") or one.rules.root
        bench.say("needs-cycle", f"these flows need each other: {circle}", needs.place)
        return
    for needed in (*one.flow.rules.needs, *one.flow.rules.yields_to):
        _after_needs(needed, flows, done, (*above, name), bench)
    done.setdefault(name, one)


# -- reads -----------------------------------------------------------------------------------------------


def reads_of_all(flows: Iterable[Compiled]) -> dict[At, ReadSet]:
    """(connection, object) -> what all flows use of it."""
    found: dict[At, ReadSet] = {}
    for one in flows:
        for at, reads in _reads(one):
            found[at] = joined(found[at], reads) if at in found else reads
    return found


def _reads(one: Compiled) -> Iterable[tuple[At, ReadSet]]:
    ends = {"source": one.flow.source_connection.name, "target": one.flow.target_connection.name}
    for side, use in (("source", one.uses.source), ("target", one.uses.target)):
        yield (ends[side], use.object.name), use.frozen()
        for name, reads in use.objects():
            yield (ends[side], name), reads
    for (side, _), use in one.uses.beside.items():
        yield (ends[side], use.object.name), use.frozen()
        for name, reads in use.objects():
            yield (ends[side], name), reads


def joined(one: ReadSet, other: ReadSet) -> ReadSet:
    """The union of two read sets."""
    joins = {join.name: join for join in one.joins}
    for join in other.joins:
        joins[join.name] = _joined(joins[join.name], join) if join.name in joins else join
    return ReadSet(one.fields | other.fields, one.detail | other.detail, tuple(joins[name] for name in sorted(joins)))


def _joined(one: Join, other: Join) -> Join:
    both = joined(ReadSet(one.fields, joins=one.joins), ReadSet(other.fields, joins=other.joins))
    return replace(one, fields=both.fields, joins=both.joins, bare=one.bare and other.bare)


# -- index -----------------------------------------------------------------------------------------------


def index_of_all(flows: Iterable[Compiled]) -> dict[At, dict[str, KeyOf]]:
    """(connection, object) -> name of an index -> key function over the fields of its records."""
    found: dict[At, dict[str, KeyOf]] = {}
    for one in flows:
        for at, name, key in _index(one):
            found.setdefault(at, {})[name] = key
    return found


def _index(one: Compiled) -> Iterable[tuple[At, str, KeyOf]]:
    flow = one.flow
    source, target = flow.source_connection.name, flow.target_connection.name
    for rule in flow.rules.match.rules:
        for pair in rule.pairs:
            if pair.right_path.partition("|")[0] not in ("id", flow.target.id):
                yield (target, flow.target.name), pair.right_path, pair.right_blocks or pair.right_key
    for side, name, field in sorted(one.uses.looked_up):
        yield ({"source": source, "target": target}[side], name), f"by:{field}", TextKey(field)
    for connection, use in ((source, one.uses.source), (target, one.uses.target)):
        yield from _joins(connection, use.object.name, use.frozen().joins)
    for name, follower in flow.rules.followers.items():
        yield (source, name), f"ref:{follower.through}", ReferenceKey(follower.through)


def _joins(connection: str, object: str, joins: Iterable[Join]) -> Iterable[tuple[At, str, KeyOf]]:
    """What finds the records that belong to one, and those that refer to one that changed."""
    for join in joins:
        if join.kind == "relation":
            for theirs in join.where:
                yield (connection, join.object), f"ref:{theirs}", ReferenceKey(theirs)
        elif not join.bare:
            yield (connection, object), f"ref:{join.name}", ReferenceKey(join.name)
        yield from _joins(connection, join.object, join.joins)
