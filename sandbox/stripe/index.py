"""The search index: it lags, so it keeps what it knew until a newer write becomes visible."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sandbox.stripe.collection import Record

TEXT_FIELDS = ("email", "name", "phone")
Word = tuple[str, str]  # field (metadata.key for metadata) and folded value


class SearchIndex:
    """Per record its writes with the time from which each can be searched."""

    def __init__(self) -> None:
        self._writes: dict[str, list[tuple[float, Record]]] = {}
        self._ever: dict[Word, set[str]] = defaultdict(set)  # candidates only: `visible` decides

    def write(self, record: Record, visible_at: float) -> None:
        """Learn of a write that can be searched from then on."""
        self._writes.setdefault(record["id"], []).append((visible_at, record))
        for word in words(record):
            self._ever[word].add(record["id"])

    def forget(self, identifier: str) -> None:
        """A deleted record is found no more, lag or not: the answer is read from the store."""
        self._writes.pop(identifier, None)

    def visible(self, identifier: str, now: float) -> Record | None:
        """The record as the index knows it now, or None."""
        writes = self._writes.get(identifier, [])
        while len(writes) > 1 and writes[1][0] <= now:
            writes.pop(0)
        return writes[0][1] if writes and writes[0][0] <= now else None

    def candidates(self, word: Word | None) -> list[str]:
        """Ids that may carry this word; None: all."""
        return list(self._writes) if word is None else list(self._ever.get(word, ()))


def words(record: Record) -> list[Word]:
    """What an exact clause can ask for."""
    texts = [(name, str(record[name]).casefold()) for name in TEXT_FIELDS if record[name] is not None]
    return texts + [(f"metadata.{key}", str(value).casefold()) for key, value in record["metadata"].items()]


def value_of(record: Record, field: str) -> Any:
    """The value a clause looks at: `created`, `email`, `metadata.key`, ..."""
    name, _, key = field.partition(".")
    return record["metadata"].get(key) if name == "metadata" else record[name]
