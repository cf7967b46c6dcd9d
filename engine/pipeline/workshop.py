"""What every step of a run shares: the ruleset, the store, the open connectors, the clock, the progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from engine.connectors.clock import SystemClock
from engine.connectors.complete import completed
from engine.connectors.connect import open_connection
from engine.connectors.limits import RateLimiter
from engine.model.protocols import Clock, Connector, TokenStore
from engine.model.question import Answers
from engine.model.record import RecordKey
from engine.model.stored import Store
from engine.spec.environment import ConnectionSpec
from engine.spec.rules import Join, ReadSet
from engine.spec.ruleset import FlowSpec, IndexKeys, Ruleset
from engine.spec.system import ObjectSpec
from engine.stages.moments import text_of


class Progress(Protocol):
    """Where a long work tells how far it is."""

    def tell(self, stage: str, subject: str, done: int, total: int = 0) -> None:
        """`done` of `total` (0: unknown)."""

    def close(self) -> None:
        """Leave the place to the report."""


class Silent:
    """Tells nobody."""

    def tell(self, stage: str, subject: str, done: int, total: int = 0) -> None:
        return None

    def close(self) -> None:
        return None


EMPTY = ReadSet(frozenset())
Way = tuple[tuple[str, Join], ...]
"""(object above, its join that leads down), from the lowest to the highest."""


@dataclass(slots=True)
class Workshop:
    """Open for one run of one or more flows."""

    ruleset: Ruleset
    store: Store
    run_id: str = ""
    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = field(default_factory=Silent)
    tokens: TokenStore | None = None
    fresh: set[tuple[str, str]] = field(default_factory=set)
    """(connection, object) whose mirror is complete and was refreshed in this run: absence there is proof."""
    doubtful: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Where some records could not be used: their ids, as far as known. What is not found there may be there."""
    asked: dict[tuple[str, str, str, str], Any] = field(default_factory=dict)
    """Answers that systems gave in this run: (connection, object, path, key)."""
    answers: Answers = field(default_factory=dict)
    read_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When the mirror of (connection, object) was last refreshed in this run."""
    open: Callable[..., Connector] = open_connection
    _connectors: dict[str, Connector] = field(default_factory=dict)
    _limiters: dict[str, RateLimiter] = field(default_factory=dict)

    def connector(self, name: str) -> Connector:
        """The connector of a connection, opened on first use; accounts of one system share nothing."""
        if name not in self._connectors:
            spec = self.connection(name)
            limiter = self._limiters.setdefault(name, RateLimiter(spec.system.limits, self.clock))
            connector = self.open(spec, tokens=self.tokens, clock=self.clock, limiter=limiter)
            used = {object: reads.fields for (account, object), reads in self.ruleset.reads.items() if account == name}
            self._connectors[name] = completed(connector, self._objects_of(spec), used)
        return self._connectors[name]

    def _objects_of(self, spec: ConnectionSpec) -> dict[str, ObjectSpec]:
        return {name: one for name, one in self.ruleset.objects.items() if name in spec.system.objects}

    def connection(self, name: str) -> ConnectionSpec:
        return self.ruleset.connections[name]

    def object(self, name: str) -> ObjectSpec:
        return self.ruleset.objects[name]

    def reads(self, connection: str, object: str) -> ReadSet:
        """What all flows use of an object."""
        return self.ruleset.reads.get((connection, object), EMPTY)

    def index(self, connection: str, object: str) -> Mapping[str, IndexKeys]:
        return self.ruleset.index.get((connection, object), {})

    def ways_up(self, connection: str, object: str) -> list[Way]:
        """From a record of this object to every record whose flow reads it: by which joins, nearest first."""
        found: list[Way] = []
        for (account, owner), reads in self.ruleset.reads.items():
            if account == connection:
                found.extend(_ways(owner, reads.joins, object, ()))
        return found

    def now(self) -> str:
        """ISO UTC to the second."""
        return text_of(self.clock.now().astimezone(UTC))

    def moment(self) -> datetime:
        return self.clock.now().astimezone(UTC)

    def is_old(self, connection: str, object: str, seconds: int) -> bool:
        """True when the mirror was refreshed longer ago than that, as far as this run knows."""
        at = self.read_at.get((connection, object))
        return at is not None and (self.moment() - at).total_seconds() > seconds

    @property
    def requests(self) -> int:
        """Requests that went out over all connections."""
        return sum(connector.requests for connector in self._connectors.values())

    def threads(self, connection: str) -> int:
        """How many requests may be under way at once; what is on this machine gains nothing by threads."""
        if self.connection(connection).system.connector != "http":
            return 1
        return min(self.connection(connection).system.limits.concurrent or 4, 16)

    def flush(self) -> None:
        """Bring to disk what connectors hold back: an outcome is recorded only after that."""
        for connector in self._connectors.values():
            write = getattr(connector, "flush", None)
            if write is not None:
                write()

    def close(self) -> None:
        """Close connectors; files are written now."""
        for connector in self._connectors.values():
            connector.close()
        self._connectors.clear()


def source_key(flow: FlowSpec, id: str) -> RecordKey:
    """The key of a source record of the flow."""
    return RecordKey(flow.source_connection.name, flow.source.name, id)


def target_key(flow: FlowSpec, id: str) -> RecordKey:
    """The key of a target record of the flow."""
    return RecordKey(flow.target_connection.name, flow.target.name, id)


def _ways(above: str, joins: Iterable[Join], object: str, below: Way) -> Iterator[Way]:
    for join in joins:
        way = ((above, join), *below)
        if join.object == object and not join.bare:
            yield way
        yield from _ways(join.object, join.joins, object, way)
