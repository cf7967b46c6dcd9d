"""Access tokens that outlive a process, and the lock under which one is renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.model.errors import LeaseHeld
from engine.model.protocols import Clock, Token
from engine.store.codec import Codec
from engine.store.connection import Connection
from engine.store.leases import Leases

_SECONDS = 60
_PAUSE = 0.05
_PUT = """INSERT INTO tokens (connection, token, previous, saved_at) VALUES (?, ?, x'', ?)
    ON CONFLICT (connection) DO UPDATE SET previous = tokens.token, token = excluded.token,
    saved_at = excluded.saved_at"""


class Tokens:
    """Implements `engine.model.protocols.TokenStore`; may be used from any thread."""

    def __init__(self, connection: Callable[[], Connection], leases: Leases, codec: Codec, clock: Clock) -> None:
        self._connection = connection
        self._leases = leases
        self._codec = codec
        self._clock = clock

    def load(self, connection: str) -> Token | None:
        """The token that was saved last, or nothing."""
        return self._read(connection, "token")

    def previous(self, connection: str) -> Token | None:
        """The token before that: it may still be good when a renewal was cut off half-way."""
        return self._read(connection, "previous")

    def save(self, connection: str, token: Token) -> None:
        """Keep a token; durable on return."""
        content = {"access": token.access, "refresh": token.refresh, "expires": str(token.expires)}
        db = self._connection()
        with db.transaction():
            at = self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
            db.run(_PUT, (connection, self._codec.encode(content), at))

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
                self._clock.sleep(_PAUSE)
        return self._leases.take(name, "a token renewal", _SECONDS)

    def _read(self, connection: str, column: str) -> Token | None:
        found = self._connection().row(f"SELECT {column} FROM tokens WHERE connection = ?", (connection,))
        if not found or not found[0]:
            return None
        content = self._codec.decode(found[0])
        return Token(content["access"], content["refresh"], float(content["expires"]))
