"""Segments of the contact store; only those that are filled by hand take and give contacts."""

from __future__ import annotations

from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import Account, Segment
from sandbox.acton.call import Call
from sandbox.acton.contacts import rendered

DIRECT, QUERY = "DIRECT_SELECT", "QUERY"


def browse(call: Call) -> Any:
    return {"segments": [_shown(one) for one in call.account.segments.values()]}


def create(call: Call) -> Any:
    given = call.members()
    name, kind = given.get("name"), given.get("type", DIRECT)
    if not name or not isinstance(name, str) or kind not in (DIRECT, QUERY) or given.keys() - {"name", "type"}:
        raise refusals.bad()
    if any(one.name.casefold() == name.casefold() for one in call.account.segments.values()):
        raise refusals.bare(409)
    return _shown(add(call.account, name, direct=kind == DIRECT))


def read(call: Call) -> Any:
    return _shown(_segment(call))


def update(call: Call) -> Any:
    segment, given = _segment(call), call.members()
    if not given.get("name") or not isinstance(given["name"], str) or given.keys() - {"name"}:
        raise refusals.bad()
    segment.name = given["name"]
    return _shown(segment)


def delete(call: Call) -> Any:
    del call.account.segments[_segment(call).id]
    return {}


def contacts(call: Call) -> Any:
    held = call.account.contacts
    return {"contacts": [rendered(held[id]) for id in _segment(call).contacts if id in held]}


def put(call: Call) -> Any:
    """Add contacts, each once."""
    segment, ids = _writable(call), call.texts()
    if any(id not in call.account.contacts for id in ids):
        raise refusals.bare(404)
    segment.contacts += [id for id in dict.fromkeys(ids) if id not in segment.contacts]
    return {}


def take(call: Call) -> Any:
    """Take contacts out; those that are not in it are passed over."""
    segment, ids = _writable(call), call.texts()
    segment.contacts = [id for id in segment.contacts if id not in ids]
    return {}


def add(account: Account, name: str, *, direct: bool = True, id: int = 0) -> Segment:
    segment = Segment(id or max(account.segments, default=100) + 1, name, direct)
    account.segments[segment.id] = segment
    return segment


def _writable(call: Call) -> Segment:
    segment = _segment(call)
    if not segment.direct:
        raise refusals.bad()
    return segment


def _segment(call: Call) -> Segment:
    id = call.at["id"]
    segment = call.account.segments.get(int(id)) if id.isdigit() else None
    if segment is None:
        raise refusals.bare(404)
    return segment


def _shown(segment: Segment) -> dict[str, Any]:
    kind = DIRECT if segment.direct else QUERY
    return {"id": segment.id, "name": segment.name, "type": kind, "contactCount": len(segment.contacts)}
