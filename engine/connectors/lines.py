"""Data files as raw lines, and lines as trees: CSV and JSON Lines. What cannot be read is set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import msgspec

from engine.connectors.encoding import json_body, scalar_text
from engine.model.errors import ConfigError
from engine.model.finding import Finding, Place
from engine.model.protocols import Bad

CHUNK = 262_144
"""Bytes that are read at once."""

LONGEST = 1_000_000
"""Bytes of a record from which a quote was surely left open."""

BOM = b"\xef\xbb\xbf"

Tree = dict[str, Any]


class Position(NamedTuple):
    """Where a file is read from: byte, line and record; the last two count from 1."""

    offset: int = 0
    line: int = 1
    row: int = 1


class Batch(NamedTuple):
    """Raw records without their line ends, the line each begins in, and the batch's two ends."""

    records: list[bytes]
    numbers: list[int]
    at: Position
    following: Position


class Format(Protocol):
    """A file format. `columns` is () where the format has none."""

    columns: tuple[str, ...]

    def batches(self, file: BinaryIO, at: Position) -> Iterator[Batch]:
        """The file's records from a position on."""
        ...

    def decode(self, records: list[bytes]) -> list[Tree | Bad]:
        """A tree for each record; `Bad.line` is the position in the list."""
        ...

    def encode(self, tree: Tree) -> bytes:
        """A record of a tree, without line end."""
        ...

    def lacks(self, tree: Tree) -> list[str]:
        """Columns of the tree that the file does not have."""
        ...

    def add(self, columns: list[str]) -> None:
        """Make room for these columns; records that are still raw belong to the narrower file."""
        ...

    def head(self) -> bytes:
        """The header line, b"" where the format has none."""
        ...


class JsonLines:
    """One JSON object per line."""

    columns: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._decode = msgspec.json.Decoder(float_hook=Decimal).decode
        self._encode = msgspec.json.Encoder(decimal_format="number").encode

    def batches(self, file: BinaryIO, at: Position) -> Iterator[Batch]:
        if not at.offset and file.read(len(BOM)) == BOM:
            at = Position(len(BOM))
        file.seek(at.offset)
        return _batches(file, at, quoted=False)

    def decode(self, records: list[bytes]) -> list[Tree | Bad]:
        return [self._tree(at, record) for at, record in enumerate(records)]

    def _tree(self, at: int, record: bytes) -> Tree | Bad:
        try:
            tree = self._decode(record)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Bad(at, "not a JSON object in UTF-8")
        return tree if isinstance(tree, dict) else Bad(at, "not a JSON object")

    def encode(self, tree: Tree) -> bytes:
        try:
            return self._encode(tree)
        except (TypeError, ValueError):
            return json_body(tree)[0]

    def lacks(self, tree: Tree) -> list[str]:
        return []

    def add(self, columns: list[str]) -> None:
        """A line names its own members."""

    def head(self) -> bytes:
        return b""


class Csv:
    """A header line, then a record per line; a quoted value may hold line ends. `a.b` is member b of a."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.columns: tuple[str, ...] = _header(path) if path.exists() else ()

    def batches(self, file: BinaryIO, at: Position) -> Iterator[Batch]:
        if not at.offset:
            at = Position(len(file.readline()), 2)
        file.seek(at.offset)
        return _batches(file, at, quoted=True)

    def decode(self, records: list[bytes]) -> list[Tree | Bad]:
        try:
            rows = _rows(b"\n".join(records))
        except (UnicodeDecodeError, csv.Error):
            rows = []
        width = len(self.columns)
        if len(rows) != len(records) or any(len(row) != width for row in rows):
            return [self._tree(at, record) for at, record in enumerate(records)]
        return [self._nested(row) for row in rows]

    def _tree(self, at: int, record: bytes) -> Tree | Bad:
        try:
            rows = _rows(record)
        except UnicodeDecodeError:
            return Bad(at, "not UTF-8")
        except csv.Error:
            return Bad(at, "a quote is open or stands in the wrong place")
        if len(rows) != 1 or len(rows[0]) != len(self.columns):
            found = len(rows[0]) if rows else 0
            return Bad(at, f"{found} values for {len(self.columns)} columns")
        return self._nested(rows[0])

    def _nested(self, row: list[str]) -> Tree:
        tree = dict(zip(self.columns, row, strict=True))
        return tree if not any("." in name for name in self.columns) else _nested(tree)

    def encode(self, tree: Tree) -> bytes:
        flat = _flat("", tree)
        return _line([scalar_text(flat.get(name)) for name in self.columns])

    def lacks(self, tree: Tree) -> list[str]:
        return [name for name in _flat("", tree) if name not in self.columns]

    def add(self, columns: list[str]) -> None:
        self.columns = tuple(dict.fromkeys((*self.columns, *columns)))

    def head(self) -> bytes:
        return _line(list(self.columns))


def open_format(path: Path) -> Format:
    """The format of a file, by its suffix."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        message = f"'{path.suffix}' is no data file; there are {', '.join(FORMATS)}"
        raise ConfigError([Finding("file-format", message, Place(str(path)))])
    return found(path)


