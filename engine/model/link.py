"""Links between records, and the snapshots that remember what was last dealt with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model.record import RecordKey

LinkState = Literal["proposed", "confirmed", "rejected", "broken", "forming"]


@dataclass(frozen=True, slots=True)
class Link:
    """A stored match. `a` sorts before `b`, so that both directions of a pair find the same row."""

    a: RecordKey
    b: RecordKey
    state: LinkState = "confirmed"
    role: Literal["primary", "secondary"] = "primary"
    rule: str = ""
    """Match rule that made it, or `created`, `imported`, `by_hand`."""
    made_at: str = ""
    run: str = ""

    @property
    def by_hand(self) -> bool:
        """True when a person said so."""
        return self.rule in ("by_hand", "imported")

    def other(self, key: RecordKey) -> RecordKey:
        """The end that is not `key`."""
        return self.b if key == self.a else self.a


def link_between(one: RecordKey, two: RecordKey, **facts: Any) -> Link:
    """A link with its ends in canonical order."""
    first, second = sorted((one, two))
    return Link(first, second, **facts)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a flow last dealt with for one source record."""

    flow: str
    source: RecordKey
    target_id: str = ""
    base: dict[str, Any] = field(default_factory=dict)
    """Target field -> [source value, target value]; one element when both are equal."""
    inputs: str = ""
    """Digest of what the mapping read: source record and its joins."""
    digest: str = ""
    """Digest of the flow's rules at that time."""
    end: str = ""
    reason: str = ""
    unfinished: bool = False
    """Decide again next time although nothing moved."""
    due_at: str = ""
    """Decide again at this time."""
    pin: str = ""
    """Last value of the pinned field that was in force."""
    actions: dict[str, str] = field(default_factory=dict)
    """Action -> when it was last done."""
