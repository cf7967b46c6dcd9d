"""A small HTTP system on loopback, as strict as a real one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

STAMP = "2026-03-01T12:00:00Z"


class ToyServer:
    """Things by id, newest first; a bearer key, idempotency keys, pages of at most three."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.keys: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self.made = 0
        self.app = Starlette(
            routes=[
                Route("/things", self.list, methods=["GET"]),
                Route("/things", self.create, methods=["POST"]),
                Route("/things/{id:path}", self.read, methods=["GET"]),
                Route("/things/{id:path}", self.update, methods=["POST"]),
                Route("/things/{id:path}", self.delete, methods=["DELETE"]),
                Route("/search", self.search, methods=["GET"]),
                Route("/deleted", self.list_deleted, methods=["GET"]),
            ]
        )

    def seed(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self.things[row["id"]] = {"updated": STAMP, **row}

    async def list(self, request: Request) -> JSONResponse:
        if refusal := self._refusal(request, {"limit", "after", "since", "email"}):
            return refusal
        query = request.query_params
        rows = [self.things[id] for id in sorted(self.things)]
        rows = [row for row in rows if row["updated"] >= query.get("since", "")]
        rows = [row for row in rows if row["id"] > query.get("after", "")]
        if "email" in query:
            rows = [row for row in rows if row.get("email") == query["email"]]
        size = min(int(query.get("limit", "3")), 3)
        return JSONResponse({"items": rows[:size], "has_more": len(rows) > size})

    async def search(self, request: Request) -> JSONResponse:
        if refusal := self._refusal(request, {"key", "value"}):
            return refusal
        key, value = request.query_params["key"], request.query_params["value"]
        rows = [row for row in self.things.values() if row.get("metadata", {}).get(key) == value]
        return JSONResponse({"items": rows})

    async def list_deleted(self, request: Request) -> JSONResponse:
        if refusal := self._refusal(request, {"since"}):
            return refusal
        return JSONResponse({"items": [{"id": id} for id in self.deleted]})

    async def create(self, request: Request) -> JSONResponse:
        if refusal := self._refusal(request):
            return refusal
        key, body = request.headers.get("idempotency-key", ""), await request.body()
        if key in self.keys:
            sent, answer = self.keys[key]
            return JSONResponse(answer) if sent == body else _error(400, "key_reused", "other parameters")
        row = await request.json()
        if any(one.get("name") == row.get("name") for one in self.things.values()):
            return _error(400, "exists", "a thing of this name already exists")
        self.made += 1
        made = {"id": f"thing_{self.made}", "updated": STAMP, **row}
        self.things[made["id"]] = made
        if key:
            self.keys[key] = (body, made)
        return JSONResponse(made, 201)

    async def read(self, request: Request) -> JSONResponse:
        id = request.path_params["id"]
        if refusal := self._refusal(request):
            return refusal
        if id in self.deleted:
            return JSONResponse({"id": id, "deleted": True})
        return JSONResponse(self.things[id]) if id in self.things else _missing()

    async def update(self, request: Request) -> JSONResponse:
        id = request.path_params["id"]
        if refusal := self._refusal(request):
            return refusal
        if id not in self.things:
            return _missing()
        self.things[id].update(await request.json())
        return JSONResponse(self.things[id])

    async def delete(self, request: Request) -> JSONResponse:
        id = request.path_params["id"]
        if refusal := self._refusal(request):
            return refusal
        if self.things.pop(id, None) is None:
            return _missing()
        self.deleted.append(id)
        return JSONResponse({"id": id, "deleted": True})

    def _refusal(self, request: Request, allowed: set[str] | None = None) -> JSONResponse | None:
        if request.headers.get("authorization") != "Bearer toy-key":
            return _error(401, "key", "no such key")
        if request.headers.get("toy-version") != "1":
            return _error(400, "version", "no version header")
        unknown = set(request.query_params) - (allowed or set())
        return _error(400, "parameter", f"unknown parameter {unknown}") if unknown else None


@contextmanager
def serving(server: ToyServer) -> Iterator[str]:
    """The server's address while it listens on a port of loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(server.app, log_level="critical", lifespan="off", ws="none")
    uvicorn_server = uvicorn.Server(config)
    thread = threading.Thread(target=uvicorn_server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        uvicorn_server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status)


def _missing() -> JSONResponse:
    return _error(404, "missing", "no such thing")
