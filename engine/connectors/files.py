"""CSV and JSON Lines files as a system: an object is a file, a record a line."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.connectors.clock import SystemClock
from engine.connectors.lines import Batch, Format, Position, Tree, open_format
from engine.connectors.sheet import Sheet, append_line
from engine.connectors.since import iso_time
from engine.connectors.trees import equality_of, steps_of
from engine.model.errors import ConfigError, Missing
from engine.model.finding import Finding, Place
from engine.model.protocols import NO_SCOPE, Bad, Clock, RawPage, Written
from engine.model.values import is_blank
from engine.spec.environment import ConnectionSpec
from engine.spec.system import FieldSpec, ObjectSpec

Scope = Mapping[str, Any]
AS_IF = ".as_if"
SUFFIXES = (".csv", ".jsonl", ".ndjson")


class FilesConnector:
    """A folder of data files. Settings: `path`, and `dry_run` to write `<name>.planned.jsonl` instead: the file stays
    as it is, and a copy of it, `<name>.as_if.*`, looks as if all had been done, for later runs to go on from.

    A listing is always complete. Writes are kept in memory and reach the file by `flush` or `close`, whole.
    """

    def __init__(self, spec: ConnectionSpec, clock: Clock | None = None) -> None:
        self.connection = spec.name
        self.requests = 0
        self._spec = spec
        self._path = Path(str(spec.settings.get("path", "")))
        self._dry_run = str(spec.settings.get("dry_run", "false")).lower() == "true"
        self._clock = clock or SystemClock()
        self._lock = threading.RLock()
        self._sheets: dict[str, Sheet] = {}
        self._formats: dict[str, Format] = {}
        self._keys: dict[str, Written] = {}

    # -- bulk reading

    def lines(self, obj: ObjectSpec) -> Iterator[list[bytes]]:
        """Batches of raw records, so that a caller who knows their hashes need not decode them."""
        for batch in self._batches(obj, ""):
            yield batch.records

    def fingerprint(self, obj: ObjectSpec) -> str:
        """Of the file's bytes, taken before it is read; "" when there is no file."""
        self.flush()
        path = self._file(obj)
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]

    def decode_lines(self, obj: ObjectSpec, lines: list[bytes]) -> list[Tree | Bad]:
        """A tree for each raw record; `Bad.line` is the position in the list."""
        return self._format(obj).decode(lines)

    # -- the contract

    def pages(
        self,
        obj: ObjectSpec,
        *,
        since: str = "",
        fields: Sequence[str] = (),
        cursor: str = "",
        scope: Scope | None = None,
    ) -> Iterator[RawPage]:
        held: Batch | None = None
        for batch in self._batches(obj, cursor):
            if held is not None:
                yield self._page(obj, held, ":".join(map(str, held.following)))
            held = batch
        yield self._page(obj, held, "") if held is not None else RawPage([])

    def read(self, obj: ObjectSpec, id: str) -> Tree | None:
        with self._lock:
            return self._sheet(obj).get(id)

    def find(
        self,
        obj: ObjectSpec,
        field: str,
        value: str,
        fields: Sequence[str] = (),
        *,
        scope: Scope = NO_SCOPE,
    ) -> list[Tree]:
        with self._lock:
            return list(self._sheet(obj).find(steps_of(obj, field), value, equality_of(obj, field)))

    def related(self, obj: ObjectSpec, params: Scope) -> list[Tree]:
        (name, value), *more = params.items()
        found = self.find(obj, name, str(value))
        others = [(steps_of(obj, other), str(wanted)) for other, wanted in more]
        return [tree for tree in found if all(str(tree.get(steps[-1])) == wanted for steps, wanted in others)]

    def deleted(self, obj: ObjectSpec, since: str) -> Iterator[list[str]]:
        """A file tells nothing of what it once held; absence from the listing is the proof."""
        return iter(())

    def part(self, obj: ObjectSpec, name: str, id: str, scope: Scope = NO_SCOPE) -> Any:
        tree = self.read(obj, id)
        return None if tree is None else tree.get(name)

    def discover(self, obj: ObjectSpec) -> list[Tree]:
        return [{"id": name, "label": name, "type": "text"} for name in self._format(obj).columns]

    def create(self, obj: ObjectSpec, payload: Tree, *, key: str = "", scope: Scope = NO_SCOPE) -> Written:
        with self._lock:
            if key and key in self._keys:
                return self._keys[key]
            natural = payload.get(obj.create.natural_key if obj.create and obj.create.natural_key else obj.id)
            id = self._sheet(obj).next_id() if is_blank(natural) else str(natural)
            written = self._keys[key] = self._put(obj, "create", id, payload)
            return written

    def update(
        self,
        obj: ObjectSpec,
        id: str,
        payload: Tree,
        *,
        key: str = "",
        replace: Sequence[FieldSpec] = (),
        scope: Scope = NO_SCOPE,
    ) -> Written:
        with self._lock:
            if id not in self._sheet(obj):
                raise Missing(f"{obj.name}: no such record")
            return self._put(obj, "update", id, payload)

    def update_part(
        self, obj: ObjectSpec, name: str, id: str, payload: Tree, *, key: str = "", scope: Scope = NO_SCOPE
    ) -> Written:
        return self.update(obj, id, {name: payload}, key=key)

    def delete(self, obj: ObjectSpec, id: str, *, key: str = "") -> None:
        with self._lock:
            self.requests += 1
            self._sheet(obj).remove(id)
            self._plan(obj, {"operation": "delete", "id": id})

    def probe(self) -> list[Finding]:
        if self._spec.missing or not str(self._path):
            return [Finding("setting-missing", f"connection '{self.connection}' has no 'path'", self._spec.place)]
        if not self._path.exists():
            return [Finding("file-missing", "the folder or file is not there", Place(str(self._path)))]
        return []

    def flush(self) -> None:
        """Write the files whose records moved."""
        with self._lock:
            for name, sheet in self._sheets.items():
                if sheet.moved:
                    sheet.write(_as_if(sheet.path) if self._dry_run else sheet.path)
                    self._formats.pop(name, None)

    def close(self) -> None:
        self.flush()

    # -- files

    def _put(self, obj: ObjectSpec, operation: str, id: str, payload: Tree) -> Written:
        self.requests += 1
        self._plan(obj, {"operation": operation, "id": id, "record": payload})
        return Written(id, self._sheet(obj).put(id, payload))

    def _plan(self, obj: ObjectSpec, line: Tree) -> None:
        if self._dry_run:
            append_line(self._file(obj).with_suffix(".planned.jsonl"), line)

    def _page(self, obj: ObjectSpec, batch: Batch, cursor: str) -> RawPage:
        trees = list(enumerate(self._format(obj).decode(batch.records)))
        bad = tuple(Bad(batch.numbers[at], one.reason) for at, one in trees if isinstance(one, Bad))
        rows = [_with_id(obj, one, batch.at.row + at) for at, one in trees if not isinstance(one, Bad)]
        return RawPage(rows, cursor, iso_time(self._clock.now()), bad)

    def _batches(self, obj: ObjectSpec, cursor: str) -> Iterator[Batch]:
        self.flush()
        path = self._held(obj)
        if not path.is_file():
            message = f"connection '{self.connection}': the file of {obj.name} is not there"
            raise ConfigError([Finding("file-missing", message, Place(str(path)))])
        self.requests += 1
        at = Position(*map(int, cursor.split(":"))) if cursor else Position()
        with path.open("rb") as file:
            yield from self._format(obj).batches(file, at)

    def _format(self, obj: ObjectSpec) -> Format:
        with self._lock:
            if obj.name not in self._formats:
                self._formats[obj.name] = open_format(self._held(obj))
            return self._formats[obj.name]

    def _sheet(self, obj: ObjectSpec) -> Sheet:
        if obj.name not in self._sheets:
            self._sheets[obj.name] = Sheet(self._held(obj), obj.id)
        return self._sheets[obj.name]

    def _held(self, obj: ObjectSpec) -> Path:
        """The file that is read: in a dry run the copy that holds what was planned so far."""
        path = self._file(obj)
        copy = _as_if(path)
        return copy if self._dry_run and copy.is_file() else path

    def _file(self, obj: ObjectSpec) -> Path:
        """The path itself, the declared collection, or the object's name with a known suffix."""
        if self._path.suffix in SUFFIXES:
            return self._path
        if obj.collection:
            return self._path / obj.collection
        there = (self._path / f"{obj.short}{suffix}" for suffix in SUFFIXES)
        return next((path for path in there if path.is_file()), self._path / f"{obj.short}.csv")


def _as_if(path: Path) -> Path:
    return path if path.stem.endswith(AS_IF) else path.with_name(f"{path.stem}{AS_IF}{path.suffix}")


def _with_id(obj: ObjectSpec, tree: Tree, row: int) -> Tree:
    """A record without an id of its own is called by its number, from 1."""
    return tree if not is_blank(tree.get(obj.id)) else {**tree, obj.id: str(row)}
