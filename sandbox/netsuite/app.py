"""The HTTP surface: records, SuiteQL, metadata, tokens."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .account import Account, Record
from .answers import COLLECTION, json_response, no_content, refusal_response
from .catalogue import TYPES
from .jobs import Handler
from .listing import list_records
from .metadata import catalogue_list, openapi, record_schema
from .oauth2 import TokenRefused
from .refusal import Refusal, bad_request, bad_value, nonexistent, user_error
from .rendering import View, record_json, sub_resource
from .suiteql import page, page_links
from .writing import Manner, create, delete, find, update, upsert

if TYPE_CHECKING:
    from .standin import NetSuite

BASE_PATH = "/services/rest"
RECORDS = f"{BASE_PATH}/record/v1"
JOBS = f"{BASE_PATH}/async/v1"
NAME_VALIDATION = "x-netsuite-propertynamevalidation"
EXTERNAL_KEY = re.compile(r"eid:[A-Za-z0-9_-]+")
RECORD_PARAMETERS = {
    "GET": {"expandSubResources", "expand", "fields", "simpleEnumFormat"},
    "POST": {"replace", "replaceSelectedFields"},
    "PATCH": {"replace", "replaceSelectedFields"},
    "PUT": {"replace", "replaceSelectedFields"},
    "DELETE": set(),
}


def make_app(standin: NetSuite) -> Starlette:
    routes = Routes(standin)
    one, many = f"{RECORDS}/{{type}}/{{key}}", f"{RECORDS}/{{type}}"
    return Starlette(
        routes=[
            Route(f"{BASE_PATH}/auth/oauth2/v1/token", routes.token, methods=["POST"]),
            Route(f"{BASE_PATH}/query/v1/suiteql", routes.suiteql, methods=["POST"]),
            Route(f"{RECORDS}/metadata-catalog", routes.catalogue, methods=["GET"]),
            Route(f"{RECORDS}/metadata-catalog/{{type}}", routes.schema, methods=["GET"]),
            Route(one, routes.record, methods=["GET", "PATCH", "PUT", "DELETE"]),
            Route(many, routes.collection, methods=["GET", "POST"]),
            Route(f"{one}/{{rest:path}}", routes.sub, methods=["GET"]),
            Route(f"{JOBS}/job/{{number}}", routes.job, methods=["GET"]),
            Route(f"{JOBS}/job/{{number}}/{{rest:path}}", routes.job, methods=["GET"]),
            Route(f"{BASE_PATH}/system/v1/governanceLimits", routes.limits, methods=["GET"]),
        ],
        exception_handlers={Refusal: _refuse, HTTPException: _no_route, Exception: _broken},
    )


async def _refuse(request: Request, problem: Any) -> Response:
    return refusal_response(problem)


async def _broken(request: Request, problem: Exception) -> Response:
    """The vendor's own shrug; the traceback still goes to the log."""
    text = f"An unexpected error occurred. Error ID: {secrets.token_hex(8)}"
    return refusal_response(Refusal(500, "UNEXPECTED_ERROR", text))


async def _no_route(request: Request, problem: Any) -> Response:
    status = problem.status_code if problem.status_code in (404, 405) else 400
    return refusal_response(Refusal(status, "INVALID_REQUEST", str(problem.detail)))


