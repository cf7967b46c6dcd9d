"""Idempotency keys: what ran once under a key is answered again from memory for a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.stripe.refusals import Refusal

KEPT_SECONDS = 24 * 3600
LONGEST = 255


@dataclass(slots=True)
class Entry:
    """One key: what was asked under it, and the answer once there is one."""

    asked: Any
    created: float
    request_id: str
    status: int = 0  # 0: still running
    body: bytes = b""


class IdempotencyKeys:
    """All keys of the account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, Entry] = {}

    def open(self, key: str, asked: Any, request_id: str) -> Entry:
        """A finished entry to replay, or a new one (status 0) to run; or a refusal."""
        if len(key) > LONGEST:
            raise Refusal(f"Idempotency keys can be at most {LONGEST} characters long.")
        held = self._entries.get(key)
        if held is None or self._clock.now() - held.created >= KEPT_SECONDS:
            entry = self._entries[key] = Entry(asked, self._clock.now(), request_id)
            return entry
        if held.asked != asked:
            raise _mismatch(key)
        if not held.status:
            raise _in_use(key)
        return held

    def drop(self, key: str) -> None:
        """Nothing was executed: the key stays free."""
        del self._entries[key]

    def dump(self) -> dict[str, int]:
        """Key and the status it keeps."""
        return {key: entry.status for key, entry in self._entries.items()}


def _mismatch(key: str) -> Refusal:
    return Refusal(
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        kind="idempotency_error",
    )


def _in_use(key: str) -> Refusal:
    return Refusal(
        "There is currently another in-progress request using this Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later.",
        status=409,
        kind="idempotency_error",
        code="idempotency_key_in_use",
    )
