"""What a reply tells: rows, ids, the server's time; and which request a question takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.connectors.columns import lower_names
from engine.connectors.encoding import scalar_text
from engine.connectors.errors import scope_headers, server_time
from engine.connectors.exchange import Answer
from engine.connectors.since import iso_time
from engine.model.errors import ConfigError, Rejected, Unreachable
from engine.model.finding import Finding
from engine.model.values import ABSENT, is_blank
from engine.spec.system import ObjectSpec, RequestSpec


def access_path(obj: ObjectSpec, field: str) -> RequestSpec:
    """The request that finds by a field: its own, its map's, or the one for any field of the catalogue."""
    found = obj.find.get(field) or obj.find.get(f"{field.split('.', 1)[0]}.*")
    if found is None and field in obj.fields:
        found = obj.find.get("*")
    return declared(found, obj, f"find.{field}")


def declared(request: RequestSpec | None, obj: ObjectSpec, what: str) -> RequestSpec:
    if request is None:
        raise ConfigError([Finding("no-such-operation", f"{obj.name} declares no '{what}'", obj.place)])
    return request


def rows_of(obj: ObjectSpec, request: RequestSpec, body: Any) -> list[dict[str, Any]]:
    found = request.items(body) if request.items is not None else body
    if not isinstance(found, list):
        raise Unreachable(f"{obj.name}: the answer holds no list of records", line="answer")
    rows = [row if isinstance(row, dict) else {obj.id: row} for row in found]
    return [lower_names(row) for row in rows] if request.rows == "columns" else rows


def record_of(request: RequestSpec, body: Any) -> Any:
    """The one record in a reply: the reply itself, or what `items` points at in it (the first of a list)."""
    if request.items is None or body is None:
        return body
    found = request.items(body)
    found = next(iter(found), None) if isinstance(found, list) else found
    return None if found is ABSENT else found


def id_of(obj: ObjectSpec, row: Mapping[str, Any], request: RequestSpec) -> Any:
    for name in (request.key, "id", obj.id, obj.id.lower()):
        if name and not is_blank(row.get(name)):
            return row[name]
    raise Unreachable(f"{obj.name}: a deleted record has no id", line="answer")


def check_same_record(obj: ObjectSpec, id: str, body: Mapping[str, Any]) -> None:
    found = body.get(obj.id)
    if isinstance(found, str | int) and str(found) != id:
        raise Rejected(f"{obj.name}: the system answered for another record than the one asked for", line="answer")


def new_id_of(obj: ObjectSpec, request: RequestSpec, answer: Answer) -> str:
    if request.new_id is not None:
        found = request.new_id(reply_scope(answer))
    else:
        body = record_of(request, answer.body)
        found = body.get(obj.id, body.get("id")) if isinstance(body, dict) else body
    if is_blank(found) or isinstance(found, dict | list | bool):
        if request.returns == "nothing":
            return ""
        raise Unreachable(
            f"{obj.name}.create: the answer does not tell the new id", status=answer.status, line="answer"
        )
    return scalar_text(found)


def reply_scope(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "headers": scope_headers(answer.headers), "body": answer.body}


def server_time_of(answer: Answer) -> str:
    try:
        return iso_time(server_time(answer.headers["date"]))
    except (KeyError, ValueError):
        return ""
