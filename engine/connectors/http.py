"""The HTTP connector: every declared request of a system, sent and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.connectors import hosts
from engine.connectors.answers import (
    access_path,
    check_same_record,
    declared,
    id_of,
    new_id_of,
    record_of,
    reply_scope,
    rows_of,
    server_time_of,
)
from engine.connectors.assemble import Call, body_of, headers_of, path_of, query_of, replaced, with_query
from engine.connectors.columns import column_of, columns_of, lower_names
from engine.connectors.encoding import scalar_text
from engine.connectors.errors import truth
from engine.connectors.exchange import Answer, Exchange
from engine.connectors.paging import NO_PAGING, Watch, next_cursor, page_params
from engine.connectors.parts import needs_part, part_of, removals, sendings
from engine.connectors.probe import probe
from engine.connectors.since import START, format_time
from engine.connectors.whole import whole_of
from engine.model.errors import Missing, Unreachable
from engine.model.finding import Finding
from engine.model.protocols import NO_SCOPE, Clock, RawPage, Transport, Written
from engine.spec.environment import ConnectionSpec
from engine.spec.system import FieldSpec, ObjectSpec, RequestSpec

Scope = Mapping[str, Any]


class HttpConnector:
    """One account of a system that talks HTTP."""

    def __init__(
        self, spec: ConnectionSpec, base: Scope, exchange: Exchange, transport: Transport, clock: Clock
    ) -> None:
        self.connection = spec.name
        self._spec = spec
        self._system = spec.system
        self._base = base
        self._url = str(base["base_url"]).rstrip("/")
        self._exchange = exchange
        self._transport = transport
        self._clock = clock

    @property
    def requests(self) -> int:
        return self._exchange.requests

    # -- reading

    def pages(
        self,
        obj: ObjectSpec,
        *,
        since: str = "",
        fields: Sequence[str] = (),
        cursor: str = "",
        scope: Scope | None = None,
    ) -> Iterator[RawPage]:
        request = declared(obj.list, obj, "list")
        names = self._names(obj, request, fields) | self._since(obj, since, request) | dict(scope or {})
        return self._pages(obj, request, names, cursor, "list")

    def read(self, obj: ObjectSpec, id: str) -> dict[str, Any] | None:
        request = declared(obj.read, obj, "read")
        body = self._one(obj, request, self._names(obj, request) | {"id": id}, "read")
        body = record_of(request, body)
        if body is None:
            return None
        if isinstance(body, dict) and request.rows == "columns":
            body = lower_names(body)
        if not isinstance(body, dict):
            raise Unreachable(f"{obj.name}.read: the answer is no record", line="answer")
        check_same_record(obj, id, body)
        return body if body.get(obj.id) is not None else {**body, obj.id: id}

    def find(
        self,
        obj: ObjectSpec,
        field: str,
        value: str,
        fields: Sequence[str] = (),
        *,
        scope: Scope = NO_SCOPE,
    ) -> list[dict[str, Any]]:
        request = access_path(obj, field)
        name = field.split(".", 1)[1] if "." in field and field not in obj.fields else field
        names = self._names(obj, request, fields) | {"field": name, "value": value} | dict(scope)
        if field in obj.fields:
            names["column"] = column_of(obj.fields[field], request)
        return self._all(obj, request, names, "find")

    def related(self, obj: ObjectSpec, params: Scope) -> list[dict[str, Any]]:
        request = declared(obj.list, obj, "list")
        names = self._names(obj, request) | self._since(obj, "", request) | dict(params)
        return self._all(obj, request, names, "list")

    def deleted(self, obj: ObjectSpec, since: str) -> Iterator[list[str]]:
        request = declared(obj.deletions.list if obj.deletions else None, obj, "deletions")
        names = self._names(obj, request) | self._since(obj, since or START, request)
        for page in self._pages(obj, request, names, "", "deletions"):
            yield [scalar_text(id_of(obj, row, request)) for row in page.records]

    def part(self, obj: ObjectSpec, name: str, id: str, scope: Scope = NO_SCOPE) -> Any:
        request = declared(obj.parts[name].read, obj, f"parts.{name}.read")
        names = self._names(obj, request) | {"id": id} | dict(scope)
        if request.paging is not None:
            return self._all(obj, request, names, f"parts.{name}")
        body = self._one(obj, request, names, f"parts.{name}")
        return request.items(body) if request.items is not None and body is not None else body

    def discover(self, obj: ObjectSpec) -> list[dict[str, Any]]:
        if obj.discover is None:
            return []
        request = obj.discover.request
        body = self._call(obj, request, self._names(obj, request), "discover", safe=True).body
        found = request.items(body) if request.items is not None else body
        if obj.discover.keyed and isinstance(found, dict):
            return [{**one, obj.discover.field_id: key} for key, one in found.items() if isinstance(one, dict)]
        return [one for one in found or [] if isinstance(one, dict)]

    # -- writing

    def create(self, obj: ObjectSpec, payload: dict[str, Any], *, key: str = "", scope: Scope = NO_SCOPE) -> Written:
        request = declared(obj.create, obj, "create")
        names = self._names(obj, request) | {"record": payload} | dict(scope)
        answer = self._call(obj, request, names, "create", payload=payload, key=key)
        return Written(new_id_of(obj, request, answer), record_of(request, answer.body), answer.status)

    def update(
        self,
        obj: ObjectSpec,
        id: str,
        payload: dict[str, Any],
        *,
        key: str = "",
        replace: Sequence[FieldSpec] = (),
        scope: Scope = NO_SCOPE,
    ) -> Written:
        request = declared(obj.update, obj, "update")
        if request.send == "all":
            payload = self._whole(obj, id, payload)
        names = self._names(obj, request) | {"id": id, "record": payload} | dict(scope)
        answer = self._call(obj, request, names, "update", payload=payload, key=key, query=replaced(replace))
        shown = record_of(request, answer.body)
        if isinstance(shown, dict) and request.returns == "record":
            check_same_record(obj, id, shown)
        return Written(id, shown, answer.status)

    def _whole(self, obj: ObjectSpec, id: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Read, merge, send: the system would drop what it is not sent."""
        held = self.read(obj, id) if obj.read is not None else {}
        if held is None:
            raise Missing(f"{obj.name}: the record to change is not there", line="whole")
        return whole_of(obj).over(held, payload)

    def update_part(
        self,
        obj: ObjectSpec,
        name: str,
        id: str,
        payload: dict[str, Any],
        *,
        key: str = "",
        scope: Scope = NO_SCOPE,
    ) -> Written:
        request = declared(obj.parts[name].update, obj, f"parts.{name}.update")
        part, remove = scope.get("part"), obj.parts[name].remove
        if part is None and needs_part(obj.parts[name]):
            part = part_of(self.part(obj, name, id, scope), obj, name)
        written = Written(id, None, 0)
        for content, names in sendings(obj, name, payload, part):
            written = self.send(obj, request, content, key=key, scope={"id": id, **scope, **names})
        if remove is not None:
            for content, names in removals(obj, name, payload, part):
                written = self.send(obj, remove, content, key=key, scope={"id": id, **scope, **names})
        return written

    def send(
        self, obj: ObjectSpec, request: RequestSpec, payload: Any, *, key: str = "", scope: Scope = NO_SCOPE
    ) -> Written:
        """Send a declared request that is none of the usual ones: a part, a merge, a new custom field."""
        names = self._names(obj, request) | {"record": payload, "operation_id": key} | dict(scope)
        answer = self._call(obj, request, names, "send", payload=payload, key=key)
        return Written(str(names.get("id", "")), answer.body, answer.status)

    def delete(self, obj: ObjectSpec, id: str, *, key: str = "") -> None:
        request = declared(obj.delete, obj, "delete")
        names = self._names(obj, request) | {"id": id}
        try:
            self._call(obj, request, names, "delete", key=key, expects="nothing", safe=True)
        except Missing:
            return

    # -- care

    def probe(self) -> list[Finding]:
        return probe(self, self._spec, self._url, self._clock)

    def close(self) -> None:
        self._transport.close()

    # -- one request

    def _pages(self, obj: ObjectSpec, request: RequestSpec, names: Scope, cursor: str, label: str) -> Iterator[RawPage]:
        paging = request.paging or NO_PAGING
        watch = Watch()
        more = True
        while more:
            answer = self._page(obj, request, names, cursor, label)
            rows = rows_of(obj, request, answer.body)
            following = next_cursor(paging, cursor, rows, answer.body)
            if following and paging.kind == "next_link":
                following = hosts.follow(self._url, following)
            watch.check(cursor, rows, following)
            yield RawPage(rows, following, server_time_of(answer))
            cursor, more = following, bool(following)

    def _page(self, obj: ObjectSpec, request: RequestSpec, names: Scope, cursor: str, label: str) -> Answer:
        paging = request.paging or NO_PAGING
        if paging.kind == "next_link" and cursor:
            return self._call(obj, request, names, label, safe=True, target=hosts.origin(self._url) + cursor)
        if paging.kind == "keyset":
            names = {**names, "after": cursor or paging.start}
        params = page_params(paging, cursor)
        if paging.place == "body":
            return self._call(obj, request, names, label, safe=True, payload=params)
        return self._call(obj, request, names, label, safe=True, query=params)

    def _all(self, obj: ObjectSpec, request: RequestSpec, names: Scope, label: str) -> list[dict[str, Any]]:
        try:
            return [row for page in self._pages(obj, request, names, "", label) for row in page.records]
        except Missing:
            return []

    def _one(self, obj: ObjectSpec, request: RequestSpec, names: Scope, label: str) -> Any:
        """The body of a read, None when the system says that there is no such record."""
        try:
            answer = self._call(obj, request, names, label, safe=True)
        except Missing:
            return None
        if request.missing_when is not None and truth(request.missing_when(reply_scope(answer))):
            return None
        return answer.body

    def _call(
        self,
        obj: ObjectSpec,
        request: RequestSpec,
        names: Scope,
        label: str,
        *,
        payload: Any = None,
        key: str = "",
        query: Scope = NO_SCOPE,
        target: str = "",
        expects: str = "",
        safe: bool = False,
    ) -> Answer:
        shown = f"{obj.name}.{label}"
        body, content_type = body_of(request, self._system, names, payload)
        headers = headers_of(request, self._system, names)
        header = self._system.idempotency_header
        keyed = bool(key and header) and request.method == "POST"
        if keyed:
            headers[header] = key
        return self._exchange.send(
            Call(
                label=request.written or f"{request.method} {shown}",
                method=request.method,
                url=target or self._url + self._path(request, names, query, shown),
                headers=headers,
                body=body,
                content_type=content_type,
                repeatable=safe or request.method == "GET" or request.effect == "repeatable" or keyed,
                expects=expects or ("record" if safe else request.returns),
            )
        )

    def _path(self, request: RequestSpec, names: Scope, query: Scope, shown: str) -> str:
        return with_query(path_of(request, names, shown), {**query_of(request, names), **query})

    # -- names of a scope

    def _names(self, obj: ObjectSpec, request: RequestSpec, fields: Sequence[str] = ()) -> dict[str, Any]:
        names = {
            **self._base,
            "object": obj.short,
            "table": obj.collection or obj.short,
            "collection": obj.collection,
            "types": list(obj.changes.types),
        }
        if request.rows == "columns":
            names["columns"] = columns_of(obj, fields)
        return names

    def _since(self, obj: ObjectSpec, since: str, request: RequestSpec) -> dict[str, Any]:
        """A complete listing leaves `since` out of a query; a bound parameter of a body must have a value."""
        if since or request.body is not None:
            return {"since": format_time(since or START, obj.changes.format)}
        return {}
