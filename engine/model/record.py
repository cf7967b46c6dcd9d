"""Records and their keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.model.values import Tree


class RecordKey(NamedTuple):
    """One object instance: connection, object (`system.object`), native id (always text)."""

    connection: str
    object: str
    id: str

    def __str__(self) -> str:
        return f"{self.connection}:{self.id}"


@dataclass(frozen=True, slots=True)
class Record:
    """A normalised record: field name -> plain tree. A field that is not a key is absent."""

    key: RecordKey
    fields: dict[str, Tree]
    hash: str = ""
    changed: int = 0
    """Store sequence of the last change of content; 0: not staged yet."""
    gone: bool = False
    detail: bool = False
    """True when the fields that only a `read` brings are there too, and as fresh as the rest."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing: raw trees, ids seen gone, and the cursor to go on from ("" = the last page)."""

    records: tuple[dict[str, Tree], ...]
    gone: tuple[str, ...] = field(default=())
    cursor: str = ""
    server_time: str = ""
