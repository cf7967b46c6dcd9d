"""What deciding is given for one source record, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from engine.model.finding import NOWHERE, Finding, Place
from engine.model.link import Link, Snapshot
from engine.model.operation import Operation
from engine.model.record import Record
from engine.model.run import Case

End = Literal[
    "settled", "created", "updated", "linked", "assigned", "held", "waiting", "skipped", "failed", "unknown", "removed"
]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One source record with everything that is stored about it."""

    record: Record
    link: Link | None = None
    target: Record | None = None
    """The linked record as staged; None: not linked, or not staged."""
    snapshot: Snapshot | None = None
    rejected: frozenset[str] = frozenset()
    """Ids of target records that a person said are somebody else."""
    revisions: Mapping[str, int] = field(default_factory=dict)
    """Step -> number of outcomes so far."""
    accepted: frozenset[str] = frozenset()
    """`section.gate` of those gates that a person let this record through."""
    claimed: tuple[str, str] | None = None
    """(operation, source record) that reserved our keys before us in this plan."""


class Step(NamedTuple):
    """One line of an explanation: the stage, what it found, and the rule's place."""

    stage: str
    text: str
    place: Place = NOWHERE


class FieldNote(NamedTuple):
    """What was decided for one target field."""

    field: str
    source: Any
    target: Any
    is_default: bool
    pattern: str
    verb: str
    why: str
    origin: Place
    policy: Place


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one source record: its end, the operations, and what to remember."""

    end: End
    reason: str = ""
    """Kebab-case code."""
    text: str = ""
    place: Place = NOWHERE
    operations: tuple[Operation, ...] = ()
    snapshot: Snapshot | None = None
    """Stored at once where no operation carries it."""
    links: tuple[Link, ...] = ()
    """Stored at once: links that broke."""
    claims: tuple[tuple[str, str, str, str], ...] = ()
    assignment: str = ""
    """Target id (or the operation that makes it) of a record that lands on a shared one."""
    cases: tuple[Case, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[FieldNote, ...] = ()
    steps: tuple[Step, ...] = ()
