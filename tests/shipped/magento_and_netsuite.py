"""What the tests of the flows between Magento and NetSuite share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from town import Town

from sandbox import serving

INWARD, OUTWARD, COMPANIES = "magento-to-netsuite", "netsuite-to-magento", "magento-company-to-netsuite"
SYSTEMS = ["stripe", "netsuite", "magento"]

HOME: dict[str, Any] = {
    "id": 7, "firstname": "Kim", "lastname": "Brick", "street": ["3 rue Haute", "Hall B"], "city": "Lyon",
    "postcode": "69001", "country_id": "FR", "telephone": "+33400000000", "default_billing": True,
    "default_shipping": True,
}  # fmt: skip
WORK: dict[str, Any] = {
    "id": 8, "firstname": "Kim", "lastname": "Brick", "company": "Brick SARL", "street": ["9 quai Bas"],
    "city": "Lyon", "postcode": "69002", "country_id": "FR", "telephone": "+33400000001",
}  # fmt: skip
KIM: dict[str, Any] = {
    "id": 41, "email": "Kim@Brick.example", "firstname": "Kim", "lastname": "Brick", "group_id": 1,
    "created_at": "2026-01-02 03:04:05", "addresses": [HOME, WORK],
}  # fmt: skip


@pytest.fixture(scope="session")
def running() -> Iterator[serving.Running]:
    """The systems that these flows join, in a sandbox of their own."""
    with serving.start(SYSTEMS, control=True) as running:
        yield running


def shopper(id: int = 41, **values: Any) -> dict[str, Any]:
    """A customer of the shop like Kim; `custom` and `extension` attributes as maps."""
    custom, extension = values.pop("custom", {}), values.pop("extension", {})
    base = KIM if id == 41 else {**KIM, "addresses": []}
    return {**base, "id": id, "custom_attributes": custom, "extension_attributes": extension, **values}


def client(id: str = "501", **values: Any) -> dict[str, Any]:
    """A NetSuite customer, a person."""
    return {
        "id": id, "isPerson": True, "firstName": "Kim", "lastName": "Brick", "email": "kim@brick.example",
        "entityId": f"Kim Brick {id}", "subsidiary": {"id": "1"}, **values,
    }  # fmt: skip


def both(town: Town, times: int = 1) -> None:
    """Both directions, one after the other."""
    for _ in range(times):
        town.sync(INWARD)
        town.sync(OUTWARD)


def lines(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The address book of a NetSuite customer by label."""
    return {one["label"]: one for one in record["addressBook"]["items"]}


def in_shop(town: Town, id: int = 41) -> dict[str, Any]:
    """The shop's customer with an id."""
    (found,) = [one for one in town.held("magento", "customers") if one["id"] == id]
    return found


def by_email(town: Town, kind: str = "customer") -> dict[str, dict[str, Any]]:
    """NetSuite's customers by email."""
    return {one["email"]: one for one in town.held("netsuite", kind)}


def consent(record: dict[str, Any], name: str = "custentity_email_consent") -> dict[str, Any]:
    """A consent of a NetSuite customer, as it is written there."""
    found: dict[str, Any] = json.loads(record[name])
    return found


def edit_shop(town: Town, id: int = 41, **values: Any) -> None:
    """Somebody changes an account in the shop, a minute later."""
    town.advance(60)
    town.set("magento", edit={"customer": {str(id): values}})


def at_rest(town: Town) -> bool:
    """True when another full round in both directions writes nothing anywhere."""
    town.requests("magento"), town.requests("netsuite")
    for flow in (INWARD, OUTWARD):
        town.sync(flow, full=True)
    return town.writes("magento") == [] == town.writes("netsuite")
