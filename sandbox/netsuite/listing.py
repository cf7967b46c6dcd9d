"""GET on a collection: ids and links, filtered by the q language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .account import Account
from .conditions import matcher
from .suiteql import page_links


def list_records(
    account: Account,
    type_: str,
    query: Mapping[str, str],
    limit: int,
    offset: int,
    href: Callable[[str], str],
) -> dict[str, Any]:
    """One page of ids; everything else needs a GET per record."""
    records = account.records[type_].values()
    if text := query.get("q", ""):
        fits = matcher(account, type_, text)
        records = [record for record in records if fits(record)]  # type: ignore[assignment]
    found = sorted(records, key=lambda record: int(record.id))
    items = [
        {"links": [{"rel": "self", "href": href(f"{type_}/{record.id}")}], "id": record.id}
        for record in found[offset : offset + limit]
    ]
    return {
        "links": page_links(href(type_), limit, offset, len(found)),
        "items": items,
        "count": len(items),
        "offset": offset,
        "hasMore": offset + limit < len(found),
        "totalResults": len(found),
    }
