"""One data file that is written to: held in memory, put back whole, never seen half written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.connectors.encoding import json_body, scalar_text
from engine.connectors.lines import Position, Tree, open_format
from engine.connectors.trees import equal_text, merged
from engine.functions.paths import take
from engine.model.protocols import Bad
from engine.model.values import is_blank


class Sheet:
    """The records of a file by id. Records that nobody touches keep their bytes."""

    def __init__(self, path: Path, id_field: str) -> None:
        self.path = path
        self._id = id_field
        self._format = open_format(path)
        self._rows: dict[str, bytes | Tree] = {}
        self._rest: list[bytes | Tree] = []
        self._end = b"\n"
        self.moved = False
        if path.exists():
            self._load()

    def __contains__(self, id: str) -> bool:
        return id in self._rows

    def get(self, id: str) -> Tree | None:
        """A record, or None."""
        found = self._rows.get(id)
        return self._decoded(found) if isinstance(found, bytes) else found

    def find(self, steps: tuple[str, ...], value: str, equality: str) -> Iterator[Tree]:
        """Records with this value."""
        for id in self._rows:
            tree = self.get(id)
            if tree is not None and equal_text(take(tree, steps), value, equality):
                yield tree

    def put(self, id: str, changes: Tree) -> Tree:
        """Lay changes over a record, new or old."""
        tree = merged(self.get(id) or {self._id: id}, changes)
        if is_blank(tree.get(self._id)):
            tree[self._id] = id
        self._rows[id] = tree
        self.moved = True
        return tree

    def remove(self, id: str) -> None:
        """Take a record out."""
        self.moved = self._rows.pop(id, None) is not None or self.moved

    def next_id(self) -> str:
        """The number after the highest."""
        return str(max((int(id) for id in self._rows if id.isdigit()), default=len(self._rows)) + 1)

    def write(self, into: Path) -> None:
        """Put the file back, or a copy of it, by one rename."""
        if not self.moved:
            return
        new = [name for row in self._rows.values() if isinstance(row, dict) for name in self._format.lacks(row)]
        if new:
            self._decode_all()
            self._format.add(new)
        write_whole(into, self._lines())
        self.moved = False

    def _decode_all(self) -> None:
        """Raw records would not fit a wider header."""
        self._rows = {id: self.get(id) or row for id, row in self._rows.items()}
        self._rest = [row if isinstance(row, dict) else self._decoded(row) or row for row in self._rest]

    def _lines(self) -> Iterator[bytes]:
        if head := self._format.head():
            yield head + self._end
        for id, row in self._rows.items():
            if not isinstance(row, bytes):
                # kept as bytes, so that the next writing does not encode it again
                row = self._rows[id] = self._format.encode(row)
            yield row + self._end
        for row in self._rest:
            yield (row if isinstance(row, bytes) else self._format.encode(row)) + self._end

    def _load(self) -> None:
        with self.path.open("rb") as file:
            self._end = b"\r\n" if file.readline().endswith(b"\r\n") else b"\n"
            file.seek(0)
            for batch in self._format.batches(file, Position()):
                trees = self._format.decode(batch.records)
                for row, tree in enumerate(trees, batch.at.row):
                    self._take(batch.records[row - batch.at.row], tree, str(row))

    def _take(self, record: bytes, tree: Tree | Bad, row: str) -> None:
        """A record under its id, else its number; an unreadable or second one is put back as it was."""
        found = None if isinstance(tree, Bad) else tree.get(self._id)
        id = row if is_blank(found) else scalar_text(found)
        if isinstance(tree, Bad) or id in self._rows:
            self._rest.append(record)
        else:
            self._rows[id] = record

    def _decoded(self, record: bytes) -> Tree | None:
        tree = self._format.decode([record])[0]
        return None if isinstance(tree, Bad) else tree


def write_whole(path: Path, lines: Iterator[bytes]) -> None:
    """Write a file beside the old one and change them over at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def append_line(path: Path, tree: Tree) -> None:
    """Add one JSON line to a file."""
    with path.open("ab") as file:
        file.write(json_body(tree)[0] + b"\n")