class Routes:
    """One method per address."""

    def __init__(self, standin: NetSuite) -> None:
        self.standin = standin

    @property
    def account(self) -> Account:
        return self.standin.account

    async def token(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return json_response({"error": "invalid_request"}, "application/json", 400)
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        url = f"{request.scope['scheme']}://{request.headers.get('host', '')}{request.url.path}"
        try:
            token = self.standin.clients.grant(form, url)
        except TokenRefused as problem:
            self.standin.gate.audit.append({"reason": str(problem), "scheme": "token"})
            return json_response({"error": problem.error}, "application/json", 400)
        lasts: int | str = "3600" if self.account.options.expires_in_as_text else 3600
        body = {"access_token": token, "expires_in": lasts, "token_type": "Bearer"}
        return json_response(body, "application/json")

    async def suiteql(self, request: Request) -> Response:
        if "transient" not in request.headers.get("prefer", "").lower():
            text = "The required request header 'Prefer' is missing or its value is not 'transient'."
            raise Refusal(400, "INVALID_HEADER", text, header="Prefer")
        limit, offset = page(request.query_params)
        result = self.standin.query.run(await read_json(request), limit, offset)
        url = f"{self._origin(request)}{BASE_PATH}/query/v1/suiteql"
        links = page_links(url, limit, offset, result["totalResults"])
        return json_response({"links": links, **result}, COLLECTION)

    async def record(self, request: Request) -> Response:
        return await self._now_or_later(request, self.one)

    async def collection(self, request: Request) -> Response:
        return await self._now_or_later(request, self.many)

    async def _now_or_later(self, request: Request, handler: Handler) -> Response:
        if "respond-async" not in request.headers.get("prefer", "").lower():
            return await handler(request)
        return await self.standin.jobs.submit(request, handler, self._origin(request) + JOBS)

    async def job(self, request: Request) -> Response:
        parts = [part for part in request.path_params.get("rest", "").split("/") if part]
        return self.standin.jobs.show(request.path_params["number"], parts, self._origin(request) + JOBS)

    async def many(self, request: Request) -> Response:
        type_ = self._type(request)
        if request.method == "POST":
            self._permit(type_, "create")
            manner = _manner(request)
            record = create(self.account, type_, await read_body(request), manner)
            return self._written(request, record, manner)
        self._permit(type_, "view")
        limit, offset = page(request.query_params)
        body = list_records(self.account, type_, request.query_params, limit, offset, self._href(request))
        return json_response(body, COLLECTION)

    async def one(self, request: Request) -> Response:
        type_ = self._type(request)
        verb = {"GET": "view", "PATCH": "edit", "PUT": "edit", "DELETE": "delete"}.get(request.method, "view")
        self._permit(type_, verb)
        _known_parameters(request)
        key = _key(request)
        if request.method == "PUT":
            return await self._put(request, type_, key)
        record = find(self.account, type_, key)
        if request.method == "PATCH":
            manner = _manner(request)
            body = await read_body(request)
            return self._written(request, update(self.account, record, body, manner), manner)
        if request.method == "DELETE":
            delete(self.account, record)
            return no_content()
        return self._shown(request, record)

    async def _put(self, request: Request, type_: str, key: str) -> Response:
        if not key.startswith("eid:"):
            raise bad_request("PUT is supported with an external id only (eid:).")
        self._permit(type_, "create")
        manner = _manner(request)
        record = upsert(self.account, type_, key[4:], await read_body(request), manner)
        return self._written(request, record, manner)

    async def sub(self, request: Request) -> Response:
        type_ = self._type(request)
        self._permit(type_, "view")
        record = find(self.account, type_, _key(request))
        parts = [part for part in request.path_params["rest"].split("/") if part]
        return json_response(sub_resource(self.account, record, parts, View(self._href(request))))

    async def catalogue(self, request: Request) -> Response:
        selected = [name for name in request.query_params.get("select", "").split(",") if name]
        for name in selected:
            _check_type(name)
        if "swagger+json" in request.headers.get("accept", ""):
            return json_response(openapi(self.account, selected or list(TYPES)), "application/swagger+json")
        return json_response(catalogue_list(selected or list(TYPES), self._href(request)))

    async def schema(self, request: Request) -> Response:
        type_ = self._type(request)
        if "schema+json" not in request.headers.get("accept", ""):
            return json_response(catalogue_list([type_], self._href(request))["items"][0])
        return json_response(record_schema(self.account, type_), "application/schema+json")

    async def limits(self, request: Request) -> Response:
        limit = self.account.options.concurrency_limit
        body = {
            "accountConcurrencyLimit": limit,
            "accountUnallocatedConcurrencyLimit": limit,
            "integrationConcurrencyLimit": limit,
            "integrationLimitType": "accountLimit",
        }
        return json_response(body)

    def _shown(self, request: Request, record: Record) -> Response:
        query = request.query_params
        view = View(
            self._href(request),
            expand_all=query.get("expandSubResources") == "true",
            expand=frozenset(filter(None, query.get("expand", "").split(","))),
            fields=tuple(filter(None, query["fields"].split(","))) if "fields" in query else None,
            simple_enums=query.get("simpleEnumFormat") == "true",
        )
        suffix = f"?{request.url.query}" if request.url.query else ""
        return json_response(record_json(self.account, record, view, suffix))

    def _written(self, request: Request, record: Record, manner: Manner) -> Response:
        location = f"{self._origin(request)}{RECORDS}/{record.type}/{record.id}"
        return no_content(location, manner.warnings)

    def _type(self, request: Request) -> str:
        return _check_type(request.path_params["type"])

    def _permit(self, type_: str, verb: str) -> None:
        if verb in self.account.options.forbidden.get(type_, ()):
            raise user_error("Your current role does not have permission to perform this action.")
        if verb != "view" and not TYPES[type_].writable:
            raise user_error("Your current role does not have permission to perform this action.")

    def _origin(self, request: Request) -> str:
        return f"{request.scope['scheme']}://{request.headers.get('host', '')}"

    def _href(self, request: Request) -> Any:
        base = f"{self._origin(request)}{RECORDS}/"
        return lambda place: base + place


def _check_type(name: str) -> str:
    if name not in TYPES:
        raise Refusal(404, "INVALID_REQUEST", f"Record type '{name}' does not exist.")
    return name


def _key(request: Request) -> str:
    key: str = request.path_params["key"]
    if key.startswith("eid:"):
        if not EXTERNAL_KEY.fullmatch(key):
            raise bad_request("An external id may hold letters, digits, _ and - only.")
    elif not key.lstrip("-").isdigit():
        raise nonexistent()
    return key


def _known_parameters(request: Request) -> None:
    for name in request.query_params:
        if name not in RECORD_PARAMETERS.get(request.method, set()):
            text = f"Invalid query parameter name: {name}."
            raise Refusal(400, "INVALID_PARAMETER", text, parameter=name)


def _manner(request: Request) -> Manner:
    names = request.headers.get(NAME_VALIDATION, "Warning").lower()
    if names not in ("error", "warning", "ignore"):
        raise Refusal(400, "INVALID_HEADER", "Invalid header value.", header="X-NetSuite-PropertyNameValidation")
    listed = [name.strip() for name in request.query_params.get("replace", "").split(",") if name.strip()]
    selected = request.query_params.get("replaceSelectedFields") == "true"
    return Manner(
        names=names,
        replace=frozenset(name.lower() for name in listed),
        selected=frozenset(listed) if selected else None,
    )


async def read_json(request: Request) -> Any:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("application/json", "application/vnd.oracle.resource+json"):
        raise Refusal(415, "INVALID_REQUEST", f"Unsupported Content-Type: {media_type or 'none'}.")
    try:
        return msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_request("malformed syntax.") from None


async def read_body(request: Request) -> dict[str, Any]:
    body = await read_json(request)
    if not isinstance(body, dict):
        raise bad_value("")
    return body
