"""The metadata catalogue: JSON Schema of one record type, OpenAPI of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .account import Account
from .catalogue import Field
from .choices import COUNTRIES
from .sublists import ADDRESS_FIELDS, LINE_FIELDS

PLAIN = {"boolean": "boolean", "number": "number", "integer": "integer"}
FORMATS = {
    "datetime": "date-time",
    "date": "date",
    "email": "email",
    "url": "URL",
    "integer": "int64",
    "number": "double",
}


def record_schema(account: Account, type_: str) -> dict[str, Any]:
    properties = {name: field_schema(field) for name, field in account.fields(type_).items()}
    return {
        "$schema": "http://json-schema.org/draft-06/hyper-schema#",
        "type": "object",
        "properties": {"links": {"type": "array", "title": "Links", "readOnly": True}, **properties},
        "x-ns-filterable": [name for name, field in account.fields(type_).items() if not field.kind.endswith("_list")],
    }


def field_schema(field: Field) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": field.title, "type": PLAIN.get(field.kind, "string"), "nullable": True}
    if field.kind in FORMATS:
        shape["format"] = FORMATS[field.kind]
    if field.kind in SHAPES:
        shape |= SHAPES[field.kind](field)
    if field.read_only:
        shape["readOnly"] = True
    if field.name.startswith("cust"):
        shape["x-ns-custom-field"] = True
    return shape


def _reference(field: Field) -> dict[str, Any]:
    texts = {"type": "string"}
    properties = {
        "id": {"title": "Internal identifier", **texts},
        "refName": {"title": "Reference Name", **texts},
    }
    return {
        "type": "object",
        "properties": properties,
        "x-ns-reference": f"/record/v1/metadata-catalog/{field.to}",
    }


def _enum(field: Field) -> dict[str, Any]:
    ids = list(field.choices or {})
    return {
        "type": "object",
        "properties": {"id": {"type": "string", "enum": ids}, "refName": {"type": "string"}},
    }


def _lines(properties: dict[str, Any]) -> dict[str, Any]:
    items = {"type": "array", "items": {"type": "object", "properties": properties}}
    return {"type": "object", "properties": {"items": items, "totalResults": {"type": "integer"}}}


def _address_book(field: Field) -> dict[str, Any]:
    address = {name: field_schema(part) for name, part in ADDRESS_FIELDS.items()}
    address["country"]["properties"]["id"]["enum"] = sorted(COUNTRIES)
    line = {name: field_schema(part) for name, part in LINE_FIELDS.items()}
    return _lines({"id": {"type": "string"}, **line, "addressBookAddress": {"type": "object", "properties": address}})


def _currency_list(field: Field) -> dict[str, Any]:
    return _lines({"currency": field_schema(Field("currency", "ref", to="currency"))})


def catalogue_list(types: list[str], href: Callable[[str], str]) -> dict[str, Any]:
    items = []
    for name in types:
        here = href(f"metadata-catalog/{name}")
        kinds = [
            ("canonical", None),
            ("describes", "application/schema+json"),
            ("describes", "application/swagger+json"),
        ]
        links = [{"rel": rel, "href": here, **({"mediaType": media} if media else {})} for rel, media in kinds]
        items.append({"name": name, "links": links})
    return {"links": [{"rel": "self", "href": href("metadata-catalog")}], "items": items}


def openapi(account: Account, types: list[str]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for name in types:
        answers = {"responses": {"default": {"description": "Error response."}}}
        paths[f"/{name}"] = dict.fromkeys(("get", "post"), answers)
        paths[f"/{name}/{{id}}"] = dict.fromkeys(("get", "patch", "put", "delete"), answers)
    schemas = {name: record_schema(account, name) for name in types}
    info = {"title": "NetSuite REST Record API", "version": "v1"}
    return {"openapi": "3.0.1", "info": info, "paths": paths, "components": {"schemas": schemas}}


SHAPES: dict[str, Callable[[Field], dict[str, Any]]] = {
    "ref": _reference,
    "enum": _enum,
    "address_book": _address_book,
    "currency_list": _currency_list,
}
