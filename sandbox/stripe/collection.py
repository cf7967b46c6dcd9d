"""Records of one kind, newest first, with cursors and a few equality indexes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox.stripe import refusals

Record = dict[str, Any]
Key = tuple[int, int, str]  # created, order of arrival, id


class Collection:
    """Records are never changed in place: an update puts a new dict under the old id."""

    def __init__(self, noun: str, *indexed: str) -> None:
        self.noun = noun
        self._records: dict[str, Record] = {}
        self._keys: list[Key] = []  # oldest first
        self._key_of: dict[str, Key] = {}  # kept for what is removed, so that its cursors go on working
        self._indexes: dict[str, dict[Any, set[str]]] = {name: defaultdict(set) for name in indexed}

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return (self._records[key[2]] for key in self._keys)

    def get(self, identifier: str) -> Record | None:
        """The record, or None."""
        return self._records.get(identifier)

    def key(self, identifier: str) -> Key:
        """Its place in the order."""
        return self._key_of[identifier]

    def put(self, record: Record) -> Record:
        """Add or replace."""
        identifier = record["id"]
        held = self._records.get(identifier)
        if held is None:
            key = (record["created"], len(self._key_of), identifier)
            self._key_of[identifier] = key
            insort(self._keys, key)
        else:
            self._forget(held)
        self._records[identifier] = record
        for name, index in self._indexes.items():
            index[record[name]].add(identifier)
        return record

    def remove(self, identifier: str) -> None:
        """Take it out; its place in the order is remembered."""
        self._forget(self._records.pop(identifier))
        self._keys.pop(bisect_left(self._keys, self._key_of[identifier]))

    def where(self, name: str, value: Any) -> list[Record]:
        """Records with that value of an indexed field, oldest first."""
        found = self._indexes[name].get(value, ())
        return [self._records[key[2]] for key in sorted(self._key_of[one] for one in found)]

    def page(
        self, params: dict[str, Any], keep: Callable[[Record], bool] = lambda record: True, since: int = 0
    ) -> tuple[list[Record], bool]:
        """One page of what fits, newest first, and whether there is more beyond it."""
        keys = self._narrowed(params)
        low, high = _bounds(keys, params.get("created") or {}, since)
        limit = params.get("limit", 10)
        backwards = "ending_before" in params
        if backwards:
            low = max(low, bisect_right(keys, self._cursor(params, "ending_before")))
        if "starting_after" in params:
            high = min(high, bisect_left(keys, self._cursor(params, "starting_after")))
        places: Iterable[int] = range(low, high) if backwards else range(high - 1, low - 1, -1)
        found: list[Record] = []
        for place in places:
            record = self._records[keys[place][2]]
            if not keep(record):
                continue
            if len(found) == limit:
                return (found[::-1] if backwards else found), True
            found.append(record)
        return (found[::-1] if backwards else found), False

    def _narrowed(self, params: dict[str, Any]) -> list[Key]:
        """The keys to look through: those under the first indexed field that was asked for, else all."""
        for name, index in self._indexes.items():
            if name in params:
                return sorted(self._key_of[one] for one in index.get(params[name], ()))
        return self._keys

    def _cursor(self, params: dict[str, Any], name: str) -> Key:
        if params[name] not in self._key_of:
            raise refusals.missing(self.noun, params[name], name, in_path=False)
        return self._key_of[params[name]]

    def _forget(self, record: Record) -> None:
        for name, index in self._indexes.items():
            index[record[name]].discard(record["id"])


def _bounds(keys: list[Key], span: dict[str, int], since: int) -> tuple[int, int]:
    """Where in `keys` the span of creation times begins and ends."""
    lowest = max([since, *(span[name] for name in ("gte", "eq") if name in span)])
    if "gt" in span:
        lowest = max(lowest, span["gt"] + 1)
    low = bisect_left(keys, (lowest, -1, ""))
    tops = [span[name] + 1 for name in ("lte", "eq") if name in span]
    if "lt" in span:
        tops.append(span["lt"])
    high = bisect_left(keys, (min(tops), -1, "")) if tops else len(keys)
    return low, high
