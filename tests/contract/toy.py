"""A small system with every kind of request, described as the compiler would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.model.secret import Secret
from engine.model.values import ABSENT
from engine.spec.environment import ConnectionSpec
from engine.spec.system import (
    ChangesSpec,
    DeletionsSpec,
    ErrorLine,
    FieldSpec,
    Limits,
    ObjectSpec,
    PagingSpec,
    RequestSpec,
    SystemSpec,
)

Render = Callable[[Mapping[str, Any]], Any]


class HandClock:
    """A clock that moves only when told to, or slept on."""

    def __init__(self, at: str = "2026-03-01T12:00:00Z") -> None:
        self.at = datetime.fromisoformat(at)
        self.ticks = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.ticks += seconds
        self.at += timedelta(seconds=seconds)


def text(template: str) -> Render:
    """`{name}` and `{name.member}` of a scope; absent when one is not there."""

    def render(scope: Mapping[str, Any]) -> Any:
        result = template
        for name in _names(template):
            value: Any = scope
            for step in name.split("."):
                value = value.get(step, ABSENT) if isinstance(value, Mapping) else ABSENT
            if value is ABSENT or value is None:
                return ABSENT
            result = result.replace(f"{{{name}}}", str(value))
        return result

    return render


def name(path: str) -> Render:
    """The value itself."""

    def render(scope: Mapping[str, Any]) -> Any:
        value: Any = scope
        for step in path.split("."):
            value = value.get(step, ABSENT) if isinstance(value, Mapping) else ABSENT
        return value

    return render


def request(line: str, **more: Any) -> RequestSpec:
    """A request from its line; query values may be texts."""
    method, _, path = line.partition(" ")
    query = {key: text(one) if isinstance(one, str) else one for key, one in more.pop("query", {}).items()}
    return RequestSpec(method, text(path), query=query, written=line, **more)


AFTER_LAST = PagingSpec("after_last", param="after", more=name("has_more"), size_param="limit", size=3)
KEYSET = PagingSpec("keyset", more=name("has_more"), size_param="limit", size=3)
OFFSET = PagingSpec("offset", param="offset", more=name("has_more"), size_param="limit", size=3)

FIELDS = {
    "id": FieldSpec("id", writable=False),
    "name": FieldSpec("name"),
    "email": FieldSpec("email", type="email"),
    "metadata": FieldSpec("metadata", type="map"),
    "updated": FieldSpec("updated", type="datetime", writable=False),
}

THING = ObjectSpec(
    name="toy.thing",
    title="Thing",
    id="id",
    fields=FIELDS,
    collection="",
    changes=ChangesSpec("field", field="updated"),
    deletions=DeletionsSpec("request", list=request("GET /deleted", query={"since": "{since}"}, items=name("items"))),
    list=request("GET /things", query={"since": "{since}"}, items=name("items"), paging=AFTER_LAST),
    read=request("GET /things/{id}", missing_when=name("body.deleted")),
    create=request("POST /things", effect="keyed"),
    update=request("POST /things/{id}", effect="repeatable"),
    delete=request("DELETE /things/{id}", effect="repeatable"),
    find={
        "email": request("GET /things", query={"email": "{value}"}, items=name("items"), paging=AFTER_LAST),
        "metadata.*": request("GET /search", query={"key": "{field}", "value": "{value}"}, items=name("items")),
    },
)

ERRORS = (
    ErrorLine("throttled", "throttle", status=(429,)),
    ErrorLine("server", "retry", status=(500, 502, 503, 504)),
    ErrorLine("key", "unauthorised", status=(401, 403), say="The key was refused."),
    ErrorLine("missing", "missing", code="missing"),
    ErrorLine("exists", "duplicate", text="already exists"),
    ErrorLine("locked", "conflict", status=(409,)),
    ErrorLine("licence", "stop", status=(402,), say="Not licensed.", do="Buy it."),
    ErrorLine("refused", "refused", status=(400, 404)),
)

SETTINGS: dict[str, Any] = {"api_key": Secret("toy-key", "api_key"), "account": "a/1"}


def system(**changes: Any) -> SystemSpec:
    """The toy system, some of it changed."""
    described: dict[str, Any] = {
        "name": "toy",
        "title": "Toy",
        "connector": "http",
        "auth": {"kind": "bearer", "token": "api_key"},
        "headers": {"Toy-Version": lambda _scope: "1"},
        "limits": Limits(),
        "idempotency_header": "Idempotency-Key",
        "error_code": name("error.code"),
        "error_message": name("error.message"),
        "errors": ERRORS,
        "objects": {"toy.thing": THING},
    }
    return SystemSpec(**(described | changes))


def connection(base_url: str, spec: SystemSpec | None = None, **changes: Any) -> ConnectionSpec:
    """A connection to the toy system on this machine."""
    described: dict[str, Any] = {"settings": SETTINGS, "base_url": base_url, "allow_private": True}
    return ConnectionSpec("toy_main", spec or system(), **(described | changes))


def _names(template: str) -> list[str]:
    return [piece.split("}", 1)[0] for piece in template.split("{")[1:]]
