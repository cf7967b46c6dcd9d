"""Which handler answers which request."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote

from sandbox.acton import bulk, columns, consent, contacts, events, imports, listed, reports, segments
from sandbox.acton.call import Call

Handler = Callable[[Call], Any]


def match(method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
    """The handler and the names in the path; literal parts come first in the table."""
    parts = path.rstrip("/").split("/")[1:]
    for wanted, handler in _BY_SHAPE.get((method, len(parts)), ()):
        at = _bound(wanted, parts)
        if at is not None:
            return handler, at
    return None


def allowed(path: str) -> bool:
    """Whether the path is known with another method."""
    return any(match(method, path) for method in ("GET", "POST", "PUT", "DELETE"))


def _bound(wanted: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    at = {}
    for one, given in zip(wanted, parts, strict=True):
        if one[0] == "{" and given:
            at[one[1:-1]] = unquote(given)
        elif one != given:
            return None
    return at


def _by_shape(routes: dict[str, Handler]) -> dict[tuple[str, int], list[tuple[tuple[str, ...], Handler]]]:
    shapes: dict[tuple[str, int], list[tuple[tuple[str, ...], Handler]]] = {}
    for endpoint, handler in routes.items():
        method, path = endpoint.split(" ")
        parts = tuple(path.replace("{ucl}", "ucl/v2/{account}").split("/")[1:])
        shapes.setdefault((method, len(parts)), []).append((parts, handler))
    return shapes


ROUTES: dict[str, Handler] = {
    "GET /{ucl}/schema": columns.browse,
    "POST /{ucl}/schema/field": columns.create,
    "PUT /{ucl}/schema/field/{id}": columns.update,
    "DELETE /{ucl}/schema/field/{id}": columns.delete,
    "GET /{ucl}/contact": contacts.browse,
    "POST /{ucl}/contact": contacts.create,
    "POST /{ucl}/contact/byFields": contacts.by_fields,
    "DELETE /{ucl}/contact/emails": contacts.delete_emails,
    "DELETE /{ucl}/contact/ids": contacts.delete_ids,
    "GET /{ucl}/contact/email/{email}": contacts.read_email,
    "PUT /{ucl}/contact/email/{email}": contacts.put_email,
    "DELETE /{ucl}/contact/email/{email}": contacts.delete_email,
    "GET /{ucl}/contact/externalId/{objectType}/{externalId}": contacts.read_external,
    "PUT /{ucl}/contact/externalId/{objectType}/{externalId}": contacts.put_external,
    "DELETE /{ucl}/contact/externalId/{objectType}/{externalId}": contacts.delete_external,
    "GET /{ucl}/contact/id/{id}": contacts.read_id,
    "PUT /{ucl}/contact/id/{id}": contacts.put_id,
    "GET /{ucl}/contactReport/id/{id}/{what}": partial(reports.read, by="id"),
    "GET /{ucl}/contactReport/email/{id}/{what}": partial(reports.read, by="email"),
    "GET /{ucl}/segment": segments.browse,
    "POST /{ucl}/segment": segments.create,
    "GET /{ucl}/segment/{id}": segments.read,
    "PUT /{ucl}/segment/{id}": segments.update,
    "DELETE /{ucl}/segment/{id}": segments.delete,
    "GET /{ucl}/segment/{id}/contacts": segments.contacts,
    "PUT /{ucl}/segment/{id}/contacts": segments.put,
    "DELETE /{ucl}/segment/{id}/contacts": segments.take,
    "POST /{ucl}/import/definition": imports.define,
    "POST /{ucl}/import/contacts/{definition}": imports.start,
    "GET /{ucl}/import/status/{id}": imports.status,
    "GET /api/1/list": listed.browse,
    "POST /api/1/list": bulk.create,
    "GET /api/1/list/optout": partial(consent.browse, store="opt_outs"),
    "PUT /api/1/list/optout": consent.opt_out,
    "PUT /api/1/list/optin": consent.opt_in,
    "GET /api/1/list/hardbounce": partial(consent.browse, store="bounces"),
    "GET /api/1/list/spamcomplaint": partial(consent.browse, store="complaints"),
    "GET /api/1/list/lookup": listed.look_up_anywhere,
    "GET /api/1/list/rejectedUploadRecords": bulk.rejected,
    "GET /api/1/list/lookup/{list}": listed.look_up,
    "GET /api/1/list/{job}/status": bulk.status,
    "GET /api/1/list/{list}": listed.download,
    "PUT /api/1/list/{list}": bulk.merge,
    "DELETE /api/1/list/{list}": listed.delete_list,
    "POST /api/1/list/{list}/record": listed.insert,
    "PUT /api/1/list/{list}/record": listed.upsert,
    "DELETE /api/1/list/{list}/record": listed.delete_several,
    "GET /api/1/list/{list}/record/{record}": listed.read,
    "PUT /api/1/list/{list}/record/{record}": listed.update,
    "DELETE /api/1/list/{list}/record/{record}": listed.delete,
    "GET /api/1/list/{list}/record/{record}/facts": listed.facts,
    "GET /api/1/subscription/category": consent.categories,
    "GET /api/1/subscription/optout": consent.left,
    "PUT /api/1/subscription/optout": consent.leave,
    "PUT /api/1/subscription/setcategories": consent.set_all,
    "POST /api/1/customevents/fact": events.one,
    "POST /api/1/customevents": events.many,
    "GET /api/1/customevents/{job}/status": bulk.status,
}
_BY_SHAPE = _by_shape(ROUTES)
