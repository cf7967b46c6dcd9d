"""Leases: at most one process works on a thing; a fence number tells a late holder that it has lost it.

A holder also keeps an operating system lock on a small file, so that the lease of a process that died is free
at once; the time limit serves those that hang.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from engine.model.errors import LeaseHeld, StoreError
from engine.model.protocols import Clock
from engine.store.connection import Connection

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_TAKE = """INSERT INTO leases (name, holder, mark, fence, until) VALUES (?, ?, ?, 1, ?)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, mark = excluded.mark, fence = leases.fence + 1,
    until = excluded.until RETURNING fence"""


class Leases:
    """Takes, renews and releases leases for one open store."""

    def __init__(self, connection: Callable[[], Connection], store: Path, clock: Clock) -> None:
        self._connection = connection
        self._presence = Presence(store)
        self._clock = clock
        self._held: dict[str, tuple[int, int]] = {}
        """Name -> (fence, seconds) of leases that every commit must still hold."""

    @contextmanager
    def lease(self, name: str, holder: str, seconds: int) -> Iterator[int]:
        """Hold a lease; its fence number. Every write of this store fails once another has taken it over."""
        fence = self.take(name, holder, seconds)
        self._held[name] = (fence, seconds)
        try:
            yield fence
        finally:
            self._held.pop(name, None)
            self.release(name, fence)

    def renew(self, name: str) -> None:
        """The heartbeat: hold a lease for its full time from now."""
        fence, seconds = self._held[name]
        db = self._connection()
        with db.transaction():
            found = db.run(
                "UPDATE leases SET until = ? WHERE name = ? AND fence = ?", (self._after(seconds), name, fence)
            )
        if not found:
            raise self._lost(name)

    def check(self) -> None:
        """Raise when a lease that is held here has been taken over."""
        for name, (fence, _) in tuple(self._held.items()):
            found = self._connection().row("SELECT fence FROM leases WHERE name = ?", (name,))
            if found is None or found[0] != fence:
                raise self._lost(name)

    def take(self, name: str, holder: str, seconds: int) -> int:
        """Take a lease that is free, expired or left behind; else say who has it."""
        db = self._connection()
        with db.transaction():
            found = db.row("SELECT holder, mark, until FROM leases WHERE name = ?", (name,))
            if found and found[2] > self._after(0) and self._presence.of(found[1]):
                raise LeaseHeld(
                    f"another {name} works on the store: {found[0]}, until {found[2]}; wait for it, or end it"
                )
            fence = db.row(_TAKE, (name, holder, self._presence.mark(), self._after(seconds)))
        return int(fence[0]) if fence else 0

    def release(self, name: str, fence: int) -> None:
        """Give a lease back. Its fence number stays, so that the next one is higher."""
        db = self._connection()
        with db.transaction():
            db.run("UPDATE leases SET until = '' WHERE name = ? AND fence = ?", (name, fence))

    def close(self) -> None:
        """Show no presence any more."""
        self._presence.close()

    def _after(self, seconds: int) -> str:
        return (self._clock.now() + timedelta(seconds=seconds)).strftime(_TIME)

    def _lost(self, name: str) -> LeaseHeld:
        found = self._connection().row("SELECT holder FROM leases WHERE name = ?", (name,))
        other = found[0] if found else "nobody"
        return LeaseHeld(f"the lease '{name}' ran out and {other} took it over: nothing is written; run again")


class Presence:
    """Proof that a process is alive: a locked file beside the store, which the system unlocks when it dies."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._mark = ""
        self._file = -1

    def mark(self) -> str:
        """The name of this store's own presence, shown from now on."""
        if not self._mark:
            self._mark = secrets.token_hex(8)
            try:
                self._file = os.open(self._path(self._mark), os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX)
            except OSError as error:
                raise StoreError(f"no lease can be taken beside {self._store}: {error.strerror}") from error
        return self._mark

    def of(self, mark: str) -> bool:
        """True when the process that showed this mark is alive; what a dead one left is removed."""
        try:
            file = os.open(self._path(mark), os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # Held, or a file system that cannot tell: then the time limit decides.
            return True
        else:
            self._remove(mark)
            return False
        finally:
            os.close(file)

    def close(self) -> None:
        """Withdraw it."""
        if self._file >= 0:
            self._remove(self._mark)
            os.close(self._file)
            self._file = -1
            self._mark = ""

    def _remove(self, mark: str) -> None:
        with suppress(FileNotFoundError):
            self._path(mark).unlink()

    def _path(self, mark: str) -> Path:
        return self._store.with_name(f"{self._store.name}-holder-{mark}")
