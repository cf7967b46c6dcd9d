"""Checks of a flow's rows against both catalogues: writable, typed, short enough, complete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.config.compile_bench import Bench
from engine.config.compile_flow import Compiled
from engine.config.compile_items import Base, items_of
from engine.config.compile_reads import Use
from engine.config.compile_rows import below
from engine.config.lint_types import field_at, fits
from engine.model.finding import Place
from engine.spec.mapping import Choose, Collect, Each, FirstOf, Literally, Records, Row, Source, Text, Unmapped, With
from engine.spec.rules import PushPolicy
from engine.spec.system import FieldSpec, ObjectSpec

_BARE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")
UPDATES = ("always", "on_update")


class RowLint:
    """Checks rows of one flow."""

    def __init__(self, compiled: Compiled, objects: Mapping[str, ObjectSpec], bench: Bench) -> None:
        self.flow, self.objects, self.bench = compiled.flow, objects, bench

    def all(self) -> None:
        """The mapping, the shared records, the actions."""
        target = self.flow.target
        base = Base(Use(self.flow.source))
        for row in self.flow.mapping.rows:
            self.row(row, base, top=target)
            self._policy(row)
        for shared in self.flow.rules.globals.values():
            for row in shared.create:
                self.row(row, base, top=target)
            self.complete(shared.create, shared.place, f"the shared record {shared.name}", shared.find)
        for action in self.flow.rules.actions.values():
            made = self.objects.get(action.create)
            for row in action.rows:
                self.row(row, Base(None), top=made)
            if made is not None:
                self.complete(action.rows, action.place, f"the action {action.name}", (), made)
        if may_create(self.flow.rules.match.outcome.none, self.flow.rules.match.rules) and self._own_records():
            self.complete(self.flow.mapping.rows, self.flow.mapping.place, f"the flow {self.flow.name}")

    def _own_records(self) -> bool:
        lines = self.flow.rules.represent
        return not lines or any(one.as_ == "own_record" for one in lines)

    # -- one row -------------------------------------------------------------------------------------

    def row(self, row: Row, base: Base, top: ObjectSpec | None = None) -> None:
        """One row, and those below it."""
        self._writable(row, top)
        for literal, place in literals(row):
            self._literal(row, literal, place)
        if not (row.apply or row.table is not None or row.by or row.linked):
            for one in bare_paths(row.source):
                self._typed(row, one, base)
        self._reference_words(row)
        self._override(row)
        if row.placeholder and row.default is None:
            hint = "write `else`, or take `placeholder` out"
            self.bench.say(
                "placeholder-without-default", f"{row.target}: there is no default to stand in", row.place, hint
            )
        for inner in below(row):
            self.row(inner, self._below(row, base))

    def _below(self, row: Row, base: Base) -> Base:
        source = row.source
        if isinstance(source, Each):
            if isinstance(source.items, Records):
                obj = self.objects.get(source.items.object)
                return Base(Use(obj) if obj else None)
            return items_of(source.items, base, True) if isinstance(source.items, Text) else Base(None)
        if isinstance(source, With) and source.path is not None:
            return items_of(source.path, base, False)
        return base

    def _writable(self, row: Row, top: ObjectSpec | None) -> None:
        if top is not None and top.read_only:
            self.bench.say("not-writable", f"{top.name} is read only", row.place)
        elif top is not None and not row.type.writable:
            self.bench.say("not-writable", f"{top.name}.{row.target} cannot be written", row.place, "take the row out")

    def _literal(self, row: Row, value: object, place: Place) -> None:
        spec = row.type
        if not isinstance(value, str):
            return
        if spec.length and len(value) > spec.length:
            message = f"{row.target} holds {spec.length} characters, this text has {len(value)}"
            self.bench.say("too-long", message, place, "shorten it, or apply {truncate: n}")
        if spec.values and value not in spec.values and row.table is None and not row.apply:
            self.bench.unknown("choice", value, spec.values, place)

    def _typed(self, row: Row, one: Text, base: Base) -> None:
        if base.use is None or not _BARE.match(one.text):
            return
        found = field_at(self.objects, base.use.object, (*base.prefix, *one.text.split(".")))
        if found is None:
            return
        holder, spec = found
        if not fits(spec, row.type):
            message = f"{row.target} is {row.type.type}, {spec.name} is {spec.type}"
            self.bench.say("type-mismatch", message, one.place, "use a path into it, a template, or a function")
        elif row.type.type == "reference":
            self._other_id(row, one, holder, spec)

    def _other_id(self, row: Row, one: Text, holder: ObjectSpec, spec: FieldSpec) -> None:
        """An id of one system means nothing in another."""
        is_id = spec.type == "reference" or spec.name == holder.id
        if not is_id or holder.name.split(".")[0] == row.type.to.split(".")[0]:
            return
        owner = spec.to if spec.type == "reference" else holder.name
        message = f"{row.target} wants an id of {row.type.to}, this is an id of {owner}"
        hint = f"write linked: {owner}, or `by` with a field that both know"
        self.bench.say("reference-unresolved", message, one.place, hint)

    def _reference_words(self, row: Row) -> None:
        if (row.by or row.linked) and not row.type.to:
            word = "by" if row.by else "linked"
            self.bench.say("not-a-reference", f"{row.target} is no reference, so `{word}` finds nothing", row.place)

    def _override(self, row: Row) -> None:
        """What a record says for itself goes through `apply` too: a last name would lose its first word."""
        if row.override and row.override.wins and row.apply:
            message = f"{row.target}: what a record says for itself is changed by `apply` as well"
            self.bench.warn("override-applied", message, row.place, "compute it with `expr` instead of `apply`")

    # -- policies ------------------------------------------------------------------------------------

    def _policy(self, row: Row) -> None:
        policy = self.flow.rules.policy_of(row.target)
        spec, place = row.type, policy.place
        if "fixed_after_first_transaction" in spec.hazards and policy.push in UPDATES:
            message = f"{row.target} cannot be changed once the record has transactions"
            self.bench.warn(
                "fixed-field-pushed", message, row.place, f"push_policy.fields.{row.target}: {{push: on_create}}"
            )
        if policy.write == "append_once" and spec.type != "text":
            self.bench.say("append-to-what", f"{row.target} is {spec.type}: only text can be appended to", place)
        if policy.write == "union" and spec.type not in ("list", "multi_choice"):
            self.bench.say("union-of-what", f"{row.target} is {spec.type}: only lists have a union", place)
        if policy.empty == "clear" and (spec.required or spec.clear == "never"):
            self.bench.warn("clears-required", f"{row.target} may not be empty there", place, "write empty: keep")

    # -- completeness --------------------------------------------------------------------------------

    def complete(
        self, rows: tuple[Row, ...], place: Place, what: str, more: tuple[Row, ...] = (), made: ObjectSpec | None = None
    ) -> None:
        """What a create must bring has a row that is pushed then."""
        obj = made or self.flow.target
        if not rows and made is None and more:
            return
        policies: Mapping[str, PushPolicy] = {} if made or more else self._policies()
        given = {row.target.split(".")[0] for row in (*rows, *more) if not isinstance(row.source, Unmapped)}
        given -= {name for name, policy in policies.items() if policy.push in ("never", "on_update")}
        for name, spec in obj.fields.items():
            if spec.required and spec.writable and name not in given:
                self.bench.say(
                    "required-missing", f"{what} gives no {name}, which {obj.name} requires", place, f"add {name}"
                )
        if obj.create is None:
            self.bench.say("create-missing", f"{what} creates {obj.name}, which has no create request", place)
        elif obj.create.natural_key and obj.create.natural_key not in given:
            message = f"{what} creates {obj.name} by its {obj.create.natural_key}, which it does not give"
            self.bench.say("natural-key-missing", message, place, f"add {obj.create.natural_key}")

    def _policies(self) -> dict[str, PushPolicy]:
        return {row.target: self.flow.rules.policy_of(row.target) for row in self.flow.mapping.rows}


def may_create(none: str, rules: object) -> bool:
    """True when some outcome of matching creates a record."""
    lines = rules if isinstance(rules, tuple) else ()
    return none == "create" or any(one.none == "create" for one in lines)


def literals(row: Row) -> Iterator[tuple[object, Place]]:
    """Fixed values that a row may end with."""
    for source in (row.source, row.default):
        yield from ((one, row.place) for one in _literals(source))


def _literals(source: Source | None) -> Iterator[object]:
    if isinstance(source, Literally):
        yield source.value
    elif isinstance(source, (Choose, Collect)):
        for case in source.cases:
            yield from _literals(case.value)
    elif isinstance(source, FirstOf):
        for one in source.sources:
            yield from _literals(one)


def bare_paths(source: Source | None) -> Iterator[Text]:
    """Plain paths whose value a row passes on as it is."""
    if isinstance(source, Text) and source.kind == "path":
        yield source
    elif isinstance(source, FirstOf):
        for one in source.sources:
            yield from bare_paths(one)
