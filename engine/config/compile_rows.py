"""Rows of a mapping: long forms -> Row trees with the target's types, sorted by what they read of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.config.compile_bench import reads_of
from engine.config.compile_fields import member_field
from engine.config.compile_members import child, members, place_of, plain, text
from engine.config.compile_source import LINE_NAMES, NOTHING, Scope, row_texts, source_of, text_of, texts_of, when_of
from engine.config.document import Node
from engine.config.suggest import did_you_mean
from engine.functions.apply import FUNCTIONS, arguments
from engine.functions.failed import FunctionFailed
from engine.model.finding import Place
from engine.model.values import ABSENT
from engine.spec.mapping import Call, Each, Override, Row, Source, Text, With
from engine.spec.system import FieldSpec, ObjectSpec

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
Member = Callable[[str, Place], FieldSpec]


class Rows:
    """Compiles rows whose targets are fields of one object."""

    def __init__(self, scope: Scope, target: ObjectSpec, overrides: Mapping[str, Override] | None = None) -> None:
        self.scope, self.object, self.fields, self.overrides = scope, target, target.fields, overrides or {}

    def all(self, node: Node) -> tuple[Row, ...]:
        """The rows of a `fields` member, and one for every override that has no row, sorted."""
        rows = [self.row(name, one, node.keys.get(name, one.place), self.target) for name, one in node.items()]
        named = {row.target for row in rows}
        for name, override in self.overrides.items():
            if name not in named:
                place = next(one.place for one in (override.wins, override.fills_in) if one)
                rows.append(Row(name, NOTHING, self.target(name, place), place, override=override))
        return self.sorted(rows)

    def target(self, name: str, place: Place) -> FieldSpec:
        """The target's field of this name; a dotted name is one member of a map or an object."""
        if name in self.fields:
            return self.fields[name]
        first, _, rest = name.partition(".")
        owner = self.fields.get(first)
        member = member_field(owner, rest) if owner and rest else None
        if member is None:
            self._no_field(self.object.name, name, self.fields, place)
        return _named(member or FieldSpec(name), name)

    def _no_field(self, owner: str, name: str, known: Mapping[str, FieldSpec], place: Place) -> None:
        hint = did_you_mean(name, known) or f"run.py fields {self.object.name} lists them"
        self.scope.bench.say("unknown-field", f"{owner} has no field {name!r}", place, hint)

    def row(self, name: str, node: Node, place: Place, member: Member) -> Row:
        """One row, with the rows below it."""
        spec = member(name, place)
        default = node.get("else")
        return Row(
            name,
            self._source(node, spec),
            spec,
            place,
            when=when_of(node, self.scope),
            override=self.overrides.get(name) if member == self.target else None,
            default=source_of(default, self.scope) if default else None,
            placeholder=plain(node, "placeholder") is True,
            apply=calls(node, self.scope),
            table=self._table(node),
            by=self._by(node, spec),
            linked=self._linked(node),
            missing=text(node, "missing", "leave"),  # type: ignore[arg-type]  # the schema lists the words
            others=text(node, "others", "keep"),  # type: ignore[arg-type]
            compare=text(node, "compare"),
            new_field=plain(node, "new_field"),
        )

    def _source(self, node: Node, spec: FieldSpec) -> Source:
        if "fields" not in node.value:
            return source_of(node, self.scope)
        each, inner = node.get("each"), node.get("with")
        if each is not None:
            lines = Rows(replace(self.scope, names=self.scope.names | {"item"}), self.object)
            return Each(source_of(each, self.scope), lines.block(child(node, "fields"), spec))
        rows = self.block(child(node, "fields"), spec)
        return With(text_of(inner, "path", self.scope) if inner else None, rows)

    def block(self, node: Node, spec: FieldSpec) -> tuple[Row, ...]:
        """Rows of a block, whose targets are members of one field."""

        def member(name: str, place: Place) -> FieldSpec:
            found = member_field(spec, name)
            if found is None:
                self._no_field(f"{self.object.name}.{spec.name}", name, spec.fields, place)
            return _named(found or FieldSpec(name), name)

        return tuple(self.row(name, one, node.keys.get(name, one.place), member) for name, one in node.items())

    def _table(self, node: Node) -> Mapping[str, Any] | None:
        name = text(node, "table")
        if not name:
            return None
        self.scope.bench.holds("table", name, self.scope.tables, place_of(node, "table"))
        return self.scope.tables.get(name, {})

    def _by(self, node: Node, spec: FieldSpec) -> str:
        name = text(node, "by")
        if name and spec.to in self.scope.objects:
            self.scope.bench.holds("field", name, self.scope.objects[spec.to].fields, place_of(node, "by"))
        return name

    def _linked(self, node: Node) -> str:
        name = text(node, "linked")
        if name:
            self.scope.bench.holds("object", name, self.scope.objects, place_of(node, "linked"))
        return name

    # -- order ---------------------------------------------------------------------------------------

    def sorted(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Rows in their order of writing, but none before a row whose result it reads."""
        by_name = {row.target: row for row in rows}
        done: dict[str, Row] = {}
        for row in rows:
            self._place_row(row, by_name, done, ())
        return tuple(done.values())

    def _place_row(self, row: Row, by_name: Mapping[str, Row], done: dict[str, Row], above: tuple[str, ...]) -> None:
        if row.target in done:
            return
        if row.target in above:
            circle = " -> ".join((*above[above.index(row.target) :], row.target))
            self.scope.bench.say("mapped-cycle", f"these rows read each other: {circle}", row.place)
            return
        for name, place in mapped_by(row, by_name):
            if name in by_name:
                self._place_row(by_name[name], by_name, done, (*above, row.target))
            else:
                self.scope.bench.unknown("row", name, by_name, place)
        done.setdefault(row.target, row)


def _named(spec: FieldSpec, name: str) -> FieldSpec:
    return spec if spec.name == name else FieldSpec(name, spec.type, length=spec.length, place=spec.place)


def below(row: Row) -> tuple[Row, ...]:
    """The rows of a block."""
    return row.source.rows if isinstance(row.source, (Each, With)) else ()


def own_texts(row: Row) -> list[Text]:
    """Every expression of a row itself, with the path that the rows below it start at."""
    own = row_texts(row)
    if isinstance(row.source, Each):
        own += texts_of(row.source.items)
    if isinstance(row.source, With) and row.source.path:
        own.append(row.source.path)
    return own


def all_texts(row: Row) -> list[Text]:
    """Every expression of a row and of the rows below it."""
    return [*own_texts(row), *(one for inner in below(row) for one in all_texts(inner))]


def mapped_by(row: Row, rows: Collection[str]) -> list[tuple[str, Place]]:
    """The rows whose results a row reads, with the place where it does; `mapped.a.b` may be the row `a.b`."""
    found: dict[str, Place] = {}
    for one in all_texts(row):
        if one.kind != "path":
            for path in reads_of(one.kind, one.text, LINE_NAMES):
                if path[0] == "mapped" and len(path) > 1:
                    dotted = ".".join(path[1:3])
                    found.setdefault(dotted if dotted in rows else path[1], one.place)
    return list(found.items())


def calls(node: Node, scope: Scope, key: str = "apply") -> tuple[Call, ...]:
    """The functions of an `apply` list, with their arguments complete."""
    return tuple(call for one in child(node, key) if (call := _call(one, scope)) is not None)


def _call(node: Node, scope: Scope) -> Call | None:
    name, given = next(iter(node.items())) if node.is_map else (str(node.value), None)
    if not scope.bench.holds("function", name, FUNCTIONS, node.place):
        return None
    try:
        return Call(name, arguments(FUNCTIONS[name], ABSENT if given is None else given.plain()))
    except FunctionFailed as wrong:
        scope.bench.say("function-arguments", f"{name}: {wrong}", node.place)
        return None


def overrides_of(node: Node, scope: Scope) -> dict[str, Override]:
    """`record_overrides`: what a single record may say for itself, by target field."""
    said = child(node, "record_overrides")
    wins, fills = _override_texts(said, "wins", scope), _override_texts(said, "fills_in", scope)
    return {name: Override(wins.get(name), fills.get(name)) for name in {**wins, **fills}}


def _override_texts(node: Node, key: str, scope: Scope) -> dict[str, Text]:
    found = {}
    for one in child(node, key):
        name = f"{text(node, 'prefix')}{one.value}"
        step = name if _PLAIN_NAME.match(name) else f'"{name}"'
        written = Text("path", f"{text(node, 'from')}.{step}", one.place)
        found[str(one.value)] = written if scope.bench.fits(written, scope.names) else Text("path", "none")
    return found


def tables_of(node: Node) -> dict[str, dict[str, Any]]:
    """The value tables of a mapping."""
    return {name: {key: row.plain() for key, row in one.items()} for name, one in members(node, "tables")}
