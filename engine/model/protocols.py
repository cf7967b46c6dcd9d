"""Protocols at the edge to systems: clock, tokens, limiter, transport, connector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from engine.model.finding import Finding

ObjectLike = Any
"""An `ObjectSpec` of engine.spec.system, which stands a floor above this one."""

FieldLike = Any
"""A `FieldSpec` of engine.spec.system."""

NO_SCOPE: Mapping[str, Any] = {}


class Clock(Protocol):
    """The time, and the only way to let it pass."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; for durations."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """What a login gave: the access token, perhaps a refresh token, and when it ends (epoch seconds; 0: unsaid)."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires: float = 0


class TokenStore(Protocol):
    """Keeps tokens across processes, so that a restart does not log in again."""

    def load(self, connection: str) -> Token | None:
        """The token last saved for a connection."""
        ...

    def save(self, connection: str, token: Token) -> None:
        """Durable when it returns: a single-use refresh token is never used before it is saved."""
        ...

    def lock(self, connection: str) -> AbstractContextManager[None]:
        """At most one holder over all threads and processes."""
        ...


class Limiter(Protocol):
    """Keeps an account's limits over all threads."""

    def acquire(self) -> None:
        """Wait for a turn; raises Throttled when the day's budget is used up."""
        ...

    def release(self) -> None:
        """Give the turn back."""
        ...

    def login(self) -> None:
        """Count a login; raises Throttled when the hour's budget is used up."""
        ...

    def pause(self, seconds: float) -> None:
        """Nobody starts a request before these seconds are over."""
        ...


class Reply(NamedTuple):
    """What came back over the wire, undecoded. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Transport(Protocol):
    """Carries one request and brings one reply, or raises Unreachable."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply: ...

    def close(self) -> None: ...


class Bad(NamedTuple):
    """A line of a data file that cannot be read; it is set aside, the rest goes on."""

    line: int
    reason: str


class RawPage(NamedTuple):
    """One page of a listing as the system gave it. `cursor` is "" on the last page."""

    records: list[dict[str, Any]]
    cursor: str = ""
    server_time: str = ""
    bad: tuple[Bad, ...] = ()


class Written(NamedTuple):
    """What a write gave back: the record's id, the reply's body if there is one, the HTTP status (0: none)."""

    id: str
    body: Any = None
    status: int = 0


class Connector(Protocol):
    """One connection's edge. All trees are native; translation is the caller's."""

    connection: str

    @property
    def requests(self) -> int:
        """How many requests went out."""
        ...

    def pages(
        self,
        obj: ObjectLike,
        *,
        since: str = "",
        fields: Sequence[str] = (),
        cursor: str = "",
        scope: Mapping[str, Any] | None = None,
    ) -> Iterator[RawPage]:
        """The object's listing, from `since` (ISO UTC; "" = complete), going on at a page's cursor."""
        ...

    def read(self, obj: ObjectLike, id: str) -> dict[str, Any] | None:
        """One record; None: the system says that it is missing."""
        ...

    def find(
        self,
        obj: ObjectLike,
        field: str,
        value: str,
        fields: Sequence[str] = (),
        *,
        scope: Mapping[str, Any] = NO_SCOPE,
    ) -> list[dict[str, Any]]:
        """The records whose field has this value, by the access path declared for it."""
        ...

    def related(self, obj: ObjectLike, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A listing whose request needs parameters."""
        ...

    def deleted(self, obj: ObjectLike, since: str) -> Iterator[list[str]]:
        """Ids of records that were deleted since then, page by page."""
        ...

    def part(self, obj: ObjectLike, name: str, id: str, scope: Mapping[str, Any] = NO_SCOPE) -> Any:
        """The tree of a part that has a read request of its own; None: missing."""
        ...

    def discover(self, obj: ObjectLike) -> list[dict[str, Any]]:
        """The account's own catalogue of an object; a keyed catalogue's rows carry their key under `field_id`."""
        ...

    def create(
        self, obj: ObjectLike, payload: dict[str, Any], *, key: str = "", scope: Mapping[str, Any] = NO_SCOPE
    ) -> Written:
        """Create a record out of a native tree; `key` makes a repetition harmless where the system has such keys."""
        ...

    def update(
        self,
        obj: ObjectLike,
        id: str,
        payload: dict[str, Any],
        *,
        key: str = "",
        replace: Sequence[FieldLike] = (),
        scope: Mapping[str, Any] = NO_SCOPE,
    ) -> Written:
        """Write to a record; `replace`: fields written whole, whose query suffix the request needs."""
        ...

    def update_part(
        self,
        obj: ObjectLike,
        name: str,
        id: str,
        payload: dict[str, Any],
        *,
        key: str = "",
        scope: Mapping[str, Any] = NO_SCOPE,
    ) -> Written:
        """Write a part that has an update request of its own."""
        ...

    def delete(self, obj: ObjectLike, id: str, *, key: str = "") -> None:
        """Delete a record; one that is gone already is no error."""
        ...

    def probe(self) -> list[Finding]:
        """Settings, host, credentials and clock, checked without writing anything."""
        ...

    def close(self) -> None:
        """Give back what is held; files are written now."""
        ...