def _batches(file: BinaryIO, at: Position, *, quoted: bool) -> Iterator[Batch]:
    """Records of about a chunk each; one that a quote keeps open goes over into the next batch."""
    carried: list[bytes] = []
    while chunk := file.readlines(CHUNK):
        lines = carried + chunk
        spans = _spans(lines) if quoted and (carried or any(b'"' in one for one in chunk)) else None
        carried = [] if spans is None else lines[spans[-1][1] if spans else 0 :]
        batch = _batch(lines[: len(lines) - len(carried)], spans, at)
        at = batch.following
        yield batch
    if carried:
        yield _batch(carried, [(0, len(carried))], at)


def _batch(lines: list[bytes], spans: list[tuple[int, int]] | None, at: Position) -> Batch:
    """Lines as records; without spans every line is one. Blank lines are none."""
    if spans is None:
        found = [(one.rstrip(b"\r\n"), at.line + number) for number, one in enumerate(lines)]
    else:
        found = [(b"".join(lines[start:end]).rstrip(b"\r\n"), at.line + start) for start, end in spans]
    kept = [(record, number) for record, number in found if record]
    records, numbers = [record for record, _ in kept], [number for _, number in kept]
    size = sum(map(len, lines))
    return Batch(records, numbers, at, Position(at.offset + size, at.line + len(lines), at.row + len(records)))


def _spans(lines: list[bytes]) -> list[tuple[int, int]]:
    """Which lines make a record: a quote left open runs on into the next line, but not for ever."""
    spans = []
    start = quotes = size = 0
    for at, line in enumerate(lines, 1):
        quotes += line.count(b'"')
        size += len(line)
        if quotes % 2 == 0 or size > LONGEST:
            spans.append((start, at))
            start, quotes, size = at, 0, 0
    return spans


def _header(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        line = file.readline().removeprefix(BOM)
    try:
        names = tuple(_rows(line.rstrip(b"\r\n"))[0]) if line.strip() else ()
    except (UnicodeDecodeError, csv.Error):
        raise _unusable(path, "the header line is no UTF-8 CSV") from None
    if len(set(names)) != len(names):
        raise _unusable(path, "two columns have the same name")
    return names


def _rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True))


def _line(values: list[str]) -> bytes:
    out = io.StringIO()
    # the writer quotes only those line breaks that its own line end holds
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()[:-2].encode("utf-8")


def _nested(flat: Mapping[str, str]) -> Tree:
    tree: Tree = {}
    for name, value in flat.items():
        *steps, last = name.split(".") if "" not in name.split(".") else [name]
        place = tree
        for step in steps:
            held = place.setdefault(step, {})
            place = held if isinstance(held, dict) else place
        place[last] = value
    return tree


def _flat(prefix: str, tree: Mapping[str, Any]) -> Tree:
    flat: Tree = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(f"{prefix}{name}.", value)
        else:
            text = json_body(value)[0].decode("utf-8") if isinstance(value, list) else value
            flat[prefix + name] = text
    return flat


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError([Finding("file-unusable", why, Place(str(path), 1))])


FORMATS: dict[str, Callable[[Path], Format]] = {".csv": Csv, ".jsonl": JsonLines, ".ndjson": JsonLines}
