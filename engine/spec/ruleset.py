"""Everything compiled: immutable, with a digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.finding import NOWHERE, Finding, Place
from engine.spec.environment import ConnectionSpec
from engine.spec.mapping import MappingSpec
from engine.spec.rules import ReadSet, RulesSpec
from engine.spec.system import ObjectSpec, SystemSpec

IndexKeys = Callable[[Any], str | tuple[str, ...] | None]
"""Under which keys of an index a record stands: none, one, or several rough ones."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What deciding needs to know of one target field."""

    name: str
    equal: Callable[[Any, Any], bool]
    """The field's comparator: True when both are the same to the target."""
    origin: Place
    policy: Place
    detail: bool = False
    list_key: tuple[str, ...] = ()
    """Not empty: a list whose lines are decided one by one."""
    list_equal: Mapping[str, Callable[[Any, Any], bool]] = field(default_factory=dict)
    single: tuple[str, ...] = ()
    others: str = "keep"
    members: Mapping[str, Any] = field(default_factory=dict)
    """An object built member by member: the members that the mapping fills, each with those below it; members that
    nobody may write count as filled."""
    personal: bool = False
    consent: bool = False
    """A consent: no withdrawal is lost to an older grant."""
    said: tuple[str, str] = field(init=False, default=("", ""))
    """`origin` and `policy` as text: they go into the journal with every change."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", (str(self.origin), str(self.policy)))


@dataclass(frozen=True, slots=True)
class WriteBackPlan:
    """A source field that takes a value out of the target record."""

    field: str
    path_text: str
    extract: Callable[[Any], Any]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class FlowSpec:
    """One directed object pair, compiled."""

    name: str
    source: ObjectSpec
    target: ObjectSpec
    source_connection: ConnectionSpec
    target_connection: ConnectionSpec
    mapping: MappingSpec
    rules: RulesSpec
    mapper: Callable[..., Any]
    """(source view, held fields or None, MapContext) -> Mapped; generated on first use."""
    global_mappers: Mapping[str, tuple[Callable[..., Any], Callable[..., Any] | None]]
    """Global -> (find mapper, create mapper)."""
    source_reads: ReadSet
    target_reads: ReadSet
    fields: Mapping[str, FieldPlan]
    settings: Mapping[str, Any]
    """Non-secret settings as expressions see them: flow settings, and a map per system."""
    digest: str
    reverse: str = ""
    """Name of the flow that runs the other way over the same links, if there is one."""
    write_backs: tuple[WriteBackPlan, ...] = ()
    match_detail: bool = False
    """True when conditions on candidates read fields that only a `read` brings."""
    needs_held: bool = False
    """True when the mapping reads `held`."""
    placeholders: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    reverse_touch: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Source field of this flow -> its target fields that read it: what a write of the reverse flow echoes into."""
    inputs: tuple[str, ...] = ()
    """Source fields that the mapping reads; () when it reads the record as a whole."""
    yields: tuple[tuple[str, str], ...] = ()
    """(connection, object) of source records that keep a target record they are linked to from this flow."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Ruleset:
    """All flows in the order in which they run, with what they stand on."""

    systems: Mapping[str, SystemSpec]
    objects: Mapping[str, ObjectSpec]
    connections: Mapping[str, ConnectionSpec]
    flows: Mapping[str, FlowSpec]
    reads: Mapping[tuple[str, str], ReadSet]
    """(connection, object) -> union of what flows use. A flow between an account that is set up and one that is not
    never runs: what it alone would read may not even be there."""
    index: Mapping[tuple[str, str], Mapping[str, IndexKeys]]
    """(connection, object) -> right path with comparator -> key function over the record's fields."""
    digest: str
    findings: tuple[Finding, ...] = ()
    origins: Mapping[str, Any] = field(default_factory=dict)
    """kind/name -> merged Node tree, for `show`."""
    of_all: tuple[Mapping[tuple[str, str], ReadSet], Mapping[tuple[str, str], Mapping[str, IndexKeys]]] = ({}, {})
    """Reads and index of every flow, for rehearsals that need no account."""
