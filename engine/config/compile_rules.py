"""Rules: YAML -> RulesSpec."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal

from engine.config.compile_fields import settings_of
from engine.config.compile_match import applied, compile_match
from engine.config.compile_members import (
    child,
    flag,
    key_place,
    members,
    number,
    place_of,
    plain,
    seconds,
    text,
    words,
)  # fmt: skip
from engine.config.compile_rows import Rows, calls
from engine.config.compile_source import ACTION_NAMES, Scope, text_of
from engine.config.document import Node
from engine.functions.checks import CHECKS
from engine.model.finding import Place
from engine.spec.mapping import Call, Text
from engine.spec.rules import (
    ActionSpec,
    FollowerSpec,
    Gate,
    GlobalSpec,
    GoneSpec,
    GuardSpec,
    Limit,
    Measure,
    PushPolicy,
    QualityRule,
    Representation,
    Route,
    RulesSpec,
    RunSpec,
)  # fmt: skip
from engine.spec.system import FieldSpec, ObjectSpec

GATE_NAMES = frozenset({"source", "link", "settings", "now"})
QUALITY_NAMES = frozenset({"source", "mapped", "held", "link", "settings", "now"})
MEASURE_NAMES = frozenset({"item", "source", "target", "link", "settings", "now"})
POLICY_KEYS = ("push", "write", "empty", "conflict", "drift", "final")
ASK = "ask"
_SHARE = re.compile(r"(?:(\d+) or )?(\d+(?:\.\d+)?)%\Z")


class Rules:
    """Compiles the rules of one flow."""

    def __init__(self, flow: str, node: Node, scope: Scope, source: ObjectSpec, target: ObjectSpec) -> None:
        self.flow, self.node, self.scope, self.source, self.target = flow, node, scope, source, target
        self.bench = scope.bench
        self.columns = {name: frozenset(words(child(node, "columns"), name)) for name, _ in members(node, "columns")}

    def all(self) -> RulesSpec:
        """The whole file."""
        default = policy_of(child(child(self.node, "push_policy"), "default"), PushPolicy(), self._default_place())
        return RulesSpec(
            self.flow,
            needs=words(self.node, "needs"),
            yields_to=words(self.node, "yields_to"),
            settings=settings_of(self.node),
            columns=self.columns,
            runs={name: self._run(name, one) for name, one in members(self.node, "runs")},
            select=self._gates("select"),
            begin=self._gates("begin"),
            create=self._gates("create"),
            represent=tuple(self._representation(one) for one in child(self.node, "represent")),
            globals={name: self._global(name, one) for name, one in members(self.node, "globals")},
            followers=dict(self._follower(name, one) for name, one in members(self.node, "followers")),
            match=compile_match(self.node, self.scope, self.target),
            policy=default,
            policies=self._policies(default),
            links={key: str(one.value) for key, one in members(child(self.node, "links"), "columns")},
            gone=self._gone(child(self.node, "gone")),
            quality=tuple(self._quality(name, one) for name, one in members(self.node, "quality")),
            actions={name: self._action(name, one) for name, one in members(self.node, "actions")},
            guards=self._guards(),
            measures={name: self._measure(name, one) for name, one in members(self.node, "measures")},
            duplicates=plain(self.node, "duplicates", {}),
        )

    def _default_place(self) -> Place:
        return key_place(child(self.node, "push_policy"), "default")

    # -- selection -----------------------------------------------------------------------------------

    def _gates(self, section: str) -> tuple[Gate, ...]:
        otherwise = "wait" if section == "begin" else "skip"
        return tuple(self._gate(name, one, otherwise) for name, one in members(self.node, section))

    def _gate(self, name: str, node: Node, otherwise: str) -> Gate:
        when = self.bench.when(node, GATE_NAMES)
        return Gate(
            name,
            when or _always,
            text(node, "otherwise", otherwise),  # type: ignore[arg-type]  # the schema lists the words
            text(node, "say"),
            uses_now=when is not None and any(path[0] == "now" for path in when.reads),
            place=key_place(node, "when"),
        )

    def _run(self, name: str, node: Node) -> RunSpec:
        return RunSpec(
            name,
            text(node, "start", "demand"),  # type: ignore[arg-type]
            every=seconds(node, "every"),
            at=text(node, "at"),
            full=flag(node, "full"),
            on_mapping_change=flag(node, "on_mapping_change"),
            select=self.bench.when(node, GATE_NAMES, "select"),
            columns=self._column_list(node, "columns"),
            skip=self._column_list(node, "except") or frozenset(),
            creates=flag(node, "creates", True),
        )

    def _column_list(self, node: Node, key: str) -> frozenset[str] | None:
        name = text(node, key)
        if not name:
            return None
        self.bench.holds("column-list", name, self.columns, place_of(node, key))
        return self.columns.get(name, frozenset())

    # -- who stands for whom -------------------------------------------------------------------------

    def _representation(self, node: Node) -> Representation:
        return Representation(
            text(node, "id"),
            text(node, "as", "own_record"),  # type: ignore[arg-type]
            self.bench.when(node, GATE_NAMES),
            self._global_name(node),
            place_of(node, "id"),
        )

    def _global_name(self, node: Node) -> str:
        name = text(node, "global")
        if name:
            self.bench.holds("global", name, child(self.node, "globals").value, place_of(node, "global"))
        return name

    def _global(self, name: str, node: Node) -> GlobalSpec:
        rows = Rows(self.scope, self.target)
        return GlobalSpec(
            name,
            rows.all(child(node, "find")),
            rows.all(child(node, "create")),
            key_place(child(self.node, "globals"), name),
        )

    def _follower(self, name: str, node: Node) -> tuple[str, FollowerSpec]:
        full = f"{self.source.name.partition('.')[0]}.{name}" if "." not in name else name
        place = key_place(child(self.node, "followers"), name)
        if self.bench.holds("object", full, self.scope.objects, place):
            fields = self.scope.objects[full].fields
            self.bench.holds("field", text(node, "through"), fields, place_of(node, "through"))
        routes = tuple(
            Route(text(one, "id"), self._global_name(one), self.bench.when(one, GATE_NAMES))
            for one in child(node, "without")
        )
        return full, FollowerSpec(full, text(node, "through"), routes)

    # -- what is written -----------------------------------------------------------------------------

    def _policies(self, default: PushPolicy) -> dict[str, PushPolicy]:
        said = child(child(self.node, "push_policy"), "fields")
        return {name: policy_of(one, default, key_place(said, name)) for name, one in said.items()}

    def _gone(self, node: Node) -> GoneSpec:
        return GoneSpec(
            text(node, "source", "keep"),  # type: ignore[arg-type]
            text(node, "target", "hold"),  # type: ignore[arg-type]
            text(node, "merged", "hold"),  # type: ignore[arg-type]
        )

    def _quality(self, name: str, node: Node) -> QualityRule:
        return QualityRule(
            name,
            words(node, "fields"),
            self._check(node),
            self.bench.when(node, QUALITY_NAMES),
            Fix(functions) if (functions := calls(node, self.scope)) else None,
            text(node, "severity", "warn"),  # type: ignore[arg-type]
            text(node, "say"),
            key_place(child(self.node, "quality"), name),
        )

    def _check(self, node: Node) -> Check | None:
        """The named check, told of the field's type when it looks at one field."""
        name, fields = text(node, "check"), words(node, "fields")
        if not name or name == ASK:
            return None
        self.bench.holds("check", name, CHECKS, place_of(node, "check"))
        spec = self.target.fields.get(fields[0]) if len(fields) == 1 else None
        return Check(name, spec or FieldSpec("*")) if name in CHECKS else None

    def _guards(self) -> GuardSpec:
        said = child(self.node, "guards")
        limits = {name: limit_of(one) for name, one in said.items() if name != "changes"}
        changes = {name: limit_of(one) for name, one in members(said, "changes")}
        return GuardSpec(limits, changes, key_place(self.node, "guards"))

    # -- beside the record ---------------------------------------------------------------------------

    def _action(self, name: str, node: Node) -> ActionSpec:
        created = text(node, "create")
        known = self.bench.holds("object", created, self.scope.objects, place_of(node, "create"))
        scope = replace(self.scope, names=ACTION_NAMES)
        back = {field: self._back(one) for field, one in members(node, "write_back")}
        return ActionSpec(
            name,
            words(node, "after"),
            created,
            Rows(scope, self.scope.objects[created]).all(child(node, "fields")) if known else (),
            when=self.bench.when(node, ACTION_NAMES),
            renew=seconds(node, "renew"),
            write_back=back,
            write_back_paths={field: self.bench.path(Node(one.text, one.place)) for field, one in back.items()},
            place=key_place(child(self.node, "actions"), name),
        )

    def _back(self, node: Node) -> Text:
        return text_of(node.get("from") or node, "path", self.scope)

    def _measure(self, name: str, node: Node) -> Measure:
        alert = child(node, "alert")
        value = node.get("value") or Node("length(@)", node.place)
        return Measure(
            name,
            text(node, "over", "source"),
            self.bench.path(value),
            self.bench.when(node, MEASURE_NAMES, "where"),
            words(node, "group_by"),
            above=float(number(alert, "above")) if alert.get("above") else None,
        )


class Fix:
    """Functions that repair a value."""

    __slots__ = ("calls",)

    def __init__(self, functions: tuple[Call, ...]) -> None:
        self.calls = functions

    def __call__(self, value: Any) -> Any:
        return applied(value, self.calls)


class Check:
    """A quality check that knows the field it looks at: "" or the reason."""

    __slots__ = ("name", "spec")

    def __init__(self, name: str, spec: FieldSpec) -> None:
        self.name, self.spec = name, spec

    def __call__(self, value: Any) -> str:
        return CHECKS[self.name](value, self.spec)


def _always(_: Any) -> Literal[True]:
    return True


def policy_of(node: Node, default: PushPolicy, place: Place) -> PushPolicy:
    """A push policy; what it does not say, it takes from the default."""
    said: dict[str, Any] = {key: text(node, key) for key in POLICY_KEYS if node.get(key)}
    return replace(default, **{"final": "", **said}, place=place)


def limit_of(node: Node) -> Limit:
    """A guard: a number, a share such as `30%`, or both (`20 or 30%`): whichever is more."""
    share = _SHARE.match(str(node.value))
    return Limit(int(share[1] or 0), float(share[2]) / 100) if share else Limit(int(node.value or 0))
