"""What a flow's rules say: whether, when and for whom something is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model.finding import NOWHERE, Place
from engine.spec.mapping import Row, Text
from engine.spec.system import Extract, FieldSpec, Render, SettingSpec

ROUGH = "~"
"""Ends the name of an index of rough keys: what it holds under a key is only perhaps alike."""

Otherwise = Literal["wait", "hold", "skip", "review", "refuse"]


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition with what becomes of a record for which it does not hold."""

    name: str
    when: Render
    otherwise: Otherwise = "skip"
    say: str = ""
    uses_now: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class RunSpec:
    """A named way to run the flow. `every` in seconds; `columns` and `skip` hold target field names."""

    name: str
    start: Literal["change", "schedule", "demand"]
    every: int = 0
    at: str = ""
    full: bool = False
    on_mapping_change: bool = False
    select: Render | None = None
    columns: frozenset[str] | None = None
    skip: frozenset[str] = frozenset()
    creates: bool = True


@dataclass(frozen=True, slots=True)
class Representation:
    """A line of `represent`: what stands for the source record in the target."""

    id: str
    as_: Literal["own_record", "global_record"]
    when: Render | None = None
    global_: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class GlobalSpec:
    """A fixed target record: how to find it, and how to create it (no rows: it must exist)."""

    name: str
    find: tuple[Row, ...]
    create: tuple[Row, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Route:
    """Where a follower without a customer goes."""

    id: str
    global_: str
    when: Render | None = None


@dataclass(frozen=True, slots=True)
class FollowerSpec:
    """A source object whose records go where their customer goes."""

    object: str
    through: str
    without: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One comparison of a match rule. `left_key` and `right_key` give the normalised text of a view, or None
    when there is nothing to compare. `right_path` names the index of target keys."""

    left: Extract
    right: Extract
    compare: str
    left_key: Callable[[Any], str | None]
    right_key: Callable[[Any], str | None]
    left_path: str
    right_path: str
    min: float = 1.0
    score: Callable[[Any, Any], float] | None = None
    """None: equal keys are the whole comparison."""
    left_blocks: Callable[[Any], tuple[str, ...]] | None = None
    right_blocks: Callable[[Any], tuple[str, ...]] | None = None
    """Where there is a score: the rough keys of a view, of which like values share at least one."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The left field IS the link."""

    changed: Literal["relink", "refuse", "hold"]
    cleared: Literal["keep", "rematch"]


@dataclass(frozen=True, slots=True)
class MatchRule:
    """One match rule; all pairs must agree. Empty none/one/many fall back on the flow's outcome."""

    id: str
    pairs: tuple[Pair, ...]
    only: Render | None = None
    pin: Pin | None = None
    none: str = ""
    one: str = ""
    many: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from the number of candidates."""

    none: str = "create"
    one: str = "link"
    many: str = "first"
    taken: str = "hold"
    unknown: str = "hold"
    global_: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class MatchSpec:
    """How a record without a link finds its match. `order` holds target fields; the native id breaks ties."""

    rules: tuple[MatchRule, ...] = ()
    only: Render | None = None
    outcome: Outcome = Outcome()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PushPolicy:
    """When and how a field is written."""

    push: Literal["always", "on_create", "on_first", "on_update", "never"] = "always"
    write: Literal["overwrite", "if_empty", "append_once", "union"] = "overwrite"
    empty: Literal["keep", "clear"] = "keep"
    conflict: Literal["source", "target", "newest", "hold"] = "target"
    drift: Literal["keep", "put_back", "hold"] = "keep"
    final: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class GoneSpec:
    """What follows when one side of a link is proved gone."""

    source: Literal["keep", "delete", "deactivate", "hold"] = "keep"
    target: Literal["rematch", "recreate", "unlink", "hold"] = "hold"
    merged: Literal["follow", "rematch", "hold"] = "hold"


@dataclass(frozen=True, slots=True)
class QualityRule:
    """A check on mapped values. `check` returns "" or the reason; `fix` repairs a value."""

    name: str
    fields: tuple[str, ...] = ()
    check: Callable[[Any], str] | None = None
    when: Render | None = None
    fix: Callable[[Any], Any] | None = None
    severity: Literal["fix", "warn", "hold", "refuse"] = "warn"
    say: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """Make one more record somewhere and keep its answer. `renew` in seconds, 0: never again."""

    name: str
    after: tuple[str, ...]
    create: str
    rows: tuple[Row, ...] = ()
    make: Callable[..., Any] | None = None
    """The compiled rows: a Mapper over the scope {source, target, link}."""
    when: Render | None = None
    renew: int = 0
    write_back: Mapping[str, Text] = field(default_factory=dict)
    write_back_paths: Mapping[str, Extract] = field(default_factory=dict)
    connection: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Limit:
    """A guard's threshold: a number, or a share (0..1) of what there is; of both whichever is more."""

    number: int = 0
    share: float | None = None

    def allows(self, count: int, total: int) -> bool:
        """True when `count` out of `total` stays within the limit."""
        return count <= max(self.number, (self.share or 0) * total)

    def __str__(self) -> str:
        if self.share is None:
            return str(self.number)
        return f"{self.number} or {self.share:.0%}" if self.number else f"{self.share:.0%}"


@dataclass(frozen=True, slots=True)
class GuardSpec:
    """Brakes on a whole plan: kind of operation -> limit; `changes` per target field."""

    limits: Mapping[str, Limit] = field(default_factory=dict)
    changes: Mapping[str, Limit] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Measure:
    """A count or sum for reports and alerts."""

    name: str
    over: str
    value: Extract
    where: Render | None = None
    group_by: tuple[str, ...] = ()
    above: float | None = None


@dataclass(frozen=True, slots=True)
class RulesSpec:
    """All rules of one flow."""

    flow: str
    needs: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    """Flows that keep a target record for themselves once they are linked to it."""
    settings: Mapping[str, SettingSpec] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    runs: Mapping[str, RunSpec] = field(default_factory=dict)
    select: tuple[Gate, ...] = ()
    begin: tuple[Gate, ...] = ()
    create: tuple[Gate, ...] = ()
    represent: tuple[Representation, ...] = ()
    globals: Mapping[str, GlobalSpec] = field(default_factory=dict)
    followers: Mapping[str, FollowerSpec] = field(default_factory=dict)
    match: MatchSpec = MatchSpec()
    policy: PushPolicy = PushPolicy()
    policies: Mapping[str, PushPolicy] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    gone: GoneSpec = GoneSpec()
    quality: tuple[QualityRule, ...] = ()
    actions: Mapping[str, ActionSpec] = field(default_factory=dict)
    guards: GuardSpec = GuardSpec()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    duplicates: Mapping[str, Any] = field(default_factory=dict)

    def policy_of(self, target_field: str) -> PushPolicy:
        """The per-field override where there is one, else the default."""
        return self.policies.get(target_field, self.policy)


@dataclass(frozen=True, slots=True)
class Join:
    """What hangs on a record's view under `name`.

    reference: field `name` holds an id of `object`; the view shows `{id, ...fields}` in its place.
    relation: records of `object` whose fields equal ours (`where`: theirs -> ours); a list when `many`.
    """

    name: str
    kind: Literal["reference", "relation"]
    object: str
    fields: frozenset[str] = frozenset()
    where: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    joins: tuple[Join, ...] = ()
    bare: bool = False
    """A reference of which only the id is used: nothing has to be read."""
    detail: frozenset[str] = frozenset()
    """Fields of it that only a read brings."""


@dataclass(frozen=True, slots=True)
class ReadSet:
    """What one side of a flow uses: top-level fields, those of them that only a `read` brings, and joins."""

    fields: frozenset[str]
    detail: frozenset[str] = frozenset()
    joins: tuple[Join, ...] = ()


FieldIndex = Mapping[str, FieldSpec]
