"""Running a SuiteQL query: paging, limits, and rows of text with lower-case keys."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from .account import Account
from .dialect import INVALID, Translated, refused, translate
from .mirror import Mirror
from .refusal import bad_parameter, bad_value
from .sqlfunctions import plain
from .values import LARGEST

ROW_CEILING = 100_000
PAGE_MAXIMUM = 1000
REMEMBERED = 300


class Query:
    """The query service of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.mirror = Mirror(account)
        self.known: OrderedDict[str, Translated] = OrderedDict()

    def run(self, body: Any, limit: int, offset: int) -> dict[str, Any]:
        text, values = _read(body)
        self._permit(text)
        translated = self._translated(text)
        if translated.parameters != len(values):
            raise refused(f"Expected {translated.parameters} parameter(s), got {len(values)}.")
        named = {f"p{number}": value for number, value in enumerate(values)}
        self.mirror.refresh()
        try:
            rows, total = self._rows(translated, named, limit, offset)
        except sqlite3.Error as problem:
            raise refused(f"Search error occurred: {problem}") from None
        more = offset + len(rows) < total
        return {"count": len(rows), "hasMore": more, "items": rows, "offset": offset, "totalResults": total}

    def _translated(self, text: str) -> Translated:
        if text not in self.known:
            translated = translate(text, self.mirror.tables)
            for table, expression in translated.indexes:
                name = "x_" + "".join(mark if mark.isalnum() else "_" for mark in f"{table}_{expression}")
                self.mirror.database.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ({expression})')
            self.known[text] = translated
            if len(self.known) > REMEMBERED:
                self.known.popitem(last=False)
        return self.known[text]

    def _rows(
        self, query: Translated, named: Mapping[str, Any], limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        database = self.mirror.database
        wanted = max(0, min(limit + 1, ROW_CEILING - offset))
        sql = f"SELECT * FROM ({query.sql})" if query.limited else query.sql
        cursor = database.execute(f"{sql} LIMIT {wanted} OFFSET {offset}", named)
        names = [column[0].lower() for column in cursor.description]
        rows = [_item(names, row) for row in cursor.fetchall()]
        if len(rows) <= limit and (rows or not offset):
            return rows, offset + len(rows)
        counted = f"SELECT COUNT(*) FROM (SELECT * FROM ({query.counted}) LIMIT {ROW_CEILING})"
        total = database.execute(counted, named).fetchone()[0]
        return rows[:limit], total

    def _permit(self, text: str) -> None:
        forbidden = self.account.options.forbidden
        if "view" in forbidden.get("suiteql", ()):
            raise bad_parameter(INVALID, "q")
        words = set(text.lower().replace(",", " ").split())
        for type_, verbs in forbidden.items():
            if "view" in verbs and type_.lower() in words:
                raise refused(f"Search error occurred: Record '{type_.lower()}' was not found.")


def _item(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    item: dict[str, Any] = {"links": []}
    for name, value in zip(names, row, strict=True):
        if value is not None and value != "":
            item[name] = plain(value)
    return item


def _read(body: Any) -> tuple[str, list[Any]]:
    if not isinstance(body, dict):
        raise bad_value("q")
    text, values = body.get("q"), body.get("params") or []
    if not isinstance(text, str) or not text.strip():
        raise bad_parameter(INVALID, "q")
    if not isinstance(values, list) or not all(_bindable(item) for item in values):
        raise bad_value("params")
    return text, [None if value == "" else value for value in values]


def _bindable(value: Any) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) < LARGEST
    return value is None or isinstance(value, str)


def page(query: Mapping[str, str]) -> tuple[int, int]:
    """`limit` and `offset` of the URL: at most 1000 a page, and the offset a multiple of it."""
    limit = _whole(query, "limit", PAGE_MAXIMUM)
    offset = _whole(query, "offset", 0)
    if not 1 <= limit <= PAGE_MAXIMUM:
        raise bad_parameter("The limit has to be between 1 and 1000.", "limit")
    if offset % limit:
        raise bad_parameter("The offset has to be a multiple of the limit.", "offset")
    return limit, offset


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit():
        raise bad_parameter(f"Invalid value of the query parameter {name}: {text}.", name)
    return int(text)


def page_links(url: str, limit: int, offset: int, total: int) -> list[dict[str, str]]:
    """self, and where they exist first, previous, next and last."""

    def link(rel: str, start: int) -> dict[str, str]:
        return {"rel": rel, "href": f"{url}?limit={limit}&offset={start}"}

    links = [link("self", offset)]
    if offset:
        links += [link("first", 0), link("previous", max(0, offset - limit))]
    if offset + limit < total:
        links += [link("next", offset + limit), link("last", (total - 1) // limit * limit)]
    return links
