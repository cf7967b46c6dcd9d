"""The invented sixth system: a small strict server of a hotel's guests, on loopback."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

USER, PASSWORD = "night-porter", "s3cret-of-the-house"
MEMBERS = {"ref", "full_name", "mail", "tel", "address", "newsletter"}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Fault(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, id: str, text: str) -> None:
        super().__init__(id)
        self.status, self.id, self.text = status, id, text


class FrontDesk:
    """The guests, by number; every request is noted."""

    def __init__(self) -> None:
        self.guests: dict[int, dict[str, Any]] = {}
        self.removed: list[int] = []
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.time = 0
        self.lock = threading.Lock()

    def put(self, **values: Any) -> int:
        """Somebody at the desk writes a guest down."""
        with self.lock:
            return int(self._put(None, values)["no"])

    def edit(self, no: int, **values: Any) -> None:
        """Somebody at the desk changes a guest."""
        with self.lock:
            self._put(no, values)

    def remove(self, no: int) -> None:
        with self.lock:
            del self.guests[no]
            self.removed.append(no)

    def writes(self) -> list[str]:
        """Requests that change something, since they were last forgotten."""
        found = [one for one in self.requests if not one.startswith("GET ")]
        self.requests.clear()
        return found

    # -- the API

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """Status and body of one request."""
        with self.lock:
            self.requests.append(f"{method} {path}")
            if self.faults:
                raise self.faults.pop(0)
            for (verb, pattern), do in ROUTES.items():
                found = re.fullmatch(pattern, path)
                if verb == method and found:
                    return do(self, [unquote(one) for one in found.groups()], query, body)
            raise Fault(404, "NO_SUCH_PATH", "there is no such path")

    def list(self, _path: list[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
        known(query, {"page", "per_page", "updated_since", "mail"})
        rows = sorted(self.guests.values(), key=lambda one: one["no"])
        since = query.get("updated_since", "")
        rows = [one for one in rows if one["updated"] >= since]
        if "mail" in query:
            rows = [one for one in rows if (one["mail"] or "").strip().lower() == query["mail"].strip().lower()]
        return 200, paged("guests", [{"guest": one} for one in rows], query)

    def list_removed(self, _path: list[str], query: dict[str, str], _body: Any) -> tuple[int, Any]:
        known(query, {"page", "per_page", "since"})
        return 200, paged("removed", [{"no": one} for one in self.removed], query)

    def read(self, path: list[str], _query: dict[str, str], _body: Any) -> tuple[int, Any]:
        return 200, {"guest": self._guest(path[0])}

    def put_ref(self, path: list[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
        guest = checked(body)
        if guest.get("ref") != path[0]:
            raise Fault(422, "REF_DIFFERS", "the reference in the path is another one")
        if not guest.get("full_name"):
            raise Fault(422, "NO_NAME", "a guest needs a name")
        held = next((no for no, one in self.guests.items() if one["ref"] == path[0]), None)
        return 200 if held else 201, {"guest": self._put(held, guest)}

    def patch(self, path: list[str], _query: dict[str, str], body: Any) -> tuple[int, Any]:
        return 200, {"guest": self._put(self._guest(path[0])["no"], checked(body))}

    def _guest(self, no: str) -> dict[str, Any]:
        if not no.isdigit() or int(no) not in self.guests:
            raise Fault(404, "NO_SUCH_GUEST", f"no guest {no}")
        return self.guests[int(no)]

    def _put(self, no: int | None, values: dict[str, Any]) -> dict[str, Any]:
        self.time = max(self.time, int(time.time()))
        no = no or max([0, *self.guests, *self.removed]) + 1
        blank = {"no": no, "ref": None, "full_name": "", "mail": None, "tel": None, "address": None, "newsletter": "N"}
        guest = {**blank, **self.guests.get(no, {}), **values, "no": no, "updated": stamp(self.time)}
        if isinstance(guest["address"], dict):
            guest["address"] = {"city": (guest["address"].get("city") or "").upper()}  # the desk writes cities large
        self.guests[no] = guest
        return guest


def stamp(seconds: int) -> str:
    """The desk's own spelling of a time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def paged(name: str, rows: list[Any], query: dict[str, str]) -> dict[str, Any]:
    """One page of at most two rows, as the house has it."""
    page, size = int(query.get("page", "1")), int(query.get("per_page", "2"))
    if page < 1 or not 1 <= size <= 2:
        raise Fault(400, "BAD_PAGE", "pages hold one or two guests")
    start = (page - 1) * size
    return {name: rows[start : start + size], "page": {"number": page, "more": start + size < len(rows)}}


def known(query: dict[str, str], names: set[str]) -> None:
    if set(query) - names:
        raise Fault(400, "UNKNOWN_PARAMETER", "a parameter is not known")


def checked(body: Any) -> dict[str, Any]:
    """The guest in a body, with members of the right kinds alone."""
    if not isinstance(body, dict) or set(body) != {"guest"} or not isinstance(body["guest"], dict):
        raise Fault(400, "NO_GUEST", "the body must be a guest")
    guest: dict[str, Any] = body["guest"]
    if set(guest) - MEMBERS:
        raise Fault(422, "UNKNOWN_MEMBER", "a member is not known")
    if guest.get("mail") is not None and not EMAIL.fullmatch(guest["mail"]):
        raise Fault(422, "BAD_EMAIL", "this is no email address")
    if guest.get("newsletter", "N") not in ("Y", "N"):
        raise Fault(422, "BAD_FLAG", "Y or N")
    return guest


ROUTES = {
    ("GET", "/api/guests"): FrontDesk.list,
    ("GET", "/api/removed"): FrontDesk.list_removed,
    ("GET", "/api/guests/([^/]+)"): FrontDesk.read,
    ("PUT", "/api/guests/ref/([^/]+)"): FrontDesk.put_ref,
    ("PATCH", "/api/guests/([^/]+)"): FrontDesk.patch,
}


class _Handler(BaseHTTPRequestHandler):
    """Basic login, JSON in and out."""

    protocol_version = "HTTP/1.1"
    desk: FrontDesk

    def _serve(self) -> None:
        place = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(size)
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        try:
            if self.headers.get("Authorization") != f"Basic {expected}":
                raise Fault(401, "WHO_ARE_YOU", "no such user")
            query = {name: values[-1] for name, values in parse_qs(place.query, keep_blank_values=True).items()}
            status, body = self.desk.answer(self.command, place.path, query, json.loads(text) if text else None)
        except Fault as fault:
            status, body = fault.status, {"fault": {"id": fault.id, "text": fault.text}}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_PATCH = do_POST = do_DELETE = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are noted by the desk."""


@contextmanager
def open_desk() -> Iterator[tuple[FrontDesk, str]]:
    """A front desk and its address."""
    desk = FrontDesk()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"desk": desk}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield desk, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
