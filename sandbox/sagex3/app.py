"""The HTTP side: login, licence, class and facet, and the shapes of answers."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from sandbox.sagex3 import reading, refusals
from sandbox.sagex3.access import Access
from sandbox.sagex3.classes import CLASSES, Class
from sandbox.sagex3.folder import Folder
from sandbox.sagex3.refusals import LoginPage, Refusal, TokenRefusal, diagnosis
from sandbox.standin import Receive, Scope, Send

logger = logging.getLogger(__name__)

_PATH = re.compile(
    r"/(?P<root>api1|sdata)/x3/erp/(?P<endpoint>[^/]+)/(?P<class>[A-Za-z0-9_]+)"
    r"(?:\('(?P<key>[^/]*)'\)|/(?P<special>\$prototypes|\$template)(?:\('(?P<facet>[^/]*)'\))?)?\Z"
)
ENDPOINTS = "/api1/syracuse/collaboration/syracuse/endPoints"
GRANTS = "/v1/token"
FACETS = {"GET": ("$query", "$details", "$summary", "$lookup"), "POST": ("$create",), "PUT": ("$edit",)}
JSON = b"application/json; charset=utf-8"
LOGIN_FORM = b"<!DOCTYPE html><html><head><title>Sage X3 login</title></head><body><form></form></body></html>"
_encode = msgspec.json.Encoder().encode
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class SageX3App:
    """An ASGI app over whatever folder is current."""

    def __init__(self, folder: Callable[[], Folder], access: Access) -> None:
        self._folder = folder
        self._access = access
        self._busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        folder = self._folder()
        body = await _read(receive)
        self._busy += 1
        try:
            if folder.options.work_ms:
                await asyncio.sleep(folder.options.work_ms / 1000)
            status, headers, content = self._safely(folder, scope, body)
        finally:
            self._busy -= 1
        headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _safely(self, folder: Folder, scope: Scope, body: bytes) -> Answer:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            content = _encode(self._answer(folder, scope, headers, body))
            self._access.count_volume(len(content))
            return 200, [(b"content-type", JSON)], content
        except Refusal as refusal:
            sent = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
            return refusal.status, [(b"content-type", JSON), *sent], _encode(refusal.body())
        except TokenRefusal as refusal:
            return refusal.status, [(b"content-type", JSON)], _encode({"error": refusal.error})
        except LoginPage as page:
            return _login_page(page)
        except Exception:  # the stand-in's own fault must look like the vendor's, and be seen in the log
            logger.exception("stand-in failed")
            return 500, [(b"content-type", JSON)], _encode({"$diagnoses": [diagnosis("error", "internal error")]})

    def _answer(self, folder: Folder, scope: Scope, headers: dict[str, str], body: bytes) -> Any:
        raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        if raw == GRANTS and scope["method"] == "POST":
            return self._access.token(body, headers.get("content-type", ""))
        self._access.admit(headers.get("authorization", ""))
        self._access.check_volume()
        if folder.options.processes and self._busy > folder.options.processes:
            raise Refusal(500, "No web services accepted: no child process is free")
        if raw == ENDPOINTS:
            return _endpoints(folder)
        at = _PATH.match(unquote(raw))
        if at is None or at["endpoint"] not in folder.options.endpoints:
            raise Refusal(404, "there is no such resource")
        if at["root"] == "sdata":
            self._access.take_badge()
        if "json" not in headers.get("accept", "*/*") and "*/*" not in headers.get("accept", "*/*"):
            raise Refusal(406, "only application/json is given")
        query = _query(scope["query_string"])
        url = f"{scope['scheme']}://{headers.get('host', '')}{raw}"
        return _routed(folder, scope["method"], at, query, url)


def _routed(folder: Folder, method: str, at: re.Match[str], query: list[tuple[str, str]], url: str) -> Any:
    class_ = CLASSES.get(at["class"])
    if class_ is None or class_.name in folder.options.closed:
        raise Refusal(404, f"unknown class: {at['class']}")
    if at["special"] == "$prototypes" and method == "GET":
        return reading.prototype(folder, class_, _facet(class_, at["facet"] or "", "GET"))
    given = dict(query)
    facet = _facet(class_, given.get("representation", ""), method)
    if at["special"] == "$template" or method != "GET":
        raise refusals.no_facet(class_.name, facet)
    if (facet in ("$query", "$lookup")) != (at["key"] is None):
        raise Refusal(400, f"{facet} does not fit this address: a record has a key, a list has none")
    if at["key"] is None:
        return reading.query(folder, class_, url, query)
    return reading.details(folder, class_, _key(class_, at["key"]))


def _facet(class_: Class, representation: str, method: str) -> str:
    """BPCUSTOMER.$query -> $query; what standard classes cannot do over REST is refused here."""
    name, _, facet = representation.partition(".")
    if not representation:
        raise Refusal(400, "representation is missing")
    if name != class_.name:
        raise Refusal(404, f"unknown representation: {name}")
    if method == "DELETE":
        raise refusals.no_facet(class_.name, facet)
    if method not in FACETS or facet not in {one for known in FACETS.values() for one in known}:
        raise Refusal(400, f"unknown facet: {facet}")
    if facet not in FACETS["GET"]:
        raise refusals.no_facet(class_.name, facet)
    return facet


def _key(class_: Class, text: str) -> str:
    """Two quotes are one; a composite key names all its values."""
    if text.count("~") != len(class_.key) - 1:
        raise Refusal(400, f"{class_.name}: the key has {len(class_.key)} value(s), joined by ~")
    return text.replace("''", "'")


def _query(text: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal(400, "the query is not in UTF-8") from None
    if len(dict(pairs)) != len(pairs):
        raise Refusal(400, "a parameter stands twice")
    return pairs


def _endpoints(folder: Folder) -> dict[str, Any]:
    rows = [{"dataset": one, "description": f"Folder {one}"} for one in folder.options.endpoints]
    return {"$descriptor": "Endpoints", "$itemsPerPage": len(rows), "$resources": rows}


def _login_page(page: LoginPage) -> Answer:
    html = (b"content-type", b"text/html; charset=utf-8")
    if page.redirect:
        return 302, [html, (b"location", b"/auth/login/page")], LOGIN_FORM
    return 401, [html, (b"www-authenticate", b'Basic realm="Syracuse"')], LOGIN_FORM


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        body += bytes(message.get("body", b""))
    return body
