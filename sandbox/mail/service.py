"""What the mail service keeps: an outbox, and the answers that it gave under idempotency keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.outbox import Outbox

Record = dict[str, Any]
KEPT_SECONDS = 24 * 3600
LONGEST = {"subject": 998, "text": 200_000}
_EMAIL = re.compile(r"[^\s@<>,;]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}\Z")


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str, field_: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, **({"field": field_} if field_ else {})}


@dataclass(slots=True)
class Options:
    """Switches of the account, turned with {"do": "set"}."""

    suppressed: list[str] = field(default_factory=list)
    """Addresses that get no mail: they bounced or complained."""
    per_second: int = 0
    """Messages taken in a second; 0 = no limit."""
    senders: list[str] = field(default_factory=list)
    """Verified senders; none = every sender is."""
    work_ms: float = 0

    def change(self, data: dict[str, Any]) -> None:
        """Set options; ValueError for one that is not known."""
        known = {one.name for one in fields(self)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown option(s): {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        for name, value in data.items():
            setattr(self, name, value)


class Service:
    """The state of the stand-in; a reset makes a new one."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.options = Options()
        self.outbox = Outbox()
        self._keys: dict[str, tuple[float, Record, Record]] = {}
        self._sent: list[float] = []

    def take(self, given: Any, key: str) -> Record:
        """Send a message once under a key; the same key with another message is refused."""
        now = self.clock.now()
        held = self._keys.get(key) if key else None
        if held is not None and now - held[0] < KEPT_SECONDS:
            if held[1] != given:
                raise Refusal(409, "This idempotency key was used for another message.")
            return held[2]
        self._let_through(now)
        message = self.keep(self._checked(given))
        if key:
            self._keys[key] = (now, given, message)
        return message

    def keep(self, message: Record) -> Record:
        """Put a message into the outbox."""
        number = len(self.outbox.mails) + 1
        sent_at = datetime.fromtimestamp(int(self.clock.now()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        kept = {"id": f"msg_{number:06d}", **message, "sent_at": sent_at}
        self.outbox.put(kept)
        return kept

    def _let_through(self, now: float) -> None:
        most = self.options.per_second
        self._sent = [at for at in self._sent if at > now - 1]
        if most and len(self._sent) >= most:
            raise Refusal(429, "Too many messages; slow down.")
        self._sent.append(now)

    def _checked(self, given: Any) -> Record:
        if not isinstance(given, dict):
            raise Refusal(400, "The body is no message.")
        for name in sorted(set(given) - {"from", "to", "subject", "text"}):
            raise Refusal(422, f"Unknown member '{name}'.", name)
        for name in ("from", "to", "subject", "text"):
            value = given.get(name)
            if not isinstance(value, str) or not value.strip():
                raise Refusal(422, f"'{name}' is missing.", name)
            if len(value) > LONGEST.get(name, 320):
                raise Refusal(422, f"'{name}' is too long.", name)
        self._check_addresses(given)
        return {name: given[name] for name in ("from", "to", "subject", "text")}

    def _check_addresses(self, given: Record) -> None:
        for name in ("from", "to"):
            if not _EMAIL.match(given[name]):
                raise Refusal(422, f"'{name}' is no email address.", name)
        if "\n" in given["subject"] or "\r" in given["subject"]:
            raise Refusal(422, "'subject' is one line.", "subject")
        if self.options.senders and given["from"] not in self.options.senders:
            raise Refusal(403, "The sender is not verified.", "from")
        if given["to"].casefold() in {one.casefold() for one in self.options.suppressed}:
            raise Refusal(422, "The recipient is on the suppression list.", "to")
