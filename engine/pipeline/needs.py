"""Which objects a flow needs to have mirrored, besides its source and its target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.spec.mapping import Case, Choose, Collect, Each, FirstOf, Records, Row, Source, With
from engine.spec.rules import Join
from engine.spec.ruleset import FlowSpec
from engine.spec.system import ObjectSpec

_ENGINE_NAMES = frozenset(
    {"since", "after", "columns", "column", "table", "collection", "types", "settings", "base_url", "object", "fields"}
    | {"now"}
)


def can_be_listed(obj: ObjectSpec) -> bool:
    """True when the whole object can be listed without knowing anything else."""
    return obj.list is not None and obj.list.params <= _ENGINE_NAMES


def needed_objects(flow: FlowSpec) -> list[tuple[str, str]]:
    """(connection, object) of everything that hangs on the flow's records, each once, in a stable order."""
    source, target = flow.source_connection.name, flow.target_connection.name
    found: dict[tuple[str, str], None] = {}
    for name in _joined(flow.source_reads.joins):
        found[source, name] = None
    for name in _joined(flow.target_reads.joins):
        found[target, name] = None
    for name in (
        *_looked_up(flow.mapping.rows),
        *(name for spec in flow.rules.globals.values() for name in _looked_up(spec.create)),
    ):
        side = source if name.partition(".")[0] == flow.source_connection.system.name else target
        found[side, name] = None
    for name in flow.rules.followers:
        found[source, f"{flow.source_connection.system.name}.{name.rpartition('.')[2]}"] = None
    ends = {(source, flow.source.name), (target, flow.target.name)}
    return [key for key in found if key not in ends]


def _joined(joins: Iterable[Join]) -> Iterator[str]:
    for join in joins:
        if not join.bare:
            yield join.object
        yield from _joined(join.joins)


def _looked_up(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        if row.by and row.type.to:
            yield row.type.to
        yield from _in_source(row.source)
        if row.default is not None:
            yield from _in_source(row.default)


def _in_source(source: Source) -> Iterator[str]:
    if isinstance(source, Records):
        yield source.object
    elif isinstance(source, FirstOf):
        for one in source.sources:
            yield from _in_source(one)
    elif isinstance(source, (Choose, Collect)):
        yield from _in_cases(source.cases)
    elif isinstance(source, Each):
        yield from _in_source(source.items)
        yield from _looked_up(source.rows)
    elif isinstance(source, With):
        yield from _looked_up(source.rows)


def _in_cases(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        yield from _in_source(case.value)
