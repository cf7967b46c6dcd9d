"""Responses as the vendor shapes them."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from .refusal import Refusal

SINGULAR = "application/vnd.oracle.resource+json; type=singular"
COLLECTION = "application/vnd.oracle.resource+json; type=collection"
ERROR = "application/vnd.oracle.resource+json; type=error"


def json_response(
    body: Any, media_type: str = SINGULAR, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type)


def no_content(location: str | None = None, warnings: list[str] | None = None) -> Response:
    headers = {} if location is None else {"location": location}
    if warnings:
        names = ", ".join(warnings)
        headers["x-netsuite-warnings"] = f"Unknown properties were ignored: {names}"
    return Response(status_code=204, headers=headers)


def refusal_response(refusal: Refusal) -> Response:
    return json_response(refusal.body(), ERROR, refusal.status, refusal.headers)
