"""A number beside the database: it tells when committed work has vanished from the file.

A damaged write-ahead log is read up to its first bad frame without any error, and a restored backup is a sound
file: only a witness outside the database can tell that later work was done.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from engine.model.errors import StoreError

_WIDTH = 20


class Seal:
    """The highest commit number known to be durable, in a file of its own."""

    def __init__(self, path: Path, store: str) -> None:
        self.path = path
        self._store = store
        self._highest = _read(path, store)
        self._lock = threading.Lock()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(f"the seal {path} cannot be written: {error.strerror}") from error

    @property
    def highest(self) -> int:
        """The highest number kept; 0 when there is none for this store."""
        return self._highest

    def keep(self, number: int) -> None:
        """Keep a number. Called after the commit, so a crash in between leaves it too low, never too high."""
        with self._lock:
            if number <= self._highest:
                return
            self._highest = number
            try:
                os.pwrite(self._file, f"{self._store} {number:0{_WIDTH}d}\n".encode(), 0)
            except OSError as error:
                raise StoreError(f"the seal {self.path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Make it durable and let go of it."""
        with self._lock:
            if self._file >= 0:
                os.fsync(self._file)
                os.close(self._file)
                self._file = -1


def seal_path(store: Path) -> Path:
    """Where the seal of a store lies."""
    return store.with_name(store.name + "-seal")


def _read(path: Path, store: str) -> int:
    try:
        name, _, number = path.read_text("ascii").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        return 0
    return int(number) if name == store and number.isdigit() else 0
