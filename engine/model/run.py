"""Runs, cases and cursors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model.record import RecordKey

ENDS = (
    "settled", "created", "updated", "linked", "assigned", "held", "skipped", "failed", "stale", "unknown",
)
"""What can become of a source record in a run; `read` is the sum of these."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one flow."""

    id: str
    flow: str
    verb: Literal["plan", "sync", "apply", "rebaseline", "links", "review", "demo"]
    started_at: str
    digest: str
    store: str = ""
    name: str = ""
    """Name of the `runs` entry; "" = all columns."""
    ended_at: str = ""
    state: Literal["running", "planned", "done", "refused", "failed", "interrupted"] = "running"
    counts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Something a person must decide. `id` is stable: flow, record, kind, evidence."""

    id: str
    flow: str
    kind: str
    record: RecordKey
    evidence: dict[str, Any]
    state: Literal["open", "accepted", "rejected", "deferred"] = "open"
    opened_at: str = ""
    decided_at: str = ""
    decided_by: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far an object has been read."""

    connection: str
    object: str
    since: str = ""
    """Server time up to which changes are known, ISO UTC; "" = never read."""
    complete_at: str = ""
    """When the last complete listing ended."""
    read_set: str = ""
    """Digest of the fields that were fetched; another one forces a complete listing."""
    page: str = ""
    """Where an interrupted listing goes on; for a file, the fingerprint of what was read last."""
    listing: int = 0
    """Number of the complete listing under way or last done."""
