"""Link files: CSV with one pair of ids per row, under the headings that the rules name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.model.errors import UsageError

DEFAULT = {"source": "source", "target": "target"}


class Row(NamedTuple):
    """One pair of ids as written, with the line of the file."""

    source: str
    target: str
    line: int


def read_links(text: str, columns: Mapping[str, str]) -> Iterator[Row]:
    """Rows of a link file; ids are taken as written, blanks around them apart."""
    names = {**DEFAULT, **columns}
    text = text.removeprefix("\ufeff")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    headings = [heading.strip() for heading in reader.fieldnames or ()]
    missing = [heading for heading in (names["source"], names["target"]) if heading not in headings]
    if missing:
        raise UsageError(f"the link file has no column '{missing[0]}': its first line must name {_both(names)}")
    reader.fieldnames = headings
    for row in reader:
        if any(value for value in row.values()):
            yield Row(_text(row.get(names["source"])), _text(row.get(names["target"])), reader.line_num)


def _delimiter(text: str) -> str:
    """The one that the first line holds most of."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _both(names: Mapping[str, str]) -> str:
    return f"'{names['source']}' and '{names['target']}'"


def links_csv(rows: Iterable[tuple[str, str]], columns: Mapping[str, str]) -> str:
    """A link file, exact: another program reads it."""
    names = {**DEFAULT, **columns}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # so that both kinds of line break are quoted
    writer.writerow([names["source"], names["target"]])
    writer.writerows(rows)
    return out.getvalue()
