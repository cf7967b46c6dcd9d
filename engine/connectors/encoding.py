"""Trees to request bodies, queries and path segments: exact, and nothing that a wire cannot hold."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus

from engine.model.errors import Rejected
from engine.model.values import ABSENT

Encoded = tuple[bytes, str]
"""A body and its content type."""


def json_body(tree: Any) -> Encoded:
    """JSON in UTF-8, decimals with all their digits."""
    try:
        return "".join(_json(tree)).encode("utf-8"), "application/json"
    except UnicodeEncodeError:
        raise Rejected("a text holds half a character", line="unsendable") from None


def form_body(tree: Any) -> Encoded:
    """A form with nested names: parent[child]=x, list[0]=y; null and an empty list unset."""
    return form_text(tree).encode("ascii"), "application/x-www-form-urlencoded"


def text_body(tree: Any) -> Encoded:
    """Plain text."""
    return scalar_text(tree).encode("utf-8"), "text/plain; charset=utf-8"


def csv_upload_body(tree: Any) -> Encoded:
    """A multipart form: scalar members are fields, the rows under `records` (or the tree) the CSV file."""
    boundary = uuid.uuid4().hex
    lines = [_part(boundary, f'name="{name}"', "", text) for name, text in _upload_fields(tree)]
    content = csv_text(_upload_rows(tree))
    lines.append(_part(boundary, 'name="file"; filename="upload.csv"', "Content-Type: text/csv\r\n", content))
    body = "".join(lines) + f"--{boundary}--\r\n"
    return body.encode("utf-8"), f"multipart/form-data; boundary={boundary}"


def form_text(tree: Mapping[str, Any]) -> str:
    """Nested names and values, encoded."""
    return "&".join(f"{quote_plus(name, safe='[]')}={quote_plus(text)}" for name, text in _flat("", tree))


def query_text(query: Mapping[str, Any]) -> str:
    """A query string; lists are numbered as in a form."""
    return "&".join(f"{quote(name, safe='[]$')}={quote(text, safe='')}" for name, text in _flat("", query))


def segment(value: Any) -> Any:
    """A scope's value as one path segment; what cannot stand in a path is ABSENT."""
    if isinstance(value, str):
        return quote(value, safe="") if value not in ("", ".", "..") else ABSENT
    if isinstance(value, dict):
        return {name: segment(one) for name, one in value.items()}
    if isinstance(value, list):
        return [segment(one) for one in value]
    return value


def scalar_text(value: Any) -> str:
    """A single value as text: true, 12.50, plain."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    raise _unsendable(value)


def csv_text(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV with a header line."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([scalar_text(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _json(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        yield "{"
        for at, (name, value) in enumerate(tree.items()):
            yield f"{',' if at else ''}{_quoted(name)}:"
            yield from _json(value)
        yield "}"
    elif isinstance(tree, list):
        yield "["
        for at, value in enumerate(tree):
            yield "," if at else ""
            yield from _json(value)
        yield "]"
    else:
        yield _json_scalar(tree)


def _json_scalar(value: Any) -> str:
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else scalar_text(value)


def _quoted(text: Any) -> str:
    if not isinstance(text, str):
        raise _unsendable(text)
    return json.dumps(text, ensure_ascii=False)


def _flat(name: str, tree: Any) -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for child, value in tree.items():
            yield from _flat(f"{name}[{child}]" if name else child, value)
    elif isinstance(tree, list) and tree:
        for at, value in enumerate(tree):
            yield from _flat(f"{name}[{at}]", value)
    else:
        yield name, "" if tree == [] else scalar_text(tree)


def _upload_fields(tree: Any) -> list[tuple[str, str]]:
    if not isinstance(tree, dict) or "records" not in tree:
        return []
    return [(name, scalar_text(value)) for name, value in tree.items() if name != "records"]


def _upload_rows(tree: Any) -> list[dict[str, Any]]:
    rows = tree["records"] if isinstance(tree, dict) and "records" in tree else tree
    return rows if isinstance(rows, list) else [rows]


def _part(boundary: str, disposition: str, more: str, content: str) -> str:
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n{content}\r\n"


def _unsendable(value: Any) -> Rejected:
    return Rejected(f"a value of kind '{type(value).__name__}' cannot be sent", line="unsendable")


ENCODINGS: dict[str, Callable[[Any], Encoded]] = {
    "json": json_body,
    "form": form_body,
    "text": text_body,
    "csv_upload": csv_upload_body,
}
