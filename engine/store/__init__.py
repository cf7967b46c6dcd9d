"""Floor 3: the edge to the database. Model nouns in and out; no library type leaks upward."""

from __future__ import annotations

from engine.store.opening import open_store
from engine.store.sqlite import SqliteStore

__all__ = ["SqliteStore", "open_store"]
