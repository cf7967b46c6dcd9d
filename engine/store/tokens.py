"""Access tokens that outlive a process, and the lock under which one is renewed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine.model.errors import LeaseHeld
from engine.store.codec import Codec
from engine.store.connection import Connection
from engine.store.leases import Leases

_SECONDS = 60
_PAUSE = 0.05
_PUT = """INSERT INTO tokens (connection, token, previous, saved_at) VALUES (?, ?, x'', ?)
    ON CONFLICT (connection) DO UPDATE SET previous = tokens.token, token = excluded.token, saved_at = excluded.saved_at"""


class Tokens:
    """Keeps one token for each connection; may be used from any thread."""

    def __init__(
        self,
        connection: Callable[[], Connection],
        leases: Leases,
        codec: Codec,
        now: Callable[[], datetime],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._leases = leases
        self._codec = codec
        self._now = now
        self._sleep = sleep

    def load(self, connection: str) -> dict[str, Any] | None:
        """The token that was saved last, or nothing."""
        return self._read(connection, "token")

    def previous(self, connection: str) -> dict[str, Any] | None:
        """The token before that: it may still be good when a renewal was cut off half-way."""
        return self._read(connection, "previous")

    def save(self, connection: str, token: dict[str, Any]) -> None:
        """Keep a token; durable on return."""
        db = self._connection()
        with db.transaction():
            at = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
            db.run(_PUT, (connection, self._codec.pack(token), at))

    @contextmanager
    def lock(self, connection: str) -> Iterator[None]:
        """Only one thread of one process renews a token. Load it again inside: another may have renewed it."""
        name = f"token:{connection}"
        fence = self._wait(name)
        try:
            yield
        finally:
            self._leases.release(name, fence)

    def _wait(self, name: str) -> int:
        for _ in range(int(_SECONDS / _PAUSE)):
            try:
                return self._leases.take(name, "a token renewal", _SECONDS)
            except LeaseHeld:
                self._sleep(_PAUSE)
        return self._leases.take(name, "a token renewal", _SECONDS)

    def _read(self, connection: str, column: str) -> dict[str, Any] | None:
        found = self._connection().row(f"SELECT {column} FROM tokens WHERE connection = ?", (connection,))
        return self._codec.unpack(found[0]) if found and found[0] else None
