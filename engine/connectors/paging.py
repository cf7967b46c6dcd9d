"""How a listing goes on, by kind; a listing that goes round in circles is stopped, never believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.connectors.encoding import scalar_text
from engine.model.errors import Unreachable
from engine.model.values import is_blank
from engine.spec.system import Extract, PagingSpec

Rows = list[dict[str, Any]]
NO_PAGING = PagingSpec("none")


class Pager(NamedTuple):
    """`params` ask for the page at a cursor ("": the first); `following` is the next cursor ("": the end)."""

    params: Callable[[PagingSpec, str], dict[str, Any]]
    following: Callable[[PagingSpec, str, Rows, Any], str]


class Watch:
    """Sees a listing repeat itself."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._rows: Rows = []

    def check(self, cursor: str, rows: Rows, following: str) -> None:
        """Raise Unreachable when going on would go in circles."""
        self._seen.add(cursor)
        if following and not rows:
            raise _broken("a page without records says that there are more")
        if following in self._seen and following:
            raise _broken("the listing leads back to a page that was read")
        if rows and rows == self._rows:
            raise _broken("the same page came twice")
        self._rows = rows


def page_params(paging: PagingSpec, cursor: str) -> dict[str, Any]:
    """What asks for the page at a cursor, with the page's size."""
    params = PAGING[paging.kind].params(paging, cursor)
    if paging.size_param and paging.size and not (paging.kind == "next_link" and cursor):
        params[paging.size_param] = paging.size
    return params


def next_cursor(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    """The cursor of the next page, "" when this was the last."""
    return PAGING[paging.kind].following(paging, cursor, rows, body)


def _nothing(paging: PagingSpec, cursor: str) -> dict[str, Any]:
    return {}


def _cursor_as_is(paging: PagingSpec, cursor: str) -> dict[str, Any]:
    return {paging.param: cursor} if cursor else {}


def _number(paging: PagingSpec, cursor: str) -> dict[str, Any]:
    return {paging.param: _as_number(paging, cursor)}


def _no_more(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    return ""


def _after_last(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    if not _says_more(paging, rows, body):
        return ""
    if not rows:
        raise _broken("a page without records says that there are more")
    last = rows[-1].get(paging.field)
    if is_blank(last):
        raise _broken(f"the last record has no '{paging.field}' to go on from")
    return scalar_text(last)


def _token(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    if paging.more and not _found(paging.more, body):
        return ""
    return _text(paging.token, body)


def _offset(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    at = _as_number(paging, cursor)
    step = paging.size or len(rows)
    return str(at + step) if _goes_on(paging, rows, body, at + step) else ""


def _page(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    at = _as_number(paging, cursor)
    read = (at - paging.first + 1) * paging.size if paging.size else 0
    return str(at + 1) if _goes_on(paging, rows, body, read) else ""


def _next_link(paging: PagingSpec, cursor: str, rows: Rows, body: Any) -> str:
    return _text(paging.next, body)


def _goes_on(paging: PagingSpec, rows: Rows, body: Any, read: int) -> bool:
    """By `until`, or by what is declared; a total that is not known (-1) leaves the short page."""
    until = paging.until or ("more" if paging.more else "total" if paging.total else "short_page")
    if until == "more":
        return bool(_found(paging.more, body))
    total = _found(paging.total, body) if until == "total" else -1
    if isinstance(total, str) and total.isdigit():
        total = int(total)
    if isinstance(total, int) and total >= 0 and read:
        return read < total
    return _is_full(paging, rows)


def _says_more(paging: PagingSpec, rows: Rows, body: Any) -> bool:
    return bool(_found(paging.more, body)) if paging.more else _is_full(paging, rows)


def _is_full(paging: PagingSpec, rows: Rows) -> bool:
    return len(rows) >= paging.size if paging.size else bool(rows)


def _found(extract: Extract | None, body: Any) -> Any:
    return extract(body) if extract is not None else None


def _text(extract: Extract | None, body: Any) -> str:
    found = _found(extract, body)
    return "" if is_blank(found) else scalar_text(found)


def _as_number(paging: PagingSpec, cursor: str) -> int:
    if cursor and not cursor.isdigit():
        raise _broken("the cursor to go on from is no number")
    return int(cursor) if cursor else (paging.first if paging.kind == "page" else 0)


def _broken(why: str) -> Unreachable:
    return Unreachable(f"paging stopped: {why}", line="paging")


PAGING: dict[str, Pager] = {
    "none": Pager(_nothing, _no_more),
    "after_last": Pager(_cursor_as_is, _after_last),
    "token": Pager(_cursor_as_is, _token),
    "keyset": Pager(_nothing, _after_last),
    "offset": Pager(_number, _offset),
    "page": Pager(_number, _page),
    "next_link": Pager(_nothing, _next_link),
}
