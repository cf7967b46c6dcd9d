"""Flows: a mapping and rules between two connections -> FlowSpec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.config.compile_bench import NO_NAMES, Bench, Lazy, reads_of
from engine.config.compile_environment import Connections, declared, public, settled
from engine.config.compile_fields import settings_of
from engine.config.compile_mapper import ActionMapper, LazyMapper, StandIn
from engine.config.compile_members import child, key_place, place_of, text
from engine.config.compile_reads import EACH
from engine.config.compile_rows import Rows, below, mapped_by, overrides_of, own_texts, tables_of
from engine.config.compile_rules import Rules
from engine.config.compile_source import ACTION_NAMES, LINE_NAMES, ROW_NAMES, Scope, text_of
from engine.config.compile_uses import UseOf, Uses
from engine.config.document import Document, Node
from engine.functions.apply import FUNCTIONS
from engine.functions.types import comparator
from engine.model.values import ABSENT
from engine.spec.environment import ConnectionSpec
from engine.spec.mapping import Literally, MappingSpec, Row, Text, With, WriteBack
from engine.spec.rules import PushPolicy, RulesSpec
from engine.spec.ruleset import FieldPlan, FlowSpec, WriteBackPlan
from engine.spec.system import FieldSpec, ObjectSpec


@dataclass(frozen=True, slots=True)
class Compiled:
    """A flow with what else its compiling found out."""

    flow: FlowSpec
    uses: Uses
    mapping: Document
    rules: Document


class Flows:
    """Compiles flows against the systems and connections of a ruleset."""

    def __init__(
        self,
        objects: Mapping[str, ObjectSpec],
        connections: Connections,
        environment: Node,
        settings: Node,
        bench: Bench,
    ) -> None:
        self.objects, self.connections, self.bench = objects, connections, bench
        self.environment, self.settings = environment, settings

    def one(self, mapping: Document, rules: Document) -> Compiled | None:
        """One flow; None when its ends are not known."""
        name = mapping.name
        source, target = self._object(mapping.root, "source"), self._object(mapping.root, "target")
        if source is None or target is None:
            return None
        ends = [
            self.connections.of_flow(name, side, one.name.split(".")[0])
            for side, one in (("source", source), ("target", target))
        ]
        if ends[0] is None or ends[1] is None:
            return None
        settings = self._settings(rules.root, name, (ends[0], ends[1]))
        scope = Scope(
            self.bench, ROW_NAMES, settings, _known(rules.root, ends), self.objects, FUNCTIONS, tables_of(mapping.root)
        )
        return self._compiled(mapping, rules, scope, (source, target), (ends[0], ends[1]))

    def _object(self, node: Node, side: str) -> ObjectSpec | None:
        name = text(node, side)
        self.bench.holds("object", name, self.objects, place_of(node, side))
        return self.objects.get(name)

    def _settings(self, rules: Node, flow: str, ends: tuple[ConnectionSpec, ConnectionSpec]) -> dict[str, Any]:
        """Settings as expressions see them: those of the flow, and a map per system. No secrets."""
        specs, given = settings_of(rules), {}
        for name, node in declared(self.environment, flow, self.settings):
            if self.bench.holds("setting", name, specs, node.place):
                given[name] = node.plain()
        systems = {one.system.name: public(one.settings) for one in ends}
        return {**systems, **public(settled(specs, given))}

    def _compiled(
        self,
        mapping: Document,
        rules: Document,
        scope: Scope,
        objects: tuple[ObjectSpec, ObjectSpec],
        ends: tuple[ConnectionSpec, ConnectionSpec],
    ) -> Compiled:
        source, target = objects
        compiled = self._mapping(mapping, rules, scope, target)
        spec = Rules(mapping.name, rules.root, scope, source, target).all()
        spec = self._with_actions(spec, scope.settings, ends, rules.file)
        use = UseOf(source, target, self.objects, LINE_NAMES, scope.known_settings, self.bench)
        use.mapping(compiled)
        use.rules(spec)
        uses = use.uses
        flow = FlowSpec(
            mapping.name,
            source,
            target,
            ends[0],
            ends[1],
            compiled,
            spec,
            LazyMapper(compiled.rows, scope.settings, mapping.file),
            _globals(spec, scope.settings, rules.file),
            uses.source.frozen(),
            uses.target.frozen(),
            {row.target: plan_of(row, spec.policy_of(row.target)) for row in compiled.rows},
            scope.settings,
            "",
            write_backs=tuple(_write_back(one) for one in compiled.write_back),
            match_detail=uses.candidate_detail,
            needs_held=uses.reads_held,
            reverse_touch=touches(compiled),
            inputs=inputs_of(compiled),
            place=mapping.root.place,
        )
        return Compiled(flow, uses, mapping, rules)

    def _mapping(self, document: Document, rules: Document, scope: Scope, target: ObjectSpec) -> MappingSpec:
        node = document.root
        rows = Rows(scope, target, overrides_of(rules.root, scope)).all(child(node, "fields"))
        said = child(node, "write_back")
        back = tuple(
            WriteBack(name, text_of(one.get("from") or one, "path", scope), key_place(said, name))
            for name, one in said.items()
        )
        by_target = {row.target: row for row in rows}
        ends = text(node, "source"), text(node, "target")
        return MappingSpec(document.name, *ends, rows, back, node.place, by_target)

    def _with_actions(
        self, rules: RulesSpec, settings: Mapping[str, Any], ends: tuple[ConnectionSpec, ConnectionSpec], file: str
    ) -> RulesSpec:
        """Actions with their mappers and the connections that they write to."""
        actions = {}
        for name, action in rules.actions.items():
            system = action.create.split(".")[0]
            found = next((one for one in ends if one.system.name == system), None)
            found = found or self.connections.of_flow(rules.flow, name, system)
            make = ActionMapper(action.rows, settings, file, ACTION_NAMES)
            actions[name] = replace(action, make=make, connection=found.name if found else "")
        return replace(rules, actions=actions)


def _known(rules: Node, ends: list[ConnectionSpec | None]) -> frozenset[str]:
    """Names of settings that a flow may use: its own, and `system.name` of both ends. No secrets."""
    own = {name for name, spec in settings_of(rules).items() if spec.type != "secret"}
    theirs = {
        f"{end.system.name}.{name}"
        for end in ends
        if end is not None
        for name, spec in end.system.settings.items()
        if spec.type != "secret"
    }
    return frozenset(own | theirs)


def _globals(
    rules: RulesSpec, settings: Mapping[str, Any], file: str
) -> dict[str, tuple[LazyMapper, LazyMapper | None]]:
    return {
        name: (
            LazyMapper(one.find, settings, file),
            LazyMapper(one.create, settings, file) if one.create else None,
        )
        for name, one in rules.globals.items()
    }


def _write_back(line: WriteBack) -> WriteBackPlan:
    path = Lazy("path", line.path.text, NO_NAMES, line.path.place)
    return WriteBackPlan(line.field, line.path.text, path, line.place)


# -- fields --------------------------------------------------------------------------------------------


def plan_of(row: Row, policy: PushPolicy) -> FieldPlan:
    """What deciding needs to know of one target field."""
    spec = _compared(row)
    is_list = spec.type == "list" and bool(spec.key)
    return FieldPlan(
        row.target,
        comparator(spec),
        row.place,
        policy.place,
        detail=spec.detail,
        list_key=spec.key if is_list else (),
        list_equal={one.target: comparator(_compared(one)) for one in below(row)} if is_list else {},
        single=spec.single,
        others=row.others,
        members=members_of(row) if isinstance(row.source, With) else {},
        personal=spec.personal,
        consent=spec.type == "consent",
    )


def members_of(row: Row) -> dict[str, Any]:
    """Members of an object that a block fills, and those that are read only."""
    fixed: dict[str, Any] = {name: {} for name, spec in row.type.fields.items() if not spec.writable}
    return fixed | {one.target: members_of(one) if isinstance(one.source, With) else {} for one in below(row)}


def _compared(row: Row) -> FieldSpec:
    return replace(row.type, compare=row.compare) if row.compare else row.type


def touches(mapping: MappingSpec) -> dict[str, frozenset[str]]:
    """Source field -> the target fields that read it, also by way of other rows. Members of maps stand under
    their own dotted names too."""
    direct = {row.target: _source_fields(row) for row in mapping.rows}
    found: dict[str, set[str]] = {}
    for row in mapping.rows:
        for name in _through(row.target, mapping.by_target, set()):
            for field in direct.get(name, ()):
                found.setdefault(field, set()).add(row.target)
    return {field: frozenset(names) for field, names in found.items()}


def inputs_of(mapping: MappingSpec) -> tuple[str, ...]:
    """Source fields that the mapping reads; () when a row reads the record as a whole."""
    names = {name.partition(".")[0] for row in mapping.rows for name in _source_fields(row)}
    return () if "" in names else tuple(sorted(names))


def _through(name: str, rows: Mapping[str, Row], seen: set[str]) -> set[str]:
    """A row and all rows whose results it reads."""
    if name in seen or name not in rows:
        return seen
    seen.add(name)
    for other, _ in mapped_by(rows[name], rows):
        _through(other, rows, seen)
    return seen


def _source_fields(row: Row) -> set[str]:
    """Names that a row reads of the source record, members also with their owner; what rows below read of their
    line is read by the path of the lines already."""
    found: set[str] = set()
    for one, of_record in _texts(row, True):
        for steps in reads_of(one.kind, one.text, NO_NAMES if one.kind == "path" else LINE_NAMES):
            path = (steps if of_record else ()) if one.kind == "path" else steps[1:] if steps[0] == "source" else ()
            found |= {".".join(path[:length]) for length in (1, 2) if path[:length] and EACH not in path[:length]}
    return found


def _texts(row: Row, of_record: bool) -> Iterator[tuple[Text, bool]]:
    """Every expression of a row, and whether its paths start at the record."""
    yield from ((one, of_record) for one in own_texts(row))
    inside = of_record and isinstance(row.source, With) and row.source.path is None
    for inner in below(row):
        yield from _texts(inner, inside)


# -- the other direction -----------------------------------------------------------------------------------


def with_reverse(flows: dict[str, Compiled]) -> dict[str, FlowSpec]:
    """Every flow with the one that runs the other way over the same links, and the stand-ins that it leaves."""
    ends = {_ends(one.flow): one for one in flows.values()}
    found = {}
    for name, one in flows.items():
        other = ends.get(_ends(one.flow)[::-1])
        found[name] = one.flow
        if other is not None:
            found[name] = replace(one.flow, reverse=other.flow.name, placeholders=stand_ins(other))
    return found


def _ends(flow: FlowSpec) -> tuple[tuple[str, str], tuple[str, str]]:
    return (flow.source_connection.name, flow.source.name), (flow.target_connection.name, flow.target.name)


def plain_texts(obj: ObjectSpec) -> list[str]:
    """Fields of an object that hold text."""
    return [name for name, spec in obj.fields.items() if not spec.fields and spec.type not in _NO_TEXT]


_NO_TEXT = frozenset({"boolean", "integer", "number", "money", "reference", "list", "map", "object", "consent"})


def stand_ins(other: Compiled) -> dict[str, StandIn]:
    """Fields that the other direction fills with a stand-in when it knows nothing better."""
    return {
        row.target: StandIn(
            row.type, row.default, other.flow.settings, other.mapping.file, plain_texts(other.flow.source)
        )
        for row in other.flow.mapping.rows
        if row.placeholder and row.default is not None and row.default != Literally(ABSENT)
    }
