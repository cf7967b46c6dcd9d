"""Operations: single writes, from intent to outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from engine.model.record import RecordKey

Kind = Literal["create", "update", "delete", "link", "unlink", "write_back", "action"]
State = Literal["planned", "open", "done", "failed", "unknown", "stale", "deferred", "refused", "superseded"]
Effect = Literal["repeatable", "keyed", "findable", "once"]


class Change(NamedTuple):
    """One field before and after, with the reason and the rule's place."""

    field: str
    before: Any
    after: Any
    pattern: str
    origin: str = ""
    """file:line of the mapping row."""
    policy: str = ""
    """file:line of the push policy."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One write to one record. `id` is the same after a crash and new after an outcome."""

    id: str
    run: str
    flow: str
    kind: Kind
    source: RecordKey
    """The record on whose behalf it is done."""
    target: RecordKey
    """The record that is written; its id is "" for a create."""
    changes: tuple[Change, ...] = ()
    step: str = "record"
    revision: int = 0
    needs: tuple[str, ...] = ()
    """Operations whose outcome it waits for (a Pending value, or the order of things)."""
    sequence: int = 0
    state: State = "planned"
    effect: Effect = "once"
    settles: dict[str, Any] = field(default_factory=dict)
    """What its outcome makes true in the store: the new base, the link, the claim (JSON)."""
    error: str = ""
    attempts: int = 0
    opened_at: str = ""
    ended_at: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """Field -> value to write."""
        return {change.field: change.after for change in self.changes}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an operation: its new state, the written record's id, a safe error text."""

    operation: str
    state: State
    target_id: str = ""
    error: str = ""
    at: str = ""
