"""One accepted request on its way through a handler."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from sandbox.magento import criteria, refusals
from sandbox.magento.access import Access
from sandbox.magento.criteria import Criteria, Look
from sandbox.magento.refusals import Refusal
from sandbox.magento.shapes import Shape
from sandbox.magento.shop import Record, Shop, Table

_decode = msgspec.json.Decoder().decode
DEFAULT_PAGE = 20


@dataclass
class Call:
    """What a handler needs to know of the request."""

    shop: Shop
    access: Access
    at: dict[str, str]
    """Values of the path's places."""
    query: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    known: bool = False
    """The caller has logged in; anonymous routes are for everybody."""
    store_code: str = ""

    @cached_property
    def tree(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        try:
            tree = _decode(self.body or b"{}")
        except (msgspec.DecodeError, RecursionError):
            raise Refusal("Decoding error.") from None
        if not isinstance(tree, dict):
            raise Refusal("Decoding error.")
        return tree

    def given(self, name: str, shape: Shape) -> Record:
        """The object that a body wraps under a name."""
        found = self.tree.get(name)
        if found is None:
            raise Refusal('"%fieldName" is required. Enter and try again.', {"fieldName": name})
        return shape.read(found)

    def argument(self, name: str) -> Any:
        """A plain argument that a body must hold."""
        if self.tree.get(name) is None:
            raise Refusal('"%fieldName" is required. Enter and try again.', {"fieldName": name})
        return self.tree[name]

    def number(self, name: str) -> int:
        """A place of the path that is an id."""
        text = self.at[name]
        if not re.fullmatch(r"-?[0-9]+", text):
            raise refusals.wrong_type(text, "int")
        return int(text)

    def found(self, table: Table, name: str) -> Record:
        """The record that a place of the path names."""
        record = table.get(self.number(name))
        if record is None:
            raise refusals.missing_entity(name, self.number(name))
        return record

    def criteria(self) -> Criteria:
        """The search criteria, limited where the shop limits its input."""
        asked = criteria.read(self.query)
        most = self.shop.options.limit_page_size
        if most and asked.page_size > most:
            raise Refusal("Maximum SearchCriteria pageSize is %1", [most])
        if most and not asked.page_size:
            asked.page_size = DEFAULT_PAGE
        return asked


def listing(rows: list[Record], asked: Criteria, total: int) -> Record:
    """A search's answer."""
    return {"items": rows, "search_criteria": asked.plain(), "total_count": total}


def column(call: Call, known: set[str]) -> Look:
    """Looks into a flat table: a column that is not there breaks the query."""

    def look(row: Record, name: str) -> Any:
        if name not in known:
            call.shop.reports += 1
            raise refusals.broken(call.shop.reports)
        return row.get(name)

    return look


def check_columns(asked: Criteria, look: Look) -> None:
    """Unknown names are refused even where no row would have been looked at."""
    for name in [one.field for group in asked.groups for one in group] + [name for name, _ in asked.sorts]:
        look({}, name)


def without_nulls(record: Record) -> Record:
    """As Magento shows records: what is null is left out."""
    return {name: value for name, value in record.items() if value is not None}
