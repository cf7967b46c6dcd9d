"""What the tests of the two flows between NetSuite and Act-On share."""

from __future__ import annotations

from typing import Any

from town import Town

TO_ACTON, TO_NETSUITE = "netsuite-to-acton", "acton-to-netsuite"
OWN_COLUMNS = ("Account ID", "Owner", "Favourite color", "Open deals")
FIELDS = [
    {"name": "Account ID", "type": "TEXT"},
    {"name": "Owner", "type": "EMAIL"},
    {"name": "Push to CRM", "type": "BOOLEAN"},
]
SEGMENTS = [
    {"id": 101, "name": "NetSuite: all contacts"},
    {"id": 102, "name": "NetSuite: affiliated with leads"},
    {"id": 103, "name": "NetSuite: affiliated with prospects"},
    {"id": 104, "name": "NetSuite: affiliated with customers"},
    {"id": 105, "name": "Newsletter"},
]
BRICK: dict[str, Any] = {"id": "41", "companyName": "Brick SARL", "subsidiary": {"id": "1"}}
KIM: dict[str, Any] = {"id": "71", "firstName": "Kim", "lastName": "Brick", "email": "kim@brick.example"}


def furnish(town: Town) -> None:
    """Act-On's own columns and segments, as an integrator finds them."""
    town.seed("acton", fields=FIELDS, segments=SEGMENTS)


def contact(id: str = "71", **values: Any) -> dict[str, Any]:
    """A NetSuite contact with an address."""
    return {**KIM, "id": id, "entityId": f"Contact {id}", "subsidiary": {"id": "1"}, **values}


def person(number: int = 1, **values: Any) -> dict[str, Any]:
    """An Act-On contact; custom fields by the names of their columns."""
    return {
        "id": f"l-unified-contacts:{number}", "email": f"p{number}@x.example", "firstName": "Pat",
        "lastName": "Example", **values,
    }  # fmt: skip


def in_acton(town: Town, email: str = "kim@brick.example") -> dict[str, Any]:
    """The only contact of Act-On with an address, custom fields by their names."""
    names = {str(one["columnIndex"]): one["name"] for one in town.held("acton", "schema")}
    (found,) = [one for one in town.held("acton", "contact") if one["email"] == email]
    return {**found, "customFields": {names[key]: value for key, value in found["customFields"].items()}}


def in_netsuite(town: Town, email: str) -> dict[str, Any]:
    """The only NetSuite contact with an address."""
    (found,) = [one for one in town.held("netsuite", "contact") if one.get("email") == email]
    return found


def segments_of(town: Town, id: str) -> list[str]:
    """Names of the segments that hold a contact."""
    return [one["name"] for one in town.held("acton", "segment") if id in one["contacts"]]


def paired(town: Town, **values: Any) -> str:
    """Kim in both offices, linked and settled; the id in Act-On."""
    town.seed("netsuite", contact=[contact(**values)])
    town.sync(TO_ACTON)
    town.sync(TO_NETSUITE)
    return str(in_acton(town)["id"])
