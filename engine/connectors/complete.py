"""Records as the catalogue describes them: with their parts, custom fields under labels. Writes are taken apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.connectors.encoding import scalar_text
from engine.connectors.labels import Labels
from engine.connectors.trees import folded
from engine.functions.paths import take
from engine.model.errors import ConnectorError, Unreachable
from engine.model.finding import Finding
from engine.model.protocols import NO_SCOPE, Connector, RawPage, Written
from engine.model.values import is_blank
from engine.spec.system import FieldSpec, ObjectSpec, RequestSpec, part_name

Scope = Mapping[str, Any]
Tree = dict[str, Any]


def completed(connector: Connector, objects: Mapping[str, ObjectSpec], used: Mapping[str, frozenset[str]]) -> Connector:
    """The connector itself where its records are whole already. `used`: object -> fields that flows use."""
    parts = {
        name: frozenset(obj.fields[field].part for field in used.get(name, ()) if obj.fields[field].part)
        for name, obj in objects.items()
    }
    labelled = any(obj.custom_fields.get("style") == "keyed_by_id" for obj in objects.values())
    return Complete(connector, parts) if labelled or any(parts.values()) else connector


class Complete:
    """A connector around another one that knows only single requests."""

    def __init__(self, inner: Connector, parts: Mapping[str, frozenset[str]]) -> None:
        self.connection = inner.connection
        self._inner = inner
        self._parts = parts
        self._labels = Labels(inner)
        self._listed: dict[tuple[str, str], dict[str, Any]] = {}
        self._mutex = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @property
    def requests(self) -> int:
        return self._inner.requests

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
        for page in self._inner.pages(obj, since=since, fields=fields, cursor=cursor, scope=scope):
            yield page._replace(records=[self._seen(obj, raw) for raw in page.records])

    def read(self, obj: ObjectSpec, id: str) -> Tree | None:
        raw = self._inner.read(obj, id)
        if raw is None:
            return None
        raw = self._seen(obj, raw)
        for name in sorted(self._parts.get(obj.name, ())):
            request = obj.parts[name].read
            if request is not None and not request.key:
                raw[part_name(name)] = self._inner.part(obj, name, id, _names(obj, request, raw))
        return raw

    def find(
        self, obj: ObjectSpec, field: str, value: str, fields: Sequence[str] = (), *, scope: Scope = NO_SCOPE
    ) -> list[Tree]:
        return [self._seen(obj, raw) for raw in self._inner.find(obj, field, value, fields, scope=scope)]

    def related(self, obj: ObjectSpec, params: Scope) -> list[Tree]:
        return [self._seen(obj, raw) for raw in self._inner.related(obj, params)]

    def deleted(self, obj: ObjectSpec, since: str) -> Iterator[list[str]]:
        return self._inner.deleted(obj, since)

    def part(self, obj: ObjectSpec, name: str, id: str, scope: Scope = NO_SCOPE) -> Any:
        return self._inner.part(obj, name, id, scope)

    def discover(self, obj: ObjectSpec) -> list[Tree]:
        return self._inner.discover(obj)

    def _seen(self, obj: ObjectSpec, raw: Tree) -> Tree:
        """A record as it came, with its labels and with what listings of parts say of it."""
        seen = self._labels.seen(obj, raw)
        for name in self._parts.get(obj.name, ()):
            request = obj.parts[name].read
            if request is not None and request.key:
                mark = take(seen, obj.fields[request.key].path) if request.key in obj.fields else None
                row = None if is_blank(mark) else self._listing(obj, name, request).get(_mark(mark, request))
                seen[part_name(name)] = row
        return seen

    def _listing(self, obj: ObjectSpec, name: str, request: RequestSpec) -> dict[str, Any]:
        """The parts of all records, read once."""
        with self._mutex:
            if (obj.name, name) not in self._listed:
                rows = self._inner.part(obj, name, "") or []
                marked = ((_mark(row.get(request.key), request), row) for row in rows)
                self._listed[obj.name, name] = {mark: row for mark, row in marked if mark}
            return self._listed[obj.name, name]

    # -- writing

    def create(self, obj: ObjectSpec, payload: Tree, *, key: str = "", scope: Scope = NO_SCOPE) -> Written:
        main, parts = _apart(payload)
        written = self._inner.create(obj, self._labels.sent(obj, main), key=key, scope=scope)
        try:
            self._write_parts(obj, written.id, main, parts, key, scope)
        except ConnectorError as error:
            raise _half_made(error) from None
        return self._shown(obj, written, parts)

    def update(
        self,
        obj: ObjectSpec,
        id: str,
        payload: Tree,
        *,
        key: str = "",
        replace: Sequence[FieldSpec] = (),
        scope: Scope = NO_SCOPE,
    ) -> Written:
        main, parts = _apart(payload)
        written = Written(id, None, 0)
        if main or not parts:
            main = self._labels.sent(obj, main)
            written = self._inner.update(obj, id, main, key=key, replace=replace, scope=scope)
        self._write_parts(obj, id, main, parts, key, scope)
        return self._shown(obj, written, parts)

    def update_part(
        self, obj: ObjectSpec, name: str, id: str, payload: Tree, *, key: str = "", scope: Scope = NO_SCOPE
    ) -> Written:
        return self._inner.update_part(obj, name, id, payload, key=key, scope=scope)

    def delete(self, obj: ObjectSpec, id: str, *, key: str = "") -> None:
        self._inner.delete(obj, id, key=key)

    def _write_parts(
        self, obj: ObjectSpec, id: str, main: Tree, parts: Mapping[str, Tree], key: str, scope: Scope
    ) -> None:
        """Each part by its own requests, which may name fields of the record: those that go out, else as it stands."""
        held: Tree | None = None
        for name, content in parts.items():
            part = obj.parts[name]
            requests = [one for one in (part.read, part.update, part.remove) if one is not None]
            wanted = {field for one in requests for field in one.params if field in obj.fields and field != "id"}
            names = {field: value for one in requests for field, value in _names(obj, one, main).items()}
            if wanted - names.keys():
                held = held if held is not None else self._inner.read(obj, id) or {}
                names = {f: v for one in requests for f, v in _names(obj, one, held).items()} | names
            self._inner.update_part(obj, name, id, content, key=key, scope={**scope, **names})
            self._note(obj, name, names, content)

    def _note(self, obj: ObjectSpec, name: str, names: Tree, content: Tree) -> None:
        """Keep what was listed as it stands after our write: it is not listed again for each record."""
        request = obj.parts[name].read
        mark = _mark(names.get(request.key), request) if request is not None and request.key else ""
        with self._mutex:
            listed = self._listed.get((obj.name, name))
            if listed is not None and mark:
                listed[mark] = {**listed.get(mark, {}), **content}
            elif listed is not None and request is not None and request.key:
                del self._listed[obj.name, name]  # whose it is is not known

    def _shown(self, obj: ObjectSpec, written: Written, parts: Mapping[str, Tree]) -> Written:
        """The answer as the record stands now: a system shows its parts somewhere else."""
        if not isinstance(written.body, dict):
            return written
        body = self._seen(obj, written.body)
        for name, content in parts.items():
            body[part_name(name)] = {**(body.get(part_name(name)) or {}), **content}
        return written._replace(body=body)

    # -- care

    def probe(self) -> list[Finding]:
        return self._inner.probe()

    def close(self) -> None:
        self._inner.close()


def _half_made(error: ConnectorError) -> ConnectorError:
    """The record is there: the next run finds it and goes on, so that its making must not pass for unknown."""
    text = f"the record was made, but not all of it: {error}"
    if isinstance(error, Unreachable):
        return Unreachable(text, sent=False, status=error.status, line=error.line, do=error.do)
    return type(error)(text, status=error.status, line=error.line, do=error.do)


def _apart(payload: Tree) -> tuple[Tree, dict[str, Tree]]:
    """What the record itself takes, and each part's own."""
    mark = part_name("")
    parts = {name.removeprefix(mark): value for name, value in payload.items() if name.startswith(mark)}
    return {name: value for name, value in payload.items() if not name.startswith(mark)}, parts


def _names(obj: ObjectSpec, request: RequestSpec, tree: Tree) -> Tree:
    """Fields of the record that a request of its part names, or goes by."""
    wanted = {name for name in (*request.params, request.key) if name in obj.fields and name != "id"}
    found = {name: take(tree, obj.fields[name].path) for name in wanted}
    return {name: value for name, value in found.items() if not is_blank(value)}


def _mark(value: Any, request: RequestSpec) -> str:
    """What a listed part and its record have in common, as loosely as the request says."""
    return "" if is_blank(value) or isinstance(value, dict | list) else folded(scalar_text(value), request.equality)
