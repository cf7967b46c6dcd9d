from __future__ import annotations

from typing import Any

import pytest

from engine.connectors.paging import Watch, next_cursor, page_params
from engine.model.errors import Unreachable
from engine.spec.system import PagingSpec
from tests.contract.toy import name

MORE = name("more")
AFTER = PagingSpec("after_last", param="after", more=MORE, size_param="limit", size=2)
TOKEN = PagingSpec("token", param="page", token=name("next_page"), more=MORE, size_param="limit", size=2)
KEYSET = PagingSpec("keyset", field="id", more=MORE, size_param="limit", size=2)
OFFSET = PagingSpec("offset", param="offset", more=MORE, size_param="limit", size=2)
PAGES = PagingSpec("page", param="page", first=1, size_param="size", size=2, total=name("total"), until="total")
SHORT = PagingSpec("page", param="page", first=0, size_param="size", size=2, until="short_page")
LINKS = PagingSpec("next_link", next=name("next"), size_param="count", size=2)
TWO = [{"id": "7"}, {"id": 9}]


@pytest.mark.parametrize(
    ("paging", "cursor", "params"),
    [
        (PagingSpec("none"), "", {}),
        (AFTER, "", {"limit": 2}),
        (AFTER, "9", {"after": "9", "limit": 2}),
        (TOKEN, "t-2", {"page": "t-2", "limit": 2}),
        (KEYSET, "9", {"limit": 2}),
        (OFFSET, "", {"offset": 0, "limit": 2}),
        (OFFSET, "2", {"offset": 2, "limit": 2}),
        (PAGES, "", {"page": 1, "size": 2}),
        (PAGES, "3", {"page": 3, "size": 2}),
        (SHORT, "", {"page": 0, "size": 2}),
        (LINKS, "", {"count": 2}),
        (LINKS, "/x?count=2&key=9", {}),
    ],
    ids=lambda one: one.kind if isinstance(one, PagingSpec) else repr(one),
)
def test_asks_for_the_page_at_a_cursor(paging: PagingSpec, cursor: str, params: dict[str, Any]) -> None:
    assert page_params(paging, cursor) == params


@pytest.mark.parametrize(
    ("paging", "cursor", "rows", "body", "following"),
    [
        (PagingSpec("none"), "", TWO, {}, ""),
        (AFTER, "", TWO, {"more": True}, "9"),
        (AFTER, "", TWO, {"more": False}, ""),
        (TOKEN, "", TWO, {"more": True, "next_page": "t-2"}, "t-2"),
        (TOKEN, "t-2", TWO, {"more": False, "next_page": "t-3"}, ""),
        (KEYSET, "0", TWO, {"more": True}, "9"),
        (PagingSpec("keyset", size=2), "0", TWO, {}, "9"),
        (PagingSpec("keyset", size=2), "9", TWO[:1], {}, ""),
        (OFFSET, "", TWO, {"more": True}, "2"),
        (OFFSET, "2", TWO[:1], {"more": True}, "4"),
        (OFFSET, "2", TWO, {"more": False}, ""),
        (PAGES, "", TWO, {"total": 3}, "2"),
        (PAGES, "2", TWO, {"total": 4}, ""),
        (PAGES, "2", TWO, {"total": "5"}, "3"),
        (PAGES, "2", TWO, {"total": -1}, "3"),
        (SHORT, "", TWO, {}, "1"),
        (SHORT, "1", TWO[:1], {}, ""),
        (LINKS, "", TWO, {"next": "/x?key=9"}, "/x?key=9"),
        (LINKS, "", TWO, {}, ""),
    ],
)
def test_knows_the_next_page(
    paging: PagingSpec, cursor: str, rows: list[dict[str, Any]], body: dict[str, Any], following: str
) -> None:
    assert next_cursor(paging, cursor, rows, body) == following


def test_stops_at_a_page_without_records_that_promises_more() -> None:
    with pytest.raises(Unreachable, match="without records"):
        next_cursor(AFTER, "", [], {"more": True})
    with pytest.raises(Unreachable, match="without records"):
        Watch().check("2", [], "4")


def test_stops_at_a_record_without_the_field_to_go_on_from() -> None:
    with pytest.raises(Unreachable, match="no 'id'"):
        next_cursor(AFTER, "", [{"name": "x"}], {"more": True})


def test_stops_at_a_cursor_that_was_there_before() -> None:
    watch = Watch()
    watch.check("", [{"id": 1}], "a")
    watch.check("a", [{"id": 2}], "b")
    with pytest.raises(Unreachable, match="leads back"):
        watch.check("b", [{"id": 3}], "a")


def test_stops_at_a_cursor_that_does_not_move() -> None:
    with pytest.raises(Unreachable, match="leads back"):
        Watch().check("a", [{"id": 1}], "a")


def test_stops_when_the_last_page_repeats() -> None:
    watch = Watch()
    watch.check("1", [{"id": 1}], "2")
    with pytest.raises(Unreachable, match="same page"):
        watch.check("2", [{"id": 1}], "3")


def test_refuses_a_cursor_of_another_kind() -> None:
    with pytest.raises(Unreachable, match="no number"):
        page_params(OFFSET, "cus_9")
