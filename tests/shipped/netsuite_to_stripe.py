"""What the tests of the flow from NetSuite to Stripe share."""

from __future__ import annotations

from typing import Any

from town import Town

FLOW = "netsuite-to-stripe"
ID_FIELD = "custentity_stripe_customer_id"
PORTAL_FIELD = "custentity_stripe_portal_url"


def company(id: str, **values: Any) -> dict[str, Any]:
    """A NetSuite customer of the first subsidiary."""
    return {"id": id, "companyName": f"Company {id}", "subsidiary": {"id": "1"}, **values}


def paris(label: str = "HQ", **address: str) -> dict[str, Any]:
    """An address book with one line that serves for both."""
    said = {"addr1": "1 rue de la Paix", "city": "Paris", "zip": "75002", "country": {"id": "FR"}, **address}
    line = {"label": label, "defaultBilling": True, "defaultShipping": True, "addressBookAddress": said}
    return {"items": [line]}


def settled(town: Town, *customers: dict[str, Any]) -> None:
    """NetSuite customers that the flow has brought to Stripe; what was written so far is forgotten."""
    town.seed("netsuite", customer=list(customers))
    town.sync(FLOW)
    assert not town.last or not town.last.refused
    town.requests("stripe")
    town.requests("netsuite")


def stripe_id(town: Town, id: str) -> str | None:
    """What the id field of a NetSuite customer holds."""
    found: str | None = town.record("netsuite", "customer", id).get(ID_FIELD)
    return found


def in_stripe(town: Town, id: str) -> dict[str, Any]:
    """The Stripe customer of a NetSuite customer."""
    return town.record("stripe", "customers", str(stripe_id(town, id)))


def delete_in_stripe(town: Town, id: str) -> None:
    """Somebody deletes a customer in the dashboard, a second later."""
    town.advance(1)
    headers = {"Authorization": f"Bearer {town.running.settings['stripe']['api_key']}"}
    answer = town.session.delete(f"{town.running.urls['stripe']}/v1/customers/{id}", headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
